/* The first part of the way down, where basins are chosen. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/approach.h"

#include <math.h>
#include <stdlib.h>

#include "quench/line.h"

#define NEAR 5e-4         /* forces on an atom, over stiffness and size of an atom, that end it: see bench_quench */
#define TOLERANCE 0.1     /* error of any atom's place in one step, in lengths: what counts is that no step runs away */
#define MOST_STAGES 20
#define DAMPING 0.05
#define REACH 1.9         /* h largest / stages^2 */
#define MARGIN 1.2        /* the springs' eigenvalue is from below */
#define MEASURE_EVERY 8   /* steps */
#define MOST_REFUSALS 8
#define WILD 200          /* largest eigenvalue over typical stiffness: atoms that nearly overlap */
#define LONGEST 250       /* evaluations: then the fast method goes on, wherever we are */

isd_status approach_init(struct approach *approach, struct quench_state *state)
{
    *approach = (struct approach){.room = malloc((2 * state->n3 + 1) * sizeof(double)), .started = -1};
    return approach->room ? ISD_OK : isd_error_memory(state->err);
}

void approach_done(struct approach *approach)
{
    free(approach->room);
    approach->room = NULL;
}

void approach_tape(struct approach *approach, struct quench_tape *tape)
{
    TAPE(tape, approach->h);
    TAPE(tape, approach->largest);
    TAPE(tape, approach->near);
    TAPE(tape, approach->started);
    TAPE(tape, approach->steps);
    TAPE(tape, approach->over);
}

/* The next stage of the recursion, or the way made by the last one. */
struct stage {
    const double *x, *f, *last;
    double *to;
    double mu, nu, now;
};

static void first_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct stage *s = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        s->to[k] = s->x[k] + s->now * s->f[k];
    }
}

static void next_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct stage *s = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        s->to[k] = s->mu * s->last[k] + s->nu * s->to[k] + s->now * s->f[k];
    }
}

static void way_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct stage *s = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        s->to[k] = s->last[k] - s->x[k];
    }
}

/* Follows the flow for h: the end is evaluated in trial_x, `step` the way there. */
static enum quench_trial flow(struct approach *m, struct quench_state *state, double h, int stages)
{
    const double w0 = 1 + DAMPING / ((double)stages * stages);
    double t[2] = {w0, 1}, d[2] = {1, 0}; /* Chebyshev polynomials at w0 of degree j and j-1, and derivatives */
    for (int j = 2; j <= stages; j++) {
        const double next = 2 * w0 * t[0] - t[1], slope = 2 * t[0] + 2 * w0 * d[0] - d[1];
        t[1] = t[0];
        t[0] = next;
        d[1] = d[0];
        d[0] = slope;
    }
    const double w1 = t[0] / d[0];
    double *before = m->room, *last = m->room + state->n3;
    struct stage stage = {.x = state->x, .f = state->f, .to = before};
    quench_each(state, first_part, &stage);
    stage.to = last;
    stage.now = w1 / w0 * h;
    quench_each(state, first_part, &stage);
    t[0] = w0;
    t[1] = 1;
    for (int j = 2; j <= stages; j++) {
        const enum quench_trial found = quench_forces(state, last);
        if (found != TRIAL_GOOD) {
            return found;
        }
        const double next = 2 * w0 * t[0] - t[1];
        stage = (struct stage){.f = state->trial_f,
                               .last = last,
                               .to = before,
                               .mu = 2 * w0 * t[0] / next,
                               .nu = -t[1] / next,
                               .now = 2 * w1 * t[0] / next * h};
        quench_each(state, next_part, &stage);
        t[1] = t[0];
        t[0] = next;
        before = last;
        last = stage.to;
    }
    stage = (struct stage){.x = state->x, .last = last, .to = state->step};
    quench_each(state, way_part, &stage);
    quench_center(state);
    return quench_try(state, 1);
}

struct worst {
    const struct quench_state *state;
    double h;
};

static void error_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct worst *worst = arg;
    const struct quench_state *state = worst->state;
    double largest = 0;
    for (size_t k = first; k < last; k += 3) {
        double sq = 0;
        for (size_t q = k; q < k + 3; q++) {
            const double e = 0.5 * worst->h * (state->f[q] + state->trial_f[q]) - state->step[q];
            sq += e * e;
        }
        largest = sq > largest ? sq : largest;
    }
    state->part[chunk * QUENCH_SUMS] = largest;
}

/* Of the atom that fares worst, in tolerances: against the trapezoidal rule. */
static double error_of(const struct quench_state *state, double h)
{
    struct worst worst = {state, h};
    quench_each(state, error_part, &worst);
    return sqrt(quench_most(state)) / (TOLERANCE * state->length);
}

static bool measure(struct approach *m, struct quench_state *state, struct springs *springs)
{
    if (springs_make(state, springs) == TRIAL_FAILED) {
        return false;
    }
    m->largest = springs->n > 0 ? MARGIN * springs_largest(springs, state) : 0;
    m->near = NEAR * springs->mean * state->length;
    m->h = m->h > 0 || springs->n == 0 ? m->h : 0.1 / m->largest;
    m->steps = 0;
    return true;
}

static bool arrived(const struct approach *m, const struct quench_state *state)
{
    return state->rms < m->near || quench_evaluations(state) - m->started > LONGEST;
}

enum quench_outcome approach_step(struct approach *m, struct quench_state *state, struct springs *springs)
{
    m->started = m->started < 0 ? quench_evaluations(state) : m->started;
    for (int refusal = 0; refusal < MOST_REFUSALS; refusal++) {
        if ((m->largest == 0 || m->steps >= MEASURE_EVERY || refusal == MOST_REFUSALS / 2) && !measure(m, state, springs)) {
            return QUENCH_FAILED;
        }
        m->over = springs->n == 0 || arrived(m, state);
        if (m->over) {
            return QUENCH_STUCK;
        }
        if (m->largest > WILD * springs->mean) {
            break;
        }
        const double h = fmin(m->h, REACH * MOST_STAGES * MOST_STAGES / m->largest);
        const int stages = 2 + (int)sqrt(h * m->largest / REACH);
        const enum quench_trial found = flow(m, state, h, stages);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        const double error = found == TRIAL_GOOD ? error_of(state, h) : INFINITY;
        if (error <= 1 && quench_longest_scale(state) >= 1 &&
            quench_downhill(state, -quench_dot(state, state->f, state->step), -quench_dot(state, state->trial_f, state->step))) {
            m->h = h * fmin(fmax(0.8 / cbrt(error), 0.1), 5);
            m->steps++;
            quench_accept(state);
            return QUENCH_MOVED;
        }
        m->h = h * fmin(fmax(0.8 / cbrt(error), 0.1), 0.5);
    }
    m->largest = 0; /* a bad place: one sure step, then look again */
    return line_steepest(state);
}
