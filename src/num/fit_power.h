/* Power laws through points with errors in both coordinates. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_FIT_POWER_H
#define NUM_FIT_POWER_H

#include "isdmin/status.h"

/* y = amplitude * x^exponent. */
struct power_fit {
    double amplitude, exponent;
    double se_amplitude, se_exponent; /* from the covariance; not scaled by chi_sq */
    double exponent_low, exponent_high; /* where chi_sq is 1 above its least, the amplitude fitted anew; NaN where it never is */
    double chi_sq;
    int n; /* points; n - 2 degrees of freedom */
};

/* The least of sum (y - f(x))^2 / (se_y^2 + (f'(x) se_x)^2), by GSL's trust region (Levenberg, Marquardt) over log amplitude and exponent
 * (paper, Eq. 1). y may be negative within its error; x and se_y must be positive, se_x may be 0. ISD_DATA: fewer than
 * three points, x all alike, no convergence. */
isd_status fit_power(int n, const double *x, const double *se_x, const double *y, const double *se_y,
                     struct power_fit *ret_fit, isd_error *err);
/* The same without exponent_low and exponent_high (NaN), which take a hundred times as long as all else. */
isd_status fit_power_alone(int n, const double *x, const double *se_x, const double *y, const double *se_y,
                           struct power_fit *ret_fit, isd_error *err);

#endif
