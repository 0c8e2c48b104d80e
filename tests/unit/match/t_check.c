/* What the checker refuses. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/match.h"
#include "dense.h"

enum { N = 800 };

struct scene {
    isd_box box;
    double a[3 * N], b[3 * N];
    isd_assignment x;
};

/* Poisson points, solved. */
static int scene_new(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    double side = cbrt(N);
    struct rng rng;
    rng_init(&rng, 11);
    scene->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
    for (int k = 0; k < 3 * N; k++) {
        scene->a[k] = side * rng_double(&rng);
        scene->b[k] = side * rng_double(&rng);
    }
    *state = scene;
    return isd_assign(&scene->box, scene->a, scene->b, N, NULL, NULL, &scene->x, NULL) != ISD_OK;
}

static int scene_free(void **state)
{
    struct scene *scene = *state;
    isd_assignment_done(&scene->x);
    free(scene);
    return 0;
}

static isd_certificate check(const struct scene *scene, const int32_t *partner, const double *v)
{
    isd_certificate certificate = {0};
    isd_error err = {0};
    assert_int_equal(isd_assignment_check(&scene->box, scene->a, scene->b, N, partner, v, NULL, &certificate, &err), ISD_OK);
    return certificate;
}

static void test_accepts(void **state)
{
    struct scene *scene = *state;
    isd_certificate c = check(scene, scene->x.partner, scene->x.v);
    assert_true(c.certified);
    assert_true(c.gap_abs >= 0 && c.gap_abs <= 1e-12 * c.sum_sq);
    assert_true(fabs(c.sum_sq - c.dual - c.gap_abs) <= 1e-15 * c.sum_sq);
}

static void test_planted_swap(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i + 1 < N; i += 37) {
        int32_t t = scene->x.partner[i];
        scene->x.partner[i] = scene->x.partner[i + 1];
        scene->x.partner[i + 1] = t;
        isd_certificate c = check(scene, scene->x.partner, scene->x.v);
        assert_false(c.certified);
        assert_true(c.gap_abs >= c.sum_sq - scene->x.sum_sq - 1e-9);
        scene->x.partner[i + 1] = scene->x.partner[i];
        scene->x.partner[i] = t;
    }
}

static void test_no_permutation(void **state)
{
    struct scene *scene = *state;
    int32_t kept = scene->x.partner[5], wrong[] = {scene->x.partner[6], -1, N, INT32_MAX, INT32_MIN};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        scene->x.partner[5] = wrong[k];
        assert_false(check(scene, scene->x.partner, scene->x.v).certified);
    }
    scene->x.partner[5] = kept;
    assert_true(check(scene, scene->x.partner, scene->x.v).certified);
}

static void test_false_duals(void **state)
{
    struct scene *scene = *state;
    double *v = malloc(N * sizeof *v), by[] = {0.3, -0.3, 1e-3, -1e-3, NAN, INFINITY, -INFINITY};
    memcpy(v, scene->x.v, N * sizeof *v);
    for (size_t k = 0; k < sizeof by / sizeof by[0]; k++) {
        v[17] = scene->x.v[17] + by[k];
        assert_false(check(scene, scene->x.partner, v).certified);
        memcpy(v, scene->x.v, N * sizeof *v);
    }
    for (int j = 0; j < N; j++)
        v[j] = 0;
    assert_false(check(scene, scene->x.partner, v).certified);
    /* A constant added to all prices proves the same. */
    for (int j = 0; j < N; j++)
        v[j] = scene->x.v[j] + 2.5;
    assert_true(check(scene, scene->x.partner, v).certified);
    free(v);
}

/* The k-th smallest of a row or column of the costs. */
static double kth_least(const double *cost, int stride, int k)
{
    double least = -INFINITY;
    for (int r = 0; r < k; r++) {
        double next = INFINITY;
        for (int j = 0; j < N; j++)
            if (cost[j * stride] > least && cost[j * stride] < next)
                next = cost[j * stride];
        least = next;
    }
    return least;
}

/* The optimum among edges to the 10 nearest neighbours on both sides, with its own duals: a perfect matching, optimal on its
 * graph, and not the optimum. */
static void test_nearest_neighbours_only(void **state)
{
    struct scene *scene = *state;
    enum { K = 10 };
    size_t n = N;
    double *cost = malloc(n * n * sizeof *cost), *sparse = malloc(n * n * sizeof *sparse), *v = malloc(n * sizeof *v);
    double *row_k = malloc(n * sizeof *row_k), *column_k = malloc(n * sizeof *column_k);
    int32_t *partner = malloc(n * sizeof *partner);
    isd_lattice lattice;
    isd_lattice_init(&lattice, &scene->box);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            cost[i * N + j] = cost_of(&lattice, scene->a + 3 * i, scene->b + 3 * j);
    for (int i = 0; i < N; i++) {
        row_k[i] = kth_least(cost + i * N, 1, K);
        column_k[i] = kth_least(cost + i, N, K);
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sparse[i * N + j] = cost[i * N + j] <= fmax(row_k[i], column_k[j]) ? cost[i * N + j] : INFINITY;
    double sum = dense_optimum(sparse, N, partner, v);
    assert_true(sum < INFINITY);
    assert_true(sum > scene->x.sum_sq * (1 + 1e-6));
    isd_certificate c = check(scene, partner, v);
    assert_false(c.certified);
    assert_true(c.gap_abs >= (sum - scene->x.sum_sq) * (1 - 1e-9));
    free(cost);
    free(sparse);
    free(v);
    free(row_k);
    free(column_k);
    free(partner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_planted_swap),
        cmocka_unit_test(test_no_permutation),
        cmocka_unit_test(test_false_duals),
        cmocka_unit_test(test_nearest_neighbours_only),
    };
    return cmocka_run_group_tests(tests, scene_new, scene_free);
}
