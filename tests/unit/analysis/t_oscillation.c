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

enum { PER_CYCLE = 20, MOST_CYCLES = 101, MOST = PER_CYCLE * MOST_CYCLES };
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
        assert_true(fabs(fit.work - fit.work_fit) < 0.02 * fabs(fit.work_fit) + 1e-5);
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

/* --- errors of known size --- */

/* Deviations from the truth against what is stated of them. */
struct tally {
    double off, square, stated, covered;
    int n;
};

static void tally_add(struct tally *tally, double off, double se)
{
    tally->off += off;
    tally->square += off * off;
    tally->stated += se * se;
    tally->covered += fabs(off) < se;
    tally->n++;
}

/* No bias, reduced chi-square within 5 %, one standard error covers 68 %. */
static void tally_check(const struct tally *tally)
{
    double n = tally->n, reduced = tally->square / tally->stated;
    assert_true(fabs(tally->off) < 4 * sqrt(tally->square));
    assert_true(reduced > 0.95 && reduced < 1.05);
    assert_true(tally->covered / n > 0.65 && tally->covered / n < 0.71);
}

/* Stress noise as a system in linear response has it: the closed form of physics says how large. */
static double thermal_noise(double g2, double volume, double kT)
{
    return sqrt(PER_CYCLE * kT * g2 / (M_PI * volume));
}

/* Noise of any size in the jackknife's eyes, thermal noise in those of the closed form. */
static void repeat_fits(double g1, double g2, double noise, uint64_t seed, struct tally jackknife[2], struct tally *angle, struct tally closed[2],
                        struct tally *closed_angle)
{
    enum { REPEATS = 4000, CYCLES = 101 };
    static struct made made;
    const struct oscillation_options thermal = {.t_w = T_W, .skip = 1, .volume = 2e4, .kT = 0.5, .amplitude = NAN};
    struct rng rng;
    rng_init(&rng, seed);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct oscillation fit;
        make(&made, CYCLES, g1, g2, noise > 0 ? noise : thermal_noise(g2, thermal.volume, thermal.kT), &rng);
        assert_int_equal(oscillation_fit(&made.trace, &thermal, &fit, NULL), ISD_OK);
        double off = fit.delta - atan2(g2, g1);
        tally_add(&jackknife[0], fit.storage - g1, fit.se_storage);
        tally_add(&jackknife[1], fit.loss - g2, fit.se_loss);
        tally_add(angle, off, fit.se_delta);
        if (noise <= 0) {
            tally_add(&closed[0], fit.storage - g1, fit.se_formula);
            tally_add(&closed[1], fit.loss - g2, fit.se_formula);
            tally_add(closed_angle, off, fit.se_formula_delta);
        }
        oscillation_done(&fit);
    }
}

/* A Maxwell fluid, a Hookean solid and a KWW fluid, 4000 repeats each (of 1000 the chi-square itself scatters by 4 %): both kinds of errors are right. */
static void honest_errors(void **state)
{
    (void)state;
    const struct {
        double g1, g2, noise;
    } samples[] = {{12 * kww_storage(2, 1), 12 * kww_loss(2, 1), 0}, {15, 0, 0.05}, {12 * kww_storage(1.5, 0.6), 12 * kww_loss(1.5, 0.6), 0}};
    for (size_t k = 0; k < sizeof samples / sizeof samples[0]; k++) {
        struct tally jackknife[2] = {{0}}, angle = {0}, closed[2] = {{0}}, closed_angle = {0};
        repeat_fits(samples[k].g1, samples[k].g2, samples[k].noise, 7 + k, jackknife, &angle, closed, &closed_angle);
        for (int c = 0; c < 2; c++) {
            tally_check(&jackknife[c]);
            if (closed[c].n > 0)
                tally_check(&closed[c]);
        }
        tally_check(&angle);
        if (closed_angle.n > 0)
            tally_check(&closed_angle);
        assert_int_equal(closed_angle.n > 0, samples[k].noise == 0);
    }
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

/* Cycles laid over each other: the wave that was put in, the drift taken off, errors that are those of the noise; the first cycle is not in it. */
static void profile(void **state)
{
    (void)state;
    enum { CYCLES = 101, PARTS = 20 };
    static struct made made;
    struct oscillation fit;
    struct oscillation_profile p;
    struct oscillation_options with_slope = options;
    struct rng rng;
    with_slope.slope = true;
    rng_init(&rng, 3);
    for (int noisy = 0; noisy < 2; noisy++) {
        double chi_sq = 0;
        make(&made, CYCLES, 10, 4, noisy ? 0.1 : 0, &rng);
        for (int k = 0; k < made.trace.n; k++)
            made.stress[k] += 0.001 * made.time[k] + (k < PER_CYCLE ? 100 : 0);
        assert_int_equal(oscillation_fit(&made.trace, &with_slope, &fit, NULL), ISD_OK);
        assert_int_equal(oscillation_profile(&made.trace, &with_slope, &fit, PARTS, &p, NULL), ISD_OK);
        assert_int_equal(p.n, PARTS);
        for (int k = 0; k < PARTS; k++) {
            double phase = (k + 0.5) / PARTS, want = 0.3 + GAMMA * (10 * sin(2 * M_PI * phase) + 4 * cos(2 * M_PI * phase));
            assert_true(fabs(p.phase[k] - phase) < 1e-9 && fabs(p.strain[k] - GAMMA * sin(2 * M_PI * phase)) < 1e-12);
            if (noisy) {
                assert_true(fabs(p.se_stress[k] / (0.1 / sqrt(CYCLES - 1)) - 1) < 0.35);
                chi_sq += pow((p.stress[k] - want) / p.se_stress[k], 2) / PARTS;
            } else {
                assert_true(fabs(p.stress[k] - want) < 1e-9 && p.se_stress[k] < 1e-7);
            }
        }
        assert_true(!noisy || (chi_sq > 0.4 && chi_sq < 2.2));
        oscillation_profile_done(&p);
        oscillation_done(&fit);
    }
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
    made.trace.n = PER_CYCLE + PER_CYCLE / 2; /* half a cycle after the first */
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_DATA);
    made.trace.n = 2 * PER_CYCLE;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_OK);
    assert_int_equal(fit.cycles, 1);
    oscillation_done(&fit);
    made.trace.n = PER_CYCLE;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_DATA);
    make(&made, 6, 10, 4, 0, NULL);
    for (int k = 0; k < made.trace.n; k++)
        made.strain[k] = 0;
    assert_int_equal(oscillation_fit(&made.trace, &options, &fit, &err), ISD_DATA);
}

