/* Lennard-Jones: what its kernels are given. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * With u = 1/r^2: V = u^3 (a u^3 - b) - shift, force on i along r_i - r_j: 6 u^4 (2 a u^3 - b); a = 4 eps
 * sigma^12, b = 4 eps sigma^6. No square root and one division a pair. */
#ifndef POT_LJ_H
#define POT_LJ_H

#include <stddef.h>

#include "neigh/list.h"

struct lj_coefficients {
    double a, b, cutoff_sq, shift;
};

enum { LJ_A, LJ_B, LJ_CUTOFF, LJ_SHIFT, LJ_COLUMNS };

struct lj_work {
    /* Coefficients of every slot against an atom of each type that occurs ("row"): for row and block a[8]
     * b[8] cutoff_sq[8] shift[8]. Loads of these beat gathers by type. Padding has cutoff 0: never in reach.
     * NULL: too large, use the plain kernel. */
    double *rows;
    int32_t *row;  /* [8 n_own] row of the atom in a slot */
    int32_t *type; /* [8 n_block] type from 0, -1 for padding */
    int32_t n_rows, n_types;
    const struct lj_coefficients *pair; /* [n_types * n_types] */
    size_t room;                        /* doubles allocated for rows */
    int32_t slots;                      /* allocated for row and type */
};

/* Quads first ... last-1: adds forces to f, returns their energy. */
typedef double lj_fn(const struct neigh_list *list, const struct lj_work *work, int32_t first, int32_t last,
                     double *f);

lj_fn lj_plain, lj_vector, lj_avx2, lj_avx512;

#endif
