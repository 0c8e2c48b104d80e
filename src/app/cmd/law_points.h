/* Points that a law is fitted to. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CMD_LAW_POINTS_H
#define APP_CMD_LAW_POINTS_H

#include "analysis/scaling.h"
#include "app/cmd/fit.h"

/* What is fitted; the rest is shown. Nothing in the arrays: all. */
struct law_window {
    struct value_range *x, *tw; /* owned */
    int n_x, n_tw;
    double r0; /* where points do not say theirs; NaN: not known */
};
isd_status law_window_from_call(const struct command_call *call, struct law_window *window, isd_error *err);
void law_window_done(struct law_window *window);

/* Points of the table that can be drawn; the first n lie in the window, with the state each belongs to, and are fitted. Lengths are in
 * units of r0 if any point (or the window) says one: those that do not are left out then; if none does, they are as given. Where fewer than three
 * points in the window have an error of y all positive ones are fitted without weights (ordinary), else those that have one. */
struct law_points {
    double *x, *se_x, *y, *se_y, *dof_y; /* dof_y: cycles behind se_y less one, 0 where nobody says */
    int *group, n, drawn;
    const struct point **from; /* of the table */
    struct state_list states;
    int groups; /* states with points that are fitted */
    bool ordinary, in_r0;
    int without_error, without_r0, not_positive; /* in the window, but left out of the fit */
    int exact_x; /* fitted, with an error of x that is not known and taken for 0 */
};
/* table lives longer. Done with law_points_done. */
isd_status law_points_init(const struct point_table *table, enum point_column x, enum point_column y, const struct law_window *window,
                           struct law_points *ret_points, isd_error *err);
void law_points_done(struct law_points *points);

/* Those that are fitted. */
struct scaling_points law_points_fitted(const struct law_points *points);

/* Says in messages what was left out and why, and what is taken for granted. */
void law_points_tell(struct session *session, const struct law_points *points, enum point_column x, enum point_column y);

#endif
