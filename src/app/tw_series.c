/* Averages against the waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tw_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

isd_status tw_series_make(const double *tw, int32_t n, struct tw_series *ret_series, isd_error *err)
{
    struct tw_series series = {.n = n, .certified = true, .state = ASK_PENDING};
    size_t room = n > 0 ? (size_t)n : 1;
    bool there = (series.tw = malloc(room * sizeof *series.tw)) != NULL;
    there = (series.pairs = calloc(room, sizeof *series.pairs)) != NULL && there;
    for (int c = 0; c < AVERAGE_COLUMNS; c++) {
        there = (series.mean[c] = malloc(room * sizeof(double))) != NULL && there;
        there = (series.se[c] = malloc(room * sizeof(double))) != NULL && there;
    }
    if (!there) {
        tw_series_done(&series);
        return isd_error_memory(err);
    }
    if (n > 0)
        memcpy(series.tw, tw, room * sizeof *tw);
    for (int c = 0; c < AVERAGE_COLUMNS; c++)
        for (int32_t k = 0; k < n; k++)
            series.mean[c][k] = series.se[c][k] = NAN;
    *ret_series = series;
    return ISD_OK;
}

void tw_series_done(struct tw_series *series)
{
    if (!series)
        return;
    free(series->tw);
    free(series->pairs);
    for (int c = 0; c < AVERAGE_COLUMNS; c++) {
        free(series->mean[c]);
        free(series->se[c]);
    }
    *series = (struct tw_series){0};
}

static void take_in(struct tw_series *series, int32_t k, const struct average *average)
{
    for (int c = 0; c < AVERAGE_COLUMNS; c++) {
        if (c == D_DIRECT_BLIND)
            continue;
        series->mean[c][k] = series_mean(average->x[c], average->n);
        series->se[c][k] = series_se(average->x[c], average->pairs, average->n, false);
    }
    series->pairs[k] = average->n;
    series->known++;
    series->unconverged += average->unconverged;
    series->certified = series->certified && average->certified;
    series->minimage = series->minimage || average->minimage;
}

static enum ask fill_one(struct session *session, const struct match_request *wanted, int32_t k, struct tw_series *series)
{
    struct average average = {.tw = series->tw[k]};
    isd_status status = series_pairs(session_times(session), series->tw[k], false, &average.pairs, &average.n, &series->err);
    enum ask answer = status == ISD_OK ? ASK_READY : ASK_FAILED;
    if (answer == ASK_READY && average.n > 0)
        answer = average_fill(session, wanted, false, &average, &series->err);
    if (answer == ASK_READY && average.n > 0)
        take_in(series, k, &average);
    average_done(&average);
    return answer;
}

void tw_series_fill(struct session *session, const struct match_request *wanted, int at, int most, struct tw_series *series)
{
    int waiting = 0;
    series->state = ASK_READY;
    for (int k = 0; k < 2 * series->n && series->state != ASK_FAILED && waiting < most; k++) {
        int32_t here = at + (k % 2 ? (k + 1) / 2 : -k / 2);
        if (here < 0 || here >= series->n || series->pairs[here] > 0)
            continue;
        enum ask answer = fill_one(session, wanted, here, series);
        waiting += answer == ASK_PENDING;
        series->state = answer == ASK_READY ? series->state : answer;
    }
}
