/* Arrays as compressed blobs that prove themselves. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/pack.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash128.h"

enum { HEAD = 32, LEVEL = 1 /* what shrinks at all shrinks at the lowest level */, MOST_EXPANSION = 1032 /* of deflate */ };

void store_blob_done(struct store_blob *blob)
{
    free(blob->bytes);
    *blob = (struct store_blob){0};
}

/* Byte k of every element together, the lowest first. */
static void to_planes(const void *values, size_t size, size_t n, unsigned char *planes)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t word = 0;
        if (size == 4) {
            uint32_t narrow;
            memcpy(&narrow, (const char *)values + 4 * i, 4);
            word = narrow;
        } else {
            memcpy(&word, (const char *)values + 8 * i, 8);
        }
        for (size_t k = 0; k < size; k++)
            planes[k * n + i] = (unsigned char)(word >> 8 * k);
    }
}

static void from_planes(const unsigned char *planes, size_t size, size_t n, void *values)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t word = 0;
        for (size_t k = 0; k < size; k++)
            word |= (uint64_t)planes[k * n + i] << 8 * k;
        uint32_t narrow = (uint32_t)word;
        if (size == 4)
            memcpy((char *)values + 4 * i, &narrow, 4);
        else
            memcpy((char *)values + 8 * i, &word, 8);
    }
}

static void put_word(unsigned char *at, uint64_t word)
{
    for (int k = 0; k < 8; k++)
        at[k] = (unsigned char)(word >> 8 * k);
}

/* Of the bytes as they are in the file. */
static void write_head(unsigned char head[HEAD], size_t size, size_t n, const unsigned char *planes)
{
    struct hash128 sum = {{0}};
    hash128_add(&sum, planes, n * size);
    memcpy(head, "isd1", 4);
    head[4] = (unsigned char)size;
    head[5] = head[6] = head[7] = 0;
    put_word(head + 8, n);
    put_word(head + 16, sum.word[0]);
    put_word(head + 24, sum.word[1]);
}

static isd_status pack(const void *values, size_t size, size_t n, struct store_blob *ret_blob, isd_error *err)
{
    if (n > ULONG_MAX / 32)
        return isd_error_memory(err);
    uLongf packed = compressBound((uLong)(n * size));
    unsigned char *planes = malloc(n * size + 1), *bytes = malloc(HEAD + packed);
    isd_status status = planes && bytes ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        to_planes(values, size, n, planes);
        write_head(bytes, size, n, planes);
        if (compress2(bytes + HEAD, &packed, planes, (uLong)(n * size), LEVEL) != Z_OK)
            status = isd_error_memory(err); /* the room is enough, so nothing else can fail */
    }
    free(planes);
    if (status != ISD_OK) {
        free(bytes);
        return status;
    }
    unsigned char *fitted = realloc(bytes, HEAD + packed);
    *ret_blob = (struct store_blob){fitted ? fitted : bytes, HEAD + packed};
    return ISD_OK;
}

static isd_status unpack(const struct store_blob *blob, size_t size, size_t n, void *values, isd_error *err)
{
    unsigned char head[HEAD];
    if (n > ULONG_MAX / 32)
        return isd_error_memory(err);
    if (n * size / MOST_EXPANSION > blob->size) /* nothing is allocated for what cannot be in it */
        return isd_error_set(err, ISD_DATA, "a packed array is shorter than what it is said to hold");
    unsigned char *planes = malloc(n * size + 1);
    if (!planes)
        return isd_error_memory(err);
    uLongf length = (uLongf)(n * size + 1);
    bool good = blob->size >= HEAD && uncompress(planes, &length, blob->bytes + HEAD, (uLong)(blob->size - HEAD)) == Z_OK &&
                length == n * size;
    if (good) {
        write_head(head, size, n, planes);
        good = memcmp(head, blob->bytes, HEAD) == 0;
    }
    if (good)
        from_planes(planes, size, n, values);
    free(planes);
    return good ? ISD_OK : isd_error_set(err, ISD_DATA, "a packed array does not prove itself");
}

isd_status store_pack_doubles(const double *values, size_t n, struct store_blob *ret_blob, isd_error *err)
{
    return pack(values, sizeof *values, n, ret_blob, err);
}

isd_status store_pack_int32(const int32_t *values, size_t n, struct store_blob *ret_blob, isd_error *err)
{
    return pack(values, sizeof *values, n, ret_blob, err);
}

isd_status store_unpack_doubles(const struct store_blob *blob, size_t n, double *values, isd_error *err)
{
    return unpack(blob, sizeof *values, n, values, err);
}

isd_status store_unpack_int32(const struct store_blob *blob, size_t n, int32_t *values, isd_error *err)
{
    return unpack(blob, sizeof *values, n, values, err);
}
