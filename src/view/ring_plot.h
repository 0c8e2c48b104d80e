/* The model of one dimension as a picture: who is paired with whom, what it costs, and why nothing is cheaper.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_RING_PLOT_H
#define VIEW_RING_PLOT_H

#include "view/glyph.h"
#include "view/grid.h"

struct ring_plot {
    int n;
    double length;                /* of the ring */
    const double *before, *after; /* [n] in 0 ... length */
    const double *cost;           /* [n * n] */
    const double *u, *v;          /* [n] dual prices */
    const int *partner;           /* [n] the optimum */
    const int *hand;              /* [n] somebody's own pairing, -1: none yet; NULL: none at all */
    double gap;                   /* of the optimum's certificate */
    bool certified;
    bool hidden;                  /* neither the optimum nor its prices are shown */
    bool colour;                  /* costs in levels of the ramp; else shaded by glyphs */
    int row, column;              /* the entry with the cursor; -1: none */
    enum glyph_tier tier;
};

/* Lines the whole picture takes, without and with the rows that are only there where there is room. */
int ring_plot_height(const struct ring_plot *plot);

/* The ring before and after, cut open, with numbers for names (in high pictures with lines from each point to its partner); the costs C
 * as a heat map (the optimum in brackets, one's own pairing in braces) with the prices u and v at their edges; where there is room the
 * permutation matrix X and the slack C - u - v, nowhere below 0; and the sums in words. Puts the grid's cursor on the entry. Nothing is
 * drawn where the costs have no room. */
void ring_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct ring_plot *plot);

/* The entry of the costs at a cell of a picture drawn at (0, 0); false: none is there. */
bool ring_plot_at(const struct ring_plot *plot, int width, int height, int x, int y, int *ret_row, int *ret_column);

#endif
