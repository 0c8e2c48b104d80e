/* gz members, one after the other, to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_GZ_H
#define IO_SOURCE_GZ_H

#include "io/source.h"

struct gz;

/* `raw` is borrowed and read in blocks of `chunk` bytes. */
isd_status gz_new(struct raw *raw, size_t chunk, bool keep_checksum, struct gz **ret_gz, isd_error *err);
void gz_free(struct gz *gz);
isd_status gz_read(struct gz *gz, char *buffer, size_t size, size_t *ret_length, isd_error *err);
enum source_fault gz_fault(const struct gz *gz, int64_t *ret_byte, const char **ret_text);
const struct source_range *gz_bad(const struct gz *gz, int *ret_count);
/* Deflate never expands more than this to one (zlib's technical details). */
#define GZ_EXPANSION 1032

#endif
