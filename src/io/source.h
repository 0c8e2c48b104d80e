/* Where bytes come from: a regular file or memory, plain, gz or zstd. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    SOURCE_GARBAGE   /* whole members, then bytes that are none; the data itself is complete */
};

/* Decoded bytes from `from` up to `to` come from a member whose checksum is wrong. */
struct source_range {
    int64_t from, to;
};

struct source;

/* Opens a regular file, without blocking on anything else (FIFO, device, directory: ISD_DATA). gz and zstd are known by their first
 * bytes; zstd is ISD_UNSUPPORTED in a build without it. `chunk` is the size of one read, 0 for the default; results never depend on it. With `keep_checksum` a
 * member with a wrong checksum does not end the data but is listed in source_bad. */
isd_status source_open(const char *path, size_t chunk, bool keep_checksum, struct source **ret_source, isd_error *err);
/* The same over bytes in memory, which must live as long; `name` is for messages. */
isd_status source_open_memory(const char *name, const void *data, size_t size, size_t chunk, bool keep_checksum,
                              struct source **ret_source, isd_error *err);
void source_close(struct source *source);

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

#endif
