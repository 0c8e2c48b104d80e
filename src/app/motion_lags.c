/* Which pairs of frames a job of motion averages over. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion_lags.h"

#include <stdlib.h>
#include <string.h>

#include "app/motion.h"
#include "app/waiting.h"

isd_status lag_choice_init(const struct frame_times *times, const char *tw, int origins, struct lag_choice *ret_choice, isd_error *err)
{
    size_t n = (size_t)times->n;
    struct lag_choice choice = {.times = *times, .origins = origins, .tw = tw ? strdup(tw) : NULL};
    choice.time = malloc((n + 1) * sizeof *choice.time);
    choice.row = malloc((n + 1) * sizeof *choice.row);
    choice.step = times->step ? malloc((n + 1) * sizeof *choice.step) : NULL;
    if (!choice.time || !choice.row || (times->step && !choice.step) || (tw && !choice.tw)) {
        lag_choice_done(&choice);
        return isd_error_memory(err);
    }
    memcpy(choice.time, times->time, n * sizeof *choice.time);
    if (choice.step)
        memcpy(choice.step, times->step, n * sizeof *choice.step);
    choice.times.time = choice.time;
    choice.times.step = choice.step;
    *ret_choice = choice;
    return ISD_OK;
}

void lag_choice_done(struct lag_choice *choice)
{
    free(choice->tw);
    free(choice->time);
    free(choice->step);
    free(choice->row);
    *choice = (struct lag_choice){0};
}

void lags_free(struct lag *lags, int32_t n)
{
    for (int32_t k = 0; k < n && lags; k++) {
        free(lags[k].pairs);
        free(lags[k].close);
    }
    free(lags);
}

int32_t motion_overlap(const struct frame_pair *pairs, int32_t n)
{
    int32_t most = 1;
    for (int32_t k = 0, end = 0; k < n; k++) {
        while (end < n && pairs[end].a < pairs[k].b)
            end++;
        most = end - k > most ? end - k : most;
    }
    return most;
}

/* At most `most` of the pairs, evenly; in place, the room for the others given back. */
static int32_t thin_pairs(struct frame_pair **pairs, int32_t n, int32_t most)
{
    if (n <= most)
        return n;
    for (int32_t k = 0; k < most; k++)
        (*pairs)[k] = (*pairs)[(int64_t)k * n / most];
    struct frame_pair *fitting = realloc(*pairs, (size_t)most * sizeof *fitting);
    *pairs = fitting ? fitting : *pairs;
    return most;
}

/* Pairs of a time as rows in order of time; and those looked at closely, and those of either half. */
static isd_status fill_lag(struct lag *lag, const struct lag_choice *choice, int32_t most, int32_t most_close, isd_error *err)
{
    const double *time = choice->times.time, middle = choice->middle;
    lag->n = thin_pairs(&lag->pairs, lag->n, most);
    while (lag->first_half < lag->n && time[lag->pairs[lag->first_half].b] <= middle)
        lag->first_half++;
    while (lag->second_half < lag->n && time[lag->pairs[lag->n - 1 - lag->second_half].a] >= middle)
        lag->second_half++;
    for (int32_t k = 0; k < lag->n; k++)
        lag->pairs[k] = (struct frame_pair){choice->row[lag->pairs[k].a], choice->row[lag->pairs[k].b]};
    lag->overlap = motion_overlap(lag->pairs, lag->n);
    lag->close = malloc(((size_t)lag->n + 1) * sizeof *lag->close);
    if (!lag->close)
        return isd_error_memory(err);
    memcpy(lag->close, lag->pairs, (size_t)lag->n * sizeof *lag->close);
    lag->n_close = thin_pairs(&lag->close, lag->n, most_close);
    lag->overlap_close = motion_overlap(lag->close, lag->n_close);
    return ISD_OK;
}

isd_status lags_new(const struct lag_choice *choice, isd_control *control, struct lag **ret_lags, int32_t *ret_n, isd_error *err)
{
    struct series_axis *axis = NULL;
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times_of(&choice->times, choice->tw, &tw, &n, err);
    if (status != ISD_OK)
        return status;
    int32_t most = choice->origins > 0 ? choice->origins : MOTION_PAIRS / n > 1 ? MOTION_PAIRS / n : 1;
    int32_t most_close = choice->origins > 0 ? choice->origins : MOTION_CLOSE;
    struct lag *lags = calloc((size_t)n + 1, sizeof *lags);
    status = lags ? series_axis_new(&choice->times, &axis, err) : isd_error_memory(err);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        lags[k].t = tw[k];
        status = isd_control_cancelled(control) ? isd_error_set(err, ISD_CANCELLED, "cancelled")
                                                : series_axis_pairs(axis, tw[k], true, &lags[k].pairs, &lags[k].n, err);
        if (status == ISD_OK)
            status = fill_lag(&lags[k], choice, most, most_close, err);
    }
    series_axis_free(axis);
    free(tw);
    if (status != ISD_OK) {
        lags_free(lags, n);
        return status;
    }
    *ret_lags = lags;
    *ret_n = n;
    return ISD_OK;
}
