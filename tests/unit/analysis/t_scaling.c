/* Laws that all states share, and that they do not. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "analysis/scaling.h"
#include "base/rng.h"

enum { GROUPS = 3, EACH = 5, N = GROUPS * EACH };

struct made {
    double x[N], se_x[N], y[N], se_y[N];
    int group[N];
    struct scaling_points points;
};

/* y = factor^group x^exponent with noise of the size said. */
static void make(struct made *made, double factor, double exponent, struct rng *rng)
{
    for (int k = 0; k < N; k++) {
        int g = k / EACH;
        double x = 0.2 * (1 + 0.4 * (k % EACH)) * (1 + 0.1 * g), y = pow(factor, g) * pow(x, exponent);
        made->group[k] = g;
        made->se_x[k] = 0.01 * x;
        made->se_y[k] = 0.03 * y;
        made->x[k] = x + made->se_x[k] * rng_normal(rng);
        made->y[k] = y + made->se_y[k] * rng_normal(rng);
    }
    made->points = (struct scaling_points){N, made->x, made->se_x, made->y, made->se_y, made->group, false, NULL};
}

static void common_law(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    double mean = 0;
    rng_init(&rng, 5);
    for (int repeat = 0; repeat < 200; repeat++) {
        struct collapse collapse;
        make(&made, 1, 2, &rng);
        assert_int_equal(scaling_collapse(&made.points, 0, 1, &collapse, NULL), ISD_OK);
        assert_true(collapse.groups == GROUPS && collapse.n == N && collapse.score > -1e-6);
        mean += collapse.score / 200;
    }
    assert_true(fabs(mean - 1) < 0.15);
}

/* The interval of the score holds the score, and its mean, 1, in two thirds of cases at least; a small chance is as rare as it says. */
static void honest_score(void **state)
{
    (void)state;
    enum { REPEATS = 300, CHANCES = 1000 };
    struct made made;
    struct rng rng;
    double covered = 0, rare = 0;
    rng_init(&rng, 12);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct collapse c;
        make(&made, 1, 2, &rng);
        assert_int_equal(scaling_collapse(&made.points, 100, 1, &c, NULL), ISD_OK);
        assert_true(c.score_low >= 0 && c.score_low <= fmax(c.score, 0) && c.score <= c.score_high);
        covered += (c.score_low <= 1 && 1 <= c.score_high) / (double)REPEATS;
    }
    assert_true(covered > 0.6 && covered < 0.9);
    for (int repeat = 0; repeat < CHANCES; repeat++) {
        struct collapse c;
        make(&made, 1, 2, &rng);
        assert_int_equal(scaling_collapse(&made.points, 0, 1, &c, NULL), ISD_OK);
        rare += (c.p_value < 0.2) / (double)CHANCES;
    }
    assert_true(rare > 0.16 && rare < 0.24);
}

/* Errors that are estimates, as those of ten cycles are: the interval that is widened covers, the plain one does not. */
static void few_cycles(void **state)
{
    (void)state;
    enum { REPEATS = 1000, DOF = 10 };
    struct made made;
    struct rng rng;
    double dof[N], plain = 0, wide = 0;
    rng_init(&rng, 14);
    for (int k = 0; k < N; k++)
        dof[k] = DOF;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct scaling_fit fit;
        make(&made, 1, 2, &rng);
        for (int k = 0; k < N; k++) {
            double square = 0;
            made.x[k] = 0.2 * (1 + 0.4 * (k % EACH)) * (1 + 0.1 * made.group[k]);
            made.se_x[k] = 0;
            made.se_y[k] = 0.1 * made.x[k] * made.x[k];
            made.y[k] = made.x[k] * made.x[k] + made.se_y[k] * rng_normal(&rng);
            for (int c = 0; c < DOF; c++)
                square += pow(rng_normal(&rng), 2) / DOF;
            made.se_y[k] *= sqrt(square);
        }
        made.points.dof_y = dof;
        assert_int_equal(scaling_fit(&made.points, &fit, NULL), ISD_OK);
        assert_true(fit.widen > 1.05 && fit.widen < 1.25);
        plain += (fabs(fit.power.exponent - 2) < fit.power.se_exponent) / (double)REPEATS;
        wide += (fabs(fit.power.exponent - 2) < fit.widen * fit.power.se_exponent) / (double)REPEATS;
    }
    assert_true(plain < 0.63);
    assert_true(wide > 0.63 && wide < 0.71);
}

static void several_laws(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    struct collapse collapse;
    struct left_out left_out;
    rng_init(&rng, 6);
    make(&made, 1.5, 2, &rng);
    assert_int_equal(scaling_collapse(&made.points, 100, 1, &collapse, NULL), ISD_OK);
    assert_true(collapse.score > 20 && collapse.score_low > 5 && collapse.score_low < collapse.score_high && collapse.p_value < 1e-6);
    assert_int_equal(scaling_leave_out(&made.points, 2, &left_out, NULL), ISD_OK);
    assert_true(left_out.misfit > 5);
    make(&made, 1, 2, &rng);
    assert_int_equal(scaling_leave_out(&made.points, 2, &left_out, NULL), ISD_OK);
    assert_true(left_out.misfit < 2.5 && fabs(left_out.exponent - 2) < 5 * left_out.se_exponent);
}

