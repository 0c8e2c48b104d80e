/* A quench put down on bytes, and taken up again. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_TAPE_H
#define QUENCH_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/control.h"

#define TAPE_PORTION ((size_t)1 << 22) /* bytes between two looks whether it is cancelled */

/* One sequence of items: the same calls write it and read it. */
struct quench_tape {
    unsigned char *bytes;
    size_t size, room;
    size_t at;    /* while reading */
    bool reading;
    bool bad;     /* out of memory or cancelled while writing; too short while reading */
    const isd_control *control; /* asked while writing: a tape of many atoms takes its time */
};

void tape_item(struct quench_tape *tape, void *item, size_t size);
#define TAPE(tape, item) tape_item(tape, &(item), sizeof(item))

/* A sum that tells changed bytes, and goes on from another: of pieces of whole words, as of the whole. */
uint64_t tape_sum(uint64_t sum, const void *bytes, size_t size);

#endif
