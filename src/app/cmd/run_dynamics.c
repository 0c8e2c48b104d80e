/* msd, fs, overlap, alpha2, dynamics; sk; vanhove: how atoms move beside D_min. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/displacements.h"
#include "app/motion.h"

/* What each command shows; dynamics shows all. */
static const struct {
    const char *command, *column;
    size_t member;
} shown[] = {{"msd", "msd", offsetof(struct motion_value, msd)},         {"msd", "se_msd", offsetof(struct motion_value, se_msd)},
             {"msd", "msd_cage", offsetof(struct motion_value, msd_cage)}, {"msd", "se_msd_cage", offsetof(struct motion_value, se_msd_cage)},
             {"fs", "fs", offsetof(struct motion_value, fs)},            {"fs", "se_fs", offsetof(struct motion_value, se_fs)},
             {"overlap", "q", offsetof(struct motion_value, q)},         {"overlap", "se_q", offsetof(struct motion_value, se_q)},
             {"overlap", "chi4", offsetof(struct motion_value, chi4)},   {"alpha2", "alpha2", offsetof(struct motion_value, alpha2)},
             {"alpha2", "se_alpha2", offsetof(struct motion_value, se_alpha2)}};
enum { N_SHOWN = sizeof shown / sizeof shown[0] };

static double value_of(const struct motion_value *value, size_t member)
{
    double number;
    memcpy(&number, (const char *)value + member, sizeof number);
    return number;
}

/* Where F_s falls to 1/e, between two rows in log t; NaN where it does not. */
static double relaxation_time(const struct motion *motion, int type)
{
    for (int32_t k = 1; k < motion->n; k++) {
        double before = motion->row[k - 1].value[type].fs, now = motion->row[k].value[type].fs, level = exp(-1);
        if (before > level && now <= level)
            return exp(log(motion->row[k - 1].t) + (log(motion->row[k].t) - log(motion->row[k - 1].t)) * (before - level) / (before - now));
    }
    return NAN;
}

static isd_status add_columns(struct result *result, const struct session *session, const struct motion *motion, int type, const char *command,
                              isd_error *err)
{
    size_t n = (size_t)motion->n;
    double *column = malloc((n + 1) * sizeof *column);
    int64_t *pairs = malloc((n + 1) * sizeof *pairs);
    bool all = strcmp(command, "dynamics") == 0;
    if (!column || !pairs) {
        free(column);
        free(pairs);
        return isd_error_memory(err);
    }
    for (size_t k = 0; k < n; k++) {
        column[k] = motion->row[k].t;
        pairs[k] = motion->row[k].pairs;
    }
    result_reals(result, "t", session_time_unit(session), column, n);
    result_ints(result, "pairs", pairs, n);
    for (int c = 0; c < N_SHOWN; c++) {
        if (!all && strcmp(command, shown[c].command) != 0)
            continue;
        for (size_t k = 0; k < n; k++)
            column[k] = value_of(&motion->row[k].value[type], shown[c].member);
        result_reals(result, shown[c].column, "", column, n);
    }
    free(column);
    free(pairs);
    return ISD_OK;
}

static enum ask give_motion(struct session *session, const struct motion_request *request, const struct motion *motion, int type,
                            const char *command, const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new(command, RESULT_CURVES);
    bool all = strcmp(command, "dynamics") == 0;
    result_text(result, "type", type == 0 ? "all" : session_type_label(session, type));
    result_int(result, "atoms", motion->n > 0 ? motion->row[0].value[type].atoms : 0);
    result_text(result, "of", request->structure.is ? "is" : "raw");
    result_bool(result, "minimage", motion->minimage);
    if (all || strcmp(command, "fs") == 0) {
        result_real(result, "k", "", motion->k);
        result_real(result, "tau_alpha", session_time_unit(session), relaxation_time(motion, type));
    }
    if (all || strcmp(command, "overlap") == 0)
        result_real(result, "a", session_length_unit(session), motion->a);
    if (add_columns(result, session, motion, type, command, err) != ISD_OK) {
        result_free(result);
        return ASK_FAILED;
    }
    return give(sink, result, err);
}

