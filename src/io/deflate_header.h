/* Headers of deflate blocks (RFC 1951), read with more suspicion than a decoder needs. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DEFLATE_HEADER_H
#define IO_DEFLATE_HEADER_H

#include <stdbool.h>
#include <stdint.h>

/* Bits, the lowest first: those of `word`, then those of in ... end. */
struct deflate_bits {
    uint64_t word;
    int n;
    const unsigned char *in, *end;
    bool short_of; /* more was asked for than there is */
};

/* The next n bits, 0 ... 16. */
unsigned deflate_take(struct deflate_bits *bits, int n);

enum deflate_kind { DEFLATE_STORED, DEFLATE_FIXED, DEFLATE_CODED };
enum { DEFLATE_LITERALS = 288, DEFLATE_DISTANCES = 32 }; /* symbols there can be; 286 and 30 of them mean something */

struct deflate_header {
    bool last;
    enum deflate_kind kind;
    int stored; /* bytes, which follow from a whole byte on */
    unsigned char literal[DEFLATE_LITERALS], distance[DEFLATE_DISTANCES]; /* bits of each code, 0: none; not of stored bytes */
};

/* Would zlib take this header, without a doubt? If so `bits` is behind it. Blocks that no compressor writes need not pass. */
bool deflate_read_header(struct deflate_bits *bits, struct deflate_header *ret_header);

#endif
