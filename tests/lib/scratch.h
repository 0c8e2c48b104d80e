/* A folder for a test's files, gone when the program ends, also after a failed check. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char scratch_folder[64]; /* of this process; its children leave it alone */
static pid_t scratch_owner;

static inline int scratch_remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void scratch_remove(void)
{
    if (getpid() == scratch_owner)
        nftw(scratch_folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* "/tmp/isdmin-NAME-......" in scratch_folder; false: none could be made. Once a program. */
static inline bool scratch_make(const char *name)
{
    snprintf(scratch_folder, sizeof scratch_folder, "/tmp/isdmin-%s-XXXXXX", name);
    scratch_owner = getpid();
    return mkdtemp(scratch_folder) && atexit(scratch_remove) == 0;
}

#endif
