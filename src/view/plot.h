/* Curves into a grid: axes, step lines, areas, points with error bars, in braille or ASCII. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PLOT_H
#define VIEW_PLOT_H

#include "view/axis.h"
#include "view/glyph.h"
#include "view/grid.h"

enum curve_style {
    CURVE_SOLID,
    CURVE_DOTTED,
    CURVE_AREA,
    CURVE_DASHED,
    CURVE_POINTS,
    CURVE_BARS /* from zero up or down to the value, as wide as a bin */
};

/* Marks of points, told apart by shape: filled and hollow in turn. Those from PLOT_MARKERS on begin anew; PLOT_MARK_SMALL is a dot. */
#define PLOT_MARKERS 8
#define PLOT_MARK_SMALL (-1)
uint32_t plot_marker(int marker, enum glyph_tier tier);

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
    const double *se_x, *se_y; /* [n] points alone: bars of one error each way; NULL or NaN: none */
    int marker;                /* of points */
};

/* The largest value of a curve, 0 if none is above it. */
double curve_largest(const double *values, int n);

/* A triangle that shows a slope in a plot of two log axes: from (x, y) to the right by a factor `width`, and up. */
struct slope_mark {
    double x, y, width, slope;
    const char *label; /* of the upright side */
};

/* A place on the x axis that is pointed at: a triangle at the upper edge and words beside it. */
struct plot_mark {
    double x;
    const char *label; /* or NULL */
    enum role role;
};

struct plot {
    struct axis x, y;
    const struct curve *curves; /* later ones are drawn over earlier ones; a cell shows the dots of one curve only */
    int n_curves;
    bool first_on_top; /* earlier ones are drawn over later ones instead */
    double cursor; /* x of the mark; NaN: none */
    double brush_low, brush_high; /* an interval of x that is chosen, shown at the axis; none where low < high does not hold */
    const struct plot_mark *marks;
    int n_marks;
    const struct slope_mark *slope; /* or NULL */
    int left;      /* cells left of the plot at least, so that plots one above the other agree */
    bool inner;    /* ticks without numbers at the x axis: another plot follows below */
    enum glyph_tier tier;
};

/* The axes in force: as said, else chosen from the curves. For other writers of the same picture. */
void plot_axes(const struct plot *plot, struct axis *ret_x, struct axis *ret_y);

/* Draws into the rectangle; works at any size (nothing below 8x3). Deterministic: the same bits in, the same cells out. */
void plot_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plot);

/* Where the curves of a plot drawn into that rectangle are, without axes and labels, and the axes in force. False: no room. */
struct plot_inside {
    int x, y, width, height; /* cells */
    struct axis axis_x, axis_y;
};
bool plot_inside(const struct plot *plot, int x, int y, int width, int height, struct plot_inside *ret_inside);

/* Several plots, one above the other, with the x axis of the first; only the last has numbers there. Those that find no room for
 * four lines are left out from the end. */
void plot_stack_draw(struct grid *grid, int x, int y, int width, int height, const struct plot *plots, int n);

#endif
