/* Extended XYZ out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_XYZ_H
#define IO_WRITE_XYZ_H

#include "io/write.h"

/* One frame as OVITO reads it: Lattice, Origin, pbc, and Time and step where known; species (the element of the type, else its
 * number), id where there are ids, pos, then the further columns. Image counts have no place in this format. */
void xyz_put_frame(struct write_file *file, const isd_snapshot *snapshot, const struct dump_column *columns, int n_columns);

#endif
