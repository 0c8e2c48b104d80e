/* All atoms of a frame from any side: orthographic, near ones cover far ones. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SPACE_H
#define VIEW_SPACE_H

#include "view/slice.h"

/* Draws the frame of a slice, all of it, seen from the eye of the slice turned by `turn` degrees about the upward axis and then tipped
 * by `tip` degrees towards the eye. Depth is told by two steps of fog (far, farthest) and by what covers what; marked atoms are
 * discs, the others single dots then. Arrows as in a slice, from atoms that are marked and longer than the threshold; of very many
 * one in a few. Of more than 200000 atoms without marks some stand for all. */
void space_draw(struct grid *grid, int x, int y, int width, int height, const struct slice_plot *plot, double turn, double tip,
                struct slice_seen *ret_seen);

/* The same on paper, as slice_paper. */
isd_status space_paper(const struct slice_plot *plot, double turn, double tip, int width, int height, const char *unit, enum pen_kind kind,
                       char **ret_bytes, size_t *ret_length, isd_error *err);

/* The atom seen at (or nearest to) a cell of such a picture drawn at (0, 0); -1: there is none. */
int32_t space_pick(const struct slice_plot *plot, int width, int height, double turn, double tip, int column, int row);

#endif
