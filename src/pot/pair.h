/* Pair potentials of the common kind: a record and two functions each. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * To add one: a file like lj_linear.c, its record in the table of pair.c, its style in app/system.c. Neighbours,
 * periodic images, virials and the quench come with it. lj.c is apart, for it has kernels of its own. */
#ifndef POT_PAIR_H
#define POT_PAIR_H

#include "isdmin/potential.h"

#define PAIR_CONSTANTS 6

struct pair_form {
    const char *style;      /* as in pair_style */
    const char *parameters; /* what epsilon, sigma and cutoff of isd_lj_pair mean, with units */
    const char *reference;  /* where it is defined */
    /* What evaluate needs of a pair of types. */
    void (*prepare)(const isd_lj_pair *pair, double ret_constants[PAIR_CONSTANTS]);
    /* Energy at the squared distance, and the force on the first atom along r_i - r_j over the distance. Called
     * within the cutoff only. */
    double (*evaluate)(const double *constants, double square, double *ret_force);
};

extern const struct pair_form pair_lj_linear, pair_lj_quadratic;

/* Every pair set, finite, symmetric: else ISD_USAGE with the pair named. */
isd_status pair_coefficients_check(const isd_lj_pair *pairs, int32_t n_types, isd_error *err);

#endif
