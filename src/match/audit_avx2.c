/* Kernels of the checker, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>
#define AUDIT_KERNEL audit_kernel_avx2
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx2,bmi")))
#define SIMD_FLOAT_LE(a, b) ((unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)(a), (__m256)(b), _CMP_LE_OQ)))
#define SIMD_DOUBLE_LE(a, b) ((unsigned)_mm256_movemask_pd(_mm256_cmp_pd((__m256d)(a), (__m256d)(b), _CMP_LE_OQ)))
#include "match/audit_kernel.inc"
#else
typedef int audit_avx2_not_here; /* ISO C wants a declaration */
#endif
