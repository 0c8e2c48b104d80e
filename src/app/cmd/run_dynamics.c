/* msd, fs, overlap, alpha2, jumps, dynamics: how atoms move beside D_min. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/motion.h"

/* Which command asks for what; dynamics shows all but strings. */
enum { MSD = 1, FS = 2, OVERLAP = 4, ALPHA2 = 8, JUMPS = 16, STRINGS = 32 };

static const struct {
    const char *command;
    unsigned parts;
} asked[] = {{"msd", MSD}, {"fs", FS}, {"overlap", OVERLAP}, {"alpha2", ALPHA2}, {"jumps", JUMPS | STRINGS}, {"dynamics", 31}};

static unsigned parts_of(const char *command)
{
    for (size_t k = 0; k < sizeof asked / sizeof asked[0]; k++)
        if (strcmp(asked[k].command, command) == 0)
            return asked[k].parts;
    return 0;
}

#define COLUMN(part, column, member, close) {part, column, offsetof(struct motion_value, member), close}
static const struct {
    unsigned part;
    const char *name;
    size_t member;
    bool close; /* of the pairs looked at closely, if there are any */
} columns[] = {
    COLUMN(MSD, "msd", msd, false), COLUMN(MSD, "se_msd", se_msd, false),
    COLUMN(MSD, "msd_cage", msd_cage, true), COLUMN(MSD, "se_msd_cage", se_msd_cage, true),
    COLUMN(FS, "fs", fs, false), COLUMN(FS, "se_fs", se_fs, false),
    COLUMN(OVERLAP, "q", q, false), COLUMN(OVERLAP, "se_q", se_q, false),
    COLUMN(OVERLAP, "chi4", chi4, false), COLUMN(OVERLAP, "se_chi4", se_chi4, false),
    COLUMN(ALPHA2, "alpha2", alpha2, false), COLUMN(ALPHA2, "se_alpha2", se_alpha2, false),
    COLUMN(JUMPS, "jump_fraction", jump, false), COLUMN(JUMPS, "se_jump_fraction", se_jump, false),
    COLUMN(STRINGS, "string_mean", string_mean, true), COLUMN(STRINGS, "se_string_mean", se_string_mean, true),
    COLUMN(STRINGS, "string_longest", string_longest, true),
};

static double value_of(const struct motion_value *value, size_t member)
{
    double number;
    memcpy(&number, (const char *)value + member, sizeof number);
    return number;
}

static isd_status add_columns(struct result *result, const struct session *session, const struct motion *motion, int type, unsigned parts,
                              isd_error *err)
{
    size_t n = (size_t)motion->n;
    double *column = malloc((n + 1) * sizeof *column);
    int64_t *pairs = malloc(2 * (n + 1) * sizeof *pairs), *close_pairs = pairs ? pairs + n + 1 : NULL;
    bool close = (parts & STRINGS) || ((parts & MSD) && motion->cage > 0);
    char square[24];
    snprintf(square, sizeof square, "%s^2", session_length_unit(session));
    if (!column || !pairs) {
        free(column);
        free(pairs);
        return isd_error_memory(err);
    }
    for (size_t k = 0; k < n; k++) {
        column[k] = motion->row[k].t;
        pairs[k] = motion->row[k].pairs;
        close_pairs[k] = motion->row[k].close_pairs;
    }
    result_reals(result, "t", session_time_unit(session), column, n);
    result_ints(result, "pairs", pairs, n);
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        if (!(parts & columns[c].part) || (columns[c].close && !close))
            continue;
        for (size_t k = 0; k < n; k++)
            column[k] = value_of(&motion->row[k].value[type], columns[c].member);
        result_reals(result, columns[c].name, columns[c].part == MSD ? square : "", column, n);
    }
    if (close)
        result_ints(result, "pairs_close", close_pairs, n);
    free(column);
    free(pairs);
    return ISD_OK;
}

