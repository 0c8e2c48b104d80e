/* Results as tables: CSV, TSV, and aligned text for people. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { DIGITS = 6, MOST_DIGITS = 12 }; /* significant ones, of numbers for people */

/* One column: element r * stride + offset of a field with an array, or the same scalar in every row (stride 0). */
struct column {
    char *name;
    const struct field *field;
    size_t stride, offset;
    int width, digits; /* of an aligned table */
};

struct table {
    struct column *columns;
    size_t n, size, rows;
    bool compact; /* columns no wider than need be */
    bool failed;
};

static void table_done(struct table *table)
{
    for (size_t k = 0; k < table->n; k++) {
        free(table->columns[k].name);
    }
    free(table->columns);
    *table = (struct table){0};
}

/* Takes over name (NULL: out of memory). */
static void add_column(struct table *table, char *name, const struct field *field, size_t stride, size_t offset)
{
    if (name && table->n == table->size) {
        size_t size = table->size ? 2 * table->size : 32;
        struct column *columns = realloc(table->columns, size * sizeof *columns);
        if (columns) {
            table->columns = columns;
            table->size = size;
        }
    }
    if (!name || table->n == table->size) {
        free(name);
        table->failed = true;
        return;
    }
    table->columns[table->n++] = (struct column){.name = name, .field = field, .stride = stride, .offset = offset, .digits = DIGITS};
}

/* prefix.name, or name without a prefix; NULL when out of memory. */
static char *join(const char *prefix, const char *name)
{
    struct print_buffer text = {0};
    print_text(&text, "%s%s%s", prefix, prefix[0] ? "." : "", name);
    if (text.failed) {
        print_buffer_done(&text);
    }
    return text.data;
}

static void add_scalars(struct table *table, const char *prefix, const struct result *result)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field_is_column(field) || field->kind == VALUE_LIST) {
            continue;
        }
        char *name = join(prefix, field->name);
        if (field->kind == VALUE_OBJECT && name) {
            add_scalars(table, name, field->object);
            free(name);
        } else {
            add_column(table, name, field, 0, 0);
        }
    }
}

/* What the rows of a result with matrices are called, and the columns of what is square; NULL: they have no names. */
static const struct field *row_names(const struct result *result)
{
    for (size_t k = 0; result_layout(result) == RESULT_MATRIX && k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field->kind == VALUE_TEXTS && field->length == result_n_rows(result)) {
            return field;
        }
    }
    return NULL;
}

/* prefix.label, of column j of several: the label is a name or a number. */
static char *column_name(const char *prefix, const struct field *names, size_t j)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", j);
    return join(prefix, names && names->texts[j] ? names->texts[j] : number);
}

/* Arrays as long as the table or, but in RESULT_CURVES, a multiple of that (several values a row). */
static void add_arrays(struct table *table, const struct result *result)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        size_t a_row = table->rows ? field->length / table->rows : 1;
        if (!field_is_column(field) || (result_layout(result) == RESULT_CURVES && field->length != table->rows)) {
            continue;
        }
        if (a_row == 1) {
            add_column(table, join("", field->name), field, 1, 0);
            continue;
        }
        const struct field *names = a_row == table->rows ? row_names(result) : NULL;
        for (size_t j = 0; j < a_row; j++) {
            add_column(table, column_name(field->name, names, j), field, a_row, j);
        }
    }
}

static const char *first_text(const struct result *result)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        if (result_field(result, k)->kind == VALUE_TEXT) {
            return result_field(result, k)->text;
        }
    }
    return NULL;
}

/* The columns of the objects in lists: g.A-A from a list of {pair, g}. */
static void add_list_arrays(struct table *table, const struct result *result)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *list = result_field(result, k);
        for (size_t i = 0; list->kind == VALUE_LIST && i < list->length; i++) {
            const struct result *item = list->list[i];
            const char *label = first_text(item);
            for (size_t j = 0; label && j < result_n_fields(item); j++) {
                const struct field *field = result_field(item, j);
                if (field_is_column(field) && field->length == table->rows) {
                    add_column(table, join(field->name, label), field, 1, 0);
                }
            }
        }
    }
}

static void table_build(struct table *table, const struct result *result)
{
    *table = (struct table){0};
    switch (result_layout(result)) {
    case RESULT_RECORD:
        table->rows = 1;
        add_scalars(table, "", result);
        break;
    case RESULT_CURVES:
        table->rows = result_n_rows(result);
        add_arrays(table, result);
        add_list_arrays(table, result);
        break;
    case RESULT_ROWS:
    case RESULT_MATRIX:
        table->rows = result_n_rows(result);
        add_scalars(table, "", result);
        add_arrays(table, result);
        break;
    }
}

