/* Deflate by zlib: the engine that judges, and windows packed for keeping. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/inflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct state {
    z_stream z;
    const char *text;
};

static unsigned small(size_t n)
{
    return n < INT_MAX ? (unsigned)n : INT_MAX;
}

static void *make(void)
{
    struct state *state = calloc(1, sizeof *state);
    if (state != NULL && inflateInit2(&state->z, -15) != Z_OK) {
        free(state);
        state = NULL;
    }
    return state;
}

static void release(void *arg)
{
    struct state *state = arg;
    if (state == NULL)
        return;
    inflateEnd(&state->z);
    free(state);
}

static bool begin(void *arg, int bits, unsigned char before, const unsigned char *window, size_t length)
{
    struct state *state = arg;
    inflateReset(&state->z);
    state->z.next_in = NULL;
    state->z.avail_in = 0;
    if (bits > 0)
        inflatePrime(&state->z, bits, before >> (8 - bits));
    return length == 0 || inflateSetDictionary(&state->z, window, (unsigned)length) == Z_OK;
}

/* One inflate() call over io. */
static int step(z_stream *z, struct inflate_io *io, int flush)
{
    z->next_in = (unsigned char *)(uintptr_t)io->in; /* zlib's interface knows no const */
    z->avail_in = small(io->in_length);
    z->next_out = io->out;
    z->avail_out = small(io->out_length);
    unsigned in = z->avail_in, out = z->avail_out;
    int code = inflate(z, flush);
    io->in += in - z->avail_in;
    io->in_length -= in - z->avail_in;
    io->out += out - z->avail_out;
    io->out_length -= out - z->avail_out;
    return code;
}

/* 128: before a block (or behind the header of a member); 64: after the last one. */
static bool before_block(const z_stream *z)
{
    return (z->data_type & 128) && !(z->data_type & 64);
}

static isd_status run(void *arg, struct inflate_io *io, bool to_block, enum inflate_stop *ret_stop, isd_error *err)
{
    struct state *state = arg;
    int code = step(&state->z, io, to_block ? Z_BLOCK : Z_NO_FLUSH);
    switch (code) {
    case Z_OK:
    case Z_BUF_ERROR: /* no progress */
        *ret_stop = to_block && before_block(&state->z) ? INFLATE_BLOCK : INFLATE_MORE;
        return ISD_OK;
    case Z_STREAM_END:
        *ret_stop = INFLATE_END;
        return ISD_OK;
    case Z_MEM_ERROR:
        return isd_error_memory(err);
    default:
        state->text = state->z.msg != NULL ? state->z.msg : "inflate fails";
        *ret_stop = INFLATE_BAD;
        return ISD_OK;
    }
}

static int bits(const void *arg)
{
    const struct state *state = arg;
    return state->z.data_type & 7;
}

static size_t window(const void *arg, unsigned char *ret_window)
{
    const struct state *state = arg;
    unsigned length = 0;
    inflateGetDictionary((z_stream *)(uintptr_t)&state->z, ret_window, &length);
    return length;
}

static const char *text(const void *arg)
{
    const struct state *state = arg;
    return state->text;
}

static uint32_t crc(uint32_t sum, const unsigned char *bytes, size_t length)
{
    return (uint32_t)crc32_z(sum, bytes, length);
}

static size_t pack(const unsigned char *bytes, size_t length, unsigned char *out, size_t room)
{
    uLongf packed = room;
    return compress2(out, &packed, bytes, length, 1) == Z_OK ? packed : 0;
}

bool inflate_unpack(const unsigned char *packed, size_t packed_length, unsigned char *out, size_t length)
{
    uLongf given = length;
    return uncompress(out, &given, packed, packed_length) == Z_OK && given == length;
}

const struct inflate_engine inflate_zlib = {
    .name = "zlib",
    .spacing = (int64_t)2 << 20,
    .make = make,
    .release = release,
    .begin = begin,
    .run = run,
    .bits = bits,
    .window = window,
    .text = text,
    .crc = crc,
    .pack = pack,
};

/* --- headers of members ------------------------------------------------------------------------------------------------ */

struct inflate_header {
    struct state state;
};

struct inflate_header *inflate_header_new(void)
{
    struct inflate_header *header = calloc(1, sizeof *header);
    if (header != NULL && inflateInit2(&header->state.z, 15 + 16) != Z_OK) {
        free(header);
        header = NULL;
    }
    return header;
}

void inflate_header_free(struct inflate_header *header)
{
    release(header); /* its state comes first */
}

void inflate_header_reset(struct inflate_header *header)
{
    inflateReset(&header->state.z);
}

isd_status inflate_header_run(struct inflate_header *header, struct inflate_io *io, enum inflate_stop *ret_stop, isd_error *err)
{
    unsigned char nothing;
    io->out = &nothing;
    io->out_length = 0;
    return run(&header->state, io, true, ret_stop, err);
}

const char *inflate_header_text(const struct inflate_header *header)
{
    return header->state.text;
}
