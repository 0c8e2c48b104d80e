/* Bytes compressed on their way out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PACK_H
#define IO_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/status.h"

typedef void pack_out_fn(void *arg, const char *bytes, size_t length);

/* A compressor under way; `put` NULL: none. */
struct pack {
    void *state;
    /* Takes `length` more bytes, ends the data with `last`, and hands on what comes out. False where it cannot go on (no memory). */
    bool (*put)(void *state, const char *bytes, size_t length, bool last, pack_out_fn *out, void *arg);
    void (*free)(void *state);
};

/* One gz member, without name and time: the same bytes for the same data. */
isd_status pack_gz(struct pack *ret_pack, isd_error *err);
/* One zstd frame with a checksum. ISD_UNSUPPORTED in a build without libzstd. */
isd_status pack_zstd(struct pack *ret_pack, isd_error *err);

#endif
