/* The tables of an eam/alloy or eam/fs file. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LAMMPS' setfl form: three lines of comment; the number of elements and their names; Nrho drho Nr dr cutoff;
 * for each element a line "Z mass a lattice", F(rho), and its density: one function (eam/alloy) or one for
 * each element that receives it (eam/fs); then r phi(r) of the pairs (1,1) (2,1) (2,2) (3,1) ... */
#ifndef POT_EAM_FILE_H
#define POT_EAM_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/snapshot.h"

struct eam_file {
    char (*element)[ISD_LABEL_SIZE]; /* [n_elements] */
    double *mass;                    /* [n_elements] */
    int32_t n_elements;
    bool fs;
    int32_t n_rho, n_r;
    double d_rho, d_r, cutoff;
    double *embed;    /* [n_elements][n_rho] */
    double *density;  /* [contributing][receiving][n_r]; eam/alloy: [contributing][n_r] */
    double *pair;     /* [i (i + 1)/2 + j][n_r], j <= i: r phi(r) */
    long d_exponents; /* numbers in Fortran's form 1.0D+00 */
    long dropped;     /* values too many at the end of arrays */
};

/* Refuses, with path, line and column, whatever is not such a file: absurd sizes before anything is
 * allocated for them, tables cut short, words among the numbers. */
isd_status eam_file_read(const char *path, bool fs, struct eam_file *ret_file, isd_error *err);
void eam_file_done(struct eam_file *file);

/* Which element is called that (exactly), or -1. */
int32_t eam_file_find(const struct eam_file *file, const char *element);

/* Table of the density that an atom of element `from` makes at one of element `at`. */
const double *eam_file_density(const struct eam_file *file, int32_t from, int32_t at);
const double *eam_file_pair(const struct eam_file *file, int32_t a, int32_t b);

#endif
