/* Tersoff kernels, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define TERSOFF_NAME tersoff_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2,fma")))
#include "pot/tersoff_kernel.inc"
#else
typedef int tersoff_avx2_not_here; /* ISO C wants a declaration */
#endif
