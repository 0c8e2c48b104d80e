/* The rows of the command table, one array a group, and the functions they name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_CMD_GROUPS_H
#define APP_CMD_GROUPS_H

#include <float.h>
#include <math.h>

#include "app/command.h"

/* Each array ends with a row without a name. */
extern const struct command_spec commands_data[];
extern const struct command_spec commands_compute[];
extern const struct command_spec commands_look[];
extern const struct command_spec commands_scaling[];
extern const struct command_spec commands_out[];
extern const struct command_spec commands_tool[];

/* Ranges of options. */
#define RANGE_ANY .low = -HUGE_VAL, .high = HUGE_VAL
#define RANGE_POSITIVE .low = DBL_MIN, .high = HUGE_VAL
#define RANGE_NOT_NEGATIVE .low = 0.0, .high = HUGE_VAL

/* Options that several commands share. */
#define OPTION_OF                                                                                            \
    {                                                                                                        \
        .name = "of", .kind = OPT_CHOICE, .choices = "is|raw",                                               \
        .help = "inherent structures, or the frames as they are"                                             \
    }
#define OPTION_SPECIES                                                                                       \
    {                                                                                                        \
        .name = "species", .kind = OPT_CHOICE, .choices = "resolved|blind",                                  \
        .help = "match within each species, or all atoms alike"                                              \
    }
#define OPTION_DRIFT                                                                                         \
    {                                                                                                        \
        .name = "drift", .kind = OPT_CHOICE, .choices = "keep|remove",                                       \
        .help = "remove: subtract the mean displacement first"                                               \
    }
#define OPTION_IDS                                                                                           \
    {                                                                                                        \
        .name = "ids", .kind = OPT_CHOICE, .choices = "file|order",                                          \
        .help = "order: the order of the file is the identity"                                               \
    }
#define OPTION_LIKE                                                                                          \
    {                                                                                                        \
        .name = "like", .kind = OPT_CHOICE, .choices = "exact|script",                                       \
        .help = "script: the number of the paper's script"                                                   \
    }
#define OPTION_BOXES                                                                                         \
    {                                                                                                        \
        .name = "boxes", .kind = OPT_CHOICE, .choices = "equal|affine",                                      \
        .help = "affine: unequal boxes are mapped to their mean"                                             \
    }
#define OPTION_ALIGN                                                                                         \
    {                                                                                                        \
        .name = "align", .kind = OPT_CHOICE, .choices = "off|on",                                            \
        .help = "on: minimise over a uniform shift too"                                                      \
    }
#define OPTION_TYPE                                                                                          \
    {                                                                                                        \
        .name = "type", .kind = OPT_WORD, .form = "TYPE", .fallback = "all",                                 \
        .help = "atoms of one type, a number or a label"                                                     \
    }
#define OPTION_ATOMS                                                                                         \
    {                                                                                                        \
        .name = "atoms", .kind = OPT_LIST, .fallback = "all",                                                \
        .help = "atoms of these ids alone, as 1..100,205"                                                    \
    }
#define OPTION_CHOOSE                                                                                        \
    {                                                                                                        \
        .name = "filter", .kind = OPT_EXPR, .fallback = "all atoms",                                         \
        .help = "atoms that pass in A: id, type, x, y, z, as x>2&&x<4"                                       \
    }
#define OPTION_BINS(fallback_)                                                                               \
    {                                                                                                        \
        .name = "bins", .kind = OPT_COUNT, .fallback = fallback_, .low = 1, .high = 1000000,                 \
        .help = "number of bins"                                                                             \
    }

#define COLUMNS_OF_ATOMS "id|type|x|y|z|u_lab|u_mat|partner|cycle|cycle_length|neighbours|energy"
#define COLUMNS_SIGNED COLUMNS_OF_ATOMS "|-id|-type|-x|-y|-z|-u_lab|-u_mat|-partner|-cycle|-cycle_length" \
    "|-neighbours|-energy"

command_run_fn run_open, run_refresh, run_sets, run_use, run_close, run_info, run_snapshot;
command_run_fn run_system, run_lammps, run_include;
command_run_fn run_energy, run_quench, run_fidelity, run_match, run_series, run_pu, run_gr, run_atoms, run_cycles;
command_run_fn run_map, run_strings;
command_run_fn run_equilibrium, run_dynamics, run_sk, run_van_hove;
command_run_fn run_trace, run_fit, run_points, run_green_kubo, run_relaxation;
command_run_fn run_export, run_store, run_sessions, run_forget;
command_run_fn run_jobs, run_wait, run_cancel, run_help, run_apropos, run_complete, run_demo, run_echo;
command_run_fn run_tour;

#endif
