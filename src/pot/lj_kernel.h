/* The text of a vector Lennard-Jones kernel: define LJ_NAME, SIMD_WIDTH, SIMD_TARGET. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/simd.h"
#include "pot/lj.h"

/* Which atoms of its own block an atom meets: those behind it. */
static const int64_t behind[NEIGH_BLOCK][NEIGH_BLOCK] __attribute__((aligned(64))) = {
    {0, -1, -1, -1, -1, -1, -1, -1}, {0, 0, -1, -1, -1, -1, -1, -1}, {0, 0, 0, -1, -1, -1, -1, -1},
    {0, 0, 0, 0, -1, -1, -1, -1},    {0, 0, 0, 0, 0, -1, -1, -1},    {0, 0, 0, 0, 0, 0, -1, -1},
    {0, 0, 0, 0, 0, 0, 0, -1},       {0, 0, 0, 0, 0, 0, 0, 0},
};

struct quad {
    const double *r;          /* x[4] at 0, y at 8, z at 16 */
    const double *row[NEIGH_QUAD];
    const int64_t (*mask)[NEIGH_BLOCK]; /* of the first atom, for its own block */
};

/* Four atoms against a block. acc: force components x[4] y[4] z[4] of the quad, and the energy. `own` is a constant. */
SIMD_TARGET static inline __attribute__((always_inline)) void meet(const struct quad *q, const double *rj, size_t block,
                                                                   double *fj, simd_real *acc, int own)
{
    for (int h = 0; h < NEIGH_BLOCK; h += SIMD_WIDTH) {
        const simd_real x = SIMD_LOAD(rj + h), y = SIMD_LOAD(rj + 8 + h), z = SIMD_LOAD(rj + 16 + h);
        simd_real gx = SIMD_LOAD(fj + h), gy = SIMD_LOAD(fj + 8 + h), gz = SIMD_LOAD(fj + 16 + h);
        _Pragma("GCC unroll 4") for (int i = 0; i < NEIGH_QUAD; i++) {
            const double *c = q->row[i] + block * (LJ_COLUMNS * NEIGH_BLOCK) + h;
            const simd_real dx = q->r[i] - x, dy = q->r[i + 8] - y, dz = q->r[i + 16] - z;
            const simd_real d = dx * dx + dy * dy + dz * dz;
            simd_mask in = (simd_mask)(d < SIMD_LOAD(c + LJ_CUTOFF * 8));
            if (own) {
                in &= *(const simd_mask *)(q->mask[i] + h);
            }
            const simd_real b = SIMD_LOAD(c + LJ_B * 8);
            const simd_real u = 1.0 / d, u3 = u * u * u, e = SIMD_LOAD(c + LJ_A * 8) * u3, t = e - b;
            acc[12] += SIMD_ONLY(in, u3 * t - SIMD_LOAD(c + LJ_SHIFT * 8));
            const simd_real s = SIMD_ONLY(in, (e + t) * (u3 * (6.0 * u)));
            const simd_real px = s * dx, py = s * dy, pz = s * dz;
            acc[i] += px;
            acc[4 + i] += py;
            acc[8 + i] += pz;
            gx -= px;
            gy -= py;
            gz -= pz;
        }
        SIMD_STORE(fj + h, gx);
        SIMD_STORE(fj + 8 + h, gy);
        SIMD_STORE(fj + 16 + h, gz);
    }
}

SIMD_TARGET double LJ_NAME(const struct neigh_list *list, const struct lj_work *work, int32_t first, int32_t last, double *f)
{
    double energy = 0;
    const size_t row_size = (size_t)list->n_block * LJ_COLUMNS * NEIGH_BLOCK;
    for (int32_t n = first; n < last; n++) {
        const size_t at = (size_t)(n / 2) * NEIGH_STRIDE + (size_t)(n % 2) * NEIGH_QUAD;
        struct quad q = {.r = list->r + at, .mask = behind + (n % 2) * NEIGH_QUAD};
        for (int i = 0; i < NEIGH_QUAD; i++) {
            q.row[i] = work->rows + (size_t)work->row[4 * n + i] * row_size;
        }
        simd_real acc[13] = {{0}};
        int64_t e = list->inner.start[n];
        const int64_t end = list->inner.start[n + 1];
        size_t block = (size_t)list->inner.block[e];
        meet(&q, list->r + block * NEIGH_STRIDE, block, f + block * NEIGH_STRIDE, acc, 1);
        for (e++; e < end; e++) {
            block = (size_t)list->inner.block[e];
            meet(&q, list->r + block * NEIGH_STRIDE, block, f + block * NEIGH_STRIDE, acc, 0);
        }
        for (int k = 0; k < 13; k++) {
            double sum = 0;
            for (int lane = 0; lane < SIMD_WIDTH; lane++) {
                sum += acc[k][lane];
            }
            if (k < 12) {
                f[at + (size_t)(k / 4 * NEIGH_BLOCK + k % 4)] += sum;
            } else {
                energy += sum;
            }
        }
    }
    return energy;
}
