/* Editing one line with readline, fed with bytes and drawn by the caller. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the `:` line of the full screen: readline edits, keeps history and completes (the user's inputrc holds, `$if isdmin`
 * included), but never touches the terminal. Readline is one per process, so there is one line at a time. Main thread. */
#ifndef REPL_LINE_H
#define REPL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "repl/complete.h"

/* Reads the inputrc and the terminal description. Call once before curses opens the terminal (both use one current terminal
 * description), after setlocale. Cheap when repeated. */
void line_setup(void);

/* Starts a line: the prompt (UTF-8), text to start from (NULL: empty), completion (NULL: none). False when out of memory or
 * a line is being edited already. */
bool line_begin(const char *prompt, const char *initial, complete_fn *complete, void *arg);

/* The cursor behind so many bytes of the text, at most at its end. */
void line_move(size_t at);

enum line_state { LINE_EDITING, LINE_ACCEPTED, LINE_CANCELLED };

/* Bytes as a terminal sends them. A lone ESC (as the last byte; not in vi mode), Ctrl-C, Ctrl-G, Ctrl-D or backspace on an empty
 * line cancel; within a search ESC and Ctrl-G leave the search alone. Stops at the end of the line: *ret_used (may be NULL)
 * says how many bytes were taken. */
enum line_state line_feed(const char *bytes, size_t n, size_t *ret_used);

/* The text edited so far, after LINE_ACCEPTED the whole line. Borrowed until the next feed; "" before the first line. */
const char *line_text(void);

/* What to draw in `width` columns: prompt (a search changes it) and text, scrolled so that the cursor shows, control characters
 * escaped, always terminated. Returns the cursor's column, 0 ... width - 1. */
int line_view(int width, char *out, size_t size);

/* Candidates of the last completion that had several, to show above the line; gone with the next feed. */
const char *const *line_matches(int *ret_n);

/* Ends it, gives readline back as it was. Accepts that no line is being edited. */
void line_end(void);

#endif
