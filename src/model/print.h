/* Results as text: JSON Lines, CSV, TSV, aligned text. Pure functions into a growing buffer. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_PRINT_H
#define MODEL_PRINT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/result.h"

enum print_format { PRINT_TEXT, PRINT_JSON, PRINT_CSV, PRINT_TSV };

/* Growable text; `failed` after running out of memory. Zero-initialise; print_buffer_done frees. */
struct print_buffer {
    char *data;
    size_t length, size;
    bool failed;
};
void print_buffer_done(struct print_buffer *buffer);
void print_bytes(struct print_buffer *buffer, const char *data, size_t length);
/* Without control characters and invalid UTF-8, which become \xNN. */
void print_escaped(struct print_buffer *buffer, const char *text, size_t length);
/* Empty again; the memory and `failed` stay. */
void print_clear(struct print_buffer *buffer);
/* As printf in the C locale, whatever the process has set. */
void print_text(struct print_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print_vtext(struct print_buffer *buffer, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* JSON: RFC 8259, numbers with 17 significant digits (integers plain), NaN and Inf as null, text escaped and valid
 * UTF-8, one object a line. */
void print_json(struct print_buffer *buffer, const struct result *result);

/* Tables. A table is a header line and rows; `previous` is the result printed just before with the same command, or
 * NULL: then, and when the columns differ, the header is printed (after an empty line if previous exists).
 * Rows of RESULT_RECORD: its scalars, objects flattened as name.sub, arrays and lists left out.
 * Other than that: RESULT_CURVES one row per point, its columns and, as name.<first text of the item>, those of the objects
 * in its lists (g.A-A of the partials); RESULT_ROWS its scalars in every row, then its columns. Null is an empty cell.
 * csv quotes as in RFC 4180 (lines end in \n); tsv writes tab, newline and backslash as \t, \n and \\. In both, other control
 * characters and invalid UTF-8 are shown as \xNN. */
void print_delimited(struct print_buffer *buffer, const struct result *result, const struct result *previous, char delimiter);

/* For people: name, value and unit in lines (record; long arrays by their first values and their length), or an aligned table
 * (rows, curves) whose header is printed under the rule of print_delimited; numbers to 6 digits, "-" for null. */
void print_readable(struct print_buffer *buffer, const struct result *result, const struct result *previous);

void print_result(struct print_buffer *buffer, enum print_format format, const struct result *result,
                  const struct result *previous);

/* All that a command gave, one after the other, but folded records (result_fold) as text: those are the rows of one table, after an empty
 * line if it follows something, with the words that hold for all of them above it. */
void print_results(struct print_buffer *buffer, enum print_format format, const struct result *const *results, int n, bool follows);

#endif
