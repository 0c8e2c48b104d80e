/* zstd frames, one after the other, to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_ZSTD_H
#define IO_SOURCE_ZSTD_H

#include "io/source.h"

struct zst;

/* Do these four bytes begin zstd data, a skippable frame included? */
bool zst_begins(const unsigned char magic[4]);

/* `raw` is borrowed and read in blocks of `chunk` bytes. ISD_UNSUPPORTED in a build without libzstd. */
isd_status zst_new(struct raw *raw, size_t chunk, struct zst **ret_zst, isd_error *err);
void zst_free(struct zst *zst);
isd_status zst_read(struct zst *zst, char *buffer, size_t size, size_t *ret_length, isd_error *err);
/* As for gz (source_gz.h); points are the beginnings of frames. */
isd_status zst_seek(struct zst *zst, const struct source_index *index, int64_t offset, isd_error *err);
void zst_record(struct zst *zst, struct source_index *index, int64_t spacing);
int64_t zst_offset(const struct zst *zst);
int64_t zst_inflated(const struct zst *zst);
enum source_fault zst_fault(const struct zst *zst, int64_t *ret_byte, const char **ret_text);

/* No more to one: a block gives at most 128 KiB and takes at least four bytes (RFC 8878, 3.1.1.2). */
#define ZST_EXPANSION 32768

#endif
