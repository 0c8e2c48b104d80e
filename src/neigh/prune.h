/* The kernels of a list build. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_PRUNE_H
#define NEIGH_PRUNE_H

#include <stdint.h>

#include "neigh/isa.h"
#include "neigh/list.h"

/* Eight boxes: lo x[8] y[8] z[8], hi x[8] y[8] z[8]. Boxes that are not there have lo = infinity, hi =
 * -infinity. */
enum { PRUNE_BOXES = 6 * NEIGH_BLOCK };

struct prune_kernel {
    /* Which of the boxes come within reach of the one from lo to hi: bit k for box k. */
    unsigned (*near)(const double *boxes, const double lo[3], const double hi[3], double reach_sq);
    /* Which atoms of `block` have an atom of blocks[n] within reach: unit u of a block goes to row[slot] for each
     * such slot. row[8]: room for all units; ret_n: how many there are. */
    void (*rows)(const double *r, int32_t block, const int32_t *blocks, int32_t n, double reach_sq,
                 int32_t *const row[NEIGH_BLOCK], int32_t ret_n[NEIGH_BLOCK]);
};

extern const struct prune_kernel prune_plain, prune_vector, prune_avx2, prune_avx512;
const struct prune_kernel *prune_kernel(enum isa isa);

#endif
