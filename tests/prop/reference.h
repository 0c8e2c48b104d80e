/* The reference data: files, and numbers out of their JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdbool.h>

#include "dump_lines.h"
#include "isdmin/potential.h"

/* The folder: $ISDMIN_REFERENCE, or ../shared beside the source folder, which is argv[1]. False, with a message, where
 * there is none. */
bool reference_find(int argc, char **argv);

/* Frames of a dump, freed by dump_lines_free; fails the test where there are none. name: as "data/ka3d/ka3d.dump.gz". */
struct dump_frame *reference_frames(const char *name, int *ret_n);
/* A whole file, freed by the caller. */
char *reference_text(const char *name);

/* The number of "key" in the object of the JSON text in which `at` points; fails the test, or NaN where it need not be. */
double reference_number(const char *at, const char *key);
double reference_number_if(const char *at, const char *key);

/* Lennard-Jones of Kob and Andersen, cut at `cutoff` sigma and shifted. */
isd_potential *reference_mixture(double cutoff);
/* eam/alloy, eam/fs or tersoff of "potentials/NAME" for two elements. */
isd_potential *reference_potential(const char *style, const char *name, const char *const elements[2]);
/* Munetoh's, with no file. */
isd_potential *reference_silica(bool rounded);

#endif
