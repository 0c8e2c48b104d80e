/* Where files of potentials are found, and whether they are the published ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_POTENTIAL_PATH_H
#define APP_POTENTIAL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sha256.h"
#include "isdmin/status.h"

/* A file that was published, and the sum of the copy this program was tried with (NULL: not known). */
struct potential_source {
    const char *file, *sha256, *publication;
};

/* The file itself where there is one, else a file of that name in the folders of $ISDMIN_POTENTIALS and
 * $LAMMPS_POTENTIALS (each a list with colons) and in $XDG_DATA_HOME/isdmin/potentials. ISD_IO: nowhere. */
isd_status potential_path_find(const char *name, char *ret_path, size_t size, isd_error *err);

/* The file of a built-in system: `file` (potential=), or the published one by name. A sum that differs is told
 * by `note`. source NULL: only `file` will do. */
isd_status potential_path_published(const char *system, const char *file, const struct potential_source *source,
                                    char *ret_path, size_t size, void (*note)(void *arg, const char *text),
                                    void *note_arg, isd_error *err);

/* SHA-256 of a file's bytes; false where it cannot be read. */
bool potential_path_sum(const char *path, char ret_text[SHA256_TEXT]);

#endif
