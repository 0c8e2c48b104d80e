/* series: averages over the pairs at each t_w. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/average.h"
#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/waiting.h"

/* named: the set is said, with its state. */
static enum ask give_row(struct session *session, const struct match_request *wanted, const struct average *row, bool overlapping, bool named,
                         const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_length_unit(session);
    double mean[AVERAGE_COLUMNS];
    for (int k = 0; k < AVERAGE_COLUMNS; k++)
        mean[k] = series_mean(row->x[k], row->n);
    struct result *result = result_new("series", RESULT_RECORD);
    if (named) {
        double T, p, t_w;
        int set = session_current_set(session);
        session_set_state(session, set, &T, &p, &t_w);
        result_text(result, "set", session_set_name(session, set));
        result_real(result, "T", "", T);
        result_real(result, "p", "", p);
    }
    result_real(result, "t_w", session_time_unit(session), row->tw);
    result_int(result, "pairs", row->n);
    result_text(result, "of", wanted->structure.is ? "is" : "raw");
    result_text(result, "species", wanted->blind ? "blind" : "resolved");
    give_wanted(result, wanted);
    result_real(result, "d_min", unit, mean[D_MIN]);
    result_real(result, "d_min_sd", unit, row->n > 1 ? series_sd(row->x[D_MIN], row->n) : NAN);
    result_real(result, "d_min_se", unit, series_se(row->x[D_MIN], row->pairs, row->n, overlapping));
    result_real(result, "d_min_rms", unit, series_rms(row->x[D_MIN], row->n));
    result_real(result, "d_min_blind", unit, mean[D_BLIND]);
    result_real(result, "d_direct", unit, mean[D_DIRECT]);
    result_real(result, "rmsd", unit, mean[RMSD]);
    result_real(result, "rmsd_is", unit, mean[RMSD_IS]);
    result_bool(result, "rmsd_minimage", row->minimage);
    result_real(result, "jump_fraction", "", mean[JUMP]);
    result_real(result, "jump_fraction_raw", "", mean[JUMP_RAW]);
    result_int(result, "unconverged", row->unconverged);
    result_fold(result, named ? 4 : 1);
    char which[40] = "of neighbouring frames"; /* their t_w may differ */
    if (!isnan(row->tw))
        snprintf(which, sizeof which, "t_w %g", row->tw);
    if (!row->certified)
        result_mark(result, "series %s: a matching is not certified", which);
    else if (row->unconverged > 0)
        result_mark(result, "series %s: %d structures did not converge", which, row->unconverged);
    return give(sink, result, err);
}

/* The script's one row: each frame of the set with the next, whatever their times. */
static isd_status make_script_row(struct session *session, struct average **ret_rows, int32_t *ret_n, isd_error *err)
{
    int32_t n = session_frame_count(session) - 1;
    if (n < 1) {
        isd_error_set(err, ISD_DATA, "the set has no two frames");
        isd_error_hint(err, "open more frames");
        return ISD_DATA;
    }
    struct average *row = calloc(1, sizeof *row);
    struct frame_pair *pairs = malloc((size_t)n * sizeof *pairs);
    if (!row || !pairs) {
        free(row);
        free(pairs);
        return isd_error_memory(err);
    }
    row->pairs = pairs;
    row->n = n;
    row->tw = session_tw(session, 0, 1);
    for (int32_t k = 0; k < n; k++) {
        pairs[k] = (struct frame_pair){k, k + 1};
        if (!(fabs(session_tw(session, k, k + 1) - row->tw) <= 1e-9 * row->tw))
            row->tw = NAN;
    }
    *ret_rows = row;
    *ret_n = 1;
    return ISD_OK;
}

