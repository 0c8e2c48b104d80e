/* Pair potentials with a smooth end. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "isdmin/potential.h"

static const isd_lj_pair kob_andersen[4] = {
    {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};
static const char *const styles[] = {"lj/smooth/linear", "lj/smooth/quadratic"};

static isd_evaluator *dimer(const char *style, int a, int b)
{
    const isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 20, .ly = 20, .lz = 20};
    const int32_t type[2] = {a, b};
    isd_potential *p = NULL;
    isd_evaluator *e = NULL;
    assert_int_equal(isd_potential_pair(style, kob_andersen, 2, &p, NULL), ISD_OK);
    assert_true(isd_potential_continuous(p) && isd_potential_cutoff(p) == 2.5);
    assert_string_equal(isd_potential_name(p), style);
    assert_int_equal(isd_evaluator_new(p, &box, type, 2, &e, NULL), ISD_OK);
    isd_potential_unref(p);
    return e;
}

static double energy_at(isd_evaluator *e, double r, double *ret_force)
{
    const double x[6] = {19.5, 3, 4, 19.5 + r, 3, 4};
    double f[6];
    isd_energy energy;
    assert_int_equal(isd_evaluator_compute(e, x, NULL, f, &energy, NULL), ISD_OK);
    assert_true(f[0] == -f[3] && f[1] == 0 && f[5] == 0);
    assert_true(fabs(energy.virial[0] - r * f[3]) < 1e-12 * (1 + fabs(f[3])));
    *ret_force = f[3];
    return energy.total;
}

static double lj(const isd_lj_pair *p, double r, double *ret_slope)
{
    const double x = pow(p->sigma / r, 6);
    *ret_slope = -24 * p->epsilon * (2 * x * x - x) / r;
    return 4 * p->epsilon * (x * x - x);
}

static void definitions(void **state)
{
    /* c0 and c2 of the Kob-Andersen literature, cutoff 2.5 sigma */
    const double c0 = 0.0162665594880, c2 = -0.00194997387264;
    (void)state;
    for (int a = 1; a <= 2; a++) {
        for (int b = a; b <= 2; b++) {
            const isd_lj_pair *p = &kob_andersen[2 * (a - 1) + b - 1];
            isd_evaluator *linear = dimer(styles[0], a, b), *quadratic = dimer(styles[1], a, b);
            double slope, slope_end, force;
            const double end = lj(p, p->cutoff, &slope_end);
            for (double r = 0.8 * p->sigma; r < p->cutoff; r += 0.13) {
                const double v = lj(p, r, &slope);
                assert_true(fabs(energy_at(linear, r, &force) - (v - end - (r - p->cutoff) * slope_end)) < 1e-13 * (1 + fabs(v)));
                assert_true(fabs(force + slope - slope_end) < 1e-12 * (1 + fabs(slope)));
                const double s = r / p->sigma;
                assert_true(fabs(energy_at(quadratic, r, &force) - v - 4 * p->epsilon * (c0 + c2 * s * s)) < 1e-12);
            }
            isd_evaluator_free(linear);
            isd_evaluator_free(quadratic);
        }
    }
}

/* Energy and force go to zero at the cutoff, and the force is the slope of the energy everywhere. */
static void smooth_ends(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        isd_evaluator *e = dimer(styles[k], 1, 2);
        double force, unused;
        assert_true(fabs(energy_at(e, 2.0 - 1e-7, &force)) < 1e-12);
        assert_true(fabs(force) < 1e-6);
        assert_true(energy_at(e, 2.0, &force) == 0 && force == 0);
        for (double r = 0.75; r < 1.99; r += 0.07) {
            const double h = 1e-6, up = energy_at(e, r + h, &unused), down = energy_at(e, r - h, &unused);
            energy_at(e, r, &force);
            assert_true(fabs((down - up) / (2 * h) - force) < 1e-7 * (1 + fabs(force)));
        }
        isd_evaluator_free(e);
    }
}

static void refusals(void **state)
{
    isd_lj_pair pairs[4];
    isd_potential *p = NULL;
    isd_error err = {0};
    (void)state;
    memcpy(pairs, kob_andersen, sizeof pairs);
    assert_int_equal(isd_potential_pair("lj/none", pairs, 2, &p, &err), ISD_USAGE);
    assert_non_null(strstr(err.what, "lj/none"));
    assert_int_equal(isd_potential_pair(styles[0], pairs, 0, &p, NULL), ISD_USAGE);
    pairs[3].set = false;
    assert_int_equal(isd_potential_pair(styles[0], pairs, 2, &p, &err), ISD_USAGE);
    assert_non_null(strstr(err.what, "types 2 and 2"));
    pairs[3].set = true;
    pairs[1].epsilon = NAN;
    assert_int_equal(isd_potential_pair(styles[1], pairs, 2, &p, &err), ISD_USAGE);
    assert_null(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(definitions), cmocka_unit_test(smooth_ends),
                                       cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
