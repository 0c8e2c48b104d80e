/* Keep the blocks that have an atom within reach of a quad. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_PRUNE_H
#define NEIGH_PRUNE_H

#include <stdint.h>

#include "neigh/isa.h"

/* r: blocks x[8] y[8] z[8]; quad: the four atoms; blocks[n] may be the same array as ret_kept. Returns how
 * many are kept. */
typedef int32_t prune_fn(const double *r, int32_t quad, const int32_t *blocks, int32_t n, double reach_sq,
                         int32_t *ret_kept);

prune_fn prune_plain, prune_vector, prune_avx2, prune_avx512;
prune_fn *prune_kernel(enum isa isa);

#endif