static bool same_columns(const struct table *a, const struct table *b)
{
    bool same = !a->failed && !b->failed && a->n == b->n;
    for (size_t k = 0; same && k < a->n; k++) {
        same = strcmp(a->columns[k].name, b->columns[k].name) == 0;
    }
    return same;
}

/* Would the header of `previous` do for this table? */
static bool same_header(const struct table *table, const struct result *previous)
{
    struct table before;
    table_build(&before, previous);
    bool same = same_columns(table, &before);
    table_done(&before);
    return same;
}

/* A cell as plain text: numbers with %.*g, null as `null`. The text is not made safe yet. */
static void cell(struct print_buffer *out, const struct column *column, size_t r, int digits, const char *null)
{
    const struct field *field = column->field;
    size_t k = r * column->stride + column->offset;
    const char *text = null;
    double real = NAN;
    switch (field->kind) {
    case VALUE_BOOL:
        text = field->boolean ? "true" : "false";
        break;
    case VALUE_BOOLS:
        text = field->bools[k] ? "true" : "false";
        break;
    case VALUE_INT:
        print_text(out, "%lld", (long long)field->integer);
        return;
    case VALUE_INTS:
        if (field->ints[k] != RESULT_INT_NULL) {
            print_text(out, "%lld", (long long)field->ints[k]);
            return;
        }
        break;
    case VALUE_REAL:
        real = field->real;
        break;
    case VALUE_REALS:
        real = field->reals[k];
        break;
    case VALUE_TEXT:
        text = field->text;
        break;
    case VALUE_TEXTS:
        text = field->texts[k] ? field->texts[k] : null;
        break;
    default:
        break;
    }
    if (isfinite(real)) {
        print_text(out, "%.*g", digits, real);
    } else {
        print_bytes(out, text, strlen(text));
    }
}

/* Text without control characters (text_escape cuts at the size of its output: four bytes for each byte suffice). */
static void safe_bytes(struct print_buffer *out, const char *text, size_t length)
{
    char *safe = length < SIZE_MAX / 8 ? malloc(4 * length + 1) : NULL;
    if (!safe) {
        out->failed = true;
        return;
    }
    print_bytes(out, safe, text_escape(text, length, safe, 4 * length + 1));
    free(safe);
}

/* Quoted where the delimiter, a quote or a line end is in it (RFC 4180). */
static void csv_cell(struct print_buffer *out, const char *text, size_t length, char delimiter)
{
    const char special[] = {'"', '\n', '\r', delimiter, '\0'};
    bool quote = strcspn(text, special) < length;
    if (quote) {
        print_bytes(out, "\"", 1);
    }
    for (size_t k = 0; k < length;) {
        size_t run = strcspn(text + k, "\"\n\r\t");
        safe_bytes(out, text + k, run);
        k += run;
        if (k < length) {
            print_bytes(out, text[k] == '"' ? "\"\"" : text + k, text[k] == '"' ? 2 : 1);
            k++;
        }
    }
    if (quote) {
        print_bytes(out, "\"", 1);
    }
}

