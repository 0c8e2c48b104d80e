/* Plots: how they must look, and that they stay inside. SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "view/axis.h"
#include "view/canvas.h"
#include "view/gr_plot.h"
#include "view/pu_plot.h"

#include "golden.h"

#define BINS 50
#define POINTS 120

struct data {
    double u[BINS], labelled[BINS], matched[BINS], r[POINTS], g[POINTS];
};

/* A bump without the mathematical library: the same bits everywhere. */
static double bump(double x, double centre, double width)
{
    double z = (x - centre) / width, w = 1 + z * z;
    return 1 / (w * w);
}

static void make_data(struct data *data)
{
    for (int k = 0; k < BINS; k++) {
        double u = (k + 0.5) * 2.5 / BINS;
        data->u[k] = u;
        data->labelled[k] = 1.6 * bump(u, 0.17, 0.18) + 0.55 * bump(u, 0.95, 0.22) + 0.08 * bump(u, 1.8, 0.2);
        data->matched[k] = 2.1 * bump(u, 0.17, 0.18);
        if (u > 1.6)
            data->matched[k] = 0;
    }
    for (int k = 0; k < POINTS; k++) {
        double r = (k + 0.5) * 2.5 / POINTS;
        data->r[k] = r;
        data->g[k] = r < 0.75 ? 0 : 0.9 * (1 - bump(r, 0.7, 0.2)) + 2.4 * bump(r, 1.05, 0.09) + 0.5 * bump(r, 1.95, 0.25);
    }
}

static struct pu_plot plot_of(const struct data *data, enum glyph_tier tier)
{
    return (struct pu_plot){.u = data->u, .labelled = data->labelled, .matched = data->matched, .bins = BINS,
                            .r = data->r, .g = data->g, .n_g = POINTS, .max = 2.5, .cursor = 0.95, .tier = tier,
                            .length_unit = "sigma"};
}

static void draw(const struct pu_plot *pu, int width, int height, const char *name)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, height));
    pu_plot_draw(&grid, 0, 0, width, height, pu);
    golden_grid(&grid, name);
    grid_done(&grid);
}

static void looks_as_it_must(void **state)
{
    static const int size[][2] = {{40, 12}, {80, 24}, {200, 60}};
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    struct data data;
    make_data(&data);
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++)
        for (int k = 0; k < 3; k++) {
            char name[64];
            struct pu_plot pu = plot_of(&data, tier);
            snprintf(name, sizeof name, "pu_%s_%dx%d", tier_name[tier], size[k][0], size[k][1]);
            draw(&pu, size[k][0], size[k][1], name);
            pu.log_y = true;
            snprintf(name, sizeof name, "pu_%s_%dx%d_logy", tier_name[tier], size[k][0], size[k][1]);
            draw(&pu, size[k][0], size[k][1], name);
        }
    struct pu_plot pu = plot_of(&data, GLYPH_BRAILLE);
    pu.log_x = pu.log_y = true;
    draw(&pu, 80, 24, "pu_braille_80x24_loglog");
    pu.matched = NULL;
    pu.log_x = pu.log_y = false;
    draw(&pu, 80, 24, "pu_braille_80x24_labelled");
}

/* A third series, the difference, strips, a chosen interval. */
static void other_ways_look_as_they_must(void **state)
{
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    struct data data;
    double instant[BINS];
    make_data(&data);
    for (int k = 0; k < BINS; k++)
        instant[k] = 1.3 * bump(data.u[k], 0.3, 0.25);
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        char name[64];
        struct pu_plot pu = plot_of(&data, tier);
        pu.instant = instant;
        pu.brush_low = 0.8;
        pu.brush_high = 1.2;
        snprintf(name, sizeof name, "pu_%s_80x24_instant", tier_name[tier]);
        draw(&pu, 80, 24, name);
        pu.stack = true;
        snprintf(name, sizeof name, "pu_%s_80x24_stack", tier_name[tier]);
        draw(&pu, 80, 24, name);
        pu.stack = false;
        pu.difference = true;
        pu.peak_r = 1.05;
        snprintf(name, sizeof name, "pu_%s_80x24_diff", tier_name[tier]);
        draw(&pu, 80, 24, name);
    }
}

