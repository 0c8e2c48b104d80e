/* gz members, one after the other, to bytes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SOURCE_GZ_H
#define IO_SOURCE_GZ_H

#include "io/inflate.h"
#include "io/unpacker.h"

/* `raw` is borrowed and read in blocks of `chunk` bytes. Whatever the engine, results are the same. */
isd_status gz_new(struct raw *raw, size_t chunk, bool keep_checksum, const struct inflate_engine *engine, struct unpacker **ret_gz,
                  isd_error *err);

#endif
