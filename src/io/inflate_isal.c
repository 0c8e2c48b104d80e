/* Deflate by Intel's ISA-L: two to three times as fast as zlib on sound data. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library neither stops between blocks nor refuses code lengths that leave codes unused, both of which zlib does. So it is given one
 * block at a time, its header checked here and marked as the last one, which makes it stop behind it. */
#include "io/inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "io/deflate_header.h"
#include "io/source_index.h"

struct state {
    struct inflate_state s;
    bool inside;    /* a block */
    bool last;      /* the block that is or was decoded */
    bool announced; /* that a block begins here */
    /* Decoded before the present run: the last n_history of these bytes that end at `filled`; moved down only when it is full. */
    size_t n_history, filled;
    unsigned char history[SOURCE_WINDOW + 8192];
};

static void *make(void)
{
    return malloc(sizeof(struct state)); /* begin() sets what is read */
}

static void release(void *arg)
{
    free(arg);
}

static bool begin(void *arg, int bits, unsigned char before, const unsigned char *window, size_t length)
{
    struct state *state = arg;
    isal_inflate_init(&state->s);
    state->s.read_in = bits > 0 ? (uint64_t)(before >> (8 - bits)) : 0;
    state->s.read_in_length = bits;
    state->inside = state->last = false;
    state->announced = true;
    state->n_history = state->filled = length;
    if (length > 0)
        memcpy(state->history, window, length);
    return true;
}

/* --- blocks ------------------------------------------------------------------------------------------------------------ */

/* Whole bytes that the library has taken in but not used. */
static void hand_back(struct state *state, struct inflate_io *io)
{
    int bytes = state->s.read_in_length / 8;
    io->in -= bytes;
    io->in_length += (size_t)bytes;
    state->s.read_in_length -= 8 * bytes;
    state->s.read_in &= ((uint64_t)1 << state->s.read_in_length) - 1;
}

/* `length` bytes that follow the history join it. */
static void remember(struct state *state, const unsigned char *bytes, size_t length)
{
    if (length >= SOURCE_WINDOW) {
        bytes += length - SOURCE_WINDOW;
        length = SOURCE_WINDOW;
        state->n_history = state->filled = 0;
    } else if (length > sizeof state->history - state->filled) {
        size_t kept = state->n_history < SOURCE_WINDOW - length ? state->n_history : SOURCE_WINDOW - length;
        memmove(state->history, state->history + (state->filled - kept), kept);
        state->n_history = state->filled = kept;
    }
    memcpy(state->history + state->filled, bytes, length);
    state->filled += length;
    state->n_history = state->n_history + length < SOURCE_WINDOW ? state->n_history + length : SOURCE_WINDOW;
}

/* The library before the next block, whose header is sound. */
static void start_block(struct state *state, struct inflate_io *io, const unsigned char *window, size_t length)
{
    struct inflate_state *s = &state->s;
    if (s->read_in_length == 0) {
        s->read_in = *io->in++;
        s->read_in_length = 8;
        io->in_length--;
    }
    state->last = s->read_in & 1;
    s->read_in |= 1;
    s->block_state = ISAL_BLOCK_NEW_HDR;
    s->tmp_in_size = 0;
    s->tmp_out_valid = s->tmp_out_processed = 0;
    if (length > 0)
        isal_inflate_set_dict(s, (uint8_t *)(uintptr_t)window, (uint32_t)length);
    state->inside = true;
    state->announced = false;
}

/* Decodes some of a block; false if it cannot be decoded. */
static bool decode(struct state *state, struct inflate_io *io)
{
    struct inflate_state *s = &state->s;
    const uint32_t most = 1u << 30;
    s->next_in = (uint8_t *)(uintptr_t)io->in;
    s->avail_in = io->in_length < most ? (uint32_t)io->in_length : most;
    s->next_out = io->out;
    s->avail_out = io->out_length < most ? (uint32_t)io->out_length : most;
    if (isal_inflate(s) < 0)
        return false;
    io->in_length -= (size_t)(s->next_in - io->in);
    io->in = s->next_in;
    io->out_length -= (size_t)(s->next_out - io->out);
    io->out = s->next_out;
    state->inside = s->block_state != ISAL_BLOCK_FINISH;
    return true;
}

