/* What both reader targets check. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_FUZZ_READING_H
#define TEST_FUZZ_READING_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/reader.h"

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Words may hold no control character, whatever the file says. */
static void check_words(const isd_error *err)
{
    const char *const text[] = {err->where, err->what, err->hint};
    for (int k = 0; k < 3; k++)
        for (const char *p = text[k]; *p != '\0'; p++)
            MUST((unsigned char)*p >= 0x20 && *p != 0x7f);
    MUST(err->what[0] != '\0' && strncmp(err->where, "mem", 3) == 0);
}

static void check_note(void *arg, const isd_error *note)
{
    int *n = arg;
    ++*n;
    check_words(note);
}

static void check_snapshot(const isd_snapshot *s)
{
    for (int32_t i = 0; i < s->n; i++) {
        MUST(s->id[i] > (i > 0 ? s->id[i - 1] : 0));
        MUST(s->type[i] >= 1 && s->type[i] <= s->n_types);
        for (int d = 0; d < 3; d++)
            MUST(isfinite(s->position[3 * (size_t)i + d]));
    }
    MUST(s->n_types <= ISD_MAX_TYPES);
    MUST(isd_box_check(&s->box, NULL) == ISD_OK);
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *p = data;
    for (size_t k = 0; k < size; k++)
        hash = (hash ^ p[k]) * 0x100000001b3ull;
    return hash;
}

/* Readings that gave at least one frame. */
static long accepted;

long fuzz_accepted(void)
{
    return accepted;
}

/* Reads all; a hash of everything that came out, without byte offsets. */
static uint64_t read_everything(const uint8_t *data, size_t size, size_t chunk)
{
    struct source *source = NULL;
    isd_reader *reader = NULL;
    isd_error err = {.status = ISD_OK};
    int notes = 0, frames = 0;
    uint64_t hash = 0xcbf29ce484222325ull;
    const struct reader_options options = {.chunk = chunk, .format = {.cell = "9,9,9", .by_element = size % 2 == 1}};
    isd_status status = source_open_memory("mem", data, size, chunk, false, &source, &err);
    if (status == ISD_OK)
        status = reader_open_source(source, &options, check_note, &notes, NULL, &reader, &err);
    while (status == ISD_OK) {
        isd_snapshot *s = NULL;
        status = reader_next(reader, &s, NULL, &err);
        if (status != ISD_OK || s == NULL)
            break;
        check_snapshot(s);
        hash = mix(hash, s->id, (size_t)s->n * sizeof *s->id);
        hash = mix(hash, s->type, (size_t)s->n * sizeof *s->type);
        hash = mix(hash, s->position, 3 * (size_t)s->n * sizeof *s->position);
        hash = mix(hash, &s->step, sizeof s->step);
        isd_snapshot_unref(s);
        frames++;
    }
    accepted += frames > 0;
    if (status != ISD_OK) {
        check_words(&err);
        hash = mix(hash, err.what, strlen(err.what));
    }
    isd_reader_close(reader);
    hash = mix(hash, &status, sizeof status);
    return mix(hash, &notes, sizeof notes);
}

#endif
