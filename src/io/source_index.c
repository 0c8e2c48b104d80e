/* Points in segments that never move, so that readers need no lock. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As bytes, all numbers little endian: "isdmin index\n" and three zeros, version, kind, count (4 bytes each), size and time of
 * the file (8 each), sums of its ends (4 each); for each point out, bit, member_from (8 each), crc, window, packed (4 each) and
 * the packed window; at the end the CRC-32 of all before (4). */
#include "io/source_index.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "io/inflate.h"
#include "io/little.h"

#define SEGMENT 256   /* points */
#define SEGMENTS 4096 /* a million points: some TB of text */

static const char MAGIC[16] = "isdmin index\n";
#define VERSION 1u
#define SUM 4
#define HEAD (sizeof MAGIC + 3 * 4 + 2 * 8 + 2 * 4)
#define POINT (3 * 8 + 3 * 4)

struct source_index {
    atomic_int references;
    _Atomic int32_t n;
    _Atomic int64_t size;
    struct source_identity identity;
    enum source_kind kind;
    struct source_point *segment[SEGMENTS]; /* set before `n` says so, never after */
};

isd_status source_index_new(const struct source_identity *identity, enum source_kind kind, struct source_index **ret_index,
                            isd_error *err)
{
    struct source_index *index = calloc(1, sizeof *index);
    if (index == NULL)
        return isd_error_memory(err);
    atomic_init(&index->references, 1);
    atomic_init(&index->size, (int64_t)sizeof *index);
    index->identity = *identity;
    index->kind = kind;
    *ret_index = index;
    return ISD_OK;
}

struct source_index *source_index_ref(struct source_index *index)
{
    if (index != NULL)
        atomic_fetch_add(&index->references, 1);
    return index;
}

void source_index_unref(struct source_index *index)
{
    if (index == NULL || atomic_fetch_sub(&index->references, 1) > 1)
        return;
    for (int32_t k = 0; k < index->n; k++)
        free((void *)(uintptr_t)source_index_point(index, k)->bytes);
    for (int k = 0; k < SEGMENTS; k++)
        free(index->segment[k]);
    free(index);
}

const struct source_identity *source_index_identity(const struct source_index *index)
{
    return &index->identity;
}

enum source_kind source_index_kind(const struct source_index *index)
{
    return index->kind;
}

int32_t source_index_count(const struct source_index *index)
{
    return atomic_load_explicit(&index->n, memory_order_acquire);
}

const struct source_point *source_index_point(const struct source_index *index, int32_t k)
{
    return &index->segment[k / SEGMENT][k % SEGMENT];
}

const struct source_point *source_index_find(const struct source_index *index, int64_t out)
{
    int32_t low = 0, high = source_index_count(index); /* points below `low` are at or before, from `high` on behind */
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (source_index_point(index, middle)->out <= out)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? source_index_point(index, low - 1) : NULL;
}

int64_t source_index_size(const struct source_index *index)
{
    return atomic_load(&index->size);
}

/* Takes `bytes` over on success. */
static isd_status add_packed(struct source_index *index, const struct source_point *point, unsigned char *bytes, isd_error *err)
{
    int32_t n = index->n;
    const struct source_point *last = n > 0 ? source_index_point(index, n - 1) : NULL;
    if (last != NULL && (point->out <= last->out || point->bit <= last->bit))
        return isd_error_set(err, ISD_INTERNAL, "a restart point that is not behind the last one");
    if (index->segment[n / SEGMENT] == NULL) {
        index->segment[n / SEGMENT] = calloc(SEGMENT, sizeof *point);
        if (index->segment[n / SEGMENT] == NULL)
            return isd_error_memory(err);
        index->size += (int64_t)(SEGMENT * sizeof *point);
    }
    struct source_point *place = &index->segment[n / SEGMENT][n % SEGMENT];
    *place = *point;
    place->bytes = bytes;
    index->size += point->packed;
    atomic_store_explicit(&index->n, n + 1, memory_order_release);
    return ISD_OK;
}

isd_status source_index_add(struct source_index *index, const struct source_point *point, const unsigned char *packed,
                            isd_error *err)
{
    unsigned char *bytes = NULL;
    if (source_index_count(index) == SEGMENT * SEGMENTS) /* what follows is read from the last point */
        return ISD_OK;
    if (point->packed > 0) {
        bytes = malloc(point->packed);
        if (bytes == NULL)
            return isd_error_memory(err);
        memcpy(bytes, packed, point->packed);
    }
    isd_status status = add_packed(index, point, bytes, err);
    if (status != ISD_OK)
        free(bytes);
    return status;
}

isd_status source_index_copy(const struct source_index *index, const struct source_identity *identity,
                             struct source_index **ret_index, isd_error *err)
{
    struct source_index *copy = NULL;
    isd_status status = source_index_new(identity, index->kind, &copy, err);
    int32_t n = source_index_count(index);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        const struct source_point *point = source_index_point(index, k);
        status = source_index_add(copy, point, point->bytes, err);
    }
    if (status == ISD_OK)
        *ret_index = copy;
    else
        source_index_unref(copy);
    return status;
}

isd_status source_index_window(const struct source_point *point, unsigned char ret_window[SOURCE_WINDOW], isd_error *err)
{
    unsigned char window[SOURCE_WINDOW];
    if (point->window > SOURCE_WINDOW || !inflate_unpack(point->bytes, point->packed, window, point->window))
        return isd_error_set(err, ISD_DATA, "the restart point at byte %" PRId64 " of the text is damaged", point->out);
    memcpy(ret_window, window, point->window);
    return ISD_OK;
}

