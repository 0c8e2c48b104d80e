/* Which columns of a LAMMPS dump are read, and as what. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DUMP_COLUMNS_H
#define IO_DUMP_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/cell.h"
#include "isdmin/snapshot.h"

enum column_use {
    COLUMN_SKIP,
    COLUMN_ID,
    COLUMN_TYPE,
    COLUMN_ELEMENT,
    COLUMN_POSITION, /* + axis, up to three */
    COLUMN_IMAGE = COLUMN_POSITION + 3
};

struct dump_columns {
    int32_t n;
    unsigned char *use; /* [n] of enum column_use */
    bool has_id, has_type, has_element;
    bool has_z;     /* else two-dimensional */
    bool has_image; /* images are read, for the axes that are not unwrapped already */
    bool unwrapped; /* all axes are */
    bool scaled[3]; /* the axis is in fractions of the cell */
    bool mixed;     /* axes of different kinds in a tilted cell */
    bool wrapped[3];
};

/* Chooses from the names in text[0 ... length) (what follows "ITEM: ATOMS"). Of the sets of positions that are there the
 * most informative is taken: x with images, xu, xs with images, xsu, x, xs (x with images first, because unwrapped
 * numbers lose digits as atoms wander). In an orthogonal cell (NULL: one) each axis is chosen by itself, unwrapped if all of them can be; in a
 * tilted one all axes are of one kind where some kind is complete, else of those kinds that place an atom together: wrapped and
 * unwrapped axes need all images, unless no tilt joins them. By element: a column type is passed over
 * where there is a column element. Errors have no place yet. */
isd_status dump_columns_init(struct dump_columns *columns, const char *text, size_t length, const struct file_cell *cell,
                             bool by_element, isd_error *err);
/* The position columns, as read, to Cartesian ones in LAMMPS' frame; z that is not there is set inside the box. Images that
 * unwrapped the positions are dropped. */
void dump_columns_place(const struct dump_columns *columns, const struct file_cell *cell, isd_snapshot *snapshot);
void dump_columns_done(struct dump_columns *columns);

#endif
