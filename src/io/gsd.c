/* GSD, the files of HOOMD-blue, versions 1 and 2 of the file layer, schema hoomd. Source: the GSD documentation, "File layer
 * design" and "HOOMD schema". SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/format.h"

#define MOST_UNPACKED ((size_t)512 << 20)
#define HEADER_SIZE 256
#define ENTRY_SIZE 32
#define NAME_SIZE 64
/* Names are numbered with 16 bits. */
#define MAX_NAMES 65536

/* The chunks that are read. */
enum chunk_name {
    CHUNK_STEP,
    CHUNK_BOX,
    CHUNK_DIMENSIONS,
    CHUNK_N,
    CHUNK_POSITION,
    CHUNK_TYPEID,
    CHUNK_TYPES,
    CHUNK_IMAGE,
    CHUNKS
};

/* Types of numbers, as the file numbers them. */
enum value_type {
    VALUE_UINT8 = 1,
    VALUE_UINT32 = 3,
    VALUE_UINT64 = 4,
    VALUE_INT8 = 5,
    VALUE_INT32 = 7,
    VALUE_FLOAT = 9,
    VALUE_DOUBLE = 10,
    VALUE_CHARACTER = 11
};

/* Where a chunk lies: checked against the file's size. */
struct entry {
    uint64_t frame;
    int64_t location;
    uint64_t rows;
    uint32_t columns;
    uint16_t name;
    uint8_t type;
};

struct gsd {
    unsigned char *all; /* compressed files are unpacked as a whole, NULL otherwise */
    int64_t size;       /* of the unpacked file */
    struct entry *entries; /* [n_entries], by frame and name */
    size_t n_entries;
    uint64_t n_frames;
    int32_t id[CHUNKS]; /* of the names, -1 where the file has none */
};

/* What one frame says. */
struct frame {
    struct gsd *gsd;
    struct format_file *file;
    uint64_t number;
    int32_t n;
    bool flat;
    struct file_cell cell;
    int32_t type[ISD_MAX_TYPES]; /* of typeid 0, 1, ... */
    int n_types;
    isd_snapshot *snapshot;
};

static const char *const chunk_names[CHUNKS] = {
    "configuration/step", "configuration/box",  "configuration/dimensions", "particles/N",
    "particles/position", "particles/typeid",   "particles/types",          "particles/image",
};

/* --- bytes ----------------------------------------------------------------------------------------------------------- */

static uint64_t load(const unsigned char *p, int size)
{
    uint64_t value = 0;
    for (int k = 0; k < size; k++)
        value |= (uint64_t)p[k] << 8 * k;
    return value;
}

