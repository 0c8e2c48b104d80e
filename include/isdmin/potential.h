/* isdmin: interaction potentials and the forces they give. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_POTENTIAL_H
#define ISDMIN_POTENTIAL_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable and counted: shared by all threads. */
typedef struct isd_potential isd_potential;

const isd_potential *isd_potential_ref(const isd_potential *potential);
void isd_potential_unref(const isd_potential *potential);
const char *isd_potential_name(const isd_potential *potential);   /* "lj/cut, energy-shifted" */
double isd_potential_cutoff(const isd_potential *potential);      /* the largest */
int32_t isd_potential_types(const isd_potential *potential);
/* Is the energy continuous at the cutoff? Where not, no residual force means convergence. */
bool isd_potential_continuous(const isd_potential *potential);

/* One pair of types of Lennard-Jones: V = 4 epsilon ((sigma/r)^12 - (sigma/r)^6), r < cutoff. */
typedef struct isd_lj_pair {
    double epsilon, sigma, cutoff;
    bool set;
} isd_lj_pair;

/* pairs: [n_types * n_types], row i column j, symmetric. shift: V(cutoff) is subtracted (LAMMPS' pair_modify shift yes).
 * Every pair must be set: refused with the pair named (1-based). */
isd_status isd_potential_lj(const isd_lj_pair *pairs, int32_t n_types, bool shift, isd_potential **ret_potential,
                            isd_error *err);

/* The same pairs with energy and force going to 0 at the cutoff. style: "lj/smooth/linear" (a straight line is subtracted: LAMMPS'
 * meaning) or "lj/smooth/quadratic" (4 epsilon (c0 + c2 (r/sigma)^2) is added: Stoddard and Ford 1973). */
isd_status isd_potential_pair(const char *style, const isd_lj_pair *pairs, int32_t n_types, isd_potential **ret_potential,
                              isd_error *err);

/* LAMMPS' eam/alloy (fs: eam/fs) file in setfl form. elements[n_types]: the element of each type, as the file spells it; two
 * types may be the same. Units are eV and Angstrom. Errors carry path, line and column; ISD_USAGE for an element the file
 * does not have. Values agree with LAMMPS' to rounding: its splines, the straight line beyond the largest density, and the
 * density that an atom of block i gives at one of array j. Pairs closer than any repulsion of the tables reaches are refused. */
isd_status isd_potential_eam(const char *path, bool fs, const char *const *elements, int32_t n_types,
                             isd_potential **ret_potential, isd_error *err);

/* Mass of a type as the potential's file gives it; NaN when it gives none. */
double isd_potential_mass(const isd_potential *potential, int32_t type);
/* Something odd about the file that a reader should know, or "". */
const char *isd_potential_note(const isd_potential *potential);

/* Tersoff with the parameters of a file in LAMMPS' format (pair_style tersoff, metal units). elements[k] is the element of type
 * k + 1; entries of other elements are passed over, one that is missing, double or impossible is refused. Where the repulsion of
 * (i,j,j) and (j,i,i) differ the mean counts. */
isd_status isd_potential_tersoff_file(const char *path, const char *const *elements, int32_t n_types, isd_potential **ret_potential,
                                      isd_error *err);

/* Tersoff for "Si" and "O" by Munetoh et al., Comp. Mat. Sci. 39, 334 (2007), no file needed. rounded: with the rounded mixed
 * values of LAMMPS' SiO.tersoff. The name tells which. */
isd_status isd_potential_tersoff_sio2(bool rounded, const char *const *elements, int32_t n_types, isd_potential **ret_potential,
                                      isd_error *err);

/* Evaluates one potential for one set of atoms in one cell, again and again: keeps neighbour lists (with a skin) between
 * calls. One thread at a time. */
typedef struct isd_evaluator isd_evaluator;

/* type[n]: 1 ... types of the potential, copied. box must hold (isd_box_check). */
isd_status isd_evaluator_new(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                             isd_evaluator **ret_evaluator, isd_error *err);
void isd_evaluator_free(isd_evaluator *evaluator);

typedef struct isd_energy {
    double total;     /* potential energy */
    double virial[6]; /* sum of r f over the pairs, xx yy zz xy xz yz, energy units: positive under compression; in 2D
                         zz, xz, yz are 0. Pressure = (sum of the first dim)/(dim volume) */
} isd_energy;

/* position[3n] anywhere in space (periodic directions are wrapped inside). force[3n] is written. ret_energy NULL:
 * only the forces are wanted, which is faster. The work is shared with the threads of `control`; results are the same bits
 * for any number of them. Refuses positions that are not finite and two atoms on one spot (both ids named by index from 0).
 * In 2D forces have no z. */
isd_status isd_evaluator_compute(isd_evaluator *evaluator, const double *position, isd_control *control, double *force,
                                 isd_energy *ret_energy, isd_error *err);

/* What each atom has of the energy, [n] in the order of the atoms: half of what it has with each other atom (LAMMPS' compute pe/atom), so that the
 * sum is the total. For looking at, not for speed: some ten times as slow as the forces. */
isd_status isd_evaluator_energies(isd_evaluator *evaluator, const double *position, isd_control *control, double *ret_energy,
                                  isd_error *err);

/* Counters since _new: evaluations and neighbour-list builds. */
long isd_evaluator_evaluations(const isd_evaluator *evaluator);
long isd_evaluator_builds(const isd_evaluator *evaluator);

#ifdef __cplusplus
}
#endif
#endif
