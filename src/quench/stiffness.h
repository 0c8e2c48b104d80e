/* How stiff is it here? Second derivatives from differences of forces. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_STIFFNESS_H
#define QUENCH_STIFFNESS_H

#include "quench/state.h"

/* ret_hv = H v at x, H the matrix of second derivatives of the energy, by one evaluation at a place 1e-6
 * lengths away; uses trial_f. v must not be zero. */
enum quench_trial stiffness_product(struct quench_state *state, const double *v, double *ret_hv);

/* v = random numbers of size one, the same each time; none along z where atoms feel no force there. */
void stiffness_random(const struct quench_state *state, double *v);

/* Stiffness (force over length) of a typical atom: the median over the atoms of the size of their row of H. One
 * evaluation. Atoms that overlap do not shift it. Uses `step`, trial_x, trial_f. 0 without any. */
enum quench_trial stiffness_typical(struct quench_state *state, double *ret_stiffness);

/* Largest eigenvalue of H in size, by power iterations on v (3n, kept by the caller between calls; all zero: starts
 * from random numbers), with a margin above it. Uses `step`, trial_f. */
enum quench_trial stiffness_largest(struct quench_state *state, double *v, double *ret_stiffness);

#endif
