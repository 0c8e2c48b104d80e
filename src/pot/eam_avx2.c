/* Kernel for embedded atoms, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>

#define EAM_DENSITY eam_density_avx2
#define EAM_FORCE eam_force_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2,fma")))
#define SIMD_TRUNCATE(v, out)                                                                                \
    (_mm256_store_si256((__m256i *)(out), _mm256_cvtepi32_epi64(_mm256_cvttpd_epi32((__m256d)(v)))),         \
     (simd_real)_mm256_round_pd((__m256d)(v), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC))
/* Pairs of 32-bit parts of the lanes that are kept, moved to the front. */
#define EAM_PACK(mask, v) _mm256_permutevar8x32_epi32((__m256i)(v), *(const __m256i *)front[SIMD_BITS(mask)])
#define EAM_KEEP(mask, v, out) _mm256_storeu_si256((__m256i *)(out), EAM_PACK(mask, v))
#define EAM_KEEP_SLOTS(mask, first, out)                                                                     \
    _mm256_storeu_si256((__m256i *)(out), EAM_PACK(mask, _mm256_add_epi64(_mm256_set1_epi64x(first),         \
                                                                          _mm256_set_epi64x(3, 2, 1, 0))))

#include <stdint.h>

static const int32_t front[16][8] __attribute__((aligned(32))) = {
    {0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {2, 3, 0, 1, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7},
    {4, 5, 0, 1, 2, 3, 6, 7}, {0, 1, 4, 5, 2, 3, 6, 7}, {2, 3, 4, 5, 0, 1, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7},
    {6, 7, 0, 1, 2, 3, 4, 5}, {0, 1, 6, 7, 2, 3, 4, 5}, {2, 3, 6, 7, 0, 1, 4, 5}, {0, 1, 2, 3, 6, 7, 4, 5},
    {4, 5, 6, 7, 0, 1, 2, 3}, {0, 1, 4, 5, 6, 7, 2, 3}, {2, 3, 4, 5, 6, 7, 0, 1}, {0, 1, 2, 3, 4, 5, 6, 7},
};
#include "pot/eam_kernel.inc"
#else
typedef int eam_avx2_not_here; /* ISO C wants a declaration */
#endif
