/* gz members out of fuzz bytes, sound, padded, cut, flipped or any bytes at all, against zlib's own inflate.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "io/source.h"

#define PACKED_SIZE 16384
#define PLAIN_SIZE ((size_t)1 << 20)
#define MOST_ASKED 40000 /* more than a window */

struct decoded {
    isd_status status;
    enum source_fault fault;
    int64_t fault_byte;
    size_t length;
};

/* The first PLAIN_SIZE bytes; a fault behind them does not count. */
static void decode(const uint8_t *data, size_t size, const struct source_options *options, size_t ask, struct decoded *ret, char *plain)
{
    struct source *source = NULL;
    isd_error err = {.status = ISD_OK};
    memset(ret, 0, sizeof *ret);
    ret->status = source_open_memory_as("mem", data, size, options, &source, &err);
    for (size_t got = 1, room; ret->status == ISD_OK && got > 0 && (room = PLAIN_SIZE - ret->length) > 0;) {
        ret->status = source_read(source, plain + ret->length, ask < room ? ask : room, &got, &err);
        ret->length += ret->status == ISD_OK ? got : 0;
    }
    if (ret->status != ISD_OK)
        fuzz_check_words(&err, "mem");
    if (source != NULL)
        MUST((int64_t)ret->length <= source_limit(source));
    if (source != NULL && ret->length < PLAIN_SIZE) {
        ret->fault = source_fault(source);
        ret->fault_byte = source_fault_byte(source);
    }
    source_close(source);
}

/* What zlib makes of the first member; -1 if it is not sound. */
static long first_member(const uint8_t *data, size_t size, char *plain)
{
    static z_stream z;
    if (z.state == NULL)
        MUST(inflateInit2(&z, 15 + 16) == Z_OK);
    else
        inflateReset(&z);
    z.next_in = (uint8_t *)(uintptr_t)data;
    z.avail_in = (unsigned)size;
    z.next_out = (uint8_t *)plain;
    z.avail_out = PLAIN_SIZE;
    if (inflate(&z, Z_FINISH) != Z_STREAM_END || z.avail_in > 0)
        return -1;
    return (long)(PLAIN_SIZE - z.avail_out);
}

/* A member of `size` bytes, each `repeat` times over. */
static size_t pack(const uint8_t *data, size_t size, int repeat, int level, uint8_t *out, size_t room)
{
    static z_stream stream[3];
    z_stream *z = &stream[level];
    if (z->state == NULL)
        MUST(deflateInit2(z, level == 2 ? 9 : level, Z_DEFLATED, 9 + 16, 1, level == 1 ? Z_FIXED : Z_DEFAULT_STRATEGY) == Z_OK);
    else
        deflateReset(z);
    z->next_out = out;
    z->avail_out = (unsigned)room;
    int state = Z_OK;
    for (int k = 0; k < repeat && state == Z_OK; k++) {
        z->next_in = (uint8_t *)(uintptr_t)data;
        z->avail_in = (unsigned)size;
        state = deflate(z, k + 1 < repeat ? Z_NO_FLUSH : Z_FINISH);
    }
    return state == Z_STREAM_END ? room - z->avail_out : 0;
}

/* The first bytes say what is made of the rest. */
static size_t make(const uint8_t *data, size_t size, uint8_t *out)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 8, 0};
    if (size < 4 || size > 2048) {
        memcpy(out, data, size < PACKED_SIZE ? size : PACKED_SIZE);
        return size < PACKED_SIZE ? size : PACKED_SIZE;
    }
    unsigned members = 1 + data[0] % 3, level = data[0] / 4 % 3, tail = data[0] / 16, edit = data[1], at = data[2];
    int repeat = data[3] == 255 && at % 8 == 0 ? 200 : 1 + data[3] % 3;
    size_t used = 0;
    data += 4;
    size -= 4;
    if (edit == 255) { /* a member's head and whatever follows */
        memcpy(out, magic, sizeof magic);
        memcpy(out + sizeof magic, data, size);
        return sizeof magic + size;
    }
    for (unsigned k = 0; k < members; k++)
        used += pack(data, size / (k + 1), repeat, (int)level, out + used, PACKED_SIZE / 4);
    if (tail == 1 || tail == 2) {
        memset(out + used, tail == 1 ? 0 : 'x', 40);
        used += 40;
    }
    if (edit >= 224 && used > 0)
        out[(at * 7 + edit) % used] ^= (uint8_t)(1u << edit % 8);
    else if (edit >= 192 && used > 0)
        used = (at * 7 + edit) % used;
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t chunks[] = {1, 7, 64, 65536}, asks[2][4] = {{8192, 1, 61, 4096}, {MOST_ASKED, 17000, 30000, 4096}};
    static uint8_t packed[PACKED_SIZE + 64];
    static char plain[3][PLAIN_SIZE];
    size_t length = make(data, size, packed), k = size % 4;
    uint8_t *exact = malloc(length > 0 ? length : 1);
    MUST(exact != NULL);
    memcpy(exact, packed, length);
    struct decoded whole, parts;
    decode(exact, length, &(struct source_options){.chunk = 65536}, 8192, &whole, plain[0]);
    bool much = whole.length > 4096; /* small pieces of it would take most of the time */
    decode(exact, length, &(struct source_options){.chunk = chunks[k], .only_zlib = size / 4 % 4 > 0}, asks[much][k], &parts, plain[1]);
    /* the other engine, in other pieces */
    MUST(memcmp(&whole, &parts, sizeof whole) == 0 && memcmp(plain[0], plain[1], whole.length) == 0);
    long first = length > 2 && exact[0] == 0x1f && exact[1] == 0x8b ? first_member(exact, length, plain[2]) : -1;
    if (first >= 0 && (size_t)first < PLAIN_SIZE)
        MUST(whole.status == ISD_OK && whole.fault == SOURCE_FINE && whole.length == (size_t)first && memcmp(plain[0], plain[2], whole.length) == 0);
    if (whole.status == ISD_OK && whole.fault == SOURCE_FINE && whole.length > 0)
        fuzz_accept();
    free(exact);
    return 0;
}
