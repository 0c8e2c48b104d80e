/* Deflate in plain C, for builds without ISA-L: about twice as fast as zlib on sound data. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What makes the difference (as in E. Biggers' libdeflate): 56 bits and more are at hand before each symbol, filled in without a branch;
 * tables that give a literal or a length with one look; matches are copied eight bytes at a time. Bytes go into a buffer of its own
 * first, which holds the window too, so that the inner loop need not ask for room. Anything doubtful is left to zlib. */
#include "io/inflate.h"

#include <stdlib.h>
#include <string.h>

#include "io/deflate_header.h"
#include "io/source_index.h"

enum {
    LITERAL_BITS = 11, DISTANCE_BITS = 8, /* looked up at once */
    LITERAL_ROOM = 2400, DISTANCE_ROOM = 420, /* with the tables behind (zlib's enough.c: 2342 and 402 entries at most) */
    CODE_BITS = 15,
    ROOM = 128 << 10,
    SLACK = 320, /* behind the room: what one turn of the inner loop may write */
    MARGIN = 16, /* bytes of input that it may read beyond what it checks */
    TAIL = 64
};

/* An entry: bits 0-5 how many bits are used up, extra ones included; 8-11 how many of them are the code, of a further table the bits it
 * is looked up by; then what it is; from 16 on the literal, the base of a length or distance, or where the further table begins. */
enum { IS_LITERAL = 1 << 12, IS_FURTHER = 1 << 13, IS_END = 1 << 14, IS_BAD = 1 << 15 };

enum stage { BETWEEN, STORED, CODES };

struct state {
    uint64_t word; /* bits taken from the input and not used */
    unsigned n;
    enum stage stage;
    bool last;      /* the block that is or was decoded */
    bool announced; /* that a block begins here */
    size_t stored;  /* bytes to come */
    size_t from, to; /* of the buffer: decoded, not given out yet */
    uint32_t literal[LITERAL_ROOM], distance[DISTANCE_ROOM];
    unsigned char buffer[SOURCE_WINDOW + ROOM + SLACK]; /* all before `to` is history */
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
    state->word = bits > 0 ? (uint64_t)(before >> (8 - bits)) : 0;
    state->n = (unsigned)bits;
    state->stage = BETWEEN;
    state->last = false;
    state->announced = true;
    state->from = state->to = length;
    if (length > 0)
        memcpy(state->buffer, window, length);
    return true;
}

/* --- tables ------------------------------------------------------------------------------------------------------------ */

static uint32_t value_entry(unsigned base, unsigned extra)
{
    return base << 16 | extra;
}

/* Without the bits of its code. */
static uint32_t literal_entry(unsigned symbol)
{
    static const unsigned short base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                          31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const unsigned char extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    if (symbol < 256)
        return symbol << 16 | IS_LITERAL;
    if (symbol == 256)
        return IS_END;
    return symbol < 286 ? value_entry(base[symbol - 257], extra[symbol - 257]) : IS_BAD;
}

static uint32_t distance_entry(unsigned symbol)
{
    if (symbol >= 30)
        return IS_BAD;
    unsigned extra = symbol < 4 ? 0 : symbol / 2 - 1;
    return symbol < 4 ? value_entry(symbol + 1, 0) : value_entry(((2 + symbol % 2) << extra) + 1, extra);
}

static unsigned reverse(unsigned code, unsigned length)
{
    unsigned reversed = 0;
    for (unsigned k = 0; k < length; k++)
        reversed |= (code >> k & 1) << (length - 1 - k);
    return reversed;
}

/* The bits of a table for all codes that begin alike: from this length on, with so many codes of each length still to come. */
static unsigned further_bits(const unsigned *count, unsigned length, unsigned bits)
{
    unsigned more = length - bits, used = count[length];
    while (used < 1u << more && bits + more < CODE_BITS) {
        more++;
        used = (used << 1) + count[bits + more];
    }
    return more;
}

