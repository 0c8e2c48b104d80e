/* Weighted points in a periodic cell, found by value. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Apart from the clouds of the solver: nothing here is tuned to its order of questions, and it answers what comes after an
 * optimum is known (alternatives within eps, atoms within a distance). */
#ifndef MATCH_NEAR_H
#define MATCH_NEAR_H

#include "isdmin/box.h"
#include "neigh/tree.h"

struct near {
    isd_lattice lattice;
    struct tree tree;
    struct tree_point *point; /* [n] in tree order, wrapped into the reduced cell */
    double *weight;           /* [n] in tree order */
    double *node_weight;      /* [n_node] largest inside */
    int32_t n, n_image;
    double image[125][3];
};

/* r: [3n] finite positions anywhere; weight: [n], or NULL: all 0. O(n) memory. */
isd_status near_init(struct near *near, const isd_lattice *lattice, const double *r, const double *weight, int32_t n, isd_error *err);
void near_done(struct near *near);

/* Calls visit for every j and image with |r_j + image - q|^2 - weight_j <= limit, the shortest image among them; a point may
 * come several times, with different values. False from visit ends it; returns whether all were visited. */
typedef bool near_fn(void *arg, int32_t j, double value);
bool near_visit(const struct near *near, const double q[3], double limit, near_fn *visit, void *arg);

#endif
