/* zstd frames, one after the other, to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_ZSTD_H
#define IO_SOURCE_ZSTD_H

#include "io/unpacker.h"

/* Do these four bytes begin zstd data, a skippable frame included? */
bool zst_begins(const unsigned char magic[4]);

/* `raw` is borrowed and read in blocks of `chunk` bytes. ISD_UNSUPPORTED in a build without libzstd. Points of an index are the beginnings
 * of frames. */
isd_status zst_new(struct raw *raw, size_t chunk, struct unpacker **ret_zst, isd_error *err);

#endif
