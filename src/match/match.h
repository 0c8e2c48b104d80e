/* IS D_min of two snapshots: assignment by species, labelled beside matched, cycles. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "isdmin/match.h"
#include "isdmin/snapshot.h"

enum match_like {
    MATCH_LIKE_EXACT,
    MATCH_LIKE_SCRIPT /* the number of the paper's script: box of frame b alone and periodic all round, distances by one wrap,
                         types ignored; orthogonal boxes only */
};

struct match_options {
    enum match_like like;
    bool blind;        /* types ignored; default: matched within each type */
    bool order_is_id;  /* ids=order: the order in files without ids is the identity */
    bool drift_remove; /* subtract the mass-weighted mean labelled displacement before matching */
    bool affine;       /* unequal boxes: map both frames to the mean cell by fractional coordinates */
    bool align;        /* minimise over a uniform shift too: a local minimum, from no shift (or the drift removed) */
    int type;          /* atoms of this type alone; 0: all */
    const unsigned char *select; /* [n] by atom of a: those that are not 0, in b the same ids; or NULL: all */
    const double *mass;/* [ISD_MAX_TYPES + 1] by type, or NULL: all 1 */
    const struct match *start; /* a match of the same atoms (arrays kept) to begin from, or NULL: the optimum is the same. Used where
                                  frame b is much like that one's (positions as matched differ by less than 0.1 r0) */
    bool alternatives; /* count atoms with another partner within eps of the optimum (squared length) */
    double eps;
};

/* The cell that distances are taken in. Edges along open directions need not agree. */
enum match_cell { MATCH_CELL_EQUAL, MATCH_CELL_AFFINE, MATCH_CELL_SCRIPT };

struct match_type {
    int type;
    int32_t n;
    double sum_sq, d; /* over the atoms of A of this type; d = sqrt(sum_sq/n), 0 if n = 0 */
    double r0;        /* (V/N_a)^(1/dim), of all atoms of this type in frame A, chosen or not; NaN if there are none */
    int32_t exchanged;/* -1 without labels */
};

/* What the problem of one type (0: blind) took. CPU seconds of the thread that led it. */
struct match_phases {
    int type;
    int32_t n;
    isd_assign_report solve;
    double certificate; /* seconds of the proof */
};

/* One reading (resolved or blind) of one pair, with proof. Arrays in the order of the atoms of A. */
struct match {
    const isd_snapshot *a, *b; /* as matched: chosen atoms only, in the common cell; held by the match */
    int32_t n, n_frame; /* atoms matched; atoms of the frames */
    enum match_cell cell;
    bool labelled;     /* ids known (or ids=order), the same set of ids in both frames */
    bool unwrapped;    /* labelled displacements are unwrapped ones */
    double sum_sq, d_min, dual, gap_abs, bound;
    bool certified;
    double r0;         /* (V/n_frame)^(1/dim) */
    double max_u;      /* largest matched displacement */
    double seconds;    /* CPU, summed over threads */
    double edges_per_atom;
    int n_phases;      /* problems, in the order of types; those of an alignment before its last step left out */
    struct match_phases *phases;
    double shift[3];   /* taken from b before matching: drift, or what align found */
    int align_steps;   /* assignments made to find it; 0: not asked for */
    bool aligned;      /* the last step moved nothing */
    int32_t degenerate, ties; /* atoms with another partner within eps, within rounding (1e-10 r0^2); -1: not asked for */
    int32_t *partner;  /* index of the atom of B */
    double *v;         /* [n] dual prices by atom of B, of the problem (type, or all) it belongs to: with partner they prove the optimum */
    double *u_mat;     /* |MI(r_partner(B) - r_i(A))| */
    double *vec_mat;   /* [3n] the vectors */
    int32_t exchanged, exchanged_type; /* exchanged: -1 without labels */
    int n_types;
    struct match_type per_type[ISD_MAX_TYPES];
    /* labelled; valid if `labelled` */
    double rmsd, rmsd_unwrapped; /* NaN where not defined */
    double jump_fraction;        /* labelled displacement above r0/2 */
    double drift[3];
    double *u_lab;     /* [n], or NULL */
    double *vec_lab;   /* [3n], or NULL */
    /* cycles of the permutation; valid if `labelled` */
    int32_t n_cycles, fixed, longest; /* longest: 0 when there is none */
    int32_t *cycle;    /* [n] 0 for a fixed point, else counted from 1, longest first (ties: smallest id first); or NULL */
    int32_t *cycle_length; /* [n] 1 for a fixed point; or NULL */
};

/* Refuses: unequal boxes (isd_box_equal) unless affine, different numbers of atoms (blind) or of atoms of a type (resolved; the type is
 * named). Frames with ids whose id sets differ are matched, labelled = false. */
isd_status match_snapshots(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                           isd_control *control, struct match **ret_match, isd_error *err);
void match_free(struct match *match);
/* Gives up all arrays and frames: numbers stay. For maps of many pairs. */
void match_trim(struct match *match);

/* The match of a and b whose numbers, partners (indices of atoms of B) and prices (or NULL) are known from before: all arrays
 * as match_snapshots made them, without a search. options as then. ISD_DATA where they cannot be of these frames. */
isd_status match_restore(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, const struct match *numbers,
                         const int32_t *partner, const double *v, struct match **ret_match, isd_error *err);

/* Labelled quantities alone (no assignment): sum_sq, partner and what follows from them are not set. */
isd_status match_labelled(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options,
                          struct match **ret_match, isd_error *err);

/* Cycle statistics of a permutation of n: next[i] is where i's place is taken from, i.e. the index (in A) of the label that
 * partner[i] carries. cut: edges with u > cut are removed (cut < 0: none) and what is left of a cycle are chains. */
struct cycle_stats {
    int32_t fixed, longest, n_cycles;
    int32_t *length_count; /* [longest + 1]: cycles of each length >= 2 */
    int32_t n_chains, longest_chain;
    int32_t *chain_count;  /* [longest_chain + 1]: chains by number of edges >= 1 */
};
isd_status cycle_stats(const int32_t *next, const double *u, int32_t n, double cut, struct cycle_stats *ret_stats, isd_error *err);
void cycle_stats_done(struct cycle_stats *stats);
/* next[] of a match (see cycle_stats): [n], freed by the caller; only for labelled matches. */
isd_status match_next(const struct match *match, const isd_snapshot *a, const isd_snapshot *b, int32_t **ret_next, isd_error *err);

#endif
