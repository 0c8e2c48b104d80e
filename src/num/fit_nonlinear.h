/* Non-linear least squares, by GSL. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_FIT_NONLINEAR_H
#define NUM_FIT_NONLINEAR_H

#include "isdmin/status.h"

#define NONLINEAR_MAX 4

/* Weighted residuals (difference over error) of n points at these parameters. */
typedef void residual_fn(const double *parameter, double *ret_residual, void *arg);

struct nonlinear_fit {
    double chi_sq;
    double covariance[NONLINEAR_MAX][NONLINEAR_MAX]; /* of the parameters; not scaled by chi_sq */
    int iterations;
};

/* From `parameter` to the least sum of squares near it, in place. n >= n_parameters. ISD_DATA: no convergence; `parameter` is then
 * where it stopped. */
isd_status nonlinear_fit(int n, int n_parameters, residual_fn *residual, void *arg, double *parameter, struct nonlinear_fit *ret_fit,
                         isd_error *err);

#endif
