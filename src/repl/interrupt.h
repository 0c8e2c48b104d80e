/* Signals while a person types at the REPL: remembered, never acted on in a handler. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_INTERRUPT_H
#define REPL_INTERRUPT_H

#include <stdbool.h>

/* Takes over SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGWINCH until interrupt_end, which puts back what was there. False when the
 * descriptor cannot be made; nothing is changed then. */
bool interrupt_begin(void);
void interrupt_end(void);

/* Readable when a signal came; for poll(). interrupt_drain empties it. */
int interrupt_fd(void);
void interrupt_drain(void);

/* Did this signal come since it was last taken? interrupt_take takes it. */
bool interrupt_came(int number);
bool interrupt_take(int number);

/* The signal that asks the program to end (SIGTERM or SIGHUP), 0 if none came. */
int interrupt_ending(void);

/* Stops the process as Ctrl-Z does; returns when it is continued. */
void interrupt_stop(void);

#endif
