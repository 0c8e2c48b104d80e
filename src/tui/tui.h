/* The full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>

#include "app/option.h"
#include "app/session.h"
#include "app/sight.h"

struct tui_options {
    enum color_choice color; /* auto: colours where the terminal has them, unless NO_COLOR is set */
    bool ascii;              /* ASCII only; a locale without UTF-8 has the same effect */
    const char *opened;      /* the commands that open what the command line named, a line each, or NULL: for `save` */
    const char *message;     /* shown at the start, or NULL */
    bool resume;             /* go on where the last run was left */
    const char *start;       /* commands run at the start ("type B; average on"), or NULL */
    struct sight *sight;     /* what is looked at: from here at the start, back here at the end; or NULL */
};

/* What tui_run returns beside an exit status: go on at the prompt with the same session, then call it again. */
#define TUI_TO_REPL (-1)

/* Does the user's isdminrc ask for screen-reader mode (set a11y=on), which starts at the prompt? */
bool tui_wants_prompt(void);
/* Can this terminal show it? 0, or 2 with the reason said on standard error. */
int tui_check(void);

/* Runs until the user leaves; returns the exit status. A terminal that cannot do it: says so on standard error, 2. Ends by the
 * signal after SIGTERM, SIGHUP, SIGINT or SIGQUIT, with the terminal as it was. Call it inside guard_run, after setlocale. */
int tui_run(struct session *session, const struct tui_options *options);

#endif
