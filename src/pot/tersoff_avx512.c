/* Tersoff kernels, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define TERSOFF_NAME tersoff_avx512
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq")))
#include "pot/tersoff_kernel.inc"
#else
typedef int tersoff_avx512_not_here; /* ISO C wants a declaration */
#endif
