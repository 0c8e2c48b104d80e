/* Vector types of one kernel file. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A kernel file defines SIMD_WIDTH (doubles in a vector) and SIMD_TARGET (the attribute that lets the
 * compiler use the instruction set in these functions only), then includes this and the kernel's text.
 * Compiling whole files with -march instead would let inline functions of headers slip into the baseline. */
#ifndef NEIGH_SIMD_H
#define NEIGH_SIMD_H

#include <stddef.h>
#include <stdint.h>

#ifndef SIMD_WIDTH
#define SIMD_WIDTH 2
#define SIMD_TARGET
#endif

typedef double simd_real __attribute__((vector_size(SIMD_WIDTH * 8), may_alias));
typedef int64_t simd_mask __attribute__((vector_size(SIMD_WIDTH * 8), may_alias));

#define SIMD_LOAD(p) (*(const simd_real *)(p))
#define SIMD_STORE(p, v) (*(simd_real *)(p) = (v))
/* Zero where the mask is false, whatever is there: a NaN too. */
#define SIMD_ONLY(mask, v) ((simd_real)((simd_mask)(v) & (mask)))

#endif
