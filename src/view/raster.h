/* Dots that remember what they show: discs, lines and heads for pictures of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_RASTER_H
#define VIEW_RASTER_H

#include "view/canvas.h"
#include "view/grid.h"
#include "view/pen.h"

/* A canvas with a role for each cell (that of the dot drawn last) and glyphs over the dots. Lengths are in dot widths; a dot is
 * `aspect` times as high as it is wide (2 in the ASCII tier, else 1). Everything outside is cut.
 * The same calls make a drawing of lines and circles where `paper` is set (raster_init_paper). */
struct raster {
    struct canvas canvas;
    uint8_t *role;  /* [height * width] of the canvas, in cells */
    uint32_t *text; /* the same; 0: the dots are shown */
    uint8_t *level; /* the same: of the ramp (ramp.h), 0: the colour of the role */
    int pen;        /* level that everything gets from now on */
    double aspect;
    struct pen *paper; /* or NULL */
};

/* How discs of different species differ without colour. */
enum disc_style { DISC_RING, DISC_FILLED, DISC_CROSS, DISC_RING_DOT };
#define DISC_STYLES 4

bool raster_init(struct raster *raster, int width, int height, enum glyph_tier tier); /* false: out of memory */
/* Shapes go to `paper`, borrowed: one dot of the braille tier is one unit there, so that 2 width x 4 height hold everything. */
bool raster_init_paper(struct raster *raster, int width, int height, struct pen *paper);
void raster_done(struct raster *raster);

/* Dots across and down, the size that places are given in (y counts from the top, in dot heights). */
long raster_columns(const struct raster *raster);
long raster_rows(const struct raster *raster);

void raster_dot(struct raster *raster, long x, long y, enum role role, char ascii);
/* A disc covers what is behind it; below a radius of 2 it is a dot. In the ASCII tier its middle is the letter. */
void raster_disc(struct raster *raster, double x, double y, double radius, enum disc_style style, enum role role, char letter);
/* A line of dots, in the ASCII tier of - / | \; dotted: one dot in three. */
void raster_line(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role);
/* The same with a head at its end: one of eight arrow heads as a glyph, in the ASCII tier > ^ < v; an arrow that a head
 * would hide has none. */
void raster_arrow(struct raster *raster, double x0, double y0, double x1, double y1, bool dotted, enum role role);
/* A glyph in the cell of a place. */
void raster_glyph(struct raster *raster, double x, double y, uint32_t glyph, enum role role);
/* Text that begins at the cell of a place, cut at the edge. */
void raster_text(struct raster *raster, double x, double y, enum role role, const char *text);

/* Into a grid, with its upper left corner at (x, y). Empty cells leave the grid alone. */
void raster_show(const struct raster *raster, struct grid *grid, int x, int y);

#endif
