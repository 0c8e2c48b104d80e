/* Atoms in small cells, and which cells come within a distance: for counting pairs. Inside of src/analysis. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Atoms are wrapped and sorted into small parallel cells. Every cell meets the cells that a list of offsets names; an offset
 * that leaves the box comes back on the other side with a lattice vector, as often as need be, so that all images within max
 * are met, in a box of any shape and any max. The offsets cover one half of space: each pair with each of its images is met
 * once. */
#ifndef ANALYSIS_HISTOGRAM_GRID_H
#define ANALYSIS_HISTOGRAM_GRID_H

#include <stddef.h>

#include "isdmin/snapshot.h"

struct offset {
    int o[3];
};

struct cell_grid {
    int dim, n[3]; /* cells along a, b, c */
    bool periodic[3];
    double low[3], extent[3];  /* fractions covered: 0 and 1 along periodic directions */
    double width[3];           /* distance between opposite faces of a cell */
    double vector[3][3];       /* of the box */
    int32_t n_cells, n_atoms;
    int32_t *start;            /* [n_cells + 1] */
    double *x, *y, *z;         /* wrapped, in order of cells */
    uint8_t *type;
    struct offset *offsets;    /* the first is zero */
    size_t n_offsets;
};

/* Cells of `snapshot` and the offsets between those that hold points within `max` of each other; cell_grid_done on failure too. */
isd_status cell_grid_init(struct cell_grid *grid, const isd_snapshot *snapshot, double max, isd_error *err);
void cell_grid_done(struct cell_grid *grid);
/* The cell that an offset leads to from `at`, and the lattice vector that brings it there; -1 outside an open face. */
int32_t cell_grid_neighbour(const struct cell_grid *grid, const int at[3], const struct offset *offset, double ret_shift[3]);
/* Distance between the faces of a box that direction k joins. */
double cell_grid_thickness(const isd_box *box, int k);

#endif
