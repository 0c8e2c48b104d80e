/* LAMMPS text dumps in. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LAMMPS_DUMP_H
#define IO_LAMMPS_DUMP_H

#include "io/lines.h"
#include "isdmin/reader.h"

/* Species named by text alone: name[t] is type t, by first appearance. One table serves all files of a set. */
struct element_table {
    int n;
    char name[ISD_MAX_TYPES + 1][ISD_LABEL_SIZE];
};

/* What carries over from frame to frame of one file. */
struct lammps_dump {
    struct element_table *elements;
    char units[16];   /* ITEM: UNITS is written once a file */
    int32_t frame;    /* number of the next frame, from 0 */
    bool two_elements; /* some type was met with two element names */
};

enum frame_end {
    FRAME_WHOLE,
    FRAME_WHOLE_NO_NEWLINE, /* complete, but the last line of the data has no newline */
    FRAME_NONE,             /* no further frame */
    FRAME_CUT               /* the data ends inside it; err says where */
};

/* Does the data begin as a LAMMPS dump does? Consumes empty lines at most. */
isd_status lammps_dump_matches(struct lines *lines, bool *ret_matches, isd_error *err);

/* The next frame, frozen. ISD_OK with FRAME_CUT fills err with the reason; *ret_snapshot is set for whole frames only. */
isd_status lammps_dump_next(struct lammps_dump *dump, struct lines *lines, isd_snapshot **ret_snapshot,
                            enum frame_end *ret_end, isd_error *err);

#endif
