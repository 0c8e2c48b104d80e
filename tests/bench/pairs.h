/* Pairs of frames for the matching benchmark. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#include <stdbool.h>

#include "isdmin/snapshot.h"

/* Poisson points at density 1 in a periodic cube or square. */
bool pair_poisson(int32_t n, int dim, const isd_snapshot *ret_pair[2]);

/* First frames of two files below the reference folder, repeated so many times along each edge; where repeated, each atom of the
 * second is moved by a normal deviate of 0.02 along each axis, so that the copies differ. */
bool pair_of_files(const char *folder, const char *a, const char *b, const int repeat[3], const isd_snapshot *ret_pair[2]);

/* Kob-Andersen 80:20 at density 1.2, 4 m^3 atoms: types drawn at random on a face-centred lattice, melted from T = 4 with the
 * repulsive part of the potential (350 steps of 0.004), paired with itself moved by (0.47,0.52,0.39) of the box. */
bool pair_liquid(int m, const isd_snapshot *ret_pair[2]);

/* A simple cubic crystal of m^3 atoms and itself moved by half a cell along each axis: eight equal partners for each. */
bool pair_crystal(int m, const isd_snapshot *ret_pair[2]);

#endif
