/* L-BFGS on springs: the fast method. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * First steepest descent is followed, coarsely, until the basin is near (approach.c). Then quasi-Newton steps whose
 * first guess of the Hessian is the solid as springs (springs.c). The full step is tried, each atom's share limited on
 * its own (a limit on the whole step throws the method away as n grows), refused when it leads uphill, then shortened,
 * then forgotten for the steepest direction. */
#include <math.h>
#include <stdlib.h>

#include "quench/approach.h"
#include "quench/history.h"
#include "quench/line.h"
#include "quench/springs.h"
#include "quench/state.h"
#include "quench/tape.h"

#define STALE 0.3  /* springs are made anew when the forces have fallen to this share */
#define OLD 64    /* iterations, then too */
#define LASTING 1e-2 /* of the forces at which the approach ends: below, the atoms hardly move, and springs last */

struct lbfgs {
    struct approach approach;
    struct history history;
    struct springs springs;
    int age;        /* of the springs, iterations */
    double made_at; /* forces when springs were made, or could not be; 0: make them */
};

static void lbfgs_done(void *memory)
{
    struct lbfgs *m = memory;
    if (m) {
        approach_done(&m->approach);
        history_done(&m->history);
        springs_done(&m->springs);
        free(m);
    }
}

static isd_status lbfgs_init(struct quench_state *state, void **ret_memory)
{
    struct lbfgs *m = calloc(1, sizeof *m);
    isd_status status = m ? history_init(&m->history, state) : isd_error_memory(state->err);
    if (!status) {
        status = approach_init(&m->approach, state);
    }
    if (status) {
        lbfgs_done(m);
        return status;
    }
    *ret_memory = m;
    return ISD_OK;
}

static void lbfgs_rest(void *memory)
{
    struct lbfgs *m = memory;
    springs_done(&m->springs);
    m->made_at = 0;
    m->approach.largest = 0;
}

static void lbfgs_tape(struct quench_state *state, void *memory, struct quench_tape *tape)
{
    struct lbfgs *m = memory;
    approach_tape(&m->approach, tape);
    history_tape(&m->history, state, tape);
}

/* The full quasi-Newton step, shortened while it leads uphill. QUENCH_STUCK: the memory is of no use here. */
static enum quench_outcome quasi_newton(struct lbfgs *m, struct quench_state *state)
{
    history_direction(&m->history, state, &m->springs);
    const double slope0 = -quench_aim(state);
    double scale = 1;
    for (int trial = 0; slope0 < 0 && trial < 6; trial++) {
        const enum quench_trial found = trial == 0 ? quench_evaluate(state, state->trial_x) : quench_try(state, scale);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        const double slope1 = found == TRIAL_GOOD ? -quench_dot(state, state->trial_f, state->step) : NAN;
        if (found == TRIAL_GOOD && quench_downhill(state, scale * slope0, scale * slope1)) {
            quench_accept(state);
            history_learn(&m->history, state);
            return QUENCH_MOVED;
        }
        scale *= slope1 > 0 ? fmin(fmax(slope0 / (slope0 - slope1), 0.1), 0.5) : 0.2;
    }
    return QUENCH_STUCK;
}

/* Springs that have become old, or were made where the forces were much larger, are made anew. */
static bool refresh(struct lbfgs *m, struct quench_state *state)
{
    const double rms = state->rms, lasting = LASTING * m->approach.near;
    const bool fallen = rms < STALE * m->made_at && m->made_at > lasting, old = ++m->age >= OLD && rms > lasting;
    if (m->made_at == 0 || fallen || old) {
        m->made_at = rms;
        m->age = 0;
        return springs_make(state, &m->springs) != TRIAL_FAILED;
    }
    return true;
}

static enum quench_outcome lbfgs_step(struct quench_state *state, void *memory)
{
    struct lbfgs *m = memory;
    if (!m->approach.over) {
        const enum quench_outcome outcome = approach_step(&m->approach, state, &m->springs);
        if (!m->approach.over) {
            return outcome;
        }
        m->made_at = 0;
    }
    if (!refresh(m, state)) {
        return QUENCH_FAILED;
    }
    if (m->history.held > 0 || m->springs.n > 0) {
        const enum quench_outcome outcome = quasi_newton(m, state);
        if (outcome != QUENCH_STUCK) {
            return outcome;
        }
        history_forget(&m->history);
    }
    const enum quench_outcome outcome = line_steepest(state);
    if (outcome == QUENCH_MOVED) {
        history_learn(&m->history, state);
    }
    return outcome;
}

const struct quench_method quench_lbfgs = {"lbfgs", 2000, lbfgs_init, lbfgs_step, lbfgs_done, lbfgs_rest, lbfgs_tape};
