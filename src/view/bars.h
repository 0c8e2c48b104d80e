/* Counts as horizontal bars, one a line. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_BARS_H
#define VIEW_BARS_H

#include "view/glyph.h"
#include "view/grid.h"

struct bar {
    const char *label; /* at the left */
    double value;      /* not negative; written behind the bar */
    enum role role;
    char ascii;        /* of the ASCII tier, and how bars of two kinds differ there */
};

struct bars {
    const struct bar *bar;
    int n;
    bool log;          /* lengths go by the logarithm: a value of 1 is seen beside thousands */
    enum glyph_tier tier;
};

/* The bars from number `top` on, as many as there are lines; in the braille tier to an eighth of a cell. Two kinds of bars differ by
 * their glyphs: those of ROLE_MATCHED are light. */
void bars_draw(struct grid *grid, int x, int y, int width, int height, const struct bars *bars, int top);

#endif