static void tsv_cell(struct print_buffer *out, const char *text, size_t length)
{
    for (size_t k = 0; k < length;) {
        size_t run = strcspn(text + k, "\\\n\r\t");
        safe_bytes(out, text + k, run);
        k += run;
        if (k < length) {
            char c = text[k++];
            print_text(out, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\');
        }
    }
}

static void delimited_cell(struct print_buffer *buffer, const struct print_buffer *text, char delimiter)
{
    if (text->failed) {
        buffer->failed = true;
    } else if (text->length == 0) {
        return;
    } else if (delimiter == '\t') {
        tsv_cell(buffer, text->data, text->length);
    } else {
        csv_cell(buffer, text->data, text->length, delimiter);
    }
}

static void clear(struct print_buffer *text)
{
    text->length = 0;
    if (text->data) {
        text->data[0] = '\0';
    }
}

void print_delimited(struct print_buffer *buffer, const struct result *result, const struct result *previous, char delimiter)
{
    struct table table;
    struct print_buffer text = {0};
    table_build(&table, result);
    bool header = !previous || !same_header(&table, previous);
    if (header && previous) {
        print_bytes(buffer, "\n", 1);
    }
    for (size_t r = 0; table.n > 0 && r < table.rows + header; r++) {
        for (size_t k = 0; k < table.n; k++) {
            clear(&text);
            if (header && r == 0) {
                print_text(&text, "%s", table.columns[k].name);
            } else {
                cell(&text, &table.columns[k], r - header, 17, "");
            }
            if (k) {
                print_bytes(buffer, &delimiter, 1);
            }
            delimited_cell(buffer, &text, delimiter);
        }
        print_bytes(buffer, "\n", 1);
    }
    buffer->failed |= table.failed;
    print_buffer_done(&text);
    table_done(&table);
}

static bool is_text(const struct column *column)
{
    return column->field->kind == VALUE_TEXT || column->field->kind == VALUE_TEXTS;
}

static void pad(struct print_buffer *buffer, int columns)
{
    for (int k = 0; k < columns; k++) {
        print_bytes(buffer, " ", 1);
    }
}

/* A cell or a header made safe, in `width` columns: words to the left, numbers to the right. `last`: no blanks after it. */
static void aligned(struct print_buffer *buffer, const struct print_buffer *raw, int width, bool left, bool last)
{
    struct print_buffer safe = {0};
    safe_bytes(&safe, raw->data ? raw->data : "", raw->length);
    int blanks = safe.data ? width - text_width(safe.data) : 0;
    if (!left) {
        pad(buffer, blanks);
    }
    print_bytes(buffer, safe.data ? safe.data : "", safe.length);
    if (left && !last) {
        pad(buffer, blanks);
    }
    buffer->failed |= raw->failed || safe.failed;
    print_buffer_done(&safe);
}

static int safe_width(const struct print_buffer *raw)
{
    struct print_buffer safe = {0};
    safe_bytes(&safe, raw->data ? raw->data : "", raw->length);
    int width = safe.data ? text_width(safe.data) : 0;
    print_buffer_done(&safe);
    return width;
}

static void header_text(struct print_buffer *text, const struct column *column)
{
    const char *unit = column->stride > 1 && column->offset > 0 ? "" : column->field->unit; /* of several: once */
    print_text(text, "%s%s%s%s", column->name, unit[0] ? " (" : "", unit, unit[0] ? ")" : "");
}

/* Wide enough for the header and what is in it; numbers get the same width in every table of the same header. */
static void measure(struct table *table)
{
    struct print_buffer text = {0};
    for (size_t k = 0; k < table->n; k++) {
        struct column *column = &table->columns[k];
        enum value_kind kind = column->field->kind;
        int width = table->compact || is_text(column) ? 0 : kind == VALUE_REAL || kind == VALUE_REALS ? 11 : 5;
        for (size_t r = 0; r < table->rows + 1; r++) {
            clear(&text);
            if (r == table->rows) {
                header_text(&text, column);
            } else {
                cell(&text, column, r, column->digits, "-");
            }
            int here = safe_width(&text);
            width = here > width ? here : width;
        }
        column->width = width;
    }
    print_buffer_done(&text);
}

/* With the widths that `measure` found. */
static void aligned_table(struct print_buffer *buffer, const struct table *table, bool header, int indent)
{
    struct print_buffer text = {0};
    for (size_t r = 0; table->n > 0 && r < table->rows + header; r++) {
        pad(buffer, indent);
        for (size_t k = 0; k < table->n; k++) {
            const struct column *column = &table->columns[k];
            clear(&text);
            if (header && r == 0) {
                header_text(&text, column);
            } else {
                cell(&text, column, r - header, column->digits, "-");
            }
            pad(buffer, k ? 2 : 0);
            aligned(buffer, &text, column->width, is_text(column), k + 1 == table->n);
        }
        print_bytes(buffer, "\n", 1);
    }
    buffer->failed |= table->failed || text.failed;
    print_buffer_done(&text);
}

/* An array in a line: all of it if short, else the first values, the last, and how many there are. */
static void array_summary(struct print_buffer *text, const struct field *field)
{
    enum { SHORT = 8, FIRST = 4 };
    struct column column = {.field = field, .stride = 1};
    for (size_t k = 0; k < field->length; k++) {
        if (field->length > SHORT && k == FIRST) {
            print_text(text, " ...");
            k = field->length - 1;
        }
        if (k) {
            print_text(text, " ");
        }
        cell(text, &column, k, DIGITS, "-");
    }
    if (field->length == 0) {
        print_text(text, "none");
    } else if (field->length > SHORT) {
        print_text(text, "  (%zu values)", field->length);
    }
}

/* Columns that the names of a record take: nested names are indented by two. */
static int name_width(const struct result *result, int indent)
{
    int width = 0;
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        int here = indent + text_width(field->name);
        width = here > width ? here : width;
        if (field->kind == VALUE_OBJECT) {
            here = name_width(field->object, indent + 2);
            width = here > width ? here : width;
        }
    }
    return width;
}

