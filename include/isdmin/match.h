/* isdmin: exact periodic point matching (linear sum assignment of squared distances) with its proof.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paper, Eqs. 2 and 3: C_ij = |MI(b_j - a_i)|^2, the permutation p minimising sum_i C_i,p(i). Plain arrays in; permutation,
 * dual prices and a certificate over all pairs out, in memory O(n). Any cell and any directions periodic or open; points
 * anywhere in space, duplicates and ties included; the same bits in every run. Lengths are in any unit, that of the box; sums and
 * prices in its square. On failure the answer is untouched, and err says why. In short (tests/examples/match_points.c is
 * the whole of it, compiled and run by the tests as C and as C++):
 *
 *     isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 4, .ly = 4, .lz = 4};
 *     isd_assignment x = {0};
 *     isd_certificate proof = {0};
 *     if (isd_assign(&box, a, b, n, NULL, NULL, &x, &err) == ISD_OK &&
 *         isd_assignment_check(&box, a, b, n, x.partner, x.v, NULL, &proof, &err) == ISD_OK && proof.certified)
 *         use(x.partner, proof.sum_sq);
 *     isd_assignment_done(&x);
 *
 * Types are the caller's: call once for each kind of point. Calls on different threads do not disturb each other. */
#ifndef ISDMIN_MATCH_H
#define ISDMIN_MATCH_H

#include "isdmin/control.h"
#include "isdmin/box.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The answer for n points of one kind; arrays [n], owned by it (isd_assignment_done). */
typedef struct isd_assignment {
    int32_t n;
    int32_t *partner; /* partner[i]: the point of b that point i of a is matched to */
    double *u, *v;    /* dual prices of a and b: u[i] + v[j] <= C_ij for all pairs, equal on the matching, to rounding */
    double sum_sq;    /* sum of the squared distances of the matching */
    double edges;     /* candidate edges made, in all */
} isd_assignment;

void isd_assignment_done(isd_assignment *assignment);

/* a, b: [3n] positions x y z anywhere in space (2D: z is ignored). n = 0 and 1 are fine. prefer (may be NULL): [n] the partner to
 * prefer where optima tie (identity of labels). Memory O(n). ISD_DATA: coordinates that are no usable numbers (the point is
 * named); ISD_USAGE: n below 0; what isd_box_check says of the box; ISD_MEMORY; ISD_CANCELLED within 100 ms of a cancel. */
isd_status isd_assign(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                      isd_control *control, isd_assignment *ret_assignment, isd_error *err);

/* What a matching took, phase by phase. A phase that comes again (in the coarse problems, in further rounds) is added to. */
typedef struct isd_assign_phase {
    const char *name; /* "order", "start", "preferred", "nearest", "prices", "lists", "auction",
                         "blocks", "tighten", "reduction", "paths", "ties" */
    double seconds;   /* CPU of the calling thread */
    double rows;      /* rows that were free when it began */
    double bids;      /* of rows for columns */
    double scans;     /* lists gone through in search of shortest paths */
    double edges;     /* candidate edges made */
} isd_assign_phase;

enum { ISD_ASSIGN_PHASES = 16 };

typedef struct isd_assign_report {
    int n_phases;
    isd_assign_phase phase[ISD_ASSIGN_PHASES]; /* in the order in which they first ended */
    int levels; /* coarse problems solved for prices to start with; 0 where these came from densities */
} isd_assign_report;

/* isd_assign, filling *ret_report (which may be NULL) even where it fails. */
isd_status isd_assign_reported(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                               isd_control *control, isd_assignment *ret_assignment, isd_assign_report *ret_report, isd_error *err);

/* Where to begin: what is known of a problem much like this one (a frame near in time, a small shift). Either may be NULL. The
 * answer is an optimum all the same, of whatever start; a good one is quicker, one that does not fit is left. */
typedef struct isd_assign_start {
    const int32_t *partner; /* [n] partners; numbers out of range mean none, of equal ones the first counts */
    const double *v;        /* [n] prices of b */
} isd_assign_start;

/* isd_assign_reported from a start (which may be NULL). */
isd_status isd_assign_from(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                           const isd_assign_start *start, isd_control *control, isd_assignment *ret_assignment,
                           isd_assign_report *ret_report, isd_error *err);

typedef struct isd_certificate {
    bool certified; /* partner is a permutation, and no pair beats the duals beyond rounding */
    double sum_sq;  /* recomputed from positions and partner */
    double dual;    /* sum of the duals: sum_sq - gap_abs */
    double gap_abs; /* sum over i of [(C_i,p(i) - v_p(i)) - min_j (C_ij - v_j)], j over all points: how far from optimal
                       the matching can be at most, from the slacks, never from the difference of the sums */
    double bound;   /* what rounding may do, 8 n (eps (largest C_i,p(i) + largest |v|) + least normal number) + 1e-12 sum_sq: certified
                       means gap_abs <= bound */
} isd_certificate;

/* Separate code: reads only positions, partner [n] and v [n]; shares with isd_assign nothing but isd_lattice_shortest. A wrong
 * answer (no permutation, numbers that are not finite) is no failure: it gives certified = false. Errors as isd_assign, but for
 * coordinates and the box, which must be one that isd_box_check lets pass. */
isd_status isd_assignment_check(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *partner,
                                const double *v, isd_control *control, isd_certificate *ret_certificate, isd_error *err);

#ifdef __cplusplus
}
#endif
#endif
