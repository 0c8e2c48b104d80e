/* Averages against the waiting time, as they become known: D(t_w). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TW_SERIES_H
#define APP_TW_SERIES_H

#include "app/average.h"

struct tw_series {
    int32_t n;
    double *tw;                        /* [n] ascending */
    double *mean[AVERAGE_COLUMNS];     /* [n] NaN where not known yet or not defined */
    double *se[AVERAGE_COLUMNS];       /* [n] jackknife over frames; NaN below 3 pairs */
    int32_t *pairs;                    /* [n] averaged over; 0: not known yet */
    int known, unconverged;
    bool minimage;                     /* labelled displacements are the shortest ones: the files say neither images nor unwrapped positions */
    bool certified;
    enum ask state;
    isd_error err;
};

/* For the waiting times tw[n], copied, nothing known. */
isd_status tw_series_make(const double *tw, int32_t n, struct tw_series *ret_series, isd_error *err);
void tw_series_done(struct tw_series *series);

/* Takes in what is known and asks for what is missing, the waiting times near number `at` first, at most `most` of them at a time; never
 * waits. What was known before stays. */
void tw_series_fill(struct session *session, const struct match_request *wanted, int at, int most, struct tw_series *series);

#endif
