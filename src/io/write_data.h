/* LAMMPS data files out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_DATA_H
#define IO_WRITE_DATA_H

#include "io/write.h"

/* Atom style atomic: id type x y z, image flags where they are known; the box comes back bit for bit. Masses are not known
 * and left out. A flat box gets a thickness of 1, which read_data wants. */
void data_put_frame(struct write_file *file, const isd_snapshot *snapshot);

#endif
