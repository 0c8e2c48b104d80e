/* Numbers that are words of known length, without a branch on their digits. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a word ends must be known before, and sixteen bytes before its end must be readable, whatever they are. Then the last digit is
 * always at the same place, and no processor has to guess how many there are. What is unusual is left to scan.h. */
#ifndef BASE_SCAN_WORD_H
#define BASE_SCAN_WORD_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/scan.h"

#define SCAN_WORD_BEFORE 16

/* Masks of the last n bytes of sixteen. */
static const uint64_t SCAN_LAST_LOW[17] = {0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0,
                                           0xff00000000000000,
                                           0xffff000000000000,
                                           0xffffff0000000000,
                                           0xffffffff00000000,
                                           0xffffffffff000000,
                                           0xffffffffffff0000,
                                           0xffffffffffffff00,
                                           0xffffffffffffffff};
static const uint64_t SCAN_LAST_HIGH[17] = {0,
                                            0xff00000000000000,
                                            0xffff000000000000,
                                            0xffffff0000000000,
                                            0xffffffff00000000,
                                            0xffffffffff000000,
                                            0xffffffffffff0000,
                                            0xffffffffffffff00,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0,
                                            ~(uint64_t)0};
static const double SCAN_POWER[16] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Eight bytes, the first one lowest. */
static inline uint64_t scan_load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Value of eight digits, the first in the lowest byte, each byte 0 ... 9. */
static inline uint64_t scan_eight_digits(uint64_t word)
{
    word = word * 10 + (word >> 8);
    return ((word & 0x000000ff000000ffull) * 0x000f424000000064ull +
            ((word >> 16) & 0x000000ff000000ffull) * 0x0000271000000001ull) >>
           32;
}

/* The top bit of each byte that is more than 9; nobody else's. */
static inline uint64_t scan_above_nine(uint64_t word)
{
    return (((word & 0x7f7f7f7f7f7f7f7full) + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
}

/* The top bit of each byte that is zero. */
static inline uint64_t scan_zero_bytes(uint64_t word)
{
    return ~(((word & 0x7f7f7f7f7f7f7f7full) + 0x7f7f7f7f7f7f7f7full) | word) & 0x8080808080808080ull;
}

#define SCAN_ZEROS 0x3030303030303030ull
#define SCAN_POINT (uint64_t)('.' ^ '0')

/* As scan_double for the word p ... stop, sign included; false unless all of it is a number. */
static inline bool scan_word_double(const char *p, const char *stop, double *ret_value)
{
    uint64_t minus = *p == '-';
    size_t length = (size_t)(stop - p) - minus;
    uint64_t mantissa, wrong;
    unsigned fraction;
    if (length - 1 < 8) { /* 1 ... 8 */
        uint64_t word = (scan_load(stop - 8) ^ SCAN_ZEROS) & SCAN_LAST_HIGH[length];
        uint64_t point = scan_zero_bytes(word ^ SCAN_POINT * 0x0101010101010101ull);
        unsigned pointed = point != 0;
        fraction = pointed ? (unsigned)__builtin_clzll(point) >> 3 : 0;
        /* what is before the point moves up over it */
        word = (word & SCAN_LAST_HIGH[fraction]) | (word & ~SCAN_LAST_HIGH[fraction + pointed]) << 8 * pointed;
        wrong = scan_above_nine(word) | (length == pointed);
        mantissa = scan_eight_digits(word);
    } else if (length - 9 < 8) { /* 9 ... 16 */
        uint64_t low = (scan_load(stop - 16) ^ SCAN_ZEROS) & SCAN_LAST_LOW[length], high = scan_load(stop - 8) ^ SCAN_ZEROS;
        uint64_t point_high = scan_zero_bytes(high ^ SCAN_POINT * 0x0101010101010101ull);
        uint64_t point_low = scan_zero_bytes(low ^ SCAN_POINT * 0x0101010101010101ull);
        uint64_t point = point_high != 0 ? point_high : point_low;
        if (point == 0) /* many digits and no point: rare, and perhaps too many for a double */
            return scan_double(p, stop, ret_value) == stop;
        fraction = ((unsigned)__builtin_clzll(point) >> 3) + (point_high != 0 ? 0 : 8);
        uint64_t behind_low = SCAN_LAST_LOW[fraction], behind_high = SCAN_LAST_HIGH[fraction];
        uint64_t before_low = low & ~SCAN_LAST_LOW[fraction + 1], before_high = high & ~SCAN_LAST_HIGH[fraction + 1];
        high = (high & behind_high) | before_high << 8 | before_low >> 56;
        low = (low & behind_low) | before_low << 8;
        wrong = scan_above_nine(low) | scan_above_nine(high);
        mantissa = scan_eight_digits(low) * 100000000 + scan_eight_digits(high);
    } else {
        return scan_double(p, stop, ret_value) == stop;
    }
    if (wrong != 0 || FLT_EVAL_METHOD != 0)
        return scan_double(p, stop, ret_value) == stop;
    double value = (double)(int64_t)mantissa / SCAN_POWER[fraction]; /* both are exact, so one rounding */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits |= minus << 63;
    memcpy(ret_value, &bits, sizeof bits);
    return true;
}

/* As scan_int64 for the word p ... stop; false unless all of it is a number. */
static inline bool scan_word_int64(const char *p, const char *stop, int64_t *ret_value)
{
    size_t length = (size_t)(stop - p);
    uint64_t word = (scan_load(stop - 8) ^ SCAN_ZEROS) & SCAN_LAST_HIGH[length < 8 ? length : 8];
    if (length - 1 >= 8 || scan_above_nine(word) != 0)
        return scan_int64(p, stop, ret_value) == stop;
    *ret_value = (int64_t)scan_eight_digits(word);
    return true;
}

#endif
