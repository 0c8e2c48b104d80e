/* Keep the blocks that have an atom within reach of a quad: reference, and the choice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/prune.h"

#include <stdbool.h>
#include <stddef.h>

#include "neigh/list.h"

static bool any_near(const double *ri, const double *rj, double reach_sq)
{
    for (int i = 0; i < NEIGH_QUAD; i++) {
        for (int j = 0; j < NEIGH_BLOCK; j++) {
            const double dx = rj[j] - ri[i], dy = rj[j + NEIGH_BLOCK] - ri[i + NEIGH_BLOCK];
            const double dz = rj[j + 2 * NEIGH_BLOCK] - ri[i + 2 * NEIGH_BLOCK];
            if (dx * dx + dy * dy + dz * dz < reach_sq) {
                return true;
            }
        }
    }
    return false;
}

int32_t prune_plain(const double *r, int32_t quad, const int32_t *blocks, int32_t n, double reach_sq,
                    int32_t *ret_kept)
{
    const double *ri = r + (size_t)(quad / 2) * NEIGH_STRIDE + (quad % 2) * NEIGH_QUAD;
    int32_t kept = 0;
    for (int32_t k = 0; k < n; k++) {
        if (any_near(ri, r + (size_t)blocks[k] * NEIGH_STRIDE, reach_sq)) {
            ret_kept[kept++] = blocks[k];
        }
    }
    return kept;
}

prune_fn *prune_kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return prune_avx512;
    case ISA_AVX2:
        return prune_avx2;
#endif
    case ISA_VECTOR:
        return prune_vector;
    default:
        return prune_plain;
    }
}
