/* What libraries say on standard error while the full screen is there. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_STRAY_H
#define TUI_STRAY_H

#include <stdbool.h>

/* A place in memory for it, which a process forked later sees too. Without one nothing is caught. */
void stray_open(void);
/* Standard error goes there, if it is a terminal; false: it goes where it went before. */
void stray_catch(bool on);
/* What has come since the last time as text, freed by the caller; NULL: nothing. */
char *stray_take(void);
/* Writes what nobody has taken; of a process that has died, for instance. */
void stray_write_rest(int fd);

#endif
