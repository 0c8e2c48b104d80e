/* A straight line through points with errors in both coordinates. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_YORK_H
#define NUM_YORK_H

#include "isdmin/status.h"

/* y = a + b x */
struct line_fit {
    double a, b, se_a, se_b;
    double chi_sq; /* weighted sum of squares; least squares without errors: residual sum over its variance, n - 2 */
};

/* York, Evensen, Lopez Martinez and De Basabe Delgado, Am. J. Phys. 72, 367 (2004), without correlation: the errors are those
 * expected of the adjusted points. se_x may be 0, se_y must not. ISD_DATA: fewer than three points, x all alike, or no
 * convergence. */
isd_status line_fit_york(int n, const double *x, const double *se_x, const double *y, const double *se_y, struct line_fit *ret_fit,
                         isd_error *err);

/* Ordinary least squares; errors from the scatter. */
isd_status line_fit_ordinary(int n, const double *x, const double *y, struct line_fit *ret_fit, isd_error *err);

#endif
