/* How much memory this computer has. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_MEMORY_H
#define IO_MEMORY_H

/* Bytes of snapshot for one atom, images included. */
#define MEMORY_PER_ATOM 48.0

/* Bytes that frames may take together: four fifths of the physical memory. */
double memory_for_frames(void);

#endif
