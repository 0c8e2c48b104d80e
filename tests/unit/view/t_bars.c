/* Bars: how they must look, and that they stay inside. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "view/bars.h"

#include "golden.h"

static const struct bar lengths[] = {
    {"2", 140, ROLE_LABELLED, '#'}, {"3", 35, ROLE_LABELLED, '#'}, {"4", 9, ROLE_LABELLED, '#'}, {"7", 1, ROLE_LABELLED, '#'},
    {"1 edge", 12, ROLE_MATCHED, 'o'}, {"2 edges", 3, ROLE_MATCHED, 'o'}, {"nothing", 0, ROLE_MATCHED, 'o'},
};

static void looks_as_it_must(void **state)
{
    static const char *const tier_name[] = {"braille", "half", "ascii"};
    for (int tier = GLYPH_BRAILLE; tier <= GLYPH_ASCII; tier++)
        for (int log = 0; log < 2; log++) {
            struct bars bars = {lengths, 7, log, tier};
            struct grid grid;
            char name[64];
            assert_true(grid_init(&grid, 60, 8));
            bars_draw(&grid, 0, 0, 60, 8, &bars, 0);
            snprintf(name, sizeof name, "bars_%s_%s", tier_name[tier], log ? "log" : "linear");
            golden_grid(&grid, name);
            grid_done(&grid);
        }
}

static void any_size_stays_inside(void **state)
{
    for (int width = 0; width < 40; width++)
        for (int height = 0; height < 6; height++) {
            struct bars bars = {lengths, 7, true, GLYPH_BRAILLE};
            struct grid grid;
            assert_true(grid_init(&grid, 44, 8));
            bars_draw(&grid, 2, 1, width, height, &bars, 3);
            for (int k = 0; k < 44 * 8; k++) {
                int x = k % 44 - 2, y = k / 44 - 1;
                if (x < 0 || y < 0 || x >= width || y >= height)
                    assert_int_equal(grid.cell[k].glyph, ' ');
            }
            grid_done(&grid);
        }
}

int main(int argc, char **argv)
{
    golden_root = argc > 1 ? argv[1] : ".";
    const struct CMUnitTest tests[] = {cmocka_unit_test(looks_as_it_must), cmocka_unit_test(any_size_stays_inside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