static void g_looks_as_it_must(void **state)
{
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    struct data data;
    double raw[POINTS], mixed[POINTS];
    const double peaks[] = {1.05, 1.95};
    make_data(&data);
    for (int k = 0; k < POINTS; k++) {
        double r = data.r[k];
        raw[k] = r < 0.7 ? 0 : 0.9 * (1 - bump(r, 0.7, 0.2)) + 1.6 * bump(r, 1.08, 0.16) + 0.4 * bump(r, 1.95, 0.3);
        mixed[k] = r < 0.6 ? 0 : 0.9 * (1 - bump(r, 0.6, 0.2)) + 4.1 * bump(r, 0.85, 0.06);
    }
    const struct gr_pair pairs[] = {{"A-A", data.g, raw}, {"A-B", mixed, raw}, {"B-B", raw, NULL}};
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        char name[64];
        struct gr_plot gr = {.r = data.r, .bins = POINTS, .pairs = pairs, .n_pairs = 2, .u = data.u, .p = data.labelled, .n_p = BINS,
                             .peaks = peaks, .n_peaks = 2, .cursor = 1.3, .tier = tier, .length_unit = "sigma"};
        for (int stack = 0; stack < 2; stack++) {
            struct grid grid;
            assert_true(grid_init(&grid, 80, 24));
            gr.stack = stack;
            gr.n_pairs = 2 + stack;
            gr_plot_draw(&grid, 0, 0, 80, 24, &gr);
            snprintf(name, sizeof name, "gr_%s_80x24%s", tier_name[tier], stack ? "_stack" : "");
            golden_grid(&grid, name);
            grid_done(&grid);
        }
    }
}

/* The three curves are told apart without colour: their glyphs differ. */
static void series_differ_without_colour(void **state)
{
    struct data data;
    make_data(&data);
    struct pu_plot pu = plot_of(&data, GLYPH_ASCII);
    struct grid grid;
    assert_true(grid_init(&grid, 80, 24));
    pu_plot_draw(&grid, 0, 0, 80, 24, &pu);
    char *text = grid_to_text(&grid);
    assert_non_null(strchr(text, '#'));
    assert_non_null(strchr(text, 'o'));
    assert_non_null(strstr(text, "..."));
    assert_non_null(strstr(text, "L labelled"));
    assert_non_null(strstr(text, "M matched"));
    assert_non_null(strstr(text, "g(r), peak"));
    free(text);
    grid_done(&grid);
}

static struct grid draw_alone(const struct pu_plot *pu, bool labelled, bool matched, bool g)
{
    struct pu_plot one = *pu;
    struct grid grid;
    one.cursor = NAN;
    one.matched = matched ? pu->labelled : NULL; /* the same values */
    if (!labelled)
        one.labelled = NULL;
    if (!g)
        one.g = NULL;
    assert_true(grid_init(&grid, 80, 24));
    pu_plot_draw(&grid, 0, 0, 80, 24, &one);
    return grid;
}

static bool is_of_a_label(uint32_t glyph)
{
    return glyph < 128 && glyph != 'o' && (isalpha((int)glyph) || glyph == '(' || glyph == ')');
}

/* Cells that have other glyphs, words left out. */
static int other_glyphs(const struct grid *a, const struct grid *b)
{
    int n = 0;
    for (int k = 0; k < 80 * 22; k++)
        n += a->cell[k].glyph != b->cell[k].glyph && !is_of_a_label(a->cell[k].glyph) && !is_of_a_label(b->cell[k].glyph);
    return n;
}

