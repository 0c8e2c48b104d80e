/* Building and reading results. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/result.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "model/print.h"

struct result {
    char *command, *mark;
    enum result_layout layout;
    int folded;
    struct field *fields;
    size_t n, size;
    bool failed;
};

struct result *result_new(const char *command, enum result_layout layout)
{
    struct result *result = calloc(1, sizeof *result);
    if (!result) {
        return NULL;
    }
    result->layout = layout;
    if (command && !(result->command = strdup(command))) {
        free(result);
        return NULL;
    }
    return result;
}

static void texts_free(const char *const *texts, size_t n)
{
    for (size_t k = 0; texts && k < n; k++) {
        free((void *)texts[k]);
    }
    free((void *)texts);
}

static void field_done(struct field *field)
{
    switch (field->kind) {
    case VALUE_TEXT:
        free((void *)field->text);
        break;
    case VALUE_REALS:
        free((void *)field->reals);
        break;
    case VALUE_INTS:
        free((void *)field->ints);
        break;
    case VALUE_BOOLS:
        free((void *)field->bools);
        break;
    case VALUE_TEXTS:
        texts_free(field->texts, field->length);
        break;
    case VALUE_LIST:
        for (size_t k = 0; k < field->length; k++) {
            result_free(field->list[k]);
        }
        free((void *)field->list);
        break;
    case VALUE_OBJECT:
        result_free(field->object);
        break;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_REAL:
        break;
    }
    free((void *)field->name);
    free((void *)field->unit);
}

void result_free(struct result *result)
{
    if (!result) {
        return;
    }
    for (size_t k = 0; k < result->n; k++) {
        field_done(&result->fields[k]);
    }
    free(result->fields);
    free(result->command);
    free(result->mark);
    free(result);
}

bool result_failed(const struct result *result)
{
    return !result || result->failed;
}

/* A new null field, or NULL (and `failed` set) when out of memory. */
static struct field *add(struct result *result, const char *name, const char *unit)
{
    if (result_failed(result)) {
        return NULL;
    }
    if (result->n == result->size) {
        size_t size = result->size ? 2 * result->size : 16;
        struct field *fields = realloc(result->fields, size * sizeof *fields);
        if (!fields) {
            result->failed = true;
            return NULL;
        }
        result->fields = fields;
        result->size = size;
    }
    struct field field = {.name = strdup(name), .unit = strdup(unit ? unit : ""), .kind = VALUE_NULL};
    if (!field.name || !field.unit) {
        field_done(&field);
        result->failed = true;
        return NULL;
    }
    result->fields[result->n] = field;
    return &result->fields[result->n++];
}

void result_null(struct result *result, const char *name)
{
    add(result, name, NULL);
}

void result_bool(struct result *result, const char *name, bool value)
{
    struct field *field = add(result, name, NULL);
    if (field) {
        field->kind = VALUE_BOOL;
        field->boolean = value;
    }
}

void result_int(struct result *result, const char *name, int64_t value)
{
    struct field *field = add(result, name, NULL);
    if (field) {
        field->kind = VALUE_INT;
        field->integer = value;
    }
}

void result_real(struct result *result, const char *name, const char *unit, double value)
{
    struct field *field = add(result, name, unit);
    if (field && isfinite(value)) {
        field->kind = VALUE_REAL;
        field->real = value;
    }
}

void result_text(struct result *result, const char *name, const char *value)
{
    struct field *field = add(result, name, NULL);
    if (!field || !value) {
        return;
    }
    char *copy = strdup(value);
    if (!copy) {
        result->failed = true;
        return;
    }
    field->kind = VALUE_TEXT;
    field->text = copy;
}

/* A copy of n elements; NULL sets `failed`. Never NULL for n = 0. */
static void *copy_array(struct result *result, const void *values, size_t n, size_t element)
{
    void *copy = n <= SIZE_MAX / element ? malloc(n ? n * element : 1) : NULL;
    if (!copy) {
        result->failed = true;
        return NULL;
    }
    if (n) {
        memcpy(copy, values, n * element);
    }
    return copy;
}

void result_reals(struct result *result, const char *name, const char *unit, const double *values, size_t n)
{
    struct field *field = add(result, name, unit);
    double *copy = field ? copy_array(result, values, n, sizeof *copy) : NULL;
    if (copy) {
        field->kind = VALUE_REALS;
        field->reals = copy;
        field->length = n;
    }
}

void result_ints(struct result *result, const char *name, const int64_t *values, size_t n)
{
    struct field *field = add(result, name, NULL);
    int64_t *copy = field ? copy_array(result, values, n, sizeof *copy) : NULL;
    if (copy) {
        field->kind = VALUE_INTS;
        field->ints = copy;
        field->length = n;
    }
}