static void add_relaxation(struct result *result, const struct session *session, const struct motion *motion, int type)
{
    struct relaxation relaxation = motion_relaxation(motion, type);
    const char *unit = session_time_unit(session);
    result_real(result, "k", "", motion->k);
    result_real(result, "tau_alpha", unit, relaxation.tau);
    result_real(result, "se_tau_alpha", unit, relaxation.se);
    result_real(result, "tau_alpha_above", unit, relaxation.above);
    result_real(result, "tau_alpha_below", unit, relaxation.below);
}

static enum ask give_motion(struct session *session, const struct motion_request *request, const struct motion *motion, int type,
                            const char *command, const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new(command, RESULT_CURVES);
    result_fold(result, 2);
    unsigned parts = parts_of(command);
    const char *length = session_length_unit(session);
    result_text(result, "type", type == 0 ? "all" : session_type_label(session, type));
    result_int(result, "atoms", motion->n > 0 ? motion->row[0].value[type].atoms : 0);
    result_text(result, "of", request->structure.is ? "is" : "raw");
    result_text(result, "unwrapped", motion->unwrapping == UNWRAP_FILE ? "file" : "nearest");
    if (parts & FS)
        add_relaxation(result, session, motion, type);
    if (parts & OVERLAP)
        result_real(result, "a", length, motion->a);
    if (parts & JUMPS)
        result_real(result, "jump", length, motion->jump);
    if (parts & MSD)
        result_real(result, "cage", length, motion->cage > 0 ? motion->cage : NAN);
    if (parts & STRINGS) {
        result_real(result, "share", "", request->share);
        result_real(result, "delta", length, motion->delta);
    }
    if (add_columns(result, session, motion, type, parts, err) != ISD_OK) {
        result_free(result);
        return ASK_FAILED;
    }
    return give(sink, result, err);
}

/* What numbers alone do not say. */
static void tell(struct session *session, const struct motion *motion, unsigned parts)
{
    struct relaxation relaxation = motion_relaxation(motion, 0);
    if (motion->unwrapping == UNWRAP_NEAREST)
        session_message(session, "atoms are followed from frame to frame, each to its nearest image: at most %.2g of the cell in a step",
                        motion->farthest);
    if (!(parts & FS))
        return;
    if (isfinite(relaxation.above))
        session_message(session, "F_s stays above 1/e: tau_alpha is longer than %g %s", relaxation.above, session_time_unit(session));
    if (isfinite(relaxation.below))
        session_message(session, "F_s is below 1/e from the first time on: tau_alpha is shorter than %g %s", relaxation.below,
                        session_time_unit(session));
}

/* What is not shown need not be found. */
static void request_from_motion_call(struct session *session, const struct command_call *call, struct motion_request *request)
{
    unsigned parts = parts_of(call_spec(call)->name);
    motion_request_defaults(session, request);
    structure_from_call(session, call, &request->structure);
    request->k = parts & FS ? call_real(call, "k", NAN) : 0;
    request->a = call_real(call, "a", NAN);
    request->jump = call_real(call, "jump", NAN);
    request->cage = parts & MSD ? call_real(call, "cage", NAN) : 0;
    request->strings = parts & STRINGS;
    request->share = call_real(call, "share", request->share);
    request->delta = call_real(call, "delta", NAN);
    request->drift_remove = call_is(call, "drift", "remove");
    request->order_is_id = call_is(call, "ids", "order");
    request->nearest = call_is(call, "unwrap", "nearest");
    request->by_file = call_has(call, "unwrap") && !request->nearest;
    request->origins = (int)call_count(call, "origins", 0);
    request->tw = call_option(call, "tw");
}

enum ask run_dynamics(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct motion_request request;
    const char *command = call_spec(call)->name;
    const struct motion *motion = NULL;
    int only = 0;
    request_from_motion_call(session, call, &request);
    if (type_from_call(session, call, &only, err) != ISD_OK || check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = session_motion(session, &request, &motion, err);
    if (answer == ASK_READY)
        tell(session, motion, parts_of(command));
    for (int type = 0; answer == ASK_READY && type <= motion->n_types; type++) {
        bool there = motion->row[0].value[type].atoms > 0, wanted = only > 0 ? type == only : type > 0 || motion->n_types > 1;
        if (there && wanted)
            answer = give_motion(session, &request, motion, type, command, sink, err);
    }
    return answer;
}
