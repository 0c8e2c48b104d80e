/* A table that scrolls. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/table.h"

#include <stdio.h>

#include "view/glyph.h"

#define MARGIN 2 /* the mark of the cursor row */

void table_scroll(struct table *table, int height)
{
    long rows = height > 1 ? height - 1 : 1;
    if (table->cursor >= table->n_rows)
        table->cursor = table->n_rows - 1;
    if (table->cursor < 0)
        table->cursor = 0;
    if (table->top > table->n_rows - rows)
        table->top = table->n_rows - rows;
    if (table->top < 0)
        table->top = 0;
    if (table->cursor < table->top)
        table->top = table->cursor;
    if (table->cursor >= table->top + rows)
        table->top = table->cursor - rows + 1;
}

void table_settle(struct table *table, struct table_home *home, int height)
{
    bool moved = table->cursor != home->cursor;
    if (!moved)
        table->top = home->top;
    table_scroll(table, height);
    if (moved)
        *home = (struct table_home){table->top, table->cursor};
}

static void put_aligned(struct grid *grid, int x, int y, int width, bool left, enum role role, const char *text)
{
    int columns = glyph_columns(text);
    int shift = left || columns >= width ? 0 : width - columns;
    grid_text(grid, x + shift, y, width - shift, role, text);
}

static int shown_columns(const struct table *table, int width)
{
    int used = MARGIN, n = 0;
    while (n < table->n_columns && used + table->columns[n].width <= width)
        used += table->columns[n++].width + 1;
    return n;
}

static void draw_header(struct grid *grid, int x, int y, int n, const struct table *table)
{
    int at = x + MARGIN;
    for (int c = 0; c < n; c++) {
        const struct table_column *column = &table->columns[c];
        char title[48];
        const char *mark = c != table->sorted ? "" : table->ascii ? (table->descending ? "v" : "^")
                                                                  : table->descending ? "\u25be" : "\u25b4";
        snprintf(title, sizeof title, "%s%s", column->title, mark);
        put_aligned(grid, at, y, column->width, column->left, c == table->sorted ? ROLE_ACTIVE : ROLE_TITLE, title);
        at += column->width + 1;
    }
}

static void draw_row(struct grid *grid, int x, int y, int width, int n, long row, const struct table *table)
{
    bool here = row == table->cursor;
    enum role role = here ? ROLE_SELECTED : ROLE_NORMAL;
    int at = x + MARGIN;
    if (here) {
        grid_fill(grid, x, y, width, 1, ' ', role);
        grid_put(grid, x, y, table->ascii ? '>' : 0x25b8, role);
        grid->cursor_x = x;
        grid->cursor_y = y;
    }
    bool chosen = table->chosen && table->chosen(table->arg, row);
    if (chosen)
        grid_put(grid, x + 1, y, table->ascii ? '*' : 0x25c6, here ? role : ROLE_MATCHED);
    if (chosen && !here)
        role = ROLE_MATCHED;
    for (int c = 0; c < n; c++) {
        char text[128] = "";
        table->cell(table->arg, row, c, text, sizeof text);
        put_aligned(grid, at, y, table->columns[c].width, table->columns[c].left, role, text);
        at += table->columns[c].width + 1;
    }
}

void table_draw(struct grid *grid, int x, int y, int width, int height, const struct table *table)
{
    if (width < 1 || height < 1)
        return;
    int n = shown_columns(table, width);
    draw_header(grid, x, y, n, table);
    for (int line = 1; line < height; line++) {
        long row = table->top + line - 1;
        if (row < 0 || row >= table->n_rows)
            break;
        draw_row(grid, x, y + line, width, n, row, table);
    }
}

int table_column_at(const struct table *table, int width, int at)
{
    int n = shown_columns(table, width), left = MARGIN;
    for (int c = 0; c < n; c++) {
        int right = left + table->columns[c].width;
        if (at >= left && at <= right)
            return c;
        left = right + 1;
    }
    return -1;
}
