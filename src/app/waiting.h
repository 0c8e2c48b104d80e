/* Waiting times named by an option. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_WAITING_H
#define APP_WAITING_H

#include "app/session.h"

/* tw=all, a list of times, a range low..high of those present, or NULL: at most ten a decade of those present. Ascending,
 * in the time unit in force; values given are matched to those present within 1e-6 relative. Freed by the caller. */
isd_status waiting_times(struct session *session, const char *option, double **ret_tw, int32_t *ret_n, isd_error *err);
/* The same of any times, for jobs. */
isd_status waiting_times_of(const struct frame_times *times, const char *option, double **ret_tw, int32_t *ret_n, isd_error *err);

/* One number, as in tw=500, that was checked: the pairs of `series` at it. Freed by the caller. */
isd_status waiting_pairs(struct session *session, const char *option, struct frame_pair **ret_pairs, int32_t *ret_n,
                         double *ret_tw, isd_error *err);

#endif
