/* The solid as springs between near atoms: a cheap likeness of the Hessian. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every pair of near atoms is a spring along its line, as stiff as a function of its length that is fitted, for each
 * pair of types, to one product of the Hessian with a random vector: so it serves any potential, and costs one
 * evaluation. What the quench wants of it is M = (D + L) D^-1 (D + L'), D + L + L' the springs' matrix (one sweep of
 * symmetric Gauss-Seidel), whose inverse is applied in one pass there and one back, as Packwood et al.
 * (arXiv:1604.02570) apply theirs: minimisers preconditioned by it need a third of the steps. */
#ifndef QUENCH_SPRINGS_H
#define QUENCH_SPRINGS_H

#include "quench/state.h"

enum { SPRINGS_AT_ONCE = 4 };

/* x y z and a zero. Single precision: all this only shapes a direction. */
typedef float springs_vector __attribute__((vector_size(16)));

struct springs {
    size_t n;
    int32_t *atom;           /* [n] whose place is k: atoms near in space are near in this order */
    int32_t *first;          /* [shares + 1] runs of places between which there are no springs */
    int32_t shares;
    int64_t *start;          /* [n + 1] springs of place k with places before it, filled up to SPRINGS_AT_ONCE by some of no weight */
    int32_t *other;          /* [room] the place before */
    springs_vector *w;       /* [room] unit vector times the root of the stiffness */
    int64_t room;
    springs_vector *inverse; /* [3 n] columns of the inverses of the diagonal blocks */
    springs_vector *work;    /* [2 n] */
    double mean;             /* stiffness of a typical atom */
};

/* Springs at state->x, in the place of those there are; one evaluation. TRIAL_WILD: no sensible fit, and nothing is held (n = 0).
 * Uses step, trial_x, trial_f. */
enum quench_trial springs_make(struct quench_state *state, struct springs *springs);
void springs_done(struct springs *springs);

/* ret = M^-1 v; may be the same array. */
void springs_solve(const struct springs *springs, const struct quench_state *state, const double *v, double *ret);
/* Largest eigenvalue of the springs' matrix, from below, by power iterations. Costs no evaluation. Of no use when
 * cancelled. */
double springs_largest(const struct springs *springs, const struct quench_state *state);

#endif
