/* Deflate by Intel's ISA-L: two to three times as fast as zlib on sound data. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The library neither stops between blocks nor refuses code lengths that leave codes unused, both of which zlib does. So it is given one
 * block at a time, its header checked here and marked as the last one, which makes it stop behind it. */
#include "io/inflate.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

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

/* --- headers of blocks ------------------------------------------------------------------------------------------------- */

/* Bits, the lowest first. */
struct bits {
    uint64_t word;
    int n;
    const unsigned char *in, *end;
    bool short_of; /* more was asked for than there is */
};

static void bits_fill(struct bits *b)
{
    while (b->n <= 56 && b->in < b->end) {
        b->word |= (uint64_t)*b->in++ << b->n;
        b->n += 8;
    }
}

static unsigned bits_take(struct bits *b, int n)
{
    if (b->n < n)
        bits_fill(b);
    b->short_of |= b->n < n;
    unsigned value = (unsigned)(b->word & ((1u << n) - 1));
    b->word >>= n;
    b->n -= n;
    return value;
}

#define LENGTH_CODES 19
#define LENGTH_BITS 7
#define MOST_LITERALS 286
#define MOST_DISTANCES 30
#define MOST_BITS 15

/* The code that code lengths are written in, as a table over the next seven bits: symbol << 3 | length. False unless complete. */
static bool read_length_code(struct bits *b, int n, unsigned char table[1 << LENGTH_BITS])
{
    static const unsigned char order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    unsigned char length[LENGTH_CODES] = {0};
    unsigned code = 0;
    for (int k = 0; k < n; k++)
        length[order[k]] = (unsigned char)bits_take(b, 3);
    for (unsigned l = 1; l <= LENGTH_BITS; l++) {
        for (unsigned symbol = 0; symbol < LENGTH_CODES; symbol++) {
            if (length[symbol] != l)
                continue;
            if (code >= 1u << LENGTH_BITS) /* more codes than there are */
                return false;
            unsigned reversed = 0;
            for (unsigned k = 0; k < LENGTH_BITS; k++)
                reversed |= (code >> k & 1) << (LENGTH_BITS - 1 - k);
            for (unsigned k = reversed; k < 1u << LENGTH_BITS; k += 1u << l)
                table[k] = (unsigned char)(symbol << 3 | l);
            code += 1u << (LENGTH_BITS - l);
        }
    }
    return code == 1u << LENGTH_BITS;
}

/* n code lengths; false if they are not sound. */
static bool read_lengths(struct bits *b, const unsigned char table[1 << LENGTH_BITS], int n, unsigned char *ret_length)
{
    for (int have = 0; have < n;) {
        if (b->n < LENGTH_BITS + 7)
            bits_fill(b);
        unsigned entry = table[b->word & ((1u << LENGTH_BITS) - 1)], symbol = entry >> 3;
        bits_take(b, (int)(entry & 7));
        if (symbol < 16) {
            ret_length[have++] = (unsigned char)symbol;
            continue;
        }
        int repeat = symbol == 16   ? 3 + (int)bits_take(b, 2)
                     : symbol == 17 ? 3 + (int)bits_take(b, 3)
                                    : 11 + (int)bits_take(b, 7);
        if (b->short_of || have + repeat > n || (symbol == 16 && have == 0))
            return false;
        memset(ret_length + have, symbol == 16 ? ret_length[have - 1] : 0, (size_t)repeat);
        have += repeat;
    }
    return !b->short_of;
}

/* The share of all codes that these lengths use, in units of 2^-MOST_BITS. */
static unsigned used_codes(const unsigned char *length, int n)
{
    unsigned used = 0;
    for (int k = 0; k < n; k++)
        used += (1u << MOST_BITS >> length[k]) & (length[k] > 0 ? ~0u : 0u);
    return used;
}

/* Would zlib take this header, without a doubt? Blocks that no compressor writes need not pass. */
static bool sound_header(struct bits b)
{
    bits_take(&b, 1);
    unsigned kind = bits_take(&b, 2);
    if (kind != 2)
        return kind < 2 && !b.short_of;
    unsigned char table[1 << LENGTH_BITS], length[MOST_LITERALS + MOST_DISTANCES];
    int literals = 257 + (int)bits_take(&b, 5), distances = 1 + (int)bits_take(&b, 5), codes = 4 + (int)bits_take(&b, 4);
    if (literals > MOST_LITERALS || distances > MOST_DISTANCES || !read_length_code(&b, codes, table) ||
        !read_lengths(&b, table, literals + distances, length))
        return false;
    const unsigned all = 1u << MOST_BITS;
    unsigned far = used_codes(length + literals, distances);
    int n_far = 0; /* a distance alone is written with one bit, half of the codes unused; none at all is right too */
    for (int k = 0; k < distances; k++)
        n_far += length[literals + k] > 0;
    return length[256] > 0 && used_codes(length, literals) == all && (far == all || n_far == 0 || (n_far == 1 && far == all / 2));
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
    const struct bits bits = {
        .word = state->s.read_in, .n = state->s.read_in_length, .in = io->in, .end = io->in + io->in_length};
    if (io->in_length == 0 || !sound_header(bits))
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
