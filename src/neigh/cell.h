/* The periodic cell in a reduced basis. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NEIGH_CELL_H
#define NEIGH_CELL_H

#include "isdmin/box.h"

/* The first `rank` vectors are the reduced lattice of the periodic directions; unit vectors orthogonal to
 * them and to each other complete the basis. In 2D z is dropped before anything is done. */
struct cell {
    int dim, rank;
    double origin[3];
    double basis[3][3];
    double dual[3][3]; /* dual[i] . basis[j] = delta_ij */
    double height[3];  /* distance between opposite faces, for the first `rank` */
};

void cell_init(struct cell *ret_cell, const isd_box *box);

/* r made relative to the origin, and the lattice translation that brings it into the cell: fractions s of
 * ret_r lie in [0,1) to rounding. False when r is too far away for a double to say where in the cell it is.
 */
bool cell_wrap(const struct cell *cell, const double r[3], double ret_r[3], double ret_shift[3]);

static inline double cell_fraction(const struct cell *cell, int k, const double r[3])
{
    return cell->dual[k][0] * r[0] + cell->dual[k][1] * r[1] + cell->dual[k][2] * r[2];
}

#endif
