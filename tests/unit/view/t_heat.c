/* Fields of colours: which place a cell shows, what is left blank, and the ramps. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/heat_map.h"

#include "golden.h"

static const double tw[] = {10, 20, 50, 100}, T[] = {0.5, 0.6, 0.7};
/* delta of a sheared liquid; one state was not measured. */
static const double delta[] = {0.288, 0.272, 0.302, 0.589, 0.484, NAN, 0.846, 1.244, 0.650, 0.839, 1.202, 0.993};

static struct heat_map relaxation(enum glyph_tier tier, bool colour)
{
    return (struct heat_map){.x = {"t_w /tau", tw, 4, true}, .y = {"T", T, 3, false}, .value = delta, .label = "delta /rad",
                             .colour = colour, .numbers = true, .tier = tier, .cursor_x = -1, .cursor_y = -1};
}

static void every_tier_and_size(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum glyph_tier tier;
        bool colour;
        int width, height;
    } trials[] = {{"heat_colour_80x24", GLYPH_BRAILLE, true, 80, 24}, {"heat_colour_200x60", GLYPH_BRAILLE, true, 200, 60},
                  {"heat_mono_80x24", GLYPH_BRAILLE, false, 80, 24},  {"heat_ascii_80x24", GLYPH_ASCII, false, 80, 24},
                  {"heat_colour_40x12", GLYPH_BRAILLE, true, 40, 12}};
    for (size_t k = 0; k < sizeof trials / sizeof *trials; k++) {
        struct heat_map map = relaxation(trials[k].tier, trials[k].colour);
        struct grid grid;
        assert_true(grid_init(&grid, trials[k].width, trials[k].height));
        heat_map_draw(&grid, 0, 0, trials[k].width, trials[k].height, &map);
        golden_grid(&grid, trials[k].name);
        grid_done(&grid);
    }
}

/* Every cell of the field has the level of the place that heat_map_at tells, or is blank where there is none. */
static void cells_show_their_place(void **state)
{
    (void)state;
    struct heat_map map = relaxation(GLYPH_BRAILLE, true);
    map.numbers = false;
    for (int width = 20; width < 120; width += 7)
        for (int height = 6; height < 40; height += 5) {
            struct grid grid;
            int seen = 0;
            assert_true(grid_init(&grid, width, height));
            heat_map_draw(&grid, 0, 0, width, height, &map);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) {
                    int column, row;
                    const struct cell *cell = &grid.cell[y * width + x];
                    if (!heat_map_at(0, 0, width, height, &map, x, y, &column, &row))
                        continue;
                    int level = ramp_level(delta[row * 4 + column], 0.272, 1.244, false);
                    assert_int_equal(cell->glyph == ' ' ? cell->back : cell->front, cell->glyph == 0x2584 ? cell->front : level);
                    seen++;
                }
            assert_true(seen > 0);
            grid_done(&grid);
        }
}

static void gaps_stay_blank(void **state)
{
    (void)state;
    const double at[] = {1, 2, 3, 10}, value[] = {1, 2, 3, 4};
    const struct heat_axis axis = {"x", at, 4, false};
    double low[4], high[4];
    assert_true(heat_axis_bounds(&axis, low, high));
    assert_float_equal(low[2], 2.5, 1e-12);
    assert_float_equal(high[2], 3.5, 1e-12);
    assert_float_equal(low[3], 9.5, 1e-12);
    const struct heat_axis log_axis = {"t", tw, 4, true};
    assert_true(heat_axis_bounds(&log_axis, low, high));
    assert_float_equal(low[1], sqrt(200), 1e-9);
    assert_float_equal(high[1], sqrt(1000), 1e-9);
    struct heat_map map = {.x = axis, .y = {"y", at, 1, false}, .value = value, .tier = GLYPH_ASCII, .cursor_x = -1, .cursor_y = -1};
    struct grid grid;
    assert_true(grid_init(&grid, 60, 5));
    heat_map_draw(&grid, 0, 0, 60, 5, &map);
    char *text = grid_to_text(&grid);
    assert_non_null(text);
    assert_non_null(strstr(text, "*     "));
    free(text);
    grid_done(&grid);
}

