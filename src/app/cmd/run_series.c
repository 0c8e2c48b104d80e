/* series: averages over the pairs at each t_w. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/cmd/waiting.h"

/* What is averaged over the pairs of one t_w. */
enum column { D_MIN, D_BLIND, D_DIRECT, RMSD, RMSD_IS, JUMP, JUMP_RAW, COLUMNS };

struct row {
    double tw;
    struct frame_pair *pairs;
    int32_t n;
    double *x[COLUMNS]; /* [n], NaN where not defined */
    int unconverged;
    bool certified, minimage;
};

static void row_done(struct row *row)
{
    free(row->pairs);
    for (int k = 0; k < COLUMNS; k++)
        free(row->x[k]);
}

/* rmsd of a labelled pair: unwrapped where possible. */
static double best_rmsd(const struct match *m, bool *minimage)
{
    if (!m->labelled)
        return NAN;
    if (isfinite(m->rmsd_unwrapped))
        return m->rmsd_unwrapped;
    *minimage = true;
    return m->rmsd;
}

static double or_nan(bool known, double value)
{
    return known ? value : NAN;
}

/* One pair of a row: asks for all its matchings before it waits for any. */
static enum ask ask_pair(struct session *session, const struct match_request *wanted, struct row *row, int32_t k, isd_error *err)
{
    struct match_request request = *wanted, blind, raw;
    request.a = row->pairs[k].a;
    request.b = row->pairs[k].b;
    request.numbers = true;
    blind = raw = request;
    blind.blind = true;
    structure_defaults(session, false, &raw.structure);
    bool is = request.structure.is;
    const struct match *m = NULL, *m_blind = NULL, *m_raw = NULL;
    int unconverged = 0, ignored = 0;
    enum ask first = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    enum ask second = first == ASK_FAILED ? first : session_match(session, &blind, ASK_BATCH, &m_blind, &ignored, err);
    enum ask third = second == ASK_FAILED ? second : session_match(session, &raw, ASK_BATCH, &m_raw, &ignored, err);
    if (third == ASK_FAILED)
        return third;
    if (first == ASK_PENDING || second == ASK_PENDING || third == ASK_PENDING)
        return ASK_PENDING;
    row->x[D_MIN][k] = m->d_min;
    row->x[D_BLIND][k] = m_blind->d_min;
    bool has_raw = !(is && session_frames_are_is(session)); /* state=is: instantaneous frames are not there */
    row->x[D_DIRECT][k] = or_nan(has_raw, m_raw->d_min);
    row->x[RMSD][k] = has_raw ? best_rmsd(m_raw, &row->minimage) : NAN;
    row->x[RMSD_IS][k] = is ? best_rmsd(m, &row->minimage) : NAN;
    row->x[JUMP][k] = or_nan(is && m->labelled, m->jump_fraction);
    row->x[JUMP_RAW][k] = or_nan(has_raw && m_raw->labelled, m_raw->jump_fraction);
    row->unconverged += unconverged;
    row->certified = row->certified && m->certified && m_blind->certified && (!has_raw || m_raw->certified);
    return ASK_READY;
}

static enum ask fill_row(struct session *session, const struct match_request *wanted, struct row *row, isd_error *err)
{
    for (int k = 0; k < COLUMNS; k++)
        if (!row->x[k] && !(row->x[k] = malloc((size_t)row->n * sizeof(double)))) {
            isd_error_memory(err);
            return ASK_FAILED;
        }
    row->unconverged = 0;
    row->certified = true;
    enum ask answer = ASK_READY;
    for (int32_t k = 0; k < row->n; k++) {
        enum ask one = ask_pair(session, wanted, row, k, err);
        if (one == ASK_FAILED)
            return one;
        if (one == ASK_PENDING)
            answer = ASK_PENDING;
    }
    return answer;
}

static enum ask give_row(struct session *session, const struct match_request *wanted, const struct row *row, bool overlapping,
                         const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_length_unit(session);
    double mean[COLUMNS];
    for (int k = 0; k < COLUMNS; k++)
        mean[k] = series_mean(row->x[k], row->n);
    struct result *result = result_new("series", RESULT_RECORD);
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
static isd_status make_script_row(struct session *session, struct row **ret_rows, int32_t *ret_n, isd_error *err)
{
    int32_t n = session_frame_count(session) - 1;
    if (n < 1) {
        isd_error_set(err, ISD_DATA, "the set has no two frames");
        isd_error_hint(err, "open more frames");
        return ISD_DATA;
    }
    struct row *row = calloc(1, sizeof *row);
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

static isd_status make_rows(struct session *session, const struct command_call *call, bool overlapping, struct row **ret_rows,
                            int32_t *ret_n, isd_error *err)
{
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times(session, call_option(call, "tw"), &tw, &n, err);
    if (status != ISD_OK)
        return status;
    struct row *rows = calloc(n > 0 ? (size_t)n : 1, sizeof *rows);
    if (!rows) {
        free(tw);
        return isd_error_memory(err);
    }
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        rows[k].tw = tw[k];
        status = series_pairs(session_times(session), tw[k], overlapping, &rows[k].pairs, &rows[k].n, err);
        if (status == ISD_OK && rows[k].n == 0) {
            isd_error_set(err, ISD_DATA, "no two frames are t_w = %g apart", tw[k]);
            isd_error_hint(err, "info    lists the times of the frames");
            status = ISD_DATA;
        }
    }
    free(tw);
    if (status != ISD_OK) {
        for (int32_t k = 0; k < n; k++)
            row_done(&rows[k]);
        free(rows);
        return status;
    }
    *ret_rows = rows;
    *ret_n = n;
    return ISD_OK;
}

enum ask run_series(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    bool overlapping = call_has(call, "pairs") && call_is(call, "pairs", "overlapping");
    struct match_request wanted;
    request_from_call(session, call, 0, 0, &wanted);
    struct row *rows = NULL;
    int32_t n = 0;
    if (readings_from_call(session, call, &wanted, err) != ISD_OK || check_can_quench(session, &wanted.structure, err) != ISD_OK)
        return ASK_FAILED;
    bool script_row = wanted.like_script && !call_has(call, "tw") && !overlapping;
    isd_status made = script_row ? make_script_row(session, &rows, &n, err) : make_rows(session, call, overlapping, &rows, &n, err);
    if (made != ISD_OK)
        return ASK_FAILED;
    enum ask answer = ASK_READY;
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = fill_row(session, &wanted, &rows[k], err);
        if (one != ASK_READY)
            answer = one;
    }
    for (int32_t k = 0; k < n && answer == ASK_READY; k++)
        answer = give_row(session, &wanted, &rows[k], overlapping, sink, err);
    for (int32_t k = 0; k < n; k++)
        row_done(&rows[k]);
    free(rows);
    return answer;
}
