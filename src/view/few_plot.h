/* A few atoms before and after, each by its number: the paper's Fig. 1(a). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_FEW_PLOT_H
#define VIEW_FEW_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/glyph.h"
#include "view/grid.h"

struct few_plot {
    const char *title;
    int n;
    const double *before, *after; /* [3n] */
    const double *lab, *mat;      /* [3n] displacements from `before` */
    double radius;                /* of the discs */
    double rmsd, d_min;
    bool certified;
    const int32_t *loop;          /* [n_loop] atoms that exchanged places, each went to the place of the next */
    int n_loop;
    const char *unit;             /* of length */
    enum glyph_tier tier;
};

/* Rings with numbers before, filled discs with primed numbers after; dotted arrows from each to its own, solid ones to the nearest of all;
 * beneath, RMSD, D_min and the loop in words. The scale is that of everything together. Nothing below 16x8. */
void few_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct few_plot *plot);

#endif
