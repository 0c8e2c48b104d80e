/* Kernel for embedded atoms, AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>

#define EAM_DENSITY eam_density_avx2
#define EAM_FORCE eam_force_avx2
#define SIMD_WIDTH 4
#define SIMD_TARGET __attribute__((target("avx2,fma")))
#define SIMD_NODES(v, offset, out)                                                                           \
    (_mm_store_si128((__m128i *)(out), _mm_add_epi32(_mm_loadu_si128((const __m128i *)(offset)),             \
                                                     _mm_slli_epi32(_mm256_cvttpd_epi32((__m256d)(v)), 2))), \
     (simd_real)_mm256_round_pd((__m256d)(v), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC))
/* 32-bit parts of the lanes that are kept, moved to the front: two to a double, one to a slot. */
#define EAM_KEEP(mask, v, out)                                                                               \
    _mm256_storeu_si256((__m256i *)(out),                                                                    \
                        _mm256_permutevar8x32_epi32((__m256i)(v), *(const __m256i *)front[SIMD_BITS(mask)]))
#define EAM_PACK(bits, first, from, slots, out)                                                              \
    (_mm_storeu_si128((__m128i *)(slots),                                                                    \
                      FRONT_FOUR(bits, _mm_add_epi32(_mm_set1_epi32(first), _mm_set_epi32(3, 2, 1, 0)))),     \
     _mm_storeu_si128((__m128i *)(out), FRONT_FOUR(bits, _mm_loadu_si128((const __m128i *)(from)))))

#include <stdint.h>

#include "neigh/front.h"

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
