/* A grid on paper. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_GRID_PAPER_H
#define VIEW_GRID_PAPER_H

#include "view/grid.h"
#include "view/pen.h"

/* What a terminal would show, dark on white. The bytes of the file are freed by the caller. */
isd_status grid_paper(const struct grid *grid, enum ramp ramp, enum pen_kind kind, char **ret_bytes, size_t *ret_length, isd_error *err);

#endif