/* The same values are drawn by other glyphs as each of the three series, in every tier: no colour is looked at here. */
static void each_series_has_glyphs_of_its_own(void **state)
{
    struct data data;
    make_data(&data);
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++) {
        struct pu_plot pu = plot_of(&data, (enum glyph_tier)tier);
        struct grid labelled = draw_alone(&pu, true, false, false), matched = draw_alone(&pu, false, true, false),
                    g = draw_alone(&pu, false, false, true);
        assert_true(other_glyphs(&labelled, &matched) > 40);
        assert_true(other_glyphs(&labelled, &g) > 100);
        assert_true(other_glyphs(&matched, &g) > 100);
        grid_done(&labelled);
        grid_done(&matched);
        grid_done(&g);
    }
}

/* Where the cursor meets a line: between two points on the line, on a point on it, beyond the ends nowhere; a level has no mark. */
static void the_cursor_meets_lines(void **state)
{
    static const double x[] = {1, 3}, y[] = {1, 3}, level[] = {2, 2};
    static const struct {
        double cursor;
        int row; /* of ten, from the top; -1: no mark */
    } cases[] = {{1, 7}, {2, 4}, {2.5, 3}, {3, 2}, {3.5, -1}, {0.5, -1}};
    const struct curve curves[] = {{.x = x, .y = y, .n = 2, .style = CURVE_SOLID, .role = ROLE_LABELLED, .ascii = '#'},
                                   {.x = x, .y = level, .n = 2, .style = CURVE_DOTTED, .role = ROLE_AXIS, .ascii = '.'}};
    struct plot plot = {.x = {.low = 0, .high = 4}, .y = {.low = 0, .high = 4}, .curves = curves, .n_curves = 2, .tier = GLYPH_ASCII};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct grid grid;
        int row = -1, marks = 0;
        plot.cursor = cases[k].cursor;
        assert_true(grid_init(&grid, 50, 12));
        plot_draw(&grid, 0, 0, 50, 12, &plot);
        for (int cell = 0; cell < 50 * 12; cell++)
            if (grid.cell[cell].glyph == '@' || grid.cell[cell].glyph == 'O') {
                row = cell / 50;
                marks++;
            }
        assert_int_equal(row, cases[k].row);
        assert_int_equal(marks, cases[k].row >= 0);
        grid_done(&grid);
    }
}

/* Nothing is written outside the rectangle, at any size, with any data. */
static void stays_inside(void **state)
{
    struct data data;
    make_data(&data);
    data.labelled[3] = NAN;
    data.matched[7] = INFINITY;
    data.matched[8] = -1e300;
    data.g[4] = NAN;
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++)
        for (int log = 0; log < 4; log++)
            for (int width = 0; width < 90; width += 1 + width / 12)
                for (int height = 0; height < 30; height += 1 + height / 8) {
                    struct grid grid;
                    assert_true(grid_init(&grid, width + 6, height + 4));
                    grid_fill(&grid, 0, 0, width + 6, height + 4, 'z', ROLE_NORMAL);
                    struct pu_plot pu = plot_of(&data, tier);
                    pu.log_x = log & 1;
                    pu.log_y = log & 2;
                    pu.difference = width % 4 == 1;
                    pu.stack = width % 4 == 2;
                    pu.brush_low = -1;
                    pu.brush_high = 7;
                    pu_plot_draw(&grid, 3, 2, width, height, &pu);
                    for (int y = 0; y < height + 4; y++)
                        for (int x = 0; x < width + 6; x++)
                            if (x < 3 || y < 2 || x >= width + 3 || y >= height + 2)
                                assert_int_equal(grid.cell[y * (width + 6) + x].glyph, 'z');
                    grid_done(&grid);
                }
}

