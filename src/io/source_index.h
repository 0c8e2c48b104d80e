/* Restart points of a compressed file: decoding begins anywhere at the cost of the nearest point before.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made while a source is read (source_record), kept as bytes (source_index_pack). One thread adds points while others look
 * them up; a point never changes or goes away. */
#ifndef IO_SOURCE_INDEX_H
#define IO_SOURCE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/status.h"

/* Deflate looks back no further; packed it takes at most this. */
#define SOURCE_WINDOW ((size_t)32768)
#define SOURCE_PACKED (SOURCE_WINDOW + 1024)

/* What tells whether a file is still the one that it was. */
struct source_identity {
    int64_t size, mtime_ns;
    uint32_t ends[2]; /* CRC-32 of the first and of the last 64 KB */
};

enum source_change {
    SOURCE_SAME,  /* size, time and both ends */
    SOURCE_GROWN, /* longer, and what was there is still there as far as its ends tell */
    SOURCE_CHANGED
};

enum source_kind { SOURCE_PLAIN, SOURCE_GZ, SOURCE_ZSTD };

struct source_point {
    int64_t out;         /* decoded bytes before it */
    int64_t bit;         /* of the file, from 0: where the block (gz) or frame (zstd) begins */
    int64_t member_from; /* decoded bytes before its gz member */
    uint32_t crc;        /* of the decoded bytes of the member so far */
    uint32_t window;     /* decoded bytes before it that may be looked back to, at most SOURCE_WINDOW */
    uint32_t packed;     /* length of `bytes` */
    const unsigned char *bytes; /* the window, packed; NULL without one */
};

struct source_index;

/* Counted; free of points. `identity` and `kind` are those of the file. */
isd_status source_index_new(const struct source_identity *identity, enum source_kind kind, struct source_index **ret_index,
                            isd_error *err);
/* The same points for the file as it is now, after it has grown. */
isd_status source_index_copy(const struct source_index *index, const struct source_identity *identity,
                             struct source_index **ret_index, isd_error *err);
struct source_index *source_index_ref(struct source_index *index);
void source_index_unref(struct source_index *index);

const struct source_identity *source_index_identity(const struct source_index *index);
enum source_kind source_index_kind(const struct source_index *index);
int32_t source_index_count(const struct source_index *index);
const struct source_point *source_index_point(const struct source_index *index, int32_t k); /* 0 <= k < count */
/* The last point at or before the decoded offset, NULL if there is none. Any thread. */
const struct source_point *source_index_find(const struct source_index *index, int64_t out);
/* Bytes in memory, all of it. */
int64_t source_index_size(const struct source_index *index);

/* Adds a point behind all others (ISD_INTERNAL else) with a packed window of point->packed bytes. One thread at a time. */
isd_status source_index_add(struct source_index *index, const struct source_point *point, const unsigned char *packed,
                            isd_error *err);
/* The window of a point; ISD_DATA if it does not unpack to what the point says (an index from outside may lie). */
isd_status source_index_window(const struct source_point *point, unsigned char ret_window[SOURCE_WINDOW], isd_error *err);

/* As bytes for keeping: with a version and a checksum; *ret_bytes is the caller's to free. */
isd_status source_index_pack(const struct source_index *index, unsigned char **ret_bytes, size_t *ret_length, isd_error *err);
/* Back. Every field is checked, nothing is believed: ISD_DATA for anything that is no index, ISD_UNSUPPORTED for one of
 * another version. What a lying index can do at worst is to make the file look damaged. */
isd_status source_index_unpack(const void *bytes, size_t length, struct source_index **ret_index, isd_error *err);

#endif
