/* How atoms of the current set move: averages over origins at each time. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking is as in session.h: READY with a borrowed result that lives until the data or the system change, or PENDING. */
#ifndef APP_MOTION_H
#define APP_MOTION_H

#include "analysis/dynamics.h"
#include "analysis/structure_factor.h"
#include "analysis/tracks.h"
#include "app/session.h"

/* motion_request_defaults: frames as they are, all that costs little, times and origins chosen. */
struct motion_request {
    struct structure structure;
    double k;      /* NaN: at the first peak of S(k); 0: F_s is not asked for */
    double a;      /* NaN: 0.3 r0 */
    double jump;   /* NaN: r0/2 */
    double cage;   /* NaN: 1.5 r0 in 2D if memory allows, none in 3D; 0: none */
    bool strings;
    double share, delta; /* of strings: see match/strings.h; delta NaN: 0.6 r0 */
    bool drift_remove, order_is_id;
    bool by_file, nearest; /* unwrapped so and not otherwise; neither: by the files where they can, else by nearest images */
    int origins;   /* at most, of each time, evenly chosen; 0: as many as there are, up to MOTION_PAIRS in all, and MOTION_CLOSE of each
                      time for what needs neighbours */
    const char *tw; /* as in `series`, or NULL */
    double priority; /* of the job: ASK_LOOK for what is on screen; no part of what is asked for */
};
enum { MOTION_PAIRS = 1000000, MOTION_CLOSE = 100 };
void motion_request_defaults(const struct session *session, struct motion_request *ret_request);

/* Of one time. NaN where it was not asked for, or is not known: errors of fewer than four blocks of origins. */
struct motion_value {
    int32_t atoms;
    double msd, se_msd, u4, fs, se_fs, q, se_q, chi4, se_chi4, alpha2, se_alpha2, jump, se_jump;
    double msd_cage, se_msd_cage, string_mean, se_string_mean, string_longest; /* over the close pairs */
    struct halves msd_halves, fs_halves; /* origins whose pair lies in the first, the second half of the set's time */
};
struct motion_row {
    double t;
    int32_t pairs, close_pairs;
    struct motion_value *value; /* [n_types + 1]: of all atoms, then of each type */
};

struct motion {
    int n_types, dim;
    double k, a, jump, cage, delta; /* in force; NaN or 0 where not asked for */
    enum unwrapping unwrapping;
    double farthest;  /* UNWRAP_NEAREST: see tracks.h */
    double span;      /* of time, of all frames used */
    int32_t n;
    struct motion_row *row; /* ascending in t */
};

enum ask session_motion(struct session *session, const struct motion_request *request, const struct motion **ret_motion, isd_error *err);

/* Where F_s falls to 1/e, interpolated in log t, with the error that those of F_s on either side give it; NaN where it does not: then it
 * lies above or below, times that F_s was seen at (else NaN). */
struct relaxation {
    double tau, se, above, below;
};
struct relaxation motion_relaxation(const struct motion *motion, int type);

/* S(k) of one type or all (0), averaged over frames. frames: [n]. */
enum ask session_structure_factor(struct session *session, const int32_t *frames, int32_t n, const struct structure *structure, int type,
                                  double k_max, const struct structure_factor **ret_s, isd_error *err);

/* Van Hove's function averaged over pairs of frames, of the atoms of one type or all (0); gs: density of labelled displacements over the
 * surface of their sphere, gd: pairs of different atoms over those of an ideal gas. */
struct van_hove_request {
    struct structure structure;
    const struct frame_pair *pairs; /* [n_pairs] in order of time */
    int32_t n_pairs, overlap;       /* pairs that begin before one of them ends */
    int type, bins;
    double max;                     /* NaN: half the cell */
    bool drift_remove, order_is_id;
};
struct van_hove {
    int bins, dim;
    double max;
    bool unwrapped;      /* displacements are unwrapped ones, else the shortest */
    double *gs, *se_gs, *gd, *se_gd; /* [bins]; errors NaN for fewer than four blocks of pairs */
};
enum ask session_van_hove(struct session *session, const struct van_hove_request *request, const struct van_hove **ret_van_hove, isd_error *err);
/* The largest number of pairs that overlap one. */
int32_t motion_overlap(const struct frame_pair *pairs, int32_t n);

#endif
