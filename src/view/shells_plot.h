/* How g(r) is counted: atoms, a growing circle, and the shells as bars. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SHELLS_PLOT_H
#define VIEW_SHELLS_PLOT_H

#include "isdmin/snapshot.h"
#include "view/glyph.h"
#include "view/grid.h"

struct shells_plot {
    const isd_snapshot *frame; /* two-dimensional */
    double r0, width;          /* width of a shell */
    int step, n;               /* shells that are counted, 0 to n */
    const double *pairs, *gas, *g; /* [n] */
    enum glyph_tier tier;
};

/* The atoms at the left, with a circle round the one in the middle out to the shell counted last (those outside it are dim); at the right
 * g(r) as far as it is counted, and the last shell in words. Narrow pictures leave out g(r). Nothing below 16x6. */
void shells_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct shells_plot *plot);

#endif
