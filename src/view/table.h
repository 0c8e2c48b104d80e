/* A table that scrolls: header, rows, a cursor row. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include "view/grid.h"

struct table_column {
    const char *title;
    int width;       /* cells */
    bool left;       /* text; numbers are aligned right */
};

struct table {
    const struct table_column *columns;
    int n_columns;
    long n_rows;
    long top, cursor; /* first row shown, row of the cursor; see table_scroll */
    int sorted;       /* column that is sorted, -1: none */
    bool descending, ascii;
    /* Text of one cell, escaped, terminated. */
    void (*cell)(void *arg, long row, int column, char *out, size_t size);
    bool (*chosen)(void *arg, long row); /* rows with a mark of their own; NULL: none */
    void *arg;
};

/* Keeps the cursor inside the rows and the rows inside the window of `height` lines (header included). */
void table_scroll(struct table *table, int height);
/* The same after another size: rows that had to make way for the cursor come back when there is room for them again, unless it has moved
 * since. home: zero at the start. */
struct table_home {
    long top, cursor;
};
void table_settle(struct table *table, struct table_home *home, int height);
/* Draws and puts the grid's cursor on the cursor row. Columns that do not fit are left out from the right. */
void table_draw(struct grid *grid, int x, int y, int width, int height, const struct table *table);

/* The column at a cell of the header, counted from the left of a table drawn that wide; -1: none. */
int table_column_at(const struct table *table, int width, int at);

#endif
