/* Kernel for embedded atoms, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>

#define EAM_DENSITY eam_density_avx512
#define EAM_FORCE eam_force_avx512
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq")))
#define SIMD_NODES(v, offset, out)                                                                           \
    (_mm256_store_si256((__m256i *)(out),                                                                    \
                        _mm256_add_epi32(_mm256_loadu_si256((const __m256i *)(offset)),                      \
                                         _mm256_slli_epi32(_mm512_cvttpd_epi32((__m512d)(v)), 2))),          \
     (simd_real)_mm512_roundscale_pd((__m512d)(v), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC))
/* Compressing in a register and storing it whole: compressing stores are slow on some processors. */
#define EAM_KEEP(mask, v, out) _mm512_storeu_pd((out), _mm512_maskz_compress_pd(mask, (__m512d)(v)))
#define EAM_FRONT(bits, v)                                                                                   \
    _mm512_castsi512_si256(_mm512_maskz_compress_epi32((__mmask16)(bits), _mm512_castsi256_si512(v)))
#define EAM_PACK(bits, first, from, slots, out)                                                              \
    (_mm256_storeu_si256((__m256i *)(slots),                                                                 \
                         EAM_FRONT(bits, _mm256_add_epi32(_mm256_set1_epi32(first),                          \
                                                          _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0)))),       \
     _mm256_storeu_si256((__m256i *)(out), EAM_FRONT(bits, _mm256_loadu_si256((const __m256i *)(from)))))
#include "pot/eam_kernel.inc"
#else
typedef int eam_avx512_not_here; /* ISO C wants a declaration */
#endif
