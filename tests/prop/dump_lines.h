/* A reader of LAMMPS dumps for tests, made apart from the program's own: no code in common.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROP_DUMP_LINES_H
#define PROP_DUMP_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/box.h"

struct dump_frame {
    int32_t n;
    isd_box box;
    int32_t *type;
    double *r, *f; /* [3n] Cartesian; f is zero where the file has no forces */
    double *energy; /* [n] of each atom; NaN where the file says none */
};

/* All frames of a gz file; atoms in the order of the file. Returns the number of frames, -1 if the file
 * cannot be read. */
int dump_lines_read(const char *path, struct dump_frame **ret_frames);
void dump_lines_free(struct dump_frame *frames, int n);

#endif
