/* Kernel for embedded atoms, AVX-512. SPDX-License-Identifier: GPL-3.0-or-later */
#if defined(__x86_64__)
#include <immintrin.h>

#define EAM_DENSITY eam_density_avx512
#define EAM_FORCE eam_force_avx512
#define SIMD_WIDTH 8
#define SIMD_TARGET __attribute__((target("avx512f,avx512dq")))
#define SIMD_TRUNCATE(v, out)                                                                                \
    (_mm512_store_epi64((out), _mm512_cvttpd_epi64((__m512d)(v))),                                           \
     (simd_real)_mm512_roundscale_pd((__m512d)(v), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC))
/* Compressing in a register and storing it whole: compressing stores are slow on some processors. */
#define EAM_KEEP(mask, v, out) _mm512_storeu_pd((out), _mm512_maskz_compress_pd(mask, (__m512d)(v)))
#define EAM_KEEP_SLOTS(mask, first, out)                                                                     \
    _mm512_storeu_si512((out),                                                                               \
                        _mm512_maskz_compress_epi64(mask, _mm512_add_epi64(_mm512_set1_epi64(first),   \
                                                                                 _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0))))
#include "pot/eam_kernel.inc"
#else
typedef int eam_avx512_not_here; /* ISO C wants a declaration */
#endif
