/* A parent process that gives the terminal back after any death of the program. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_GUARD_H
#define TUI_GUARD_H

#include <stdbool.h>

/* Forks: the child does the work and exits with what `body` returns; the parent waits, forwards signals and follows stops of
 * the child. After the child's death, by SIGKILL too, the parent puts the terminal back as it was at this call, then
 * returns the child's exit status or dies by the same signal. Call it before any thread exists. If there is no second
 * process to be had, the body runs unguarded. */
int guard_run(int (*body)(void *arg), void *arg);

/* The child says whether the terminal is in its hands (full screen) or as it was. No effect outside guard_run. */
void guard_note(bool full_screen);

#endif
