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
    enum glyph_tier tier;
};

/* Lines the picture takes. */
int ring_plot_height(const struct ring_plot *plot);

/* The ring before and after, cut open, with numbers for names; under it the costs C (shaded, the optimum X in brackets, one's own
 * pairing in braces) with the prices at their edges, and beside them, where there is room, the slack C - u - v: nowhere below 0. */
void ring_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct ring_plot *plot);

#endif
