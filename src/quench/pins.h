/* Pairs of atoms that sit where their force jumps. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table that ends with a push gives an energy with a kink: two atoms are pushed apart just inside of the cutoff and not
 * outside, and where all else draws them together they come to rest on the kink itself. The forces vanish there in the sense of
 * Filippov: some force between the limit from inside and that from outside balances. Quenches find such minima by letting
 * the jump take place over a width that is far below any length that matters: the share of the jump that is left is then
 * the force between the limits. */
#ifndef QUENCH_PINS_H
#define QUENCH_PINS_H

#include "quench/state.h"
#include "quench/tape.h"

/* Inside of the distance `at` the atoms push each other away by `jump` more than outside. */
struct pin {
    int32_t i, j;
    double at, jump;
};

/* Looks for pairs at x within a small distance of their cutoff whose force there jumps by more than `least`, and adds those
 * not yet held; *ret_found: how many. A few evaluations, if there are any; uses `step`, trial_x and trial_f. */
enum quench_trial pins_look(struct quench_state *state, double least, int32_t *ret_found);
void pins_done(struct pins *pins);
void pins_tape(struct pins *pins, size_t n3, struct quench_tape *tape);

/* Adds to the forces at x what the width of the jumps makes of them. */
void pins_add(const struct quench_state *state, const double *x, double *f);
/* How stiff that is, for what moves two atoms apart: the largest of all; 0 without any. */
double pins_stiffness(const struct quench_state *state);

/* What the pins do at x, told by another evaluator, whose forces there are given. */
struct pinned {
    int32_t n;         /* pairs that rest on a kink */
    int32_t i, j;      /* of these, the one with the largest jump */
    double at;         /* their distance */
    double inside, outside; /* the forces that draw them apart, just inside of it and just outside */
};

/* Measures the jumps afresh, and adds to f the share that balances. */
isd_status pins_judge(struct quench_state *state, isd_evaluator *evaluator, double *f, struct pinned *ret_pinned);

#endif
