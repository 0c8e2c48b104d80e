/* MurmurHash3, x64, 128 bits. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash128.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint64_t c1 = 0x87c37b91114253d5u, c2 = 0x4cf5ad432745937fu;

static uint64_t rotate(uint64_t x, int r)
{
    return x << r | x >> (64 - r);
}

static uint64_t finish(uint64_t k)
{
    k = (k ^ k >> 33) * 0xff51afd7ed558ccdu;
    k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53u;
    return k ^ k >> 33;
}

static uint64_t mix_first(uint64_t k)
{
    return rotate(k * c1, 31) * c2;
}

static uint64_t mix_second(uint64_t k)
{
    return rotate(k * c2, 33) * c1;
}

/* Words in the byte order of the machine: the published sums are those of little-endian ones. */
void hash128_add(struct hash128 *sum, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t h1 = sum->word[0], h2 = sum->word[1], k[2];
    for (size_t left = n; left >= 16; left -= 16, p += 16) {
        memcpy(k, p, 16);
        h1 = (rotate(h1 ^ mix_first(k[0]), 27) + h2) * 5 + 0x52dce729;
        h2 = (rotate(h2 ^ mix_second(k[1]), 31) + h1) * 5 + 0x38495ab5;
    }
    k[0] = k[1] = 0;
    if (n % 16)
        memcpy(k, p, n % 16);
    h1 ^= mix_first(k[0]) ^ n; /* what a short end lacks counts as 0, and 0 mixes to 0 */
    h2 ^= mix_second(k[1]) ^ n;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    sum->word[0] = h1;
    sum->word[1] = h2;
}

bool hash128_equal(const struct hash128 *a, const struct hash128 *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

void hash128_text(const struct hash128 *sum, char ret_text[HASH128_TEXT])
{
    snprintf(ret_text, HASH128_TEXT, "%016" PRIx64 "%016" PRIx64, sum->word[0], sum->word[1]);
}
