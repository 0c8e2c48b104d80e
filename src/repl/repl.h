/* The program on the normal screen: a prompt, commands, results as text. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_REPL_H
#define REPL_REPL_H

#include <stdbool.h>

#include "app/option.h"
#include "app/session.h"
#include "app/sight.h"
#include "repl/complete.h"

struct repl_options {
    enum print_format format; /* of results; PRINT_TEXT for people */
    enum color_choice color;  /* of heat maps, and kept for the full screen */
    bool ascii;               /* plots in ASCII */
    bool reader;              /* for a screen reader */
    bool strict;              /* a mark is an error: the status at the end is 1, not 3 */
    struct sight *sight;      /* what is looked at: from here at the start, back here at the end; or NULL */
};

/* What repl_run returns beside an exit status: `tui` was said, go on in the full screen with the same session. */
#define REPL_TO_TUI (-1)

/* Reads commands from standard input until its end, `quit` or `tui`. On a terminal: readline, history, completion, a progress
 * line; Ctrl-C cancels the command that runs or clears the line, an error ends only its line, and the status is 0. Else line
 * by line without a prompt, an error ends only its line too, and the status is that of the first error, or 3 for a mark.
 * A line that ends in & goes on in the background; its results are printed when they are ready. After SIGTERM or SIGHUP
 * the terminal is put right and the program dies by that signal. setlocale must have been called. Main thread. */
int repl_run(struct session *session, const struct repl_options *options);

/* Completion from the command table; arg: the session. For line_begin. */
complete_fn repl_complete;

#endif
