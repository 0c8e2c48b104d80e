/* Distances between all pairs of some frames, as they become known: the two-time map. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_TWO_TIME_H
#define APP_TWO_TIME_H

#include "app/session.h"

enum { TWO_TIME_FRAMES = 64 /* unless asked */, TWO_TIME_MOST = 128 };

struct two_time {
    int32_t frame[TWO_TIME_MOST], n; /* ascending */
    double time[TWO_TIME_MOST];        /* where times increase, else the numbers of the frames */
    bool timed;                        /* they do */
    bool log;                          /* chosen at equal distances of log time */
    double value[TWO_TIME_MOST * TWO_TIME_MOST]; /* [n n] by row, see two_time_fill */
    int known, pairs;                  /* pairs of frames */
    enum ask state;
    isd_error err;
};

/* At most `most` frames (2 ... TWO_TIME_MOST) of the current set: all of them where there are no more, else at equal distances of the
 * logarithm of the time since the first frame, the first and the last among them; without increasing times at equal distances in number. */
void two_time_choose(struct session *session, int most, struct two_time *ret_map);

/* Fills value[row n + column]: RMSD of the labelled displacements where row > column, D_min where row < column, 0 on the diagonal, NaN
 * where nothing is known yet; what was known before stays. Asks for what is missing, rows near the places `x` and `y` of the cursor
 * first (at most `rows` of them at a time, so that the order can change); never waits. */
void two_time_fill(struct session *session, const struct match_request *wanted, int x, int y, int rows, struct two_time *map);

#endif
