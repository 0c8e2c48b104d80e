/* Transforms of the stretched exponential (Kohlrausch, Williams, Watts). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_KWW_H
#define NUM_KWW_H

/* x * Int_0^inf cos(x t) exp(-t^beta) dt, the loss of a Maxwell-like fluid with unit plateau and time, and x * Int sin(x t) exp(-t^beta)
 * dt, its storage; for 0.1 <= beta <= 2 and x > 0, to 1e-12 of the larger of them (the form behind the paper's beta_KWW; Wuttke, Algorithms 5, 604 (2012), for
 * the definitions). NaN outside. */
double kww_loss(double x, double beta);
double kww_storage(double x, double beta);

/* Where the loss is largest, and how large: x in units of 1/tau. */
double kww_peak(double beta, double *ret_height);

#endif
