/* Lennard-Jones, cut, with or without an energy shift. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

enum { A, B, SHIFT };

/* With u = 1/r^2, a = 12 * 4 eps sigma^12 and b = 6 * 4 eps sigma^6: force on i along r_i - r_j: u^4 (a u^3 - b),
 * V = u^3 (a u^3 - 2 b)/12 - shift. No square root and one division a pair. */
#define PAIR_FORMULA(real, root, plus, c, square, energy, force)                                             \
    const real u = 1.0 / (square), u3 = u * u * u, net = plus(c[A], u3, -c[B]);                              \
    energy = plus((1.0 / 12) * u3, net - c[B], -c[SHIFT]);                                                   \
    force = u3 * u * net
#include "pot/pair_form.inc"

static void prepare_cut(const isd_lj_pair *pair, double c[PAIR_CONSTANTS])
{
    const double s6 = pow(pair->sigma, 6.0);
    c[A] = 48 * pair->epsilon * s6 * s6;
    c[B] = 24 * pair->epsilon * s6;
    c[SHIFT] = 0;
}

static void prepare_shifted(const isd_lj_pair *pair, double c[PAIR_CONSTANTS])
{
    const double x6 = pow(pair->sigma / pair->cutoff, 6.0);
    prepare_cut(pair, c);
    c[SHIFT] = 4 * pair->epsilon * (x6 * x6 - x6);
}

#define PARAMETERS "epsilon (energy), sigma (length), cutoff (length)"
#define REFERENCE "LAMMPS, pair_style lj/cut"

const struct pair_form pair_lj_cut = {"lj/cut", PARAMETERS, REFERENCE, prepare_cut, PAIR_KERNELS};
const struct pair_form pair_lj_shifted = {"lj/cut", PARAMETERS, REFERENCE ", pair_modify shift yes", prepare_shifted,
                                          PAIR_KERNELS};

isd_status isd_potential_lj(const isd_lj_pair *pairs, int32_t n_types, bool shift,
                            isd_potential **ret_potential, isd_error *err)
{
    bool jumps = false;
    for (int32_t k = 0; n_types <= ISD_MAX_TYPES && k < n_types * n_types && !shift; k++) {
        const double x6 = pow(pairs[k].sigma / pairs[k].cutoff, 6.0);
        jumps = jumps || pairs[k].epsilon * (x6 * x6 - x6) != 0;
    }
    return pair_potential_new(shift ? &pair_lj_shifted : &pair_lj_cut,
                              shift ? "lj/cut, energy-shifted" : "lj/cut, not shifted", !jumps, pairs, n_types,
                              ret_potential, err);
}
