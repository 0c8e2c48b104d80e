/* Times between frames, and pairs of frames t_w apart. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/series.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TICKS (1 << 24) /* bytes */
#define MOST_PAIRS (1 << 27) /* of frames, to tick off */
#define MOST_LOOKS (1 << 26) /* at frames, to find the pairs of many times */
#define MOST_SAMPLES (1 << 21) /* differences */

/* One frame on the axis of time: in steps where there are any, which differences of doubles keep exact below 2^53. */
struct moment {
    double at;
    int64_t step;
    int32_t frame;
};

/* All frames in order of time, of equal ones only the first. */
struct series_axis {
    struct moment *moments;
    int32_t n;
    double unit;  /* time per unit of `at` */
    double slack; /* differences of `at` closer than this are one: 0 for steps */
    bool whole;
};

static int compare_moments(const void *p, const void *q)
{
    const struct moment *a = p, *b = q;
    if (a->step != b->step) {
        return a->step < b->step ? -1 : 1;
    }
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    return (a->frame > b->frame) - (a->frame < b->frame);
}

static bool axis_init(const struct frame_times *times, struct series_axis *ret_axis)
{
    struct series_axis axis = {.whole = times->step != NULL, .unit = times->step ? times->dt : 1.0};
    axis.moments = malloc(((size_t)times->n + 1) * sizeof *axis.moments);
    if (!axis.moments) {
        return false;
    }
    double largest = 0;
    int32_t n = 0;
    for (int32_t k = 0; k < times->n; k++) {
        double at = axis.whole ? (double)times->step[k] : times->time[k];
        if (isfinite(at)) {
            axis.moments[n++] = (struct moment){.at = at, .step = axis.whole ? times->step[k] : 0, .frame = k};
            largest = fmax(largest, fabs(at));
        }
    }
    bool sorted = true; /* as most sets are, and an axis is made for each of many times */
    for (int32_t k = 1; k < n && sorted; k++) {
        sorted = compare_moments(&axis.moments[k - 1], &axis.moments[k]) <= 0;
    }
    if (!sorted) {
        qsort(axis.moments, (size_t)n, sizeof *axis.moments, compare_moments);
    }
    axis.slack = axis.whole ? 0 : 1e-9 * largest;
    for (int32_t k = 0; k < n; k++) {
        if (axis.n == 0 || axis.moments[k].at - axis.moments[axis.n - 1].at > axis.slack) {
            axis.moments[axis.n++] = axis.moments[k];
        }
    }
    *ret_axis = axis;
    return true;
}

static int compare_doubles(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

/* Sort and drop what is within `slack` of its predecessor; the new count. */
static size_t sort_unique(double *values, size_t n, double slack)
{
    size_t kept = 0;
    qsort(values, n, sizeof *values, compare_doubles);
    for (size_t k = 0; k < n; k++) {
        if (kept == 0 || values[k] - values[kept - 1] > slack) {
            values[kept++] = values[k];
        }
    }
    return kept;
}

/* Differences of whole steps, ticked off on a list of all multiples of what divides them: evenly spaced frames have few. False where that
 * would be long, or for want of memory. */
static bool ticked_differences(const struct series_axis *axis, double **ret_values, size_t *ret_n)
{
    int64_t unit = 0;
    if (!axis->whole || axis->n == 0 || !(axis->moments[axis->n - 1].at - axis->moments[0].at < 0x1p53)) {
        return false;
    }
    for (int32_t k = 1; k < axis->n; k++) {
        for (int64_t a = unit, b = axis->moments[k].step - axis->moments[k - 1].step; b != 0;) {
            int64_t rest = a % b;
            a = b;
            b = rest;
            unit = a;
        }
    }
    if (unit == 0 || (axis->moments[axis->n - 1].step - axis->moments[0].step) / unit >= MOST_TICKS) {
        return false;
    }
    if ((double)axis->n * axis->n / 2 > MOST_PAIRS && (axis->moments[axis->n - 1].step - axis->moments[0].step) / unit + 1 != axis->n) {
        return false;
    }
    size_t ticks = (size_t)((axis->moments[axis->n - 1].step - axis->moments[0].step) / unit) + 1, n = 0;
    bool *there = calloc(ticks, sizeof *there);
    bool even = ticks == (size_t)axis->n;
    for (size_t k = 1; there && even && k < ticks; k++) {
        there[k] = true;
    }
    for (int32_t a = 0; there && !even && a < axis->n; a++) {
        for (int32_t b = a + 1; b < axis->n; b++) {
            there[(axis->moments[b].step - axis->moments[a].step) / unit] = true;
        }
    }
    for (size_t k = 0; there && k < ticks; k++) {
        n += there[k];
    }
    double *values = there ? malloc((n + 1) * sizeof *values) : NULL;
    size_t at = 0;
    for (size_t k = 0; values && k < ticks; k++) {
        if (there[k]) {
            values[at++] = (double)((int64_t)k * unit);
        }
    }
    free(there);
    *ret_values = values;
    *ret_n = n;
    return values != NULL;
}

/* All differences of the axis, or more than SERIES_MOST_TW of them. Doubles are dropped whenever the array is full, so that it stays near what is different:
 * evenly spaced frames have n - 1 differences, not n(n-1)/2. */
static bool differences(const struct series_axis *axis, double **ret_values, size_t *ret_n)
{
    size_t n = 0, size = 1024;
    if (ticked_differences(axis, ret_values, ret_n)) {
        return true;
    }
    double *values = malloc(size * sizeof *values);
    if (values && (double)axis->n * axis->n / 2 > MOST_PAIRS) {
        *ret_n = SERIES_MOST_TW + 1;
        *ret_values = values;
        return true;
    }
    for (int32_t a = 0; values && a < axis->n; a++) {
        for (int32_t b = a + 1; b < axis->n; b++) {
            if (n == size) {
                n = sort_unique(values, n, axis->slack);
            }
            if (n > SERIES_MOST_TW) {
                *ret_n = n;
                *ret_values = values;
                return true;
            }
            if (n > size / 2) {
                double *larger = realloc(values, 2 * size * sizeof *values);
                if (!larger) {
                    free(values);
                    return false;
                }
                values = larger;
                size *= 2;
            }
            values[n++] = axis->moments[b].at - axis->moments[a].at;
        }
    }
    if (!values) {
        return false;
    }
    *ret_n = sort_unique(values, n, axis->slack);
    *ret_values = values;
    return true;
}

isd_status series_all_tw(const struct frame_times *times, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    struct series_axis axis;
    double *values = NULL;
    size_t n = 0;
    if (!axis_init(times, &axis)) {
        return isd_error_memory(err);
    }
    isd_status status = differences(&axis, &values, &n) ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK && n > SERIES_MOST_TW) {
        status = isd_error_set(err, ISD_UNSUPPORTED, "the times between %d frames are too many to list", (int)axis.n);
        isd_error_hint(err, "tw=10,100 names some; without tw= at most ten a decade are taken");
    }
    if (status == ISD_OK) {
        for (size_t k = 0; k < n; k++) {
            values[k] *= axis.unit;
        }
        *ret_tw = values;
        *ret_n = (int32_t)n;
        values = NULL;
    }
    free(values);
    free(axis.moments);
    return status;
}

