/* The loss modulus of a stretched exponential through points. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_FIT_KWW_H
#define NUM_FIT_KWW_H

#include "isdmin/status.h"

/* G''(w) = plateau * w Int_0^inf cos(w t) exp(-(t/tau)^beta) dt. Errors from the covariance, not scaled by chi_sq; of points
 * without errors scaled by their scatter about the curve. */
struct kww_fit {
    double plateau, tau, beta;
    double se_plateau, se_tau, se_beta;
    double w_peak, t_w_peak; /* where G'' is largest: angular frequency, and the period 2 pi/w that the paper calls its peak time */
    double chi_sq; /* NaN of points without errors */
    int n; /* points; n - 3 degrees of freedom */
};

/* Weighted least squares over log plateau, log tau and beta, 0.1 < beta <= 1.5; se NULL: all points weigh the same.
 * ISD_DATA: fewer than four points, no convergence, or a peak more than a decade outside the points. */
isd_status fit_kww(int n, const double *w, const double *loss, const double *se, struct kww_fit *ret_fit, isd_error *err);

#endif
