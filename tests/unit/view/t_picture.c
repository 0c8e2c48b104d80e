/* Pictures of results made by hand: in cells, as SVG and as scripts of gnuplot. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/picture.h"

#include "golden.h"
#include "paper.h"

static void add_point(struct result *law, double T, double x, double y, double se_y, bool fitted)
{
    struct result *point = result_new(NULL, RESULT_RECORD);
    result_real(point, "T", "", T);
    result_null(point, "p");
    result_real(point, "x", "", x);
    result_real(point, "se_x", "", 0.03 * x);
    result_real(point, "y", "", y);
    result_real(point, "se_y", "", se_y);
    result_bool(point, "fitted", fitted);
    result_append(law, "points", point);
}

/* A law of three states; one point lies outside the window, one below zero, one bar reaches below it. */
static struct result *make_law(void)
{
    struct result *law = result_new("fit", RESULT_RECORD);
    result_text(law, "what", "power");
    result_text(law, "x", "d_min");
    result_text(law, "x_unit", "r0");
    result_text(law, "y", "delta");
    result_null(law, "T");
    result_real(law, "A", "", 1.5);
    result_real(law, "b", "", 2.0);
    result_real(law, "se_b", "", 0.1);
    result_real(law, "b_low", "", 1.9);
    result_real(law, "b_high", "", 2.1);
    result_real(law, "x_min", "", 0.2);
    result_real(law, "x_max", "", 0.7);
    result_null(law, "verdict");
    add_point(law, 0.5, 0.2, 0.06, 0.07, true);
    add_point(law, 0.5, 0.25, 0.09, 0.01, true);
    add_point(law, 0.5, 0.22, -0.01, 0.02, true);
    add_point(law, 0.6, 0.4, 0.25, 0.03, true);
    add_point(law, 0.6, 0.5, 0.36, 0.04, true);
    add_point(law, 0.7, 0.6, 0.55, 0.06, true);
    add_point(law, 0.7, 0.7, 0.72, 0.09, true);
    add_point(law, 0.7, 0.75, 1.2, 0.2, false);
    return law;
}

static struct result *make_map(void)
{
    static const double T[] = {0.5, 0.5, 0.6, 0.7}, tw[] = {10, 100, 10, 100}, delta[] = {0.2, 0.5, 0.4, NAN}, d[] = {0.2, 0.3, 0.4, 0.5};
    struct result *map = result_new("relaxation", RESULT_ROWS);
    result_null(map, "p");
    result_reals(map, "T", "", T, 4);
    result_reals(map, "t_w", "tau", tw, 4);
    result_reals(map, "delta", "", delta, 4);
    result_reals(map, "d_min", "", d, 4);
    return map;
}

static struct result *make_curves(void)
{
    static const double u[] = {0.5, 1.5, 2.5}, p[] = {0.1, 0.7, 0.2}, q[] = {0.8, 0.2, 0};
    struct result *pu = result_new("pu", RESULT_CURVES);
    result_text(pu, "of", "is");
    result_text(pu, "type", "A<&>");
    result_reals(pu, "u", "sigma", u, 3);
    result_reals(pu, "labelled", "", p, 3);
    result_reals(pu, "matched", "", q, 3);
    return pu;
}

static struct result *make_two_times(void)
{
    static const double time[] = {0, 1, 3}, d[] = {0, 1, 2, 1, 0, 1.5, 2, 1.5, 0};
    struct result *map = result_new("map", RESULT_ROWS);
    result_reals(map, "time", "tau", time, 3);
    result_reals(map, "d_min", "sigma", d, 9);
    result_reals(map, "rmsd", "sigma", d, 9);
    return map;
}

/* Three methods; two of them found the same minimum. */
static struct result *make_fidelity(void)
{
    static const char *const names[] = {"lbfgs", "cg", "sd"};
    static const double d[] = {0, 0, 0.03, 0, 0, 0.04, 0.03, 0.04, 0};
    struct result *result = result_new("fidelity", RESULT_MATRIX);
    result_int(result, "frame", 7);
    result_texts(result, "methods", names, 3);
    result_reals(result, "d", "sigma", d, 9);
    result_real(result, "same_below", "sigma", 1e-3);
    return result;
}

typedef struct result *make_fn(void);
static make_fn *const makers[] = {make_law, make_map, make_curves, make_two_times, make_fidelity};
enum { MAKERS = sizeof makers / sizeof *makers };

static void cells_of_a_law(void **state)
{
    (void)state;
    struct result *law = make_law();
    static const struct {
        const char *name;
        enum glyph_tier tier;
        int width, height;
    } trials[] = {{"law_braille_80x24", GLYPH_BRAILLE, 80, 24}, {"law_braille_200x60", GLYPH_BRAILLE, 200, 60}, {"law_ascii_80x24", GLYPH_ASCII, 80, 24}};
    for (size_t k = 0; k < sizeof trials / sizeof *trials; k++) {
        struct picture picture;
        struct grid grid;
        assert_true(picture_make((const struct result *const *)&law, 1, &picture));
        assert_int_equal(picture.n, 1);
        assert_true(grid_init(&grid, trials[k].width, trials[k].height));
        picture_draw(&grid, 0, 0, grid.width, grid.height, &picture, trials[k].tier, false);
        golden_grid(&grid, trials[k].name);
        grid_done(&grid);
        picture_done(&picture);
    }
    result_free(law);
}

