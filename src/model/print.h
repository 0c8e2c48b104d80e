/* Results as text: JSON Lines, CSV, TSV, aligned text. Pure functions into a growing buffer. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_PRINT_H
#define MODEL_PRINT_H

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
void print_text(struct print_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* JSON: RFC 8259, numbers with 17 significant digits (integers plain), NaN and Inf as null, text escaped and valid
 * UTF-8, one object a line. */
void print_json(struct print_buffer *buffer, const struct result *result);

/* Tables. A table is a header line and rows; `previous` is the result printed just before with the same command, or
 * NULL: then, and when the columns differ, the header is printed (after an empty line if previous exists).
 * Rows of RESULT_RECORD: its scalars, objects flattened as name.sub, arrays and lists left out.
 * csv quotes as in RFC 4180 and guards nothing else; tsv escapes tab and newline as \t and \n. */
void print_delimited(struct print_buffer *buffer, const struct result *result, const struct result *previous, char delimiter);

/* For people: name and value in lines (record), or an aligned table (rows, curves), numbers to 6 digits, units named. */
void print_readable(struct print_buffer *buffer, const struct result *result, const struct result *previous);

void print_result(struct print_buffer *buffer, enum print_format format, const struct result *result,
                  const struct result *previous);

#endif
