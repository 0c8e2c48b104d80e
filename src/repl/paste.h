/* Pastes in brackets among the bytes that readline is given. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Readline (8.2) reads such a paste in one go, and reads behind its memory if the input ends first: whoever has no more bytes ends the
 * paste before saying so. */
#ifndef REPL_PASTE_H
#define REPL_PASTE_H

#include <stdbool.h>

/* Zero-initialise. */
struct paste {
    int matched; /* bytes of a bracket */
    char which;  /* '0' opens, '1' closes */
    bool open;
    int closed;  /* bytes of the closing bracket that were given out */
};

/* A byte that readline is given. */
void paste_note(struct paste *paste, int byte);
/* The next byte that ends the open paste; -1: none is open. */
int paste_end(struct paste *paste);

#endif