/* Give two tables of one header the larger of their widths. */
static void share_widths(struct table *a, struct table *b)
{
    for (size_t c = 0; c < a->n && c < b->n; c++) {
        int width = a->columns[c].width > b->columns[c].width ? a->columns[c].width : b->columns[c].width;
        a->columns[c].width = b->columns[c].width = width;
    }
}

/* A list of objects: the scalars of each as a row of an aligned table, with a new header where they differ. */
static void list_lines(struct print_buffer *buffer, const struct field *field, int indent)
{
    struct table *tables = calloc(field->length, sizeof *tables);
    if (!tables) {
        buffer->failed = true;
        return;
    }
    for (size_t k = 0; k < field->length; k++) {
        tables[k].rows = 1;
        add_scalars(&tables[k], "", field->list[k]);
        measure(&tables[k]);
        if (k > 0 && same_columns(&tables[k], &tables[k - 1])) {
            share_widths(&tables[k - 1], &tables[k]);
        }
    }
    for (size_t k = field->length - 1; k > 0; k--) { /* what came later widens those before it */
        if (same_columns(&tables[k], &tables[k - 1])) {
            share_widths(&tables[k - 1], &tables[k]);
        }
    }
    for (size_t k = 0; k < field->length; k++) {
        aligned_table(buffer, &tables[k], k == 0 || !same_columns(&tables[k], &tables[k - 1]), indent);
    }
    for (size_t k = 0; k < field->length; k++) {
        table_done(&tables[k]);
    }
    free(tables);
}

/* All fields but arrays of `table_rows` values, which a table shows (SIZE_MAX: none of them). */
static void name_lines(struct print_buffer *buffer, const struct result *result, int indent, int width, size_t table_rows)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field_is_column(field) && field->length == table_rows) {
            continue;
        }
        struct print_buffer text = {0};
        print_text(&text, "%s", field->name);
        pad(buffer, indent);
        if (field->kind == VALUE_OBJECT || (field->kind == VALUE_LIST && field->length)) {
            aligned(buffer, &text, 0, true, true);
            print_bytes(buffer, "\n", 1);
            if (field->kind == VALUE_OBJECT) {
                name_lines(buffer, field->object, indent + 2, width, SIZE_MAX);
            } else {
                list_lines(buffer, field, indent + 2);
            }
        } else {
            aligned(buffer, &text, width - indent + 2, true, false);
            clear(&text);
            if (field_is_column(field) || field->kind == VALUE_LIST) {
                array_summary(&text, field);
            } else {
                cell(&text, &(struct column){.field = field}, 0, DIGITS, "-");
            }
            print_text(&text, "%s%s", field->unit[0] ? " " : "", field->unit);
            aligned(buffer, &text, 0, true, true);
            print_bytes(buffer, "\n", 1);
        }
        print_buffer_done(&text);
    }
}

static void mark_line(struct print_buffer *buffer, const struct result *result)
{
    if (result_mark_text(result)) {
        struct print_buffer text = {0};
        print_text(&text, "! %s", result_mark_text(result));
        aligned(buffer, &text, 0, true, true);
        print_bytes(buffer, "\n", 1);
        print_buffer_done(&text);
    }
}

/* --- matrices --- */

/* So many digits that values of one column can be told apart. */
static int telling_digits(const struct field *field)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; field->kind == VALUE_REALS && k < field->length; k++) {
        low = field->reals[k] < low ? field->reals[k] : low;
        high = field->reals[k] > high ? field->reals[k] : high;
    }
    const double digits = high > low ? 3 + ceil(log10(fmax(fabs(low), fabs(high)) / (high - low))) : 0;
    return (int)fmin(fmax(digits, DIGITS), MOST_DIGITS);
}

static void print_table(struct print_buffer *buffer, struct table *table)
{
    measure(table);
    aligned_table(buffer, table, true, 0);
    table_done(table);
}

/* One matrix: its name and unit where the names of its rows are. */
static void matrix_table(struct print_buffer *buffer, const struct result *result, const struct field *field)
{
    struct table table = {.rows = result_n_rows(result)};
    const struct field *rows = row_names(result);
    const size_t a_row = field->length / table.rows;
    struct field plain = *field;
    plain.unit = "";
    if (rows) {
        struct print_buffer name = {0};
        print_text(&name, "%s%s%s%s", field->name, field->unit[0] ? " (" : "", field->unit, field->unit[0] ? ")" : "");
        add_column(&table, name.failed ? NULL : name.data, rows, 1, 0);
    }
    for (size_t j = 0; j < a_row; j++) {
        add_column(&table, column_name(rows ? "" : field->name, a_row == table.rows ? rows : NULL, j), rows ? &plain : field, a_row, j);
    }
    print_table(buffer, &table);
}

