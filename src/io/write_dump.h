/* LAMMPS text dumps out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_DUMP_H
#define IO_WRITE_DUMP_H

#include <stddef.h>

#include "isdmin/snapshot.h"

/* A further column: n values of each frame; integers print without a point. */
struct dump_column {
    const char *name;
    const double *reals;  /* one of these two */
    const int64_t *ints;
};

/* Frames are written to a temporary file beside `path`, which replaces it in dump_writer_close: never half a file. Bounding
 * box and flags as LAMMPS; 17 significant digits; `id type x y z`, `ix iy iz` where images are known, then the further
 * columns. An unwrapped snapshot is written as xu yu zu, one
 * without ids without the column id; frames without a time step are numbered. A box that was read from a dump comes back bit for
 * bit. A path ending in .gz is refused (UNSUPPORTED) for now. */
struct dump_writer;
isd_status dump_writer_new(const char *path, struct dump_writer **ret_writer, isd_error *err);
isd_status dump_writer_frame(struct dump_writer *writer, const isd_snapshot *snapshot, const struct dump_column *columns,
                             int n_columns, isd_error *err);
isd_status dump_writer_close(struct dump_writer *writer, isd_error *err); /* frees it, whatever happens */
void dump_writer_abandon(struct dump_writer *writer);                     /* nothing is left behind */

/* Any bytes to a file, whole or not at all: temporary file, fsync, rename. */
isd_status write_whole_file(const char *path, const char *data, size_t length, isd_error *err);

#endif