static void any_size_and_any_values(void **state)
{
    (void)state;
    const double odd[] = {INFINITY, -1, 0, NAN, 1e-300, 1e300, -INFINITY, 2, 3, 4, 5, 6}, same[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct heat_map map = relaxation(GLYPH_BRAILLE, true);
    map.cursor_x = 3;
    map.cursor_y = 2;
    for (int trial = 0; trial < 8; trial++) {
        map.value = trial & 1 ? odd : same;
        map.log = trial & 2;
        map.colour = trial & 4;
        for (int width = 0; width < 120; width += 3)
            for (int height = 0; height < 30; height++) {
                struct grid grid;
                assert_true(grid_init(&grid, width, height));
                heat_map_draw(&grid, 0, 0, width, height, &map);
                grid_done(&grid);
            }
    }
    map.x.n = 0;
    struct grid grid;
    assert_true(grid_init(&grid, 20, 5));
    heat_map_draw(&grid, 0, 0, 20, 5, &map);
    grid_done(&grid);
}

/* CIE 1976 lightness of an sRGB colour. */
static double lightness(const uint8_t rgb[3])
{
    static const double share[] = {0.2126, 0.7152, 0.0722};
    double y = 0;
    for (int c = 0; c < 3; c++) {
        double v = rgb[c] / 255.0;
        y += share[c] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return 116 * (y > 216.0 / 24389 ? cbrt(y) : (24389.0 / 27 * y + 16) / 116) - 16;
}

static void ramps_grow_lighter(void **state)
{
    (void)state;
    for (enum ramp ramp = RAMP_CIVIDIS; ramp <= RAMP_GREY; ramp++) {
        uint8_t rgb[3];
        double last = -1;
        for (int level = 1; level <= RAMP_LEVELS; level++) {
            ramp_palette_rgb(ramp_colour(ramp, level), rgb);
            assert_true(lightness(rgb) > last + 2);
            last = lightness(rgb);
        }
        last = -1;
        for (int k = 0; k <= 16; k++) {
            ramp_rgb(ramp, k / 16.0, rgb);
            assert_true(lightness(rgb) > last);
            last = lightness(rgb);
        }
    }
    assert_int_equal(ramp_level(NAN, 0, 1, false), 0);
    assert_int_equal(ramp_level(0, 1, 10, true), 0);
    assert_int_equal(ramp_level(-5, 0, 1, false), 1);
    assert_int_equal(ramp_level(1, 0, 1, false), RAMP_LEVELS);
    assert_int_equal(ramp_level(sqrt(10) * 1.001, 1, 10, true), RAMP_LEVELS / 2 + 1);
}

static void colours_end_with_the_line(void **state)
{
    (void)state;
    struct grid grid;
    assert_true(grid_init(&grid, 4, 2));
    grid_put_levels(&grid, 1, 0, 0x2580, ROLE_NORMAL, 1, 8);
    grid_put_levels(&grid, 2, 0, ' ', ROLE_NORMAL, 0, 8);
    grid_text(&grid, 0, 1, 4, ROLE_NORMAL, "ab");
    char *text = grid_to_ansi(&grid, RAMP_CIVIDIS);
    assert_string_equal(text, " \033[38;5;235m\033[48;5;227m\xe2\x96\x80\033[39m \033[49m\nab\n");
    free(text);
    grid_done(&grid);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tier_and_size),     cmocka_unit_test(cells_show_their_place), cmocka_unit_test(gaps_stay_blank),
        cmocka_unit_test(any_size_and_any_values), cmocka_unit_test(ramps_grow_lighter),     cmocka_unit_test(colours_end_with_the_line),
    };
    golden_root = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
