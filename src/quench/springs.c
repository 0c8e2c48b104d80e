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
#define SHARE 8000 /* atoms, the work of one thread; sums of their own have room in `part` of the state */
#define TURNS 20   /* of power iterations */
#define PARTS 4    /* of the search for pairs, a share: some find more than others */

/* --- the matrix --- */

/* m: xx yy zz xy xz yz. */
static void invert(const double *m, springs_vector *ret_columns)
{
    const double xx = m[0], yy = m[1], zz = m[2], xy = m[3], xz = m[4], yz = m[5];
    const double a = yy * zz - yz * yz, b = xz * yz - xy * zz, c = xy * yz - xz * yy,
                 scale = 1 / (xx * a + xy * b + xz * c), d = xy * xz - xx * yz;
    ret_columns[0] = (springs_vector){(float)(scale * a), (float)(scale * b), (float)(scale * c), 0};
    ret_columns[1] = (springs_vector){(float)(scale * b), (float)(scale * (xx * zz - xz * xz)), (float)(scale * d), 0};
    ret_columns[2] = (springs_vector){(float)(scale * c), (float)(scale * d), (float)(scale * (xx * yy - xy * xy)), 0};
}

static size_t first_of(const struct springs *s, size_t share)
{
    return (s->n * share + (size_t)s->shares - 1) / (size_t)s->shares;
}

/* Springs across the border of two shares are left out, but each atom keeps the stiffness they give it. */
static size_t share_of(const struct springs *s, size_t place)
{
    return place * (size_t)s->shares / s->n;
}

/* The median over a sample of the atoms: those that overlap do not shift it. */
static double typical(const double *block, size_t n, int dim)
{
    const size_t every = 1 + n / SAMPLE;
    float sample[SAMPLE + 1];
    size_t taken = 0;
    for (size_t k = 0; k < n; k += every) {
        const double *m = block + 6 * k;
        sample[taken++] = (float)((m[0] + m[1] + m[2]) / dim);
    }
    springs_fit_sort(sample, taken);
    return (double)sample[taken / 2];
}

/* The diagonal blocks, and which springs are held: the others lose their stiffness. Returns how many, or -1 when cancelled. */
static int64_t add_blocks(const struct springs_fit *fit, struct springs *s, double *block)
{
    int64_t held = 0;
    for (int32_t k = 0; k < fit->parts; k++) {
        for (size_t m = 0; m < fit->part[k].n; m++) {
            struct near *p = &fit->part[k].near[m];
            const float *u = p->u, part[6] = {u[0] * u[0], u[1] * u[1], u[2] * u[2], u[0] * u[1], u[0] * u[2], u[1] * u[2]};
            for (size_t q = 0; q < 6 && p->stiffness > 0; q++) {
                block[6 * (size_t)p->place + q] += p->stiffness * (double)part[q];
                block[6 * (size_t)p->other + q] += p->stiffness * (double)part[q];
            }
            const bool inside = (float)p->stiffness > 0 && share_of(s, (size_t)p->place) == share_of(s, (size_t)p->other);
            p->stiffness = inside ? p->stiffness : 0;
            s->start[p->place + 1] += inside;
            held += inside;
        }
        if (isd_control_cancelled(fit->state->control)) {
            return -1;
        }
    }
    return held;
}

static bool add_springs(const struct springs_fit *fit, struct springs *s)
{
    for (size_t k = 0; k < s->n; k++) {
        s->start[k + 1] += s->start[k];
    }
    bool good = true;
    for (int32_t k = 0; k < fit->parts && good; k++) {
        for (size_t m = 0; m < fit->part[k].n; m++) {
            const struct near *p = &fit->part[k].near[m];
            const float root = sqrtf((float)p->stiffness);
            if (root > 0) {
                const size_t at = (size_t)s->start[p->place]++;
                s->other[at] = p->other;
                s->w[at] = (springs_vector){root * p->u[0], root * p->u[1], root * p->u[2], 0};
            }
        }
        good = !isd_control_cancelled(fit->state->control);
    }
    for (size_t k = s->n; k > 0; k--) {
        s->start[k] = s->start[k - 1];
    }
    s->start[0] = 0;
    return good;
}

static bool assemble(const struct springs_fit *fit, struct springs *s)
{
    const int dim = fit->state->box->dim;
    double *block = calloc(6 * s->n + 1, sizeof *block);
    bool good = block != NULL;
    if (good) {
        memset(s->start, 0, (s->n + 1) * sizeof *s->start);
        const int64_t held = add_blocks(fit, s, block);
        s->other = malloc((size_t)(held + 1) * sizeof *s->other);
        s->w = malloc((size_t)(held + 1) * sizeof *s->w);
        good = held >= 0 && s->other && s->w;
    }
    if (good && add_springs(fit, s)) {
        s->mean = typical(block, s->n, dim);
    }
    good = good && s->mean > 0;
    for (size_t k = 0; k < s->n && good; k++) {
        good = !quench_interrupted(fit->state, k);
        double *m = block + 6 * k;
        for (int q = 0; q < 3; q++) {
            m[q] += FLOOR * s->mean + (q == 2 && dim == 2 ? s->mean : 0);
        }
        invert(m, s->inverse + 3 * k);
    }
    free(block);
    return good;
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
                          .inverse = malloc((3 * n + 1) * sizeof *s->inverse),
                          .work = calloc(2 * n + 1, sizeof *s->work)};
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
        const bool good = n > 1 && springs_fit_pairs(&fit, PARTS * s->shares, s->atom) && springs_fit_solve(&fit, v, state->step) && assemble(&fit, s);
        found = good ? TRIAL_GOOD : TRIAL_WILD;
    }
    if (found == TRIAL_WILD && isd_control_cancelled(state->control)) {
        isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        found = TRIAL_FAILED;
    }
    free(v);
    springs_fit_done(&fit);
    if (found != TRIAL_GOOD) {
        springs_done(s);
    }
    return found;
}

