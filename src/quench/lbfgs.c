/* L-BFGS: limited-memory quasi-Newton without a line search. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nocedal, Math. Comp. 35, 773 (1980). The full step is tried, each atom's share limited on its own (a limit
 * on the whole step throws the method away as n grows), refused when it leads uphill, then shortened, then
 * forgotten for the steepest direction. */
#include <math.h>
#include <stdlib.h>

#include "quench/line.h"
#include "quench/mixed.h"
#include "quench/state.h"

/* More saves few evaluations (m = 40: 5 %) and costs more time than it saves. */
#define MEMORY 12

/* Steps and force changes are kept in single precision: they only shape the direction, and half the bytes is
 * half the time. */
struct pair {
    float *s, *y; /* x change, gradient change */
    double rho;   /* 1 / s.y */
};

struct lbfgs {
    struct pair pair[MEMORY];
    float *floats;
    struct mixed sums;
    int n, next;  /* pairs held; the slot the next one goes to */
    double gamma; /* s.y / y.y of the last pair: the first guess of the inverse curvature */
};

static void lbfgs_done(void *memory)
{
    struct lbfgs *m = memory;
    if (m) {
        free(m->floats);
        free(m);
    }
}

static isd_status lbfgs_init(struct quench_state *state, void **ret_memory)
{
    struct lbfgs *m = calloc(1, sizeof *m);
    float *floats = malloc((2 * MEMORY * state->n3 + 1) * sizeof *floats);
    if (!m || !floats) {
        free(m);
        free(floats);
        return isd_error_memory(state->err);
    }
    m->floats = floats;
    m->sums = mixed_best();
    for (size_t k = 0; k < MEMORY; k++) {
        m->pair[k].s = floats + 2 * k * state->n3;
        m->pair[k].y = m->pair[k].s + state->n3;
    }
    *ret_memory = m;
    return ISD_OK;
}

/* state->step = H f by the two loops. */
static void direction(const struct lbfgs *m, struct quench_state *state)
{
    double alpha[MEMORY], *d = state->step;
    const size_t n3 = state->n3;
    for (size_t k = 0; k < n3; k++) {
        d[k] = state->f[k];
    }
    for (int k = 0; k < m->n; k++) {
        const struct pair *p = &m->pair[(m->next - 1 - k + 2 * MEMORY) % MEMORY];
        alpha[k] = p->rho * m->sums.dot(p->s, d, n3);
        m->sums.add(d, -alpha[k], p->y, n3);
    }
    for (size_t k = 0; k < n3; k++) {
        d[k] *= m->gamma;
    }
    for (int k = m->n - 1; k >= 0; k--) {
        const struct pair *p = &m->pair[(m->next - 1 - k + 2 * MEMORY) % MEMORY];
        m->sums.add(d, alpha[k] - p->rho * m->sums.dot(p->y, d, n3), p->s, n3);
    }
}

/* Learns from a step that was just accepted: state holds the new place, and the trial the one it came from.
 */
static void learn(struct lbfgs *m, const struct quench_state *state)
{
    struct pair *p = &m->pair[m->next];
    double sy = 0, yy = 0, ss = 0;
    for (size_t k = 0; k < state->n3; k++) {
        const double s = state->x[k] - state->trial_x[k], y = state->trial_f[k] - state->f[k];
        sy += s * y;
        yy += y * y;
        ss += s * s;
        p->s[k] = (float)s;
        p->y[k] = (float)y;
    }
    /* no curvature, or negative (always so where the force jumps as a pair leaves the cutoff): nothing to
     * learn */
    if (sy > 1e-10 * sqrt(ss * yy) && yy > 0) {
        p->rho = 1 / sy;
        m->gamma = sy / yy;
        m->next = (m->next + 1) % MEMORY;
        m->n = m->n < MEMORY ? m->n + 1 : MEMORY;
    } else if (m->n == MEMORY) {
        m->n--; /* the oldest lay where this one was tried */
    }
}

/* The full quasi-Newton step, shortened while it leads uphill. QUENCH_STUCK: the memory is of no use here. */
static enum quench_outcome quasi_newton(struct lbfgs *m, struct quench_state *state)
{
    direction(m, state);
    quench_limit(state);
    const double slope0 = -quench_dot(state->f, state->step, state->n3);
    double scale = 1;
    for (int trial = 0; slope0 < 0 && trial < 6; trial++) {
        const enum quench_trial found = quench_try(state, scale);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        const double slope1 = found == TRIAL_GOOD ? -quench_dot(state->trial_f, state->step, state->n3) : NAN;
        if (found == TRIAL_GOOD && quench_downhill(state, slope0, slope1)) {
            quench_accept(state);
            learn(m, state);
            return QUENCH_MOVED;
        }
        scale *= slope1 > 0 ? fmin(fmax(slope0 / (slope0 - slope1), 0.1), 0.5) : 0.2;
    }
    return QUENCH_STUCK;
}

static enum quench_outcome lbfgs_step(struct quench_state *state, void *memory)
{
    struct lbfgs *m = memory;
    if (m->n > 0) {
        const enum quench_outcome outcome = quasi_newton(m, state);
        if (outcome != QUENCH_STUCK) {
            return outcome;
        }
        m->n = 0;
    }
    const enum quench_outcome outcome = line_steepest(state);
    if (outcome == QUENCH_MOVED) {
        learn(m, state);
    }
    return outcome;
}

const struct quench_method quench_lbfgs = {"lbfgs", 2000, lbfgs_init, lbfgs_step, lbfgs_done};
