/* How stiff is it here? Second derivatives from differences of forces. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/stiffness.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

#define REACH 1e-6        /* of the atom that moves most, in lengths: few pairs cross a cutoff, and digits remain */
#define SAMPLE 2048       /* atoms that tell what is typical */
#define POWER_AT_LEAST 3
#define POWER_AT_MOST 30
#define POWER_ENOUGH 0.02 /* relative change that ends the iterations */
#define MARGIN 1.2        /* power iterations come from below */

/* Largest displacement of an atom in v. */
static double longest(const double *v, size_t n3)
{
    double largest_sq = 0;
    for (size_t k = 0; k < n3; k += 3) {
        const double sq = v[k] * v[k] + v[k + 1] * v[k + 1] + v[k + 2] * v[k + 2];
        largest_sq = sq > largest_sq ? sq : largest_sq;
    }
    return sqrt(largest_sq);
}

enum quench_trial stiffness_product(struct quench_state *state, const double *v, double *ret_hv)
{
    const double scale = REACH * state->length / longest(v, state->n3);
    for (size_t k = 0; k < state->n3; k++) {
        state->trial_x[k] = state->x[k] + scale * v[k];
    }
    const enum quench_trial found = quench_evaluate(state, state->trial_x);
    for (size_t k = 0; k < state->n3 && found == TRIAL_GOOD; k++) {
        ret_hv[k] = (state->f[k] - state->trial_f[k]) / scale;
    }
    return found;
}

void stiffness_random(const struct quench_state *state, double *v)
{
    struct rng rng;
    rng_init(&rng, 1);
    bool flat = true;
    for (size_t k = 2; k < state->n3 && flat; k += 3) {
        flat = state->f[k] == 0;
    }
    for (size_t k = 0; k < state->n3; k++) {
        v[k] = flat && k % 3 == 2 ? 0 : rng_double(&rng) < 0.5 ? -1 : 1;
    }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum quench_trial stiffness_typical(struct quench_state *state, double *ret_stiffness)
{
    double *v = state->step;
    const size_t n = state->n3 / 3;
    if (n == 0) {
        *ret_stiffness = 0;
        return TRIAL_GOOD;
    }
    stiffness_random(state, v);
    const enum quench_trial found = stiffness_product(state, v, v);
    if (found == TRIAL_GOOD) {
        const size_t every = 1 + n / SAMPLE;
        double row[SAMPLE];
        size_t rows = 0;
        for (size_t i = 0; i < n; i += every) {
            const double *r = v + 3 * i;
            row[rows++] = sqrt((r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) / 3);
        }
        qsort(row, rows, sizeof *row, compare);
        *ret_stiffness = row[rows / 2];
    }
    return found;
}

enum quench_trial stiffness_largest(struct quench_state *state, double *v, double *ret_stiffness)
{
    double size = sqrt(quench_dot(state, v, v)), largest = 0;
    if (!(size > 0)) {
        stiffness_random(state, v);
        size = sqrt(quench_dot(state, v, v));
    }
    for (int k = 0; k < POWER_AT_MOST; k++) {
        const enum quench_trial found = stiffness_product(state, v, v);
        if (found != TRIAL_GOOD) {
            return found;
        }
        const double next = sqrt(quench_dot(state, v, v)), now = next / size;
        if (!(next > 0) || !isfinite(next)) {
            break;
        }
        for (size_t q = 0; q < state->n3; q++) {
            v[q] /= next;
        }
        size = 1;
        const bool settled = k + 1 >= POWER_AT_LEAST && fabs(now - largest) <= POWER_ENOUGH * now;
        largest = now;
        if (settled) {
            break;
        }
    }
    *ret_stiffness = MARGIN * largest;
    return TRIAL_GOOD;
}
