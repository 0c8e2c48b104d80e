/* Tersoff: what its file, its pairs and its kernels share. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tersoff, Phys. Rev. B 39, 5566 (1989), with the parameters of LAMMPS' files. The energy is a sum over atoms i and
 * their neighbours j of (f_R(r_ij) + b_ij f_A(r_ij))/2; f_R, f_A and b_ij come from entry (i,j,j), the terms of
 * zeta_ij from entries (i,j,k). Elements are numbered from 0 in the order in which types name them. */
#ifndef POT_TERSOFF_H
#define POT_TERSOFF_H

#include <stddef.h>

#include "pot/potential.h"

/* One line of a file. Metal units: energies eV, lengths Angstrom. */
struct tersoff_numbers {
    double m, gamma, lambda3, c, d, h, n, beta, lambda2, B, R, D, lambda1, A;
};

struct tersoff_entry {
    struct tersoff_numbers p;
    double cutoff_sq;          /* (R + D)^2 */
    double c_sq, d_sq, offset; /* offset = 1 + c^2/d^2 */
    double series[4];          /* of beta zeta: above [0] and [1], below [2] and [3], b is a short series */
    bool given;
};

struct tersoff_potential {
    isd_potential base;
    int32_t n_elements;
    int32_t element[ISD_MAX_TYPES]; /* of type k + 1 */
    double reach[ISD_MAX_TYPES * ISD_MAX_TYPES]; /* [n_elements * n_elements] largest cutoff of any entry for a pair */
    struct tersoff_entry entry[];   /* [n_elements^3], (i,j,k) at (i n + j) n + k */
};

/* Pairs that may come into reach before an atom has moved half of `skin`; a bond is a pair seen from one of its
 * atoms: 2p from first[p], 2p + 1 from second[p]. An image's bonds belong to the atom it follows. */
struct tersoff_pairs {
    int32_t *first, *second; /* [n] slots; second may be an image */
    int32_t n, room;
    int32_t *start;          /* [own slots + 1] into bond */
    int32_t *bond;           /* [2n] of each atom of the cell */
    double *d;               /* [3n] r_second - r_first, now */
    double *gradient;        /* [6n] of the energy, by bond: d energy / d (vector of the bond) */
    double *since;           /* [24 n_own] own slots when the pairs were found */
    double skin;
    bool valid;
    int32_t blocks;          /* own blocks there is room for */
};

/* A neighbour of the atom in hand. */
struct tersoff_neighbour {
    double u[3], r, inverse; /* unit vector towards it, distance */
    double gradient[3];
    int32_t element, bond;
};

struct tersoff_work {
    struct tersoff_pairs pairs;
    int32_t *element; /* [8 n_block] by slot, -1 for padding */
    int32_t slots;
    struct tersoff_neighbour *near;
    int32_t near_room;
};

static inline const struct tersoff_entry *tersoff_entry_of(const struct tersoff_potential *potential, int32_t i, int32_t j,
                                                           int32_t k)
{
    return &potential->entry[((size_t)i * (size_t)potential->n_elements + (size_t)j) * (size_t)potential->n_elements +
                             (size_t)k];
}

extern const struct potential_ops tersoff_ops;

/* Finds the pairs anew where the slots have changed (pairs->valid is false) or an atom has moved too far; fills d. */
isd_status tersoff_pairs_update(const struct tersoff_potential *potential, const struct neigh_list *list,
                                struct tersoff_work *work, isd_control *control, isd_error *err);
void tersoff_pairs_done(struct tersoff_pairs *pairs);

/* The energy of the bonds of one atom of the cell; their gradients are written. Any parameters. */
double tersoff_atom(const struct tersoff_potential *potential, struct tersoff_work *work, int32_t slot);

/* b(zeta) and its derivative. */
double tersoff_order(const struct tersoff_entry *entry, double zeta, double *ret_slope);

#endif
