/* The job behind session_motion. Inside of src/app. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_MOTION_JOB_H
#define APP_MOTION_JOB_H

#include "app/input_frame.h"
#include "app/motion.h"
#include "app/motion_lags.h"

struct moving {
    struct input_frame *frame; /* [n_frames] in order of time: a row of the tracks each */
    int32_t *name;             /* [n_frames] number of the frame in the set */
    int32_t n_frames;
    struct lag_choice choice;
    struct lag *lag; /* [n_lags]; NULL: the job makes them */
    int32_t n_lags;
    struct motion_request request;
    double mass[ISD_MAX_TYPES + 1];
    double memory; /* bytes that tracks may take at a time */
    double span;
};
void moving_free(void *moving);
void motion_free(void *motion);
isd_status moving_run(void *moving, isd_control *control, void **ret_motion, isd_error *err);

#endif
