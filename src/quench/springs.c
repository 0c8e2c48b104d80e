/* The solid as springs between near atoms: a cheap likeness of the Hessian. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/springs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quench/springs_fit.h"
#include "quench/stiffness.h"

#define SAMPLE 600 /* atoms that tell what is typical */
#define FLOOR 0.01 /* of the mean stiffness: what holds an atom without springs */
#define SHARE 8000 /* atoms, the work of one thread; sums of their own have room in `part` of the state */

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

/* What all shares make together. */
struct assembly {
    const struct springs_fit *fit;
    struct springs *springs;
    double *block; /* [6 n] diagonal blocks: xx yy zz xy xz yz */
    int64_t *held; /* [shares + 1] rows of a share, with what fills them up; then where they begin */
};

static int64_t whole(int64_t n)
{
    return (n + SPRINGS_AT_ONCE - 1) / SPRINGS_AT_ONCE * SPRINGS_AT_ONCE;
}

/* The diagonal blocks of a share, and how long its rows are: springs across a border are left out, but each atom keeps the
 * stiffness they give it. */
static void count_share(void *arg, int32_t share)
{
    const struct assembly *a = arg;
    const struct near_part *part = &a->fit->part[share];
    struct springs *s = a->springs;
    const size_t first = (size_t)s->first[share], last = (size_t)s->first[share + 1];
    memset(a->block + 6 * first, 0, 6 * (last - first) * sizeof *a->block);
    memset(s->start + first, 0, (last - first) * sizeof *s->start);
    for (size_t m = 0; m < part->n && !isd_control_cancelled(a->fit->state->control); m++) {
        const struct near *p = &part->near[m];
        const float *u = p->u, one[6] = {u[0] * u[0], u[1] * u[1], u[2] * u[2], u[0] * u[1], u[0] * u[2], u[1] * u[2]};
        const double stiffness = (double)p->stiffness;
        if (!(stiffness > 0)) {
            continue;
        }
        const bool inside = springs_fit_inside(a->fit, share, p);
        for (size_t q = 0; q < 6; q++) {
            a->block[6 * (size_t)p->place + q] += stiffness * (double)one[q];
        }
        for (size_t q = 0; q < 6 && inside; q++) {
            a->block[6 * (size_t)p->other + q] += stiffness * (double)one[q];
        }
        s->start[p->place] += inside;
    }
    int64_t held = 0;
    for (size_t k = first; k < last; k++) {
        held += whole(s->start[k]);
    }
    a->held[share] = held;
}

/* The rows of a share. While they are filled start[k] is where the next one of row k goes. */
static void fill_share(void *arg, int32_t share)
{
    const struct assembly *a = arg;
    const struct near_part *part = &a->fit->part[share];
    struct springs *s = a->springs;
    const size_t first = (size_t)s->first[share], last = (size_t)s->first[share + 1];
    int64_t end = a->held[share];
    for (size_t k = first; k < last; k++) {
        const int64_t n = s->start[k];
        s->start[k] = end;
        end += whole(n);
    }
    for (size_t m = 0; m < part->n && !isd_control_cancelled(a->fit->state->control); m++) {
        const struct near *p = &part->near[m];
        if (p->stiffness > 0 && springs_fit_inside(a->fit, share, p)) {
            const float root = sqrtf(p->stiffness);
            const size_t at = (size_t)s->start[p->place]++;
            s->other[at] = p->other;
            s->w[at] = (springs_vector){root * p->u[0], root * p->u[1], root * p->u[2], 0};
        }
    }
    int64_t begin = a->held[share];
    for (size_t k = first; k < last; k++) {
        const int64_t next = begin + whole(s->start[k] - begin);
        for (int64_t e = s->start[k]; e < next; e++) { /* of no weight, to where the row goes anyway */
            s->other[e] = s->other[begin];
            s->w[e] = (springs_vector){0};
        }
        s->start[k] = begin;
        begin = next;
    }
}

static void invert_share(void *arg, int32_t share)
{
    const struct assembly *a = arg;
    const struct springs *s = a->springs;
    const bool flat = a->fit->state->box->dim == 2;
    for (size_t k = (size_t)s->first[share]; k < (size_t)s->first[share + 1]; k++) {
        double *m = a->block + 6 * k;
        for (int q = 0; q < 3; q++) {
            m[q] += FLOOR * s->mean + (q == 2 && flat ? s->mean : 0);
        }
        invert(m, s->inverse + 3 * k);
    }
}

/* Room for so many springs; what was in it is lost. */
static bool springs_room(struct springs *s, int64_t wanted)
{
    if (wanted > s->room) {
        free(s->other);
        free(s->w);
        s->room = wanted + wanted / 16;
        s->other = malloc((size_t)s->room * sizeof *s->other);
        s->w = malloc((size_t)s->room * sizeof *s->w);
        s->room = s->other && s->w ? s->room : 0;
    }
    return wanted <= s->room;
}

static bool assemble(const struct springs_fit *fit, struct springs *s)
{
    isd_control *control = fit->state->control;
    struct assembly a = {fit, s, malloc((6 * s->n + 1) * sizeof *a.block), malloc(((size_t)s->shares + 1) * sizeof *a.held)};
    bool good = a.block && a.held;
    if (good) {
        int64_t all = 0;
        isd_control_for(control, s->shares, count_share, &a);
        for (int32_t k = 0; k < s->shares; k++) {
            const int64_t held = a.held[k];
            a.held[k] = all;
            all += held;
        }
        s->start[s->n] = all;
        good = !isd_control_cancelled(control) && springs_room(s, all + 1);
    }
    if (good) {
        isd_control_for(control, s->shares, fill_share, &a);
        s->mean = typical(a.block, s->n, fit->state->box->dim);
        good = s->mean > 0 && !isd_control_cancelled(control);
    }
    if (good) {
        isd_control_for(control, s->shares, invert_share, &a);
    }
    free(a.block);
    free(a.held);
    return good;
}

void springs_done(struct springs *s)
{
    free(s->atom);
    free(s->first);
    free(s->start);
    free(s->other);
    free(s->w);
    free(s->inverse);
    free(s->work);
    *s = (struct springs){0};
}

/* Room for the springs of n atoms, unless there is: a quench makes them again and again. */
static bool make_room(struct springs *s, size_t n)
{
    if (!s->atom) {
        *s = (struct springs){.shares = (int32_t)(1 + n / SHARE),
                              .atom = malloc((n + 1) * sizeof *s->atom),
                              .first = malloc((2 + n / SHARE) * sizeof *s->first),
                              .start = malloc((n + 1) * sizeof *s->start),
                              .inverse = malloc((3 * n + 1) * sizeof *s->inverse),
                              .work = calloc(2 * n + 1, sizeof *s->work)};
    }
    return s->atom && s->first && s->start && s->inverse && s->work;
}

enum quench_trial springs_make(struct quench_state *state, struct springs *s)
{
    const size_t n = state->n3 / 3;
    struct springs_fit fit = {.state = state};
    double *v = malloc((state->n3 + 1) * sizeof *v);
    enum quench_trial found = TRIAL_GOOD;
    if (!make_room(s, n) || !v) {
        isd_error_memory(state->err);
        found = TRIAL_FAILED;
    }
    s->n = n;
    if (found == TRIAL_GOOD && n > 1) {
        stiffness_random(state, v);
        found = stiffness_product(state, v, state->step);
    }
    if (found == TRIAL_GOOD) {
        const bool good = n > 1 && springs_fit_pairs(&fit, s->shares, s->atom, s->first) && springs_fit_solve(&fit, v, state->step) &&
                          assemble(&fit, s);
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