/* The next block, unless something speaks against it. *ret_go: it was begun. */
static enum inflate_stop next_block(struct state *state, struct inflate_io *io, const unsigned char *out, bool to_block, bool *ret_go)
{
    *ret_go = false;
    hand_back(state, io);
    if (state->last)
        return INFLATE_END;
    if (to_block && !state->announced) {
        state->announced = true;
        return INFLATE_BLOCK;
    }
    if (io->in_length < INFLATE_AHEAD && !io->in_ended)
        return INFLATE_MORE;
    struct deflate_bits bits = {.word = state->s.read_in, .n = state->s.read_in_length, .in = io->in, .end = io->in + io->in_length};
    struct deflate_header header;
    if (io->in_length == 0 || !deflate_read_header(&bits, &header))
        return INFLATE_UNSURE;
    *ret_go = true;
    if ((size_t)(io->out - out) >= SOURCE_WINDOW)
        start_block(state, io, io->out - SOURCE_WINDOW, SOURCE_WINDOW);
    else
        start_block(state, io, state->history + (state->filled - state->n_history), state->n_history);
    return INFLATE_MORE;
}

static isd_status run(void *arg, struct inflate_io *io, bool to_block, enum inflate_stop *ret_stop, isd_error *err)
{
    struct state *state = arg;
    unsigned char *out = io->out; /* history ends here */
    (void)err;
    for (;;) {
        bool go = true;
        *ret_stop = INFLATE_MORE;
        if (!state->inside) {
            if ((size_t)(io->out - out) < SOURCE_WINDOW) {
                remember(state, out, (size_t)(io->out - out));
                out = io->out;
            }
            *ret_stop = next_block(state, io, out, to_block, &go);
        }
        if (go && !decode(state, io)) {
            *ret_stop = INFLATE_UNSURE;
            go = false;
        }
        if (!go || (state->inside && (io->out_length == 0 || io->in_length == 0)))
            break;
    }
    remember(state, out, (size_t)(io->out - out));
    return ISD_OK;
}

static int bits(const void *arg)
{
    const struct state *state = arg;
    return state->s.read_in_length;
}

static size_t window(const void *arg, unsigned char *ret_window)
{
    const struct state *state = arg;
    memcpy(ret_window, state->history + (state->filled - state->n_history), state->n_history);
    return state->n_history;
}

/* Never asked for: it is zlib that says what is wrong. */
static const char *text(const void *arg)
{
    (void)arg;
    return "";
}

static uint32_t crc(uint32_t sum, const unsigned char *bytes, size_t length)
{
    return crc32_gzip_refl(sum, bytes, length);
}

static size_t pack(const unsigned char *bytes, size_t length, unsigned char *out, size_t room)
{
    struct packer {
        struct isal_zstream z;
        uint8_t level[ISAL_DEF_LVL1_DEFAULT];
    } *packer = calloc(1, sizeof *packer); /* the library looks at fields that its own _init leaves out */
    if (packer == NULL)
        return 0;
    struct isal_zstream *z = &packer->z;
    isal_deflate_stateless_init(z);
    z->level = 1;
    z->level_buf = packer->level;
    z->level_buf_size = sizeof packer->level;
    z->gzip_flag = IGZIP_ZLIB;
    z->end_of_stream = 1;
    z->next_in = (uint8_t *)(uintptr_t)bytes;
    z->avail_in = (uint32_t)length;
    z->next_out = out;
    z->avail_out = (uint32_t)room;
    size_t packed = isal_deflate_stateless(z) == COMP_OK && z->avail_in == 0 ? room - z->avail_out : 0;
    free(packer);
    return packed;
}

const struct inflate_engine inflate_isal = {
    .name = "isa-l",
    .spacing = (int64_t)3 << 20,
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
