/* MurmurHash3 (x64, 128 bits; A. Appleby, public domain): tells contents apart fast. Not against forgery: that is sha256.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_HASH128_H
#define BASE_HASH128_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH128_TEXT = 33 }; /* 32 hexadecimal digits and the end */

struct hash128 {
    uint64_t word[2];
};

/* A sum of several pieces: start from {0}; each piece takes the sum so far as its seed, so that where one piece ends and
 * the next starts counts too. One piece alone gives the published sum with seed 0. */
void hash128_add(struct hash128 *sum, const void *bytes, size_t n);
bool hash128_equal(const struct hash128 *a, const struct hash128 *b);
void hash128_text(const struct hash128 *sum, char ret_text[HASH128_TEXT]);

#endif
