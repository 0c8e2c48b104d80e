/* The kernels of a list build: reference, and the choice. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/prune.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static void near(const struct prune_group *groups, int32_t n, const double lo[3], const double hi[3], double reach_sq,
                 uint8_t *ret_bits)
{
    for (int32_t g = 0; g < n; g++) {
        unsigned bits = 0;
        for (int k = 0; k < NEIGH_BLOCK; k++) {
            double sum = 0;
            for (int q = 0; q < 3; q++) {
                const double *box = groups[g].boxes + NEIGH_BLOCK * q + k;
                const double below = box[0] - (hi[q] - groups[g].shift[q]),
                             above = (lo[q] - groups[g].shift[q]) - box[3 * NEIGH_BLOCK];
                const double gap = below > above ? below : above;
                sum += gap > 0 ? gap * gap : 0;
            }
            bits |= (unsigned)(sum < reach_sq) << k;
        }
        ret_bits[g] = (uint8_t)bits;
    }
}

static int32_t numbers(const int32_t *number, const int32_t *group, const uint8_t *bits, int32_t n, int32_t *ret_block)
{
    int32_t count = 0;
    for (int32_t k = 0; k < n; k++) {
        for (int bit = 0; bit < NEIGH_BLOCK; bit++) {
            ret_block[count] = number[NEIGH_BLOCK * (size_t)group[k] + (size_t)bit];
            count += bits[k] >> bit & 1;
        }
    }
    return count;
}

static bool any_near(const double *ri, const double *rj, const int32_t *kind, int width, const double *minus_sq)
{
    for (int j = 0; j < width; j++) {
        const double x = rj[j] - ri[0], y = rj[j + 8] - ri[8], z = rj[j + 16] - ri[16];
        if (x * x + y * y + z * z < -minus_sq[kind[j]]) {
            return true;
        }
    }
    return false;
}

static void rows(const double *r, const int32_t *kind, int32_t block, const int32_t *blocks, int32_t n,
                 const double *minus_sq, const struct prune_met *met, int32_t *ret_entry, int32_t ret_n[NEIGH_BLOCK])
{
    const int width = neigh_unit(ISA_PLAIN), units = NEIGH_BLOCK / width;
    for (int i = 0; i < NEIGH_BLOCK; i++) {
        ret_n[i] = 0;
        for (int32_t k = 0; k < n * units; k++) {
            const int32_t unit = blocks[k / units] * units + k % units;
            if (any_near(r + neigh_at(NEIGH_BLOCK * block + i), r + neigh_at(width * unit), kind + width * unit, width,
                         minus_sq + i)) {
                ret_entry[ret_n[i]++] = unit;
            }
        }
        ret_entry += ret_n[i];
    }
}

static double displaced(const double *now, const double *then, int32_t n)
{
    double largest = 0, nothing = 0;
    for (int32_t block = 0; block < n; block++, now += NEIGH_STRIDE, then += NEIGH_STRIDE) {
        for (int k = 0; k < NEIGH_BLOCK; k++) {
            const double x = now[k] - then[k], y = now[8 + k] - then[8 + k], z = now[16 + k] - then[16 + k];
            const double square = x * x + y * y + z * z;
            largest = square > largest ? square : largest;
            nothing += 0 * square;
        }
    }
    return largest + nothing;
}

static void virial(const double *r, const double *f, int32_t n, double ret_virial[6])
{
    double sum[6] = {0};
    for (int32_t block = 0; block < n; block++, r += NEIGH_STRIDE, f += NEIGH_STRIDE) {
        for (int k = 0; k < NEIGH_BLOCK; k++) {
            sum[0] += r[k] * f[k];
            sum[1] += r[8 + k] * f[8 + k];
            sum[2] += r[16 + k] * f[16 + k];
            sum[3] += r[k] * f[8 + k];
            sum[4] += r[k] * f[16 + k];
            sum[5] += r[8 + k] * f[16 + k];
        }
    }
    memcpy(ret_virial, sum, sizeof sum);
}

static void rank(const double *key, int32_t n, int32_t ret_rank[PRUNE_KEYS])
{
    for (int32_t k = 0; k < n; k++) {
        ret_rank[k] = 0;
        for (int32_t j = 0; j < n; j++) {
            ret_rank[k] += key[j] < key[k] || (key[j] == key[k] && j < k);
        }
    }
}

static void bound(const struct tree_point *points, int32_t n, double ret_lo[3], double ret_hi[3])
{
    for (int q = 0; q < 3; q++) {
        ret_lo[q] = ret_hi[q] = points[0].r[q];
    }
    for (int32_t k = 1; k < n; k++) {
        for (int q = 0; q < 3; q++) {
            const double x = points[k].r[q];
            ret_lo[q] = x < ret_lo[q] ? x : ret_lo[q];
            ret_hi[q] = x > ret_hi[q] ? x : ret_hi[q];
        }
    }
}

const struct prune_kernel prune_plain = {near, numbers, rows, displaced, virial, rank, bound};

const struct prune_kernel *prune_kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return &prune_avx512;
    case ISA_AVX2:
        return &prune_avx2;
#endif
    case ISA_VECTOR:
        return &prune_vector;
    default:
        return &prune_plain;
    }
}
