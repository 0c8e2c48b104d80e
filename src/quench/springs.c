/* The solid as springs between near atoms: a cheap likeness of the Hessian. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/springs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "quench/springs_fit.h"
#include "quench/stiffness.h"

#define SAMPLE 600 /* atoms that tell what is typical */
#define FLOOR 0.01 /* of the mean stiffness: what holds an atom without springs */
#define SHARE 8000 /* atoms, the work of one thread in a solution */
#define TURNS 20   /* of power iterations */

/* --- the matrix --- */

static void invert(double *m)
{
    const double xx = m[0], yy = m[1], zz = m[2], xy = m[3], xz = m[4], yz = m[5];
    const double a = yy * zz - yz * yz, b = xz * yz - xy * zz, c = xy * yz - xz * yy,
                 determinant = xx * a + xy * b + xz * c;
    m[0] = a / determinant;
    m[1] = (xx * zz - xz * xz) / determinant;
    m[2] = (xx * yy - xy * xy) / determinant;
    m[3] = b / determinant;
    m[4] = c / determinant;
    m[5] = (xy * xz - xx * yz) / determinant;
}

/* Springs across the border of two shares are left out, but each atom keeps the stiffness they give it. */
static size_t share_of(const struct springs *s, size_t place)
{
    return place * (size_t)s->shares / s->n;
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The median over a sample of the atoms: those that overlap do not shift it. */
static double typical(const struct springs_fit *fit, const struct springs *s)
{
    const size_t every = 1 + s->n / SAMPLE;
    float sample[SAMPLE + 1];
    size_t n = 0;
    for (size_t k = 0; k < s->n; k += every) {
        const double *m = s->inverse + 6 * k;
        sample[n++] = (float)((m[0] + m[1] + m[2]) / fit->state->box->dim);
    }
    qsort(sample, n, sizeof *sample, ascending);
    return (double)sample[n / 2];
}

static bool assemble(const struct springs_fit *fit, struct springs *s)
{
    float *stiffness = malloc((fit->n_near + 1) * sizeof *stiffness);
    size_t held = 0;
    if (!stiffness) {
        return false;
    }
    memset(s->start, 0, (s->n + 1) * sizeof *s->start);
    memset(s->inverse, 0, 6 * s->n * sizeof *s->inverse);
    for (size_t k = 0; k < fit->n_near; k++) {
        const struct near *p = &fit->near[k];
        const double k0 = springs_fit_stiffness(fit, p);
        const float *u = p->u, block[6] = {u[0] * u[0], u[1] * u[1], u[2] * u[2], u[0] * u[1], u[0] * u[2], u[1] * u[2]};
        for (size_t q = 0; q < 6 && k0 > 0; q++) {
            s->inverse[6 * (size_t)p->place + q] += k0 * (double)block[q];
            s->inverse[6 * (size_t)p->other + q] += k0 * (double)block[q];
        }
        const bool inside = k0 > 0 && share_of(s, (size_t)p->place) == share_of(s, (size_t)p->other);
        stiffness[k] = inside ? (float)k0 : 0;
        s->start[p->place + 1] += inside;
        held += inside;
    }
    s->other = malloc((held + 1) * sizeof *s->other);
    s->w = malloc((3 * held + 1) * sizeof *s->w);
    for (size_t k = 0; k < s->n; k++) {
        s->start[k + 1] += s->start[k];
    }
    for (size_t k = 0; k < fit->n_near && s->other && s->w; k++) {
        const struct near *p = &fit->near[k];
        if (stiffness[k] > 0) {
            const size_t at = (size_t)s->start[p->place]++;
            s->other[at] = p->other;
            for (size_t q = 0; q < 3; q++) {
                s->w[3 * at + q] = sqrtf(stiffness[k]) * p->u[q];
            }
        }
    }
    for (size_t k = s->n; k > 0; k--) {
        s->start[k] = s->start[k - 1];
    }
    s->start[0] = 0;
    free(stiffness);
    s->mean = typical(fit, s);
    for (size_t k = 0; k < s->n && s->mean > 0; k++) {
        double *m = s->inverse + 6 * k;
        for (int q = 0; q < 3; q++) {
            m[q] += FLOOR * s->mean + (q == 2 && fit->state->box->dim == 2 ? s->mean : 0);
        }
        invert(m);
    }
    return s->other && s->w && s->mean > 0;
}

void springs_done(struct springs *s)
{
    free(s->atom);
    free(s->start);
    free(s->other);
    free(s->w);
    free(s->inverse);
    free(s->work);
    *s = (struct springs){0};
}

enum quench_trial springs_make(struct quench_state *state, struct springs *s)
{
    springs_done(s);
    const size_t n = state->n3 / 3;
    struct springs_fit fit = {.state = state};
    double *v = malloc((state->n3 + 1) * sizeof *v);
    *s = (struct springs){.n = n,
                          .shares = (int32_t)(1 + n / SHARE),
                          .atom = malloc((n + 1) * sizeof *s->atom),
                          .start = malloc((n + 1) * sizeof *s->start),
                          .inverse = malloc((6 * n + 1) * sizeof *s->inverse),
                          .work = calloc(6 * n + 1, sizeof *s->work)};
    enum quench_trial found = TRIAL_GOOD;
    if (!v || !s->atom || !s->start || !s->inverse || !s->work) {
        isd_error_memory(state->err);
        found = TRIAL_FAILED;
    }
    if (found == TRIAL_GOOD && n > 1) {
        stiffness_random(state, v);
        found = stiffness_product(state, v, state->step);
    }
    if (found == TRIAL_GOOD) {
        const bool good = n > 1 && springs_fit_pairs(&fit, s->atom) && springs_fit_solve(&fit, v, state->step) && assemble(&fit, s);
        found = good ? TRIAL_GOOD : TRIAL_WILD;
    }
    if (found == TRIAL_WILD && isd_control_cancelled(state->control)) {
        isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        found = TRIAL_FAILED;
    }
    free(v);
    free(fit.near);
    if (found != TRIAL_GOOD) {
        springs_done(s);
    }
    return found;
}

/* --- what it is for --- */

static void times(const double *m, const double *x, double *ret)
{
    const double a = m[0] * x[0] + m[3] * x[1] + m[4] * x[2], b = m[3] * x[0] + m[1] * x[1] + m[5] * x[2],
                 c = m[4] * x[0] + m[5] * x[1] + m[2] * x[2];
    ret[0] = a;
    ret[1] = b;
    ret[2] = c;
}

struct solve {
    const struct springs *springs;
    const double *v;
    double *ret;
};

/* One share: there, and back. */
static void solve_share(void *arg, int32_t share)
{
    const struct solve *solve = arg;
    const struct springs *s = solve->springs;
    const size_t n = s->n, shares = (size_t)s->shares, c = (size_t)share;
    const size_t first = (n * c + shares - 1) / shares, last = (n * (c + 1) + shares - 1) / shares;
    double *x = s->work, *pull = s->work + 3 * n;
    for (size_t k = first; k < last; k++) {
        const double *from = solve->v + 3 * (size_t)s->atom[k];
        double b[3] = {from[0], from[1], from[2]};
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]}, *o = x + 3 * (size_t)s->other[e];
            const double along = w[0] * o[0] + w[1] * o[1] + w[2] * o[2];
            for (int q = 0; q < 3; q++) {
                b[q] += along * w[q];
            }
        }
        times(s->inverse + 6 * k, b, x + 3 * k);
        pull[3 * k] = pull[3 * k + 1] = pull[3 * k + 2] = 0;
    }
    for (size_t k = last; k-- > first;) {
        double more[3], *o = x + 3 * k;
        times(s->inverse + 6 * k, pull + 3 * k, more);
        for (int q = 0; q < 3; q++) {
            o[q] += more[q];
        }
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]};
            const double along = w[0] * o[0] + w[1] * o[1] + w[2] * o[2];
            double *p = pull + 3 * (size_t)s->other[e];
            for (int q = 0; q < 3; q++) {
                p[q] += along * w[q];
            }
        }
        memcpy(solve->ret + 3 * (size_t)s->atom[k], o, 3 * sizeof *o);
    }
}

