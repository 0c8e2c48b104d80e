/* Bytes read as a file of snapshots, with everything that must hold. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_reading.h"

#include <math.h>
#include <string.h>

#include "io/reader.h"
#include "io/write_data.h"
#include "io/write_dump.h"
#include "io/write_xyz.h"
#include "slow_dump.h"

#define WHOLE ((size_t)4096) /* for small inputs; larger buffers take more time than the reading */
#define TEXT_SIZE ((size_t)1 << 18)

static void take_note(void *arg, const isd_error *note)
{
    struct fuzz_reading *r = arg;
    r->n_notes++;
    fuzz_check_words(note, "mem");
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
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        MUST(memchr(s->element[t], '\0', ISD_LABEL_SIZE) != NULL);
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *p = data;
    for (size_t k = 0; k < size; k++)
        hash = (hash ^ p[k]) * 0x100000001b3ull;
    return hash;
}

static uint64_t mix_snapshot(uint64_t hash, const isd_snapshot *s)
{
    size_t n = (size_t)s->n;
    const double box[9] = {s->box.origin[0], s->box.origin[1], s->box.origin[2], s->box.lx, s->box.ly,
                           s->box.lz,        s->box.xy,        s->box.xz,        s->box.yz};
    hash = mix(hash, s->id, n * sizeof *s->id);
    hash = mix(hash, s->type, n * sizeof *s->type);
    hash = mix(hash, s->position, 3 * n * sizeof *s->position);
    if (s->image != NULL)
        hash = mix(hash, s->image, 3 * n * sizeof *s->image);
    hash = mix(hash, box, sizeof box);
    return mix(hash, &s->step, sizeof s->step);
}

void fuzz_read(const uint8_t *data, size_t size, size_t chunk, struct fuzz_reading *r)
{
    struct source *source = NULL;
    isd_reader *reader = NULL;
    size_t whole = size > WHOLE ? size : WHOLE;
    const bool by_element = size > 0 && data[size - 1] % 2 == 1;
    const struct reader_options options = {.chunk = chunk > 0 ? chunk : whole, .format = {.cell = "9,9,9", .by_element = by_element}};
    memset(r, 0, sizeof *r);
    r->hash = 0xcbf29ce484222325ull;
    r->status = source_open_memory("mem", data, size, options.chunk, false, &source, &r->error);
    if (r->status == ISD_OK)
        r->status = reader_open_source(source, &options, take_note, r, NULL, &reader, &r->error);
    while (r->status == ISD_OK) {
        isd_snapshot *s = NULL;
        r->status = reader_next(reader, &s, NULL, &r->error);
        if (r->status != ISD_OK || s == NULL)
            break;
        check_snapshot(s);
        r->hash = mix_snapshot(r->hash, s);
        if (r->n_frames < READING_FRAMES)
            r->frame[r->n_frames] = s;
        else
            isd_snapshot_unref(s);
        r->n_frames++;
    }
    if (r->status != ISD_OK) {
        fuzz_check_words(&r->error, "mem");
        r->hash = mix(r->hash, r->error.what, strlen(r->error.what));
    }
    isd_reader_close(reader);
    r->hash = mix(r->hash, &r->status, sizeof r->status);
    r->hash = mix(r->hash, &r->n_notes, sizeof r->n_notes);
}

void fuzz_reading_done(struct fuzz_reading *r)
{
    for (int k = 0; k < r->n_frames && k < READING_FRAMES; k++)
        isd_snapshot_unref(r->frame[k]);
    r->n_frames = 0;
}

/* --- written and read back --------------------------------------------------------------------------------------------- */

/* Boxes come back bit for bit where they were read from bounds; others are rounded. */
static void check_same_box(const isd_box *a, const isd_box *b, bool exact)
{
    const double p[9] = {a->lx, a->ly, a->lz, a->xy, a->xz, a->yz, a->origin[0], a->origin[1], a->origin[2]};
    const double q[9] = {b->lx, b->ly, b->lz, b->xy, b->xz, b->yz, b->origin[0], b->origin[1], b->origin[2]};
    double size = 0;
    for (int k = 0; k < 9; k++)
        size = fmax(size, fabs(p[k]));
    MUST(memcmp(a->periodic, b->periodic, sizeof a->periodic) == 0);
    for (int k = 0; k < 9; k++)
        MUST(exact ? p[k] == q[k] : fabs(p[k] - q[k]) <= 1e-14 * size);
}

