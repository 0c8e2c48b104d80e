/* Decimal numbers to doubles and integers, exact to the last bit, without a locale.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three roads, each exact by construction: small mantissa times small power of ten in one rounded operation (Clinger);
 * up to 19 digits and |exponent| <= 19 in 128-bit integers; everything else by shifting a decimal digit string until
 * its integer part is the binary mantissa (the "simple decimal conversion" of Go and Wuffs). */
#include "base/scan.h"

#include <float.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan_word.h"

__extension__ typedef unsigned __int128 wide;

/* Digits that can matter: no double's halfway point has more than 768, the rest is a sticky flag. */
#define MAX_DIGITS 800
/* Beyond this many the exponent decides alone (no text in memory is long enough to bring it back). */
#define MAX_EXPONENT 1000000000

static const double POWER_DOUBLE[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t POWER_INT[] = {1ull,
                                     10ull,
                                     100ull,
                                     1000ull,
                                     10000ull,
                                     100000ull,
                                     1000000ull,
                                     10000000ull,
                                     100000000ull,
                                     1000000000ull,
                                     10000000000ull,
                                     100000000000ull,
                                     1000000000000ull,
                                     10000000000000ull,
                                     100000000000000ull,
                                     1000000000000000ull,
                                     10000000000000000ull,
                                     100000000000000000ull,
                                     1000000000000000000ull,
                                     10000000000000000000ull};

/* floor((2^128 - 1) / d) - 2^64, where d is the power of ten shifted to fill 64 bits (Moeller and Granlund 2011). */
static const uint64_t RECIPROCAL[] = {
    0xffffffffffffffffull, 0x9999999999999999ull, 0x47ae147ae147ae14ull, 0x0624dd2f1a9fbe76ull,
    0xa36e2eb1c432ca57ull, 0x4f8b588e368f0846ull, 0x0c6f7a0b5ed8d36bull, 0xad7f29abcaf48578ull,
    0x5798ee2308c39df9ull, 0x12e0be826d694b2eull, 0xb7cdfd9d7bdbab7dull, 0x5fd7fe17964955fdull,
    0x19799812dea11197ull, 0xc25c268497681c26ull, 0x6849b86a12b9b01eull, 0x203af9ee756159b2ull,
    0xcd2b297d889bc2b6ull, 0x70ef54646d496892ull, 0x2725dd1d243aba0eull, 0xd83c94fb6d2ac34aull,
};

/* A decimal number cut into its parts; the value is 0.d1d2d3... as text between `digits` and `digits_end` with the
 * point anywhere, times ten to `exponent`. */
struct parts {
    const char *digits, *digits_end; /* digits and at most one point */
    uint64_t mantissa;               /* all digits as one integer; right if n_significant <= 19 */
    int64_t n_significant;           /* digits after leading zeros */
    int64_t n_fraction;              /* digits after the point */
    int64_t exponent;                /* as written after e */
    bool negative;
};

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* A run of digits appended to *mantissa (which may wrap round: callers count digits). */
static inline const char *digit_run(const char *p, const char *end, uint64_t *mantissa)
{
    uint64_t m = *mantissa;
    while (end - p >= 8) {
        uint64_t word = scan_load(p) ^ 0x3030303030303030ull;
        /* the high bit of each byte that is no digit; carries only reach bytes after the first such one */
        uint64_t stop = ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull;
        if (stop == 0) {
            m = m * 100000000 + scan_eight_digits(word);
            p += 8;
            continue;
        }
        int n = __builtin_ctzll(stop) >> 3;
        if (n > 0)
            m = m * POWER_INT[n] + scan_eight_digits(word << (64 - 8 * n));
        *mantissa = m;
        return p + n;
    }
    while (p < end && is_digit(*p))
        m = m * 10 + (uint64_t)(*p++ - '0');
    *mantissa = m;
    return p;
}

/* Digits before the first that is not zero do not count. */
static int64_t count_significant(const char *p, const char *end)
{
    int64_t n = 0;
    for (; p < end; p++)
        if (is_digit(*p) && (n > 0 || *p != '0'))
            n++;
    return n;
}

static inline bool is_exponent(char c)
{
    return c == 'e' || c == 'E' || c == 'd' || c == 'D'; /* Fortran writes D */
}

/* Splits the number at p; NULL if there is none. Hex is refused, an `e` without digits is not part of the number. */
static inline const char *split(const char *p, const char *end, struct parts *ret)
{
    ret->negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    ret->digits = p;
    ret->mantissa = 0;
    while (p < end && is_digit(*p)) /* mostly one to three digits: not worth a word */
        ret->mantissa = ret->mantissa * 10 + (uint64_t)(*p++ - '0');
    int64_t n_digits = p - ret->digits;
    ret->n_fraction = 0;
    if (p < end && *p == '.') {
        const char *fraction = p + 1;
        p = digit_run(fraction, end, &ret->mantissa);
        ret->n_fraction = p - fraction;
        n_digits += ret->n_fraction;
    } else if (n_digits == 1 && *ret->digits == '0' && p < end && (*p == 'x' || *p == 'X')) {
        return NULL;
    }
    if (n_digits == 0)
        return NULL;
    ret->digits_end = p;
    ret->n_significant = n_digits <= 19 ? n_digits : count_significant(ret->digits, p);
    ret->exponent = 0;
    if (p < end && is_exponent(*p)) {
        const char *q = p + 1;
        bool minus = q < end && *q == '-';
        if (q < end && (*q == '-' || *q == '+'))
            q++;
        if (q < end && is_digit(*q)) {
            int64_t e = 0;
            for (; q < end && is_digit(*q); q++)
                e = e < MAX_EXPONENT ? e * 10 + (*q - '0') : e;
            ret->exponent = minus ? -e : e;
            p = q;
        }
    }
    return p;
}

/* q (its top bit set) times 2^exponent, plus a little if sticky, rounded to even; far from overflow and subnormals. */
static inline double round_normal(uint64_t q, bool sticky, int exponent)
{
    uint64_t mantissa = q >> 11;
    uint64_t rest = q & 0x7ff;
    if (rest > 0x400 || (rest == 0x400 && (sticky || (mantissa & 1))))
        mantissa++; /* 2^53 after a carry: still exact below */
    uint64_t bits = (uint64_t)(1023 + 52 + 11 + exponent) << 52;
    bits += mantissa - ((uint64_t)1 << 52); /* a carry moves on into the exponent, as it should */
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* high 2^64 + low over d, high < d, d full: one multiplication instead of a division (Moeller and Granlund, algorithm 4). */
static inline uint64_t divide_wide(uint64_t high, uint64_t low, uint64_t d, uint64_t reciprocal, uint64_t *ret_remainder)
{
    wide product = (wide)reciprocal * high + ((wide)high << 64 | low);
    uint64_t q = (uint64_t)(product >> 64) + 1;
    uint64_t r = low - q * d;
    if (r > (uint64_t)product) {
        q--;
        r += d;
    }
    if (r >= d) {
        q++;
        r -= d;
    }
    *ret_remainder = r;
    return q;
}

/* m times ten to e, m > 0, |e| <= 19: exact quotient or product in 128 bits, rounded once. */
static double scale_wide(uint64_t m, int e)
{
    int lead = __builtin_clzll(m);
    if (e >= 0) {
        wide product = (wide)m * POWER_INT[e];
        uint64_t high = (uint64_t)(product >> 64);
        if (high == 0) {
            int shift = __builtin_clzll((uint64_t)product);
            return round_normal((uint64_t)product << shift, false, -shift);
        }
        int shift = __builtin_clzll(high);
        product <<= shift;
        return round_normal((uint64_t)(product >> 64), (uint64_t)product != 0, 64 - shift);
    }
    /* Both to full 64 bits; half the numerator, so that the quotient fits 64 bits: it has 63 or 64. */
    int d_lead = __builtin_clzll(POWER_INT[-e]);
    uint64_t d = POWER_INT[-e] << d_lead, remainder;
    uint64_t high = (m << lead) >> 1, low = m << lead << 63;
    uint64_t q = divide_wide(high, low, d, RECIPROCAL[-e], &remainder);
    bool sticky = remainder != 0;
    int exponent = d_lead - lead - 63;
    if (!(q >> 63)) { /* one more bit: twice the remainder against the divisor */
        bool bit = remainder >= d - remainder;
        sticky = bit ? remainder != d - remainder : remainder != 0;
        q = q << 1 | bit;
        exponent--;
    }
    return round_normal(q, sticky, exponent);
}

/* A decimal fraction 0.d[0]d[1]...d[n-1] times ten to `point`. */
struct decimal {
    int n, point;
    bool sticky; /* digits beyond MAX_DIGITS were dropped and one of them was not zero */
    unsigned char d[MAX_DIGITS + 24];
};

static void decimal_trim(struct decimal *x)
{
    while (x->n > 0 && x->d[x->n - 1] == 0)
        x->n--;
    if (x->n == 0)
        x->point = 0;
}

static void decimal_append(struct decimal *x, unsigned digit)
{
    if (x->n < MAX_DIGITS)
        x->d[x->n++] = (unsigned char)digit;
    else if (digit)
        x->sticky = true;
}

/* Times 2^shift, shift <= 56: from the last digit to the first with a carry, new digits in front. */
static void decimal_shift_left(struct decimal *x, int shift)
{
    unsigned char front[24];
    int n_front = 0;
    uint64_t carry = 0;
    for (int i = x->n - 1; i >= 0; i--) {
        carry += (uint64_t)x->d[i] << shift;
        x->d[i] = (unsigned char)(carry % 10);
        carry /= 10;
    }
    for (; carry > 0; carry /= 10)
        front[n_front++] = (unsigned char)(carry % 10);
    memmove(x->d + n_front, x->d, (size_t)x->n);
    for (int i = 0; i < n_front; i++)
        x->d[i] = front[n_front - 1 - i];
    x->n += n_front;
    x->point += n_front;
    for (; x->n > MAX_DIGITS; x->n--)
        x->sticky |= x->d[x->n - 1] != 0;
    decimal_trim(x);
}

/* Divided by 2^shift, shift <= 56: long division from the first digit. */
static void decimal_shift_right(struct decimal *x, int shift)
{
    struct decimal y = {.n = 0, .point = x->point, .sticky = x->sticky};
    uint64_t mask = ((uint64_t)1 << shift) - 1;
    uint64_t rest = 0;
    bool leading = true;
    for (int i = 0; i < x->n || rest != 0; i++) {
        rest = rest * 10 + (i < x->n ? x->d[i] : 0);
        unsigned digit = (unsigned)(rest >> shift);
        rest &= mask;
        if (leading && digit == 0) {
            y.point--;
            continue;
        }
        leading = false;
        decimal_append(&y, digit);
        if (y.n == MAX_DIGITS && i >= x->n && rest != 0) {
            y.sticky = true;
            break;
        }
    }
    *x = y;
    decimal_trim(x);
}

/* The integer part, rounded half to even; the number is below 2^60. */
static uint64_t decimal_round(const struct decimal *x)
{
    uint64_t value = 0;
    for (int i = 0; i < x->point; i++)
        value = value * 10 + (i < x->n ? x->d[i] : 0);
    if (x->point < 0 || x->point >= x->n)
        return value;
    bool half = x->d[x->point] == 5 && x->point + 1 == x->n && !x->sticky;
    bool up = half ? (value & 1) : x->d[x->point] >= 5;
    return value + up;
}

/* Any number: shift until the integer part is the mantissa. False if it overflows. */
static bool convert_decimal(struct decimal *x, double *ret_value)
{
    decimal_trim(x);
    *ret_value = 0.0;
    if (x->n == 0 || x->point < -330)
        return true;
    if (x->point > 310)
        return false;
    int exponent = 0; /* the value is x times 2^exponent */
    while (x->point > 0) { /* down to below 1; ten to point is at most 2^(4 point) */
        int shift = x->point > 14 ? 46 : x->point > 1 ? 3 * x->point : 1;
        decimal_shift_right(x, shift);
        exponent += shift;
    }
    while (x->point < 0 || x->d[0] < 5) { /* up to [1/2, 1) */
        int shift = x->point < -14 ? 46 : x->point < 0 ? -3 * x->point : 1;
        decimal_shift_left(x, shift);
        exponent -= shift;
        if (x->point > 0) { /* one step too far can only come from the last small shift */
            decimal_shift_right(x, 1);
            exponent++;
        }
    }
    /* value = x 2^exponent with x in [1/2, 1): 53 bits, or fewer where the result is subnormal */
    int bits = exponent + 1074 < 53 ? exponent + 1074 : 53;
    if (bits < 0)
        return true;
    if (bits > 0)
        decimal_shift_left(x, bits);
    uint64_t mantissa = decimal_round(x);
    if (mantissa == 0)
        return true;
    if (mantissa == (uint64_t)1 << 53 && exponent >= 1024)
        return false;
    if (exponent > 1024)
        return false;
    uint64_t word;
    if (bits < 53) {
        word = mantissa; /* a carry to 2^52 makes the smallest normal number by itself */
    } else {
        word = ((uint64_t)(exponent + 1022) << 52) + (mantissa - ((uint64_t)1 << 52));
    }
    if (word >= 0x7ff0000000000000ull)
        return false;
    memcpy(ret_value, &word, sizeof word);
    return true;
}

static bool convert_any(const struct parts *parts, double *ret_value)
{
    struct decimal x = {.n = 0};
    bool seen_point = false, leading = true;
    int64_t point = 0;
    for (const char *p = parts->digits; p < parts->digits_end; p++) {
        if (*p == '.') {
            seen_point = true;
            continue;
        }
        if (leading && *p == '0') {
            point -= seen_point;
            continue;
        }
        leading = false;
        point += !seen_point;
        decimal_append(&x, (unsigned)(*p - '0'));
    }
    point += parts->exponent;
    x.point = point > 100000 ? 100000 : point < -100000 ? -100000 : (int)point;
    return convert_decimal(&x, ret_value);
}

const char *scan_double(const char *p, const char *end, double *ret_value)
{
    struct parts parts;
    const char *stop = split(p, end, &parts);
    if (stop == NULL)
        return NULL;
    double value;
    int64_t e = parts.exponent - parts.n_fraction;
    if (parts.n_significant > 19) {
        if (!convert_any(&parts, &value))
            return NULL;
    } else if (parts.mantissa == 0) {
        value = 0.0;
    } else if (parts.mantissa <= (uint64_t)1 << 53 && e >= -22 && e <= 22 && FLT_EVAL_METHOD == 0) {
        value = (double)parts.mantissa;
        value = e < 0 ? value / POWER_DOUBLE[-e] : value * POWER_DOUBLE[e];
    } else if (e >= -19 && e <= 19) {
        value = scale_wide(parts.mantissa, (int)e);
    } else if (!convert_any(&parts, &value)) {
        return NULL;
    }
    *ret_value = parts.negative ? -value : value;
    return stop;
}

const char *scan_double_slow(const char *p, const char *end, double *ret_value)
{
    struct parts parts;
    const char *stop = split(p, end, &parts);
    if (stop == NULL)
        return NULL;
    size_t length = (size_t)(stop - p);
    char small[128];
    char *text = length < sizeof small ? small : malloc(length + 1);
    if (text == NULL)
        return NULL;
    memcpy(text, p, length);
    text[length] = '\0';
    for (size_t k = 0; k < length; k++)
        text[k] = is_exponent(text[k]) ? 'e' : text[k];
    double value = strtod(text, NULL);
    if (text != small)
        free(text);
    if (value > DBL_MAX || value < -DBL_MAX)
        return NULL;
    *ret_value = value;
    return stop;
}

const char *scan_int64(const char *p, const char *end, int64_t *ret_value)
{
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    const char *first = p;
    uint64_t limit = (uint64_t)INT64_MAX + negative;
    uint64_t value = 0;
    for (; p < end && is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (value > (limit - digit) / 10)
            return NULL;
        value = value * 10 + digit;
    }
    if (p == first)
        return NULL;
    *ret_value = negative ? (int64_t)(0 - value) : (int64_t)value;
    return p;
}

bool scan_whole_double(const char *text, double *ret_value)
{
    const char *end = text + strlen(text);
    double value;
    if (scan_double(text, end, &value) != end)
        return false;
    *ret_value = value;
    return true;
}

bool scan_whole_size(const char *text, double *ret_bytes)
{
    static const char letters[] = "kKmMgGtT";
    double value = 0;
    const char *end = text + strlen(text), *after = scan_double(text, end, &value);
    if (after != NULL && after + 1 == end) {
        const char *letter = strchr(letters, *after);
        after = letter != NULL ? end : NULL;
        for (const char *p = letters; letter != NULL && p <= letter; p += 2)
            value *= 1024;
    }
    if (after != end || !(value >= 0))
        return false;
    *ret_bytes = value;
    return true;
}

bool scan_whole_int64(const char *text, int64_t *ret_value)
{
    const char *end = text + strlen(text);
    int64_t value;
    if (scan_int64(text, end, &value) != end)
        return false;
    *ret_value = value;
    return true;
}
