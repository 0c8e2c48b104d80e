/* What the minimisers work on. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/state.h"

#include <math.h>

#define LANES 8 /* partial sums: the compiler may keep them in vectors, and the order is fixed */

double quench_dot(const double *a, const double *b, size_t n)
{
    double part[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            part[lane] += a[k + lane] * b[k + lane];
        }
    }
    double sum = 0;
    for (; k < n; k++) {
        sum += a[k] * b[k];
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        sum += part[lane];
    }
    return sum;
}

double quench_largest(const double *a, size_t n)
{
    double largest = 0;
    for (size_t k = 0; k < n; k++) {
        const double size = fabs(a[k]);
        largest = size > largest ? size : largest;
    }
    return largest;
}

enum quench_trial quench_evaluate(struct quench_state *state, const double *x)
{
    for (size_t k = 0; k < state->n3; k++) {
        if (!isfinite(x[k])) {
            return TRIAL_WILD;
        }
    }
    isd_energy energy;
    isd_error err;
    const isd_status status =
        isd_evaluator_compute(state->evaluator, x, state->control, state->trial_f, &energy, &err);
    if (status == ISD_DATA) {
        return TRIAL_WILD;
    }
    if (status) {
        *state->err = err;
        return TRIAL_FAILED;
    }
    state->trial_energy = energy.total;
    return TRIAL_GOOD;
}

enum quench_trial quench_try(struct quench_state *state, double scale)
{
    for (size_t k = 0; k < state->n3; k++) {
        state->trial_x[k] = state->x[k] + scale * state->step[k];
    }
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
    state->fmax = quench_largest(state->f, state->n3);
}

static double square(const double *v)
{
    return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

void quench_center(struct quench_state *state)
{
    const double n = (double)(state->n3 / 3);
    double mean[3] = {0};
    for (size_t k = 0; k < state->n3; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            mean[q] += state->step[k + q];
        }
    }
    for (int q = 0; q < 3; q++) {
        mean[q] /= n;
    }
    for (size_t k = 0; k < state->n3; k += 3) {
        for (size_t q = 0; q < 3; q++) {
            state->step[k + q] -= mean[q];
        }
    }
}

void quench_limit(struct quench_state *state)
{
    const double limit_sq = state->longest_step * state->longest_step;
    for (size_t k = 0; k < state->n3; k += 3) {
        double *d = state->step + k;
        const double size_sq = square(d);
        if (size_sq > limit_sq) {
            const double scale = state->longest_step / sqrt(size_sq);
            for (int q = 0; q < 3; q++) {
                d[q] *= scale;
            }
        }
    }
    quench_center(state);
}

double quench_longest_scale(const struct quench_state *state)
{
    double largest_sq = 0;
    for (size_t k = 0; k < state->n3; k += 3) {
        const double size_sq = square(state->step + k);
        largest_sq = size_sq > largest_sq ? size_sq : largest_sq;
    }
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
