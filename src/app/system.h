/* What interacts how: built-in systems and LAMMPS' own lines. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_SYSTEM_H
#define APP_SYSTEM_H

#include <stdbool.h>

#include "isdmin/potential.h"

/* How LAMMPS fills in a cross term without pair_coeff; cutoffs are mixed as sigma is. */
enum system_mix { MIX_GEOMETRIC, MIX_ARITHMETIC, MIX_SIXTHPOWER };

enum system_style {
    SYSTEM_NONE,
    SYSTEM_LJ,
    SYSTEM_LJ_LINEAR,    /* force-shifted */
    SYSTEM_LJ_QUADRATIC, /* quadratic smoothing */
    SYSTEM_EAM_ALLOY, /* those from here on come from a file */
    SYSTEM_EAM_FS,
    SYSTEM_TERSOFF,
    SYSTEM_SIO2 /* Tersoff with built-in numbers */
};

#define SYSTEM_PATH_SIZE 1024
#define SYSTEM_NAME_SIZE 32

struct system_settings {
    char name[SYSTEM_NAME_SIZE]; /* of `system NAME`, or "" */
    char units[16];  /* "" when not said */
    int dimension;   /* 0: not said */
    bool dimension_said; /* by the line `dimension`, not by a system */
    double timestep; /* NaN: not said */
    bool boundary_set;
    bool periodic[3];
    bool has_mass[ISD_MAX_TYPES + 1];
    double mass[ISD_MAX_TYPES + 1];
    bool mass_of_file[ISD_MAX_TYPES + 1]; /* that of the potential's file: `mass` replaces it */
    bool units_implied;                   /* nobody said them, the style did */
    char label[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];
    enum system_style style; /* pair_style in force */
    char file[SYSTEM_PATH_SIZE];
    int n_elements; /* of pair_coeff * * FILE El1 El2 ...; 0: no such line yet */
    char element[ISD_MAX_TYPES][ISD_LABEL_SIZE];
    bool rounded;     /* SYSTEM_SIO2: the rounded mixed parameters of LAMMPS' own file */
    double lj_cutoff; /* the global one */
    bool shift;
    enum system_mix mix;
    isd_lj_pair pair[ISD_MAX_TYPES + 1][ISD_MAX_TYPES + 1]; /* [i][j], i <= j */
};

void system_init(struct system_settings *ret_system);

/* As in pair_style; "none". */
const char *system_style_name(enum system_style style);

/* Is there something to compute forces with (though pair_coeff lines may be missing yet)? */
bool system_has_potential(const struct system_settings *system);

typedef void system_note_fn(void *arg, const char *text);

/* What is said beside the name of a system. */
struct system_wish {
    const char *potential; /* a file instead of the one the system names, or NULL */
    bool variant, rounded; /* variant= was said; LAMMPS' rounded numbers of silica */
    bool pair_options;     /* options of Lennard-Jones systems were said: others are refused */
};

/* A system by name (app/system_file.h says where names are looked for), made by the lines of its file. Replaces everything but the time
 * step and the boundary. wish may be NULL; what is odd about a potential's file is told by `note` (may be NULL).
 * ISD_USAGE: no such name, or a line that is wrong, with its place; ISD_IO: no potential file; ISD_DATA: no potential in it. */
isd_status system_named(struct system_settings *system, const char *name, const struct system_wish *wish, system_note_fn *note,
                        void *note_arg, isd_error *err);
/* The one of that name that comes with the program, whatever files the user has. */
isd_status system_builtin(struct system_settings *system, const char *name, isd_error *err);
/* Cutoffs of a named system in units of each pair's own sigma (rc=2.5 is Kob and Andersen's). */
isd_status system_named_cutoff(struct system_settings *system, double factor, isd_error *err);

/* One of LAMMPS' own lines: `verb` is units, dimension, boundary, timestep, mass, labelmap, pair_style, pair_coeff
 * or pair_modify, words[n] what follows it. Nothing is changed on failure: ISD_USAGE, or ISD_UNSUPPORTED for
 * what LAMMPS knows and we do not. The single functions take the words too. */
isd_status system_line(struct system_settings *system, const char *verb, const char *const *words, int n,
                       isd_error *err);
isd_status system_units(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_dimension(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_boundary(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_timestep(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_pair_style(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_pair_coeff(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_pair_modify(struct system_settings *system, const char *const *words, int n,
                              isd_error *err);
isd_status system_mass(struct system_settings *system, const char *const *words, int n, isd_error *err);
isd_status system_labelmap(struct system_settings *system, const char *const *words, int n, isd_error *err);
/* What pair_coeff * * FILE ELEMENT ... does once its file is found; path NULL: of a style without one. */
isd_status system_elements(struct system_settings *system, enum system_style style, const char *path, const char *const *elements,
                           int n, bool either_eam, system_note_fn *note, void *note_arg, isd_error *err);

/* All pairs of n_types types into ret_pairs[n_types * n_types], symmetric; mixed ones are told by `note` (may
 * be NULL). */
isd_status system_pairs(const struct system_settings *system, int n_types, system_note_fn *note,
                        void *note_arg, isd_lj_pair *ret_pairs, isd_error *err);

/* Reads the file of pair_coeff (eam: of the other kind if either_eam and it is not of this one), so that what is wrong
 * with it is said at once, and takes the masses it gives where `mass` has set none. */
isd_status system_check_file(struct system_settings *system, bool either_eam, system_note_fn *note, void *note_arg,
                             isd_error *err);

/* The potential for n_types types: cross terms mixed as LAMMPS mixes them (see `mix`) and told by `note`
 * lines; a type without pair_coeff is refused with the type named. */
isd_status system_potential(const struct system_settings *system, int n_types, system_note_fn *note,
                            void *note_arg, isd_potential **ret_potential, isd_error *err);

#endif
