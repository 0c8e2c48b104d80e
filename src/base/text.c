/* Text that came from outside, made safe to show. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Length of the valid UTF-8 sequence at p (1 to 4), its code point in *ret_code; 0 if it is not valid. */
static size_t decode(const unsigned char *p, size_t left, uint32_t *ret_code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] < 0x80 ? 1 : (p[0] & 0xe0) == 0xc0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    uint32_t code = length == 1 ? p[0] : p[0] & (0x7fu >> length);
    for (size_t k = 1; k < length; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[k] & 0x3fu);
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *ret_code = code;
    return length;
}

/* Would showing it move the cursor, reorder the line or hide something? */
static bool unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

size_t text_escape(const char *text, size_t length, char *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    if (size == 0)
        return 0;
    for (size_t k = 0; k < length;) {
        const unsigned char *p = (const unsigned char *)text + k;
        uint32_t code = 0;
        size_t step = decode(p, length - k, &code);
        if (step > 0 && !unsafe(code)) {
            if (used + step >= size)
                break;
            memcpy(out + used, p, step);
            used += step;
        } else {
            step = step > 0 ? step : 1;
            if (used + 4 * step >= size)
                break;
            for (size_t b = 0; b < step; b++) {
                out[used++] = '\\';
                out[used++] = 'x';
                out[used++] = digits[p[b] >> 4];
                out[used++] = digits[p[b] & 15];
            }
        }
        k += step;
    }
    out[used] = '\0';
    return used;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

int text_compare_natural(const char *a, const char *b)
{
    while (*a && *b) {
        if (digit(*a) && digit(*b)) {
            const char *start_a = a, *start_b = b;
            while (*a == '0')
                a++;
            while (*b == '0')
                b++;
            size_t length_a = strspn(a, "0123456789"), length_b = strspn(b, "0123456789");
            if (length_a != length_b)
                return length_a < length_b ? -1 : 1;
            int order = memcmp(a, b, length_a);
            if (order)
                return order < 0 ? -1 : 1;
            a += length_a;
            b += length_b;
            if (a - start_a != b - start_b) /* equal values, other numbers of leading zeros */
                return a - start_a > b - start_b ? -1 : 1;
        } else {
            if (*a != *b)
                return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

int text_distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST)
        return 99;
    int d[LONGEST + 2][LONGEST + 2];
    for (size_t i = 0; i <= na; i++)
        for (size_t j = 0; j <= nb; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (int)(i + j);
                continue;
            }
            int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[na][nb];
}

int text_width(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = strlen(text);
    bool wide = MB_CUR_MAX > 1;
    int width = 0;
    while (left > 0) {
        uint32_t code = 0;
        size_t step = wide ? decode(p, left, &code) : 0;
        int columns = step > 0 ? wcwidth((wchar_t)code) : 1;
        width += columns >= 0 ? columns : 1;
        step = step > 0 ? step : 1;
        p += step;
        left -= step;
    }
    return width;
}
