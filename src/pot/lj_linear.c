/* Lennard-Jones, force-shifted: LAMMPS' lj/smooth/linear. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

enum { A, B, BASE, SLOPE_AT_CUT };

/* a and b as in lj.c; less the straight line that touches at the cutoff. */
#define PAIR_FORMULA(real, root, plus, c, square, energy, force)                                                   \
    const real r = root(square), u = 1.0 / (square), u3 = u * u * u, net = plus(c[A], u3, -c[B]);            \
    energy = plus((1.0 / 12) * u3, net - c[B], plus(-c[SLOPE_AT_CUT], r, c[BASE]));                          \
    force = plus(u3 * u, net, c[SLOPE_AT_CUT] * (r * u))
#include "pot/pair_form.inc"

static void prepare(const isd_lj_pair *pair, double c[PAIR_CONSTANTS])
{
    const double s6 = pow(pair->sigma, 6.0), x6 = pow(pair->sigma / pair->cutoff, 6.0);
    c[A] = 48 * pair->epsilon * s6 * s6;
    c[B] = 24 * pair->epsilon * s6;
    c[SLOPE_AT_CUT] = -24 * pair->epsilon * (2 * x6 * x6 - x6) / pair->cutoff;
    c[BASE] = c[SLOPE_AT_CUT] * pair->cutoff - 4 * pair->epsilon * (x6 * x6 - x6);
}

const struct pair_form pair_lj_linear = {
    .style = "lj/smooth/linear",
    .parameters = "epsilon (energy), sigma (length), cutoff (length)",
    .reference = "S. Toxvaerd, J. C. Dyre, J. Chem. Phys. 134, 081102 (2011); LAMMPS, pair_style lj/smooth/linear",
    .prepare = prepare,
    .kernel = PAIR_KERNELS,
};