void springs_solve(const struct springs *springs, const struct quench_state *state, const double *v, double *ret)
{
    struct solve solve = {springs, v, ret};
    isd_control_for(state->control, springs->shares, solve_share, &solve);
}

/* y = P x for the springs held, by places; returns the length of y. */
static double product(const struct springs *s, const double *x, double *y)
{
    memset(y, 0, 3 * s->n * sizeof *y);
    for (size_t k = 0; k < s->n; k++) {
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const size_t other = 3 * (size_t)s->other[e];
            const double w[3] = {s->w[3 * e], s->w[3 * e + 1], s->w[3 * e + 2]};
            double along = 0;
            for (size_t q = 0; q < 3; q++) {
                along += w[q] * (x[3 * k + q] - x[other + q]);
            }
            for (size_t q = 0; q < 3; q++) {
                y[3 * k + q] += along * w[q];
                y[other + q] -= along * w[q];
            }
        }
    }
    double sum = 0;
    for (size_t k = 0; k < 3 * s->n; k++) {
        sum += y[k] * y[k];
    }
    return sqrt(sum);
}

double springs_largest(const struct springs *s)
{
    double *x = s->work, *y = s->work + 3 * s->n, largest = 0;
    struct rng rng;
    rng_init(&rng, 2);
    for (size_t k = 0; k < 3 * s->n; k++) {
        x[k] = rng_double(&rng) - 0.5;
    }
    for (int turn = 0; turn < TURNS; turn++) {
        largest = product(s, x, y);
        for (size_t k = 0; k < 3 * s->n; k++) {
            x[k] = largest > 0 ? y[k] / largest : 0;
        }
    }
    return largest;
}
