/* isdmin: the periodic cell. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_BOX_H
#define ISDMIN_BOX_H

#include <stdbool.h>

#include "isdmin/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* LAMMPS' cell: a = (lx,0,0), b = (xy,ly,0), c = (xz,yz,lz) from `origin`; lengths in the units of the set.
 * dim 2: the cell is the x-y parallelogram; z is carried along but takes no part in distances, volume or images. */
typedef struct isd_box {
    int dim;          /* 2 or 3 */
    bool periodic[3]; /* along a, b, c; z never counts in 2D */
    double origin[3];
    double lx, ly, lz, xy, xz, yz;
} isd_box;

/* Refuses lengths that are not finite and positive (lz is free in 2D) and tilts that are not finite. */
isd_status isd_box_check(const isd_box *box, isd_error *err);

double isd_box_volume(const isd_box *box); /* an area in 2D */

/* Smallest distance between opposite faces over all `dim` directions. */
double isd_box_thickness(const isd_box *box);

/* r0 = (V/n)^(1/dim) for n atoms: the mean distance between atoms (paper, Eq. 1). */
double isd_box_spacing(const isd_box *box, double n);

/* Cartesian r = origin + s[0] a + s[1] b + s[2] c and back; in 2D s[2] is the height over lz, 0 where lz is 0. */
void isd_box_to_fraction(const isd_box *box, const double r[3], double ret_s[3]);
void isd_box_from_fraction(const isd_box *box, const double s[3], double ret_r[3]);

/* r moved into the cell along periodic directions: fractions in [0,1). r and ret_r may be the same. */
void isd_box_wrap(const isd_box *box, const double r[3], double ret_r[3]);

/* r plus image[0] a + image[1] b + image[2] c. */
void isd_box_unwrap(const isd_box *box, const double r[3], const int image[3], double ret_r[3]);

/* Equal edges, tilts, periodicity and dimension, to 1e-9 of the longest edge; the origin does not count. */
bool isd_box_equal(const isd_box *a, const isd_box *b);

/* A reduced basis of the periodic directions, for shortest vectors in cells of any tilt. Plain data. */
typedef struct isd_lattice {
    int rank;             /* number of periodic directions in use, 0 ... dim */
    int dim;              /* as the box */
    double basis[3][3];   /* rank reduced lattice vectors */
    double dual[3][3];    /* dual[i] . basis[j] = delta_ij */
    int n_image;          /* neighbour translations to try, 0 where rounding is exact (orthogonal cells) */
    double image[26][3];
    double safe_sq;       /* a rounded vector no longer than sqrt(safe_sq) is already the shortest */
} isd_lattice;

void isd_lattice_init(isd_lattice *ret_lattice, const isd_box *box);

/* d replaced by the shortest d + lattice vector (ties: any); in 2D d[2] becomes 0. Returns its squared length.
 * The same inputs give the same bits everywhere: this one function defines distance for solver and checker. */
double isd_lattice_shortest(const isd_lattice *lattice, double d[3]);

#ifdef __cplusplus
}
#endif
#endif
