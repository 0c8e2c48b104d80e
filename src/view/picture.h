/* What results look like: panels of plots and heat maps, for the terminal and for files. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_PICTURE_H
#define VIEW_PICTURE_H

#include "model/result.h"
#include "view/heat_map.h"
#include "view/pen.h"
#include "view/plot.h"

#define PANEL_CURVES 24

/* A plot, or a heat map. Its arrays belong to the picture or to the results it was made of. */
struct panel {
    bool is_heat;
    char title[200];
    char x_label[48], y_label[48];
    struct plot plot; /* its curves are those below */
    struct curve curve[PANEL_CURVES];
    char label[PANEL_CURVES][32]; /* of curves: those of points make a legend */
    struct slope_mark slope;
    struct heat_map heat;
};

struct picture {
    struct panel *panel;
    int n;
    struct picture_block *blocks; /* numbers it owns */
    bool failed;                  /* out of memory */
};

/* A picture of these results, which outlive it; false: there is none of such results (*picture is then empty, or failed). Which commands
 * have one: fit of every kind, points, relaxation, map, series, pu, gr, fidelity, and all others whose results are curves. */
bool picture_make(const struct result *const *results, int n, struct picture *ret_picture);
void picture_done(struct picture *picture);

/* A picture of what is seen, panel by panel, for files: copies of the plot (without its cursor and brush) and of the map, with words above.
 * *picture begins as {.n = 0}; picture_close makes it whole and says whether there was memory for it. */
void picture_copy_plot(struct picture *picture, const struct plot *plot, const char *title);
void picture_copy_map(struct picture *picture, const struct heat_map *map, const char *title);
bool picture_close(struct picture *picture);

/* Lines it takes at that width, panels side by side where there is room; `panel_height` for each. Draws into the rectangle. */
int picture_height(const struct picture *picture, int width, int panel_height);
void picture_draw(struct grid *grid, int x, int y, int width, int height, const struct picture *picture, enum glyph_tier tier, bool colour);

/* Axes that leave a margin around points and their bars. */
void panel_fit_axes(struct panel *panel, bool log_x, bool log_y);

/* "t /tau" with the sign of its unit, where the tier has it. */
void label_with_sign(const char *label, enum glyph_tier tier, char *out, size_t size);

/* One of its panels alone. */
void picture_draw_panel(struct grid *grid, int x, int y, int width, int height, const struct panel *panel, enum glyph_tier tier, bool colour);

/* The same on paper. The bytes of the file are freed by the caller. */
isd_status picture_paper(const struct picture *picture, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err);
/* The same as a script of gnuplot that holds the data. Freed by the caller; NULL when out of memory. */
char *picture_gnuplot(const struct picture *picture);

#endif
