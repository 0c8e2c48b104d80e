/* Hilbert order by radix sort. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/curve.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { FINE_BITS = 16, HALF_BITS = 10, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, LANES = 16, CROWDED = 8 };

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));

/* Bits from ... to - 1 of the coordinates in turn, the highest first. */
static void interleave(const lanes x[3], int dim, int from, int to, uint32_t ret_key[LANES])
{
    lanes key = {0};
    for (int b = to - 1; b >= from; b--)
        for (int i = 0; i < dim; i++)
            key = key << 1 | (x[i] >> b & 1);
    memcpy(ret_key, &key, sizeof key);
}

/* Places along the Hilbert curve of cells of a grid of 2^bits a side (Skilling 2004), of many side by side. */
static void hilbert_keys(uint32_t cell[3][LANES], int dim, int bits, uint64_t *ret_key)
{
    lanes x[3], t = {0};
    memcpy(x, cell, sizeof x);
    for (int b = bits - 1; b > 0; b--) {
        uint32_t p = (1u << b) - 1;
        for (int i = 0; i < dim; i++) {
            /* Inverts x[0], or exchanges it with x[i], below bit b. */
            lanes invert = (0 - (x[i] >> b & 1)) & p, change = (x[0] ^ x[i]) & p & ~invert;
            x[0] ^= change | invert;
            x[i] ^= change;
        }
    }
    for (int i = 1; i < dim; i++)
        x[i] ^= x[i - 1];
    for (int b = bits - 1; b > 0; b--)
        t ^= (0 - (x[dim - 1] >> b & 1)) & ((1u << b) - 1);
    for (int i = 0; i < dim; i++)
        x[i] ^= t;
    int half = bits > HALF_BITS ? HALF_BITS : 0; /* for in 32 bits there are not more */
    uint32_t high[LANES], low[LANES] = {0};
    interleave(x, dim, half, bits, high);
    if (half > 0)
        interleave(x, dim, 0, half, low);
    for (int l = 0; l < LANES; l++)
        ret_key[l] = (uint64_t)high[l] << (half * dim) | low[l];
}

struct keyed {
    uint64_t key;
    int32_t index;
};

/* Sorts by key, equal keys staying in order; `spare` as large. Returns where the sorted ones are. */
static struct keyed *sort_keys(struct keyed *keyed, struct keyed *spare, size_t n, int key_bits)
{
    for (int shift = 0; shift < key_bits; shift += DIGIT_BITS) {
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

/* The corner and the edge of the bounding cube. */
struct cube {
    double lo[3], edge;
};

static struct cube bounding_cube(const double *x, size_t n, int dim)
{
    struct cube cube = {.edge = 0};
    for (int c = 0; c < dim; c++) {
        double lo = INFINITY, hi = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            double at = x[3 * i + (size_t)c];
            lo = at < lo ? at : lo;
            hi = at > hi ? at : hi;
        }
        cube.lo[c] = lo;
        cube.edge = hi - lo > cube.edge ? hi - lo : cube.edge;
    }
    return cube;
}

static void make_keys(const double *x, size_t n, int dim, int bits, const struct cube *cube, struct keyed *keyed)
{
    double last = (1 << bits) - 1, scale = cube->edge > 0 ? last / cube->edge : 0;
    for (size_t first = 0; first < n; first += LANES) {
        uint32_t cell[3][LANES] = {{0}};
        uint64_t key[LANES];
        size_t count = n - first < LANES ? n - first : LANES;
        for (size_t l = 0; l < count; l++)
            for (int c = 0; c < dim; c++) {
                double at = (x[3 * (first + l) + (size_t)c] - cube->lo[c]) * scale; /* no number in a space of extreme size */
                cell[c][l] = at > 0 ? (uint32_t)(at < last ? at : last) : 0;
            }
        hilbert_keys(cell, dim, bits, key);
        for (size_t l = 0; l < count; l++)
            keyed[first + l] = (struct keyed){key[l], (int32_t)(first + l)};
    }
}

/* Whether many points lie in cells with more than a few. */
static bool is_crowded(const struct keyed *sorted, size_t n)
{
    size_t many = 0;
    for (size_t i = CROWDED; i < n; i++)
        many += sorted[i].key == sorted[i - CROWDED].key;
    return many > n / 64;
}

bool curve_order(const double *x, int32_t n, int dim, int32_t *ret_order)
{
    size_t m = (size_t)n;
    struct keyed *keyed = malloc(2 * m * sizeof *keyed);
    if (!keyed)
        return false;
    struct cube cube = bounding_cube(x, m, dim);
    int bits = 2;
    while (bits < FINE_BITS && pow(2, bits * dim) < 8 * (double)m)
        bits++;
    make_keys(x, m, dim, bits, &cube, keyed);
    const struct keyed *sorted = sort_keys(keyed, keyed + m, m, bits * dim);
    if (is_crowded(sorted, m)) {
        make_keys(x, m, dim, FINE_BITS, &cube, keyed);
        sorted = sort_keys(keyed, keyed + m, m, FINE_BITS * dim);
    }
    for (size_t i = 0; i < m; i++)
        ret_order[i] = sorted[i].index;
    free(keyed);
    return true;
}
