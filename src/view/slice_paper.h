/* Paper under pictures of atoms: its size, and what stands below them. For slice.c and space.c. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SLICE_PAPER_H
#define VIEW_SLICE_PAPER_H

#include "view/slice.h"

struct paper {
    struct pen *pen;
    double width, height; /* of the picture, in dots */
    double length;        /* of a dot */
};

/* For a picture of width x height cells; drawing is cut at its edge until paper_finish. */
isd_status paper_begin(struct paper *ret_paper, int width, int height, double length, enum pen_kind kind, isd_error *err);
/* The legend, and the file; the pen is freed, come what may. */
isd_status paper_finish(struct paper *paper, const struct slice_plot *plot, const char *unit, char **ret_bytes, size_t *ret_length,
                        isd_error *err);

#endif
