/* A liquid that slides into its inherent structure, step by step, and what the match says afterwards. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SLIDE_PLOT_H
#define VIEW_SLIDE_PLOT_H

#include "isdmin/snapshot.h"
#include "view/glyph.h"
#include "view/grid.h"

enum slide_stage { SLIDE_STEPS, SLIDE_LABELLED, SLIDE_MATCHED, SLIDE_LOOP };

struct slide_plot {
    const isd_snapshot *frame;    /* two-dimensional: the atoms at this step */
    enum slide_stage stage;
    int step, n_steps;            /* step < n_steps, the last one is the minimum */
    const double *energy, *fmax;  /* [n_steps] per atom; largest force */
    int from, to;                 /* the frames that were matched */
    const double *lab, *mat;      /* [3n] displacements of the inherent structure */
    double r0, rmsd, d_min;
    bool certified;
    const int32_t *loop;          /* [n_loop] atoms, as in few_plot.h */
    int n_loop;
    bool same_places;             /* the loop's atoms only exchanged places */
    double loop_rmsd, loop_d_min;
    enum glyph_tier tier;
};

/* The atoms at the left; at the right their energy against the step as far as it has come, and in words what is seen. In later stages
 * arrows: labelled, matched, then the loop. Narrow pictures leave out the energy. Nothing below 16x6. */
void slide_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct slide_plot *plot);

#endif