/* --- as bytes ---------------------------------------------------------------------------------------------------------- */

static uint32_t sum_of(const unsigned char *bytes, size_t length)
{
    return inflate_zlib.crc(0, bytes, length);
}

isd_status source_index_pack(const struct source_index *index, unsigned char **ret_bytes, size_t *ret_length, isd_error *err)
{
    int32_t n = source_index_count(index);
    size_t length = HEAD + SUM;
    for (int32_t k = 0; k < n; k++)
        length += POINT + source_index_point(index, k)->packed;
    unsigned char *bytes = malloc(length), *to = bytes;
    if (bytes == NULL)
        return isd_error_memory(err);
    memcpy(to, MAGIC, sizeof MAGIC);
    to = little_put(to + sizeof MAGIC, VERSION, 4);
    to = little_put(to, (uint64_t)index->kind, 4);
    to = little_put(to, (uint64_t)n, 4);
    to = little_put(to, (uint64_t)index->identity.size, 8);
    to = little_put(to, (uint64_t)index->identity.mtime_ns, 8);
    to = little_put(little_put(to, index->identity.ends[0], 4), index->identity.ends[1], 4);
    for (int32_t k = 0; k < n; k++) {
        const struct source_point *p = source_index_point(index, k);
        to = little_put(little_put(little_put(to, (uint64_t)p->out, 8), (uint64_t)p->bit, 8), (uint64_t)p->member_from, 8);
        to = little_put(little_put(little_put(to, p->crc, 4), p->window, 4), p->packed, 4);
        if (p->packed > 0)
            memcpy(to, p->bytes, p->packed);
        to += p->packed;
    }
    little_put(to, sum_of(bytes, (size_t)(to - bytes)), SUM);
    *ret_bytes = bytes;
    *ret_length = length;
    return ISD_OK;
}

static isd_status refuse(isd_error *err)
{
    return isd_error_set(err, ISD_DATA, "this is no sound index of restart points");
}

static isd_status unpack_head(const unsigned char *bytes, size_t length, struct source_index **ret_index, int32_t *ret_n,
                              isd_error *err)
{
    if (length < HEAD + SUM || memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return refuse(err);
    const unsigned char *p = bytes + sizeof MAGIC;
    if (little_get(p, 4) != VERSION)
        return isd_error_set(err, ISD_UNSUPPORTED, "an index of restart points of version %" PRIu64, little_get(p, 4));
    if (little_get(bytes + length - SUM, SUM) != sum_of(bytes, length - SUM))
        return refuse(err);
    uint64_t kind = little_get(p + 4, 4), n = little_get(p + 8, 4), size = little_get(p + 12, 8);
    const struct source_identity identity = {.size = (int64_t)size,
                                             .mtime_ns = (int64_t)little_get(p + 20, 8),
                                             .ends = {(uint32_t)little_get(p + 28, 4), (uint32_t)little_get(p + 32, 4)}};
    if (kind > SOURCE_ZSTD || n > SEGMENT * SEGMENTS || n > length / POINT || size > INT64_MAX / 8)
        return refuse(err);
    *ret_n = (int32_t)n;
    return source_index_new(&identity, (enum source_kind)kind, ret_index, err);
}

/* Offsets a file of this size can have; the window is judged when it is used. */
static bool plausible(const struct source_index *index, const struct source_point *p)
{
    return p->out >= 0 && p->bit >= 0 && p->bit / 8 <= INT64_MAX / 8 && p->member_from >= 0 && p->member_from <= p->out &&
           p->window <= SOURCE_WINDOW && p->window <= (uint64_t)(p->out - p->member_from) && p->packed <= SOURCE_PACKED &&
           (p->packed > 0) == (p->window > 0) && (index->kind == SOURCE_GZ || p->window == 0) && index->kind != SOURCE_PLAIN;
}

static isd_status unpack_point(struct source_index *index, const unsigned char **from, size_t *left, isd_error *err)
{
    const unsigned char *p = *from;
    if (*left < POINT)
        return refuse(err);
    struct source_point point = {.out = (int64_t)little_get(p, 8),
                                 .bit = (int64_t)little_get(p + 8, 8),
                                 .member_from = (int64_t)little_get(p + 16, 8),
                                 .crc = (uint32_t)little_get(p + 24, 4),
                                 .window = (uint32_t)little_get(p + 28, 4),
                                 .packed = (uint32_t)little_get(p + 32, 4)};
    int32_t n = index->n;
    const struct source_point *last = n > 0 ? source_index_point(index, n - 1) : NULL;
    if (!plausible(index, &point) || point.packed > *left - POINT ||
        (last != NULL && (point.out <= last->out || point.bit <= last->bit)))
        return refuse(err);
    isd_status status = source_index_add(index, &point, p + POINT, err);
    *from += POINT + point.packed;
    *left -= POINT + point.packed;
    return status;
}

isd_status source_index_unpack(const void *data, size_t length, struct source_index **ret_index, isd_error *err)
{
    const unsigned char *from = data;
    struct source_index *index = NULL;
    int32_t n = 0;
    isd_status status = unpack_head(from, length, &index, &n, err);
    if (status != ISD_OK)
        return status;
    size_t left = length - HEAD - SUM;
    from += HEAD;
    for (int32_t k = 0; k < n && status == ISD_OK; k++)
        status = unpack_point(index, &from, &left, err);
    if (status == ISD_OK && left > 0)
        status = refuse(err);
    if (status == ISD_OK)
        *ret_index = index;
    else
        source_index_unref(index);
    return status;
}
