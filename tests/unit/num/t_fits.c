/* Lines and power laws through points with errors: published fits and synthetic truth. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "num/fit_power.h"
#include "num/normal.h"
#include "num/york.h"

/* Pearson's data with York's weights; York et al. (2004): a 5.47991022, b -0.480533407, errors 0.29497 and 0.057985. */
static void pearson_york(void **state)
{
    (void)state;
    const double x[] = {0, .9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4}, y[] = {5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5};
    const double wx[] = {1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1}, wy[] = {1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500};
    double sx[10], sy[10];
    for (int k = 0; k < 10; k++) {
        sx[k] = 1 / sqrt(wx[k]);
        sy[k] = 1 / sqrt(wy[k]);
    }
    struct line_fit fit;
    isd_error err;
    assert_int_equal(line_fit_york(10, x, sx, y, sy, &fit, &err), ISD_OK);
    assert_true(fabs(fit.a - 5.47991022) < 5e-9 && fabs(fit.b + 0.480533407) < 5e-10);
    assert_true(fabs(fit.se_a - 0.29497) < 1e-5 && fabs(fit.se_b - 0.057985) < 1e-6);
    assert_true(fabs(fit.chi_sq - 11.866353) < 1e-6);
}

static void line_refusals(void **state)
{
    (void)state;
    const double x[] = {1, 1, 1}, y[] = {1, 2, 3}, s[] = {.1, .1, .1};
    struct line_fit fit;
    isd_error err;
    assert_int_equal(line_fit_york(3, x, s, y, s, &fit, &err), ISD_DATA);
    assert_int_equal(line_fit_ordinary(2, y, y, &fit, &err), ISD_DATA);
}

/* Least squares on a line, against the closed form. */
static void ordinary(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3, 4}, y[] = {1, 3, 2, 5, 4};
    struct line_fit fit;
    isd_error err;
    assert_int_equal(line_fit_ordinary(5, x, y, &fit, &err), ISD_OK);
    assert_true(fabs(fit.b - 0.8) < 1e-14 && fabs(fit.a - 1.4) < 1e-14);
    assert_true(fabs(fit.se_b - sqrt(3.6 / 3 / 10)) < 1e-14);
}

static void exact_power(void **state)
{
    (void)state;
    double x[6], y[6], sx[6], sy[6];
    for (int k = 0; k < 6; k++) {
        x[k] = 0.1 * (k + 1);
        y[k] = 1.7 * pow(x[k], 2.3);
        sx[k] = 0.001;
        sy[k] = 0.01 * y[k];
    }
    struct power_fit fit;
    isd_error err;
    assert_int_equal(fit_power(6, x, sx, y, sy, &fit, &err), ISD_OK);
    assert_true(fabs(fit.exponent - 2.3) < 1e-9 && fabs(fit.amplitude - 1.7) < 1e-8 && fit.chi_sq < 1e-12);
    assert_true(fit.exponent_low < 2.3 && fit.exponent_high > 2.3);
    assert_true(fabs((fit.exponent_high - fit.exponent_low) / (2 * fit.se_exponent) - 1) < 0.02);
    assert_int_equal(fit_power(2, x, sx, y, sy, &fit, &err), ISD_DATA);
}

/* Repeats with noise of known size in both coordinates: unbiased, chi-square as it should be, 68 % intervals that cover. */
static void honest_errors(void **state)
{
    (void)state;
    enum { REPEATS = 1000, N = 10 };
    struct rng rng;
    rng_init(&rng, 20240611);
    double mean = 0, reduced = 0, covered = 0, held = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double x[N], y[N], sx[N], sy[N];
        for (int k = 0; k < N; k++) {
            double truth = 0.2 * pow(3, k / (N - 1.0));
            sx[k] = 0.02 * truth;
            sy[k] = 0.05 * 2 * truth * truth;
            x[k] = truth + sx[k] * rng_normal(&rng);
            y[k] = 2 * truth * truth + sy[k] * rng_normal(&rng);
        }
        struct power_fit fit, alone;
        isd_error err;
        assert_int_equal(fit_power(N, x, sx, y, sy, &fit, &err), ISD_OK);
        mean += fit.exponent / REPEATS;
        reduced += fit.chi_sq / (N - 2) / REPEATS;
        covered += (fabs(fit.exponent - 2) < fit.se_exponent) / (double)REPEATS;
        held += (fit.exponent_low < 2 && 2 < fit.exponent_high) / (double)REPEATS;
        assert_int_equal(fit_power_alone(N, x, sx, y, sy, &alone, &err), ISD_OK);
        assert_true(alone.exponent == fit.exponent && alone.se_exponent == fit.se_exponent && alone.chi_sq == fit.chi_sq && isnan(alone.exponent_low));
    }
    assert_true(fabs(mean - 2) < 0.01);
    assert_true(reduced > 0.95 && reduced < 1.05);
    assert_true(covered > 0.65 && covered < 0.71);
    assert_true(held > 0.65 && held < 0.71);
}

static void sums_add_up(void **state)
{
    (void)state;
    struct normal a, b, whole;
    const int chosen[] = {0, 1};
    double c[2];
    normal_init(&a, 2);
    normal_init(&b, 2);
    normal_init(&whole, 2);
    for (int k = 0; k < 10; k++) {
        double f[] = {1, k};
        normal_add(k < 4 ? &a : &b, f, 3 + 0.5 * k);
    }
    normal_combine(&whole, &a, 1);
    normal_combine(&whole, &b, 1);
    assert_true(normal_solve(&whole, chosen, 2, c));
    assert_true(fabs(c[0] - 3) < 1e-12 && fabs(c[1] - 0.5) < 1e-12 && normal_residual(&whole, chosen, 2, c) < 1e-20);
    const int twice[] = {0, 0};
    assert_false(normal_solve(&whole, twice, 2, c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pearson_york),  cmocka_unit_test(line_refusals),
                                       cmocka_unit_test(ordinary),      cmocka_unit_test(exact_power),
                                       cmocka_unit_test(honest_errors), cmocka_unit_test(sums_add_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
