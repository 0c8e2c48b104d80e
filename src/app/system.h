/* What interacts how: built-in systems and LAMMPS' own lines. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SYSTEM_H
#define APP_SYSTEM_H

#include <stdbool.h>

#include "isdmin/potential.h"

struct system_settings {
    char name[16];   /* built-in name or "" */
    char units[16];  /* "" when not said */
    int dimension;   /* 0: not said */
    double timestep; /* NaN: not said */
    bool boundary_set;
    bool periodic[3];
    bool has_mass[ISD_MAX_TYPES + 1];
    double mass[ISD_MAX_TYPES + 1];
    char label[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];
    bool lj;         /* pair_style lj/cut is in force */
    double lj_cutoff;/* the global one */
    bool shift;
    isd_lj_pair pair[ISD_MAX_TYPES + 1][ISD_MAX_TYPES + 1]; /* [i][j], i <= j */
};

void system_init(struct system_settings *ret_system);
/* The words of a command line after the verb. Error: ISD_USAGE or ISD_DATA. */
isd_status system_builtin(struct system_settings *system, const char *name, isd_error *err);
const char *system_builtin_name(int k); /* NULL past the last */
isd_status system_pair_style(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_pair_coeff(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_pair_modify(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_mass(struct system_settings *system, const char *const *words, int n, isd_error *err);

/* The potential for n_types types: cross terms mixed as LAMMPS mixes them (geometric) and told by `note` lines; a type without pair_coeff is
 * refused with the type named. */
typedef void system_note_fn(void *arg, const char *text);
isd_status system_potential(const struct system_settings *system, int n_types, system_note_fn *note, void *note_arg,
                            isd_potential **ret_potential, isd_error *err);

#endif
