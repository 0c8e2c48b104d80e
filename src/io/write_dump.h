/* LAMMPS text dumps out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_DUMP_H
#define IO_WRITE_DUMP_H

#include "io/write.h"

/* One frame: bounding box and flags as LAMMPS, 17 significant digits, `id type x y z`, `ix iy iz` where images are known, then
 * the further columns. An unwrapped snapshot is written in the cell with its image counts, one without ids without the column id; frames without a
 * time step are numbered. A box that was read from a dump comes back bit for bit. */
void dump_put_frame(struct write_file *file, const isd_snapshot *snapshot, const struct dump_column *columns, int n_columns);

#endif
