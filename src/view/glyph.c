/* Glyphs: UTF-8, widths, ASCII stand-ins. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/glyph.h"

#include <string.h>

#include <stddef.h>

struct range {
    uint32_t low, high;
};

static const struct range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const struct range combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

/* Stand-ins that neither a block of code points nor a rule gives. */
static const struct {
    uint32_t glyph;
    char ascii;
} stand_in[] = {
    {0x00b1, '~'}, {0x00b7, '.'}, {0x00c5, 'A'}, {0x00d7, 'x'}, {0x03c3, 's'}, {0x03c4, 't'}, {0x2022, '*'},
    {0x2026, '.'}, {0x2190, '<'}, {0x2191, '^'}, {0x2192, '>'}, {0x2193, 'v'}, {0x2196, '\\'}, {0x2197, '/'}, {0x2198, '\\'}, {0x2199, '/'},
    {0x25b2, '^'}, {0x25b4, '^'},
    {0x25b6, '>'}, {0x25b8, '>'}, {0x25bc, 'v'}, {0x25be, 'v'}, {0x25c6, '*'}, {0x25cb, 'O'}, {0x25cf, '@'},
    {0x2500, '-'}, {0x2501, '-'}, {0x2502, '|'}, {0x2503, '|'}, {0x2013, '-'}, {0x2014, '-'}, {0x2264, '<'},
};

static int in_ranges(const struct range *ranges, size_t n, uint32_t glyph)
{
    for (size_t k = 0; k < n; k++)
        if (glyph >= ranges[k].low && glyph <= ranges[k].high)
            return 1;
    return 0;
}

int glyph_decode(const char *text, uint32_t *ret_glyph)
{
    const unsigned char *p = (const unsigned char *)text;
    *ret_glyph = '?';
    if (p[0] < 0x80) {
        if (p[0] >= 0x20 && p[0] != 0x7f)
            *ret_glyph = p[0];
        return 1;
    }
    int length = p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : 0;
    if (length == 0)
        return 1;
    uint32_t glyph = p[0] & (0xffu >> (length + 1));
    for (int k = 1; k < length; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 1;
        glyph = glyph << 6 | (p[k] & 0x3f);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (glyph < smallest[length] || glyph > 0x10ffff || (glyph >= 0xd800 && glyph < 0xe000))
        return 1;
    if (glyph >= 0xa0)
        *ret_glyph = glyph;
    return length;
}

int glyph_encode(uint32_t glyph, char *out)
{
    if (glyph < 0x80) {
        out[0] = (char)glyph;
        return 1;
    }
    if (glyph < 0x800) {
        out[0] = (char)(0xc0 | glyph >> 6);
        out[1] = (char)(0x80 | (glyph & 0x3f));
        return 2;
    }
    if (glyph < 0x10000) {
        out[0] = (char)(0xe0 | glyph >> 12);
        out[1] = (char)(0x80 | (glyph >> 6 & 0x3f));
        out[2] = (char)(0x80 | (glyph & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | glyph >> 18);
    out[1] = (char)(0x80 | (glyph >> 12 & 0x3f));
    out[2] = (char)(0x80 | (glyph >> 6 & 0x3f));
    out[3] = (char)(0x80 | (glyph & 0x3f));
    return 4;
}

int glyph_width(uint32_t glyph)
{
    if (glyph < 0x300)
        return 1;
    if (in_ranges(combining, sizeof combining / sizeof *combining, glyph))
        return 0;
    return in_ranges(wide, sizeof wide / sizeof *wide, glyph) ? 2 : 1;
}

int glyph_columns(const char *text)
{
    int columns = 0;
    while (*text) {
        uint32_t glyph;
        text += glyph_decode(text, &glyph);
        columns += glyph_width(glyph);
    }
    return columns;
}

/* Dots by height: bits 0,3 top row; 1,4; 2,5; 6,7 bottom row. */
static uint32_t braille_ascii(uint32_t mask)
{
    int upper = __builtin_popcount(mask & 0x1b), lower = __builtin_popcount(mask & 0xe4);
    int left = __builtin_popcount(mask & 0x47), right = __builtin_popcount(mask & 0xb8);
    if (mask == 0)
        return ' ';
    if (upper + lower >= 6)
        return '#';
    if (upper >= 2 && lower >= 2)
        return left == right ? '+' : '|';
    if (lower == 0)
        return upper == 1 ? '\'' : '"';
    if (upper == 0)
        return lower == 1 ? '.' : '_';
    return left && right ? '-' : ':';
}

uint32_t glyph_ascii(uint32_t glyph)
{
    if (glyph == 0)
        return ' ';
    if (glyph < 0x80)
        return glyph;
    if (glyph >= 0x2800 && glyph <= 0x28ff)
        return braille_ascii(glyph - 0x2800);
    for (size_t k = 0; k < sizeof stand_in / sizeof *stand_in; k++)
        if (stand_in[k].glyph == glyph)
            return (uint32_t)stand_in[k].ascii;
    if (glyph >= 0x2500 && glyph <= 0x257f)
        return '+';
    if (glyph >= 0x2591 && glyph <= 0x2593)
        return '.';
    if (glyph >= 0x2580 && glyph <= 0x259f)
        return '#';
    return '?';
}

const char *unit_sign(const char *unit, enum glyph_tier tier)
{
    static const char *const signs[][2] = {{"sigma", "\u03c3"}, {"tau", "\u03c4"}, {"A", "\u00c5"}};
    for (size_t k = 0; k < sizeof signs / sizeof *signs && tier != GLYPH_ASCII; k++)
        if (strcmp(unit, signs[k][0]) == 0)
            return signs[k][1];
    return unit;
}
