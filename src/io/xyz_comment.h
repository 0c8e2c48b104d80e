/* The comment line of an XYZ frame: cell, columns, time. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_XYZ_COMMENT_H
#define IO_XYZ_COMMENT_H

#include "io/rows.h"

struct xyz_comment {
    bool has_cell;
    struct file_cell cell;
    struct row_plan plan; /* species x y z, and anything behind them, where the comment names no columns */
    bool has_id, has_species;
    bool from_0; /* species that are numbers count from 0: RUMD */
    bool flat; /* positions have no z */
    bool has_step, has_time;
    int64_t step;
    double time;
};

/* Dialects: extended XYZ (Lattice, Properties, Origin, pbc; values bare, quoted or in braces), atooms (key:value, cell:,
 * columns:), RUMD (boxLengths= or sim_box=, columns=); both of these are centred on 0. Unknown keys mean nothing. Errors have no place yet. */
isd_status xyz_comment_parse(const char *text, size_t length, struct xyz_comment *ret_comment, isd_error *err);

#endif
