/* Atoms in a slab and where they go: the paper's Figs. 1b and 1d. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SLICE_H
#define VIEW_SLICE_H

#include "view/glyph.h"
#include "view/grid.h"
#include "view/pen.h"
#include "view/raster.h"
#include "view/slab.h"

enum slice_arrows { SLICE_NONE, SLICE_LABELLED, SLICE_MATCHED, SLICE_BOTH };

struct slice_plot {
    const isd_snapshot *frame;
    const struct slab *slab;  /* of the frame; its normal is the picture's */
    double plane, thickness;  /* of the normal's coordinate, both ignored in 2D */
    double zoom;              /* 1: one whole cell fits in */
    double centre[2];         /* the middle of the picture, across and up, from the middle of the cell */
    const double *lab, *mat;  /* [3n] displacements of the frame's atoms, or NULL */
    enum slice_arrows arrows;
    double scale, threshold;  /* of arrows: length over displacement, and the shortest displacement drawn */
    double longest;           /* no displacement is longer; 0: not known */
    const double *radius;     /* [n_types + 1] of the discs, in lengths */
    const char *letter;       /* [n_types + 1] of the ASCII tier */
    const double *shade;      /* [n] a value that colours the discs by the ramp from 0 to shade_high, or NULL */
    double shade_high;
    const unsigned char *marked; /* [n] those that are brushed, the others are dim; or NULL */
    int32_t atom;             /* of the cursor, -1: none */
    const int32_t *ring;      /* [n_ring] atoms that took each other's places, in order, or NULL: drawn wherever they are */
    int n_ring;
    int32_t hub;              /* with a circle of this radius round it, over everything; */
    double circle;            /* 0: none */
    enum glyph_tier tier;
};

struct slice_seen {
    int32_t atoms;            /* in the slab */
    int32_t labelled, matched;/* arrows drawn */
    int every_marked;         /* of all atoms from any side: of that many marked ones one is drawn; 0 and 1: all */
    int every;                /* of that many arrows one is drawn (in a slice, of that many atoms), 0 and 1: all */
    double per_cell;          /* lengths in the width of a cell */
    int mark_x, mark_y;       /* cell of the grid with the cursor's atom; -1: not in the picture */
};

/* Discs by species (ring, filled, cross, ring with a dot), dim where they are behind the plane; arrows
 * with heads, the labelled ones dotted where both are shown; o towards the eye or x away from it where that is most of a
 * displacement and the discs are large enough. What leaves the cell comes in again at the other side. Nothing below 8x3; ret_seen may be NULL. */
void slice_draw(struct grid *grid, int x, int y, int width, int height, const struct slice_plot *plot, struct slice_seen *ret_seen);

/* The same on paper as large as so many cells of a terminal, with a bar of a round length in `unit` and the species under it. The bytes of
 * the file are freed by the caller. */
isd_status slice_paper(const struct slice_plot *plot, int width, int height, const char *unit, enum pen_kind kind, char **ret_bytes,
                       size_t *ret_length, isd_error *err);

/* Cells that the picture can use of this width: at zoom 1 that of one cell of the frame. */
int slice_width(const struct slice_plot *plot, int width, int height);

/* Dots from one atom to the next: below 6 there are no discs but a carpet. 0: no picture. */
double slice_dots_apart(const struct slice_plot *plot, int width, int height);

/* The zoom at which atoms are discs, not dots: 7 dots from one to the next in braille. 1 in 2D, where all are to be seen. */
double slice_readable_zoom(const struct slice_plot *plot, int width, int height);

/* The atom of the slab nearest to a cell of such a picture drawn at (0, 0); -1: there is none. */
int32_t slice_pick(const struct slice_plot *plot, int width, int height, int column, int row);
/* The next atom of the slab from plot->atom towards (dx, dy), dy upwards; from the middle if there is no atom. -1: none. */
int32_t slice_next(const struct slice_plot *plot, int width, int height, int dx, int dy);

/* The place across and up (in the picture's axes) of the middle of a cell of such a picture; false: no picture. */
bool slice_place(const struct slice_plot *plot, int width, int height, int column, int row, double ret_place[2]);

/* Is the atom in the slab? */
bool slice_holds(const struct slice_plot *plot, int32_t atom);

/* How the discs of a type are told apart: drawn, coloured, in words. */
enum disc_style slice_disc(int type);
enum role slice_role(int type);
int slice_level(const struct slice_plot *plot, int32_t atom); /* of the ramp; 0: the colour of its role */
const char *slice_style(int type); /* "ring", "filled", "cross", "ring with a dot" */

#endif