static isd_status make_rows(struct session *session, const struct command_call *call, bool overlapping, struct average **ret_rows,
                            int32_t *ret_n, isd_error *err)
{
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times(session, call_option(call, "tw"), &tw, &n, err);
    if (status != ISD_OK)
        return status;
    struct series_axis *axis = NULL;
    struct average *rows = calloc((size_t)n + 1, sizeof *rows);
    status = rows ? series_axis_new(session_times(session), &axis, err) : isd_error_memory(err);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        rows[k].tw = tw[k];
        status = series_axis_pairs(axis, tw[k], overlapping, &rows[k].pairs, &rows[k].n, err);
        if (status == ISD_OK && rows[k].n == 0) {
            isd_error_set(err, ISD_DATA, "no two frames are t_w = %g apart", tw[k]);
            isd_error_hint(err, "info    lists the times of the frames");
            status = ISD_DATA;
        }
    }
    series_axis_free(axis);
    free(tw);
    if (status != ISD_OK) {
        for (int32_t k = 0; k < n && rows; k++)
            average_done(&rows[k]);
        free(rows);
        return status;
    }
    *ret_rows = rows;
    *ret_n = n;
    return ISD_OK;
}

/* Of the set in use. */
static enum ask series_of_set(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    bool overlapping = call_is(call, "pairs", "overlapping");
    struct match_request wanted;
    request_from_call(session, call, 0, 0, &wanted);
    struct average *rows = NULL;
    int32_t n = 0;
    if (readings_from_call(session, call, &wanted, err) != ISD_OK || check_can_quench(session, &wanted.structure, err) != ISD_OK)
        return ASK_FAILED;
    bool script_row = wanted.like_script && !call_has(call, "tw") && !overlapping;
    isd_status made = script_row ? make_script_row(session, &rows, &n, err) : make_rows(session, call, overlapping, &rows, &n, err);
    if (made != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = average_fill(session, &wanted, false, &rows[k], err);
        if (one != ASK_READY)
            answer = one;
    }
    for (int32_t k = 0; k < n && answer == ASK_READY; k++)
        answer = give_row(session, &wanted, &rows[k], overlapping, call_has(call, "set"), sink, err);
    for (int32_t k = 0; k < n; k++)
        average_done(&rows[k]);
    free(rows);
    return answer;
}

static void drop_result(void *arg, struct result *result)
{
    (void)arg;
    result_free(result);
}

/* set=all: nothing is shown before all is there, so that the jobs of all sets run side by side. */
static enum ask series_of_sets(struct session *session, const struct command_call *call, const char *wanted, const struct command_sink *sink,
                               isd_error *err)
{
    const struct command_sink nowhere = {.result = drop_result};
    int before = session_current_set(session);
    bool all = strcmp(wanted, "all") == 0;
    enum ask answer = ASK_READY;
    for (int pass = 0; pass < 2 && answer == ASK_READY; pass++)
        for (int k = 0; k < session_set_count(session) && answer != ASK_FAILED; k++) {
            const char *name = session_set_name(session, k);
            if (!all && strcmp(wanted, name) != 0)
                continue;
            enum ask one = session_use_set(session, name, err) == ISD_OK ? ASK_READY : ASK_FAILED;
            if (one == ASK_READY) /* its frames may still be coming */
                one = session_is_partial(session) ? ASK_PENDING : series_of_set(session, call, pass == 0 ? &nowhere : sink, err);
            if (one != ASK_READY)
                answer = one;
        }
    session_use_set(session, session_set_name(session, before), NULL);
    return answer;
}

enum ask run_series(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const char *wanted = call_option(call, "set");
    bool known = !wanted || strcmp(wanted, "all") == 0;
    for (int k = 0; k < session_set_count(session) && !known; k++)
        known = strcmp(wanted, session_set_name(session, k)) == 0;
    if (!known) {
        isd_error_set(err, ISD_USAGE, "set=%s: no set has this name", wanted);
        isd_error_hint(err, "sets    lists the open ones");
        return ASK_FAILED;
    }
    return wanted ? series_of_sets(session, call, wanted, sink, err) : series_of_set(session, call, sink, err);
}
