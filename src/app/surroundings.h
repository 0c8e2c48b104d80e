/* What is around each atom of a frame: neighbours and energy, computed by a job. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SURROUNDINGS_H
#define APP_SURROUNDINGS_H

#include "app/session.h"

struct surroundings {
    int32_t n;
    int32_t *neighbours; /* [n], or NULL: there is no g(r) to tell by */
    double *energy;      /* [n], or NULL: no potential is set, or it does not hold for this frame */
    int n_types;
    double *reach;       /* [n_types * n_types] neighbours are closer than this; see coordination.h */
};

/* Of a frame as it is, or of its inherent structure. Borrowed while the data and the system stay. */
enum ask session_surroundings(struct session *session, int32_t frame, const struct structure *structure, double priority,
                              const struct surroundings **ret_surroundings, isd_error *err);

#endif
