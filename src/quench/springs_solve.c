/* What springs are for: steps, and the largest eigenvalue. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/rng.h"
#include "neigh/isa.h"
#include "quench/springs.h"

#define TURNS 20 /* of power iterations */

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

#define SPRINGS_NAME solve_plain
#define SPRINGS_WIDTH 1
#define SPRINGS_TARGET
#include "quench/springs_kernel.inc"

#if defined(__x86_64__)
#define SPRINGS_NAME solve_avx2
#define SPRINGS_WIDTH 2
#define SPRINGS_TARGET __attribute__((target("avx2")))
#include "quench/springs_kernel.inc"

#define SPRINGS_NAME solve_avx512
#define SPRINGS_WIDTH 4
#define SPRINGS_TARGET __attribute__((target("avx512f,avx512dq")))
#include "quench/springs_kernel.inc"
#endif

static isd_chunk_fn *best_solve(void)
{
    switch (isa_best()) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return solve_avx512;
    case ISA_AVX2:
        return solve_avx2;
#endif
    default:
        return solve_plain;
    }
}

void springs_solve(const struct springs *springs, const struct quench_state *state, const double *v, double *ret)
{
    struct solve solve = {springs, v, ret, state->fmax > 0 ? 1 / state->fmax : 1};
    isd_control_for(state->control, springs->shares, best_solve(), &solve);
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
    const size_t first = (size_t)s->first[share], last = (size_t)s->first[share + 1];
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
