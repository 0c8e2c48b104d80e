/* What a store gives back: restart points of gz files and packed arrays, spoilt but with sums that are right.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "base/hash128.h"
#include "base/sha256.h"
#include "fuzz.h"
#include "io/source.h"
#include "store/pack.h"

#define PLAIN_SIZE ((size_t)3000)
#define BLOCK_SIZE ((size_t)250)
#define MOST_VALUES 64

/* A gz file of a few members, with its points as the program keeps them. */
static struct {
    unsigned char plain[PLAIN_SIZE], packed[PLAIN_SIZE];
    size_t packed_size;
    unsigned char *points;
    size_t points_size;
} file;

static void make_member(const unsigned char *data, size_t size)
{
    z_stream z = {0};
    MUST(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_out = file.packed + file.packed_size;
    z.avail_out = (unsigned)(sizeof file.packed - file.packed_size);
    for (size_t done = 0; done < size; done += BLOCK_SIZE) {
        z.next_in = (unsigned char *)(uintptr_t)(data + done);
        z.avail_in = (unsigned)BLOCK_SIZE;
        MUST(deflate(&z, done + BLOCK_SIZE < size ? Z_SYNC_FLUSH : Z_FINISH) >= Z_OK);
    }
    file.packed_size = sizeof file.packed - z.avail_out;
    deflateEnd(&z);
}

static void make_file(void)
{
    struct rng rng;
    struct source *source = NULL;
    struct source_identity identity;
    struct source_index *index = NULL;
    char buffer[4096];
    rng_init(&rng, 9);
    for (size_t k = 0; k < PLAIN_SIZE; k++)
        file.plain[k] = "0123456789. -\n"[rng_below(&rng, 14)];
    make_member(file.plain, PLAIN_SIZE / 2);
    make_member(file.plain + PLAIN_SIZE / 2, PLAIN_SIZE / 2);
    MUST(source_open_memory("mem", file.packed, file.packed_size, 512, false, &source, NULL) == ISD_OK);
    MUST(source_identify(source, &identity, NULL) == ISD_OK && source_index_new(&identity, SOURCE_GZ, &index, NULL) == ISD_OK);
    MUST(source_record(source, index, 700, NULL) == ISD_OK);
    for (size_t got = 1; got > 0;)
        MUST(source_read(source, buffer, sizeof buffer, &got, NULL) == ISD_OK);
    MUST(source_index_count(index) > 1 && source_index_pack(index, &file.points, &file.points_size, NULL) == ISD_OK);
    source_index_unref(index);
    source_close(source);
}

/* The edits: each three bytes, where and what. */
static void spoil(unsigned char *bytes, size_t size, const uint8_t *data, size_t n)
{
    for (; n >= 3 && size > 0; data += 3, n -= 3) {
        size_t at = (data[0] * 256u + data[1]) % size;
        if (data[0] % 2 == 0)
            at %= 320; /* heads and the first points */
        bytes[at % size] = data[2] < 128 ? (unsigned char)(bytes[at % size] ^ (1u << data[2] % 8)) : data[2];
    }
}

/* Reads from an offset by these points: what comes is what is there, or it ends with a fault. */
static void seek_by(const struct source_index *index, int64_t offset)
{
    struct source *source = NULL;
    isd_error err = {.status = ISD_OK};
    static char buffer[PLAIN_SIZE];
    size_t got = 1, length = 0;
    MUST(source_open_memory("mem", file.packed, file.packed_size, 4096, false, &source, NULL) == ISD_OK);
    isd_status status = source_seek(source, index, offset, &err);
    while (status == ISD_OK && got > 0 && length < sizeof buffer) {
        status = source_read(source, buffer + length, sizeof buffer - length, &got, &err);
        length += status == ISD_OK ? got : 0;
    }
    if (status != ISD_OK)
        fuzz_check_words(&err, "mem");
    else if (source_fault(source) == SOURCE_FINE && length > 0)
        MUST((size_t)offset + length <= PLAIN_SIZE && memcmp(buffer, file.plain + offset, length) == 0);
    source_close(source);
}

static void try_points(const uint8_t *data, size_t size)
{
    struct source_index *index = NULL;
    isd_error err = {.status = ISD_OK};
    struct sha256 digest;
    char sum[SHA256_TEXT];
    size_t length = size > 200 && size % 3 == 0 ? file.points_size - 64 - size % 100 : file.points_size;
    unsigned char *bytes = malloc(length);
    MUST(bytes != NULL);
    memcpy(bytes, file.points, length);
    int64_t offset = size > 1 ? (data[0] * 256 + data[1]) % (int64_t)PLAIN_SIZE : 0;
    spoil(bytes, length - 64, data + (size > 1 ? 2 : 0), size > 1 ? size - 2 : 0);
    sha256_init(&digest);
    sha256_add(&digest, bytes, length - 64);
    sha256_text(&digest, sum);
    memcpy(bytes + length - 64, sum, 64);
    if (source_index_unpack(bytes, length, &index, &err) == ISD_OK) {
        fuzz_accept();
        seek_by(index, offset);
        source_index_unref(index);
    } else {
        MUST(index == NULL);
        fuzz_check_words(&err, "");
    }
    free(bytes);
}

/* The sum of what it unpacks to, if it does. */
static void set_right(struct store_blob *blob)
{
    unsigned char planes[8 * MOST_VALUES];
    unsigned long length = sizeof planes;
    struct hash128 sum = {{0}};
    if (blob->size < 32 || uncompress(planes, &length, blob->bytes + 32, blob->size - 32) != Z_OK)
        return;
    hash128_add(&sum, planes, length);
    for (int k = 0; k < 16; k++)
        blob->bytes[16 + k] = (unsigned char)(sum.word[k / 8] >> 8 * (k % 8));
}

/* An array packed, spoilt, and its sum made right again; or spoilt without that. */
static void try_array(const uint8_t *data, size_t size, bool doubles)
{
    double reals[MOST_VALUES] = {0}, back[MOST_VALUES];
    int32_t ints[MOST_VALUES] = {0}, int_back[MOST_VALUES];
    struct store_blob blob = {NULL, 0};
    size_t n = size % MOST_VALUES;
    for (size_t k = 0; k < n; k++) {
        ints[k] = (int32_t)(data[k] * 77);
        reals[k] = data[k] / 7.0;
    }
    MUST((doubles ? store_pack_doubles(reals, n, &blob, NULL) : store_pack_int32(ints, n, &blob, NULL)) == ISD_OK);
    spoil(blob.bytes, blob.size, data + n, size - n);
    if (size % 4 > 0)
        set_right(&blob);
    isd_status status = doubles ? store_unpack_doubles(&blob, n, back, NULL) : store_unpack_int32(&blob, n, int_back, NULL);
    MUST(status == ISD_OK || status == ISD_DATA);
    if (status == ISD_OK)
        fuzz_accept();
    store_blob_done(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (file.points == NULL)
        make_file();
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0)
        try_points(data + 1, size - 1);
    else
        try_array(data + 1, size - 1, data[0] % 4 == 1);
    return 0;
}
