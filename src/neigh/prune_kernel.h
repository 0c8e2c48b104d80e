/* The text of a vector prune kernel: define PRUNE_NAME, SIMD_WIDTH, SIMD_TARGET. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/list.h"
#include "neigh/prune.h"
#include "neigh/simd.h"

SIMD_TARGET int32_t PRUNE_NAME(const double *r, int32_t quad, const int32_t *blocks, int32_t n, double reach_sq,
                               int32_t *ret_kept)
{
    const double *ri = r + (size_t)(quad / 2) * NEIGH_STRIDE + (quad % 2) * NEIGH_QUAD;
    int32_t kept = 0;
    for (int32_t k = 0; k < n; k++) {
        const double *rj = r + (size_t)blocks[k] * NEIGH_STRIDE;
        simd_mask near = {0};
        for (int h = 0; h < NEIGH_BLOCK; h += SIMD_WIDTH) {
            const simd_real x = SIMD_LOAD(rj + h), y = SIMD_LOAD(rj + NEIGH_BLOCK + h);
            const simd_real z = SIMD_LOAD(rj + 2 * NEIGH_BLOCK + h);
            for (int i = 0; i < NEIGH_QUAD; i++) {
                const simd_real dx = x - ri[i], dy = y - ri[i + NEIGH_BLOCK], dz = z - ri[i + 2 * NEIGH_BLOCK];
                near |= (simd_mask)(dx * dx + dy * dy + dz * dz < reach_sq);
            }
        }
        int64_t any = 0;
        for (int lane = 0; lane < SIMD_WIDTH; lane++) {
            any |= near[lane];
        }
        ret_kept[kept] = blocks[k];
        kept += any != 0;
    }
    return kept;
}
