/* The growing buffer, and the choice of format. SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/print.h"

#include <locale.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void print_buffer_done(struct print_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct print_buffer){0};
}

/* Room for `more` bytes and a terminator. */
static bool reserve(struct print_buffer *buffer, size_t more)
{
    if (buffer->failed || more > SIZE_MAX / 4 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t need = buffer->length + more + 1;
    if (need <= buffer->size) {
        return true;
    }
    size_t size = buffer->size ? buffer->size : 256;
    while (size < need) {
        size *= 2;
    }
    char *data = realloc(buffer->data, size);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->size = size;
    return true;
}

void print_bytes(struct print_buffer *buffer, const char *data, size_t length)
{
    if (!reserve(buffer, length)) {
        return;
    }
    if (length) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

/* text_escape cuts at the size of its output: four bytes for each byte suffice. */
void print_escaped(struct print_buffer *buffer, const char *text, size_t length)
{
    char *safe = length < SIZE_MAX / 8 ? malloc(4 * length + 1) : NULL;
    if (!safe) {
        buffer->failed = true;
        return;
    }
    print_bytes(buffer, safe, text_escape(text, length, safe, 4 * length + 1));
    free(safe);
}

void print_clear(struct print_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data) {
        buffer->data[0] = '\0';
    }
}

/* In the C locale whatever the process has set: a decimal comma must not reach a result. */
static int format_plain(char *out, size_t size, const char *format, va_list args)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = plain ? uselocale(plain) : (locale_t)0;
    int length = vsnprintf(out, size, format, args);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    return plain ? length : -1;
}

void print_vtext(struct print_buffer *buffer, const char *format, va_list args)
{
    for (size_t room = 64;;) {
        if (!reserve(buffer, room)) {
            return;
        }
        va_list again;
        va_copy(again, args);
        int length = format_plain(buffer->data + buffer->length, room + 1, format, again);
        va_end(again);
        if (length < 0) {
            buffer->data[buffer->length] = '\0';
            buffer->failed = true;
            return;
        }
        if ((size_t)length <= room) {
            buffer->length += (size_t)length;
            return;
        }
        room = (size_t)length;
    }
}

void print_text(struct print_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_vtext(buffer, format, args);
    va_end(args);
}

void print_result(struct print_buffer *buffer, enum print_format format, const struct result *result,
                  const struct result *previous)
{
    switch (format) {
    case PRINT_JSON:
        print_json(buffer, result);
        break;
    case PRINT_CSV:
        print_delimited(buffer, result, previous, ',');
        break;
    case PRINT_TSV:
        print_delimited(buffer, result, previous, '\t');
        break;
    case PRINT_TEXT:
        print_readable(buffer, result, previous);
        break;
    }
}
