/* What the minimisers work on. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/state.h"

#include <math.h>

#include "quench/pins.h"

#define LANES 8 /* partial sums: the compiler may keep them in vectors, and the order is fixed */

/* --- vectors --- */

struct each {
    const struct quench_state *state;
    quench_part_fn *fn;
    void *arg;
};

static void run_part(void *arg, int32_t chunk)
{
    const struct each *each = arg;
    const size_t n = each->state->n3 / 3, chunks = (size_t)each->state->chunks, c = (size_t)chunk;
    each->fn(each->arg, chunk, 3 * (n * c / chunks), 3 * (n * (c + 1) / chunks));
}

void quench_each(const struct quench_state *state, quench_part_fn *fn, void *arg)
{
    struct each each = {state, fn, arg};
    isd_control_for(state->control, state->chunks, run_part, &each);
}

double quench_total(const struct quench_state *state, int k)
{
    double sum = 0;
    for (int32_t c = 0; c < state->chunks; c++) {
        sum += state->part[c * QUENCH_SUMS + k];
    }
    return sum;
}

/* Two vectors, or a vector and what it becomes. */
struct operands {
    const struct quench_state *state;
    const double *a, *b;
    double *to, number;
};

static void dot_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct operands *o = arg;
    const double *a = o->a + first, *b = o->b + first;
    const size_t n = last - first;
    double part[LANES] = {0}, sum = 0;
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            part[lane] += a[k + lane] * b[k + lane];
        }
    }
    for (; k < n; k++) {
        sum += a[k] * b[k];
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += part[lane];
    }
    o->state->part[chunk * QUENCH_SUMS] = sum;
}

double quench_dot(const struct quench_state *state, const double *a, const double *b)
{
    struct operands operands = {.state = state, .a = a, .b = b};
    quench_each(state, dot_part, &operands);
    return quench_total(state, 0);
}

static void largest_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct operands *o = arg;
    double largest = 0;
    for (size_t k = first; k < last; k++) {
        const double size = fabs(o->a[k]);
        largest = size > largest ? size : largest;
    }
    o->state->part[chunk * QUENCH_SUMS] = largest;
}

/* The largest of the first sums of all chunks. */
static double largest_of_parts(const struct quench_state *state)
{
    double largest = 0;
    for (int32_t c = 0; c < state->chunks; c++) {
        largest = fmax(largest, state->part[c * QUENCH_SUMS]);
    }
    return largest;
}

double quench_largest(const struct quench_state *state, const double *a)
{
    struct operands operands = {.state = state, .a = a};
    quench_each(state, largest_part, &operands);
    return largest_of_parts(state);
}

double quench_rms(const struct quench_state *state)
{
    return state->n3 > 0 ? sqrt(quench_dot(state, state->f, state->f) / (double)(state->n3 / 3)) : 0;
}

/* --- places --- */

long quench_evaluations(const struct quench_state *state)
{
    return state->evaluations + isd_evaluator_evaluations(state->evaluator);
}

enum quench_trial quench_evaluate(struct quench_state *state, const double *x)
{
    isd_energy energy;
    isd_error err;
    const isd_status status =
        isd_evaluator_compute(state->evaluator, x, state->control, state->trial_f, &energy, &err);
    if (status == ISD_DATA) { /* a place or a force that is not finite, atoms on one spot */
        return TRIAL_WILD;
    }
    if (status) {
        *state->err = err;
        return TRIAL_FAILED;
    }
    state->trial_energy = energy.total;
    pins_add(state, x, state->trial_f);
    return TRIAL_GOOD;
}

static void place_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct operands *o = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        o->to[k] = o->a[k] + o->number * o->b[k];
    }
}

enum quench_trial quench_try(struct quench_state *state, double scale)
{
    struct operands operands = {.state = state, .a = state->x, .b = state->step, .to = state->trial_x, .number = scale};
    quench_each(state, place_part, &operands);
    return quench_evaluate(state, state->trial_x);
}

static void swap(double **a, double **b)
{
    double *t = *a;
    *a = *b;
    *b = t;
}

void quench_accept(struct quench_state *state)
{
    swap(&state->x, &state->trial_x);
    swap(&state->f, &state->trial_f);
    state->energy = state->trial_energy;
    state->fmax = quench_largest(state, state->f);
}

static double square(const double *v)
{
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

static void mean_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    double *sum = state->part + chunk * QUENCH_SUMS;
    sum[0] = sum[1] = sum[2] = 0;
    for (size_t k = first; k < last; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            sum[q] += state->step[k + q];
        }
    }
}

struct shift {
    double *v, by[3];
};

static void shift_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct shift *shift = arg;
    (void)chunk;
    for (size_t k = first; k < last; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            shift->v[k + q] -= shift->by[q];
        }
    }
}

void quench_center(struct quench_state *state)
{
    struct shift shift = {.v = state->step};
    quench_each(state, mean_part, state);
    for (int q = 0; q < 3; q++) {
        shift.by[q] = quench_total(state, q) / (double)(state->n3 / 3);
    }
    quench_each(state, shift_part, &shift);
}

static void limit_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    const double limit_sq = state->longest_step * state->longest_step;
    (void)chunk;
    for (size_t k = first; k < last; k += 3) {
        double *d = state->step + k;
        const double size_sq = square(d);
        if (size_sq > limit_sq) {
            const double scale = state->longest_step / sqrt(size_sq);
            for (int q = 0; q < 3; q++) {
                d[q] *= scale;
            }
        }
    }
}

void quench_limit(struct quench_state *state)
{
    quench_each(state, limit_part, state);
    quench_center(state);
}

static void longest_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    double largest_sq = 0;
    for (size_t k = first; k < last; k += 3) {
        const double size_sq = square(state->step + k);
        largest_sq = size_sq > largest_sq ? size_sq : largest_sq;
    }
    state->part[chunk * QUENCH_SUMS] = largest_sq;
}

double quench_longest_scale(const struct quench_state *state)
{
    quench_each(state, longest_part, (void *)state);
    const double largest_sq = largest_of_parts(state);
    return largest_sq > 0 ? state->longest_step / sqrt(largest_sq) : INFINITY;
}

bool quench_downhill(const struct quench_state *state, double slope0, double slope1)
{
    const double change = state->energy_tells ? state->trial_energy - state->energy : 0;
    if (change < -state->noise) {
        return true;
    }
    if (change > state->noise) {
        return false;
    }
    /* the parabola through both slopes falls: its change is (slope0 + slope1)/2 */
    return slope1 <= -0.9 * slope0;
}
