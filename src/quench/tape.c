/* A quench put down on bytes, and taken up again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/tape.h"

#include <stdlib.h>
#include <string.h>

uint64_t tape_sum(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t k = 0; k < size; k += sizeof sum) {
        uint64_t word = 0;
        memcpy(&word, byte + k, size - k < sizeof word ? size - k : sizeof word);
        sum = (sum ^ word) * 1099511628211u; /* FNV-1a by words */
        sum ^= sum >> 29;
    }
    return sum;
}

static bool make_room(struct quench_tape *tape, size_t size)
{
    if (tape->bad || tape->size + size <= tape->room) {
        return !tape->bad;
    }
    const size_t room = tape->size + size + tape->size / 2 + 4096;
    unsigned char *more = realloc(tape->bytes, room);
    if (!more) {
        tape->bad = true;
        return false;
    }
    tape->bytes = more;
    tape->room = room;
    return true;
}

void tape_item(struct quench_tape *tape, void *item, size_t size)
{
    if (tape->bad || size == 0) {
        return;
    }
    if (!tape->reading) {
        const unsigned char *from = item;
        for (size_t k = 0; k < size && make_room(tape, size - k); k += TAPE_PORTION) {
            const size_t n = size - k < TAPE_PORTION ? size - k : TAPE_PORTION;
            memcpy(tape->bytes + tape->size, from + k, n);
            tape->size += n;
            tape->bad = tape->bad || isd_control_cancelled(tape->control);
        }
    } else if (size > tape->size - tape->at) {
        tape->bad = true;
    } else {
        memcpy(item, tape->bytes + tape->at, size);
        tape->at += size;
    }
}
