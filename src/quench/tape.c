/* A quench put down on bytes, and taken up again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/tape.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct quench_tape *tape, size_t size)
{
    if (tape->size + size <= tape->room) {
        return true;
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
        if (make_room(tape, size)) {
            memcpy(tape->bytes + tape->size, item, size);
            tape->size += size;
        }
    } else if (size > tape->size - tape->at) {
        tape->bad = true;
    } else {
        memcpy(item, tape->bytes + tape->at, size);
        tape->at += size;
    }
}
