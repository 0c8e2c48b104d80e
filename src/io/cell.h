/* Cells as files describe them, turned into LAMMPS' form. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CELL_H
#define IO_CELL_H

#include "isdmin/box.h"

struct file_cell {
    isd_box box;             /* periodic everywhere unless the file says otherwise; dim 3 */
    bool turned;             /* the vectors were not in LAMMPS' form: atoms must be turned too */
    bool mirrored;           /* and were left-handed */
    double rotation[3][3];   /* rows: the new axes in the old frame */
};

/* Three vectors anyhow in space, turned so that a lies along x and b in the xy plane; left-handed ones are
 * mirrored, which keeps all distances. False if they do not span a cell. */
bool cell_from_vectors(struct file_cell *cell, const double a[3], const double b[3], const double c[3],
                       const double origin[3]);

/* LAMMPS' dumps give the bounding box of a tilted cell: rows lo hi tilt, tilts xy xz yz. (Manual, "Triclinic
 * simulation boxes".) */
void cell_from_bounds(struct file_cell *cell, double row[3][3]);

/* From a list of numbers: lx ly | lx ly lz | lx ly lz xy xz yz | a b c. False for other counts or no cell. */
bool cell_from_numbers(struct file_cell *cell, const double *value, int n);

bool cell_is_orthogonal(const struct file_cell *cell);

/* r turned with the cell, about its origin. */
void cell_turn(const struct file_cell *cell, double r[3]);

/* Fractions to a place, in LAMMPS' frame. */
void cell_place(const struct file_cell *cell, const double s[3], double ret_r[3]);

/* The number that gives `want` when a reader subtracts `a` and then `b` from it, if there is one; else want + b + a. */
double cell_bound(double want, double a, double b);

#endif
