/* match and cycles. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "io/write.h"

static struct result *per_type_object(const struct match_type *t)
{
    struct result *object = result_new(NULL, RESULT_RECORD);
    result_int(object, "type", t->type);
    result_int(object, "n", t->n);
    result_real(object, "sum_sq", "", t->sum_sq);
    result_real(object, "d", "", t->d);
    result_real(object, "r0", "", t->r0);
    result_real(object, "d_over_r0", "", t->n > 0 ? t->d / t->r0 : NAN);
    if (t->exchanged >= 0)
        result_int(object, "exchanged", t->exchanged);
    else
        result_null(object, "exchanged");
    return object;
}

static void add_labelled(struct result *result, const struct match *m, const char *length_unit)
{
    if (!m->labelled) {
        static const char *const keys[] = {"rmsd", "rmsd_unwrapped"};
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
            result_null(result, keys[k]);
        return;
    }
    result_real(result, "rmsd", length_unit, m->rmsd);
    result_real(result, "rmsd_unwrapped", length_unit, m->rmsd_unwrapped);
}

static void add_exchange(struct result *result, const struct match *m, const char *length_unit)
{
    if (m->labelled)
        result_int(result, "exchanged", m->exchanged);
    else
        result_null(result, "exchanged");
    result_int(result, "exchanged_type", m->exchanged_type);
    result_real(result, "max_u", length_unit, m->max_u);
    if (m->labelled) {
        result_real(result, "jump_fraction", "", m->jump_fraction);
        result_reals(result, "drift", length_unit, m->drift, 3);
    } else {
        result_null(result, "jump_fraction");
        result_null(result, "drift");
    }
    result_empty_list(result, "per_type");
    for (int k = 0; k < m->n_types; k++)
        result_append(result, "per_type", per_type_object(&m->per_type[k]));
    if (!m->labelled) {
        result_null(result, "cycles");
        return;
    }
    struct result *cycles = result_new(NULL, RESULT_RECORD);
    result_int(cycles, "fixed", m->fixed);
    result_int(cycles, "count", m->n_cycles);
    result_int(cycles, "longest", m->longest);
    result_object(result, "cycles", cycles);
}

/* What align= and eps= add; null where they were not asked for. */
static void add_asked(struct result *result, const struct match_request *request, const struct match *m, const char *length_unit)
{
    if (request->align) {
        struct result *align = result_new(NULL, RESULT_RECORD);
        result_reals(align, "shift", length_unit, m->shift, 3);
        result_int(align, "steps", m->align_steps);
        result_bool(align, "converged", m->aligned);
        result_object(result, "align", align);
    } else {
        result_null(result, "align");
    }
    if (request->alternatives) {
        result_real(result, "eps", "", request->eps);
        result_int(result, "degenerate", m->degenerate);
        result_int(result, "ties", m->ties);
        return;
    }
    static const char *const keys[] = {"eps", "degenerate", "ties"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        result_null(result, keys[k]);
}

static struct result *phase_object(const struct match_phases *problem, const char *name, double seconds)
{
    struct result *object = result_new(NULL, RESULT_RECORD);
    if (problem->type > 0)
        result_int(object, "type", problem->type);
    else
        result_null(object, "type");
    result_text(object, "phase", name);
    result_real(object, "seconds", "s", seconds);
    return object;
}

/* What phases=on adds: what each problem took, in the order in which it was done; null where it was not asked for. */
static void add_phases(struct result *result, const struct match *m, bool asked)
{
    if (!asked) {
        result_null(result, "phases");
        return;
    }
    result_empty_list(result, "phases");
    for (int k = 0; k < m->n_phases; k++) {
        const isd_assign_report *solve = &m->phases[k].solve;
        for (int p = 0; p < solve->n_phases; p++) {
            const isd_assign_phase *phase = &solve->phase[p];
            struct result *object = phase_object(&m->phases[k], phase->name, phase->seconds);
            result_real(object, "rows", "", phase->rows);
            result_real(object, "bids", "", phase->bids);
            result_real(object, "scans", "", phase->scans);
            result_real(object, "edges", "", phase->edges);
            result_append(result, "phases", object);
        }
        struct result *proof = phase_object(&m->phases[k], "certificate", m->phases[k].certificate);
        static const char *const keys[] = {"rows", "bids", "scans", "edges"};
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            result_null(proof, keys[i]);
        result_append(result, "phases", proof);
    }
}

static void mark_match(struct result *result, const struct match_request *request, const struct match *m, int unconverged)
{
    int a = request->a, b = request->b;
    if (!m->certified)
        result_mark(result, "match %d:%d is not certified: gap %.3g is beyond the rounding bound %.3g", a, b, m->gap_abs, m->bound);
    else if (unconverged > 0)
        result_mark(result, "match %d:%d uses %d structure%s that did not converge", a, b, unconverged, unconverged == 1 ? "" : "s");
    else if (request->align && !m->aligned)
        result_mark(result, "match %d:%d: the shift still moves after %d steps", a, b, m->align_steps);
}

static enum ask give_match(struct session *session, const struct match_request *request, const struct match *m,
                           const struct match *other, int unconverged, const struct command_sink *sink, isd_error *err)
{
    const char *length_unit = session_length_unit(session);
    double scale = fmax(m->sum_sq, 1e-6 * m->n * m->r0 * m->r0);
    struct result *result = result_new("match", RESULT_RECORD);
    give_pair(session, result, request); /* first what is looked for first */
    result_int(result, "n", m->n);
    result_real(result, "d_min", length_unit, m->d_min);
    add_labelled(result, m, length_unit);
    result_real(result, "sum_sq", "", m->sum_sq);
    result_real(result, "dual", "", m->dual);
    result_real(result, "gap_abs", "", m->gap_abs);
    result_real(result, "gap", "", scale > 0 ? m->gap_abs / scale : 0);
    result_bool(result, "certified", m->certified);
    if (other)
        result_real(result, "d_min_other", length_unit, other->d_min);
    else
        result_null(result, "d_min_other");
    add_exchange(result, m, length_unit);
    give_chosen(result, request, m);
    add_asked(result, request, m, length_unit);
    result_int(result, "unconverged", unconverged);
    result_real(result, "seconds", "s", m->seconds);
    result_real(result, "edges_per_atom", "", m->edges_per_atom);
    add_phases(result, m, request->phases);
    mark_match(result, request, m, unconverged);
    return give(sink, result, err);
}

/* Every column of `write=`: reals u_lab ulx uly ulz u_mat umx umy umz, whole numbers partner cycle. */
struct match_columns {
    double *reals;  /* [8 n] */
    int64_t *ints;  /* [2 n] */
};

static bool fill_match_columns(const struct match *m, struct match_columns *c)
{
    size_t n = (size_t)m->n, room = n > 0 ? n : 1;
    c->reals = malloc(8 * room * sizeof *c->reals);
    c->ints = malloc(2 * room * sizeof *c->ints);
    if (!c->reals || !c->ints)
        return false;
    for (size_t i = 0; i < n; i++) {
        c->reals[i] = m->u_lab ? m->u_lab[i] : 0;
        c->reals[4 * n + i] = m->u_mat[i];
        for (size_t x = 0; x < 3; x++) {
            c->reals[(1 + x) * n + i] = m->vec_lab ? m->vec_lab[3 * i + x] : 0;
            c->reals[(5 + x) * n + i] = m->vec_mat[3 * i + x];
        }
        c->ints[i] = m->b->id[m->partner[i]];
        c->ints[n + i] = m->cycle ? m->cycle[i] : 0;
    }
    return true;
}

/* A dump of A for OVITO, with what the matching says of each atom. Labelled columns only where there are labels. */
static isd_status write_match(const struct match *m, const char *path, isd_error *err)
{
    static const char *const names[] = {"u_lab", "ulx", "uly", "ulz", "u_mat", "umx", "umy", "umz"};
    struct match_columns c = {0};
    struct frame_writer *writer = NULL;
    size_t n = (size_t)m->n;
    int count = 0;
    struct dump_column columns[10];
    isd_status status = fill_match_columns(m, &c) ? frame_writer_new(path, &writer, err) : isd_error_memory(err);
    for (size_t k = m->labelled ? 0 : 4; k < 8; k++)
        columns[count++] = (struct dump_column){.name = names[k], .reals = c.reals + k * n};
    columns[count++] = (struct dump_column){.name = "partner", .ints = c.ints};
    if (m->labelled)
        columns[count++] = (struct dump_column){.name = "cycle", .ints = c.ints + n};
    if (status == ISD_OK)
        status = frame_writer_frame(writer, m->a, columns, count, err);
    if (status == ISD_OK)
        status = frame_writer_close(writer, err);
    else
        frame_writer_abandon(writer);
    free(c.reals);
    free(c.ints);
    return status;
}

enum ask run_match(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t a = 0, b = 0;
    if (call_pair(session, call_word(call, 0), &a, &b, err) != ISD_OK)
        return ASK_FAILED;
    struct match_request request;
    request_from_call(session, call, a, b, &request);
    if (readings_from_call(session, call, &request, err) != ISD_OK || check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    const char *path = call_option(call, "write");
    struct match_request turned = request;
    request.phases = call_is(call, "phases", "on");
    turned.blind = !request.blind;
    turned.numbers = true;
    request.numbers = !path;
    const struct match *asked = NULL, *other = NULL;
    int unconverged = 0, again = 0;
    enum ask first = session_match(session, &request, ASK_BATCH, &asked, &unconverged, err);
    if (first == ASK_FAILED)
        return first;
    /* Species counts that differ rule out the resolved reading, not the blind one asked for. */
    isd_error other_err = {.status = ISD_OK};
    enum ask second = ASK_FAILED; /* the script knows one reading alone */
    if (!request.like_script)
        second = session_match(session, &turned, ASK_BATCH, &other, &again, &other_err);
    if (first == ASK_PENDING || second == ASK_PENDING)
        return ASK_PENDING;
    if (other_err.status == ISD_MEMORY) { /* a number that is left out must not look like one that does not exist */
        *err = other_err;
        return ASK_FAILED;
    }
    if (path && write_match(asked, path, err) != ISD_OK)
        return ASK_FAILED;
    return give_match(session, &request, asked, second == ASK_READY ? other : NULL, unconverged, sink, err);
}

enum ask run_cycles(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t a = 0, b = 0;
    if (call_pair(session, call_word(call, 0), &a, &b, err) != ISD_OK)
        return ASK_FAILED;
    struct match_request request;
    request_from_call(session, call, a, b, &request);
    const struct match *m = NULL;
    int unconverged = 0;
    if (readings_from_call(session, call, &request, err) != ISD_OK || check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    enum ask known = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    if (known != ASK_READY)
        return known;
    if (!m->labelled) {
        isd_error_set(err, ISD_DATA, "cycles need atoms with ids, the same ones in both frames");
        isd_error_hint(err, "cycles %d:%d ids=order    if the order in the file is the identity", (int)a, (int)b);
        return ASK_FAILED;
    }
    int32_t *next = NULL;
    struct cycle_stats stats;
    if (match_next(m, m->a, m->b, &next, err) != ISD_OK)
        return ASK_FAILED;
    bool cut = call_has(call, "cut");
    isd_status status = cycle_stats(next, m->u_mat, m->n, cut ? call_real(call, "cut", -1) : -1, &stats, err);
    free(next);
    if (status != ISD_OK)
        return ASK_FAILED;
    struct result *result = result_new("cycles", RESULT_RECORD);
    give_pair(session, result, &request);
    give_chosen(result, &request, m);
    result_object(result, "lengths", counts_object(stats.length_count, stats.longest, 2));
    result_int(result, "fixed", stats.fixed);
    result_int(result, "longest", stats.longest);
    if (cut) {
        result_object(result, "chains", counts_object(stats.chain_count, stats.longest_chain, 1));
        result_int(result, "longest_chain", stats.longest_chain);
    }
    result_int(result, "unconverged", unconverged);
    if (!m->certified || unconverged > 0)
        result_mark(result, "cycles %d:%d: %s", (int)a, (int)b,
                    m->certified ? "a structure did not converge" : "the matching is not certified");
    cycle_stats_done(&stats);
    return give(sink, result, err);
}
