/* What the files of the sight share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SIGHT_INSIDE_H
#define APP_SIGHT_INSIDE_H

#include "app/sight.h"

/* The waiting time at place `at` of the list, and its first pair. */
isd_status sight_take_tw(struct sight *sight, int at, isd_error *err);
/* Puts a waiting time into the list, in order, if it is not there; its place in *ret_at. */
isd_status sight_insert_tw(struct sight *sight, double tw, int *ret_at, isd_error *err);
/* Right end of u and r in pictures. */
double sight_u_max(const struct sight *sight);

#endif
