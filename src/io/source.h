/* Where bytes come from: a regular file or memory, plain, gz or zstd. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source_index.h"
#include "isdmin/status.h"

/* Bytes as they lie on disk. */
struct raw {
    int fd; /* -1: memory */
    const unsigned char *memory;
    int64_t size;   /* all of it, as known at the start */
    int64_t offset; /* bytes handed out */
    char *path;     /* raw bytes, for messages */
};

/* What ended the data before its time. */
enum source_fault {
    SOURCE_FINE,
    SOURCE_CUT,      /* the file ends inside a gz member or a zstd frame */
    SOURCE_DAMAGED,  /* it cannot be decoded */
    SOURCE_CHECKSUM, /* all data is there, CRC or length of a member is wrong */
    SOURCE_GARBAGE,  /* whole members, then bytes that are none; the data itself is complete */
    SOURCE_TOO_LARGE /* it asks for more than a decoder is given; it may be sound */
};

/* Decoded bytes from `from` up to `to` come from a member whose checksum is wrong. */
struct source_range {
    int64_t from, to;
};

struct source;

/* Whether compressed data is decoded on a thread of its own while the caller does something with what came out before. */
enum source_ahead {
    SOURCE_AHEAD_IF_WORTH, /* more than one processor, and much data still to come */
    SOURCE_AHEAD_NEVER,
    SOURCE_AHEAD_ALWAYS
};

struct source_options {
    size_t chunk;       /* bytes of one read, 0: default. Results never depend on it */
    bool keep_checksum; /* see source_open */
    bool only_zlib;     /* no faster engine: results are the same (for tests and benchmarks) */
    enum source_ahead ahead; /* results do not depend on it */
    size_t ahead_size;       /* decoded bytes that go from thread to thread at once, 0: default */
};

/* Opens a regular file, without blocking on anything else (FIFO, device, directory: ISD_DATA). gz and zstd are known by their first
 * bytes; zstd is ISD_UNSUPPORTED in a build without it. `chunk` is the size of one read, 0 for the default; results never depend on it. With `keep_checksum` a
 * member with a wrong checksum does not end the data but is listed in source_bad. */
isd_status source_open(const char *path, size_t chunk, bool keep_checksum, struct source **ret_source, isd_error *err);
isd_status source_open_as(const char *path, const struct source_options *options, struct source **ret_source, isd_error *err);
/* The same over bytes in memory, which must live as long; `name` is for messages. */
isd_status source_open_memory(const char *name, const void *data, size_t size, size_t chunk, bool keep_checksum,
                              struct source **ret_source, isd_error *err);
isd_status source_open_memory_as(const char *name, const void *data, size_t size, const struct source_options *options,
                                 struct source **ret_source, isd_error *err);
/* As source_open, but reading starts at a decoded offset: at once in plain data, else from the nearest point of the index
 * (which may be NULL: from the start). An index of a file that is neither the same nor grown is refused (ISD_DATA), whatever
 * the offset. Checksums are verified from there on, that of a member begun in the middle too. */
isd_status source_open_at(const char *path, size_t chunk, bool keep_checksum, const struct source_index *index,
                          int64_t offset, struct source **ret_source, isd_error *err);
void source_close(struct source *source);

/* Go on reading at another decoded offset, as source_open_at does; reading that has ended or met a fault begins afresh. The
 * index is that of this source's file, which is not checked again. Behind the end of the data there is nothing to read. What
 * has to be decoded to get there is decoded by the next source_read. */
isd_status source_seek(struct source *source, const struct source_index *index, int64_t offset, isd_error *err);
/* Decoded bytes before the next one to be read. */
int64_t source_offset(const struct source *source);
/* Bytes that came out of the decoder since opening, those decoded only to get somewhere included; 0 for plain data. */
int64_t source_inflated(const struct source *source);

/* From now on what is read beyond the last point of the index brings new ones, `spacing` decoded bytes apart (0: default, a
 * few MB). Before the first read or after source_seek. The index must be of this file, same or grown (ISD_DATA);
 * source_identify and source_index_new make one. The source keeps a reference. Plain data has no points and needs none. */
isd_status source_record(struct source *source, struct source_index *index, int64_t spacing, isd_error *err);
/* The file as it was when it was opened. */
isd_status source_identify(const struct source *source, struct source_identity *ret_identity, isd_error *err);
/* How the open file compares with what it was. */
isd_status source_compare(const struct source *source, const struct source_identity *identity, enum source_change *ret_change,
                          isd_error *err);
/* ISD_DATA in words for SOURCE_CHANGED. */
isd_status source_refuse_change(const struct source *source, isd_error *err);
enum source_kind source_kind(const struct source *source);

/* At most `size` decoded bytes (size > 0); *ret_length = 0 at the end, then source_fault tells how it ended. */
isd_status source_read(struct source *source, char *buffer, size_t size, size_t *ret_length, isd_error *err);

enum source_fault source_fault(const struct source *source);
int64_t source_fault_byte(const struct source *source);     /* offset in the file */
const char *source_fault_text(const struct source *source); /* "invalid distance too far back" */

/* Members with a wrong checksum met so far, in order: borrowed, *ret_count of them. */
const struct source_range *source_bad(const struct source *source, int *ret_count);

/* An upper bound of all decoded bytes, at present (files grow); the same however it is read. */
int64_t source_limit(struct source *source);
/* `used` of `size` bytes on disk were read. */
int64_t source_used(const struct source *source);
int64_t source_size(const struct source *source);
/* "gz", "zstd" or NULL. */
const char *source_coding(const struct source *source);
const char *source_path(const struct source *source);

/* `size` bytes from `offset` of a plain source, wherever reading stands; *ret_length is less at the end of the file. */
isd_status source_read_at(const struct source *source, int64_t offset, void *out, size_t size, size_t *ret_length,
                          isd_error *err);

/* Up to `size` bytes from disk; 0 at the end. */
isd_status raw_read(struct raw *raw, unsigned char *buffer, size_t size, size_t *ret_length, isd_error *err);
/* The next raw_read begins at this byte. */
isd_status raw_seek(struct raw *raw, int64_t offset, isd_error *err);

#endif
