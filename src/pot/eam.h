/* Embedded atoms: what its kernels are given. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * E = sum F_i(rho_i) + sum over pairs phi_ij(r), rho_i = sum of the densities that the others make at i. Two
 * passes over the pairs: densities, then forces with F' of both atoms.
 *
 * Tables are kept as nodes of a cubic Hermite spline, value and slope (per grid step) of each function side by
 * side, so that a pair reads one short run of memory: the nodes at both ends of its interval. The slopes are
 * LAMMPS' (pair_eam.cpp, PairEAM::interpolate), and so is every value to rounding. */
#ifndef POT_EAM_H
#define POT_EAM_H

#include <stddef.h>
#include <stdint.h>

#include "neigh/list.h"

enum {
    EAM_DENSITY_NODE = 4, /* density at i from j, its slope, density at j from i, its slope */
    EAM_PAIR_NODE = 2     /* r phi(r), its slope */
    /* `even` has both in nodes of four: density, its slope, r phi(r), its slope */
};

struct eam_tables {
    int32_t n_types, n_elements; /* elements: the distinct ones in use */
    int32_t n_r, n_rho;
    double per_dr, per_drho, cutoff_sq, rho_max;
    double core_sq; /* the largest of core[]: closer pairs are looked at one by one */
    const int32_t *element; /* [n_types] */
    const double *embed;    /* [n_elements][n_rho][2]: F, its slope */
    const double *density;  /* [n_elements of i][n_elements of j][n_r][EAM_DENSITY_NODE] */
    const double *pair;     /* the same [n_r][EAM_PAIR_NODE] */
    const double *even;     /* the same [n_r][EAM_DENSITY_NODE], where the atoms of every pair make the same density at
                               each other, else NULL: one line is all that the vector kernels load of such a pair */
    const double *core;     /* [n_elements][n_elements]: below this distance nothing pushes a pair apart */
};

/* What belongs to the slots of one domain. */
struct eam_share {
    int32_t *kind;   /* [8 n_block] element of a slot, -1 for an empty one */
    int32_t *offset; /* [8 n_block] where that kind begins in a table of densities; 0 for an empty one */
    double *rho;     /* [8 n_block] densities in the first pass, then F' */
    double *site;    /* [4 * 8 n_block] second pass: x y z F' */
    double *push;    /* [4 * 8 n_block] force on each slot, x y z and nothing: one load and one store for a pair */
    int32_t room;    /* blocks allocated */
    uint8_t *met;    /* which slots of its own block, then of each unit of its row, an atom reaches; see eam_met */
    int64_t met_room;
    /* What the thread that worked on it has to tell. */
    double closest, energy; /* smallest squared distance met */
    int32_t deepest;        /* own slot whose embedding energy is lowest, -1: none is unusual */
    double depth;
};

struct eam_work {
    struct eam_share *share; /* [domains] */
    int32_t n_domain;
};

/* Where the tables of an atom of this kind with the others begin, for nodes of EAM_DENSITY_NODE. */
static inline size_t eam_first(const struct eam_tables *tables, int32_t kind)
{
    return EAM_DENSITY_NODE * (size_t)kind * (size_t)tables->n_elements * (size_t)tables->n_r;
}

/* Where in `met` an atom's bits begin. */
static inline int64_t eam_met(const struct neigh_domain *domain, int32_t slot)
{
    return domain->inner.start[slot] + slot;
}

/* The two passes over blocks first ... last - 1 of a domain. The first adds to share->rho (of the halo, too) and
 * returns the smallest squared distance it met; the second takes what that left in share->met (not the plain one), adds
 * to share->push and returns the energy of the pairs. */
typedef double eam_pass_fn(const struct neigh_domain *domain, const struct eam_tables *tables, struct eam_share *share,
                           int32_t first, int32_t last);

eam_pass_fn eam_density_plain, eam_density_vector, eam_density_avx2, eam_density_avx512;
eam_pass_fn eam_force_plain, eam_force_vector, eam_force_avx2, eam_force_avx512;

#endif
