/* Search kernels, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>
#define CLOUD_SCAN cloud_scan_avx2
#define PATCH_GATHER cloud_gather_avx2
#define PATCH_SEE cloud_see_avx2
#define PATCH_ANY cloud_any_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2,bmi,popcnt")))
#define SIMD_BITS(mask) ((unsigned)_mm256_movemask_pd((__m256d)(mask)))
#include "match/cloud_simd.inc"
#include "match/cloud_kernel.inc"
#include "match/patch_kernel.inc"
#else
typedef int cloud_avx2_not_here; /* ISO C wants a declaration */
#endif
