/* Vector types of one kernel file. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A kernel file defines SIMD_WIDTH (doubles in a vector) and SIMD_TARGET (the attribute that lets the
 * compiler use the instruction set in these functions only), then includes this and the kernel's text.
 * Compiling whole files with -march instead would let inline functions of headers slip into the baseline.
 * A file may do so several times, with SIMD_AGAIN defined and other widths. */
#if !defined(NEIGH_SIMD_H) || defined(SIMD_AGAIN)
#define NEIGH_SIMD_H

#include <stddef.h>
#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#ifndef SIMD_WIDTH
#define SIMD_WIDTH 2
#define SIMD_TARGET
#endif

#undef simd_real
#undef simd_mask
#undef simd_bool
#define SIMD_PASTE_(a, b) a##b
#define SIMD_PASTE(a, b) SIMD_PASTE_(a, b)
#define simd_real SIMD_PASTE(simd_real_, SIMD_WIDTH)
#define simd_mask SIMD_PASTE(simd_mask_, SIMD_WIDTH)
#define simd_bool SIMD_PASTE(simd_bool_, SIMD_WIDTH)

typedef double simd_real __attribute__((vector_size(SIMD_WIDTH * 8), may_alias));
typedef int64_t simd_mask __attribute__((vector_size(SIMD_WIDTH * 8), may_alias));

#undef SIMD_LOAD
#undef SIMD_STORE
#undef SIMD_ONLY
#undef SIMD_LESS
#undef SIMD_BITS
#undef SIMD_KEEP
#undef SIMD_PICK
#undef SIMD_EQUAL
#undef SIMD_BOTH
#undef SIMD_SQRT
#undef SIMD_MAX
#undef SIMD_MIN
#undef SIMD_SUM
#undef SIMD_FMA

#define SIMD_LOAD(p) (*(const simd_real *)(p))
#define SIMD_STORE(p, v) (*(simd_real *)(p) = (v))
/* Zero where the mask is false, whatever is there: a NaN too. */
#define SIMD_ONLY(mask, v) ((simd_real)((simd_mask)(v) & (mask)))

/* What a comparison gives is of the type simd_bool: LESS(a, b), EQUAL of two simd_mask, BOTH(c, d); BITS(c) has
 * bit k for lane k; KEEP(c, v) is v or 0, PICK(c, a, b) is a where c holds, else b. MAX(a, b) and MIN: b where either
 * is not a number. SUM(v) adds the lanes, always in the same order. FMA(a, b, c) is a b + c, rounded once where the
 * instruction set can. */
#if SIMD_WIDTH == 8
#define SIMD_FMA(a, b, c) ((simd_real)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#define SIMD_SUM(v) _mm512_reduce_add_pd((__m512d)(v))
typedef __mmask8 simd_bool;
#define SIMD_LESS(a, b) _mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_LT_OQ)
#define SIMD_EQUAL(a, b) _mm512_cmpeq_epi64_mask((__m512i)(a), (__m512i)(b))
#define SIMD_BOTH(a, b) ((simd_bool)((a) & (b)))
#define SIMD_BITS(c) ((unsigned)(c))
#define SIMD_KEEP(c, v) ((simd_real)_mm512_maskz_mov_pd(c, (__m512d)(v)))
#define SIMD_PICK(c, a, b) ((simd_real)_mm512_mask_blend_pd(c, (__m512d)(b), (__m512d)(a)))
#define SIMD_SQRT(v) ((simd_real)_mm512_sqrt_pd((__m512d)(v)))
#define SIMD_MAX(a, b) ((simd_real)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#define SIMD_MIN(a, b) ((simd_real)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#else
typedef simd_mask simd_bool;
#define SIMD_LESS(a, b) ((simd_bool)((a) < (b)))
#define SIMD_EQUAL(a, b) ((simd_bool)((simd_mask)(a) == (simd_mask)(b)))
#define SIMD_BOTH(a, b) ((a) & (b))
#define SIMD_KEEP(c, v) SIMD_ONLY(c, v)
#if SIMD_WIDTH == 4
#define SIMD_FMA(a, b, c) ((simd_real)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#define SIMD_SUM(v) (((v)[0] + (v)[2]) + ((v)[1] + (v)[3]))
#define SIMD_BITS(c) ((unsigned)_mm256_movemask_pd((__m256d)(c)))
#define SIMD_PICK(c, a, b) ((simd_real)_mm256_blendv_pd((__m256d)(b), (__m256d)(a), (__m256d)(c)))
#define SIMD_SQRT(v) ((simd_real)_mm256_sqrt_pd((__m256d)(v)))
#define SIMD_MAX(a, b) ((simd_real)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#define SIMD_MIN(a, b) ((simd_real)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#else
#define SIMD_FMA(a, b, c) ((a) * (b) + (c))
#define SIMD_SUM(v) ((v)[0] + (v)[1])
#define SIMD_PICK(c, a, b) ((simd_real)(((simd_mask)(a) & (c)) | ((simd_mask)(b) & ~(c))))
#if defined(__x86_64__)
#define SIMD_BITS(c) ((unsigned)_mm_movemask_pd((__m128d)(c)))
#define SIMD_SQRT(v) ((simd_real)_mm_sqrt_pd((__m128d)(v)))
#define SIMD_MAX(a, b) ((simd_real)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#define SIMD_MIN(a, b) ((simd_real)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#else
#define SIMD_BITS(c) ((unsigned)(((c)[0] & 1) | ((c)[1] & 2)))
#define SIMD_SQRT(v) ((simd_real){__builtin_sqrt((v)[0]), __builtin_sqrt((v)[1])})
#define SIMD_MAX(a, b) SIMD_PICK((simd_mask)((a) > (b)), a, b)
#define SIMD_MIN(a, b) SIMD_PICK((simd_mask)((a) < (b)), a, b)
#endif
#endif
#endif

#endif
