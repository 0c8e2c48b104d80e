/* fidelity: the minima that different methods find. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"

enum { MOST_METHODS = 16 };

#define SAME 1e-3 /* of r0: nearer minima are one */

struct methods {
    const char *name[MOST_METHODS]; /* of isd_quench_method */
    int n;
};

static isd_status add_method(struct methods *methods, const char *word, size_t length, isd_error *err)
{
    for (int k = 0; isd_quench_method(k); k++) {
        const char *name = isd_quench_method(k);
        if (strlen(name) != length || memcmp(name, word, length) != 0)
            continue;
        for (int m = 0; m < methods->n; m++)
            if (methods->name[m] == name)
                return isd_error_set(err, ISD_USAGE, "methods= names %s twice", name);
        methods->name[methods->n++] = name;
        return ISD_OK;
    }
    isd_error_set(err, ISD_USAGE, "methods=: '%.*s' is no minimiser", (int)(length < 40 ? length : 40), word);
    isd_error_hint(err, "methods=lbfgs,cg,fire,quickmin,sd");
    return ISD_USAGE;
}

static isd_status read_methods(const char *list, struct methods *ret_methods, isd_error *err)
{
    struct methods methods = {.n = 0};
    for (int k = 0; !list && isd_quench_method(k); k++)
        methods.name[methods.n++] = isd_quench_method(k);
    for (const char *word = list; word;) {
        const size_t length = strcspn(word, ",");
        const isd_status status = add_method(&methods, word, length, err);
        if (status)
            return status;
        word = word[length] ? word + length + 1 : NULL;
    }
    if (methods.n < 2) {
        isd_error_set(err, ISD_USAGE, "methods= names one minimiser, and there is nothing to compare it with");
        isd_error_hint(err, "methods=%s,%s", methods.name[0], strcmp(methods.name[0], "sd") == 0 ? "lbfgs" : "sd");
        return ISD_USAGE;
    }
    *ret_methods = methods;
    return ISD_OK;
}

/* What one frame shows. */
struct comparison {
    const struct quenched *quenched[MOST_METHODS];
    const struct match *match[MOST_METHODS][MOST_METHODS]; /* a < b */
};

static enum ask compare(struct session *session, int32_t frame, const struct methods *methods,
                        const isd_quench_options *settings, struct comparison *ret_comparison, isd_error *err)
{
    enum ask answer = ASK_READY;
    for (int a = 0; a < methods->n; a++) {
        isd_quench_options first = *settings, second = *settings;
        first.method = methods->name[a];
        enum ask one = session_quench(session, frame, &first, ASK_BATCH, &ret_comparison->quenched[a], err);
        if (one == ASK_FAILED)
            return one;
        answer = one == ASK_READY ? answer : one;
        for (int b = a + 1; b < methods->n; b++) {
            second.method = methods->name[b];
            one = session_fidelity(session, frame, &first, &second, ASK_BATCH, &ret_comparison->match[a][b], err);
            if (one == ASK_FAILED)
                return one;
            answer = one == ASK_READY ? answer : one;
        }
    }
    return answer;
}

/* Over all frames and pairs of methods. */
struct tally {
    double sum_sq;
    long pairs, same;
};

static enum ask give_comparison(struct session *session, int32_t frame, const struct methods *methods,
                                const struct comparison *c, struct tally *tally, const struct command_sink *sink,
                                isd_error *err)
{
    const size_t n = (size_t)methods->n;
    double energies[MOST_METHODS], d[MOST_METHODS * MOST_METHODS] = {0};
    int64_t evaluations[MOST_METHODS];
    bool converged[MOST_METHODS], same[MOST_METHODS * MOST_METHODS];
    int32_t atoms = session_frame_info(session, frame)->n;
    int unconverged = 0;
    double limit = NAN;
    bool certified = true;
    for (size_t a = 0; a < n; a++) {
        const struct quenched *q = c->quenched[a];
        energies[a] = q->result.energy / (atoms > 0 ? atoms : 1);
        evaluations[a] = q->result.evaluations;
        converged[a] = q->result.converged;
        unconverged += !q->result.converged;
        same[a * n + a] = true;
        for (size_t b = a + 1; b < n; b++) {
            const struct match *m = c->match[a][b];
            d[a * n + b] = d[b * n + a] = m->d_min;
            limit = SAME * m->r0;
            same[a * n + b] = same[b * n + a] = m->d_min < SAME * m->r0;
            tally->sum_sq += m->d_min * m->d_min;
            tally->same += same[a * n + b];
            tally->pairs++;
            certified = certified && m->certified;
        }
    }
    struct result *result = result_new("fidelity", RESULT_MATRIX);
    result_int(result, "frame", frame);
    result_texts(result, "methods", methods->name, n);
    result_reals(result, "energies", strcmp(session_units(session), "metal") == 0 ? "eV/atom" : "epsilon/atom", energies, n);
    result_reals(result, "d", session_length_unit(session), d, n * n);
    result_bools(result, "same", same, n * n);
    result_real(result, "same_below", session_length_unit(session), limit);
    result_ints(result, "evaluations", evaluations, n);
    result_bools(result, "converged", converged, n);
    if (!certified)
        result_mark(result, "frame %d: a matching is not certified", (int)frame);
    else if (unconverged > 0)
        result_mark(result, "frame %d: %d of %d quenches did not converge", (int)frame, unconverged, methods->n);
    return give(sink, result, err);
}

enum ask run_fidelity(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct methods methods;
    struct structure structure;
    int32_t *frames = NULL, n = 0;
    structure_defaults(session, true, &structure);
    if (read_methods(call_option(call, "methods"), &methods, err) != ISD_OK ||
        check_has_potential(session, err) != ISD_OK || call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    struct comparison *found = calloc((size_t)n, sizeof *found);
    enum ask answer = ASK_READY;
    if (!found) {
        isd_error_memory(err);
        answer = ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        const enum ask one = compare(session, frames[k], &methods, &structure.quench, &found[k], err);
        answer = one == ASK_READY ? answer : one;
    }
    struct tally tally = {0};
    for (int32_t k = 0; k < n && answer == ASK_READY; k++)
        answer = give_comparison(session, frames[k], &methods, &found[k], &tally, sink, err);
    if (answer == ASK_READY && tally.pairs > 0)
        session_message(session, "%ld of %ld pairs of minima are the same; the method puts a noise of %.3g %s (rms) under D_min",
                        tally.same, tally.pairs, sqrt(tally.sum_sq / (double)tally.pairs), session_length_unit(session));
    free(found);
    free(frames);
    return answer;
}
