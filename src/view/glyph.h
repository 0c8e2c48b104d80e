/* Glyphs: UTF-8, widths, and what stands for them where there is only ASCII. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Widths come from a small table, not from wcwidth, so that the same text gives the same cells in any locale. */
#ifndef VIEW_GLYPH_H
#define VIEW_GLYPH_H

#include <stdint.h>

/* Which glyphs a terminal can show. HALF: blocks and shades but no braille (the Linux console). */
enum glyph_tier { GLYPH_BRAILLE, GLYPH_HALF, GLYPH_ASCII };

/* One character of a terminated, non-empty text; returns its bytes (at least 1). What is no UTF-8 and control
 * characters give '?': text is escaped before it gets here, this is the second lock. */
int glyph_decode(const char *text, uint32_t *ret_glyph);
/* Writes 1 to 4 bytes, returns how many; not terminated. */
int glyph_encode(uint32_t glyph, char *out);
/* Columns: 0 (combining), 1 or 2. */
int glyph_width(uint32_t glyph);
/* The ASCII character that looks most like it: braille by its dots, lines + - |, blocks #, shades '.', else '?'.
 * ASCII stays; the right half of a wide glyph becomes a blank. */
uint32_t glyph_ascii(uint32_t glyph);
/* `text` up to a number of columns, for layout. */
int glyph_columns(const char *text);

/* "sigma" as it is written on paper (a Greek letter, an A with a ring), or as it is in ASCII. Borrowed. */
const char *unit_sign(const char *unit, enum glyph_tier tier);

#endif
