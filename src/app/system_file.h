/* Systems as files of the command language: those in the program and those of the user. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SYSTEM_FILE_H
#define APP_SYSTEM_FILE_H

#include <stdbool.h>

#include "app/system.h"

/* One file, read. */
struct system_file {
    char name[SYSTEM_NAME_SIZE];
    char path[SYSTEM_PATH_SIZE]; /* "" of those in the program */
    bool hides;                  /* one of that name that is in the program */
    char *text;                  /* owned */
};
void system_file_done(struct system_file *file);

/* The file of a system by name: NAME.isd in the folders of $ISDMIN_SYSTEMS (a list with colons), in $XDG_DATA_HOME/isdmin/systems,
 * inside the program, in isdmin/systems of $XDG_DATA_DIRS, the first that has one. A name with a slash or .isd at its end is a
 * path. ISD_USAGE: nowhere, with the nearest name; ISD_IO, ISD_DATA: a file that cannot be read. */
isd_status system_file_find(const char *name, struct system_file *ret_file, isd_error *err);
/* Those in the program alone. */
isd_status system_file_builtin(const char *name, struct system_file *ret_file, isd_error *err);

/* What `system` lists. */
struct system_entry {
    char name[SYSTEM_NAME_SIZE], path[SYSTEM_PATH_SIZE]; /* path "": in the program */
    char about[200];                                     /* the comment that the file begins with, escaped */
};
/* All that can be found, each name once: those in the program first, then by name. Freed by the caller. */
isd_status system_file_list(struct system_entry **ret_entries, int *ret_n, isd_error *err);

#endif
