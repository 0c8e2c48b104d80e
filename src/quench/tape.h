/* A quench put down on bytes, and taken up again. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_TAPE_H
#define QUENCH_TAPE_H

#include <stdbool.h>
#include <stddef.h>

/* One sequence of items: the same calls write it and read it. */
struct quench_tape {
    unsigned char *bytes;
    size_t size, room;
    size_t at;    /* while reading */
    bool reading;
    bool bad;     /* out of memory while writing; too short while reading */
};

void tape_item(struct quench_tape *tape, void *item, size_t size);
#define TAPE(tape, item) tape_item(tape, &(item), sizeof(item))

#endif
