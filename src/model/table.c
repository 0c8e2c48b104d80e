/* Results as columns, and what is in a cell of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_done(struct table *table)
{
    for (size_t k = 0; k < table->n; k++) {
        free(table->columns[k].name);
    }
    free(table->columns);
    *table = (struct table){0};
}

void table_add(struct table *table, char *name, const struct field *field, size_t stride, size_t offset)
{
    if (name && table->n == table->size) {
        size_t size = table->size ? 2 * table->size : 32;
        struct table_column *columns = realloc(table->columns, size * sizeof *columns);
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
    table->columns[table->n++] = (struct table_column){.name = name, .field = field, .stride = stride, .offset = offset, .digits = TABLE_DIGITS};
}

char *table_join(const char *prefix, const char *name)
{
    struct print_buffer text = {0};
    print_text(&text, "%s%s%s", prefix, prefix[0] ? "." : "", name);
    if (text.failed) {
        print_buffer_done(&text);
    }
    return text.data;
}

void table_add_scalars(struct table *table, const char *prefix, const struct result *result)
{
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field_is_column(field) || field->kind == VALUE_LIST) {
            continue;
        }
        char *name = table_join(prefix, field->name);
        if (field->kind == VALUE_OBJECT && name) {
            table_add_scalars(table, name, field->object);
            free(name);
        } else {
            table_add(table, name, field, 0, 0);
        }
    }
}

const struct field *table_row_names(const struct result *result)
{
    for (size_t k = 0; result_layout(result) == RESULT_MATRIX && k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        if (field->kind == VALUE_TEXTS && field->length == result_n_rows(result)) {
            return field;
        }
    }
    return NULL;
}

char *table_column_name(const char *prefix, const struct field *names, size_t j)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", j);
    return table_join(prefix, names && names->texts[j] ? names->texts[j] : number);
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
            table_add(table, table_join("", field->name), field, 1, 0);
            continue;
        }
        const struct field *names = a_row == table->rows ? table_row_names(result) : NULL;
        for (size_t j = 0; j < a_row; j++) {
            table_add(table, table_column_name(field->name, names, j), field, a_row, j);
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
                    table_add(table, table_join(field->name, label), field, 1, 0);
                }
            }
        }
    }
}

void table_build(struct table *table, const struct result *result)
{
    *table = (struct table){0};
    switch (result_layout(result)) {
    case RESULT_RECORD:
        table->rows = 1;
        table_add_scalars(table, "", result);
        break;
    case RESULT_CURVES:
        table->rows = result_n_rows(result);
        add_arrays(table, result);
        add_list_arrays(table, result);
        break;
    case RESULT_ROWS:
    case RESULT_MATRIX:
        table->rows = result_n_rows(result);
        table_add_scalars(table, "", result);
        add_arrays(table, result);
        break;
    }
}

bool table_same_columns(const struct table *a, const struct table *b)
{
    bool same = !a->failed && !b->failed && a->n == b->n;
    for (size_t k = 0; same && k < a->n; k++) {
        same = strcmp(a->columns[k].name, b->columns[k].name) == 0;
    }
    return same;
}

bool table_same_header(const struct table *table, const struct result *previous)
{
    struct table before;
    table_build(&before, previous);
    bool same = table_same_columns(table, &before);
    table_done(&before);
    return same;
}

void table_cell(struct print_buffer *out, const struct table_column *column, size_t r, int digits, const char *null)
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
