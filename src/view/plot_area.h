/* The inside of a plot while it is drawn, for plot.c and plot_points.c alone. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PLOT_AREA_H
#define VIEW_PLOT_AREA_H

#include "view/canvas.h"
#include "view/plot.h"

#define PLOT_MAX_CURVES 24

/* The inner rectangle, and one canvas for each curve. */
struct plot_area {
    struct grid *grid;
    const struct plot *plot;
    int x, y, width, height; /* cells */
    struct axis axis_x, axis_y;
    struct canvas canvas[PLOT_MAX_CURVES];
    int n;
    long dropped; /* points that a log axis has no place for */
};

/* Dots of a canvas; what is far outside stays near the edge, so that lines keep their direction and cost little. */
long plot_dot_x(const struct plot_area *area, const struct canvas *canvas, double value);
long plot_dot_y(const struct plot_area *area, const struct canvas *canvas, double value);
/* The dots of a canvas become glyphs of the grid. */
void plot_show_canvas(const struct plot_area *area, const struct canvas *canvas, char ascii, enum role role);

/* Error bars into the canvas and the grid, what lies beyond a log axis into the count; marks into the grid, over all lines. */
void plot_draw_bars(struct plot_area *area, struct canvas *canvas, const struct curve *curve);
void plot_draw_marks(const struct plot_area *area, const struct curve *curve);
void plot_draw_slope(const struct plot_area *area, const struct slope_mark *slope);

#endif