/* --- what it is for --- */

static inline springs_vector times(const springs_vector *column, springs_vector x)
{
    return column[0] * x[0] + column[1] * x[1] + column[2] * x[2];
}

/* The sum of a * b in each place. */
static inline springs_vector dot(springs_vector a, springs_vector b)
{
    springs_vector p = a * b;
    p += __builtin_shufflevector(p, p, 1, 0, 3, 2);
    return p + __builtin_shufflevector(p, p, 2, 3, 0, 1);
}

struct solve {
    const struct springs *springs;
    const double *v;
    double *ret;
    double scale; /* of v, so that single precision holds it */
};

/* One share: there, and back. */
static void solve_share(void *arg, int32_t share)
{
    const struct solve *solve = arg;
    const struct springs *s = solve->springs;
    const size_t first = first_of(s, (size_t)share), last = first_of(s, (size_t)share + 1);
    const double up = solve->scale, down = 1 / solve->scale;
    springs_vector *x = s->work, *pull = s->work + s->n;
    for (size_t k = first; k < last; k++) {
        const double *from = solve->v + 3 * (size_t)s->atom[k];
        springs_vector b = {(float)(up * from[0]), (float)(up * from[1]), (float)(up * from[2]), 0};
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            b += dot(s->w[e], x[s->other[e]]) * s->w[e];
        }
        x[k] = times(s->inverse + 3 * k, b);
        pull[k] = (springs_vector){0};
    }
    for (size_t k = last; k-- > first;) {
        const springs_vector o = x[k] + times(s->inverse + 3 * k, pull[k]);
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            pull[s->other[e]] += dot(s->w[e], o) * s->w[e];
        }
        double *to = solve->ret + 3 * (size_t)s->atom[k];
        for (int q = 0; q < 3; q++) {
            to[q] = down * (double)o[q];
        }
    }
}

void springs_solve(const struct springs *springs, const struct quench_state *state, const double *v, double *ret)
{
    struct solve solve = {springs, v, ret, state->fmax > 0 ? 1 / state->fmax : 1};
    isd_control_for(state->control, springs->shares, solve_share, &solve);
}

/* y = P x for the springs of the places from first on; returns the length of y. */
static double product(const struct springs *s, size_t first, size_t last, const springs_vector *x, springs_vector *y)
{
    double sum = 0;
    memset(y + first, 0, (last - first) * sizeof *y);
    for (size_t k = first; k < last; k++) {
        for (int64_t e = s->start[k]; e < s->start[k + 1]; e++) {
            const springs_vector force = dot(s->w[e], x[k] - x[s->other[e]]) * s->w[e];
            y[k] += force;
            y[s->other[e]] -= force;
        }
    }
    for (size_t k = first; k < last; k++) {
        sum += (double)dot(y[k], y[k])[0];
    }
    return sqrt(sum);
}

struct largest {
    const struct springs *springs;
    const struct quench_state *state;
};

/* Power iterations in one share, with which no other has springs. */
static void largest_of_share(void *arg, int32_t share)
{
    const struct largest *l = arg;
    const struct springs *s = l->springs;
    const size_t first = first_of(s, (size_t)share), last = first_of(s, (size_t)share + 1);
    springs_vector *x = s->work, *y = s->work + s->n;
    double largest = 0;
    struct rng rng;
    rng_init(&rng, 2 + (uint64_t)share);
    for (size_t k = first; k < last; k++) {
        for (int q = 0; q < 3; q++) {
            x[k][q] = (float)(rng_double(&rng) - 0.5); /* the fourth stays zero */
        }
    }
    for (int turn = 0; turn < TURNS && !isd_control_cancelled(l->state->control); turn++) {
        largest = product(s, first, last, x, y);
        const float scale = largest > 0 ? (float)(1 / largest) : 0;
        for (size_t k = first; k < last; k++) {
            x[k] = y[k] * scale;
        }
    }
    l->state->part[share] = largest;
}

double springs_largest(const struct springs *springs, const struct quench_state *state)
{
    struct largest largest = {springs, state};
    double of_all = 0;
    isd_control_for(state->control, springs->shares, largest_of_share, &largest);
    for (int32_t c = 0; c < springs->shares; c++) {
        of_all = fmax(of_all, state->part[c]);
    }
    return of_all;
}
