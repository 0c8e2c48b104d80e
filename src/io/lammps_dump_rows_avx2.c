/* Rows with AVX2. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_dump_rows.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "base/scan_word.h"

#define ROWS_TAKE dump_rows_avx2
#define ROWS_TARGET __attribute__((target("avx2,bmi,popcnt")))
#define TARGET_INLINE ROWS_TARGET static inline

/* Sixteen bytes from LAST + n: a mask of the last n. */
static const unsigned char LAST[32] = {0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                       0,    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
/* SHUFFLE[f]: the bytes before the last f move up by one, over the point; SHUFFLE[16]: nothing moves. */
#define GONE 128
static const unsigned char SHUFFLE[17][16] = {
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {GONE, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
};

/* From memory that the compiler cannot look into: gcc would make them anew for each number. */
#define ZEROS _mm_load_si128((const __m128i *)(const void *)DUMP_ROWS_BYTES[0])
#define POINTS _mm_load_si128((const __m128i *)(const void *)DUMP_ROWS_BYTES[1])
#define NINES _mm_load_si128((const __m128i *)(const void *)DUMP_ROWS_BYTES[2])

TARGET_INLINE uint64_t blanks_of(const char *p, uint64_t *ret_newlines)
{
    const __m256i blank = _mm256_set1_epi8(' '), newline = _mm256_set1_epi8('\n');
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    *ret_newlines = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, newline)) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, newline)) << 32;
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(a, blank), a)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(b, blank), b)) << 32;
}

/* Sixteen digits, each byte 0 ... 9, as a number. */
TARGET_INLINE uint64_t sixteen_digits(__m128i digits)
{
    const __m128i tens = _mm_set1_epi16(10 | 1 << 8), hundreds = _mm_set1_epi32(100 | 1 << 16),
                  many = _mm_set1_epi32(10000 | 1 << 16);
    __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(digits, tens), hundreds);
    uint64_t eights = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(_mm_packus_epi32(fours, fours), many));
    return (eights & 0xffffffff) * 100000000 + (eights >> 32);
}

TARGET_INLINE bool all_digits(__m128i digits)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, NINES), digits)) == 0xffff;
}

TARGET_INLINE bool word_double(const char *p, const char *stop, double *ret_value)
{
    /* divided by, for that many digits behind a point; without a point it is found sixteen bytes away */
    static const double power[17] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e0};
    uint64_t minus = *p == '-';
    size_t length = (size_t)(stop - p) - minus;
    if (length - 1 >= 16)
        return scan_double(p, stop, ret_value) == stop;
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)(stop - 16));
    __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)(LAST + length));
    unsigned point = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(text, POINTS), mask));
    unsigned fraction = point != 0 ? (unsigned)__builtin_clz(point) - 16 : 16;
    __m128i digits = _mm_and_si128(_mm_sub_epi8(text, ZEROS), mask);
    digits = _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(const void *)SHUFFLE[fraction]));
    if (!all_digits(digits) || length - (point != 0) - 1 >= 15) /* 1 ... 15 of them, and nothing else */
        return scan_double(p, stop, ret_value) == stop;
    double value = (double)(int64_t)sixteen_digits(digits) / power[fraction]; /* both are exact, so one rounding */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits |= minus << 63;
    memcpy(ret_value, &bits, sizeof bits);
    return true;
}

TARGET_INLINE bool word_int64(const char *p, const char *stop, int64_t *ret_value)
{
    size_t length = (size_t)(stop - p);
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)(stop - 16));
    __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)(LAST + (length & 15)));
    __m128i digits = _mm_and_si128(_mm_sub_epi8(text, ZEROS), mask);
    if (length - 1 >= 15 || !all_digits(digits))
        return scan_int64(p, stop, ret_value) == stop;
    *ret_value = (int64_t)sixteen_digits(digits);
    return true;
}

#include "io/lammps_dump_rows.inc"

#else
int32_t dump_rows_avx2(const struct dump_columns *columns, const char *text, size_t length, int32_t first, int32_t most,
                       isd_snapshot *snapshot, size_t *ret_bytes)
{
    return dump_rows_plain(columns, text, length, first, most, snapshot, ret_bytes);
}
#endif
