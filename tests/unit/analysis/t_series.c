/* Times between frames against all pairs of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/series.h"
#include "base/rng.h"

static int by_value(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

/* All positive differences, sorted, each once. */
static int brute(const int64_t *step, int n, double dt, double *out)
{
    int found = 0, kept = 0;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            if (step[b] > step[a])
                out[found++] = (double)step[b] - (double)step[a];
    qsort(out, (size_t)found, sizeof *out, by_value);
    for (int k = 0; k < found; k++)
        if (kept == 0 || out[k] > out[kept - 1])
            out[kept++] = out[k];
    for (int k = 0; k < kept; k++)
        out[k] *= dt;
    return kept;
}

static void check_set(const int64_t *step, int n, double dt)
{
    double *time = malloc((size_t)n * sizeof *time), *want = malloc(((size_t)n * (size_t)n + 1) * sizeof *want), *tw = NULL;
    struct frame_times times = {.n = n, .step = step, .time = time, .dt = dt};
    int32_t got = 0;
    for (int k = 0; k < n; k++)
        time[k] = dt * (double)step[k];
    int count = brute(step, n, dt, want);
    assert_int_equal(series_all_tw(&times, &tw, &got, NULL), ISD_OK);
    assert_int_equal(got, count);
    for (int k = 0; k < count; k++)
        assert_true(tw[k] == want[k]);
    free(tw);
    free(time);
    free(want);
}

/* At most ten a decade that are there, in order, the smallest and the largest with them; of few frames those that series_thin keeps. */
static void default_times(void **state)
{
    (void)state;
    enum { MOST = 6000 };
    static int64_t step[MOST];
    static double time[MOST];
    static const int sizes[] = {40, 300, MOST};
    struct rng rng;
    rng_init(&rng, 8);
    for (size_t c = 0; c < sizeof sizes / sizeof *sizes; c++) {
        int n = sizes[c];
        int64_t at = 0, least = INT64_MAX;
        double *tw = NULL, *all = NULL;
        int32_t count = 0, of_all = 0;
        for (int k = 0; k < n; k++) {
            int64_t before = at;
            at += 1 + rng_below(&rng, 1000000);
            step[k] = at;
            time[k] = 0.005 * (double)at;
            least = k > 0 && at - before < least ? at - before : least;
        }
        struct frame_times times = {.n = n, .step = step, .time = time, .dt = 0.005};
        assert_int_equal(series_default_tw(&times, &tw, &count, NULL), ISD_OK);
        assert_true(count > 10 && count < 110);
        assert_true(fabs(tw[0] - 0.005 * (double)least) < 1e-9 && fabs(tw[count - 1] - (time[n - 1] - time[0])) < 1e-6);
        for (int32_t k = 0; k < count; k++) {
            struct frame_pair *pairs = NULL;
            int32_t n_pairs = 0;
            assert_true(k == 0 || tw[k] > tw[k - 1]);
            assert_int_equal(series_pairs(&times, tw[k], true, &pairs, &n_pairs, NULL), ISD_OK);
            assert_true(n_pairs > 0);
            free(pairs);
        }
        isd_error err;
        isd_status status = series_all_tw(&times, &all, &of_all, &err);
        assert_int_equal(status, n == MOST ? ISD_UNSUPPORTED : ISD_OK);
        if (status == ISD_OK) {
            of_all = series_thin(&times, all, of_all);
            assert_int_equal(of_all, count);
            for (int32_t k = 0; k < count; k++)
                assert_true(tw[k] == all[k]);
        }
        free(tw);
        free(all);
    }
}

/* Evenly spaced, by decades, at random in any order, twice the same, and steps too far apart for a list of all of them. */
static void all_times(void **state)
{
    (void)state;
    enum { N = 60 };
    struct rng rng;
    int64_t step[N];
    rng_init(&rng, 1);
    for (int kind = 0; kind < 6; kind++)
        for (int n = 1; n < N; n += 7) {
            for (int k = 0; k < n; k++) {
                int64_t r = (int64_t)rng_below(&rng, 1000);
                step[k] = kind == 0 ? 250 * k - 1000 : kind == 1 ? llround(pow(1.35, k)) : kind == 2 ? 5 * r : kind == 3 ? r % 7
                          : kind == 4 ? r * 1000000007 : k % 2 == 0 ? r - ((int64_t)1 << 51) : ((int64_t)1 << 51) - r;
            }
            check_set(step, n, 0.005);
        }
}

static void pairs_of_a_time(void **state)
{
    (void)state;
    const int64_t step[] = {30, 0, 10, 20, 20, 50};
    double time[] = {30, 0, 10, 20, 20, 50};
    struct frame_times times = {.n = 6, .step = step, .time = time, .dt = 1};
    struct frame_pair *pairs = NULL;
    int32_t n = 0;
    assert_int_equal(series_pairs(&times, 10, true, &pairs, &n, NULL), ISD_OK);
    const struct frame_pair want[] = {{1, 2}, {2, 3}, {3, 0}}; /* of the two at 20 the first */
    assert_int_equal(n, 3);
    assert_memory_equal(pairs, want, sizeof want);
    free(pairs);
    assert_int_equal(series_pairs(&times, 20, false, &pairs, &n, NULL), ISD_OK);
    assert_int_equal(n, 2); /* 0 to 20, 30 to 50 */
    free(pairs);
}

/* Distances walked between frames, pairs overlapping or not: the error stated is that of their mean over many walks. */
static void honest_errors(void **state)
{
    (void)state;
    enum { REPEATS = 2000, N = 400, MOST_OVERLAP = 20 };
    static const int overlaps[] = {1, 5, MOST_OVERLAP};
    static double mean[REPEATS], se[REPEATS], x[N], at[N + MOST_OVERLAP + 1][3];
    static struct frame_pair pairs[N];
    struct rng rng;
    rng_init(&rng, 21);
    for (size_t c = 0; c < sizeof overlaps / sizeof *overlaps; c++) {
        double truth = 0, square = 0, stated = 0, covered = 0;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (int k = 0; k < N + overlaps[c]; k++)
                for (int d = 0; d < 3; d++)
                    at[k + 1][d] = at[k][d] + rng_normal(&rng);
            for (int k = 0; k < N; k++) {
                pairs[k] = (struct frame_pair){k, k + overlaps[c]};
                x[k] = hypot(hypot(at[k + overlaps[c]][0] - at[k][0], at[k + overlaps[c]][1] - at[k][1]), at[k + overlaps[c]][2] - at[k][2]);
            }
            mean[repeat] = series_mean(x, N);
            se[repeat] = series_se(x, pairs, N, true);
            truth += mean[repeat] / REPEATS;
        }
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            square += pow(mean[repeat] - truth, 2);
            stated += se[repeat] * se[repeat];
            covered += fabs(mean[repeat] - truth) < se[repeat];
        }
        assert_true(square / stated > 0.9 && square / stated < 1.1);
        assert_true(covered / REPEATS > 0.65 && covered / REPEATS < 0.72);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_times), cmocka_unit_test(default_times), cmocka_unit_test(pairs_of_a_time),
                                       cmocka_unit_test(honest_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
