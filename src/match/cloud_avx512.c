/* Search kernels, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>
#define CLOUD_SCAN cloud_scan_avx512
#define PATCH_GATHER cloud_gather_avx512
#define PATCH_SEE cloud_see_avx512
#define PATCH_ANY cloud_any_avx512
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq,bmi,popcnt")))
#define SIMD_BITS(mask) ((unsigned)_mm512_movepi64_mask((__m512i)(mask)))
#include "match/cloud_simd.inc"
#include "match/cloud_kernel.inc"
#include "match/patch_kernel.inc"
#else
typedef int cloud_avx512_not_here; /* ISO C wants a declaration */
#endif
