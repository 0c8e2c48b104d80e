/* Which pairs of frames a job of motion averages over. Inside of src/app. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_MOTION_LAGS_H
#define APP_MOTION_LAGS_H

#include "analysis/series.h"
#include "isdmin/control.h"

/* Pairs of one time, in order of time. Those looked at closely are of them. */
struct lag {
    double t;
    struct frame_pair *pairs; /* rows of the tracks */
    int32_t n, overlap, first_half, second_half; /* the first so many, the last so many lie in that half of the set's time */
    struct frame_pair *close;
    int32_t n_close, overlap_close;
};

/* What they are chosen from, its own copy, so that a job can: among thousands of frames without order it takes seconds. */
struct lag_choice {
    struct frame_times times;
    char *tw;       /* as in `series`, or NULL */
    int origins;    /* at most, of each time; 0: unless said, see motion.h */
    int32_t *row;   /* [times.n] of the tracks, by frame */
    double middle;  /* of the set's time */
    double *time;   /* what `times` points to */
    int64_t *step;
};
/* row: not filled yet. */
isd_status lag_choice_init(const struct frame_times *times, const char *tw, int origins, struct lag_choice *ret_choice, isd_error *err);
void lag_choice_done(struct lag_choice *choice);

/* ret_lags[*ret_n] for lags_free. ISD_CANCELLED by control, which may be NULL; errors of tw= as waiting_times has them. */
isd_status lags_new(const struct lag_choice *choice, isd_control *control, struct lag **ret_lags, int32_t *ret_n, isd_error *err);
void lags_free(struct lag *lags, int32_t n);

#endif
