/* The demos as pictures: at the prompt and on the full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_DEMO_PICTURE_H
#define REPL_DEMO_PICTURE_H

#include "app/demos.h"
#include "repl/plot.h"
#include "view/grid.h"
#include "view/ring_plot.h"

/* How a demo is looked at. */
struct demo_sight {
    enum glyph_tier tier;
    bool colour;
    int row, column; /* of the costs in demo 1d: the cursor; -1: none */
    bool end;        /* demo quench and demo shells as they are in the end, wherever one is in them */
};

/* Draws the demo shown last into any rectangle. */
void demo_picture_draw(struct grid *grid, int x, int y, int width, int height, const struct demos *demos, const struct demo_sight *sight);

/* demo 1d as the picture wants it; pointers are those of `ring`. */
struct ring_plot demo_ring_plot(const struct demo_ring *ring, const struct demo_sight *sight);

/* The same as lines of text under a head line, freed by the caller; NULL when out of memory. */
char *demo_picture_text(const struct demos *demos, const struct plot_place *place, bool end);

#endif
