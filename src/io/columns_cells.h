/* Lines of tables cut into cells. Inside of src/io. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_COLUMNS_CELLS_H
#define IO_COLUMNS_CELLS_H

#include <stdbool.h>
#include <stddef.h>

enum { CELLS_MOST = 256 };

/* A line cut into cells; they point into it. */
struct cells {
    int n;
    const char *begin[CELLS_MOST], *end[CELLS_MOST];
};

/* What separates the cells of such a line: tab, comma, semicolon, else ' ' for blanks. */
char cells_separator(const char *text, size_t length);
/* Blanks and quotes about a cell are left out. False if there are too many. */
bool cells_cut(const char *text, size_t length, char separator, struct cells *ret_cells);

/* Is a cell a number? An empty one is NaN; nan, inf and hex floats are words of their own kind, refused. */
bool cells_number(const struct cells *cells, int c, double *ret_value);
bool cells_not_finite(const struct cells *cells, int c);
/* "0,1": a decimal comma. */
bool cells_has_comma(const struct cells *cells, int c);
/* Of at least one. */
bool cells_all_numbers(const struct cells *cells);

#endif
