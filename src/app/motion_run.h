/* What the job behind session_motion works on, for the files that it is made of. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_MOTION_RUN_H
#define APP_MOTION_RUN_H

#include <stdatomic.h>

#include "app/motion_job.h"

struct close_value {
    double msd_cage, string_mean, string_longest;
};

struct running {
    struct moving *in;
    isd_control *control;
    struct motion *motion;
    struct tracks tracks;
    struct track_request want;
    int n_types;
    int32_t atoms[ISD_MAX_TYPES + 1];
    struct frame_pair *pair;  /* [n_pairs] of all lags */
    int32_t n_pairs;
    struct track_sums *sums;  /* [n_pairs * (n_types + 1)] */
    struct frame_pair *close; /* [n_close] of all lags */
    int32_t n_close, n_origins;
    int32_t *by_origin;       /* [n_close] numbers of close pairs, in order of their first frame */
    int32_t *origin;          /* [n_origins + 1] where each first frame begins there */
    struct close_value *near; /* [n_close * (n_types + 1)] */
    isd_error *trouble;       /* [frames] */
    atomic_int loaded, to_load;
};

/* After the sums over pairs: cages and strings of the close ones, while all tracks are in memory. */
isd_status motion_look_closely(struct running *r, isd_error *err);
/* In the end: averages over origins into r->motion. */
isd_status motion_average(const struct running *r, isd_error *err);

#endif
