/* Sums over tracks, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#define TRACK_KERNEL track_kernel_avx512
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq")))
#include "analysis/tracks_kernel.inc"
#else
typedef int tracks_avx512_not_here; /* ISO C wants a declaration */
#endif
