/* S(k), and where its first peak is. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_STRUCTURE_FACTOR_H
#define ANALYSIS_STRUCTURE_FACTOR_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

/* Shells of wave vectors that fit the cell, [k, k + width), width the longest reciprocal lattice vector's length or more. */
struct structure_factor {
    int n;
    double *k, *s;    /* [n] mean |k| of the vectors taken, S(k) = <|sum exp(i k.r)|^2>/N; shells without vectors are left out */
    double *se;       /* [n] standard error over frames; NaN of a single one */
    int *vectors;     /* [n] how many were taken */
};

/* Atoms of one type (0: all) up to k_max; of each shell at most `most` vectors, evenly chosen. ISD_DATA: a direction is not periodic, or no
 * such atoms. ISD_CANCELLED. */
isd_status structure_factor_new(const isd_snapshot *snapshot, int type, double k_max, int most, isd_control *control,
                                struct structure_factor **ret_s, isd_error *err);
void structure_factor_free(struct structure_factor *s);

/* The mean of n frames with the same cell (ISD_DATA). */
isd_status structure_factor_average(struct structure_factor *const *of, int n, struct structure_factor **ret_s, isd_error *err);

/* The highest shell refined by a parabola through three; NaN if there are fewer. */
double structure_factor_peak(const struct structure_factor *s, double *ret_height);

#endif
