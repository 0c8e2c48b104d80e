/* The clipboard of the user's own machine, through the terminal. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

#include "model/print.h"

/* How a terminal is told what to put there (OSC 52). tmux passes it on by itself or, asked to, as it is; screen in small pieces. */
enum clipboard_way { CLIPBOARD_NONE, CLIPBOARD_PLAIN, CLIPBOARD_TMUX, CLIPBOARD_SCREEN };

/* By the environment: $TERM, $TMUX, $STY; each may be NULL. Terminals that would print it get none. */
enum clipboard_way clipboard_find(const char *term, const char *tmux, const char *sty);

/* More than that many terminals cut off, or refuse. */
#define CLIPBOARD_MOST 74994

/* Appends the sequences for so many bytes, at most CLIPBOARD_MOST. */
void clipboard_write(enum clipboard_way way, const char *bytes, size_t n, struct print_buffer *out);

#endif
