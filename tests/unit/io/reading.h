/* Reading snapshots out of memory, with everything that is said about them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_IO_READING_H
#define TEST_IO_READING_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include "io/reader.h"

#define MAX_FRAMES 64

/* All that came of one read. */
struct reading {
    isd_status status;
    isd_error error;
    const isd_snapshot *frame[MAX_FRAMES];
    struct source_range range[MAX_FRAMES];
    int n;
    char notes[4096]; /* "where|what\n" each */
    int n_notes;
    bool marked;
    int n_bad;
};

static void take_note(void *arg, const isd_error *note)
{
    struct reading *r = arg;
    size_t used = strlen(r->notes);
    snprintf(r->notes + used, sizeof r->notes - used, "%s|%s\n", note->where, note->what);
    r->n_notes++;
}

static void reading_frames_as(struct reading *r, struct source *source, size_t chunk, const struct format_options *format)
{
    isd_reader *reader = NULL;
    const struct reader_options options = {.chunk = chunk, .format = *format};
    r->status = reader_open_source(source, &options, take_note, r, NULL, &reader, &r->error);
    if (r->status != ISD_OK)
        return;
    for (;;) {
        isd_snapshot *s = NULL;
        struct source_range range;
        r->status = reader_next(reader, &s, &range, &r->error);
        if (r->status != ISD_OK || s == NULL)
            break;
        assert_true(r->n < MAX_FRAMES);
        r->range[r->n] = range;
        r->frame[r->n++] = s;
    }
    r->marked = isd_reader_marked(reader);
    reader_bad(reader, &r->n_bad);
    isd_reader_close(reader);
}

static inline void reading_frames(struct reading *r, struct source *source, size_t chunk)
{
    const struct format_options format = {0};
    reading_frames_as(r, source, chunk, &format);
}

/* The same, decoded on another thread, `size` bytes at a time. */
static inline void reading_init_ahead(struct reading *r, const void *data, size_t length, size_t size)
{
    struct source *source = NULL;
    const struct source_options options = {.ahead = SOURCE_AHEAD_ALWAYS, .ahead_size = size};
    memset(r, 0, sizeof *r);
    r->status = source_open_memory_as("mem", data, length, &options, &source, &r->error);
    if (r->status == ISD_OK)
        reading_frames(r, source, 0);
}

/* The same with what only the user knows. */
static inline void reading_init_as(struct reading *r, const void *data, size_t size, size_t chunk, const struct format_options *format)
{
    struct source *source = NULL;
    memset(r, 0, sizeof *r);
    r->status = source_open_memory("mem", data, size, chunk, false, &source, &r->error);
    if (r->status == ISD_OK)
        reading_frames_as(r, source, chunk, format);
}

/* Bytes as a file called "mem", read `chunk` at a time (0: default). */
static inline void reading_init(struct reading *r, const void *data, size_t size, size_t chunk, bool keep_checksum)
{
    struct source *source = NULL;
    memset(r, 0, sizeof *r);
    r->status = source_open_memory("mem", data, size, chunk, keep_checksum, &source, &r->error);
    if (r->status == ISD_OK)
        reading_frames(r, source, chunk);
}

static inline void reading_done(struct reading *r)
{
    for (int k = 0; k < r->n; k++)
        isd_snapshot_unref(r->frame[k]);
    r->n = 0;
}

static inline bool same_array(const void *a, const void *b, size_t size)
{
    return (a == NULL) == (b == NULL) && (a == NULL || size == 0 || memcmp(a, b, size) == 0);
}

/* The same bits in everything a snapshot says. */
static inline bool same_snapshot(const isd_snapshot *a, const isd_snapshot *b)
{
    size_t n = (size_t)a->n;
    const double box_a[9] = {a->box.origin[0], a->box.origin[1], a->box.origin[2], a->box.lx, a->box.ly, a->box.lz, a->box.xy, a->box.xz, a->box.yz};
    const double box_b[9] = {b->box.origin[0], b->box.origin[1], b->box.origin[2], b->box.lx, b->box.ly, b->box.lz, b->box.xy, b->box.xz, b->box.yz};
    return a->n == b->n && a->box.dim == b->box.dim && same_array(a->box.periodic, b->box.periodic, sizeof a->box.periodic) &&
           same_array(box_a, box_b, sizeof box_a) && a->step == b->step && a->has_step == b->has_step && a->has_time == b->has_time &&
           same_array(&a->time, &b->time, sizeof a->time) && a->has_ids == b->has_ids && a->unwrapped == b->unwrapped &&
           strcmp(a->units, b->units) == 0 && a->n_types == b->n_types && same_array(a->id, b->id, n * sizeof *a->id) &&
           same_array(a->type, b->type, n * sizeof *a->type) && same_array(a->position, b->position, 3 * n * sizeof *a->position) &&
           same_array(a->image, b->image, 3 * n * sizeof *a->image);
}

static inline bool same_reading(const struct reading *a, const struct reading *b)
{
    if (a->status != b->status || a->n != b->n || a->marked != b->marked || strcmp(a->notes, b->notes) != 0)
        return false;
    if (a->status != ISD_OK && (strcmp(a->error.where, b->error.where) != 0 || strcmp(a->error.what, b->error.what) != 0))
        return false;
    for (int k = 0; k < a->n; k++)
        if (!same_snapshot(a->frame[k], b->frame[k]) || memcmp(a->frame[k]->element, b->frame[k]->element, sizeof a->frame[k]->element) != 0)
            return false;
    return true;
}

/* One gz member of these bytes, appended to out[*used]. */
static inline void gz_append(unsigned char *out, size_t size, size_t *used, const void *data, size_t length)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (unsigned)length;
    z.next_out = out + *used;
    z.avail_out = (unsigned)(size - *used);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    *used = size - z.avail_out;
    deflateEnd(&z);
}

#endif
