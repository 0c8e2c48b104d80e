/* What a store gives back: restart points of gz files, what is known of large files, packed arrays; spoilt but with sums that are right.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "base/hash128.h"
#include "fuzz_file.h"
#include "io/frame_set.h"
#include "io/source.h"
#include "store/pack.h"

#define PLAIN_SIZE ((size_t)3000)
#define BLOCK_SIZE ((size_t)250)
#define MOST_VALUES 64
#define SUM 4 /* bytes at the end of restart points: their CRC */

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
    size_t length = size > 200 && size % 3 == 0 ? file.points_size - SUM - size % 100 : file.points_size;
    unsigned char *bytes = malloc(length);
    MUST(bytes != NULL);
    memcpy(bytes, file.points, length);
    int64_t offset = size > 1 ? (data[0] * 256 + data[1]) % (int64_t)PLAIN_SIZE : 0;
    spoil(bytes, length - SUM, data + (size > 1 ? 2 : 0), size > 1 ? size - 2 : 0);
    unsigned long sum = crc32(0, bytes, (unsigned)(length - SUM));
    for (int k = 0; k < SUM; k++)
        bytes[length - SUM + (size_t)k] = (unsigned char)(sum >> 8 * k);
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

/* A large gz file whose first frame is read, and what is known of it. */
static struct {
    struct frame_set *set;
    struct frame_set_known known;
} large;

static struct frame_set *begin_large(const char *path)
{
    struct frame_set *set = NULL;
    const struct frame_set_portion one = {.frames = 1};
    bool done = false;
    MUST(frame_set_begin(&path, 1, NULL, &set, NULL) == ISD_OK);
    MUST(frame_set_read(set, &one, NULL, NULL, NULL, &done, NULL) == ISD_OK && !done);
    return set;
}

static void make_large(void)
{
    enum { FRAMES = 4, ATOMS = 30000 };
    size_t most = (size_t)FRAMES * ATOMS * 60, used = 0;
    char *text = malloc(most);
    unsigned char *packed = malloc(most + 4096);
    z_stream z = {0};
    struct frame_set *set = NULL;
    MUST(text != NULL && packed != NULL);
    for (int f = 0; f < FRAMES; f++) {
        used += (size_t)sprintf(text + used, "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
                                             "ITEM: ATOMS id type x y z\n", f, ATOMS);
        for (int i = 0; i < ATOMS; i++)
            used += (size_t)sprintf(text + used, "%6d 1 8.12345678 %d.25 %d.50000000000000\n", i + 1, (i + f) % 9, i % 9);
    }
    MUST(deflateInit2(&z, 0, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK); /* only stored: it shall be large */
    z.next_in = (unsigned char *)text;
    z.avail_in = (unsigned)used;
    z.next_out = packed;
    z.avail_out = (unsigned)(most + 4096);
    MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
    const char *path = fuzz_file(packed, most + 4096 - z.avail_out);
    deflateEnd(&z);
    MUST(frame_set_open(&path, 1, NULL, NULL, NULL, NULL, &set, NULL) == ISD_OK);
    MUST(frame_set_known(set, 0, &large.known, NULL) == ISD_OK && large.known.bytes != NULL);
    frame_set_free(set);
    large.set = begin_large(path);
    free(text);
    free(packed);
}

static void try_known(const uint8_t *data, size_t size)
{
    struct answer *answer = NULL;
    struct hash128 sum = {{0}};
    size_t length = size > 200 && size % 3 == 0 ? large.known.length - size % 100 : large.known.length;
    unsigned char *bytes = malloc(length);
    MUST(bytes != NULL);
    memcpy(bytes, large.known.bytes, length);
    spoil(bytes, length - 16, data, size);
    hash128_add(&sum, bytes, length - 16);
    for (int k = 0; k < 16; k++)
        bytes[length - 16 + (size_t)k] = (unsigned char)(sum.word[k / 8] >> 8 * (k % 8));
    if (set_check_known(large.set, large.set->files[0], bytes, length, &answer))
        fuzz_accept();
    else
        MUST(answer == NULL);
    set_answer_free(answer);
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
    if (file.points == NULL) {
        make_file();
        make_large();
    }
    if (size == 0)
        return 0;
    if (data[0] % 8 == 2)
        try_known(data + 1, size - 1);
    else if (data[0] % 2 == 0)
        try_points(data + 1, size - 1);
    else
        try_array(data + 1, size - 1, data[0] % 4 == 1);
    return 0;
}
