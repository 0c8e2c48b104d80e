/* What the minimisers work on. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/state.h"

#include <math.h>

#include "pot/evaluator.h"
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

double quench_most(const struct quench_state *state)
{
    double most = 0;
    for (int32_t c = 0; c < state->chunks; c++) {
        most = fmax(most, state->part[c * QUENCH_SUMS]);
    }
    return most;
}

/* Two vectors, or a vector and what it becomes. */
struct operands {
    const struct quench_state *state;
    const double *a, *b;
    double *to, number;
};

/* Sum of a b, in an order that vectors allow. */
static double dot(const double *a, const double *b, size_t n)
{
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
    return sum;
}

static double largest(const double *a, size_t n)
{
    double part[LANES] = {0}, most = 0;
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const double size = fabs(a[k + lane]);
            part[lane] = size > part[lane] ? size : part[lane];
        }
    }
    for (; k < n; k++) {
        most = fmax(most, fabs(a[k]));
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        most = fmax(most, part[lane]);
    }
    return most;
}

static void dot_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct operands *o = arg;
    o->state->part[chunk * QUENCH_SUMS] = dot(o->a + first, o->b + first, last - first);
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
    o->state->part[chunk * QUENCH_SUMS] = largest(o->a + first, last - first);
}

double quench_largest(const struct quench_state *state, const double *a)
{
    struct operands operands = {.state = state, .a = a};
    quench_each(state, largest_part, &operands);
    return quench_most(state);
}

static void measure_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    double *part = state->part + chunk * QUENCH_SUMS;
    part[0] = largest(state->f + first, last - first);
    part[1] = dot(state->f + first, state->f + first, last - first);
}

void quench_measure(struct quench_state *state)
{
    quench_each(state, measure_part, state);
    state->fmax = quench_most(state);
    state->rms = state->n3 > 0 ? sqrt(quench_total(state, 1) / (double)(state->n3 / 3)) : 0;
}

/* --- places --- */

long quench_evaluations(const struct quench_state *state)
{
    return state->evaluations + isd_evaluator_evaluations(state->evaluator);
}

static enum quench_trial evaluate(struct quench_state *state, const double *x, double *ret_energy)
{
    isd_error err;
    const isd_status status = evaluator_compute(state->evaluator, x, state->control, state->trial_f, ret_energy, NULL, &err);
    if (status == ISD_DATA) { /* a place or a force that is not finite, atoms on one spot */
        return TRIAL_WILD;
    }
    if (status) {
        *state->err = err;
        return TRIAL_FAILED;
    }
    pins_add(state, x, state->trial_f);
    return TRIAL_GOOD;
}

enum quench_trial quench_evaluate(struct quench_state *state, const double *x)
{
    double energy = 0;
    const enum quench_trial found = evaluate(state, x, &energy);
    state->trial_energy = found == TRIAL_GOOD ? energy : state->trial_energy;
    return found;
}

enum quench_trial quench_forces(struct quench_state *state, const double *x)
{
    return evaluate(state, x, NULL);
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
    quench_measure(state);
}

static double square(const double *v)
{
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

static void add_mean(const double *v, size_t n, double *sum)
{
    for (size_t k = 0; k < n; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            sum[q] += v[k + q];
        }
    }
}

static void mean_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    double *sum = state->part + chunk * QUENCH_SUMS;
    sum[0] = sum[1] = sum[2] = 0;
    add_mean(state->step + first, last - first, sum);
}

struct shift {
    const struct quench_state *state;
    double by[3];
};

static void take_out(double *v, size_t n, const double *by)
{
    for (size_t k = 0; k < n; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            v[k + q] -= by[q];
        }
    }
}

static void shift_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct shift *shift = arg;
    (void)chunk;
    take_out(shift->state->step + first, last - first, shift->by);
}

/* The mean of a vector whose sums the chunks have. */
static struct shift mean_of_parts(const struct quench_state *state)
{
    struct shift shift = {.state = state};
    for (int q = 0; q < 3; q++) {
        shift.by[q] = quench_total(state, q) / (double)(state->n3 / 3);
    }
    return shift;
}

void quench_center(struct quench_state *state)
{
    quench_each(state, mean_part, state);
    struct shift shift = mean_of_parts(state);
    quench_each(state, shift_part, &shift);
}

/* Cuts the steps of a chunk, and sums what is left. */
static void limit_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct quench_state *state = arg;
    const double limit_sq = state->longest_step * state->longest_step;
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
    mean_part(arg, chunk, first, last);
}

void quench_limit(struct quench_state *state)
{
    quench_each(state, limit_part, state);
    struct shift shift = mean_of_parts(state);
    quench_each(state, shift_part, &shift);
}

static void aim_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct shift *shift = arg;
    const struct quench_state *state = shift->state;
    take_out(state->step + first, last - first, shift->by);
    for (size_t k = first; k < last; k++) {
        state->trial_x[k] = state->x[k] + state->step[k];
    }
    state->part[chunk * QUENCH_SUMS + 3] = dot(state->f + first, state->step + first, last - first);
}

double quench_aim(struct quench_state *state)
{
    quench_each(state, limit_part, state);
    struct shift shift = mean_of_parts(state);
    quench_each(state, aim_part, &shift);
    return quench_total(state, 3);
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
    const double largest_sq = quench_most(state);
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
