/* Results as columns, for what prints them as tables. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/print.h"

enum { TABLE_DIGITS = 6 }; /* significant ones, of numbers for people */

/* One column: element r * stride + offset of a field with an array, or the same scalar in every row (stride 0). */
struct table_column {
    char *name;
    const struct field *field;
    size_t stride, offset;
    int width, digits; /* of an aligned table */
};

/* The columns of a result, which must outlive it. Zero-initialise; table_done frees. */
struct table {
    struct table_column *columns;
    size_t n, size, rows;
    bool compact; /* columns no wider than need be */
    bool failed;  /* out of memory: columns are missing */
};
void table_done(struct table *table);

/* All columns that the layout of the result has: print.h. */
void table_build(struct table *table, const struct result *result);
/* One more; takes over name (NULL: out of memory). */
void table_add(struct table *table, char *name, const struct field *field, size_t stride, size_t offset);
/* The scalars of a result, those of its objects as prefix.name. */
void table_add_scalars(struct table *table, const char *prefix, const struct result *result);

/* Names, freed by the caller; NULL when out of memory: prefix.name, or name without a prefix; */
char *table_join(const char *prefix, const char *name);
/* prefix.label, of column j of several: the label is a name or, without names, the number. */
char *table_column_name(const char *prefix, const struct field *names, size_t j);
/* What the rows of a result with matrices are called, and the columns of what is square; NULL: they have no names. */
const struct field *table_row_names(const struct result *result);

bool table_same_columns(const struct table *a, const struct table *b);
/* Would the header of `previous` do for this table? */
bool table_same_header(const struct table *table, const struct result *previous);

/* The cell of row r as plain text: numbers with %.*g, null as `null`. The text is not made safe yet. */
void table_cell(struct print_buffer *out, const struct table_column *column, size_t r, int digits, const char *null);

#endif
