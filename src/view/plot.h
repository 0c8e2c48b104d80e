/* Curves into a grid: axes, step lines, areas, in braille or ASCII. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PLOT_H
#define VIEW_PLOT_H

#include "view/grid.h"

enum glyph_tier { GLYPH_BRAILLE, GLYPH_HALF, GLYPH_ASCII };

enum curve_style { CURVE_SOLID, CURVE_DOTTED, CURVE_AREA };

struct curve {
    const double *x, *y; /* [n] bin centres and values; NaN is left out */
    int n;
    enum curve_style style;
    enum role role;
    const char *label;   /* "L labelled"; drawn at the curve */
    char ascii;          /* glyph of the ASCII tier */
    bool steps;          /* bins as steps */
};

struct axis {
    const char *label; /* "u, r /sigma" */
    double low, high;  /* low < high; equal: chosen from the data */
    bool log;          /* values <= 0 are dropped, counted and said */
};

struct plot {
    struct axis x, y;
    const struct curve *curves;
    int n_curves;
    double cursor; /* x of the mark; NaN: none */
    enum glyph_tier tier;
};

/* Draws into the rectangle; works at any size (nothing below 8x3). Deterministic: the same bits in, the same cells out. */
void plot_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plot);

#endif
