/* Frames that a job is given. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/input_frame.h"

void input_frame_done(struct input_frame *frame)
{
    isd_snapshot_unref(frame->snapshot);
    frame_want_done(&frame->want);
}

isd_status input_frame_load(const struct input_frame *frame, const isd_snapshot **ret_snapshot, isd_error *err)
{
    if (!frame->snapshot)
        return frame_want_load(&frame->want, ret_snapshot, err);
    *ret_snapshot = isd_snapshot_ref(frame->snapshot);
    return ISD_OK;
}

enum ask input_frame_ask(struct session *session, int32_t k, const struct structure *structure, struct input_frame *frame, isd_error *err)
{
    int unconverged = 0;
    const isd_snapshot *s = NULL;
    if (structure->is && !session_frames_are_is(session)) {
        enum ask known = session_structure(session, k, structure, ASK_BATCH, &s, &unconverged, err);
        if (known == ASK_READY)
            frame->snapshot = isd_snapshot_ref(s);
        return known;
    }
    return session_want_frame(session, k, &frame->want, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}
