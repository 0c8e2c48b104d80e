/* Atoms that are lines of words: one per atom, columns known beforehand. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_ROWS_H
#define IO_ROWS_H

#include "io/dump_columns.h"
#include "io/format.h"

#define ROWS_MAX_COLUMNS 256

struct row_plan {
    int n;
    unsigned char use[ROWS_MAX_COLUMNS]; /* of enum column_use */
    bool images;       /* some column is an image */
    bool more_allowed; /* further words in a row mean nothing */
    bool loose;        /* blank lines between rows are skipped, # begins a comment */
    const struct element_table *labels; /* words that stand for types in COLUMN_TYPE, or NULL */
    struct element_table *names;        /* COLUMN_ELEMENT numbers its words here as types */
};

/* The next n rows into a new snapshot: *ret_snapshot is unset for FRAME_CUT. Errors have their place. */
isd_status rows_read(struct format_file *file, const struct row_plan *plan, int32_t n, isd_snapshot **ret_snapshot,
                     enum frame_end *ret_end, isd_error *err);

#endif
