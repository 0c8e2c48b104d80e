/* Moduli of synthetic traces of known fluids and solids, noise of known size. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/green_kubo.h"
#include "analysis/oscillation.h"
#include "base/rng.h"
#include "num/kww.h"

enum { PER_CYCLE = 50, MOST_CYCLES = 40, MOST = PER_CYCLE * MOST_CYCLES };
#define GAMMA 0.012
#define T_W 20.0

struct made {
    double time[MOST], end[MOST], strain[MOST], stress[MOST];
    struct stress_trace trace;
};

/* Strain gamma sin(wt), stress g1 and g2 against it, and noise. */
static void make(struct made *made, int cycles, double g1, double g2, double noise, struct rng *rng)
{
    int n = cycles * PER_CYCLE;
    for (int k = 0; k < n; k++) {
        double w = 2 * M_PI / T_W;
        made->end[k] = (k + 1) * T_W / PER_CYCLE;
        made->time[k] = made->end[k] - 0.5 * T_W / PER_CYCLE;
        made->strain[k] = GAMMA * sin(w * made->time[k]);
        made->stress[k] = 0.3 + GAMMA * (g1 * sin(w * made->time[k]) + g2 * cos(w * made->time[k]));
        if (noise > 0)
            made->stress[k] += noise * rng_normal(rng);
    }
    made->trace = (struct stress_trace){n, made->time, made->end, made->strain, made->stress};
}

static const struct oscillation_options options = {.t_w = T_W, .skip = 1, .volume = 100, .kT = 0.5, .amplitude = NAN};

static void exact(void **state)
{
    (void)state;
    static struct made made;
    static const double moduli[][2] = {{10, 4}, {15, 0}, {0, 7}, {3, -0.5}, {-2, 1}}; /* a solid has no loss, a fluid no storage */
    for (size_t k = 0; k < sizeof moduli / sizeof moduli[0]; k++) {
        struct oscillation fit;
        isd_error err;
        make(&made, 10, moduli[k][0], moduli[k][1], 0, NULL);
        assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_OK);
        assert_true(fabs(fit.storage - moduli[k][0]) < 1e-11 && fabs(fit.loss - moduli[k][1]) < 1e-11);
        assert_true(fabs(fit.delta - atan2(moduli[k][1], moduli[k][0])) < 1e-12);
        assert_int_equal(fit.cycles, 9);
        assert_true(fabs(fit.sigma0 - 0.3) < 1e-12 && fabs(fit.strain_amplitude - GAMMA) < 1e-14 && fabs(fit.strain_phase) < 1e-12);
        assert_true(fabs(fit.work_fit - M_PI * GAMMA * GAMMA * moduli[k][1]) < 1e-12);
        assert_true(fabs(fit.work - fit.work_fit) < 0.01 * fabs(fit.work_fit) + 1e-5);
        assert_true(moduli[k][1] > 0 ? fit.se_formula > 0 : moduli[k][1] == 0 || isnan(fit.se_formula));
        assert_true(fabs(oscillation_period(&made.trace) - T_W) < 1e-9);
        oscillation_done(&fit);
    }
}

/* A Maxwell and a KWW fluid at several frequencies: what goes in comes out. */
static void fluids(void **state)
{
    (void)state;
    static struct made made;
    for (double beta = 0.5; beta < 1.01; beta += 0.25)
        for (double x = 0.1; x < 20; x *= 3) {
            struct oscillation fit;
            make(&made, 5, 12 * kww_storage(x, beta), 12 * kww_loss(x, beta), 0, NULL);
            assert_int_equal(oscillation_fit(&made.trace, &options, &fit, NULL), ISD_OK);
            assert_true(fabs(fit.loss - 12 * kww_loss(x, beta)) < 1e-11);
            oscillation_done(&fit);
        }
}

