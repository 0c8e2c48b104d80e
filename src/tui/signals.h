/* Signals turned into bytes of a pipe, for poll(). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

/* Handlers for WINCH, TERM, HUP, INT, QUIT, TSTP and CONT, before curses installs its own. False: no pipe. */
bool signals_open(void);
void signals_close(void); /* default actions again */
int signals_fd(void);
int signals_next(void);   /* the next signal number, 0: none */
/* Stops this process as Ctrl-Z does; returns when it goes on. */
void signals_stop(void);
/* Ends this process by the signal. */
void signals_die(int number);

/* Returns in the foreground of the terminal: continued in the background (`bg`, kill -CONT), the process stops again, since a full screen
 * has no business there. */
void signals_await_foreground(void);

#endif
