/* What writers of vector pictures share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_VECTOR_H
#define VIEW_VECTOR_H

#include "model/print.h"
#include "view/picture.h"

/* "#0072b2": colours that nearly everyone tells apart, by curve; shapes and dashes tell them apart without. */
const char *vector_colour(const struct curve *curve, int k);
/* Columns of panels on paper. */
int vector_columns(const struct picture *picture);
/* Labels of ticks have room on paper: 0.2 rather than 2e-1. */
const char *vector_tick_label(const struct tick *tick, const struct axis *axis, char out[16]);
/* A share of the ramp on which black is easier to read than white. */
bool vector_is_light(double share);
/* Where a value lies on the ramp of a map, 0 ... 1. */
double vector_share(const struct heat_map *map, double value, double low, double high);
/* Bounds of all places of a map, and the axes that hold them. Done with vector_bounds_done; false: out of memory. */
struct vector_bounds {
    double *left, *right, *bottom, *top; /* [x.n], [x.n], [y.n], [y.n] */
};
bool vector_bounds_init(struct vector_bounds *bounds, const struct heat_map *map, struct axis *ret_x, struct axis *ret_y);
void vector_bounds_done(struct vector_bounds *bounds);
/* Ends of step k of a curve of steps. */
void vector_step(const struct curve *curve, int k, double *ret_left, double *ret_right);
/* 'text' for gnuplot; a quote in it is joined as a string of its own: doubled ones are misread by some versions where they follow each
 * other, and in double quotes a backquote would run a program. */
void vector_put_quoted(struct print_buffer *out, const char *text);

#endif
