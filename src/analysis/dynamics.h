/* How atoms move: cages, van Hove, moments, and errors over origins. Sums over pairs of frames: tracks.h. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_DYNAMICS_H
#define ANALYSIS_DYNAMICS_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

/* Who is near whom in a frame: the cage of an atom are the atoms within some distance. */
struct cages {
    int32_t n;
    int32_t *start;     /* [n + 1] of atom i in `neighbour` */
    int32_t *neighbour;
};
/* reach at most half the smallest distance between opposite faces (ISD_DATA). */
isd_status cages_init(struct cages *cages, const isd_snapshot *snapshot, double reach, isd_control *control, isd_error *err);
void cages_done(struct cages *cages);
/* <|u - mean u of the cage|^2> by type, ret_msd[0] over all, with displacements vector [3n]; atoms with an empty cage left out; NaN where
 * there is none. */
void cages_msd(const struct cages *cages, const isd_snapshot *snapshot, const double *vector, double *ret_msd);

/* alpha_2 = d <u^4> / ((d + 2) <u^2>^2) - 1, 0 for a Gaussian. */
double dynamics_alpha2(double msd, double u4, int dim);

/* Distinct part of van Hove's function: adds to counts[bins] the ordered pairs (i of a, j of b, i not j by index) of the types asked for
 * (0: all) by their shortest distance below max, which must not exceed half the smallest distance between opposite faces. Both frames
 * hold the same atoms in the same order. Returns through ret_pairs how many pairs there are at any distance. */
isd_status dynamics_distinct(const isd_snapshot *a, const isd_snapshot *b, int type_a, int type_b, int bins, double max,
                             isd_control *control, double *counts, double *ret_pairs, isd_error *err);

/* --- errors over origins in order of time: blocks of neighbours, twice as long as `overlap` at least, which is how many pairs begin before
 * one ends, and eight of them at most --- */
/* Half of the interval about the mean of x[n] that holds the truth in 68 %: the standard error, widened by Student's t for so few blocks; NaN where it
 * cannot be told. */
double dynamics_block_error(const double *x, int32_t n, int32_t overlap);
/* The same of a function of two means: by the jackknife over blocks. */
typedef double means_fn(double mean_x, double mean_y, double constant);
double dynamics_jackknife(const double *x, const double *y, int32_t n, int32_t overlap, means_fn *fn, double constant);

/* Two means, each with its blocks: how different? `sigmas` is the number of standard deviations at which a Gaussian is as rare as the
 * difference is by Student's t for so few blocks (Welch); NaN where it cannot be told. */
struct halves {
    double first, second, se, dof, sigmas;
};
struct halves dynamics_compare(const double *x, int32_t n_x, int32_t overlap_x, const double *y, int32_t n_y, int32_t overlap_y);

/* Does x[n] at these times, in order, go up or down? The slope by least squares, its error by the jackknife over blocks, and its size in
 * sigmas as above; NaN where it cannot be told. */
struct drift {
    double slope, se, sigmas;
};
struct drift dynamics_drift(const double *time, const double *x, int32_t n);

#endif