/* Noise of known size: no bias, jackknife errors right on the average, one standard error covers 68 %. */
static void honest_errors(void **state)
{
    (void)state;
    enum { REPEATS = 1000, CYCLES = 31 };
    static struct made made;
    struct rng rng;
    double mean = 0, square = 0, jackknife = 0, covered = 0, truth = atan2(4, 10);
    rng_init(&rng, 7);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct oscillation fit;
        make(&made, CYCLES, 10, 4, 0.05, &rng);
        assert_int_equal(oscillation_fit(&made.trace, &options, &fit, NULL), ISD_OK);
        double off = fit.delta - truth;
        mean += off / REPEATS;
        square += off * off / REPEATS;
        jackknife += fit.se_delta * fit.se_delta / REPEATS;
        covered += (fabs(off) < fit.se_delta) / (double)REPEATS;
        oscillation_done(&fit);
    }
    assert_true(fabs(mean) < 4 * sqrt(square / REPEATS));
    assert_true(fabs(square / jackknife - 1) < 0.1);
    assert_true(covered > 0.65 && covered < 0.71);
}

static void drift_and_harmonics(void **state)
{
    (void)state;
    static struct made made;
    struct oscillation_options with_slope = options;
    struct oscillation fit;
    make(&made, 10, 10, 4, 0, NULL);
    for (int k = 0; k < made.trace.n; k++)
        made.stress[k] += 0.001 * made.time[k];
    with_slope.slope = true;
    assert_int_equal(oscillation_fit(&made.trace, &with_slope, &fit, NULL), ISD_OK);
    assert_true(fabs(fit.sigma_slope - 0.001) < 1e-12 && fabs(fit.storage - 10) < 1e-9);
    oscillation_done(&fit);
    make(&made, 10, 10, 4, 0, NULL);
    for (int k = 0; k < made.trace.n; k++)
        made.stress[k] += 0.02 * sin(3 * 2 * M_PI / T_W * made.time[k] + 1);
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, NULL), ISD_OK);
    assert_true(fabs(fit.harmonic[1] - 0.02) < 1e-12 && fit.harmonic[0] < 1e-12 && fabs(fit.storage - 10) < 1e-10);
    oscillation_done(&fit);
}

/* A cycle cut short at the end is not counted; too little of everything is refused. */
static void too_short(void **state)
{
    (void)state;
    static struct made made;
    struct oscillation fit;
    isd_error err;
    make(&made, 6, 10, 4, 0, NULL);
    made.trace.n -= PER_CYCLE / 2;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_OK);
    assert_int_equal(fit.cycles, 4);
    oscillation_done(&fit);
    made.trace.n = PER_CYCLE;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_DATA);
    make(&made, 6, 10, 4, 0, NULL);
    for (int k = 0; k < made.trace.n; k++)
        made.strain[k] = 0;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_DATA);
}

/* The correlation by Fourier transform against the sum over all origins. */
static void green_kubo_direct(void **state)
{
    (void)state;
    enum { ROWS = 300, LAGS = 41 };
    static double s[2][ROWS];
    const double *components[] = {s[0], s[1]};
    struct rng rng;
    struct green_kubo *gk = NULL;
    isd_error err;
    rng_init(&rng, 3);
    for (int c = 0; c < 2; c++)
        for (int k = 0; k < ROWS; k++)
            s[c][k] = (k > 0 ? 0.9 * s[c][k - 1] : 0) + rng_normal(&rng);
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 4.0, &gk, &err), ISD_OK);
    assert_int_equal(gk->n, LAGS);
    for (int lag = 0; lag < LAGS; lag++) {
        double direct[2] = {0};
        for (int c = 0; c < 2; c++) {
            for (int k = 0; k + lag < ROWS; k++)
                direct[c] += s[c][k] * s[c][k + lag];
            direct[c] *= 50 / 0.5 / (ROWS - lag);
        }
        assert_true(fabs(gk->g[lag] - 0.5 * (direct[0] + direct[1])) < 1e-9);
        assert_true(fabs(gk->se[lag] - 0.5 * fabs(direct[0] - direct[1])) < 1e-9);
    }
    green_kubo_free(gk);
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 40, &gk, &err), ISD_DATA);
    assert_int_equal(green_kubo_new(components, 1, ROWS, 0.1, 50, 0.5, 1, &gk, &err), ISD_OK);
    assert_true(gk->se[3] > 0);
    green_kubo_free(gk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exact),        cmocka_unit_test(fluids),    cmocka_unit_test(honest_errors),
                                       cmocka_unit_test(drift_and_harmonics), cmocka_unit_test(too_short), cmocka_unit_test(green_kubo_direct)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
