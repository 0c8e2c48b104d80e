/* What file names say: temperature, pressure, waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_NAME_PATTERN_H
#define APP_NAME_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/status.h"

struct named_values {
    double T, p, t_w; /* NaN: the name does not say */
};

/* The numbers at {T}, {p} and {tw} of a pattern such as run_T{T}_tw{tw}.dump, which must fit the last part of the path from its
 * start (what follows the pattern is free); * stands for anything. ISD_USAGE: not a pattern; ISD_DATA: the name does not fit. */
isd_status name_pattern_read(const char *pattern, const char *path, struct named_values *ret_values, isd_error *err);

/* A pattern for names like T0.50_tw10 or T=0.5-p=2, to be confirmed by the user; false if the name has no such parts. */
bool name_pattern_guess(const char *path, char *out, size_t size);

#endif
