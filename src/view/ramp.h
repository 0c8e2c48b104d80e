/* Colours for values: a few steps from dark to light. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A picture is quantised before it is coloured, so that steps are the same everywhere: eight levels. On terminals of 256 colours each
 * has an entry of the palette whose lightness is above that of the level before; where there is no colour each has an ASCII glyph. */
#ifndef VIEW_RAMP_H
#define VIEW_RAMP_H

#include <stdbool.h>
#include <stdint.h>

#define RAMP_LEVELS 8

enum ramp { RAMP_CIVIDIS, RAMP_VIRIDIS, RAMP_GREY };

/* 1 ... RAMP_LEVELS of a value between low and high (those beyond take the level at the end); 0 for NaN and, on a log ramp, for values
 * that are not positive. */
int ramp_level(double value, double low, double high, bool log);
/* The entry of the 256-colour palette, and a glyph, of a level from 1. */
int ramp_colour(enum ramp ramp, int level);
char ramp_glyph(int level);
/* The level to write with on that ground: the lightest or the darkest. */
int ramp_contrast(int level);

/* Red, green and blue of an entry of the 256-colour palette; only entries from 16 on are the same everywhere. */
void ramp_palette_rgb(int colour, uint8_t ret_rgb[3]);
/* Where colours are continuous: the ramp at 0 ... 1, dark to light. */
void ramp_rgb(enum ramp ramp, double position, uint8_t ret_rgb[3]);
void ramp_hex(enum ramp ramp, double position, char ret_colour[8]); /* "#0072b2" */

#endif
