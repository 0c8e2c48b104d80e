/* g(r), total or of pairs of species: inherent structures against frames as they are, p(u) behind. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_GR_PLOT_H
#define VIEW_GR_PLOT_H

#include "view/plot.h"
#include "view/picture.h"

/* One pair of species. */
struct gr_pair {
    const char *label;      /* "A-B", "total" */
    const double *is, *raw; /* [bins] or NULL: not known */
};

#define GR_MOST_PAIRS 6

struct gr_plot {
    const double *r;        /* [bins] */
    int bins;
    const struct gr_pair *pairs; /* the first one in full, of the others the inherent structures (dashed) alone */
    int n_pairs;
    const double *u, *p;    /* [n_p] labelled p(u), drawn as an area on its own scale, or NULL */
    int n_p;
    const double *peaks;    /* [n_peaks] places where g(r) peaks, marked */
    int n_peaks;
    double low, high;       /* of r; equal: all bins */
    double y_low, y_high;   /* equal: as the data ask for */
    double cursor;          /* r; NaN: none */
    bool log_x, log_y;
    bool stack;             /* a strip for each pair, both structures in each, where there is room */
    enum glyph_tier tier;
    const char *length_unit;
};

/* Where its curves are when it is drawn into that rectangle (of strips: the last one's); false: no room. */
bool gr_plot_inside(int x, int y, int width, int height, const struct gr_plot *gr, struct plot_inside *ret_inside);

void gr_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct gr_plot *gr);

/* The same as panels of a picture for files. */
void gr_plot_picture(const struct gr_plot *gr, const char *title, struct picture *picture);

#endif
