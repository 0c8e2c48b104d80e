/* Arguments that stand for several files. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_PATHS_H
#define IO_PATHS_H

#include "isdmin/status.h"

/* A glob pattern where no such file exists, as the paths that fit it, sorted as people sort; anything else as itself. Freed by
 * paths_free. ISD_IO: nothing fits. */
isd_status paths_expand(const char *argument, char ***ret_paths, int *ret_n, isd_error *err);
void paths_free(char **paths, int n);

#endif
