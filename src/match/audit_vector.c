/* Kernels of the checker, portable vectors of four, and which kernels to use. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/audit.h"
#include "neigh/isa.h"

#define AUDIT_KERNEL audit_kernel_vector
#define SIMD_WIDTH 4
#define SIMD_TARGET
#define SIMD_FLOAT_LE(a, b) lanes4((a) <= (b))
#define SIMD_DOUBLE_LE(a, b) lanes2((a) <= (b))

typedef int32_t mask4 __attribute__((vector_size(16)));
typedef int64_t mask2 __attribute__((vector_size(16)));

static inline unsigned lanes4(mask4 mask)
{
    return (mask[0] & 1u) | (mask[1] & 2u) | (mask[2] & 4u) | (mask[3] & 8u);
}

static inline unsigned lanes2(mask2 mask)
{
    return (unsigned)((mask[0] & 1) | (mask[1] & 2));
}

#include "match/audit_kernel.inc"

const struct audit_kernel *audit_kernel_best(void)
{
#if defined(__x86_64__)
    switch (isa_best()) {
    case ISA_AVX512:
        return &audit_kernel_avx512;
    case ISA_AVX2:
        return &audit_kernel_avx2;
    default:
        break;
    }
#endif
    return &audit_kernel_vector;
}
