/* How far atoms have moved: MSD, F_s, Q, alpha_2, van Hove. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_DYNAMICS_H
#define ANALYSIS_DYNAMICS_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

struct dynamics_options {
    double k;    /* wave number of F_s */
    double a;    /* length of the overlap Q: share of atoms displaced by less */
    double cage; /* neighbours within this distance in the first frame make the cage; 0: no cage-relative displacements */
};

/* Averages over the atoms of one type between two frames. */
struct dynamics_sample {
    int32_t n;       /* 0: no such atoms, and all else is NaN */
    double msd, u4;  /* <u^2>, <u^4> */
    double fs;       /* <sin(k u)/(k u)>, in 2D <J_0(k u)>: F_s(k, t) averaged over the directions of k */
    double q;        /* share with u < a */
    double msd_cage; /* <|u - mean u of the neighbours|^2>, atoms without neighbours left out; NaN if not asked for */
};

/* vector: [3n] displacements of the atoms of `first`, labelled. ret_sample[0] is of all atoms, [t] of type t up to the largest. */
isd_status dynamics_between(const isd_snapshot *first, const double *vector, const struct dynamics_options *options, isd_control *control,
                            struct dynamics_sample *ret_sample, isd_error *err);

/* alpha_2 = d <u^4> / ((d + 2) <u^2>^2) - 1, 0 for a Gaussian. */
double dynamics_alpha2(double msd, double u4, int dim);

/* Distinct part of van Hove's function: adds to counts[bins] the ordered pairs (i of a, j of b, i not j by index) of the types asked for
 * (0: all) by their shortest distance below max, which must not exceed half the smallest distance between opposite faces. Both frames
 * hold the same atoms in the same order. Returns through ret_pairs how many pairs there are at any distance. */
isd_status dynamics_distinct(const isd_snapshot *a, const isd_snapshot *b, int type_a, int type_b, int bins, double max,
                             isd_control *control, double *counts, double *ret_pairs, isd_error *err);

/* Standard error of the mean of x[n], in order of time, by blocks of neighbours as long as `overlap` at least and at most an eighth of all;
 * NaN where there are fewer than two blocks. */
double dynamics_block_error(const double *x, int32_t n, int32_t overlap);

#endif
