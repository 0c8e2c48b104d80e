/* What the force and quench benchmarks share: the frame, the potential, and LAMMPS as the peer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_ANCHOR_H
#define BENCH_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/potential.h"
#include "isdmin/reader.h"

/* First frame of the Kob-Andersen set (reference data if there, else the demo set). Exits with a message on
 * failure; 77 when no data is found. root: source folder. */
const isd_snapshot *anchor_frame(const char *root);

const isd_potential *anchor_kob_andersen(void);

/* Runs `lmp -sf opt` on the frame with `commands` after the potential is set, in a folder of its own. The log
 * is returned, freed by the caller; NULL when there is no lmp or it fails. */
char *anchor_lammps(const isd_snapshot *frame, const char *commands);
/* The same with another potential: setup is everything up to it, with "read_data data". */
char *anchor_lammps_with(const isd_snapshot *frame, const char *setup, const char *commands);

/* Full path of a file of the reference data, "data/alsm/alsm.dump.gz"; false if it is not there. */
bool anchor_reference(const char *root, const char *name, char *ret_path, size_t size);

/* The number behind `key` at its `occurrence`-th place in text (from 0), or NaN. */
double anchor_number(const char *text, const char *key, int occurrence);

/* One row: case, ours, peer, ratio; peer NaN: none. */
void anchor_row(const char *name, double ours, double peer, const char *unit, bool less_is_better);

#endif
