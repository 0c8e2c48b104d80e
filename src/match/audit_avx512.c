/* Kernels of the checker, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>
#define AUDIT_KERNEL audit_kernel_avx512
#define SIMD_WIDTH 16
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq,bmi")))
#define SIMD_FLOAT_LE(a, b) ((unsigned)_mm512_cmp_ps_mask((__m512)(a), (__m512)(b), _CMP_LE_OQ))
#define SIMD_DOUBLE_LE(a, b) ((unsigned)_mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_LE_OQ))
#include "match/audit_kernel.inc"
#else
typedef int audit_avx512_not_here; /* ISO C wants a declaration */
#endif
