/* Numbers and words from bytes, without a locale. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal number at p (no leading blanks), p < end; stops at the first byte that cannot belong to it. Returns the end of
 * the number, or NULL if there is none. The value is what strtod gives in the C locale, to the last bit, for every decimal
 * number; the exponent may stand behind D, as Fortran writes it. Not read, NULL: hex floats, nan, inf, a value that overflows
 * ("1e999"). Underflow gives 0 or a subnormal. */
const char *scan_double(const char *p, const char *end, double *ret_value);

/* The same without the fast path: the slow truth for tests, through strtod (C locale only). */
const char *scan_double_slow(const char *p, const char *end, double *ret_value);

/* Decimal integer with optional sign; NULL when there is none or it does not fit. "1e6" and "1.0" end after the 1. */
const char *scan_int64(const char *p, const char *end, int64_t *ret_value);

/* Whole string (terminated) is one number, nothing around it. */
bool scan_whole_double(const char *text, double *ret_value);
/* The same with k, M, G or T (of either case) behind it, powers of 1024: bytes. Not negative. */
bool scan_whole_size(const char *text, double *ret_bytes);
bool scan_whole_int64(const char *text, int64_t *ret_value);

#endif
