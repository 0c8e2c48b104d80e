/* Prune kernel, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define PRUNE_NAME prune_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2,fma")))
#include "neigh/prune_kernel.inc"
#else
typedef int prune_avx2_not_here; /* ISO C wants a declaration */
#endif