/* Of a result with matrices people see what they can take in, narrow enough for a terminal: the first number that holds for all,
 * then a table of what has one value a row, then each matrix, but not those of truths, which the numbers beside them tell. */
static void print_matrices(struct print_buffer *buffer, const struct result *result)
{
    struct table plain = {.rows = result_n_rows(result)};
    bool first = true;
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (!field_is_column(field) && field->kind != VALUE_LIST && field->kind != VALUE_OBJECT && first) {
            print_text(buffer, "%s ", field->name);
            cell(buffer, &(struct column){.field = field}, 0, DIGITS, "-");
            print_bytes(buffer, "\n", 1);
            first = false;
        } else if (field_is_column(field) && field->length == plain.rows) {
            add_column(&plain, join("", field->name), field, 1, 0);
            if (plain.n > 0) {
                plain.columns[plain.n - 1].digits = telling_digits(field);
            }
        }
    }
    print_table(buffer, &plain);
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field_is_column(field) && field->length > result_n_rows(result) && field->kind != VALUE_BOOLS) {
            matrix_table(buffer, result, field);
        }
    }
}

static bool is_null(const struct column *column, size_t rows)
{
    struct print_buffer text = {0};
    bool null = true;
    for (size_t r = 0; r < rows && null; r++) {
        clear(&text);
        cell(&text, column, r, 6, "");
        null = text.length == 0 && !text.failed;
    }
    print_buffer_done(&text);
    return null;
}

/* Returns how many of the first `keys` columns are left. */
static size_t leave_out_nulls(struct table *table, size_t keys)
{
    size_t kept = 0, kept_keys = 0;
    for (size_t k = 0; k < table->n; k++) {
        if (is_null(&table->columns[k], table->rows)) {
            free(table->columns[k].name);
        } else {
            kept_keys += k < keys;
            table->columns[kept++] = table->columns[k];
        }
    }
    table->n = kept;
    return kept_keys;
}

/* In parts that are no wider than `most`, if a column beside the keys is not, each with its header. */
static void folded_table(struct print_buffer *buffer, const struct table *table, size_t keys, int most)
{
    struct table part = {.columns = calloc(table->n + 1, sizeof *part.columns), .rows = table->rows};
    int width_of_keys = 0;
    for (size_t k = 0; k < keys && part.columns; k++) {
        part.columns[k] = table->columns[k];
        width_of_keys += table->columns[k].width + 2;
    }
    for (size_t k = keys; k < table->n && part.columns;) {
        int width = width_of_keys - 2;
        part.n = keys;
        do {
            width += 2 + table->columns[k].width;
            part.columns[part.n++] = table->columns[k++];
        } while (k < table->n && width + 2 + table->columns[k].width <= most);
        aligned_table(buffer, &part, true, 0);
        print_bytes(buffer, "\n", k < table->n);
    }
    buffer->failed |= !part.columns || table->failed;
    free(part.columns);
}

void print_readable(struct print_buffer *buffer, const struct result *result, const struct result *previous)
{
    enum result_layout layout = result_layout(result);
    if (layout != RESULT_ROWS && previous) {
        print_bytes(buffer, "\n", 1);
    }
    if (layout == RESULT_RECORD || layout == RESULT_CURVES) {
        if (result_command(result)) {
            print_text(buffer, "%s\n", result_command(result));
        }
        name_lines(buffer, result, 2, name_width(result, 2), layout == RESULT_RECORD ? SIZE_MAX : result_n_rows(result));
    }
    if (layout == RESULT_MATRIX) {
        print_matrices(buffer, result);
    } else if (layout != RESULT_RECORD) {
        struct table table;
        table_build(&table, result);
        bool header = layout == RESULT_CURVES || !previous || result_folded(result) > 0 || !same_header(&table, previous);
        if (header && layout == RESULT_ROWS && previous) {
            print_bytes(buffer, "\n", 1);
        }
        if (result_folded(result) > 0) {
            size_t keys = leave_out_nulls(&table, (size_t)result_folded(result));
            table.compact = true;
            measure(&table);
            folded_table(buffer, &table, keys, 80);
        } else {
            measure(&table);
            aligned_table(buffer, &table, header, 0);
        }
        table_done(&table);
    }
    mark_line(buffer, result);
}
