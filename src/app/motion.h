/* How atoms of the current set move: averages over pairs of frames at each time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_MOTION_H
#define APP_MOTION_H

#include "analysis/dynamics.h"
#include "analysis/structure_factor.h"
#include "app/session.h"

struct motion_request {
    struct structure structure;
    struct dynamics_options options; /* k NaN: at the first peak of S(k) of frame 0; a NaN: 0.3 r0 */
    bool drift_remove;
    int origins;                     /* at most, of each time, evenly chosen */
    const char *tw;                  /* as in `series`, or NULL */
};

/* Averages over the origins of one time; [0] of all atoms, [t] of type t. */
struct motion_row {
    double t;
    int32_t pairs;
    struct motion_value {
        int32_t atoms;
        double msd, se_msd, u4, fs, se_fs, q, se_q, chi4, alpha2, se_alpha2, msd_cage, se_msd_cage;
    } *value; /* [n_types + 1] */
};

struct motion {
    int n_types, dim;
    double k, a;    /* in force */
    bool minimage;  /* labelled displacements by minimum image: wrong once atoms have moved half a cell */
    int32_t n;
    struct motion_row *row;
};

enum ask session_motion(struct session *session, const struct motion_request *request, const struct motion **ret_motion, isd_error *err);

/* S(k) of one frame, of one type or all (0). */
enum ask session_structure_factor(struct session *session, int32_t frame, const struct structure *structure, int type, double k_max,
                                  const struct structure_factor **ret_s, isd_error *err);

/* The distinct part of van Hove's function of a pair of frames: counts as dynamics_distinct has them. */
struct distinct_counts {
    int bins;
    double max, pairs, volume;
    int dim;
    double *counts;
};
enum ask session_distinct(struct session *session, int32_t a, int32_t b, const struct structure *structure, int type_a, int type_b, int bins,
                          double max, const struct distinct_counts **ret_counts, isd_error *err);

#endif
