/* The picture of the model of one dimension. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "view/ring_plot.h"

static const double before[] = {0.5, 1.5}, after[] = {1.75, 0.25}, cost[] = {0.5625, 0.0625, 0.0625, 0.5625};
static const double u[] = {0.03, 0.03}, v[] = {0.0325, 0.0325};
static const int partner[] = {1, 0}, hand[] = {0, 1};

static char *draw(const struct ring_plot *plot, int width, int height)
{
    struct grid grid;
    assert_true(grid_init(&grid, width, height));
    ring_plot_draw(&grid, 0, 0, width, height, plot);
    char *text = grid_to_text(&grid);
    assert_non_null(text);
    grid_done(&grid);
    return text;
}

static void all_of_it(void **state)
{
    (void)state;
    const struct ring_plot plot = {2, 2.0, before, after, cost, u, v, partner, hand, GLYPH_ASCII};
    assert_int_equal(ring_plot_height(&plot), 10);
    char *text = draw(&plot, 64, 10);
    assert_string_equal(text, "                      1                           2\n"
                              "before  --------------o---------------------------o-------------\n"
                              "after   -------o-----------------------------------------o------\n"
                              "               2                                         1\n"
                              "\n"
                              "        cost C, [optimum]       slack C - u - v\n"
                              "            1      2   price        1      2\n"
                              "     1  {#0.56}[:0.06]  0.03    {#0.50}[ 0.00]\n"
                              "     2  [:0.06]{#0.56}  0.03    [ 0.00]{#0.50}\n"
                              "price     0.03   0.03\n");
    free(text);
}

static void any_size(void **state)
{
    (void)state;
    struct ring_plot plot = {2, 2.0, before, after, cost, u, v, partner, NULL, GLYPH_BRAILLE};
    for (int tier = 0; tier < 3; tier++)
        for (int width = 0; width < 90; width++)
            for (int height = 0; height < 12; height++) {
                plot.tier = (enum glyph_tier)tier;
                free(draw(&plot, width, height));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_of_it), cmocka_unit_test(any_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
