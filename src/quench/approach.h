/* The first part of the way down, where basins are chosen. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fast minimiser started far up jumps into basins that steepest descent never sees. So the flow dx/dt = F is
 * followed coarsely until the forces are small, by the stabilised Runge-Kutta-Chebyshev method of first order (van
 * der Houwen, Sommeijer, Z. Angew. Math. Mech. 60, 479 (1980)): s evaluations carry a step 1.9 s^2 over the largest
 * eigenvalue, which the springs tell. */
#ifndef QUENCH_APPROACH_H
#define QUENCH_APPROACH_H

#include "quench/springs.h"
#include "quench/state.h"
#include "quench/tape.h"

struct approach {
    double *room;      /* [2 * 3n] two stages */
    double h, largest; /* step of time; largest eigenvalue, 0: to be measured */
    double near;       /* root mean square of the forces below which it is over */
    long started;      /* evaluations when it began */
    int steps;         /* since the eigenvalue was measured */
    bool over;
};

isd_status approach_init(struct approach *approach, struct quench_state *state);
void approach_done(struct approach *approach);
void approach_tape(struct approach *approach, struct quench_tape *tape);

/* One step, or none: then `over` is set and the place is near a minimum. springs: made anew when they are needed. */
enum quench_outcome approach_step(struct approach *approach, struct quench_state *state, struct springs *springs);

#endif
