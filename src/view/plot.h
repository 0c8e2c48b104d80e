/* Curves into a grid: axes, step lines, areas, in braille or ASCII. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PLOT_H
#define VIEW_PLOT_H

#include "view/axis.h"
#include "view/glyph.h"
#include "view/grid.h"

enum curve_style { CURVE_SOLID, CURVE_DOTTED, CURVE_AREA };

struct curve {
    const double *x, *y; /* [n] bin centres and values; NaN is left out */
    int n;
    enum curve_style style;
    enum role role;
    const char *label;   /* "labelled"; drawn at the curve */
    char ascii;          /* glyph of the ASCII tier */
    bool steps;          /* bins as steps */
    double top;          /* area only: the value that reaches the top of the plot, on a linear scale of its own;
                            0: the y axis of the plot */
};

struct plot {
    struct axis x, y;
    const struct curve *curves; /* later ones are drawn over earlier ones; a cell shows the dots of one curve only */
    int n_curves;
    double cursor; /* x of the mark; NaN: none */
    enum glyph_tier tier;
};

/* Draws into the rectangle; works at any size (nothing below 8x3). Deterministic: the same bits in, the same cells out. */
void plot_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plot);

/* Where the curves of a plot drawn into that rectangle are, without axes and labels, and the axes in force. False: no room. */
struct plot_inside {
    int x, y, width, height; /* cells */
    struct axis axis_x, axis_y;
};
bool plot_inside(const struct plot *plot, int x, int y, int width, int height, struct plot_inside *ret_inside);

#endif
