/* Results as JSON Lines (RFC 8259). SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/print.h"

#include <math.h>
#include <string.h>

/* Length of the valid UTF-8 character at p (RFC 3629: no surrogates, nothing overlong), or 0. */
static size_t utf8_length(const unsigned char *p, size_t left, uint32_t *ret_code)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > left) {
        return 0;
    }
    uint32_t code = n == 1 ? p[0] : p[0] & (0x7fU >> n);
    for (size_t k = 1; k < n; k++) {
        if ((p[k] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[k] & 0x3fU);
    }
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return 0;
    }
    *ret_code = code;
    return n;
}

/* Characters that a terminal would act on (C0, DEL, C1, bidirectional overrides) or JSON reserves. */
static bool must_escape(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '"' || code == '\\' ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void string(struct print_buffer *buffer, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = strlen(text);
    print_bytes(buffer, "\"", 1);
    while (left > 0) {
        uint32_t code = 0;
        size_t n = utf8_length(p, left, &code);
        if (n == 0) {
            print_bytes(buffer, "\xef\xbf\xbd", 3); /* U+FFFD for each byte that is none */
            n = 1;
        } else if (code == '"' || code == '\\') {
            print_text(buffer, "\\%c", (int)code);
        } else if (code == '\n') {
            print_bytes(buffer, "\\n", 2);
        } else if (code == '\t') {
            print_bytes(buffer, "\\t", 2);
        } else if (must_escape(code)) {
            print_text(buffer, "\\u%04x", (unsigned)code);
        } else {
            print_bytes(buffer, (const char *)p, n);
        }
        p += n;
        left -= n;
    }
    print_bytes(buffer, "\"", 1);
}

static void null(struct print_buffer *buffer)
{
    print_bytes(buffer, "null", 4);
}

static void boolean(struct print_buffer *buffer, bool value)
{
    print_text(buffer, "%s", value ? "true" : "false");
}

static void integer(struct print_buffer *buffer, int64_t value)
{
    print_text(buffer, "%lld", (long long)value);
}

static void real(struct print_buffer *buffer, double value)
{
    if (isfinite(value)) {
        print_text(buffer, "%.17g", value);
    } else {
        null(buffer);
    }
}

static void object(struct print_buffer *buffer, const struct result *result);

static void element(struct print_buffer *buffer, const struct field *field, size_t k)
{
    switch (field->kind) {
    case VALUE_REALS:
        real(buffer, field->reals[k]);
        break;
    case VALUE_INTS:
        if (field->ints[k] == RESULT_INT_NULL) {
            null(buffer);
        } else {
            integer(buffer, field->ints[k]);
        }
        break;
    case VALUE_TEXTS:
        if (field->texts[k]) {
            string(buffer, field->texts[k]);
        } else {
            null(buffer);
        }
        break;
    case VALUE_BOOLS:
        boolean(buffer, field->bools[k]);
        break;
    case VALUE_LIST:
        object(buffer, field->list[k]);
        break;
    default:
        null(buffer);
        break;
    }
}

static void elements(struct print_buffer *buffer, const struct field *field, size_t from, size_t n)
{
    print_bytes(buffer, "[", 1);
    for (size_t k = 0; k < n; k++) {
        if (k) {
            print_bytes(buffer, ",", 1);
        }
        element(buffer, field, from + k);
    }
    print_bytes(buffer, "]", 1);
}

static void matrix(struct print_buffer *buffer, const struct field *field, size_t n_rows)
{
    const size_t a_row = field->length / n_rows;
    print_bytes(buffer, "[", 1);
    for (size_t r = 0; r < n_rows; r++) {
        if (r) {
            print_bytes(buffer, ",", 1);
        }
        elements(buffer, field, r * a_row, a_row);
    }
    print_bytes(buffer, "]", 1);
}

static void value(struct print_buffer *buffer, const struct field *field)
{
    switch (field->kind) {
    case VALUE_NULL:
        null(buffer);
        break;
    case VALUE_BOOL:
        boolean(buffer, field->boolean);
        break;
    case VALUE_INT:
        integer(buffer, field->integer);
        break;
    case VALUE_REAL:
        real(buffer, field->real);
        break;
    case VALUE_TEXT:
        string(buffer, field->text);
        break;
    case VALUE_OBJECT:
        object(buffer, field->object);
        break;
    default:
        elements(buffer, field, 0, field->length);
        break;
    }
}

static void key(struct print_buffer *buffer, const char *name, bool *first)
{
    if (!*first) {
        print_bytes(buffer, ",", 1);
    }
    *first = false;
    string(buffer, name);
    print_bytes(buffer, ":", 1);
}

static void opening(struct print_buffer *buffer, const struct result *result, bool *ret_first)
{
    print_bytes(buffer, "{", 1);
    *ret_first = true;
    if (result_command(result)) {
        key(buffer, "cmd", ret_first);
        string(buffer, result_command(result));
    }
}

static void closing(struct print_buffer *buffer, const struct result *result, bool *first)
{
    if (result_mark_text(result)) {
        key(buffer, "mark", first);
        string(buffer, result_mark_text(result));
    }
    print_bytes(buffer, "}", 1);
}

static void object(struct print_buffer *buffer, const struct result *result)
{
    bool first;
    const size_t n_rows = result_layout(result) == RESULT_MATRIX ? result_n_rows(result) : 0;
    opening(buffer, result, &first);
    for (size_t k = 0; k < result_n_fields(result); k++) {
        const struct field *field = result_field(result, k);
        key(buffer, field->name, &first);
        if (n_rows > 0 && field_is_column(field) && field->length > n_rows) {
            matrix(buffer, field, n_rows);
        } else {
            value(buffer, field);
        }
    }
    closing(buffer, result, &first);
}

/* The scalars, then what each column has for this row. */
static void row(struct print_buffer *buffer, const struct result *result, size_t r, size_t n_rows)
{
    bool first;
    opening(buffer, result, &first);
    for (int columns = 0; columns < 2; columns++) {
        for (size_t k = 0; k < result_n_fields(result); k++) {
            const struct field *field = result_field(result, k);
            size_t a_row = field_is_column(field) ? field->length / n_rows : 0;
            if (field_is_column(field) != (columns == 1)) {
                continue;
            }
            key(buffer, field->name, &first);
            if (!columns) {
                value(buffer, field);
            } else if (a_row == 1) {
                element(buffer, field, r);
            } else {
                elements(buffer, field, r * a_row, a_row);
            }
        }
    }
    closing(buffer, result, &first);
    print_bytes(buffer, "\n", 1);
}

void print_json(struct print_buffer *buffer, const struct result *result)
{
    if (result_layout(result) == RESULT_ROWS) {
        size_t n_rows = result_n_rows(result);
        for (size_t r = 0; r < n_rows; r++) {
            row(buffer, result, r, n_rows);
        }
        return;
    }
    object(buffer, result);
    print_bytes(buffer, "\n", 1);
}
