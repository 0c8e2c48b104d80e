/* Frames that a job is given: there already, or to be loaded when it runs. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_INPUT_FRAME_H
#define APP_INPUT_FRAME_H

#include "app/state.h"

struct input_frame {
    const isd_snapshot *snapshot; /* a reference, or NULL */
    struct frame_want want;
};

/* Main thread: frame k as it is, which costs nothing yet, or its inherent structure, which is asked for and held. */
enum ask input_frame_ask(struct session *session, int32_t k, const struct structure *structure, struct input_frame *frame, isd_error *err);
/* A reference to it. Any thread. */
isd_status input_frame_load(const struct input_frame *frame, const isd_snapshot **ret_snapshot, isd_error *err);
void input_frame_done(struct input_frame *frame);

#endif
