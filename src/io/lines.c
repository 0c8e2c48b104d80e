/* A growing window over a source, cut at newlines. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lines.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_CHUNK ((size_t)1 << 18) /* stays in the second-level cache between inflate and parser */
#define LINES_SLACK 16

isd_status lines_init(struct lines *lines, struct source *source, size_t chunk, isd_control *control, isd_error *err)
{
    *lines = (struct lines){
        .source = source, .control = control, .nul = SIZE_MAX, .number = 1, .offset = source_offset(source)};
    lines->chunk = chunk > 0 ? chunk : DEFAULT_CHUNK;
    lines->capacity = 2 * (lines->chunk < DEFAULT_CHUNK ? lines->chunk : DEFAULT_CHUNK);
    lines->buffer = malloc(lines->capacity + LINES_SLACK);
    return lines->buffer != NULL ? ISD_OK : isd_error_memory(err);
}

void lines_done(struct lines *lines)
{
    source_close(lines->source);
    free(lines->buffer);
    *lines = (struct lines){.nul = SIZE_MAX};
}

isd_status lines_go(struct lines *lines, const struct source_index *index, int64_t offset, int64_t number, isd_error *err)
{
    if (offset >= lines->offset && offset - lines->offset < (int64_t)lines->end && lines->nul == SIZE_MAX) { /* still here */
        lines->position = lines->searched = (size_t)(offset - lines->offset);
        lines->number = number;
        return ISD_OK;
    }
    isd_status status = source_seek(lines->source, index, offset, err);
    if (status != ISD_OK)
        return status;
    lines->position = lines->end = lines->searched = 0;
    lines->nul = SIZE_MAX;
    lines->ended = false;
    lines->number = number;
    lines->offset = offset;
    return ISD_OK;
}

/* Room for more behind the unread bytes: move them to the front, and grow when they fill the half. */
static isd_status make_room(struct lines *lines, isd_error *err)
{
    size_t kept = lines->end - lines->position;
    if (lines->end + lines->chunk <= lines->capacity)
        return ISD_OK;
    if (lines->position > 0) {
        memmove(lines->buffer, lines->buffer + lines->position, kept);
        lines->offset += (int64_t)lines->position;
        lines->searched -= lines->position;
        if (lines->nul != SIZE_MAX)
            lines->nul -= lines->position;
        lines->position = 0;
        lines->end = kept;
    }
    if (kept <= lines->capacity / 2)
        return ISD_OK;
    if (kept >= LINES_LONGEST) {
        isd_error_set(err, ISD_DATA, "a line longer than %d MB", (int)(LINES_LONGEST >> 20));
        isd_error_at(err, source_path(lines->source), lines->number, 0);
        isd_error_hint(err, "is this a text dump?");
        return ISD_DATA;
    }
    char *grown = realloc(lines->buffer, 2 * lines->capacity + LINES_SLACK);
    if (grown == NULL)
        return isd_error_memory(err);
    lines->buffer = grown;
    lines->capacity *= 2;
    return ISD_OK;
}

