/* A source cut into lines, with line numbers. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LINES_H
#define IO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source.h"
#include "isdmin/control.h"

/* Longer lines are refused, so that a file that is one endless line cannot take all memory. */
#define LINES_LONGEST ((size_t)64 << 20)

struct lines {
    struct source *source;
    isd_control *control;
    double progress_from, progress_total; /* reported: from + bytes on disk read, of total (0: nothing) */
    char *buffer;                         /* [capacity + LINES_SLACK] */
    size_t capacity, chunk;
    size_t position, end; /* unread bytes */
    size_t searched;      /* no newline in position ... searched */
    size_t nul;           /* the first NUL byte in the buffer, SIZE_MAX if none */
    bool ended;           /* the source has no more */
    int64_t number;       /* of the line at `position`, from 1 */
    int64_t offset;       /* decoded bytes before buffer[0] */
};

/* Takes over the source (closed in lines_done), which may stand at any decoded offset; who knows the line there sets
 * `number`. `chunk`: bytes asked of the source at once, 0 for the default. */
isd_status lines_init(struct lines *lines, struct source *source, size_t chunk, isd_control *control, isd_error *err);
void lines_done(struct lines *lines);

/* Go on at another decoded offset, where line `number` begins; index: of the source, or NULL. */
isd_status lines_go(struct lines *lines, const struct source_index *index, int64_t offset, int64_t number, isd_error *err);

/* At least one line, as it lies in the buffer until the next call: text[0 ... *ret_length) is whole lines, each with its
 * newline; only at the end of the data may it be one last line without (*ret_whole false), and then a newline stands behind
 * it all the same. *ret_length = 0 at the end. A NUL byte is an error when its line is reached. Polls for cancel. */
isd_status lines_block(struct lines *lines, const char **ret_text, size_t *ret_length, bool *ret_whole, isd_error *err);
/* That much of the block is read: `bytes` with `count` newlines. */
void lines_consume(struct lines *lines, size_t bytes, int64_t count);

/* One line without its newline and carriage return; NULL at the end. Consumed at once; valid until the next call. */
isd_status lines_next(struct lines *lines, const char **ret_text, size_t *ret_length, bool *ret_whole, isd_error *err);

/* Is there nothing but white space up to the end? Consumes nothing but empty lines. */
isd_status lines_rest_blank(struct lines *lines, bool *ret_blank, isd_error *err);

/* What some editors put before UTF-8 text is no part of it: consumed where it comes next. */
#define LINES_MARK "\xef\xbb\xbf"
isd_status lines_skip_mark(struct lines *lines, isd_error *err);

/* Read on to the end and forget it, so that the source can say how it ends. */
isd_status lines_drain(struct lines *lines, isd_error *err);

/* For formats that are no text. The next bytes as they are, up to `size` of them (fewer only at the end of the data), valid
 * until the next call; nothing is consumed. `size` is at most LINES_PEEK. */
#define LINES_PEEK ((size_t)1 << 16)
isd_status lines_peek(struct lines *lines, size_t size, const char **ret_bytes, size_t *ret_length, isd_error *err);
/* `size` bytes to `out`, consumed; *ret_length is less only at the end of the data. Line numbers mean nothing any more. */
isd_status lines_take(struct lines *lines, void *out, size_t size, size_t *ret_length, isd_error *err);

/* Decoded bytes before the next unread one; and an upper bound of those still to come. */
int64_t lines_offset(const struct lines *lines);
int64_t lines_left(struct lines *lines);

#endif
