/* The one-dimensional model of the paper's Fig. 1(e): points on a ring before and after, to be paired. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_RING_MODEL_H
#define ANALYSIS_RING_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"

#define RING_MODEL_MOST 8
#define RING_MODEL_TIGHT 1e-9

struct ring_model {
    int n;                          /* 1 ... RING_MODEL_MOST */
    double length;                  /* of the ring: n, so that the mean spacing is 1 */
    double before[RING_MODEL_MOST], after[RING_MODEL_MOST]; /* [n] in 0 ... length */
    /* follows (ring_model_solve) */
    double cost[RING_MODEL_MOST * RING_MODEL_MOST]; /* [n * n] C_ij: squared distance around the ring from before i to after j */
    int partner[RING_MODEL_MOST];   /* [n] the optimum */
    double u[RING_MODEL_MOST], v[RING_MODEL_MOST]; /* [n] dual prices: u_i + v_j <= C_ij, equal on the optimum */
    double sum;                     /* of C over the optimum */
    bool certified;                 /* by isd_assignment_check */
    double gap;                     /* how far from the least sum it can be at most: its gap_abs */
    double least_slack;             /* the smallest C_ij - u_i - v_j: 0 but for rounding */
    int tight;                      /* pairs with a slack below RING_MODEL_TIGHT, those of the optimum among them */
};

/* n points somewhat displaced from even places, then displaced again by more, and named anew: the same for a seed. */
void ring_model_random(int n, uint64_t seed, struct ring_model *ret_model);

/* Cost, optimum, prices and certificate of the positions that are there; these are taken around the ring first. ISD_USAGE: n out of range or a position that
 * is not finite. */
isd_status ring_model_solve(struct ring_model *model, isd_error *err);

/* Sum of C over pairs[n] (pairs[i]: the point after of i), NaN if they are no permutation. */
double ring_model_sum(const struct ring_model *model, const int *pairs);

#endif
