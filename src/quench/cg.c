/* Conjugate gradients, Polak-Ribiere, with a line search by slopes. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quench/line.h"
#include "quench/state.h"
#include "quench/tape.h"

struct cg {
    double *direction;
    double scale; /* where the last search ended */
    double slope; /* -f.direction there, at its start */
    long since;   /* steps since the direction was the force itself; 0: start anew */
};

static void cg_done(void *memory)
{
    struct cg *m = memory;
    if (m) {
        free(m->direction);
        free(m);
    }
}

static void cg_tape(struct quench_state *state, void *memory, struct quench_tape *tape)
{
    struct cg *m = memory;
    tape_item(tape, m->direction, state->n3 * sizeof *m->direction);
    TAPE(tape, m->scale);
    TAPE(tape, m->slope);
    TAPE(tape, m->since);
}

static isd_status cg_init(struct quench_state *state, void **ret_memory)
{
    struct cg *m = calloc(1, sizeof *m);
    double *direction = calloc(state->n3 + 1, sizeof *direction);
    if (!m || !direction) {
        free(m);
        free(direction);
        return isd_error_memory(state->err);
    }
    m->direction = direction;
    *ret_memory = m;
    return ISD_OK;
}

/* New direction from the forces before (trial_f) and now (f); restarts where it would not lead down. */
static void turn(struct cg *m, const struct quench_state *state)
{
    const size_t n3 = state->n3;
    const double old = quench_dot(state, state->trial_f, state->trial_f),
                 now = quench_dot(state, state->f, state->f);
    const double beta = fmax(0, (now - quench_dot(state, state->f, state->trial_f)) / old);
    double slope = 0;
    for (size_t k = 0; k < n3; k++) {
        m->direction[k] = state->f[k] + beta * m->direction[k];
        slope -= state->f[k] * m->direction[k];
    }
    m->since++;
    if (!(slope < 0) || !isfinite(slope)) {
        m->since = 0;
    }
}

static enum quench_outcome cg_step(struct quench_state *state, void *memory)
{
    struct cg *m = memory;
    for (int attempt = 0; attempt < 2; attempt++) {
        const bool fresh = m->since == 0;
        if (fresh) {
            memcpy(m->direction, state->f, state->n3 * sizeof *m->direction);
        }
        memcpy(state->step, m->direction, state->n3 * sizeof *state->step);
        const double slope0 = -quench_dot(state, state->f, state->step);
        /* the curvature along successive directions is alike: the step scales with slope over length squared
         */
        double slope1, scale = m->scale > 0 ? m->scale * fmin(fmax(m->slope / slope0, 0.1), 10)
                                            : 1e-4 * state->length * state->length;
        const enum quench_outcome outcome = line_search(state, slope0, 0.2, &scale, &slope1);
        if (outcome == QUENCH_FAILED) {
            return outcome;
        }
        if (outcome == QUENCH_MOVED) {
            m->scale = scale;
            m->slope = slope0;
            turn(m, state);
            return outcome;
        }
        m->since = 0;
        m->scale = 0;
        if (fresh) {
            return outcome;
        }
    }
    return QUENCH_STUCK;
}

const struct quench_method quench_cg = {"cg", 2000, cg_init, cg_step, cg_done, NULL, cg_tape};
