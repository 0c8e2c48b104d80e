/* How much memory this computer has, and what frames take of it. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_MEMORY_H
#define IO_MEMORY_H

#include "isdmin/snapshot.h"

/* Bytes of snapshot for one atom, images included. */
#define MEMORY_PER_ATOM 48.0

double memory_of_frame(const isd_snapshot *snapshot);

/* Bytes that one frame may take: four fifths of the physical memory. */
double memory_for_frames(void);
/* Bytes that decoded frames may take together unless somebody says otherwise: a quarter of the physical memory. */
double memory_for_cache(void);

#endif
