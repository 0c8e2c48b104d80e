/* Hilbert order by radix sort. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/curve.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

enum { KEY_BITS = 16, DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* Place along the Hilbert curve of a cell of a grid of 2^KEY_BITS a side (Skilling 2004). */
static uint64_t hilbert_key(uint32_t x[3], int dim)
{
    uint32_t t;
    for (uint32_t q = 1u << (KEY_BITS - 1); q > 1; q >>= 1) {
        uint32_t p = q - 1;
        for (int i = 0; i < dim; i++) {
            /* Inverts x[0], or exchanges it with x[i], below bit q. */
            uint32_t invert = x[i] & q ? p : 0;
            t = (x[0] ^ x[i]) & p & ~invert;
            x[0] ^= t | invert;
            x[i] ^= t;
        }
    }
    for (int i = 1; i < dim; i++)
        x[i] ^= x[i - 1];
    t = 0;
    for (uint32_t q = 1u << (KEY_BITS - 1); q > 1; q >>= 1)
        if (x[dim - 1] & q)
            t ^= q - 1;
    uint64_t key = 0;
    for (int i = 0; i < dim; i++)
        x[i] ^= t;
    for (int b = KEY_BITS - 1; b >= 0; b--)
        for (int i = 0; i < dim; i++)
            key = key << 1 | (x[i] >> b & 1);
    return key;
}

struct keyed {
    uint64_t key;
    int32_t index;
};

/* Sorts by key, equal keys staying in order; `spare` as large. Returns where the sorted ones are. */
static struct keyed *sort_keys(struct keyed *keyed, struct keyed *spare, size_t n)
{
    for (int shift = 0; shift < 3 * KEY_BITS; shift += DIGIT_BITS) {
        size_t start[DIGITS + 1] = {0};
        for (size_t i = 0; i < n; i++)
            start[(keyed[i].key >> shift) % DIGITS + 1]++;
        if (start[(keyed[0].key >> shift) % DIGITS + 1] == n)
            continue;
        for (int d = 0; d < DIGITS; d++)
            start[d + 1] += start[d];
        for (size_t i = 0; i < n; i++)
            spare[start[(keyed[i].key >> shift) % DIGITS]++] = keyed[i];
        struct keyed *t = keyed;
        keyed = spare;
        spare = t;
    }
    return keyed;
}

bool curve_order(const double *x, int32_t n, int dim, int32_t *ret_order)
{
    size_t m = (size_t)n;
    struct keyed *keyed = malloc(2 * m * sizeof *keyed);
    if (!keyed)
        return false;
    double lo[3] = {INFINITY, INFINITY, INFINITY}, hi[3] = {-INFINITY, -INFINITY, -INFINITY}, extent = 0;
    for (size_t i = 0; i < m; i++)
        for (int c = 0; c < dim; c++) {
            double at = x[3 * i + (size_t)c];
            lo[c] = at < lo[c] ? at : lo[c];
            hi[c] = at > hi[c] ? at : hi[c];
        }
    for (int c = 0; c < dim; c++)
        extent = fmax(extent, hi[c] - lo[c]);
    double last = (1 << KEY_BITS) - 1, scale = extent > 0 ? last / extent : 0;
    for (size_t i = 0; i < m; i++) {
        uint32_t cell[3];
        for (int c = 0; c < dim; c++) {
            double at = (x[3 * i + (size_t)c] - lo[c]) * scale; /* no number in a space of extreme size */
            cell[c] = at > 0 ? (uint32_t)(at < last ? at : last) : 0;
        }
        keyed[i].key = hilbert_key(cell, dim);
        keyed[i].index = (int32_t)i;
    }
    const struct keyed *sorted = sort_keys(keyed, keyed + m, m);
    for (size_t i = 0; i < m; i++)
        ret_order[i] = sorted[i].index;
    free(keyed);
    return true;
}
