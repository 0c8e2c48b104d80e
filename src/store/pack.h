/* Arrays as compressed blobs that prove themselves. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 32 bytes of head: "isd1", size of an element (4 or 8), three zeros, number of elements and 128-bit sum of what
 * follows (hash128.h), all 64-bit words little-endian. Then, as a zlib stream, the lowest bytes of all elements, then all second
 * bytes and so on up to those of the exponents, which shrink whatever the mantissas do. Lossless. */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "isdmin/status.h"

struct store_blob {
    unsigned char *bytes; /* owned; NULL: none */
    size_t size;
};

/* *ret_blob is freed with store_blob_done. Any thread. */
isd_status store_pack_doubles(const double *values, size_t n, struct store_blob *ret_blob, isd_error *err);
isd_status store_pack_int32(const int32_t *values, size_t n, struct store_blob *ret_blob, isd_error *err);
/* Into values[n]; ISD_DATA where the blob is not n such elements or does not prove itself (values are then undefined). */
isd_status store_unpack_doubles(const struct store_blob *blob, size_t n, double *values, isd_error *err);
isd_status store_unpack_int32(const struct store_blob *blob, size_t n, int32_t *values, isd_error *err);
void store_blob_done(struct store_blob *blob);

#endif
