/* What the last steps of a quench tell of its Hessian: the two loops of L-BFGS. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nocedal, Math. Comp. 35, 773 (1980). The loops run over the products of all pairs of vectors, so that the vectors
 * themselves are passed four times, each pass shared between threads, and not four times one after the other for
 * each step held. */
#ifndef QUENCH_HISTORY_H
#define QUENCH_HISTORY_H

#include "quench/mixed.h"
#include "quench/springs.h"
#include "quench/state.h"
#include "quench/tape.h"

enum { HISTORY = 12 }; /* steps held: more saves few evaluations, and costs more time than it saves */

/* Steps and force changes are kept in single precision: they only shape the direction, and half the bytes is half
 * the time. */
struct history {
    float *s[HISTORY], *y[HISTORY];      /* change of x, change of the gradient */
    double product[HISTORY][HISTORY];    /* s[a] . y[b], of use where a is no younger than b */
    double toward[HISTORY];              /* s[a] . f, where we are */
    double gamma;                        /* s.y / y.y of the last step: the first guess of the inverse curvature */
    int held, next;                      /* steps held; the slot the next one goes to */
    float *room;
    struct mixed sums;
};

isd_status history_init(struct history *history, struct quench_state *state);
void history_done(struct history *history);
void history_forget(struct history *history);
void history_tape(struct history *history, const struct quench_state *state, struct quench_tape *tape);

/* state->step = H f, H the approximate inverse that begins with that of the springs, where there are any. */
void history_direction(struct history *history, struct quench_state *state, const struct springs *springs);
/* Learns from a step that was just accepted: state holds the new place, and the trial the one it came from. As long as
 * any are held, no step may be left out. */
void history_learn(struct history *history, const struct quench_state *state);

#endif
