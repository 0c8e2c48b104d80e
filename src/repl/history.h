/* One history for the REPL and the `:` line, kept in a file that sessions share. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The file is $XDG_STATE_HOME/isdmin/history, else ~/.local/state/isdmin/history. Each line is appended with one write, so
 * sessions running at once lose nothing; the file is never rewritten. Without a home, history lasts as long as the program. */
#ifndef REPL_HISTORY_H
#define REPL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* Takes in the last lines of the file. Call once; a file that cannot be read is no error. */
void history_load(void);

/* Adds an accepted line, in memory and in the file; blank lines and repeats of the last one are left out, and so are lines
 * that start with a blank. */
void history_keep(const char *line);

/* Where the program keeps what it remembers of one run for the next: $XDG_STATE_HOME/isdmin, else ~/.local/state/isdmin; made, with the
 * folders above it, if that is wanted. "" where there is none. */
void history_folder(bool make, char *out, size_t size);

#endif
