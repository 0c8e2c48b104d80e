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

/* A place beside x, and what the forces there tell. */
struct beside {
    const struct quench_state *state;
    const double *v;
    double *hv, scale;
};

static void longest_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct beside *b = arg;
    double largest_sq = 0;
    for (const double *v = b->v + first; v < b->v + last; v += 3) {
        const double sq = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        largest_sq = sq > largest_sq ? sq : largest_sq;
    }
    b->state->part[chunk * QUENCH_SUMS] = largest_sq;
}

static void place_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct beside *b = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        b->state->trial_x[k] = b->state->x[k] + b->scale * b->v[k];
    }
}

static void change_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct beside *b = arg;
    (void)chunk;
    for (size_t k = first; k < last; k++) {
        b->hv[k] = (b->state->f[k] - b->state->trial_f[k]) / b->scale;
    }
}

enum quench_trial stiffness_product(struct quench_state *state, const double *v, double *ret_hv)
{
    struct beside beside = {.state = state, .v = v, .hv = ret_hv};
    quench_each(state, longest_part, &beside);
    beside.scale = REACH * state->length / sqrt(quench_most(state));
    quench_each(state, place_part, &beside);
    const enum quench_trial found = quench_forces(state, state->trial_x);
    if (found == TRIAL_GOOD) {
        quench_each(state, change_part, &beside);
    }
    return found;
}

struct random {
    double *v;
    bool flat;
};

static void random_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct random *random = arg;
    struct rng rng;
    rng_init(&rng, 1 + (uint64_t)chunk);
    for (size_t k = first; k < last; k++) {
        random->v[k] = random->flat && k % 3 == 2 ? 0 : rng_double(&rng) < 0.5 ? -1 : 1;
    }
}

void stiffness_random(const struct quench_state *state, double *v)
{
    struct random random = {v, true};
    for (size_t k = 2; k < state->n3 && random.flat; k += 3) {
        random.flat = state->f[k] == 0;
    }
    quench_each(state, random_part, &random);
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
