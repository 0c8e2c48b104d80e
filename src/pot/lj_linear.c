/* Lennard-Jones, force-shifted: LAMMPS' lj/smooth/linear. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

enum { A, B, AT_CUT, SLOPE_AT_CUT, CUTOFF };

#define PAIR_FORMULA(real, root, c, square, energy, force)                                                   \
    const real r = root(square), u = 1.0 / (square), u3 = u * u * u;                                         \
    energy = u3 * (c[A] * u3 - c[B]) - c[AT_CUT] - (r - c[CUTOFF]) * c[SLOPE_AT_CUT];                        \
    force = 6.0 * u3 * u * (2.0 * c[A] * u3 - c[B]) + c[SLOPE_AT_CUT] / r
#include "pot/pair_form.inc"

static void prepare(const isd_lj_pair *pair, double c[PAIR_CONSTANTS])
{
    const double s6 = pow(pair->sigma, 6.0), x6 = pow(pair->sigma / pair->cutoff, 6.0);
    c[A] = 4 * pair->epsilon * s6 * s6;
    c[B] = 4 * pair->epsilon * s6;
    c[AT_CUT] = 4 * pair->epsilon * (x6 * x6 - x6);
    c[SLOPE_AT_CUT] = -24 * pair->epsilon * (2 * x6 * x6 - x6) / pair->cutoff;
    c[CUTOFF] = pair->cutoff;
}

const struct pair_form pair_lj_linear = {
    .style = "lj/smooth/linear",
    .parameters = "epsilon (energy), sigma (length), cutoff (length)",
    .reference = "S. Toxvaerd, J. C. Dyre, J. Chem. Phys. 134, 081102 (2011); LAMMPS, pair_style lj/smooth/linear",
    .prepare = prepare,
    .kernel = PAIR_KERNELS,
};