static void check_same_atoms(const isd_snapshot *a, const isd_snapshot *b)
{
    MUST(a->n == b->n && a->n_types == b->n_types && a->has_ids == b->has_ids);
    for (size_t i = 0; i < (size_t)a->n; i++)
        MUST(a->id[i] == b->id[i] && a->type[i] == b->type[i]);
    for (size_t k = 0; k < 3 * (size_t)a->n && isd_snapshot_can_unwrap(a); k++)
        MUST(a->image[k] == b->image[k]);
}

/* Boxes come back bit for bit only where low + (high - low) can be high: sizes that the origin swallows are left out. */
static bool can_come_back(const isd_snapshot *s)
{
    const isd_box *b = &s->box;
    const double length[3] = {b->lx, b->ly, b->lz};
    double tilt = fmax(fabs(b->xy), fmax(fabs(b->xz), fabs(b->yz)));
    for (int d = 0; d < 3; d++)
        if (!(length[d] > 1e-3 && length[d] < 1e12 && fabs(b->origin[d]) < 1e3 * length[d] && tilt < 1e3 * length[d]))
            return false;
    return !s->unwrapped;
}

static char *text_of(const isd_snapshot *s, int how, size_t *ret_size)
{
    static char buffer[TEXT_SIZE];
    struct write_file file = {.draft = {.fd = -1, .buffer = buffer}};
    if (how == 0)
        dump_put_frame(&file, s, NULL, 0);
    else if (how == 1)
        data_put_frame(&file, s);
    else
        xyz_put_frame(&file, s, NULL, 0);
    *ret_size = file.draft.used;
    return buffer;
}

static void check_round_trip(const isd_snapshot *s, int how, bool from_bounds)
{
    struct fuzz_reading back;
    size_t size;
    if (s->n > 1000 || s->n == 0 || !can_come_back(s) || (how == 2 && s->element[s->type[0]][0] == '\0'))
        return;
    const char *text = text_of(s, how, &size);
    fuzz_read((const uint8_t *)text, size, 0, &back);
    if (back.status != ISD_OK)
        fprintf(stderr, "%.*s%s: %s\n", (int)size, text, back.error.where, back.error.what);
    MUST(back.status == ISD_OK && back.n_frames == 1);
    MUST(back.frame[0]->n == s->n);
    for (size_t k = 0; k < 3 * (size_t)s->n; k++)
        MUST(back.frame[0]->position[k] == s->position[k]);
    if (how == 0) {
        check_same_box(&s->box, &back.frame[0]->box, from_bounds);
        MUST(s->n < 2 || s->box.dim == back.frame[0]->box.dim); /* one atom alone has no dimension */
        check_same_atoms(s, back.frame[0]);
    }
    fuzz_reading_done(&back);
}

/* --- everything -------------------------------------------------------------------------------------------------------- */

static void check_chunks(const uint8_t *data, size_t size, size_t chunk, const struct fuzz_reading *whole)
{
    struct fuzz_reading r;
    fuzz_read(data, size, chunk, &r);
    MUST(r.hash == whole->hash && r.n_frames == whole->n_frames);
    fuzz_reading_done(&r);
}

/* A text dump whose boxes are given by their bounds. */
static bool has_bounds(const uint8_t *data, size_t size)
{
    return size > 5 && memcmp(data, "ITEM:", 5) == 0 && memmem(data, size, "abc", 3) == NULL;
}

void fuzz_read_and_check(const uint8_t *data, size_t size)
{
    static const size_t chunks[] = {64, 1, 97, 7, 64, 256, 1024, 65536};
    struct fuzz_reading r;
    fuzz_read(data, size, 0, &r);
    uint64_t pick = r.hash >> 17; /* a further check for most inputs, chosen by what they are */
    int kept = r.n_frames < READING_FRAMES ? r.n_frames : READING_FRAMES;
    if (kept > 0)
        fuzz_accept();
    if (pick % 6 == 0)
        check_chunks(data, size, chunks[pick / 6 % (sizeof chunks / sizeof *chunks)], &r);
    else if (kept > 0 && pick % 6 == 1)
        check_round_trip(r.frame[pick / 6 % (unsigned)kept], (int)(pick / 64 % 3), has_bounds(data, size));
    else if (kept > 0 && pick % 6 < 4)
        slow_dump_check(data, size, r.frame, kept);
    fuzz_reading_done(&r);
}
