/* Tersoff: what its file, its pairs and its kernels share. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tersoff, Phys. Rev. B 39, 5566 (1989), with the parameters of LAMMPS' files. The energy is a sum over atoms
 * i and their neighbours j of (f_R(r_ij) + b_ij f_A(r_ij))/2; f_R, f_A and b_ij come from entry (i,j,j), the
 * terms of zeta_ij from entries (i,j,k). Elements are numbered from 0 in the order in which types name them.
 *
 * Domains hold their pairs as neigh/list.h says, each pair once. An atom's angles need all its bonds, whichever domains
 * hold them: so an evaluation goes in steps, each of which writes only what belongs to its domain's pairs or atoms, and
 * reads what the steps before have left of all. */
#ifndef POT_TERSOFF_H
#define POT_TERSOFF_H

#include <stddef.h>

#include "pot/potential.h"

struct tersoff_work;

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
    bool simple; /* what the vector kernels want: see tersoff_fast.c */
    int32_t n_elements;
    int32_t element[ISD_MAX_TYPES]; /* of type k + 1 */
    double reach[ISD_MAX_TYPES * ISD_MAX_TYPES];   /* [n_elements * n_elements] largest cutoff of any entry for a pair */
    double cutoffs[ISD_MAX_TYPES * ISD_MAX_TYPES]; /* [n_types * n_types] the same between types */
    struct tersoff_entry entry[]; /* [n_elements^3], (i,j,k) at (i n + j) n + k */
};

/* The pairs of one domain that may come into reach before the inner list is made anew. */
struct tersoff_share {
    int32_t *first, *second; /* [n] slots of the domain, second may be of the halo */
    int32_t n, room;
    int32_t row; /* number of its first pair among those of all domains; a multiple of a vector's width */
    /* What the thread that worked on it has to tell. */
    bool bad;
    double energy;
};

/* All of them, by row; rows of no pair, between those of two domains, have no centres. A bond is a pair seen from one
 * of its atoms: 2p from the first, 2p + 1 from the second. Slots here are numbers among those of the list: an image's
 * bonds belong to the atom it follows. */
struct tersoff_pairs {
    struct tersoff_share *share; /* [n_domain] */
    int32_t n_domain;
    int32_t rows, slots, room, slot_room; /* rows: whole vectors */
    int32_t *element; /* [slots] -1 for an empty one */
    int32_t *centre;  /* [2 rows] slot of each bond's atom, -1: no pair */
    int32_t *start;   /* [slots + 2] into bond */
    int32_t *bond;    /* [2 rows] of each atom */
    double *d;        /* [3 rows] r_second - r_first, now; general kernel only */
    double *gradient; /* [6 rows] of the energy, by bond: d energy / d (vector of the bond) */
    int32_t most;     /* bonds of one atom */
    long prunes;      /* of the list they were found in; -1: of none */
};

/* A neighbour of the atom in hand. */
struct tersoff_neighbour {
    double u[3], r, inverse; /* unit vector towards it, distance */
    double gradient[3];
    int32_t element, bond;
};

/* Columns of doubles by pair, for the vector kernels. The first eleven are set when pairs are found; FORWARD
 * belongs to the bond 2p, BACKWARD to 2p + 1. */
enum tersoff_column {
    PAIR_A,
    PAIR_LAMBDA1,
    PAIR_B,
    PAIR_LAMBDA2,
    PAIR_R,
    PAIR_WIDTH,
    PAIR_CUTOFF, /* WIDTH: pi/(2 D) */
    PAIR_N_FORWARD,
    PAIR_N_BACKWARD,
    PAIR_BETA_FORWARD,
    PAIR_BETA_BACKWARD,
    PAIR_X,
    PAIR_Y,
    PAIR_Z, /* the vector, then its unit vector */
    PAIR_INVERSE,
    PAIR_CUT,
    PAIR_CUT_SLOPE,
    PAIR_REPULSION,
    PAIR_ATTRACTION,
    PAIR_ATTRACTION_SLOPE,
    PAIR_STRETCH, /* the slope of f_R, then of the energy of the pair while its b are held */
    PAIR_ZETA_FORWARD,
    PAIR_ZETA_BACKWARD, /* zeta, then d energy / d zeta */
    PAIR_COLUMNS
};