static void any_size(void **state)
{
    (void)state;
    for (int m = 0; m < MAKERS; m++) {
        struct result *result = makers[m]();
        struct picture picture;
        assert_true(picture_make((const struct result *const *)&result, 1, &picture));
        for (int width = 0; width < 220; width += 11)
            for (int height = 0; height < 70; height += 3) {
                struct grid grid;
                assert_true(grid_init(&grid, width, height));
                picture_draw(&grid, 0, 0, width, height, &picture, height % 2 ? GLYPH_ASCII : GLYPH_BRAILLE, height % 4 == 0);
                grid_done(&grid);
            }
        picture_done(&picture);
        result_free(result);
    }
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p += strlen(word))
        n++;
    return n;
}

static void drawings(void **state)
{
    (void)state;
    for (int m = 0; m < MAKERS; m++) {
        struct result *result = makers[m]();
        struct picture picture;
        assert_true(picture_make((const struct result *const *)&result, 1, &picture));
        char *svg = paper_svg(&picture);
        assert_non_null(svg);
        assert_int_equal(strncmp(svg, "<svg ", 5), 0);
        assert_int_equal(count(svg, "<text"), count(svg, "</text>"));
        assert_int_equal(count(svg, "nan"), 0);
        assert_null(strstr(svg, "<&"));
        if (makers[m] == make_law) {
            assert_int_equal(count(svg, "stroke-dasharray=\"8 4\""), 1); /* the line of the fit */
            assert_non_null(strstr(svg, "delta = 1.5 (D_min/r0)^b, b = 2.00 +- 0.10 (1.90 to 2.10)"));
            assert_non_null(strstr(svg, "not fitted"));
        }
        if (makers[m] == make_map) /* three values of delta and four of D_min, not six and six */
            assert_int_equal(count(svg, "fill=\"#"), 1 + 2 * 64 + 7 + count(svg, " fill=\"#ffffff\">0"));
        if (makers[m] == make_fidelity) {
            assert_non_null(strstr(svg, "minima of 3 methods in 1 frames: 1 of 3 pairs the same, D_min rms 0.0289"));
            assert_true(strstr(svg, "lbfgs-cg") && strstr(svg, "lbfgs-sd") && strstr(svg, "cg-sd"));
        }
        if (makers[m] == make_curves)
            assert_non_null(strstr(svg, "A&lt;&amp;&gt; atoms"));
        free(svg);
        for (enum pen_kind kind = PEN_PDF; kind <= PEN_PNG; kind++) {
            char *bytes = NULL;
            size_t length = 0;
            isd_error err = {0};
            isd_status status = picture_paper(&picture, kind, &bytes, &length, &err);
            paper_cairo(status, &err, bytes, length, kind);
        }
        picture_done(&picture);
        result_free(result);
    }
}

static void scripts(void **state)
{
    (void)state;
    for (int m = 0; m < MAKERS; m++) {
        struct result *result = makers[m]();
        struct picture picture;
        assert_true(picture_make((const struct result *const *)&result, 1, &picture));
        char *script = picture_gnuplot(&picture);
        assert_non_null(script);
        assert_int_equal(count(script, " << EOD\n"), count(script, "\nEOD\n"));
        assert_int_equal(count(script, "\nplot "), picture.n);
        if (makers[m] == make_law)
            assert_non_null(strstr(script, "0.20000000000000001 0.059999999999999998 "));
        free(script);
        picture_done(&picture);
        result_free(result);
    }
}

/* What has no picture, and what is not what it should be. */
static void odd_results(void **state)
{
    (void)state;
    struct result *result = result_new("match", RESULT_RECORD);
    struct picture picture;
    result_real(result, "d_min", "", 1);
    assert_false(picture_make((const struct result *const *)&result, 1, &picture));
    assert_false(picture_make((const struct result *const *)&result, 0, &picture));
    result_free(result);
    static const char *const commands[] = {"fit", "points", "series", "relaxation", "map", "pu", "gr", "greenkubo", "msd", "fidelity"};
    for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
        for (int layout = RESULT_RECORD; layout <= RESULT_MATRIX; layout++) {
            result = result_new(commands[k], (enum result_layout)layout);
            result_text(result, "what", "kww");
            result_text(result, "u", "no number");
            result_reals(result, "T", "", NULL, 0);
            result_text(result, "points", "none");
            result_null(result, "t_w");
            if (picture_make((const struct result *const *)&result, 1, &picture)) {
                char *svg = paper_svg(&picture), *script = picture_gnuplot(&picture);
                assert_true(svg && script);
                free(svg);
                free(script);
            }
            picture_done(&picture);
            result_free(result);
        }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_a_law), cmocka_unit_test(any_size), cmocka_unit_test(drawings), cmocka_unit_test(scripts), cmocka_unit_test(odd_results),
    };
    golden_root = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
