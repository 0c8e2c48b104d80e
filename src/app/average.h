/* Averages over the pairs at one waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_AVERAGE_H
#define APP_AVERAGE_H

#include "app/session.h"

enum average_column { D_MIN, D_BLIND, D_DIRECT, D_DIRECT_BLIND, RMSD, RMSD_IS, JUMP, JUMP_RAW, AVERAGE_COLUMNS };

/* One t_w. x[column][k]: of pair k, NaN where not defined; filled by average_fill. */
struct average {
    double tw;
    struct frame_pair *pairs;
    int32_t n;
    double *x[AVERAGE_COLUMNS]; /* [n] */
    int unconverged;
    bool certified, minimage;
};

/* Asks for all its matchings before it waits for any. ret pending: run again. `direct_blind`: that column too. */
enum ask average_fill(struct session *session, const struct match_request *wanted, bool direct_blind, struct average *average,
                      isd_error *err);
void average_done(struct average *average);

#endif