static int32_t load_int(const unsigned char *p)
{
    uint32_t bits = (uint32_t)load(p, 4);
    int32_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double load_real(const unsigned char *p, uint8_t type)
{
    if (type == VALUE_DOUBLE) {
        uint64_t bits = load(p, 8);
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    uint32_t bits = (uint32_t)load(p, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Exactly `size` bytes from `offset`; the caller has compared them with the size of the file. */
static isd_status read_at(const struct gsd *gsd, struct format_file *file, int64_t offset, void *out, size_t size, isd_error *err)
{
    size_t got = 0;
    if (gsd->all != NULL) {
        memcpy(out, gsd->all + offset, size);
        return ISD_OK;
    }
    isd_status status = source_read_at(file->lines.source, offset, out, size, &got, err);
    if (status == ISD_OK && got < size) {
        isd_error_set(err, ISD_DATA, "the file became shorter while it was read");
        return format_refuse_byte(file, offset, err);
    }
    return status;
}

static isd_status refuse_large(const struct format_file *file, isd_error *err)
{
    isd_error_set(err, ISD_UNSUPPORTED, "this compressed GSD file is larger than %d MB: it would have to be in memory as a whole",
                  (int)(MOST_UNPACKED >> 20));
    isd_error_at(err, source_path(file->lines.source), 0, 0);
    isd_error_hint(err, "unpack it (%s -d): a plain GSD file is read frame by frame",
                   strcmp(source_coding(file->lines.source), "gz") == 0 ? "gzip" : "zstd");
    return ISD_UNSUPPORTED;
}

/* All that is left of a compressed file, which cannot be read at will. */
static isd_status unpack(struct gsd *gsd, struct format_file *file, isd_error *err)
{
    size_t room = 0, length = 0, got = 1;
    while (got > 0) {
        if (length == room) {
            size_t more = room > 0 ? 2 * room : (size_t)1 << 20;
            if (room == MOST_UNPACKED)
                return refuse_large(file, err);
            unsigned char *grown = realloc(gsd->all, more);
            if (grown == NULL)
                return isd_error_memory(err);
            gsd->all = grown;
            room = more;
        }
        isd_status status = lines_take(&file->lines, gsd->all + length, room - length, &got, err);
        if (status != ISD_OK)
            return status;
        length += got;
    }
    gsd->size = (int64_t)length;
    return ISD_OK;
}

/* --- the index ------------------------------------------------------------------------------------------------------- */

static int value_size(uint8_t type)
{
    static const unsigned char size[] = {0, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 1};
    return type < sizeof size ? size[type] : 0;
}

static bool fits(const struct gsd *gsd, uint64_t location, uint64_t count, uint64_t each)
{
    uint64_t size = (uint64_t)gsd->size;
    return location <= size && (each == 0 || count <= (size - location) / each);
}

static isd_status check_entry(struct gsd *gsd, struct format_file *file, const struct entry *e, int64_t at, isd_error *err)
{
    uint64_t each = (uint64_t)e->columns * (uint64_t)value_size(e->type);
    if (value_size(e->type) > 0 && e->location >= HEADER_SIZE && fits(gsd, (uint64_t)e->location, e->rows, each))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "the index names a piece of %" PRIu64 " times %" PRIu64 " bytes at byte %" PRId64 ", the file has %" PRId64, e->rows, each,
                  e->location, gsd->size);
    return format_refuse_byte(file, at, err);
}

static int by_frame(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->frame != y->frame)
        return x->frame < y->frame ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

/* Entries up to the first that is empty. */
static isd_status read_entries(struct gsd *gsd, struct format_file *file, uint64_t location, uint64_t count, isd_error *err)
{
    unsigned char *bytes = malloc(count > 0 ? (size_t)count * ENTRY_SIZE : 1);
    gsd->entries = malloc(count > 0 ? (size_t)count * sizeof *gsd->entries : 1);
    isd_status status = bytes != NULL && gsd->entries != NULL ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK)
        status = read_at(gsd, file, (int64_t)location, bytes, (size_t)count * ENTRY_SIZE, err);
    for (uint64_t k = 0; k < count && status == ISD_OK; k++) {
        const unsigned char *p = bytes + k * ENTRY_SIZE;
        struct entry e = {.frame = load(p, 8), .rows = load(p + 8, 8), .location = (int64_t)load(p + 16, 8),
                          .columns = (uint32_t)load(p + 24, 4), .name = (uint16_t)load(p + 28, 2), .type = p[30]};
        if (e.location == 0)
            break;
        status = check_entry(gsd, file, &e, (int64_t)(location + k * ENTRY_SIZE), err);
        gsd->entries[gsd->n_entries++] = e;
    }
    free(bytes);
    if (status != ISD_OK)
        return status;
    qsort(gsd->entries, gsd->n_entries, sizeof *gsd->entries, by_frame);
    if (gsd->n_entries > 0)
        gsd->n_frames = gsd->entries[gsd->n_entries - 1].frame + 1;
    /* frames in which nothing changed have no entry: few, unless the number is damaged */
    if (gsd->n_frames > 2 * (uint64_t)gsd->n_entries + 1000 || gsd->n_frames > INT32_MAX) {
        isd_error_set(err, ISD_DATA, "the index names frame %" PRIu64 " and has %zu entries", gsd->n_frames - 1, gsd->n_entries);
        return format_refuse_byte(file, (int64_t)location, err);
    }
    return ISD_OK;
}

/* Names lie 64 bytes apart in version 1, end to end from version 2 on. */
static void find_names(struct gsd *gsd, const char *text, size_t size, bool version_1)
{
    size_t at = 0;
    for (int32_t id = 0; id < MAX_NAMES && at < size; id++) {
        size_t length = strnlen(text + at, size - at);
        if (length == 0)
            return;
        for (int c = 0; c < CHUNKS; c++)
            if (strlen(chunk_names[c]) == length && memcmp(text + at, chunk_names[c], length) == 0)
                gsd->id[c] = id;
        at += version_1 ? NAME_SIZE : length + 1;
    }
}

static isd_status read_names(struct gsd *gsd, struct format_file *file, uint64_t location, uint64_t count, bool version_1, isd_error *err)
{
    size_t size = (size_t)(count < MAX_NAMES ? count : MAX_NAMES) * NAME_SIZE;
    char *text = malloc(size + 1);
    if (text == NULL)
        return isd_error_memory(err);
    isd_status status = read_at(gsd, file, (int64_t)location, text, size, err);
    if (status == ISD_OK)
        find_names(gsd, text, size, version_1);
    free(text);
    return status;
}

static isd_status read_header(struct gsd *gsd, struct format_file *file, isd_error *err)
{
    unsigned char p[HEADER_SIZE];
    if (gsd->size < HEADER_SIZE) {
        isd_error_set(err, ISD_DATA, "the file has %" PRId64 " bytes, the header of a GSD file takes %d", gsd->size, HEADER_SIZE);
        return format_refuse_byte(file, 0, err);
    }
    isd_status status = read_at(gsd, file, 0, p, sizeof p, err);
    if (status != ISD_OK)
        return status;
    uint64_t index = load(p + 8, 8), n_index = load(p + 16, 8), names = load(p + 24, 8), n_names = load(p + 32, 8);
    uint32_t version = (uint32_t)load(p + 44, 4) >> 16;
    if (version < 1 || version > 2 || strncmp((const char *)p + 112, "hoomd", 64) != 0) {
        isd_error_set(err, ISD_UNSUPPORTED, "GSD of version %" PRIu32 " and schema '%.20s', expected 1 or 2 and hoomd", version, (const char *)p + 112);
        format_refuse_byte(file, version < 1 || version > 2 ? 44 : 112, err);
        return ISD_UNSUPPORTED;
    }
    if (!fits(gsd, index, n_index, ENTRY_SIZE) || !fits(gsd, names, n_names, NAME_SIZE)) {
        isd_error_set(err, ISD_DATA, "the header places an index of %" PRIu64 " entries at byte %" PRIu64 " and %" PRIu64
                      " names at byte %" PRIu64 ", the file has %" PRId64 " bytes", n_index, index, n_names, names, gsd->size);
        isd_error_hint(err, "is the file cut short? copy it again");
        return format_refuse_byte(file, 8, err);
    }
    status = read_names(gsd, file, names, n_names, version == 1, err);
    return status == ISD_OK ? read_entries(gsd, file, index, n_index, err) : status;
}

/* --- chunks ---------------------------------------------------------------------------------------------------------- */

static const struct entry *find_in(const struct gsd *gsd, uint64_t frame, enum chunk_name name)
{
    const struct entry key = {.frame = frame, .name = (uint16_t)gsd->id[name]};
    if (gsd->id[name] < 0)
        return NULL;
    return bsearch(&key, gsd->entries, gsd->n_entries, sizeof key, by_frame);
}

/* What is not written in a frame is as in frame 0; NULL: nor there. */
static const struct entry *find_chunk(const struct frame *f, enum chunk_name name)
{
    const struct entry *e = find_in(f->gsd, f->number, name);
    return e != NULL ? e : find_in(f->gsd, 0, name);
}

static isd_status refuse_chunk(const struct frame *f, const struct entry *e, enum chunk_name name, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "%s of frame %" PRIu64 " is %" PRIu64 " rows of %" PRIu32 " (type %d), not what it should be", chunk_names[name], f->number,
                  e->rows, e->columns, e->type);
    return format_refuse_byte(f->file, e->location, err);
}

/* A chunk of `rows` by `columns` of one of two types, or NULL bytes where the file has none or one of another frame's
 * number of atoms (then defaults hold). To be freed. */
static isd_status load_chunk(const struct frame *f, enum chunk_name name, uint64_t rows, uint32_t columns, uint8_t type,
                             uint8_t or_type, unsigned char **ret_bytes, uint8_t *ret_type, isd_error *err)
{
    const struct entry *e = find_chunk(f, name);
    if (e == NULL || (e->frame != f->number && e->rows != rows))
        return ISD_OK;
    if (e->rows != rows || e->columns != columns || (e->type != type && e->type != or_type))
        return refuse_chunk(f, e, name, err);
    size_t size = (size_t)rows * columns * (size_t)value_size(e->type);
    unsigned char *bytes = malloc(size > 0 ? size : 1);
    isd_status status = bytes != NULL ? read_at(f->gsd, f->file, e->location, bytes, size, err) : isd_error_memory(err);
    if (status != ISD_OK) {
        free(bytes);
        return status;
    }
    *ret_bytes = bytes;
    *ret_type = e->type;
    return ISD_OK;
}

/* One whole number, *ret_value untouched where the file has none. */
static isd_status load_number(const struct frame *f, enum chunk_name name, uint8_t type, bool *ret_there, uint64_t *ret_value, isd_error *err)
{
    unsigned char *bytes = NULL;
    uint8_t is = type;
    isd_status status = load_chunk(f, name, 1, 1, type, type, &bytes, &is, err);
    if (bytes != NULL)
        *ret_value = load(bytes, value_size(is));
    if (ret_there != NULL)
        *ret_there = bytes != NULL;
    free(bytes);
    return status;
}

/* --- a frame --------------------------------------------------------------------------------------------------------- */

/* lx ly lz and tilts divided by ly, lz, lz; around 0. */
static isd_status read_box(struct frame *f, isd_error *err)
{
    unsigned char *bytes = NULL;
    uint8_t type = VALUE_FLOAT;
    double v[6] = {1, 1, 1, 0, 0, 0};
    uint64_t dimensions = 3;
    isd_status status = load_chunk(f, CHUNK_BOX, 6, 1, VALUE_FLOAT, VALUE_DOUBLE, &bytes, &type, err);
    for (int k = 0; k < 6 && bytes != NULL; k++)
        v[k] = load_real(bytes + k * value_size(type), type);
    free(bytes);
    if (status == ISD_OK)
        status = load_number(f, CHUNK_DIMENSIONS, VALUE_UINT8, NULL, &dimensions, err);
    if (status != ISD_OK)
        return status;
    f->flat = dimensions == 2;
    isd_box *box = &f->cell.box;
    *box = (isd_box){.dim = f->flat ? 2 : 3, .periodic = {true, true, true}, .lx = v[0], .ly = v[1], .lz = v[2],
                     .xy = v[3] * v[1], .xz = v[4] * v[2], .yz = v[5] * v[2]};
    box->origin[0] = -(box->lx + box->xy + box->xz) / 2;
    box->origin[1] = -(box->ly + box->yz) / 2;
    box->origin[2] = -box->lz / 2;
    return ISD_OK;
}

/* Names of the types, one row each; without names they are numbers. */
static isd_status read_types(struct frame *f, isd_error *err)
{
    const struct entry *e = find_chunk(f, CHUNK_TYPES);
    unsigned char *bytes = NULL;
    uint8_t type;
    f->n_types = ISD_MAX_TYPES;
    for (int t = 0; t < ISD_MAX_TYPES; t++)
        f->type[t] = t + 1;
    if (e == NULL)
        return ISD_OK;
    if (e->rows > ISD_MAX_TYPES || e->columns > 4096)
        return refuse_chunk(f, e, CHUNK_TYPES, err);
    isd_status status = load_chunk(f, CHUNK_TYPES, e->rows, e->columns, VALUE_INT8, VALUE_UINT8, &bytes, &type, err);
    if (status != ISD_OK || bytes == NULL)
        return status;
    f->n_types = (int)e->rows;
    for (int t = 0; t < f->n_types && status == ISD_OK; t++) {
        const char *name = (const char *)bytes + (size_t)t * e->columns;
        f->type[t] = elements_find(f->file->elements, name, strnlen(name, e->columns));
        if (f->type[t] == 0) {
            isd_error_set(err, ISD_DATA, "type name '%.*s', expected at most 15 bytes and 64 different ones in all",
                          (int)strnlen(name, 40 < e->columns ? 40 : e->columns), name);
            status = format_refuse_byte(f->file, e->location, err);
        }
    }
    memcpy(f->snapshot->element, f->file->elements->name, sizeof f->snapshot->element);
    free(bytes);
    return status;
}

static isd_status read_typeids(struct frame *f, isd_error *err)
{
    unsigned char *bytes = NULL;
    uint8_t type;
    isd_status status = load_chunk(f, CHUNK_TYPEID, (uint64_t)f->n, 1, VALUE_UINT32, VALUE_UINT32, &bytes, &type, err);
    for (int32_t i = 0; i < f->n && status == ISD_OK; i++) {
        uint64_t id = bytes != NULL ? load(bytes + 4 * (size_t)i, 4) : 0;
        if (id < (uint64_t)f->n_types) {
            f->snapshot->type[i] = f->type[id];
            continue;
        }
        isd_error_set(err, ISD_DATA, "particle %" PRId32 " of frame %" PRIu64 " has type %" PRIu64 ", there are %d", i, f->number, id, f->n_types);
        status = format_refuse_byte(f->file, find_chunk(f, CHUNK_TYPEID) != NULL ? find_chunk(f, CHUNK_TYPEID)->location : 0, err);
    }
    free(bytes);
    return status;
}

static isd_status read_positions(struct frame *f, isd_error *err)
{
    unsigned char *bytes = NULL;
    uint8_t type = VALUE_FLOAT;
    isd_status status = load_chunk(f, CHUNK_POSITION, (uint64_t)f->n, 3, VALUE_FLOAT, VALUE_DOUBLE, &bytes, &type, err);
    if (status == ISD_OK && bytes == NULL && f->n > 0) {
        isd_error_set(err, ISD_DATA, "frame %" PRIu64 " has no positions", f->number);
        return format_refuse_byte(f->file, 0, err);
    }
    for (size_t k = 0; k < 3 * (size_t)f->n && bytes != NULL; k++)
        f->snapshot->position[k] = load_real(bytes + k * (size_t)value_size(type), type);
    free(bytes);
    return status;
}

/* Images are 0 where the file has none: so says the schema. */
static isd_status read_images(struct frame *f, isd_error *err)
{
    unsigned char *bytes = NULL;
    uint8_t type;
    isd_status status = load_chunk(f, CHUNK_IMAGE, (uint64_t)f->n, 3, VALUE_INT32, VALUE_INT32, &bytes, &type, err);
    for (size_t k = 0; k < 3 * (size_t)f->n && bytes != NULL; k++)
        f->snapshot->image[k] = load_int(bytes + 4 * k);
    free(bytes);
    return status;
}

/* No more atoms than their positions would fill the file with. */
static isd_status read_count(struct frame *f, isd_error *err)
{
    uint64_t n = 0;
    isd_status status = load_number(f, CHUNK_N, VALUE_UINT32, NULL, &n, err);
    if (status == ISD_OK && n > (uint64_t)f->gsd->size / 12) {
        isd_error_set(err, ISD_DATA, "frame %" PRIu64 " claims %" PRIu64 " particles, more than the file holds", f->number, n);
        return format_refuse_byte(f->file, find_chunk(f, CHUNK_N)->location, err);
    }
    if (status == ISD_OK && n > INT32_MAX)
        return isd_error_set(err, ISD_UNSUPPORTED, "frame %" PRIu64 " has %" PRIu64 " particles, %d is the most", f->number, n, INT32_MAX);
    f->n = (int32_t)n;
    return status;
}

static isd_status read_frame(struct frame *f, isd_error *err)
{
    uint64_t step = 0;
    bool has_step = false;
    isd_status status = read_count(f, err);
    if (status == ISD_OK)
        status = format_grow(f->file, f->n, 0, true, &f->snapshot, err);
    while (status == ISD_OK && f->snapshot->n < f->n)
        status = format_grow(f->file, f->n, 0, true, &f->snapshot, err);
    if (status == ISD_OK)
        status = read_box(f, err);
    if (status == ISD_OK)
        status = read_types(f, err);
    if (status == ISD_OK)
        status = read_typeids(f, err);
    if (status == ISD_OK)
        status = read_positions(f, err);
    if (status == ISD_OK)
        status = read_images(f, err);
    if (status == ISD_OK)
        status = load_number(f, CHUNK_STEP, VALUE_UINT64, &has_step, &step, err);
    if (status != ISD_OK)
        return status;
    f->snapshot->has_step = f->gsd->id[CHUNK_STEP] >= 0 && step <= INT64_MAX;
    f->snapshot->step = f->snapshot->has_step ? (int64_t)step : 0;
    status = format_finish(f->snapshot, &f->cell.box, err);
    return status == ISD_DATA ? format_refuse_byte(f->file, 0, err) : status;
}

/* --- the format ------------------------------------------------------------------------------------------------------ */

static bool matches(const char *head, size_t length, bool all)
{
    static const unsigned char magic[] = {0xdf, 0x65, 0xdf, 0x65, 0xdf, 0x65, 0xdf, 0x65};
    (void)all;
    return length >= sizeof magic && memcmp(head, magic, sizeof magic) == 0;
}

static void close_gsd(void *state)
{
    struct gsd *gsd = state;
    if (gsd == NULL)
        return;
    free(gsd->all);
    free(gsd->entries);
    free(gsd);
}

static isd_status open_gsd(struct format_file *file, void **ret_state, isd_error *err)
{
    struct gsd *gsd = calloc(1, sizeof *gsd);
    if (gsd == NULL)
        return isd_error_memory(err);
    for (int c = 0; c < CHUNKS; c++)
        gsd->id[c] = -1;
    isd_status status = ISD_OK;
    if (source_coding(file->lines.source) != NULL)
        status = unpack(gsd, file, err);
    else
        gsd->size = source_limit(file->lines.source);
    if (status == ISD_OK && source_fault(file->lines.source) == SOURCE_FINE)
        status = read_header(gsd, file, err);
    if (status != ISD_OK) {
        close_gsd(gsd);
        return status;
    }
    *ret_state = gsd;
    return ISD_OK;
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct gsd *gsd = state;
    struct frame f = {.gsd = gsd, .file = file, .number = (uint64_t)file->frame};
    isd_error trouble = {.status = ISD_OK};
    isd_status status = ISD_OK;
    *ret_end = FRAME_NONE;
    if (f.number < gsd->n_frames) {
        status = read_frame(&f, &trouble);
        *ret_end = FRAME_WHOLE;
    }
    if (status == ISD_OK)
        *ret_snapshot = f.snapshot;
    else
        isd_snapshot_unref(f.snapshot);
    if (err != NULL)
        *err = trouble;
    return status;
}

const struct format format_gsd = {
    .key = "gsd",
    .name = "GSD",
    .binary = true,
    .by_number = true,
    .matches = matches,
    .open = open_gsd,
    .next = next_frame,
    .close = close_gsd,
};
