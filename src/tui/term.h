/* The terminal: the only file that calls curses for cells and keys. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>

#include "isdmin/status.h"
#include "view/glyph.h"
#include "view/grid.h"

struct term;

struct key {
    char name[12];  /* as in key tables: "a", "[", "Up", "PgDn", "Enter", "Esc", "C-l", "M-x", "Tab", "S-Tab" */
    char bytes[24]; /* what the terminal sent, for readline */
    int n_bytes;
};

/* The sentence for people when the terminal cannot do it. */
isd_status term_check(isd_error *err);
/* Takes the terminal over. signals_open comes first. */
isd_status term_open(bool colour, bool ascii, struct term **ret_term, isd_error *err);
void term_close(struct term *term); /* gives it back; accepts NULL */
/* For a stop in between. */
void term_leave(struct term *term);
void term_enter(struct term *term);

enum glyph_tier term_tier(const struct term *term);
/* Asks the kernel for the size and follows it; sizes of zero are no news. */
void term_resize(struct term *term, int *ret_width, int *ret_height);
/* Sends what has changed since the last call; all of it after term_repaint. */
void term_show(struct term *term, const struct grid *grid);
void term_repaint(struct term *term);
/* The next key without waiting; false: none. */
bool term_key(struct term *term, struct key *ret_key);
/* To be asked when poll() says readable but there was no key: has the terminal gone? */
bool term_gone(const struct term *term);

#endif