static void empty_data_gives_bare_axes(void **state)
{
    double zero[4] = {0}, x[4] = {1, 1, 1, 1};
    struct curve flat[] = {{.x = x, .y = zero, .n = 4, .label = "flat", .ascii = '#', .steps = true},
                           {.x = x, .y = zero, .n = 1, .ascii = '#', .steps = true}, {.n = 0}};
    for (int n = 0; n < 4; n++)
        for (int log = 0; log < 2; log++) {
            struct plot plot = {.curves = flat, .n_curves = n, .cursor = 1, .x.log = log, .y.log = log};
            struct grid grid;
            assert_true(grid_init(&grid, 40, 10));
            plot_draw(&grid, 0, 0, 40, 10, &plot);
            grid_done(&grid);
        }
}

static void dots_make_braille(void **state)
{
    struct canvas canvas;
    assert_true(canvas_init(&canvas, 2, 1, GLYPH_BRAILLE));
    canvas_dot(&canvas, 0, 0);
    canvas_dot(&canvas, 1, 3);
    canvas_dot(&canvas, -1, 0);
    canvas_dot(&canvas, 4, 0);
    canvas_dot(&canvas, 0, 4);
    assert_int_equal(canvas_glyph(&canvas, 0, 0, '#'), 0x2881);
    assert_int_equal(canvas_glyph(&canvas, 1, 0, '#'), 0);
    struct dash dash = {1, 2, 0};
    canvas_line(&canvas, 2, 0, 2, 3, &dash);
    assert_int_equal(canvas_glyph(&canvas, 1, 0, '#'), 0x2805);
    canvas_done(&canvas);
}

static void ticks_are_round(void **state)
{
    struct tick ticks[AXIS_MAX_TICKS];
    struct axis axis = {.low = 0, .high = 2.5};
    assert_int_equal(axis_ticks(&axis, 70, 9, ticks), 6);
    assert_string_equal(ticks[1].label, "0.5");
    assert_string_equal(ticks[5].label, "2.5");
    axis = (struct axis){.low = 1e-3, .high = 10, .log = true};
    int n = axis_ticks(&axis, 40, 5, ticks), major = 0;
    for (int k = 0; k < n; k++) {
        major += ticks[k].major;
        assert_true(k == 0 || ticks[k].value > ticks[k - 1].value);
    }
    assert_int_equal(major, 5);
    assert_string_equal(ticks[0].label, "1e-3");
    axis.low = 0;
    assert_int_equal(axis_ticks(&axis, 40, 5, ticks), 0);
    assert_true(isnan(axis_position(&axis, 0)));
    /* However low a picture is, one number alone would say nothing of the scale. */
    static const struct axis low[] = {{.low = 0, .high = 0.9},    {.low = 0, .high = 1.08},
                                      {.low = 0.31, .high = 1.05}, {.low = 0, .high = 1.9},
                                      {.low = 0.05, .high = 0.95}, {.low = 0.03, .high = 3.1, .log = true},
                                      {.low = 11, .high = 95, .log = true}};
    for (size_t k = 0; k < sizeof low / sizeof *low; k++)
        for (int cells = 4; cells < 12; cells++) {
            n = axis_ticks(&low[k], cells, 3, ticks);
            major = 0;
            for (int t = 0; t < n; t++)
                major += ticks[t].major;
            if (major < 2 || major > cells)
                fail_msg("%d numbers on %d cells from %g to %g", major, cells, low[k].low, low[k].high);
        }
}

int main(int argc, char **argv)
{
    golden_root = argc > 1 ? argv[1] : ".";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_ways_look_as_they_must), cmocka_unit_test(g_looks_as_it_must),
        cmocka_unit_test(looks_as_it_must),   cmocka_unit_test(series_differ_without_colour),
        cmocka_unit_test(each_series_has_glyphs_of_its_own), cmocka_unit_test(the_cursor_meets_lines),
        cmocka_unit_test(stays_inside),       cmocka_unit_test(empty_data_gives_bare_axes),
        cmocka_unit_test(dots_make_braille),  cmocka_unit_test(ticks_are_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
