/* Minimisers that follow Newton's equations and take the motion out. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fire: FIRE 2.0, Guenole et al., Comput. Mater. Sci. 175, 109584 (2020). quickmin: Sheppard, Terrell, Henkelman,
 * J. Chem. Phys. 128, 134106 (2008). Masses are 1, and the time step follows the stiffness of a typical atom, so
 * that the same code serves every system of units. Both may climb for a while: they roll. */
#include <math.h>
#include <stdlib.h>

#include "quench/pins.h"
#include "quench/state.h"
#include "quench/stiffness.h"
#include "quench/tape.h"

/* Time steps in units of 1/sqrt(typical stiffness). */
#define FIRE_FIRST 0.2
#define FIRE_LONGEST 1.1
#define FIRE_SHORTEST 0.004
#define QUICKMIN_STEP 0.5
#define QUICKMIN_GROW 1.02
#define QUICKMIN_SHRINK 0.8

/* Of FIRE 2.0, as published. */
#define DELAY 20
#define GROW 1.1
#define SHRINK 0.5
#define MIX 0.25
#define MIX_SHRINK 0.99

#define MEASURE_EVERY 100 /* steps between two looks at the stiffness */
#define PATIENCE 20000    /* one swing of the softest motion takes thousands of steps */
#define MOST_REFUSALS 30  /* of steps that end where no force is finite */

struct dynamics {
    double *v;
    double unit;      /* of time */
    double dt, mix;   /* dt in that unit */
    int along, steps; /* steps since the motion last went against the force; since the stiffness was measured */
};

static void dynamics_done(void *memory)
{
    struct dynamics *m = memory;
    if (m) {
        free(m->v);
        free(m);
    }
}

static void dynamics_tape(struct quench_state *state, void *memory, struct quench_tape *tape)
{
    struct dynamics *m = memory;
    tape_item(tape, m->v, state->n3 * sizeof *m->v);
    TAPE(tape, m->unit);
    TAPE(tape, m->dt);
    TAPE(tape, m->mix);
    TAPE(tape, m->along);
    TAPE(tape, m->steps);
}

static isd_status dynamics_init(struct quench_state *state, void **ret_memory)
{
    struct dynamics *m = calloc(1, sizeof *m);
    double *v = calloc(state->n3 + 1, sizeof *v);
    if (!m || !v) {
        free(m);
        free(v);
        return isd_error_memory(state->err);
    }
    m->v = v;
    m->dt = FIRE_FIRST;
    m->mix = MIX;
    *ret_memory = m;
    return ISD_OK;
}

static enum quench_trial measure(struct dynamics *m, struct quench_state *state)
{
    double stiffness = 0;
    const enum quench_trial found = stiffness_typical(state, &stiffness);
    stiffness = fmax(stiffness, pins_stiffness(state));
    if (found == TRIAL_GOOD) {
        m->unit = stiffness > 0 ? 1 / sqrt(stiffness) : state->length * 1e-2;
        m->steps = 0;
    }
    return found;
}

static void halt(struct dynamics *m, size_t n3)
{
    for (size_t k = 0; k < n3; k++) {
        m->v[k] = 0;
    }
}

/* FIRE's bookkeeping and turning of the velocity; adds to `step` the half step back after a climb. */
static void fire_turn(struct dynamics *m, struct quench_state *state, double power)
{
    const size_t n3 = state->n3;
    if (power > 0) {
        if (++m->along > DELAY) {
            m->dt = fmin(GROW * m->dt, FIRE_LONGEST);
            m->mix *= MIX_SHRINK;
        }
    } else {
        const double back = 0.5 * m->dt * m->unit;
        for (size_t k = 0; k < n3; k++) {
            state->step[k] = -back * m->v[k];
        }
        m->along = 0;
        m->mix = MIX;
        m->dt = fmax(SHRINK * m->dt, FIRE_SHORTEST);
        halt(m, n3);
    }
    const double dt = m->dt * m->unit;
    for (size_t k = 0; k < n3; k++) {
        m->v[k] += dt * state->f[k];
    }
    const double scale = m->mix * sqrt(quench_dot(state, m->v, m->v) / quench_dot(state, state->f, state->f));
    for (size_t k = 0; k < n3; k++) {
        m->v[k] = (1 - m->mix) * m->v[k] + scale * state->f[k];
    }
}

/* Only the velocity along the force is kept, none when it goes against it. A step that overshoots every time would go
 * to and fro for ever: it shrinks with each turn back, and recovers. */
static void quickmin_turn(struct dynamics *m, struct quench_state *state, double power)
{
    m->dt = power < 0 ? QUICKMIN_SHRINK * m->dt : fmin(QUICKMIN_GROW * m->dt, QUICKMIN_STEP);
    const double keep = power > 0 ? power / quench_dot(state, state->f, state->f) : 0,
                 dt = m->dt * m->unit;
    for (size_t k = 0; k < state->n3; k++) {
        m->v[k] = (keep + dt) * state->f[k];
    }
}

typedef void turn_fn(struct dynamics *m, struct quench_state *state, double power);

static enum quench_outcome move(struct dynamics *m, struct quench_state *state, turn_fn *turn)
{
    if (m->unit == 0 || m->steps >= MEASURE_EVERY) {
        if (measure(m, state) == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        m->unit = m->unit > 0 ? m->unit : 1e-2 * state->length;
    }
    m->steps++;
    for (int refusal = 0; refusal < MOST_REFUSALS; refusal++) {
        for (size_t k = 0; k < state->n3; k++) {
            state->step[k] = 0;
        }
        turn(m, state, quench_dot(state, m->v, state->f));
        const double dt = m->dt * m->unit;
        for (size_t k = 0; k < state->n3; k++) {
            state->step[k] += dt * m->v[k];
        }
        quench_limit(state);
        const enum quench_trial found = quench_try(state, 1);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        if (found == TRIAL_GOOD) {
            quench_accept(state);
            return QUENCH_MOVED;
        }
        halt(m, state->n3);
        m->unit *= 0.5;
        m->steps = MEASURE_EVERY; /* measure again as soon as a step went well */
    }
    return QUENCH_STUCK;
}

static enum quench_outcome fire_step(struct quench_state *state, void *memory)
{
    return move(memory, state, fire_turn);
}

static isd_status quickmin_init(struct quench_state *state, void **ret_memory)
{
    const isd_status status = dynamics_init(state, ret_memory);
    if (!status) {
        ((struct dynamics *)*ret_memory)->dt = QUICKMIN_STEP;
    }
    return status;
}

static enum quench_outcome quickmin_step(struct quench_state *state, void *memory)
{
    return move(memory, state, quickmin_turn);
}

const struct quench_method quench_fire = {"fire", PATIENCE, dynamics_init, fire_step, dynamics_done, NULL,
                                           dynamics_tape};
const struct quench_method quench_quickmin = {"quickmin", PATIENCE, quickmin_init, quickmin_step, dynamics_done, NULL,
                                               dynamics_tape};
