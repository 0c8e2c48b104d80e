/* Small things of one line: a sparkline of t_w, a progress bar, a bar of keys. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_STRIP_H
#define VIEW_STRIP_H

#include "view/glyph.h"
#include "view/grid.h"

struct tw_strip {
    const double *tw, *value; /* [n]; value NaN: not known yet */
    int n, current;           /* current -1: none */
    enum glyph_tier tier;
};

/* One glyph a t_w, as high as its value (0 ... the largest), the current one in brackets, the first and last t_w at the ends.
 * Scrolls to keep the current one in sight. Returns the columns used. */
int tw_strip_draw(struct grid *grid, int x, int y, int width, const struct tw_strip *strip);

/* fraction 0 ... 1 in eighths of a cell. */
void progress_draw(struct grid *grid, int x, int y, int width, double fraction, enum glyph_tier tier);

struct key_hint {
    const char *key, *label;
};
/* "[ ] tw   , . pair": in order, as many as fit whole. Returns the columns used. */
int key_bar_draw(struct grid *grid, int x, int y, int width, const struct key_hint *hints, int n);

/* Which of them is at column `at` of a bar of that width; -1: none. */
int key_bar_at(int width, const struct key_hint *hints, int n, int at);

/* A number in few characters: 0.5, 12, 3e4. */
void short_number(double value, char *out, size_t size);

#endif
