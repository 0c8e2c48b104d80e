/* A frame of a LAMMPS text dump while it is read: shared by the files that read its header and its rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LAMMPS_DUMP_FRAME_H
#define IO_LAMMPS_DUMP_FRAME_H

#include "io/dump_columns.h"
#include "io/format.h"
#include "io/lammps_dump_rows.h"

/* What carries over from frame to frame of one file. */
struct lammps_dump {
    char units[16];    /* ITEM: UNITS is written once a file */
    bool two_elements; /* some type was met with two element names */
    dump_rows_fn *take_rows;
};

enum dump_item {
    HAS_STEP = 1,
    HAS_TIME = 2,
    HAS_COUNT = 4,
    HAS_BOX = 8
};

/* A frame under construction. */
struct dump_frame {
    struct lammps_dump *dump;
    struct format_file *file;
    struct lines *lines; /* the file's */
    unsigned have; /* of enum dump_item */
    int64_t step;
    double time;
    int32_t n, filled;
    bool periodic[3];
    struct file_cell cell; /* turned: ITEM: BOX BOUNDS abc origin with a cell that is not in LAMMPS' form */
    int64_t box_line, atoms_line;
    struct dump_columns columns;
    isd_snapshot *snapshot;
    enum frame_end end;
};

/* Its header, up to and with ITEM: ATOMS, of which *ret_columns ... *ret_end is the rest (borrowed until the next line is read). The data may
 * end before that: f->end says so. */
isd_status dump_read_header(struct dump_frame *f, const char **ret_columns, const char **ret_end, isd_error *err);
/* The rows under columns of these names, and the snapshot in the end. */
isd_status dump_read_atoms(struct dump_frame *f, const char *columns, const char *end, isd_error *err);

/* ISD_DATA, which is set, at this place of the file; column 0: the line as a whole. */
isd_status dump_refuse_at(const struct dump_frame *f, int64_t line, int64_t column, isd_error *err);

#endif
