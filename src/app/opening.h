/* Sets that are being read, for opening.c and opening_ask.c only. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_OPENING_H
#define APP_OPENING_H

#include "app/session.h"
#include "app/state.h"

/* A set that is being read: for the first time, or again. One portion at a time is a job. */
struct opening {
    struct opening *next;
    struct dataset *set;
    struct frame_set *frames; /* those that are read: the set's, or those that will replace them. A reference */
    char *request;            /* what was asked for, so that the same call is known again; NULL: it has its answer */
    struct job *job;
    bool background;          /* the call has its answer with the first frame */
    bool visible;             /* the set is one of the session's */
    bool refresh;
    bool given_up;            /* no further portion */
    bool closed;              /* the set is none of the session's any more: it goes with the job */
    int32_t frames_before;    /* refresh: how many there were */
    int files_before;
    struct refresh_report report;
    double fraction;          /* of the bytes, when the last portion ended */
    enum ask state;
    isd_error err;
};

void opening_remove(struct session *session, struct opening *o);

/* The next portion becomes a job; `first`: it is the first one, which is urgent. */
isd_status opening_submit(struct session *session, struct opening *o, bool first, isd_error *err);

#endif
