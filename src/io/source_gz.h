/* gz members, one after the other, to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_GZ_H
#define IO_SOURCE_GZ_H

#include "io/inflate.h"
#include "io/source.h"

struct gz;

/* `raw` is borrowed and read in blocks of `chunk` bytes. Whatever the engine, results are the same. */
isd_status gz_new(struct raw *raw, size_t chunk, bool keep_checksum, const struct inflate_engine *engine, struct gz **ret_gz,
                  isd_error *err);
void gz_free(struct gz *gz);
isd_status gz_read(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err);
enum source_fault gz_fault(const struct gz *gz, int64_t *ret_byte, const char **ret_text);
const struct source_range *gz_bad(const struct gz *gz, int *ret_count);

/* The next byte read is the one at this decoded offset; `index` may be NULL. */
isd_status gz_seek(struct gz *gz, const struct source_index *index, int64_t offset, isd_error *err);
/* Points go to this index (a reference is kept), `spacing` > 0 decoded bytes apart. */
void gz_record(struct gz *gz, struct source_index *index, int64_t spacing);
int64_t gz_offset(const struct gz *gz);
int64_t gz_inflated(const struct gz *gz);

/* Deflate never expands more than this to one (zlib's technical details). */
#define GZ_EXPANSION 1032

#endif
