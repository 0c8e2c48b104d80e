/* The full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "app/session.h"

struct tui_options {
    bool colour;         /* NO_COLOR and --color are settled by the caller */
    bool ascii;          /* ASCII only; a locale without UTF-8 has the same effect */
    const char *message; /* shown at the start, or NULL */
    const char *start;   /* commands run at the start ("average on; type B"), or NULL */
    bool *ret_prompt;    /* set when the user asks for the prompt (`tui`); NULL: there is none */
};

/* Can this terminal show a full screen? ISD_USAGE with a sentence that names TERM and the next step. Prints nothing. */
isd_status tui_check(isd_error *err);

/* Runs until the user leaves; returns the exit status. Ends by the signal after SIGTERM, SIGHUP, SIGINT or SIGQUIT, with the
 * terminal as it was. Call it inside guard_run, after setlocale. */
int tui_run(struct session *session, const struct tui_options *options);

#endif
