/* Bid kernel, AVX-512: prices are gathered, and lists of up to sixteen edges, as most are, need no loop. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/bid.h"
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>

#define TARGET __attribute__((target("avx512f,avx512dq")))

struct best {
    __m512d first, second;
    __m512i at;
};

/* Eight from number e on, or the first four of them: a load of eight may reach behind the room. */
TARGET static inline __m256i load_columns(const struct bid_list *list, int32_t e, bool half)
{
    const uint8_t *at = list->column + (size_t)e * (size_t)bid_column_size(list->wide);
    __m256i bytes = half ? _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)at)) : _mm256_loadu_si256((const __m256i *)at);
    if (list->wide)
        return bytes;
    bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5));
    return _mm256_shuffle_epi8(bytes, _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, /* the same again */
                                                       0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
}

TARGET static inline __m128i load_costs(const uint16_t *cost, bool half)
{
    return half ? _mm_loadl_epi64((const __m128i *)cost) : _mm_loadu_si128((const __m128i *)cost);
}

/* Eight edges from number e on; INFINITY behind the end. */
TARGET static inline __m512d values(const struct bid_list *list, const struct bid_prices *prices, int32_t e)
{
    const int32_t left = list->count - e;
    const __mmask8 live = left >= BID_LANES ? 0xff : (__mmask8)((1u << left) - 1);
    const bool half = left <= BID_LANES / 2; /* what lies behind may be another row's, written by another thread */
    const __m512i column = _mm512_cvtepu32_epi64(load_columns(list, e, half));
    const __m512i place = _mm512_and_epi64(_mm512_sub_epi64(column, _mm512_set1_epi64(prices->first)), _mm512_set1_epi64(UINT32_MAX));
    const __mmask8 own = _mm512_mask_cmplt_epu64_mask(live, place, _mm512_set1_epi64(prices->count));
    __m512d price = _mm512_mask_i64gather_pd(_mm512_setzero_pd(), own, column, prices->own, sizeof(double));
    const __mmask16 other = (__mmask16)(live & ~own);
    if (other) {
        const __m256 seen = _mm512_mask_i64gather_ps(_mm256_setzero_ps(), (__mmask8)other, column, prices->other, sizeof(float));
        price = _mm512_mask_mul_pd(price, (__mmask8)other, _mm512_cvtps_pd(seen), _mm512_set1_pd(prices->unit));
    }
    const __m512d count = _mm512_cvtepi32_pd(_mm256_cvtepu16_epi32(load_costs(list->cost + e, half)));
    const __m512d cost = _mm512_add_pd(_mm512_set1_pd(list->base), _mm512_mul_pd(count, _mm512_set1_pd(list->unit)));
    return _mm512_mask_sub_pd(_mm512_set1_pd(INFINITY), live, cost, price);
}

TARGET void bid_offer_avx512(const struct bid_list *list, const struct bid_prices *prices, struct bid_offer *ret_offer)
{
    __m512d first = _mm512_set1_pd(INFINITY), second = first;
    __m512i at = _mm512_setzero_si512(), here = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    for (int32_t e = 0; e < list->count; e += BID_LANES) {
        const __m512d value = values(list, prices, e);
        const __mmask8 less = _mm512_cmp_pd_mask(value, first, _CMP_LT_OQ);
        second = _mm512_min_pd(second, _mm512_mask_blend_pd(less, value, first));
        first = _mm512_mask_mov_pd(first, less, value);
        at = _mm512_mask_mov_epi64(at, less, here);
        here = _mm512_add_epi64(here, _mm512_set1_epi64(BID_LANES));
    }
    const double least = _mm512_reduce_min_pd(first);
    const __mmask8 equal = _mm512_cmp_pd_mask(first, _mm512_set1_pd(least), _CMP_EQ_OQ);
    const int64_t edge = _mm512_mask_reduce_min_epi64(equal, at);
    const __mmask8 best = _mm512_mask_cmpeq_epi64_mask(equal, at, _mm512_set1_epi64(edge));
    ret_offer->edge = (int32_t)edge;
    ret_offer->first = least;
    ret_offer->second = _mm512_reduce_min_pd(_mm512_mask_blend_pd(best, first, second));
}
#else
typedef int bid_avx512_not_here; /* ISO C wants a declaration */
#endif
