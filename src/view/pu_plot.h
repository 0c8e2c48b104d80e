/* The picture of the paper's Fig. 1c: p(u) labelled and matched, g(r) behind. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PU_PLOT_H
#define VIEW_PU_PLOT_H

#include "view/plot.h"
#include "view/picture.h"

struct pu_plot {
    const double *u;        /* [bins] bin centres */
    const double *labelled; /* [bins] p(u), or NULL: not shown */
    const double *matched;  /* [bins] or NULL */
    const double *instant;  /* [bins] p(u) matched of the frames as they are, or NULL */
    int bins;
    const double *r, *g;    /* [n_g] or NULL; drawn as an area scaled to the plot's height, and labelled with its true peak */
    int n_g;
    double max;             /* right end of the x axis; <= 0: of the bins */
    double low;             /* left end; 0 but on a log axis, where 0 means one bin */
    double cursor;          /* u; NaN: none */
    double y_low, y_high;   /* of p(u); equal: as the data ask for */
    double brush_low, brush_high; /* a chosen interval of u; none where low < high does not hold */
    bool log_x, log_y;
    bool difference;        /* labelled minus matched, up and down from zero, instead of both */
    bool stack;             /* strips one above the other that share u, where there is room */
    double peak_r;          /* the first peak of g(r), marked in the difference; NaN: none */
    enum glyph_tier tier;
    const char *length_unit;/* "sigma", "A" */
};

void pu_plot_draw(struct grid *grid, int x, int y, int width, int height, const struct pu_plot *pu);
/* Where its curves are when it is drawn into that rectangle (of strips: the last one's); false: no room. */
bool pu_plot_inside(int x, int y, int width, int height, const struct pu_plot *pu, struct plot_inside *ret_inside);

/* The same as panels of a picture for files. */
void pu_plot_picture(const struct pu_plot *pu, const char *title, struct picture *picture);

#endif
