/* Headers of deflate blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/deflate_header.h"

#include <string.h>

#define LENGTH_CODES 19
#define LENGTH_BITS 7
#define MOST_LITERALS 286
#define MOST_DISTANCES 30
#define MOST_BITS 15

static void fill(struct deflate_bits *b)
{
    while (b->n <= 56 && b->in < b->end) {
        b->word |= (uint64_t)*b->in++ << b->n;
        b->n += 8;
    }
}

unsigned deflate_take(struct deflate_bits *b, int n)
{
    if (b->n < n)
        fill(b);
    if (b->n < n) {
        b->short_of = true;
        return 0;
    }
    unsigned value = (unsigned)(b->word & ((1u << n) - 1));
    b->word >>= n;
    b->n -= n;
    return value;
}

/* The code that code lengths are written in, as a table over the next seven bits: symbol << 3 | length. False unless complete. */
static bool read_length_code(struct deflate_bits *b, int n, unsigned char table[1 << LENGTH_BITS])
{
    static const unsigned char order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    unsigned char length[LENGTH_CODES] = {0};
    unsigned code = 0;
    for (int k = 0; k < n; k++)
        length[order[k]] = (unsigned char)deflate_take(b, 3);
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
static bool read_lengths(struct deflate_bits *b, const unsigned char table[1 << LENGTH_BITS], int n, unsigned char *ret_length)
{
    for (int have = 0; have < n;) {
        if (b->n < LENGTH_BITS + 7)
            fill(b);
        unsigned entry = table[b->word & ((1u << LENGTH_BITS) - 1)], symbol = entry >> 3;
        deflate_take(b, (int)(entry & 7));
        if (symbol < 16) {
            ret_length[have++] = (unsigned char)symbol;
            continue;
        }
        int repeat = symbol == 16   ? 3 + (int)deflate_take(b, 2)
                     : symbol == 17 ? 3 + (int)deflate_take(b, 3)
                                    : 11 + (int)deflate_take(b, 7);
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

static bool read_codes(struct deflate_bits *b, struct deflate_header *header)
{
    unsigned char table[1 << LENGTH_BITS], length[MOST_LITERALS + MOST_DISTANCES];
    int literals = 257 + (int)deflate_take(b, 5), distances = 1 + (int)deflate_take(b, 5), codes = 4 + (int)deflate_take(b, 4);
    if (literals > MOST_LITERALS || distances > MOST_DISTANCES || !read_length_code(b, codes, table) ||
        !read_lengths(b, table, literals + distances, length))
        return false;
    memset(header->literal, 0, sizeof header->literal);
    memset(header->distance, 0, sizeof header->distance);
    memcpy(header->literal, length, (size_t)literals);
    memcpy(header->distance, length + literals, (size_t)distances);
    const unsigned all = 1u << MOST_BITS;
    unsigned far = used_codes(header->distance, distances);
    int n_far = 0; /* a distance alone is written with one bit, half of the codes unused; none at all is right too */
    for (int k = 0; k < distances; k++)
        n_far += header->distance[k] > 0;
    return header->literal[256] > 0 && used_codes(header->literal, literals) == all &&
           (far == all || n_far == 0 || (n_far == 1 && far == all / 2));
}

static void set_fixed(struct deflate_header *header)
{
    memset(header->literal, 8, 144);
    memset(header->literal + 144, 9, 112);
    memset(header->literal + 256, 7, 24);
    memset(header->literal + 280, 8, 8);
    memset(header->distance, 5, sizeof header->distance);
}

bool deflate_read_header(struct deflate_bits *b, struct deflate_header *header)
{
    header->last = deflate_take(b, 1);
    unsigned kind = deflate_take(b, 2);
    if (kind > 2 || b->short_of)
        return false;
    header->kind = (enum deflate_kind)kind;
    if (header->kind == DEFLATE_CODED)
        return read_codes(b, header);
    if (header->kind == DEFLATE_FIXED) {
        set_fixed(header);
        return true;
    }
    deflate_take(b, b->n & 7);
    header->stored = (int)deflate_take(b, 16);
    return (unsigned)header->stored == (deflate_take(b, 16) ^ 0xffffu) && !b->short_of;
}
