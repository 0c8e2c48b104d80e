/* Shapes on paper, written by one of several writers. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Places are in units of the paper, from its upper left corner; colours are "#rrggbb". What cannot be written for want of memory
 * is remembered and said by pen_finish. */
#ifndef VIEW_PEN_H
#define VIEW_PEN_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/status.h"

enum pen_kind { PEN_SVG, PEN_GNUPLOT, PEN_PDF, PEN_PNG };

/* How a shape is painted: the inside first, then its line. */
struct paint {
    const char *fill, *line; /* NULL: none */
    double width;            /* of the line */
    double dash[2];          /* drawn and left out; 0: solid */
};

enum pen_anchor { PEN_START, PEN_MIDDLE, PEN_END };
struct lettering {
    double size;
    enum pen_anchor anchor;
    bool upright; /* read from below, turned about its place */
    bool bold, mono;
    const char *colour; /* NULL: black */
};

struct pen;
struct pen_ops {
    void (*move)(struct pen *pen, double x, double y);
    void (*line)(struct pen *pen, double x, double y);
    void (*close)(struct pen *pen);
    void (*paint)(struct pen *pen, const struct paint *paint); /* the path so far, which is gone then */
    void (*rectangle)(struct pen *pen, double x, double y, double width, double height, const struct paint *paint);
    void (*circle)(struct pen *pen, double x, double y, double radius, const struct paint *paint);
    void (*text)(struct pen *pen, double x, double y, const struct lettering *how, const char *text);
    void (*clip)(struct pen *pen, double x, double y, double width, double height); /* width 0: no longer */
    /* The file so far and what else it needs; NULL data: out of memory. */
    isd_status (*finish)(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err);
    void (*free)(struct pen *pen);
};
struct pen {
    const struct pen_ops *ops;
};

/* White paper, `width` x `height` units, each as large as `unit` points (1/72 inch) on paper. length: what a unit stands for in the
 * numbers of a script of gnuplot (0: 1). ISD_UNSUPPORTED where this program was built without the writer: the hint names the package. */
isd_status pen_new(enum pen_kind kind, double width, double height, double unit, double length, struct pen **ret_pen, isd_error *err);
/* The whole file, freed by the caller; the pen is freed, come what may. */
isd_status pen_finish(struct pen *pen, char **ret_bytes, size_t *ret_length, isd_error *err);
void pen_free(struct pen *pen);

void pen_segment(struct pen *pen, double x0, double y0, double x1, double y1, const struct paint *paint);

/* The writers; those of cairo are NULL where it is not there. */
typedef struct pen *pen_maker(double width, double height, double unit, double length);
pen_maker pen_svg_new, pen_gnuplot_new;
#ifdef ISD_HAVE_CAIRO
pen_maker pen_pdf_new, pen_png_new;
#endif

#endif
