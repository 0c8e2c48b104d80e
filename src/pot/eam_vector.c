/* Kernel for embedded atoms, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define EAM_DENSITY eam_density_vector
#define EAM_FORCE eam_force_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#define SIMD_TRUNCATE(v, out)                                                                                \
    ((out)[0] = (int64_t)(v)[0], (out)[1] = (int64_t)(v)[1], (simd_real){(double)(out)[0], (double)(out)[1]})
/* Each lane is written where it would go if kept; the next one overwrites it if not. */
#define EAM_KEEP(mask, v, out) ((out)[0] = (v)[0], (out)[(mask)[0] & 1] = (mask)[1] ? (v)[1] : (out)[(mask)[0] & 1])
#define EAM_KEEP_SLOTS(mask, first, out)                                                                     \
    ((out)[0] = (first), (out)[(mask)[0] & 1] = (mask)[1] ? (first) + 1 : (out)[(mask)[0] & 1])
#include "pot/eam_kernel.inc"
