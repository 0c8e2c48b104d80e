/* An axis: where a value lies, and ticks at round values. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_AXIS_H
#define VIEW_AXIS_H

#include <stdbool.h>

struct axis {
    const char *label; /* "u, r /sigma" */
    double low, high;  /* low < high; equal: chosen from the data */
    bool log;          /* values <= 0 are dropped, counted and said */
};

struct tick {
    double value;
    bool major;     /* minor ticks have no label */
    char label[16]; /* "0.5", "1e-3" */
};

#define AXIS_MAX_TICKS 96

/* Position 0 ... 1 of a value, outside for values beyond the ends; NaN where a log axis has no place for it. */
double axis_position(const struct axis *axis, double value);
double axis_value(const struct axis *axis, double position);
/* Ticks at 1, 2, 5 times a power of ten (log: decades, with 2 and 5 named or 2 ... 9 marked where there is room), at most one
 * label in `spacing` of the `cells` of the axis, but closer where there would be less than two. Ascending; returns how many. */
int axis_ticks(const struct axis *axis, int cells, int spacing, struct tick ret_ticks[AXIS_MAX_TICKS]);

#endif