/* Errors over stretches of the run: as those of runs of their own; none where a stretch does not reach. */
static void green_kubo_blocks(void **state)
{
    (void)state;
    enum { ROWS = 400, BLOCKS = 4, EACH = ROWS / BLOCKS };
    static double s[2][ROWS];
    const double *components[] = {s[0], s[1]};
    struct rng rng;
    struct green_kubo *whole = NULL, *part[BLOCKS] = {NULL};
    struct green_kubo_moduli m, of_part;
    double g = 0, g_sq = 0, loss = 0, loss_sq = 0;
    rng_init(&rng, 4);
    for (int c = 0; c < 2; c++)
        for (int k = 0; k < ROWS; k++)
            s[c][k] = (k > 0 ? 0.9 * s[c][k - 1] : 0) + rng_normal(&rng);
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 4.0, BLOCKS, &whole, NULL), ISD_OK);
    m = green_kubo_moduli(whole, 2 * M_PI / 2);
    for (int b = 0; b < BLOCKS; b++) {
        const double *own[] = {s[0] + b * EACH, s[1] + b * EACH};
        assert_int_equal(green_kubo_new(own, 2, EACH, 0.1, 50, 0.5, 4.0, 0, &part[b], NULL), ISD_OK);
        of_part = green_kubo_moduli(part[b], 2 * M_PI / 2);
        g += part[b]->g[7] / BLOCKS;
        g_sq += part[b]->g[7] * part[b]->g[7] / BLOCKS;
        loss += of_part.loss / BLOCKS;
        loss_sq += of_part.loss * of_part.loss / BLOCKS;
        green_kubo_free(part[b]);
    }
    assert_true(fabs(whole->se[7] / sqrt((g_sq - g * g) / (BLOCKS - 1)) - 1) < 1e-9);
    assert_true(fabs(m.se_loss / sqrt((loss_sq - loss * loss) / (BLOCKS - 1)) - 1) < 1e-9);
    green_kubo_free(whole);
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 12.0, BLOCKS, &whole, NULL), ISD_OK);
    m = green_kubo_moduli(whole, 2 * M_PI / 2);
    assert_true(isfinite(m.loss) && isnan(m.se_loss));
    m = green_kubo_moduli(whole, 2 * M_PI / 13);
    assert_true(isnan(m.loss));
    green_kubo_free(whole);
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
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 4.0, 0, &gk, &err), ISD_OK);
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
    assert_int_equal(green_kubo_new(components, 2, ROWS, 0.1, 50, 0.5, 40, 0, &gk, &err), ISD_DATA);
    assert_int_equal(green_kubo_new(components, 1, ROWS, 0.1, 50, 0.5, 1, 0, &gk, &err), ISD_OK);
    assert_true(gk->se[3] > 0);
    green_kubo_free(gk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exact),        cmocka_unit_test(fluids),    cmocka_unit_test(honest_errors),
                                       cmocka_unit_test(drift_and_harmonics), cmocka_unit_test(profile), cmocka_unit_test(too_short),
                                       cmocka_unit_test(green_kubo_direct), cmocka_unit_test(green_kubo_blocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
