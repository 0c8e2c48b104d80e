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

/* Places, costs and prices of two points; the picture as wanted. */
static struct ring_plot two_points(enum glyph_tier tier)
{
    return (struct ring_plot){.n = 2, .length = 2.0, .before = before, .after = after, .cost = cost, .u = u, .v = v, .partner = partner,
                              .hand = hand, .certified = true, .row = -1, .column = -1, .tier = tier};
}

static void all_of_it(void **state)
{
    (void)state;
    const struct ring_plot plot = two_points(GLYPH_ASCII);
    assert_int_equal(ring_plot_height(&plot), 15);
    char *text = draw(&plot, 80, 15);
    assert_string_equal(text, "                          1                                   2\n"
                              "before  ------------------o-----------------------------------o-----------------\n"
                              "after   ---------o-----------------------------------------------------o--------\n"
                              "                 2                                                     1\n"
                              "\n"
                              "   cost C                X       slack\n"
                              "       1      2      u\n"
                              " 1 {#0.56}[:0.06] 0.03   0 1    0.50    0\n"
                              " 2 [:0.06]{#0.56} 0.03   1 0       0 0.50\n"
                              " v   0.03   0.03\n"
                              "optimum  1>2 2>1  sum C 0.1250  D_min 0.2500\n"
                              "by hand  1>1 2>2  sum C 1.1250  D 0.7500: 9.0 times the sum\n"
                              "by name  1>1 2>2  sum C 1.1250  D 0.7500: 9.0 times the sum\n"
                              "why      u_i + v_j <= C_ij for all 4 pairs, equal for 2, the 2 of X among them:\n"
                              "         any pairing costs sum u + sum v = 0.1250 or more; slack on X 0: proven\n");
    free(text);
}

/* Nothing that tells the optimum. */
static void hidden(void **state)
{
    (void)state;
    struct ring_plot plot = two_points(GLYPH_ASCII);
    plot.hidden = true;
    char *text = draw(&plot, 40, 11);
    assert_string_equal(text, "                1               2\n"
                              "before  --------o---------------o-------\n"
                              "after   ----o-----------------------o---\n"
                              "            2                       1\n"
                              "   cost C\n"
                              "       1      2\n"
                              " 1 {#0.56} :0.06\n"
                              " 2  :0.06 {#0.56}\n"
                              "\n"
                              "which pairing costs least? The optimum i\n"
                              "by hand  1>1 2>2  sum C 1.1250  D 0.7500\n");
    free(text);
    text = draw(&plot, 40, 10); /* one line of words: one's own */
    assert_non_null(strstr(text, "by hand"));
    free(text);
}

/* In order of what matters: the costs, X, the slack, words; and the cell that is pointed at is the entry drawn there. */
static void room(void **state)
{
    (void)state;
    const struct ring_plot plot = two_points(GLYPH_ASCII);
    struct grid grid;
    int row = -1, column = -1;
    for (int width = 0; width < 60; width++) {
        char *text = draw(&plot, width, 15);
        const bool costs = strstr(text, "cost C"), x = strstr(text, "X"), slack = strstr(text, "slack\n");
        assert_true(costs == (width >= 23) && x == (width >= 26) && slack == (width >= 37));
        free(text);
    }
    assert_true(grid_init(&grid, 80, 15));
    ring_plot_draw(&grid, 0, 0, 80, 15, &plot);
    assert_true(ring_plot_at(&plot, 80, 15, 10, 8, &row, &column) && row == 1 && column == 1);
    assert_false(ring_plot_at(&plot, 80, 15, 10, 3, &row, &column) || ring_plot_at(&plot, 80, 15, 1, 8, &row, &column)
                 || ring_plot_at(&plot, 80, 15, 40, 8, &row, &column));
    grid_done(&grid);
}

/* Lines from each point to its partner, the shorter way round, where there are rows for them. */
static void lines_where_there_is_room(void **state)
{
    (void)state;
    const struct ring_plot plot = two_points(GLYPH_ASCII);
    char *low = draw(&plot, 60, 17), *high = draw(&plot, 60, 24);
    assert_null(strchr(low, '/'));
    assert_non_null(strchr(high, '/'));
    free(low);
    free(high);
}

static void any_size(void **state)
{
    (void)state;
    struct ring_plot plot = two_points(GLYPH_BRAILLE);
    for (int tier = 0; tier < 3; tier++)
        for (int width = 0; width < 90; width += 3)
            for (int height = 0; height < 40; height += 3) {
                plot.tier = (enum glyph_tier)tier;
                plot.colour = height % 2;
                plot.row = plot.column = height % 3 - 1;
                free(draw(&plot, width, height));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_of_it), cmocka_unit_test(hidden), cmocka_unit_test(room),
                                       cmocka_unit_test(lines_where_there_is_room), cmocka_unit_test(any_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
