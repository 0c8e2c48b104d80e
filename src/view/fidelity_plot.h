/* How far apart the minima are that different methods find. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_FIDELITY_PLOT_H
#define VIEW_FIDELITY_PLOT_H

#include "view/glyph.h"
#include "view/grid.h"

struct fidelity_plot {
    const char *const *name;  /* [n] methods */
    const double *const *d;   /* [frames] matrices [n * n] of D_min between the minima of a frame */
    int n, frames;
    double same;              /* nearer minima are one */
    const char *length_unit;
    enum glyph_tier tier;
};

/* Lines the picture takes: one for each pair of methods, and four around. */
int fidelity_plot_height(const struct fidelity_plot *plot);

/* One row a pair of methods, D to the right on a log scale, one mark a frame (digits where several fall together); what lies
 * left of the line counts as the same. At the end of a row: how many frames agree, and the root mean square. */
void fidelity_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct fidelity_plot *plot);

#endif
