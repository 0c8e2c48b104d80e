/* What the force and quench benchmarks share: the frame, the potential, and LAMMPS as the peer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_ANCHOR_H
#define BENCH_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/potential.h"
#include "isdmin/reader.h"
#include "neigh/isa.h"

enum { ANCHOR_ROUNDS = 5 };

/* First frame of the Kob-Andersen set (reference data if there, else the demo set). Exits with a message on
 * failure; 77 when no data is found. root: source folder. */
const isd_snapshot *anchor_frame(const char *root);

const isd_potential *anchor_kob_andersen(void);

/* Runs `lmp -sf opt` (Debian's LAMMPS, which has no INTEL package) on the frame with `commands` after the potential is set, in a folder of its own. The log
 * is returned, freed by the caller; NULL when there is no lmp or it fails. */
char *anchor_lammps(const isd_snapshot *frame, const char *commands);
/* The same with another potential: setup is everything up to it, with "read_data data". */
char *anchor_lammps_with(const isd_snapshot *frame, const char *setup, const char *commands);

/* Full path of a file of the reference data, "data/alsm/alsm.dump.gz"; false if it is not there. */
bool anchor_reference(const char *root, const char *name, char *ret_path, size_t size);

/* The number behind `key` at its `occurrence`-th place in text (from 0), or NaN. */
double anchor_number(const char *text, const char *key, int occurrence);

/* LAMMPS' times are by the clock on the wall. CPU seconds of the line that begins with `key` ("Pair"), whoever else used
 * the processor; NaN if it is not there. */
double anchor_cpu(const char *log, const char *key);

/* Prints the error and ends the program. */
void anchor_check(isd_status status, const isd_error *err);

/* First frame of a file of the reference data; NULL if it is not there. */
const isd_snapshot *anchor_first(const char *root, const char *name);

double anchor_median(double *values, int n); /* sorts them */

/* CPU seconds of one evaluation: the forces alone as a run of dynamics wants them, or with energy and virial as well; lists
 * kept, or made anew each time. */
double anchor_seconds(const isd_snapshot *frame, const isd_potential *potential, enum isa isa, bool energy, bool builds,
                      int repeat);

/* Rows of a potential, AVX-512 and AVX2, against "Pair" of `steps` steps of LAMMPS, which computes energies only in the
 * rows that have them: ours and the peer in turn, medians. setup as above; run: what comes before its steps. */
void anchor_forces(const char *name, const isd_snapshot *frame, const isd_potential *potential, const char *setup,
                   const char *run, int steps);

/* What LAMMPS is told of the Kob-Andersen potential. */
extern const char anchor_kob_andersen_setup[];

/* One row: case, ours, peer, ratio; peer NaN: none. */
void anchor_row(const char *name, double ours, double peer, const char *unit, bool less_is_better);

#endif
