/* g(r) and p(u). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_HISTOGRAM_H
#define ANALYSIS_HISTOGRAM_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"
#include "match/match.h"

/* Pair counts of one frame: counts[pair][bin] of unordered pairs of distinct atoms (images counted where max is beyond half
 * the cell), bin k = [k, k+1) max/bins. pair index: histogram_pair(a, b, n_types) for types a <= b from 1. */
struct gr_counts {
    int n_types, bins;
    double max, volume;
    int dim;
    int32_t count_of_type[ISD_MAX_TYPES + 1];
    double *counts; /* [n_pairs * bins]; whole numbers */
};
int histogram_pair(int a, int b, int n_types);
int histogram_n_pairs(int n_types);

/* max <= 0: half the smallest distance between opposite faces. Cell lists, never O(N^2) when max is small. Exact integer
 * counts: the same for any number of threads. Refuses max so large that the images would take more than 2e10 pairs. */
isd_status gr_count(const isd_snapshot *snapshot, int bins, double max, isd_control *control, struct gr_counts **ret_counts,
                    isd_error *err);
void gr_free(struct gr_counts *counts);
/* g of one pair of types, or all of them with a = b = 0; ret_g[bins]: counts V/(P shell), P = N(N-1)/2, N_a(N_a-1)/2, N_a N_b;
 * exact shell volumes (rings in 2D); 0 where P is 0, as it is for types that the frame does not have. */
void gr_normalise(const struct gr_counts *counts, int a, int b, double *ret_g);
/* The highest bin refined by a parabola through three bins; false if g has no peak (all zero). */
bool gr_first_peak(const double *g, int bins, double max, double *ret_r, double *ret_g);

/* Displacement histogram of magnitudes u[n] (select: type or 0 for all): adds to counts[bins]; u = max and a hair above
 * (1e-12 relative) falls in the last bin; returns how many were beyond. */
int64_t pu_count(const double *u, const int32_t *type, int32_t n, int select, int bins, double max, double *counts);

#endif
