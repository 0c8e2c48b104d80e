/* Where things are on a screen of any size. Pure functions. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

#include "app/sight.h"

struct rect {
    int x, y, width, height;
};

/* By size: below 40x10 a summary of a few lines; one view (with the strip of waiting times from 80x24 on); from 120x36 two side by
 * side; from 160x48 the data at the left and four views, five where there is room for three below. */
enum layout_kind { LAYOUT_AUTO, LAYOUT_ONE, LAYOUT_TWO, LAYOUT_WIDE, LAYOUT_QUAD };

#define LAYOUT_SLOTS 5

struct layout_want {
    enum layout_kind kind;
    bool maximised;                   /* the focused one alone */
    int focus;                        /* slot with the focus */
    enum view_id slot[LAYOUT_SLOTS];  /* what they show, the first ones in the smaller layouts */
};

struct pane {
    int slot;
    enum view_id view;
    struct rect rect, frame; /* inside; with its frame (equal if it has none) */
    bool focused;
};

struct layout {
    bool summary;                                   /* nothing but `middle`, for a few words */
    int state, tabs, strip, rule, jobs, echo, keys; /* rows; -1: no room */
    struct rect middle, rail;                       /* all panes together; the list of the data, width 0: none */
    int n_panes;
    struct pane pane[LAYOUT_SLOTS];
};

/* Works for all sizes, 0x0 included. A kind that has no room gives the next smaller one. Some pane has the focus, if there is any. */
void layout_make(int width, int height, const struct layout_want *want, struct layout *ret_layout);

/* The pane at a cell, frame included, or NULL. */
const struct pane *layout_pane_at(const struct layout *layout, int x, int y);

#endif
