/* Kernel for embedded atoms, portable vectors of two. SPDX-License-Identifier: GPL-3.0-or-later */
#define EAM_DENSITY eam_density_vector
#define EAM_FORCE eam_force_vector
#define SIMD_WIDTH 2
#define SIMD_TARGET
#define SIMD_NODES(v, offset, out)                                                                           \
    ((out)[0] = (offset)[0] + EAM_DENSITY_NODE * (int32_t)(v)[0],                                            \
     (out)[1] = (offset)[1] + EAM_DENSITY_NODE * (int32_t)(v)[1],                                            \
     (simd_real){(double)(int32_t)(v)[0], (double)(int32_t)(v)[1]})
/* Each lane is written where it would go if kept; the next one overwrites it if not. */
#define EAM_KEEP(mask, v, out) ((out)[0] = (v)[0], (out)[(mask)[0] & 1] = (mask)[1] ? (v)[1] : (out)[(mask)[0] & 1])
#define EAM_PACK(bits, first, from, slots, out)                                                              \
    for (int lane_ = 0, to_ = 0; lane_ < 4; to_ += (bits) >> lane_++ & 1) {                                  \
        (slots)[to_] = (first) + lane_;                                                                      \
        (out)[to_] = (from)[lane_];                                                                          \
    }
#include "pot/eam_kernel.inc"