/* t_w in units of the axis, and how far from it still counts; false if it is no whole number of steps. t_w may have been
 * typed with the six digits that a table shows. */
static bool on_axis(const struct series_axis *axis, double tw, double *ret_distance, double *ret_slack)
{
    double distance = tw / axis->unit;
    if (!(distance > 0) || !isfinite(distance)) {
        return false;
    }
    *ret_distance = axis->whole ? round(distance) : distance;
    *ret_slack = axis->whole ? 0 : axis->slack + 5e-6 * distance;
    return !axis->whole || fabs(distance - *ret_distance) <= 1e-3 + 5e-6 * distance;
}

/* Position of the frame `distance` after `from`, or -1. *at: where such a time would stand, looked for from where the last one stood, as that of
 * an earlier frame; 0 at first. */
static int32_t partner(const struct series_axis *axis, int32_t from, double distance, double slack, int32_t *at)
{
    const struct moment *moments = axis->moments;
    double want = moments[from].at + distance;
    int32_t low = *at > from ? *at : from + 1, high = low;
    for (int32_t stride = 1; high < axis->n && moments[high].at < want; stride *= 2) {
        low = high + 1;
        high = stride < axis->n - high ? high + stride : axis->n;
    }
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (moments[middle].at < want) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *at = low;
    int32_t best = -1; /* the nearer of the two about it */
    for (int32_t k = low - 1; k <= low; k++) {
        if (k > from && k < axis->n && fabs(moments[k].at - want) <= slack && (best < 0 || fabs(moments[k].at - want) < fabs(moments[best].at - want))) {
            best = k;
        }
    }
    return best;
}

/* Pairs t_w apart into ret_pairs (may be NULL); how many. */
static int32_t find_pairs(const struct series_axis *axis, double tw, bool overlapping, struct frame_pair *ret_pairs)
{
    double distance, slack;
    int32_t n = 0, at = 0;
    if (!on_axis(axis, tw, &distance, &slack)) {
        return 0;
    }
    for (int32_t a = 0; a < axis->n;) {
        if (axis->moments[a].at + distance > axis->moments[axis->n - 1].at + slack) {
            break; /* nor has any later frame a partner */
        }
        int32_t b = partner(axis, a, distance, slack, &at);
        if (b >= 0) {
            if (ret_pairs) {
                ret_pairs[n] = (struct frame_pair){axis->moments[a].frame, axis->moments[b].frame};
            }
            n++;
        }
        a = b >= 0 && !overlapping ? b : a + 1;
    }
    return n;
}

isd_status series_axis_new(const struct frame_times *times, struct series_axis **ret_axis, isd_error *err)
{
    struct series_axis *axis = malloc(sizeof *axis);
    if (!axis || !axis_init(times, axis)) {
        free(axis);
        return isd_error_memory(err);
    }
    *ret_axis = axis;
    return ISD_OK;
}

