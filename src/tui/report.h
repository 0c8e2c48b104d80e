/* What a terminal reports of its mouse, character by character. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Curses makes a click of a press and a release that come together, as they do over a slow line, and loses both where clicks are not
 * asked for; so the reports are read here, as xterm defines them: "\033[<0;12;7M" (SGR), or "\033[M" and three characters. */
#ifndef TUI_REPORT_H
#define TUI_REPORT_H

#include "tui/display.h"

enum report_kind { REPORT_NOT, REPORT_SGR, REPORT_OLD };

struct report {
    enum report_kind kind; /* of the one that has begun */
    char text[16];         /* of it, so far */
    int n;
};

enum report_state {
    REPORT_MORE,   /* it is not whole yet */
    REPORT_KEY,    /* a press, a release or the wheel, in *ret_key */
    REPORT_OTHER,  /* whole, but of something nobody asked for */
    REPORT_BROKEN, /* this character is none of it: a key by itself */
};

void report_begin(struct report *report, enum report_kind kind);
enum report_state report_take(struct report *report, unsigned code, struct key *ret_key);

#endif
