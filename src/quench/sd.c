/* Steepest descent as what it is, the differential equation dx/dt = F. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The definition of an inherent structure, followed with error control by the stabilised explicit Runge-Kutta-Chebyshev
 * method of second order with its embedded error estimate (Sommeijer, Shampine, Verwer, J. Comput. Appl. Math. 88, 315
 * (1998)): s evaluations carry a step s^2/2 times as long as an explicit Euler step. Once the basin is settled (the
 * Hessian is positive in the space that Lanczos vectors from the force span, and the minimum is near), the fast method
 * finishes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quench/state.h"
#include "quench/stiffness.h"
#include "quench/tape.h"

#define TOLERANCE 1e-4    /* error of any atom's place in one step, in lengths */
#define MOST_STAGES 60
#define DAMPING (2.0 / 13)
#define MEASURE_EVERY 20  /* steps between two looks at the largest eigenvalue */
#define MOST_REFUSALS 60
#define VECTORS 40        /* of Lanczos, in one look at the Hessian */
#define NEAR 0.02         /* of a length: how far an atom may be from the minimum when the fast method takes over */
#define LOOK_AT 0.3       /* look again when the force has fallen to this share */

struct sd {
    double *room, *last, *before, *eigen, *product, *residual, *direction;
    double h, rho, error;  /* step of time; largest eigenvalue; error of the last step in tolerances, 0: none yet */
    double looked;         /* force at the last look at the Hessian, or at the start */
    int steps;             /* since rho was measured */
    void *finish;          /* memory of the fast method once it has taken over */
};

static void sd_done(void *memory)
{
    struct sd *m = memory;
    if (m) {
        if (m->finish) {
            quench_lbfgs.done(m->finish);
        }
        free(m->room);
        free(m);
    }
}

static void sd_rest(void *memory)
{
    struct sd *m = memory;
    if (m->finish) {
        quench_lbfgs.rest(m->finish);
    }
}

static void sd_tape(struct quench_state *state, void *memory, struct quench_tape *tape)
{
    struct sd *m = memory;
    bool finish = m->finish != NULL;
    tape_item(tape, m->eigen, state->n3 * sizeof *m->eigen);
    TAPE(tape, m->h);
    TAPE(tape, m->rho);
    TAPE(tape, m->error);
    TAPE(tape, m->looked);
    TAPE(tape, m->steps);
    TAPE(tape, finish);
    if (finish && !m->finish && quench_lbfgs.init(state, &m->finish)) {
        tape->bad = true;
    } else if (finish) {
        quench_lbfgs.tape(state, m->finish, tape);
    }
}

static isd_status sd_init(struct quench_state *state, void **ret_memory)
{
    struct sd *m = calloc(1, sizeof *m);
    double *room = calloc(6 * state->n3 + 1, sizeof *room);
    if (!m || !room) {
        free(m);
        free(room);
        return isd_error_memory(state->err);
    }
    double **part[] = {&m->last, &m->before, &m->eigen, &m->product, &m->residual, &m->direction};
    m->room = room;
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        *part[k] = room + k * state->n3;
    }
    *ret_memory = m;
    return ISD_OK;
}

/* --- one step of the equation --- */

/* Chebyshev polynomials of degree j at w0 by their recursion, with two derivatives. */
struct chebyshev {
    double t[3], d[3], dd[3]; /* of degree j, j-1, j-2 */
};

static void chebyshev_next(struct chebyshev *c, double w0)
{
    const double t = 2 * w0 * c->t[0] - c->t[1], d = 2 * w0 * c->d[0] - c->d[1] + 2 * c->t[0],
                 dd = 2 * w0 * c->dd[0] - c->dd[1] + 4 * c->d[0];
    *c = (struct chebyshev){{t, c->t[0], c->t[1]}, {d, c->d[0], c->d[1]}, {dd, c->dd[0], c->dd[1]}};
}

static double weight(const struct chebyshev *c)
{
    return c->dd[0] / (c->d[0] * c->d[0]);
}

/* Follows the flow for h from x: the end is evaluated in trial_x, `step` the way there. */
static enum quench_trial flow(struct sd *m, struct quench_state *state, double h, int stages)
{
    const size_t n3 = state->n3;
    const double w0 = 1 + DAMPING / ((double)stages * stages), *x = state->x, *f = state->f;
    struct chebyshev c = {.t = {w0, 1}, .d = {1, 0}, .dd = {0, 0}};
    for (int j = 2; j <= stages; j++) {
        chebyshev_next(&c, w0);
    }
    const double w1 = c.d[0] / c.dd[0];
    c = (struct chebyshev){.t = {w0, 1}, .d = {1, 0}, .dd = {0, 0}};
    chebyshev_next(&c, w0);
    double b1 = weight(&c), b2 = b1, a = 1 - b1 * w0; /* weights of stages j-1, j-2; a of j-1 */
    c = (struct chebyshev){.t = {w0, 1}, .d = {1, 0}, .dd = {0, 0}};
    for (size_t k = 0; k < n3; k++) {
        m->before[k] = x[k];
        m->last[k] = x[k] + b1 * w1 * h * f[k];
    }
    for (int j = 2; j <= stages; j++) {
        const enum quench_trial found = quench_evaluate(state, m->last);
        if (found != TRIAL_GOOD) {
            return found;
        }
        chebyshev_next(&c, w0);
        const double b = weight(&c), mu = 2 * b * w0 / b1, nu = -b / b2, now = 2 * b * w1 / b1 * h,
                     first = -a * now;
        for (size_t k = 0; k < n3; k++) {
            m->before[k] = (1 - mu - nu) * x[k] + mu * m->last[k] + nu * m->before[k] +
                           now * state->trial_f[k] + first * f[k];
        }
        double *swap = m->before;
        m->before = m->last;
        m->last = swap;
        a = 1 - b * c.t[0];
        b2 = b1;
        b1 = b;
    }
    for (size_t k = 0; k < n3; k++) {
        state->step[k] = m->last[k] - x[k];
    }
    quench_center(state);
    return quench_try(state, 1);
}

