/* The part of a slab that a picture shows: from lengths to dots, and the atoms in it. For view/slice.c alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SLICE_WINDOW_H
#define VIEW_SLICE_WINDOW_H

#include "view/slice.h"

/* From lengths to dots: the middle of the picture and dots a length. */
struct slice_window {
    const struct slice_plot *plot;
    double columns, rows; /* dots */
    double middle[2];     /* in the picture's axes */
    double across, up;    /* dots a length */
    double low, high;     /* depth of the slab */
    bool flat;            /* 2D */
    int every;            /* of so many atoms one is visited */
};

/* Of a picture of so many cells; false: there is nothing to be seen at that size. */
bool slice_window_make(const struct slice_plot *plot, int width, int height, struct slice_window *ret_window);

/* Where a place of the slab is, in dots from the upper left corner. */
void slice_window_dots(const struct slice_window *window, const double place[3], double *ret_x, double *ret_y);

/* Every atom in the slab whose middle is in the window or at most `margin` beside it, once for each image, far ones first. */
typedef void slice_visit_fn(void *arg, const struct slice_window *window, int32_t atom, const double place[3]);
void slice_window_visit(const struct slice_window *window, double margin, slice_visit_fn *visit, void *arg);

#endif
