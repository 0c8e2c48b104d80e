/* The relaxation modulus from stress fluctuations at rest. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_GREEN_KUBO_H
#define ANALYSIS_GREEN_KUBO_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"

/* G(t) = V/kT <s(0) s(t)>, averaged over the components given (independent shear components: xy, xz, yz, (xx-yy)/2,
 * (xx+yy-2zz)/sqrt(12); in 2D xy, (xx-yy)/2), every time as an origin, the mean of s NOT subtracted (it is zero by symmetry; over a
 * finite run subtracting it takes a constant off G). */
struct green_kubo {
    int32_t n;      /* lags: 0 ... n - 1 */
    int components;
    double dt, t_cut;
    int parts;      /* that errors are told from: components, or stretches of the run (blocks) */
    bool blocks;
    double *g, *se; /* [n] */
    double *each;   /* [parts * n] */
};

enum { GREEN_KUBO_PARTS = 64 }; /* at most */

/* s[c][k]: component c at time k dt, n_rows of them; lags up to t_cut. Errors over `blocks` stretches of the run, each averaged over the components;
 * 0: over the components, of a single one over five stretches. ISD_DATA: t_cut longer than the run. */
isd_status green_kubo_new(const double *const *s, int components, int32_t n_rows, double dt, double volume, double kT, double t_cut, int blocks,
                          struct green_kubo **ret_gk, isd_error *err);
void green_kubo_free(struct green_kubo *gk);

/* G' and G'' at w: w times the sine and cosine transform of G(t) (1 + cos(pi t/t_cut))/2 by trapezoids; errors over components. The taper
 * smears w by about pi/t_cut: NaN for periods longer than t_cut, of which G(t) knows nothing, and for those of fewer than four rows. Errors are
 * NaN where blocks do not reach to t_cut. */
struct green_kubo_moduli {
    double storage, loss, se_storage, se_loss;
};
struct green_kubo_moduli green_kubo_moduli(const struct green_kubo *gk, double w);

#endif