/* Estimated error of the atom that fares worst, in tolerances. */
static double error_of(const struct quench_state *state, double h)
{
    double worst_sq = 0;
    for (size_t k = 0; k < state->n3; k += 3) {
        double sq = 0;
        for (size_t q = k; q < k + 3; q++) {
            const double e = -0.8 * state->step[q] + 0.4 * h * (state->f[q] + state->trial_f[q]);
            sq += e * e;
        }
        worst_sq = sq > worst_sq ? sq : worst_sq;
    }
    return sqrt(worst_sq) / (TOLERANCE * state->length);
}

static enum quench_trial measure(struct sd *m, struct quench_state *state)
{
    double rho = 0;
    const enum quench_trial found = stiffness_largest(state, m->eigen, &rho);
    if (found == TRIAL_GOOD) {
        m->rho = rho > 0 ? rho : 1 / (state->length * state->length);
        m->steps = 0;
    }
    return found;
}

static enum quench_outcome descend(struct sd *m, struct quench_state *state)
{
    for (int refusal = 0; refusal < MOST_REFUSALS; refusal++) {
        if (m->rho == 0 || m->steps >= MEASURE_EVERY || refusal % 4 == 1) {
            if (measure(m, state) == TRIAL_FAILED) {
                return QUENCH_FAILED;
            }
            m->rho = m->rho > 0 ? m->rho : state->fmax / (1e-3 * state->length);
            m->h = m->h > 0 ? m->h : 0.1 / m->rho;
        }
        const double most = 0.65 * (MOST_STAGES * MOST_STAGES - 1) / m->rho;
        const double h = fmin(m->h, most);
        const int needed = 1 + (int)sqrt(1 + 1.54 * h * m->rho), stages = needed < 2 ? 2 : needed;
        const enum quench_trial found = flow(m, state, h, stages);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        const double error = found == TRIAL_GOOD ? error_of(state, h) : INFINITY;
        const double slope0 = found == TRIAL_GOOD ? -quench_dot(state, state->f, state->step) : 0;
        if (error <= 1 && quench_longest_scale(state) >= 1 &&
            quench_downhill(state, slope0, -quench_dot(state, state->trial_f, state->step))) {
            const double kept = m->error > 0 ? cbrt(fmin(m->error / error, 1)) : 1;
            m->h = h * fmin(fmax(0.8 * kept / cbrt(error), 0.1), 5);
            m->error = fmax(error, 1e-6);
            m->steps++;
            quench_accept(state);
            return QUENCH_MOVED;
        }
        m->h = h * fmin(fmax(0.8 / cbrt(error), 0.1), 0.5);
        m->error = 0;
    }
    return QUENCH_STUCK;
}

/* --- is the basin settled? --- */

/* Conjugate gradients on H s = f are Lanczos' vectors from f with the tridiagonal matrix factored on the way: it is
 * positive as long as every pivot is. s is then the way to the minimum, as far as these vectors tell. The flow itself has
 * left in f the softest directions and those along which it falls apart. */
static enum quench_trial look(struct sd *m, struct quench_state *state, bool *ret_settled)
{
    const size_t n3 = state->n3;
    double *s = m->last, *r = m->residual, *p = m->direction;
    memcpy(r, state->f, n3 * sizeof *r);
    memcpy(p, state->f, n3 * sizeof *p);
    memset(s, 0, n3 * sizeof *s);
    const double start = quench_dot(state, r, r);
    double rr = start;
    *ret_settled = false;
    for (int k = 0; k < VECTORS && rr > 1e-4 * start; k++) {
        const enum quench_trial found = stiffness_product(state, p, m->product);
        const double pivot = found == TRIAL_GOOD ? quench_dot(state, p, m->product) : 0;
        if (!(pivot > 0)) {
            return found;
        }
        const double alpha = rr / pivot;
        for (size_t q = 0; q < n3; q++) {
            s[q] += alpha * p[q];
            r[q] -= alpha * m->product[q];
        }
        const double next = quench_dot(state, r, r);
        for (size_t q = 0; q < n3; q++) {
            p[q] = r[q] + next / rr * p[q];
        }
        rr = next;
    }
    memcpy(state->step, s, n3 * sizeof *s);
    *ret_settled = quench_longest_scale(state) * NEAR * state->length >= state->longest_step;
    return TRIAL_GOOD;
}

static enum quench_outcome sd_step(struct quench_state *state, void *memory)
{
    struct sd *m = memory;
    if (m->finish) {
        return quench_lbfgs.step(state, m->finish);
    }
    bool settled = false;
    m->looked = m->looked > 0 ? m->looked : state->fmax;
    if (state->fmax < LOOK_AT * m->looked) {
        m->looked = state->fmax;
        if (look(m, state, &settled) == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
    }
    if (!settled) {
        const enum quench_outcome outcome = descend(m, state);
        if (outcome != QUENCH_STUCK) {
            return outcome;
        }
        /* the force jumps here, and no step of the equation is small enough */
    }
    if (quench_lbfgs.init(state, &m->finish)) {
        return QUENCH_FAILED;
    }
    return quench_lbfgs.step(state, m->finish);
}

const struct quench_method quench_sd = {"sd", 20000, sd_init, sd_step, sd_done, sd_rest, sd_tape};