void series_axis_free(struct series_axis *axis)
{
    if (axis) {
        free(axis->moments);
        free(axis);
    }
}

isd_status series_axis_pairs(const struct series_axis *axis, double tw, bool overlapping, struct frame_pair **ret_pairs, int32_t *ret_n, isd_error *err)
{
    struct frame_pair *pairs = malloc(((size_t)axis->n + 1) * sizeof *pairs);
    if (!pairs) {
        return isd_error_memory(err);
    }
    int32_t n = find_pairs(axis, tw, overlapping, pairs);
    struct frame_pair *fitting = realloc(pairs, ((size_t)n + 1) * sizeof *fitting); /* of many times most have few pairs */
    *ret_n = n;
    *ret_pairs = fitting ? fitting : pairs;
    return ISD_OK;
}

isd_status series_pairs(const struct frame_times *times, double tw, bool overlapping, struct frame_pair **ret_pairs, int32_t *ret_n, isd_error *err)
{
    struct series_axis *axis = NULL;
    isd_status status = series_axis_new(times, &axis, err);
    if (status == ISD_OK) {
        status = series_axis_pairs(axis, tw, overlapping, ret_pairs, ret_n, err);
    }
    series_axis_free(axis);
    return status;
}

int32_t series_thin(const struct frame_times *times, double *tw, int32_t n)
{
    struct series_axis axis;
    if (n < 3 || !axis_init(times, &axis)) {
        return n; /* without memory for the axis a long list is better than none */
    }
    int32_t kept = 0, most = 0;
    long bin = 0;
    for (int32_t k = 0; k < n; k++) {
        long here = lround(floor(10 * log10(tw[k]) + 1e-9));
        int32_t pairs = k == 0 || k == n - 1 ? INT32_MAX : find_pairs(&axis, tw[k], false, NULL);
        bool fresh = k == 0 || here != bin;
        if (fresh || (k == n - 1 && most == INT32_MAX)) {
            tw[kept++] = tw[k];
            most = pairs;
        } else if (pairs > most) {
            tw[kept - 1] = tw[k];
            most = pairs;
        }
        bin = here;
    }
    free(axis.moments);
    return kept;
}

static int32_t tenth_of_decade(double tw)
{
    return (int32_t)lround(floor(10 * log10(tw) + 1e-9));
}

/* Of sorted differences the one that occurs most often in each tenth of a decade, the first and the last; in place, in units of time. */
static int32_t most_frequent(const struct series_axis *axis, double *values, size_t n)
{
    int32_t kept = 0, bin = 0;
    size_t most = 0, run;
    for (size_t k = 0; k < n; k += run) {
        double tw = values[k] * axis->unit;
        for (run = 1; k + run < n && values[k + run] - values[k] <= axis->slack; run++) {
        }
        bool last = k + run == n, fresh = kept == 0 || tenth_of_decade(tw) != bin;
        if (fresh || (last && kept == 1)) {
            values[kept++] = tw;
            most = run;
        } else if (last || (run > most && kept > 1)) {
            values[kept - 1] = tw;
            most = run;
        }
        bin = tenth_of_decade(tw);
    }
    return kept;
}

/* From every stride-th frame to all later ones, and from each to the next. */
static isd_status sampled_tw(const struct series_axis *axis, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    int32_t stride = (int32_t)((double)axis->n * axis->n / 2 / MOST_SAMPLES) + 1;
    size_t n = 0;
    double *values = malloc((MOST_SAMPLES + 3 * (size_t)axis->n) * sizeof *values);
    if (!values) {
        return isd_error_memory(err);
    }
    for (int32_t a = 0; a < axis->n; a++) {
        int32_t end = a % stride == 0 ? axis->n : a + 2;
        for (int32_t b = a + 1; b < end && b < axis->n; b++) {
            values[n++] = axis->moments[b].at - axis->moments[a].at;
        }
    }
    qsort(values, n, sizeof *values, compare_doubles);
    *ret_n = most_frequent(axis, values, n);
    *ret_tw = values;
    return ISD_OK;
}

isd_status series_default_tw(const struct frame_times *times, double **ret_tw, int32_t *ret_n, isd_error *err)
{
    struct series_axis axis;
    double *tw = NULL;
    int32_t n = 0;
    isd_error ignored;
    if (!axis_init(times, &axis)) {
        return isd_error_memory(err);
    }
    isd_status status = series_all_tw(times, &tw, &n, &ignored);
    bool even = status == ISD_OK && n == axis.n - 1;
    if (status == ISD_OK && !even && (double)n * axis.n > MOST_LOOKS) {
        free(tw);
        status = ISD_UNSUPPORTED;
    }
    if (status == ISD_OK) {
        *ret_n = series_thin(times, tw, n);
        *ret_tw = tw;
    } else {
        status = status == ISD_UNSUPPORTED ? sampled_tw(&axis, ret_tw, ret_n, err) : isd_error_memory(err);
    }
    free(axis.moments);
    return status;
}
