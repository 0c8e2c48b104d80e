/* The stretched exponential's transforms against published values and GSL's Fourier quadrature. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "base/rng.h"
#include "num/fit_kww.h"
#include "num/kww.h"

static void known_peaks(void **state)
{
    (void)state;
    static const double known[][4] = {/* beta, peak, height, value at 10 */
                                      {1.0, 1.00000, .500000, .099010}, {0.8, .88635, .416134, .128865},
                                      {0.7, .83290, .370601, .141351},  {0.6, .78299, .322997, .150130},
                                      {0.5, .73698, .273488, .153066},  {0.4, .69480, .222154, .147575}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        double height, peak = kww_peak(known[k][0], &height);
        assert_true(fabs(peak - known[k][1]) < 6e-6);
        assert_true(fabs(height - known[k][2]) < 6e-7);
        assert_true(fabs(kww_loss(10, known[k][0]) - known[k][3]) < 6e-7);
    }
}

static void closed_forms(void **state)
{
    (void)state;
    for (double x = 1e-4; x < 1e5; x *= 3) {
        assert_true(fabs(kww_loss(x, 1) - x / (1 + x * x)) < 1e-14);
        assert_true(fabs(kww_storage(x, 1) - x * x / (1 + x * x)) < 2e-14);
    }
    for (double x = 0.01; x < 10; x *= 2)
        assert_true(fabs(kww_loss(x, 2) - x * sqrt(M_PI) / 2 * exp(-x * x / 4)) < 1e-14);
    assert_true(isnan(kww_loss(-1, 0.5)) && isnan(kww_loss(1, 0.05)) && isnan(kww_loss(INFINITY, 0.5)));
}

static double stretched(double t, void *beta)
{
    return exp(-pow(t, *(double *)beta));
}

static void independent_quadrature(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(4000), *cycles = gsl_integration_workspace_alloc(4000);
    for (double beta = 0.4; beta < 1.01; beta += 0.1)
        for (double x = 0.3; x < 40; x *= 2.1) {
            gsl_integration_qawo_table *table = gsl_integration_qawo_table_alloc(x, 1, GSL_INTEG_COSINE, 40);
            gsl_function f = {stretched, &beta};
            double value, error;
            assert_int_equal(gsl_integration_qawf(&f, 0, 1e-11, 4000, work, cycles, table, &value, &error), GSL_SUCCESS);
            assert_true(fabs(x * value - kww_loss(x, beta)) < 1e-8 * kww_loss(x, beta));
            gsl_integration_qawo_table_free(table);
        }
    gsl_integration_workspace_free(work);
    gsl_integration_workspace_free(cycles);
}

/* What goes in comes out: slow tails, and a Maxwell fluid. */
static void recovered(void **state)
{
    (void)state;
    static const double betas[] = {0.35, 0.55, 0.8, 1};
    double w[15], loss[15], se[15], height;
    struct kww_fit fit;
    isd_error err;
    for (size_t c = 0; c < sizeof betas / sizeof *betas; c++) {
        for (int k = 0; k < 15; k++) {
            w[k] = 0.01 * pow(10, k * 0.2);
            loss[k] = 12 * kww_loss(w[k] * 7, betas[c]);
            se[k] = 0.1;
        }
        assert_int_equal(fit_kww(15, w, loss, se, &fit, &err), ISD_OK);
        assert_true(fabs(fit.plateau - 12) < 1e-5 && fabs(fit.tau - 7) < 1e-5 && fabs(fit.beta - betas[c]) < 1e-6);
        assert_true(fit.chi_sq < 1e-10);
        assert_true(fabs(fit.w_peak * 7 - kww_peak(betas[c], &height)) < 1e-5);
    }
    assert_int_equal(fit_kww(3, w, loss, se, &fit, &err), ISD_DATA);
}

/* Repeats with noise of known size: no bias, chi-square as it should be, 68 % intervals that cover. */
static void honest_errors(void **state)
{
    (void)state;
    enum { REPEATS = 1000, N = 8 };
    struct rng rng;
    double reduced = 0, off_tau = 0, off_beta = 0, covered_tau = 0, covered_beta = 0;
    rng_init(&rng, 3);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double w[N], loss[N], se[N];
        for (int k = 0; k < N; k++) {
            w[k] = 0.02 * pow(10, k * 0.35);
            loss[k] = 12 * kww_loss(w[k] * 7, 0.55);
            se[k] = 0.02 * loss[k];
            loss[k] += se[k] * rng_normal(&rng);
        }
        struct kww_fit fit;
        assert_int_equal(fit_kww(N, w, loss, se, &fit, NULL), ISD_OK);
        reduced += fit.chi_sq / (N - 3) / REPEATS;
        off_tau += (fit.tau - 7) / fit.se_tau / REPEATS;
        off_beta += (fit.beta - 0.55) / fit.se_beta / REPEATS;
        covered_tau += (fabs(fit.tau - 7) < fit.se_tau) / (double)REPEATS;
        covered_beta += (fabs(fit.beta - 0.55) < fit.se_beta) / (double)REPEATS;
    }
    assert_true(reduced > 0.95 && reduced < 1.05);
    assert_true(fabs(off_tau) < 4 / sqrt(REPEATS) && fabs(off_beta) < 4 / sqrt(REPEATS));
    assert_true(covered_tau > 0.65 && covered_tau < 0.71 && covered_beta > 0.65 && covered_beta < 0.71);
}

/* Without errors: the scatter about the curve takes their place, with Student's t for five degrees of freedom. */
static void errors_of_the_scatter(void **state)
{
    (void)state;
    enum { REPEATS = 200, N = 8 };
    struct rng rng;
    double off_beta = 0, covered_tau = 0, covered_beta = 0, t_68 = 1.1045;
    rng_init(&rng, 4);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double w[N], loss[N], same[N];
        for (int k = 0; k < N; k++) {
            w[k] = 0.02 * pow(10, k * 0.35);
            loss[k] = 1e9 * (12 * kww_loss(w[k] * 7, 0.55) + 0.05 * rng_normal(&rng));
            same[k] = 3e7;
        }
        struct kww_fit fit, weighted;
        assert_int_equal(fit_kww(N, w, loss, NULL, &fit, NULL), ISD_OK);
        assert_true(isnan(fit.chi_sq) && fit.n == N);
        off_beta += (fit.beta - 0.55) / fit.se_beta / REPEATS;
        covered_tau += (fabs(fit.tau - 7) < t_68 * fit.se_tau) / (double)REPEATS;
        covered_beta += (fabs(fit.beta - 0.55) < t_68 * fit.se_beta) / (double)REPEATS;
        if (repeat > 0)
            continue;
        assert_int_equal(fit_kww(N, w, loss, same, &weighted, NULL), ISD_OK);
        double scatter = sqrt(weighted.chi_sq / (N - 3));
        assert_true(fabs(fit.beta - weighted.beta) < 1e-6 && fabs(fit.tau / weighted.tau - 1) < 1e-6);
        assert_true(fabs(fit.se_beta / (scatter * weighted.se_beta) - 1) < 1e-4 && fabs(fit.se_plateau / (scatter * weighted.se_plateau) - 1) < 1e-4);
    }
    assert_true(fabs(off_beta) < 5 / sqrt(REPEATS));
    assert_true(covered_tau > 0.58 && covered_tau < 0.78 && covered_beta > 0.58 && covered_beta < 0.78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_peaks), cmocka_unit_test(closed_forms),
                                       cmocka_unit_test(independent_quadrature), cmocka_unit_test(recovered),
                                       cmocka_unit_test(honest_errors), cmocka_unit_test(errors_of_the_scatter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