/* Canonical codes of these lengths, first looked up by `bits` bits. False: there is no room, which cannot be. */
static bool build(const unsigned char *length, unsigned n, uint32_t (*entry)(unsigned symbol), unsigned bits, uint32_t *table, unsigned room)
{
    unsigned count[CODE_BITS + 1] = {0}, first[CODE_BITS + 2] = {0}, used = 1u << bits, start = 0, more = 0, prefix = ~0u, code = 0;
    unsigned short sorted[DEFLATE_LITERALS];
    for (unsigned k = 0; k < n; k++)
        count[length[k]]++;
    for (unsigned l = 1; l <= CODE_BITS; l++)
        first[l + 1] = first[l] + count[l];
    const unsigned total = first[CODE_BITS + 1];
    for (unsigned k = 0; k < n; k++)
        if (length[k] > 0)
            sorted[first[length[k]]++] = (unsigned short)k;
    for (unsigned k = 0; k < used; k++)
        table[k] = IS_BAD | 1; /* codes that mean nothing */
    for (unsigned k = 0, l = 0; k < total; k++, code++) {
        const unsigned symbol = sorted[k], now = length[symbol];
        code <<= now - (l > 0 ? l : now);
        l = now;
        const unsigned reversed = reverse(code, l);
        uint32_t value = entry(symbol);
        unsigned begin = reversed, end = 1u << bits, step = 1u << l, own = l;
        if (l > bits) {
            if ((reversed & ((1u << bits) - 1)) != prefix) {
                prefix = reversed & ((1u << bits) - 1);
                more = further_bits(count, l, bits);
                start = used;
                used += 1u << more;
                if (used > room)
                    return false;
                table[prefix] = start << 16 | IS_FURTHER | more << 8 | bits;
                for (unsigned q = start; q < used; q++)
                    table[q] = IS_BAD | 1;
            }
            own = l - bits;
            begin = start + (reversed >> bits);
            end = start + (1u << more);
            step = 1u << own;
        }
        value = (value & ~0x3fu) | own << 8 | (own + (value & 0x3f)); /* extra bits were where the sum goes */
        for (unsigned q = begin; q < end; q += step)
            table[q] = value;
        count[l]--;
    }
    return true;
}

/* --- blocks ------------------------------------------------------------------------------------------------------------ */

