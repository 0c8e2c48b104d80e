/* The kernels of a list build. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_PRUNE_H
#define NEIGH_PRUNE_H

#include <stdint.h>

#include "neigh/isa.h"
#include "neigh/list.h"
#include "neigh/tree.h"

/* Eight boxes: lo x[8] y[8] z[8], hi x[8] y[8] z[8]. Boxes that are not there have lo = infinity, hi =
 * -infinity. */
enum { PRUNE_BOXES = 6 * NEIGH_BLOCK };

/* Eight boxes, displaced. */
struct prune_group {
    const double *boxes;
    double shift[3];
};

/* For a search: units, and a bit for each atom that has one within reach. */
struct prune_met {
    uint8_t *bits; /* [PRUNE_MET(n)] */
    int32_t *unit; /* the same */
};

/* Whole vectors are read and written: room behind the end of what takes them. */
enum { PRUNE_BEHIND = 16 };
#define PRUNE_MET(n) (2 * (size_t)(n) + PRUNE_BEHIND)
#define PRUNE_ROOM(n) (NEIGH_BLOCK * 2 * (int64_t)(n) + PRUNE_BEHIND)

enum { PRUNE_KEYS = 64 };

struct prune_kernel {
    /* Which boxes of each group come within reach of the one from lo to hi: bit k of ret_bits[group] for box k. */
    void (*near)(const struct prune_group *groups, int32_t n, const double lo[3], const double hi[3], double reach_sq,
                 uint8_t *ret_bits);
    /* The numbers of those blocks: eight to a group, from number[8 group[k]] on; bits[n] as near gives them. Returns how
     * many, ret_block has room for all and PRUNE_BEHIND. */
    int32_t (*numbers)(const int32_t *number, const int32_t *group, const uint8_t *bits, int32_t n, int32_t *ret_block);
    /* Which atoms of `block` have an atom of blocks[n] within reach. Their rows of units come one behind the other in
     * ret_entry, which has room for PRUNE_ROOM(n); ret_n: how long they are. kind: 8 times the kind, of every slot;
     * minus_sq: [kinds][8] the squared reach of each atom of `block` for each kind of the other, negative. */
    void (*rows)(const double *r, const int32_t *kind, int32_t block, const int32_t *blocks, int32_t n,
                 const double *minus_sq, const struct prune_met *met, int32_t *ret_entry, int32_t ret_n[NEIGH_BLOCK]);
    /* The largest squared displacement of blocks[n]; NaN if one is not a number. */
    double (*displaced)(const double *now, const double *then, int32_t n);
    /* Sums of x fx, y fy, z fz, x fy, x fz, y fz over blocks[n]. */
    void (*virial)(const double *r, const double *f, int32_t n, double ret_virial[6]);
    /* How many of the keys come before each of them; equal ones in their order. key[PRUNE_KEYS], aligned, finite. */
    void (*rank)(const double *key, int32_t n, int32_t ret_rank[PRUNE_KEYS]);
    /* The box of n > 0 points. */
    void (*bound)(const struct tree_point *points, int32_t n, double ret_lo[3], double ret_hi[3]);
};

extern const struct prune_kernel prune_plain, prune_vector, prune_avx2, prune_avx512;
const struct prune_kernel *prune_kernel(enum isa isa);

#endif