static void one_set(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    struct scaling_fit fit;
    isd_error err;
    rng_init(&rng, 8);
    make(&made, 1, 2, &rng);
    made.y[0] = -0.001; /* negative within its error: counts in the non-linear fit, not in logarithms */
    made.se_y[0] = 0.05;
    assert_int_equal(scaling_fit(&made.points, &fit, &err), ISD_OK);
    assert_int_equal(fit.n_positive, N - 1);
    assert_true(fabs(fit.power.exponent - 2) < 5 * fit.power.se_exponent && fabs(fit.york.b - 2) < 5 * fit.york.se_b);
    assert_true(fabs(fit.ordinary.b - 2) < 0.3 && fit.range > 2);
    made.points.n = 2;
    assert_int_equal(scaling_fit(&made.points, &fit, &err), ISD_DATA);
    for (int k = 0; k < N; k++)
        made.x[k] = 0.3;
    made.points.n = N;
    assert_int_equal(scaling_fit(&made.points, &fit, &err), ISD_DATA);
    struct collapse collapse;
    assert_int_equal(scaling_collapse(&made.points, 0, 1, &collapse, &err), ISD_DATA);
}

/* Without errors: lines through logarithms, whose scatter takes the place of errors; coverage and the score are as they should be. */
static void without_errors(void **state)
{
    (void)state;
    enum { REPEATS = 1000 };
    struct made made;
    struct rng rng;
    double score = 0, covered = 0, rare = 0;
    rng_init(&rng, 11);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct scaling_fit fit;
        struct collapse collapse;
        make(&made, 1, 2, &rng);
        for (int k = 0; k < N; k++) /* the same scatter for all, in logarithms */
            made.y[k] = pow(made.x[k], 2) * exp(0.05 * rng_normal(&rng));
        made.points.ordinary = true;
        made.points.se_x = made.points.se_y = NULL;
        assert_int_equal(scaling_fit(&made.points, &fit, NULL), ISD_OK);
        assert_true(isnan(fit.power.chi_sq) && isnan(fit.york.b) && fit.ordinary.b == fit.power.exponent && fit.power.n == N);
        covered += (fit.power.exponent_low < 2 && 2 < fit.power.exponent_high) / (double)REPEATS;
        assert_int_equal(scaling_collapse(&made.points, 0, 1, &collapse, NULL), ISD_OK);
        score += collapse.score / REPEATS;
        rare += (collapse.p_value < 0.2) / (double)REPEATS;
    }
    assert_true(covered > 0.65 && covered < 0.72);
    assert_true(rare > 0.16 && rare < 0.24);
    assert_true(fabs(score - 9.0 / 7) < 0.1); /* the mean of F with 9 degrees of freedom below */
    made.y[3] = -0.1;
    struct scaling_fit fit;
    isd_error err;
    assert_int_equal(scaling_fit(&made.points, &fit, &err), ISD_DATA);
}

/* The law of one group is the law of its points alone. */
static void one_group(void **state)
{
    (void)state;
    struct made made;
    struct rng rng;
    struct scaling_fit all, alone;
    rng_init(&rng, 9);
    make(&made, 1.5, 2, &rng);
    for (int g = 0; g < GROUPS; g++) {
        int n = 0;
        double low = INFINITY, high = 0;
        assert_int_equal(scaling_fit_group(&made.points, g, &alone, NULL), ISD_OK);
        struct made copy = made;
        for (int k = 0; k < N; k++)
            if (made.group[k] == g) {
                copy.x[n] = made.x[k];
                copy.se_x[n] = made.se_x[k];
                copy.y[n] = made.y[k];
                copy.se_y[n] = made.se_y[k];
                copy.group[n++] = 0;
                low = fmin(low, made.x[k]);
                high = fmax(high, made.x[k]);
            }
        const struct scaling_points points = {n, copy.x, copy.se_x, copy.y, copy.se_y, copy.group, false, NULL};
        assert_int_equal(scaling_fit(&points, &all, NULL), ISD_OK);
        assert_true(all.power.exponent == alone.power.exponent && all.york.b == alone.york.b && alone.power.n == n);
        assert_true(alone.x_low == low && alone.x_high == high && alone.range == high / low);
    }
    assert_int_equal(scaling_fit_group(&made.points, GROUPS, &alone, NULL), ISD_DATA);
}

/* Anscombe's first set: r 0.81642051634484, two-sided p 0.00217 with 9 degrees of freedom; the interval by Fisher's transform. */
static void correlations(void **state)
{
    (void)state;
    const double x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
    struct correlation c = scaling_correlation(11, x, y);
    assert_true(fabs(c.r - 0.81642051634484) < 1e-12 && fabs(c.p_value - 0.00216962887) < 1e-9);
    assert_true(fabs(c.low - tanh(atanh(c.r) - 1.959963984540054 / sqrt(8))) < 1e-14 && c.high > c.r && c.high < 1);
    c = scaling_correlation(3, x, y);
    assert_true(isfinite(c.r) && isnan(c.low) && isfinite(c.p_value));
    c = scaling_correlation(2, x, y);
    assert_true(isnan(c.r) && isnan(c.p_value));
    c = scaling_correlation(0, x, y);
    assert_true(isnan(c.r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(common_law), cmocka_unit_test(honest_score), cmocka_unit_test(few_cycles),
                                       cmocka_unit_test(several_laws), cmocka_unit_test(one_set),
                                       cmocka_unit_test(without_errors), cmocka_unit_test(one_group),
                                       cmocka_unit_test(correlations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
