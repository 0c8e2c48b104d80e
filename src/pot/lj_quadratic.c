/* Lennard-Jones with a quadratic smoothing, of the Kob-Andersen literature. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

enum { A, B, CONSTANT, SQUARE };

/* 4 eps ((sigma/r)^12 - (sigma/r)^6 + c0 + c2 (r/sigma)^2), energy and force 0 at the cutoff. */
#define PAIR_FORMULA(real, root, plus, c, square, energy, force)                                                   \
    const real u = 1.0 / (square), u3 = u * u * u, net = plus(c[A], u3, -c[B]);                              \
    energy = plus((1.0 / 12) * u3, net - c[B], plus(c[SQUARE], square, c[CONSTANT]));                        \
    force = plus(u3 * u, net, -2.0 * c[SQUARE])
#include "pot/pair_form.inc"

static void prepare(const isd_lj_pair *pair, double c[PAIR_CONSTANTS])
{
    const double s6 = pow(pair->sigma, 6.0), x6 = pow(pair->sigma / pair->cutoff, 6.0);
    c[A] = 48 * pair->epsilon * s6 * s6;
    c[B] = 24 * pair->epsilon * s6;
    c[CONSTANT] = 4 * pair->epsilon * (4 * x6 - 7 * x6 * x6);
    c[SQUARE] = 4 * pair->epsilon * (6 * x6 * x6 - 3 * x6) / (pair->cutoff * pair->cutoff);
}

const struct pair_form pair_lj_quadratic = {
    .style = "lj/smooth/quadratic",
    .parameters = "epsilon (energy), sigma (length), cutoff (length)",
    .reference = "S. D. Stoddard, J. Ford, Phys. Rev. A 8, 1504 (1973); S. Sastry, P. G. Debenedetti, F. H. Stillinger, "
                 "Nature 393, 554 (1998)",
    .prepare = prepare,
    .kernel = PAIR_KERNELS,
};
