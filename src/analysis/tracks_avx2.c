/* Sums over tracks, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define TRACK_KERNEL track_kernel_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2")))
#include "analysis/tracks_kernel.inc"
#else
typedef int tracks_avx2_not_here; /* ISO C wants a declaration */
#endif
