/* The grid: cutting, wide glyphs, text out. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/glyph.h"
#include "view/grid.h"
#include "view/table.h"

static void expect(const struct grid *grid, const char *text)
{
    char *got = grid_to_text(grid);
    assert_non_null(got);
    assert_string_equal(got, text);
    free(got);
}

static void writing_outside_is_cut(void **state)
{
    struct grid grid;
    assert_true(grid_init(&grid, 4, 2));
    grid_put(&grid, -1, 0, 'x', ROLE_NORMAL);
    grid_put(&grid, 4, 1, 'x', ROLE_NORMAL);
    grid_put(&grid, 0, 2, 'x', ROLE_NORMAL);
    assert_int_equal(grid_text(&grid, 2, 0, 9, ROLE_NORMAL, "abcdef"), 6);
    assert_int_equal(grid_text(&grid, -2, 1, 9, ROLE_NORMAL, "abcd"), 4);
    grid_text(&grid, 0, 7, 9, ROLE_NORMAL, "abcd");
    expect(&grid, "  ab\ncd\n");
    grid_fill(&grid, -5, -5, 100, 100, '#', ROLE_DIM);
    expect(&grid, "####\n####\n");
    grid_done(&grid);
}

static void an_empty_grid_is_fine(void **state)
{
    struct grid grid;
    assert_true(grid_init(&grid, 0, 0));
    grid_put(&grid, 0, 0, 'x', ROLE_NORMAL);
    grid_text(&grid, 0, 0, 5, ROLE_NORMAL, "x");
    expect(&grid, "");
    grid_done(&grid);
    assert_true(grid_init(&grid, -3, 2));
    expect(&grid, "\n\n");
    grid_done(&grid);
}

static void wide_glyphs_take_two_cells(void **state)
{
    struct grid grid;
    assert_true(grid_init(&grid, 6, 1));
    assert_int_equal(grid_text(&grid, 0, 0, 6, ROLE_NORMAL, "a\u6c34b"), 4);
    assert_int_equal(grid.cell[1].glyph, 0x6c34);
    assert_int_equal(grid.cell[2].glyph, 0);
    expect(&grid, "a\u6c34b\n");
    grid_put(&grid, 2, 0, 'x', ROLE_NORMAL);
    expect(&grid, "a xb\n");
    /* Neither half stays alone where one is filled over. */
    grid_text(&grid, 0, 0, 6, ROLE_NORMAL, "\u6c34-\u6c34");
    grid_fill(&grid, 1, 0, 3, 1, '.', ROLE_NORMAL);
    expect(&grid, " ...\n");
    /* No half of a wide glyph at the edge, and none where only one column is left. */
    assert_int_equal(grid_text(&grid, 5, 0, 9, ROLE_NORMAL, "\u6c34"), 2);
    assert_int_equal(grid.cell[5].glyph, ' ');
    assert_int_equal(grid_text(&grid, 0, 0, 1, ROLE_NORMAL, "\u6c34"), 0);
    /* Combining marks take no cell. */
    assert_int_equal(grid_text(&grid, 0, 0, 6, ROLE_NORMAL, "e\u0301f"), 2);
    grid_done(&grid);
}

static void nothing_dangerous_reaches_a_cell(void **state)
{
    struct grid grid;
    assert_true(grid_init(&grid, 12, 1));
    grid_text(&grid, 0, 0, 12, ROLE_NORMAL, "\x1b[2J\x7f\xff\xc2\x9b\xe2\x82\xed\xa0\x80");
    for (int x = 0; x < 12; x++)
        assert_true(grid.cell[x].glyph >= 0x20 && grid.cell[x].glyph != 0x7f && (grid.cell[x].glyph < 0x80));
    grid_done(&grid);
}

static void roles_come_out_as_letters(void **state)
{
    struct grid grid;
    assert_true(grid_init(&grid, 5, 2));
    grid_text(&grid, 1, 0, 3, ROLE_LABELLED, "ab");
    grid_put(&grid, 4, 1, ' ', ROLE_SELECTED);
    char *roles = grid_to_roles(&grid);
    assert_string_equal(roles, " LL\n    s\n");
    free(roles);
    grid_done(&grid);
}

static void ascii_stands_for_everything(void **state)
{
    for (uint32_t glyph = 0; glyph < 0x11000; glyph++) {
        uint32_t ascii = glyph_ascii(glyph);
        assert_true(ascii < 0x80);
        if (glyph > 0 && glyph < 0x80)
            assert_int_equal(ascii, glyph);
    }
    assert_int_equal(glyph_ascii(0x2800), ' ');
    assert_int_equal(glyph_ascii(0x28ff), '#');
    assert_int_equal(glyph_ascii(0x2502), '|');
}

static void cell_text(void *arg, long row, int column, char *out, size_t size)
{
    snprintf(out, size, "%ld.%d", row, column);
}

static void a_table_keeps_its_cursor_in_sight(void **state)
{
    static const struct table_column columns[] = {{"id", 6, false}, {"type", 4, true}, {"u_lab", 8, false}};
    struct table table = {.columns = columns, .n_columns = 3, .n_rows = 100, .cursor = 50, .sorted = 2, .ascii = true,
                          .descending = true, .cell = cell_text};
    struct grid grid;
    assert_true(grid_init(&grid, 24, 5));
    table_scroll(&table, 5);
    assert_int_equal(table.top, 47);
    table_draw(&grid, 0, 0, 24, 5, &table);
    expect(&grid, "      id type   u_labv\n    47.0 47.1     47.2\n    48.0 48.1     48.2\n    49.0 49.1     49.2\n>   50.0 50.1     50.2\n");
    assert_int_equal(grid.cursor_y, 4);
    table.cursor = 1000;
    table_scroll(&table, 5);
    assert_int_equal(table.cursor, 99);
    assert_int_equal(table.top, 96);
    table.n_rows = 0;
    table_scroll(&table, 5);
    assert_int_equal(table.cursor, 0);
    assert_int_equal(table.top, 0);
    /* Any size. */
    table.n_rows = 3;
    for (int width = 0; width < 30; width++)
        for (int height = 0; height < 6; height++) {
            struct grid small;
            assert_true(grid_init(&small, width, height));
            table_scroll(&table, height);
            table_draw(&small, 0, 0, width, height, &table);
            grid_done(&small);
        }
    grid_done(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_outside_is_cut),       cmocka_unit_test(an_empty_grid_is_fine),
        cmocka_unit_test(wide_glyphs_take_two_cells),   cmocka_unit_test(nothing_dangerous_reaches_a_cell),
        cmocka_unit_test(roles_come_out_as_letters),    cmocka_unit_test(ascii_stands_for_everything),
        cmocka_unit_test(a_table_keeps_its_cursor_in_sight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