/* A bond in reach, as the sums over angles see it. */
struct tersoff_arm {
    double u[3], cut, cut_slope, inverse, gradient[3];
    int32_t bond;
};

struct tersoff_angle {
    double cosine, g, slope;
};

/* What the vector kernels work on. */
struct tersoff_fast {
    const struct tersoff_potential *potential;
    double *columns;         /* [PAIR_COLUMNS * stride], rows as the pairs; those of no pair are out of reach */
    struct tersoff_arm *arm; /* [2 rows] from start[slot] on, arms[slot] of them */
    int32_t *arms;           /* [slots] */
    struct tersoff_angle *angle;
    int64_t *angle_start; /* [slots + 1] room for the angles at each atom */
    size_t stride, angle_room, arm_room, slot_room;
    double lowest, highest; /* beta zeta between them: no series in b */
    bool ready;
};

/* Rows first ... last-1, whole vectors: distances and pair functions; bond orders, which returns the energy. */
struct tersoff_kernel {
    void (*pairs)(struct tersoff_fast *fast, size_t first, size_t last);
    double (*orders)(struct tersoff_fast *fast, const struct tersoff_pairs *pairs, size_t first, size_t last);
};

extern const struct tersoff_kernel tersoff_vector, tersoff_avx2, tersoff_avx512;

struct tersoff_work {
    struct tersoff_pairs pairs;
    struct tersoff_fast fast;
};

/* One evaluation, as its steps see it. */
struct tersoff_run {
    const struct tersoff_potential *potential;
    const struct neigh_list *list;
    struct tersoff_work *work;
    isd_control *control;
};

enum { TERSOFF_VECTOR = 8 }; /* rows in the widest vector */

/* Rows of a domain: its pairs, in whole vectors. */
static inline int32_t tersoff_rows(const struct tersoff_share *share)
{
    return (share->n + TERSOFF_VECTOR - 1) / TERSOFF_VECTOR * TERSOFF_VECTOR;
}

/* First slot of a domain among those of the list. */
static inline int32_t tersoff_first_slot(const struct neigh_domain *domain)
{
    return NEIGH_BLOCK * domain->first;
}

static inline const struct tersoff_entry *tersoff_entry_of(const struct tersoff_potential *potential,
                                                           int32_t i, int32_t j, int32_t k)
{
    return &potential->entry[((size_t)i * (size_t)potential->n_elements + (size_t)j) *
                                 (size_t)potential->n_elements +
                             (size_t)k];
}

extern const struct potential_ops tersoff_ops;

/* Finds the pairs anew where the inner list was made anew. */
isd_status tersoff_pairs_update(const struct tersoff_run *run, isd_error *err);
void tersoff_pairs_done(struct tersoff_pairs *pairs);

/* The energy of the bonds of one atom; their gradients are written. Any parameters. near: room for pairs.most. */
double tersoff_atom(const struct tersoff_potential *potential, struct tersoff_pairs *pairs, int32_t slot,
                    struct tersoff_neighbour *near);

/* The energy of each bond of one atom, to [bond]. */
void tersoff_atom_bonds(const struct tersoff_potential *potential, struct tersoff_pairs *pairs, int32_t slot, struct tersoff_neighbour *near,
                        double *bond_energy);

/* Do the parameters allow the vector kernels? */
bool tersoff_is_simple(const struct tersoff_potential *potential);
/* After new pairs: columns and room; fast->ready is false where there are too many angles to keep. */
isd_status tersoff_fast_prepare(const struct tersoff_run *run, isd_error *err);
void tersoff_fast_done(struct tersoff_fast *fast);
/* Steps up to the gradients; the energies are left in the shares. */
void tersoff_fast_compute(struct tersoff_run *run);

/* b(zeta) and its derivative. */
double tersoff_order(const struct tersoff_entry *entry, double zeta, double *ret_slope);

#endif
