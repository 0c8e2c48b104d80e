/* Values over two axes as a field of colours. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_HEAT_MAP_H
#define VIEW_HEAT_MAP_H

#include "view/glyph.h"
#include "view/grid.h"

/* Where values are known: ascending, at any distance from one another. */
struct heat_axis {
    const char *label;
    const double *at; /* [n] */
    int n;
    bool log;         /* all at[] positive */
};

struct heat_map {
    struct heat_axis x, y;  /* y grows upwards */
    const double *value;    /* [y.n * x.n], rows of x; NaN: nothing is known, left blank */
    const char *label;      /* of the values: "delta /rad" */
    double low, high;       /* ends of the ramp; equal: those of the values. Values beyond are drawn as the ends, with an arrow at the bar */
    bool log;               /* of the ramp */
    bool colour;            /* half blocks in levels of the ramp; else one glyph a cell */
    bool numbers;           /* the values themselves, if there is room for all */
    enum glyph_tier tier;
    int cursor_x, cursor_y; /* the place marked; -1: none */
};

/* Draws into the rectangle, a bar of the ramp to its right; works at any size. Each place holds the value nearest to it and nothing in
 * between, and reaches no further than half the median distance of places where it borders on a gap. */
void heat_map_draw(struct grid *grid, int x, int y, int width, int height, const struct heat_map *map);

/* Which place a cell of the grid shows when it is drawn into this rectangle, for a pointer; false: none. */
bool heat_map_at(int x, int y, int width, int height, const struct heat_map *map, int cell_x, int cell_y, int *ret_x, int *ret_y);

/* Bounds of the n places along an axis, in its own units; for other writers of the same picture. False: out of memory. */
bool heat_axis_bounds(const struct heat_axis *axis, double *ret_low, double *ret_high);
/* The ramp in force: as said, else from the values; false: nothing can be shown. */
bool heat_map_range(const struct heat_map *map, double *ret_low, double *ret_high);

#endif