static inline uint64_t load(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* length bytes from `distance` back; up to 15 more may be written. */
static inline void copy_match(unsigned char *out, unsigned distance, unsigned length)
{
    const unsigned char *from = out - distance;
    unsigned char *const end = out + length;
    if (distance >= 8) {
        memcpy(out, from, 8);
        memcpy(out + 8, from + 8, 8); /* most are no longer; overlapping pieces of eight follow each other */
        for (out += 16, from += 16; out < end; out += 8, from += 8)
            memcpy(out, from, 8);
    } else if (distance == 1) {
        memset(out, *from, length);
    } else {
        while (out < end)
            *out++ = *from++;
    }
}

enum decoded { GOES_ON, ENDS, FAILS };

/* As far as the buffer and the input before `safe`, with MARGIN bytes behind it, reach. */
static enum decoded decode(struct state *state, const unsigned char **ret_in, const unsigned char *safe)
{
    const unsigned char *in = *ret_in;
    unsigned char *out = state->buffer + state->to, *const full = state->buffer + SOURCE_WINDOW + ROOM;
    uint64_t word = state->word;
    unsigned n = state->n;
    enum decoded how = GOES_ON;
#define FILL() (word |= load(in) << n, in += (63 - n) >> 3, n |= 56)
#define USE(entry) (word >>= (entry) & 0x3f, n -= (entry) & 0x3f)
    while (in < safe && out < full) {
        FILL();
        uint32_t entry = state->literal[word & ((1u << LITERAL_BITS) - 1)];
        for (int k = 0; k < 3 && (entry & IS_LITERAL); k++) {
            USE(entry);
            *out++ = (unsigned char)(entry >> 16);
            entry = state->literal[word & ((1u << LITERAL_BITS) - 1)];
        }
        FILL();
        if (entry & IS_FURTHER) {
            USE(entry);
            entry = state->literal[(entry >> 16) + (word & ((1u << (entry >> 8 & 15)) - 1))];
        }
        uint64_t before = word;
        USE(entry);
        if (entry & IS_LITERAL) {
            *out++ = (unsigned char)(entry >> 16);
            continue;
        }
        if (entry & (IS_END | IS_BAD)) {
            how = entry & IS_END ? ENDS : FAILS;
            break;
        }
        unsigned length = (entry >> 16) + (unsigned)((before & ((1u << (entry & 0x3f)) - 1)) >> (entry >> 8 & 15));
        entry = state->distance[word & ((1u << DISTANCE_BITS) - 1)];
        if (entry & IS_FURTHER) {
            USE(entry);
            entry = state->distance[(entry >> 16) + (word & ((1u << (entry >> 8 & 15)) - 1))];
        }
        before = word;
        USE(entry);
        unsigned distance = (entry >> 16) + (unsigned)((before & ((1u << (entry & 0x3f)) - 1)) >> (entry >> 8 & 15));
        if ((entry & IS_BAD) || distance > (size_t)(out - state->buffer)) {
            how = FAILS;
            break;
        }
        copy_match(out, distance, length);
        out += length;
    }
#undef FILL
#undef USE
    state->word = word & (((uint64_t)1 << n) - 1);
    state->n = n;
    state->to = (size_t)(out - state->buffer);
    *ret_in = in;
    return how;
}

/* Input that was taken in whole bytes too early goes back. */
static void hand_back(struct state *state, struct inflate_io *io)
{
    const unsigned bytes = state->n / 8;
    io->in -= bytes;
    io->in_length += bytes;
    state->n -= 8 * bytes;
    state->word &= ((uint64_t)1 << state->n) - 1;
}

static void move_on(struct inflate_io *io, const unsigned char *in)
{
    io->in_length -= (size_t)(in - io->in);
    io->in = in;
}

/* The last bytes of the input, with zeros behind them that must not be used. */
static enum decoded decode_tail(struct state *state, struct inflate_io *io)
{
    unsigned char tail[TAIL + 2 * MARGIN] = {0};
    const unsigned char *in = tail;
    const size_t there = io->in_length;
    memcpy(tail, io->in, there);
    enum decoded how = decode(state, &in, tail + there + MARGIN);
    const size_t used = (size_t)(in - tail) - state->n / 8;
    state->n %= 8;
    state->word &= ((uint64_t)1 << state->n) - 1;
    if (used > there)
        return FAILS;
    move_on(io, io->in + used);
    return how;
}

static enum decoded decode_some(struct state *state, struct inflate_io *io)
{
    if (io->in_length < TAIL)
        return io->in_ended ? decode_tail(state, io) : GOES_ON;
    const unsigned char *in = io->in;
    enum decoded how = decode(state, &in, io->in + io->in_length - MARGIN);
    move_on(io, in);
    hand_back(state, io);
    return how;
}

static enum decoded copy_stored(struct state *state, struct inflate_io *io)
{
    size_t length = SOURCE_WINDOW + ROOM - state->to;
    length = length < state->stored ? length : state->stored;
    length = length < io->in_length ? length : io->in_length;
    if (length > 0)
        memcpy(state->buffer + state->to, io->in, length);
    else if (state->stored > 0 && io->in_ended)
        return FAILS;
    state->to += length;
    state->stored -= length;
    move_on(io, io->in + length);
    return state->stored == 0 ? ENDS : GOES_ON;
}

/* The next block, unless something speaks against it. */
static bool begin_block(struct state *state, struct inflate_io *io)
{
    struct deflate_bits bits = {.word = state->word, .n = (int)state->n, .in = io->in, .end = io->in + io->in_length};
    struct deflate_header header;
    if (!deflate_read_header(&bits, &header))
        return false;
    state->word = bits.word;
    state->n = (unsigned)bits.n;
    move_on(io, bits.in);
    hand_back(state, io);
    state->last = header.last;
    state->announced = false;
    state->stage = header.kind == DEFLATE_STORED ? STORED : CODES;
    if (header.kind == DEFLATE_STORED) {
        state->stored = (size_t)header.stored;
        return true;
    }
    return build(header.literal, DEFLATE_LITERALS, literal_entry, LITERAL_BITS, state->literal, LITERAL_ROOM) &&
           build(header.distance, DEFLATE_DISTANCES, distance_entry, DISTANCE_BITS, state->distance, DISTANCE_ROOM);
}

static void give_out(struct state *state, struct inflate_io *io)
{
    size_t length = state->to - state->from;
    length = length < io->out_length ? length : io->out_length;
    if (length > 0)
        memcpy(io->out, state->buffer + state->from, length);
    io->out += length;
    io->out_length -= length;
    state->from += length;
    if (state->from == state->to && state->to >= SOURCE_WINDOW + ROOM / 2) { /* only the window is needed on */
        memmove(state->buffer, state->buffer + state->to - SOURCE_WINDOW, SOURCE_WINDOW);
        state->from = state->to = SOURCE_WINDOW;
    }
}

/* With all bytes given out and room for more: gets on, or says why not. *ret_stop is INFLATE_MORE. */
static bool get_on(struct state *state, struct inflate_io *io, bool to_block, enum inflate_stop *ret_stop)
{
    if (state->stage == BETWEEN) {
        if (state->last) {
            *ret_stop = INFLATE_END;
            return false;
        }
        if (to_block && !state->announced) {
            state->announced = true;
            *ret_stop = INFLATE_BLOCK;
            return false;
        }
        if (io->out_length == 0 || (io->in_length < INFLATE_AHEAD && !io->in_ended))
            return false;
        if (!begin_block(state, io)) {
            *ret_stop = INFLATE_UNSURE;
            return false;
        }
        return true;
    }
    if (io->out_length == 0)
        return false;
    const size_t there = io->in_length, decoded_before = state->to;
    enum decoded how = state->stage == STORED ? copy_stored(state, io) : decode_some(state, io);
    if (how == ENDS)
        state->stage = BETWEEN;
    else if (how == FAILS)
        *ret_stop = INFLATE_UNSURE;
    return how == ENDS || (how == GOES_ON && (io->in_length < there || state->to > decoded_before));
}

static isd_status run(void *arg, struct inflate_io *io, bool to_block, enum inflate_stop *ret_stop, isd_error *err)
{
    struct state *state = arg;
    (void)err;
    *ret_stop = INFLATE_MORE;
    do
        give_out(state, io);
    while (state->from == state->to && get_on(state, io, to_block, ret_stop));
    return ISD_OK;
}

static int bits(const void *arg)
{
    const struct state *state = arg;
    return (int)state->n;
}

static size_t window(const void *arg, unsigned char *ret_window)
{
    const struct state *state = arg;
    const size_t length = state->to < SOURCE_WINDOW ? state->to : SOURCE_WINDOW;
    memcpy(ret_window, state->buffer + state->to - length, length);
    return length;
}

/* Never asked for: it is zlib that says what is wrong. */
static const char *text(const void *arg)
{
    (void)arg;
    return "";
}

const struct inflate_engine inflate_plain = {
    .name = "plain",
    .spacing = (int64_t)3 << 20,
    .make = make,
    .release = release,
    .begin = begin,
    .run = run,
    .bits = bits,
    .window = window,
    .text = text,
    .crc = inflate_crc,
    .pack = inflate_pack,
};
