/* Small linear least squares by normal equations. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_NORMAL_H
#define NUM_NORMAL_H

#include <stdbool.h>

#define NORMAL_MAX 10

/* Sums over rows of basis functions f and one observable y. They add up: the sums of parts are the sums of the whole. */
struct normal {
    int n;
    double rows;
    double ff[NORMAL_MAX][NORMAL_MAX]; /* lower triangle */
    double fy[NORMAL_MAX];
    double yy;
};

void normal_init(struct normal *normal, int n);
void normal_add(struct normal *normal, const double *f, double y);
/* normal += factor * other */
void normal_combine(struct normal *normal, const struct normal *other, double factor);

/* Coefficients of the chosen functions (the others held at 0), by Cholesky; for bases that are nearly orthogonal. False if they
 * are not independent on the rows. */
bool normal_solve(const struct normal *normal, const int *chosen, int n_chosen, double *ret_coefficients);
/* Sum of the squared residuals of such a solution. */
double normal_residual(const struct normal *normal, const int *chosen, int n_chosen, const double *coefficients);

#endif
