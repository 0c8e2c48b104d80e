/* What interacts how, out of a whole LAMMPS input script. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_LAMMPS_SCRIPT_H
#define APP_LAMMPS_SCRIPT_H

#include "app/system.h"

/* Takes the lines of system_line out of the script, the potential from its last pair_style on, variables put in, `&`
 * joining lines. A relative path of pair_coeff is tried from the script's folder first. What was passed over is told
 * by `note`; refused by name: other styles that make forces (bond_style, kspace_style ...), and if, jump, next, include
 * before a line that was taken, for what they do is not known. Nothing is changed on failure; err->where is the
 * script's line. */
isd_status lammps_script_read(struct system_settings *system, const char *path, system_note_fn *note, void *note_arg,
                              isd_error *err);

#endif
