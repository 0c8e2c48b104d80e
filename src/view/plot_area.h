/* The inside of a plot while it is drawn, for plot*.c alone. SPDX-License-Identifier: GPL-3.0-or-later */
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

/* The cell, of so many, of a position on an axis; what is far outside stays near the edge. */
int plot_cell(double position, int cells);
/* Dots of a canvas; what is far outside stays near, so that lines keep their direction and cost little. */
long plot_dot_x(const struct plot_area *area, const struct canvas *canvas, double value);
long plot_dot_y(const struct plot_area *area, const struct canvas *canvas, double value);
/* The dots of a canvas become glyphs of the grid. */
void plot_show_canvas(const struct plot_area *area, const struct canvas *canvas, char ascii, enum role role);

/* Error bars into the canvas and the grid, what lies beyond a log axis into the count; marks into the grid, over all lines. */
void plot_draw_bars(struct plot_area *area, struct canvas *canvas, const struct curve *curve);
void plot_draw_marks(const struct plot_area *area, const struct curve *curve);
void plot_draw_slope(const struct plot_area *area, const struct slope_mark *slope);

/* plot_frame.c: the axes with ticks and labels, beginning at column `left`; columns that those of the y axis take. */
void plot_draw_y_axis(struct plot_area *area, const struct tick *ticks, int n, int left);
void plot_draw_x_axis(struct plot_area *area, const struct tick *ticks, int n, bool labels);
int plot_gutter(const struct plot *plot, const struct tick *ticks, int n, int width);

/* plot_label.c: the label of a curve where it touches no line, and none where there is no such place. */
void plot_label_line(struct plot_area *area, int mine, const struct curve *curve);
void plot_label_area(struct plot_area *area, const struct curve *curve);
bool plot_has_text(const struct plot_area *area, int column, int row); /* is there a letter or a digit in that cell? */

#endif
