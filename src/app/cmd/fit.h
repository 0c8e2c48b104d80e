/* What the kinds of `fit` share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CMD_FIT_H
#define APP_CMD_FIT_H

#include "app/command.h"
#include "app/points.h"

/* T=, p=, skip= and slope= of a call. */
struct points_request points_from_call(const struct command_call *call, bool distances);

/* What their t_w count in: "" where nothing but tables is open, which do not say. */
const char *points_time_unit(const struct session *session);

/* States (T, p) in order of their appearance. */
struct state_list {
    double *T, *p; /* [n] */
    int n;
};
isd_status state_list_init(struct state_list *states, int most, isd_error *err);
void state_list_done(struct state_list *states);
int state_list_find(struct state_list *states, double T, double p); /* added if new */

enum ask run_fit_power(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err);
enum ask run_fit_kww(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err);
enum ask run_fit_beta(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err);

#endif
