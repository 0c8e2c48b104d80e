/* Which files a word stands for. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LISTING_H
#define IO_LISTING_H

#include <stdbool.h>

#include "isdmin/status.h"

/* Paths found for one argument, in order. */
struct listing {
    char **path;
    int n;
    bool lenient; /* found, not named outright: what is no snapshot is skipped and named */
};

/* A directory: what is in it, not recursively; a pattern where no such file exists: what matches it; both sorted naturally. All
 * else is a file, there or not. ISD_IO with the place where nothing can be listed. */
isd_status listing_make(const char *argument, struct listing *ret_listing, isd_error *err);
/* A copy of one more path. */
isd_status listing_add(struct listing *listing, const char *path, isd_error *err);
void listing_done(struct listing *listing);

#endif
