/* Atoms chosen by a list of ids or an expression. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CHOICE_H
#define APP_CHOICE_H

#include "app/session.h"

/* One number for each different choice, 0 for all atoms (both texts NULL), kept by the session; -1: out of memory. */
int choice_number(struct session *session, const char *atoms, const char *filter);

/* ISD_USAGE where a text cannot be read; NULL is fine. */
isd_status choice_check(const struct session *session, const char *atoms, const char *filter, isd_error *err);

/* mask[n] of a frame: 1 where the id is on the list `atoms` and the row passes `filter` (columns id type x y z), each where
 * not NULL. Refuses a choice of no atom. *ret_mask is freed by the caller, NULL where both texts are. */
isd_status choice_mask(const struct session *session, const isd_snapshot *snapshot, const char *atoms, const char *filter,
                       unsigned char **ret_mask, isd_error *err);

#endif
