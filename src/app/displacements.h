/* p(u) of a pair or averaged over pairs: what `pu`, the inline plot and the p(u) screen show. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DISPLACEMENTS_H
#define APP_DISPLACEMENTS_H

#include "app/session.h"

struct displacements_request {
    struct match_request match; /* a and b are ignored */
    const struct frame_pair *pairs;
    int32_t n_pairs;
    int type;    /* 0: all */
    int32_t bins;
    double max;  /* NaN: the largest of all shown */
};

/* Densities: the sum of p du is 1 - beyond. Averages over the pairs, each with equal weight. */
struct displacements {
    int32_t bins, n_pairs;
    int64_t n;           /* atoms of a pair (of the type asked for) */
    double max;
    double *u, *labelled, *matched, *gs; /* [bins] */
    double beyond_labelled, beyond_matched;
    bool labelled_known; /* else labelled and gs are zero */
    bool certified;
    int unconverged;
};

/* ASK_READY: *ret is the caller's (displacements_free). */
enum ask session_displacements(struct session *session, const struct displacements_request *request, double priority,
                               struct displacements **ret_displacements, isd_error *err);
void displacements_free(struct displacements *displacements);

#endif
