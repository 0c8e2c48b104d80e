/* Pictures of how atoms move, of results made by hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/picture.h"

#include "golden.h"
#include "paper.h"

enum { TIMES = 9, TYPES = 2, FINE = 60 };

/* F_s and MSD of two types over three decades; the last error is not known. */
static void make_dynamics(struct result *out[TYPES])
{
    double t[TIMES], fs[TIMES], se[TIMES], msd[TIMES];
    for (int type = 0; type < TYPES; type++) {
        for (int k = 0; k < TIMES; k++) {
            t[k] = pow(10, 3.0 * k / (TIMES - 1));
            fs[k] = 0.9 * exp(-pow(t[k] / (type ? 40 : 120), 0.6));
            se[k] = k + 1 < TIMES ? 0.004 * (k + 1) : NAN;
            msd[k] = (type ? 3e-3 : 1e-3) * t[k];
        }
        out[type] = result_new("dynamics", RESULT_CURVES);
        result_text(out[type], "type", type ? "B" : "A");
        result_real(out[type], "k", "", 7.25);
        result_reals(out[type], "t", "tau", t, TIMES);
        result_reals(out[type], "msd", "sigma^2", msd, TIMES);
        result_reals(out[type], "fs", "", fs, TIMES);
        result_reals(out[type], "se_fs", "", se, TIMES);
    }
}

static struct result *make_structure(bool errors)
{
    double k[FINE], s[FINE], se[FINE];
    for (int j = 0; j < FINE; j++) {
        k[j] = 0.2 * (j + 1);
        s[j] = 1 + 1.5 * exp(-pow((k[j] - 7.2) / 0.8, 2));
        se[j] = errors ? 0.05 : NAN;
    }
    struct result *out = result_new("sk", RESULT_CURVES);
    result_text(out, "type", "all");
    result_real(out, "peak", "", 7.2);
    result_reals(out, "k", "", k, FINE);
    result_reals(out, "s", "", s, FINE);
    result_reals(out, "se_s", "", se, FINE);
    return out;
}

static void a_panel_a_quantity(void **state)
{
    (void)state;
    struct result *results[TYPES];
    struct picture picture;
    struct grid grid;
    make_dynamics(results);
    assert_true(picture_make((const struct result *const *)results, TYPES, &picture));
    assert_int_equal(picture.n, 2);
    const struct panel *msd = &picture.panel[0], *fs = &picture.panel[1];
    assert_true(msd->plot.x.log && msd->plot.y.log && fs->plot.x.log && !fs->plot.y.log);
    assert_int_equal(msd->plot.n_curves, 2 * TYPES);
    assert_int_equal(fs->plot.n_curves, 2 * TYPES + 1); /* and 1/e */
    assert_non_null(fs->curve[1].se_y);
    assert_null(msd->curve[1].se_y);
    assert_string_equal(fs->title, "self intermediate scattering function, 1/e, k 7.25");
    assert_string_equal(fs->x_label, "t /tau");
    assert_true(grid_init(&grid, 100, 40));
    picture_draw(&grid, 0, 0, 100, 40, &picture, GLYPH_BRAILLE, false);
    golden_grid(&grid, "motion_braille_100x40");
    grid_done(&grid);
    char *svg = paper_svg(&picture), *script = picture_gnuplot(&picture);
    assert_true(svg && script && !strstr(svg, "nan") && strstr(script, "logscale"));
    free(svg);
    free(script);
    picture_done(&picture);
    for (int k = 0; k < TYPES; k++)
        result_free(results[k]);
}

/* Sixty points are a line with a label; bars where errors are known. */
static void many_points(void **state)
{
    (void)state;
    for (int errors = 0; errors < 2; errors++) {
        struct result *result = make_structure(errors);
        struct picture picture;
        assert_true(picture_make((const struct result *const *)&result, 1, &picture));
        assert_int_equal(picture.n, 1);
        assert_int_equal(picture.panel[0].plot.n_curves, 1 + errors);
        assert_false(picture.panel[0].plot.x.log);
        assert_string_equal(picture.panel[0].curve[0].label, "all");
        picture_done(&picture);
        result_free(result);
    }
}

static void halves_of_a_set(void **state)
{
    (void)state;
    double t[] = {1, 10, 100}, a[] = {0.1, 0.5, NAN}, b[] = {0.1, 0.9, NAN}, se[] = {0.01, 0.1, NAN};
    struct result *results[2] = {result_new("equilibrium", RESULT_RECORD), result_new("equilibrium", RESULT_CURVES)};
    struct picture picture;
    result_text(results[0], "quantity", "energy");
    result_real(results[0], "mean", "", -7);
    result_text(results[1], "quantity", "msd");
    result_text(results[1], "verdict", "drifts");
    result_real(results[1], "worst_sigmas", "", 4);
    result_reals(results[1], "t", "tau", t, 3);
    result_reals(results[1], "first_half", "", a, 3);
    result_reals(results[1], "second_half", "", b, 3);
    result_reals(results[1], "se_difference", "", se, 3);
    assert_true(picture_make((const struct result *const *)results, 2, &picture));
    assert_int_equal(picture.n, 1);
    assert_string_equal(picture.panel[0].title, "MSD of either half: drifts, 4 sigmas at worst");
    picture_done(&picture);
    assert_false(picture_make((const struct result *const *)results, 1, &picture)); /* energies alone have none */
    result_free(results[0]);
    result_free(results[1]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_panel_a_quantity), cmocka_unit_test(many_points), cmocka_unit_test(halves_of_a_set)};
    golden_root = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
