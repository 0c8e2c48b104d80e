/* Averages over pairs of frames. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_SERIES_H
#define ANALYSIS_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"

struct frame_pair {
    int32_t a, b;
};

/* Times of frames: integer steps where there are any (exact differences), else real times. */
struct frame_times {
    int32_t n;
    const int64_t *step;  /* or NULL */
    const double *time;   /* in time units; with step: step * dt */
    double dt;            /* time per step; 1 when unknown */
};

/* All distinct positive t_w between frames (a < b), ascending: ret_tw[*ret_n] freed by the caller. ISD_UNSUPPORTED: more than SERIES_MOST_TW of
 * them, or too many frames without order in their times to look at all pairs. */
enum { SERIES_MOST_TW = 1 << 20 };
isd_status series_all_tw(const struct frame_times *times, double **ret_tw, int32_t *ret_n, isd_error *err);
/* Thin to at most ten a decade: in each tenth of a decade (log10) keep the value with the most pairs, ties the first. The
 * smallest and the largest are always kept. In place; returns the new count. */
int32_t series_thin(const struct frame_times *times, double *tw, int32_t n);
/* At most ten a decade of those that are there: series_thin of all of them; where that would take long, of the times from frames evenly chosen to
 * all later ones, those that occur most often. */
isd_status series_default_tw(const struct frame_times *times, double **ret_tw, int32_t *ret_n, isd_error *err);
/* Pairs t_w apart. consecutive: from the first frame on; the next pair starts at or after the end of the last; a frame with no
 * partner t_w later is passed over. overlapping: every frame that has a partner. Order of time; frames with equal times: the
 * first. */
isd_status series_pairs(const struct frame_times *times, double tw, bool overlapping, struct frame_pair **ret_pairs,
                        int32_t *ret_n, isd_error *err);
/* The frames in order of time, once for the pairs of many t_w; of its own, `times` may go. */
struct series_axis;
isd_status series_axis_new(const struct frame_times *times, struct series_axis **ret_axis, isd_error *err);
void series_axis_free(struct series_axis *axis);
isd_status series_axis_pairs(const struct series_axis *axis, double tw, bool overlapping, struct frame_pair **ret_pairs, int32_t *ret_n, isd_error *err);

double series_mean(const double *x, int32_t n);
double series_sd(const double *x, int32_t n);  /* population; NaN for n < 2 */
double series_rms(const double *x, int32_t n);
/* Standard error of the mean of x over pairs by a jackknife over frames: pairs that share a frame go together. For a
 * chain of pairs: leaving out an inner frame takes two pairs, factor (n-2)/(2(n-1)) over the inner frames (n pairs);
 * disjoint pairs: the plain delete-one jackknife over pairs. overlapping: block jackknife, blocks as long as the overlap, with series_block_factor; at
 * least 4 blocks else NaN. NaN below 3 pairs. */
double series_se(const double *x, const struct frame_pair *pairs, int32_t n, bool overlapping);
/* The variance of the mean over what the scatter of the means of `count` neighbouring blocks says of it, each `length` values long, where `overlap`
 * pairs at a time have something in common: 1 for an overlap of 1. */
double series_block_factor(double length, int32_t count, int32_t overlap);

#endif