static isd_status fill(struct lines *lines, isd_error *err)
{
    if (isd_control_cancelled(lines->control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    isd_status status = make_room(lines, err);
    if (status != ISD_OK)
        return status;
    size_t room = lines->capacity - lines->end, got = 0;
    status = source_read(lines->source, lines->buffer + lines->end, room < lines->chunk ? room : lines->chunk, &got,
                         err);
    if (status != ISD_OK)
        return status;
    if (lines->nul == SIZE_MAX && got > 0) {
        const char *nul = memchr(lines->buffer + lines->end, '\0', got);
        if (nul != NULL)
            lines->nul = (size_t)(nul - lines->buffer);
    }
    lines->end += got;
    lines->ended = got == 0;
    if (lines->progress_total > 0)
        isd_control_report(lines->control, lines->progress_from + (double)source_used(lines->source),
                           lines->progress_total);
    return ISD_OK;
}

static isd_status refuse_nul(struct lines *lines, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "a NUL byte, expected text");
    isd_error_at(err, source_path(lines->source), lines->number, (long long)(lines->nul - lines->position) + 1);
    isd_error_hint(err, "the file is binary, or was damaged when its disk filled or its computer stopped");
    return ISD_DATA;
}

isd_status lines_block(struct lines *lines, const char **ret_text, size_t *ret_length, bool *ret_whole, isd_error *err)
{
    for (;;) {
        const char *text = lines->buffer + lines->position;
        size_t readable = lines->nul < lines->end ? lines->nul : lines->end;
        const char *last = NULL;
        if (readable > lines->searched)
            last = memrchr(lines->buffer + lines->searched, '\n', readable - lines->searched);
        if (last != NULL) {
            *ret_text = text;
            *ret_length = (size_t)(last - text) + 1;
            *ret_whole = true;
            return ISD_OK;
        }
        lines->searched = readable;
        if (lines->nul < lines->end)
            return refuse_nul(lines, err);
        if (lines->ended) {
            lines->buffer[lines->end] = '\n';
            *ret_text = text;
            *ret_length = lines->end - lines->position;
            *ret_whole = false;
            return ISD_OK;
        }
        isd_status status = fill(lines, err);
        if (status != ISD_OK)
            return status;
    }
}

void lines_consume(struct lines *lines, size_t bytes, int64_t count)
{
    lines->position += bytes;
    lines->number += count;
    if (lines->searched < lines->position)
        lines->searched = lines->position;
}

isd_status lines_next(struct lines *lines, const char **ret_text, size_t *ret_length, bool *ret_whole, isd_error *err)
{
    const char *text;
    size_t length;
    bool whole;
    isd_status status = lines_block(lines, &text, &length, &whole, err);
    if (status != ISD_OK)
        return status;
    if (length == 0) {
        *ret_text = NULL;
        *ret_length = 0;
        *ret_whole = true;
        return ISD_OK;
    }
    size_t line = (size_t)((const char *)memchr(text, '\n', length + 1) - text);
    lines_consume(lines, line + whole, whole);
    *ret_text = text;
    *ret_length = line > 0 && text[line - 1] == '\r' ? line - 1 : line;
    *ret_whole = whole;
    return ISD_OK;
}

isd_status lines_rest_blank(struct lines *lines, bool *ret_blank, isd_error *err)
{
    for (;;) {
        const char *text;
        size_t length;
        bool whole;
        isd_status status = lines_block(lines, &text, &length, &whole, err);
        if (status != ISD_OK)
            return status;
        if (length == 0) {
            *ret_blank = true;
            return ISD_OK;
        }
        size_t line = (size_t)((const char *)memchr(text, '\n', length + 1) - text);
        for (size_t i = 0; i < line; i++) {
            if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
                *ret_blank = false;
                return ISD_OK;
            }
        }
        lines_consume(lines, line + whole, whole);
    }
}

isd_status lines_skip_mark(struct lines *lines, isd_error *err)
{
    const char *head;
    size_t length, mark = strlen(LINES_MARK);
    isd_status status = lines_peek(lines, mark, &head, &length, err);
    if (status == ISD_OK && length == mark && memcmp(head, LINES_MARK, mark) == 0)
        lines_consume(lines, mark, 0);
    return status;
}

isd_status lines_peek(struct lines *lines, size_t size, const char **ret_bytes, size_t *ret_length, isd_error *err)
{
    while (lines->end - lines->position < size && !lines->ended) {
        isd_status status = fill(lines, err);
        if (status != ISD_OK)
            return status;
    }
    size_t there = lines->end - lines->position;
    *ret_bytes = lines->buffer + lines->position;
    *ret_length = there < size ? there : size;
    return ISD_OK;
}

isd_status lines_take(struct lines *lines, void *out, size_t size, size_t *ret_length, isd_error *err)
{
    char *to = out;
    size_t done = 0;
    while (done < size) {
        const char *bytes;
        size_t length, want = size - done < LINES_PEEK ? size - done : LINES_PEEK;
        isd_status status = lines_peek(lines, want, &bytes, &length, err);
        if (status != ISD_OK)
            return status;
        if (length == 0)
            break;
        memcpy(to + done, bytes, length);
        lines_consume(lines, length, 0);
        if (lines->nul < lines->position) /* no text: they mean nothing */
            lines->nul = SIZE_MAX;
        done += length;
    }
    *ret_length = done;
    return ISD_OK;
}

isd_status lines_drain(struct lines *lines, isd_error *err)
{
    while (!lines->ended) {
        lines->position = lines->searched = lines->end;
        lines->nul = SIZE_MAX;
        isd_status status = fill(lines, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

int64_t lines_offset(const struct lines *lines)
{
    return lines->offset + (int64_t)lines->position;
}

int64_t lines_left(struct lines *lines)
{
    return source_limit(lines->source) - lines_offset(lines);
}