void result_bools(struct result *result, const char *name, const bool *values, size_t n)
{
    struct field *field = add(result, name, NULL);
    bool *copy = field ? copy_array(result, values, n, sizeof *copy) : NULL;
    if (copy) {
        field->kind = VALUE_BOOLS;
        field->bools = copy;
        field->length = n;
    }
}

void result_texts(struct result *result, const char *name, const char *const *values, size_t n)
{
    struct field *field = add(result, name, NULL);
    if (!field) {
        return;
    }
    char **copy = calloc(n ? n : 1, sizeof *copy);
    bool failed = !copy;
    for (size_t k = 0; !failed && k < n; k++) {
        if (values[k]) {
            copy[k] = strdup(values[k]);
            failed = !copy[k];
        }
    }
    if (failed) {
        texts_free((const char *const *)copy, n);
        result->failed = true;
        return;
    }
    field->kind = VALUE_TEXTS;
    field->texts = (const char *const *)copy;
    field->length = n;
}

void result_object(struct result *result, const char *name, struct result *object)
{
    struct field *field = add(result, name, NULL);
    if (!field || result_failed(object)) {
        if (result) {
            result->failed = true;
        }
        result_free(object);
        return;
    }
    field->kind = VALUE_OBJECT;
    field->object = object;
}

static struct field *find(const struct result *result, const char *name)
{
    for (size_t k = 0; result && k < result->n; k++) {
        if (strcmp(result->fields[k].name, name) == 0) {
            return &result->fields[k];
        }
    }
    return NULL;
}

void result_empty_list(struct result *result, const char *name)
{
    struct field *field = add(result, name, NULL);
    if (field) {
        field->kind = VALUE_LIST;
        field->list = NULL;
        field->length = 0;
    }
}

/* Room for one more: capacities are the powers of two, so a full list is one whose length is a power of two (or 0). */
static bool list_reserve(struct field *field)
{
    size_t n = field->length;
    if ((n & (n - 1)) != 0) {
        return true;
    }
    struct result **list = realloc((void *)field->list, (n ? 2 * n : 1) * sizeof *list);
    if (!list) {
        return false;
    }
    field->list = list;
    return true;
}

void result_append(struct result *result, const char *name, struct result *object)
{
    struct field *field = find(result, name);
    if (!field) {
        result_empty_list(result, name);
        field = find(result, name);
    }
    if (!field || field->kind != VALUE_LIST || result->failed || result_failed(object) || !list_reserve(field)) {
        if (result) {
            result->failed = true;
        }
        result_free(object);
        return;
    }
    ((struct result **)field->list)[field->length++] = object;
}

void result_mark(struct result *result, const char *format, ...)
{
    if (result_failed(result)) {
        return;
    }
    struct print_buffer text = {0};
    va_list args;
    va_start(args, format);
    print_vtext(&text, format, args);
    va_end(args);
    if (text.failed) {
        print_buffer_done(&text);
        result->failed = true;
        return;
    }
    free(result->mark);
    result->mark = text.data;
}

const char *result_mark_text(const struct result *result)
{
    return result ? result->mark : NULL;
}

const char *result_command(const struct result *result)
{
    return result ? result->command : NULL;
}

void result_fold(struct result *result, int keys)
{
    if (result) {
        result->folded = keys;
    }
}

int result_folded(const struct result *result)
{
    return result ? result->folded : 0;
}

enum result_layout result_layout(const struct result *result)
{
    return result ? result->layout : RESULT_RECORD;
}

size_t result_n_fields(const struct result *result)
{
    return result ? result->n : 0;
}

const struct field *result_field(const struct result *result, size_t k)
{
    return result && k < result->n ? &result->fields[k] : NULL;
}

const struct field *result_find(const struct result *result, const char *name)
{
    return find(result, name);
}

bool field_is_column(const struct field *field)
{
    return field->kind == VALUE_REALS || field->kind == VALUE_INTS || field->kind == VALUE_TEXTS ||
           field->kind == VALUE_BOOLS;
}

/* The first array of this kind or, for VALUE_NULL, of any kind; NULL if none. */
static const struct field *first_column(const struct result *result, enum value_kind kind)
{
    for (size_t k = 0; result && k < result->n; k++) {
        const struct field *field = &result->fields[k];
        if (field_is_column(field) && (kind == VALUE_NULL || field->kind == kind)) {
            return field;
        }
    }
    return NULL;
}

size_t result_n_rows(const struct result *result)
{
    const struct field *field = NULL;
    if (result_layout(result) == RESULT_CURVES) {
        field = first_column(result, VALUE_REALS);
    }
    if (!field) {
        field = first_column(result, VALUE_NULL);
    }
    return field ? field->length : 0;
}
