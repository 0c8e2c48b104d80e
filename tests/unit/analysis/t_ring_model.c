/* Points on a ring against all permutations. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/ring_model.h"

/* The least sum over all permutations, by exchanging the rest behind place k. */
static double least(const struct ring_model *model, int *pairs, int k)
{
    double best = k == model->n ? ring_model_sum(model, pairs) : INFINITY;
    for (int j = k; j < model->n; j++) {
        int kept = pairs[k];
        pairs[k] = pairs[j];
        pairs[j] = kept;
        best = fmin(best, least(model, pairs, k + 1));
        pairs[j] = pairs[k];
        pairs[k] = kept;
    }
    return best;
}

static void optimum_and_prices(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct ring_model model;
        int pairs[RING_MODEL_MOST], n = 1 + (int)(seed % 6);
        double sum = 0.0;
        ring_model_random(n, seed, &model);
        assert_int_equal(ring_model_solve(&model, NULL), ISD_OK);
        for (int i = 0; i < n; i++) {
            pairs[i] = i;
            sum += model.u[i] + model.v[i];
            assert_true(model.before[i] >= 0 && model.before[i] < n && model.after[i] >= 0 && model.after[i] < n);
            for (int j = 0; j < n; j++) {
                double d = fabs(model.after[j] - model.before[i]);
                d = fmin(d, n - d);
                assert_true(fabs(model.cost[i * n + j] - d * d) < 1e-12);
                assert_true(model.cost[i * n + j] - model.u[i] - model.v[j] > -1e-9);
            }
        }
        assert_true(fabs(sum - model.sum) < 1e-9);
        assert_true(fabs(ring_model_sum(&model, model.partner) - model.sum) < 1e-9);
        assert_true(fabs(least(&model, pairs, 0) - model.sum) < 1e-9);
    }
}

static int ascending(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

/* On a ring, and for costs that are convex, the least sum is that of the points in order, shifted by some number of places: no matching
 * is needed for it. Distances along the ring, whichever way, go round at most once. */
static double least_in_order(const struct ring_model *model)
{
    const int n = model->n;
    double a[RING_MODEL_MOST], b[RING_MODEL_MOST], best = INFINITY;
    memcpy(a, model->before, (size_t)n * sizeof *a);
    memcpy(b, model->after, (size_t)n * sizeof *b);
    qsort(a, (size_t)n, sizeof *a, ascending);
    qsort(b, (size_t)n, sizeof *b, ascending);
    for (int shift = -n; shift <= n; shift++) {
        double sum = 0.0;
        for (int i = 0; i < n; i++) {
            const int k = i + shift, turn = k < 0 ? -1 : k >= n;
            const double d = b[k - turn * n] + turn * model->length - a[i];
            sum += d * d;
        }
        best = fmin(best, sum);
    }
    return best;
}

static void points_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct ring_model model;
        ring_model_random(1 + (int)(seed % RING_MODEL_MOST), seed, &model);
        assert_int_equal(ring_model_solve(&model, NULL), ISD_OK);
        assert_true(model.certified && model.gap < 1e-12 && model.least_slack > -1e-12 && model.tight >= model.n);
        assert_true(fabs(least_in_order(&model) - model.sum) < 1e-9);
    }
}

static void seeds(void **state)
{
    (void)state;
    struct ring_model a, b, c;
    ring_model_random(5, 1, &a);
    ring_model_random(5, 1, &b);
    ring_model_random(5, 2, &c);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(memcmp(&a, &c, sizeof a) != 0);
}

static void refusals(void **state)
{
    (void)state;
    struct ring_model model;
    isd_error err;
    int twice[3] = {0, 0, 1}, outside[3] = {0, 1, 3};
    ring_model_random(3, 1, &model);
    model.before[0] = -0.5; /* is taken around */
    assert_int_equal(ring_model_solve(&model, &err), ISD_OK);
    assert_true(model.before[0] == 2.5);
    assert_true(isnan(ring_model_sum(&model, twice)) && isnan(ring_model_sum(&model, outside)));
    model.after[1] = NAN;
    assert_int_equal(ring_model_solve(&model, &err), ISD_USAGE);
    model.n = RING_MODEL_MOST + 1;
    assert_int_equal(ring_model_solve(&model, &err), ISD_USAGE);
    model.n = 0;
    assert_int_equal(ring_model_solve(&model, &err), ISD_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(optimum_and_prices), cmocka_unit_test(points_in_order),
                                       cmocka_unit_test(seeds), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