enum ask run_dynamics(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct motion_request request = {.options = {.k = call_real(call, "k", NAN), .a = call_real(call, "a", NAN), .cage = call_real(call, "cage", 0)},
                                     .drift_remove = call_has(call, "drift") && call_is(call, "drift", "remove"),
                                     .origins = (int)call_count(call, "origins", 100),
                                     .tw = call_option(call, "tw")};
    const char *command = call_spec(call)->name, *wanted = call_option(call, "type");
    int only = wanted ? session_find_type(session, wanted) : -1;
    const struct motion *motion = NULL;
    structure_defaults(session, call_has(call, "of") && call_is(call, "of", "is"), &request.structure);
    if (wanted && only == 0) {
        isd_error_set(err, ISD_USAGE, "type=%s: there is no such type", wanted);
        isd_error_hint(err, "info    lists the types");
        return ASK_FAILED;
    }
    /* What is not shown need not be found. */
    if (strcmp(command, "dynamics") != 0 && strcmp(command, "fs") != 0)
        request.options.k = isnan(request.options.k) ? 0 : request.options.k;
    if (check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = session_motion(session, &request, &motion, err);
    if (answer == ASK_READY && motion->minimage)
        session_message(session, "displacements are the shortest ones: the files say neither images nor unwrapped positions");
    for (int type = 0; answer == ASK_READY && type <= motion->n_types; type++) {
        bool there = motion->row[0].value[type].atoms > 0 && !(type == 0 && motion->n_types < 2 && only < 0);
        if (there && (only < 0 || type == only))
            answer = give_motion(session, &request, motion, type, command, sink, err);
    }
    return answer;
}

enum ask run_sk(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t *frames = NULL, n = 0;
    const char *wanted = call_option(call, "type");
    int type = wanted ? session_find_type(session, wanted) : 0;
    struct structure structure;
    isd_box box;
    if (wanted && type == 0) {
        isd_error_set(err, ISD_USAGE, "type=%s: there is no such type", wanted);
        return ASK_FAILED;
    }
    if (call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    structure_defaults(session, call_has(call, "of") && call_is(call, "of", "is"), &structure);
    enum ask answer = check_can_quench(session, &structure, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    for (int pass = 0; pass < 2 && answer == ASK_READY; pass++) /* ask for all, then give all */
        for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
            const struct structure_factor *s = NULL;
            double height = NAN, k_max;
            if (session_frame_box(session, frames[k], &box, err) != ISD_OK) {
                answer = ASK_FAILED;
                break;
            }
            k_max = call_real(call, "kmax", 3 * 2 * M_PI / isd_box_spacing(&box, session_frame_info(session, frames[k])->n));
            enum ask one = session_structure_factor(session, frames[k], &structure, type, k_max, &s, err);
            if (one != ASK_READY)
                answer = one;
            if (pass == 0 || one != ASK_READY)
                continue;
            struct result *result = result_new("sk", RESULT_CURVES);
            result_int(result, "frame", frames[k]);
            result_text(result, "type", wanted ? session_type_label(session, type) : "all");
            result_text(result, "of", structure.is ? "is" : "raw");
            result_real(result, "peak", "", structure_factor_peak(s, &height));
            result_real(result, "peak_height", "", height);
            result_reals(result, "k", "", s->k, (size_t)s->n);
            result_reals(result, "s", "", s->s, (size_t)s->n);
            answer = give(sink, result, err);
        }
    free(frames);
    return answer;
}

/* Histograms to densities: p/(4 pi u^2) and counts over what an ideal gas has. */
static void add_densities(struct result *result, const struct session *session, const struct distinct_counts *d, const double *labelled)
{
    size_t n = (size_t)d->bins;
    double *r = malloc(3 * n * sizeof *r), *self = r + n, *distinct = r + 2 * n, width = d->max / d->bins;
    for (int k = 0; r && k < d->bins; k++) {
        double low = k * width, high = (k + 1) * width, centre = (k + 0.5) * width;
        double shell = d->dim == 2 ? M_PI * (high * high - low * low) : 4 * M_PI / 3 * (high * high * high - low * low * low);
        double surface = d->dim == 2 ? 2 * M_PI * centre : 4 * M_PI * centre * centre;
        r[k] = centre;
        self[k] = labelled[k] / surface;
        distinct[k] = d->counts[k] * d->volume / (d->pairs * shell);
    }
    result_reals(result, "r", session_length_unit(session), r, r ? n : 0);
    result_reals(result, "gs", "", self, r ? n : 0);
    result_reals(result, "gd", "", distinct, r ? n : 0);
    free(r);
}

enum ask run_van_hove(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t a = 0, b = 0;
    struct match_request request;
    const struct distinct_counts *d = NULL;
    const struct match *m = NULL;
    int unconverged = 0, bins = (int)call_count(call, "bins", 100);
    const char *wanted = call_option(call, "type");
    int type = wanted ? session_find_type(session, wanted) : 0;
    if (wanted && type == 0) {
        isd_error_set(err, ISD_USAGE, "type=%s: there is no such type", wanted);
        return ASK_FAILED;
    }
    if (call_pair(session, call_word(call, 0), &a, &b, err) != ISD_OK)
        return ASK_FAILED;
    request_from_call(session, call, a, b, &request);
    structure_defaults(session, call_has(call, "of") && call_is(call, "of", "is"), &request.structure);
    if (check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    enum ask first = session_distinct(session, a, b, &request.structure, type, type, bins, call_real(call, "max", NAN), &d, err);
    enum ask second = first == ASK_FAILED ? first : session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    if (first != ASK_READY || second != ASK_READY)
        return second == ASK_FAILED ? second : ASK_PENDING;
    double *labelled = calloc((size_t)d->bins, sizeof *labelled), atoms = 0;
    if (!labelled) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    pu_count(m->u_lab, m->a->type, m->n, type, d->bins, d->max, labelled);
    for (int32_t i = 0; i < m->n; i++)
        atoms += type == 0 || m->a->type[i] == type;
    for (int k = 0; k < d->bins; k++)
        labelled[k] /= atoms * d->max / d->bins;
    struct result *result = result_new("vanhove", RESULT_CURVES);
    result_int(result, "from", a);
    result_int(result, "to", b);
    result_real(result, "t", session_time_unit(session), session_tw(session, a, b));
    result_text(result, "type", wanted ? session_type_label(session, type) : "all");
    result_text(result, "of", request.structure.is ? "is" : "raw");
    add_densities(result, session, d, labelled);
    free(labelled);
    return give(sink, result, err);
}
