/* The terminal: the only file that calls curses for cells and keys. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_DISPLAY_H
#define TUI_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"
#include "model/print.h"
#include "tui/theme.h"
#include "view/glyph.h"
#include "view/grid.h"

struct display;

struct key {
    char name[12];  /* as in key tables: "a", "[", "Up", "PgDn", "Enter", "Esc", "C-l", "M-x", "Tab", "S-Tab"; of the mouse:
                       "Press", "Release", "WheelUp", "WheelDown" */
    bool mouse;     /* one of the last four: */
    int x, y;       /* its cell */
    char bytes[24]; /* what the terminal sent, for readline */
    int n_bytes;
};

/* How roles look. */
struct display_look {
    enum theme theme;
    bool light; /* a terminal with a light background */
};

/* What pictures have cost so far: bytes sent for them, without what curses sends to clear the screen and to hide the cursor, and seconds
 * from the moment that they were begun until the last of these was taken. */
struct display_cost {
    long pictures;
    struct display_sum {
        double last, sum, most;
    } bytes, seconds;
    int64_t sent, kept; /* cells: those that the terminal did not hold yet, and all others */
};

/* The sentence for people when the terminal cannot do it. */
isd_status display_check(isd_error *err);
/* Takes the terminal over. signals_open comes first. */
isd_status display_open(bool colour, bool ascii, struct display **ret_display, isd_error *err);
/* Another theme or ground: everything is sent again with the next picture. Nothing happens if it is the same. */
void display_set_look(struct display *display, const struct display_look *look);
void display_set_mouse(struct display *display, bool on);
void display_set_sync(struct display *display, bool on);
void display_close(struct display *display); /* gives it back; accepts NULL */
/* For a stop in between. */
void display_leave(struct display *display);
void display_enter(struct display *display);

/* Can this locale and terminal show more than ASCII? */
bool display_beyond_ascii(void);
enum glyph_tier display_tier(const struct display *display);
/* Are levels of the ramp (view/ramp.h) shown in colours of their own? Else a heat map is to be drawn without colour. */
bool display_has_ramp(const struct display *display);
/* Asks the kernel for the size and follows it; sizes of zero are no news. */
void display_resize(struct display *display, int *ret_width, int *ret_height);
/* Sends what has changed since the last call; all of it after display_repaint. begun: when work on it began, by clock_now. */
void display_show(struct display *display, const struct grid *grid, double begun);
const struct display_cost *display_cost(const struct display *display);
/* Sequences that change nothing to be seen, as they are. */
void display_tell(const struct print_buffer *out);
void display_repaint(struct display *display);
/* The next key without waiting; false: none. */
bool display_key(struct display *display, struct key *ret_key);
/* To be asked when poll() says readable, before keys are taken: has the terminal gone? */
bool display_gone(const struct display *display);

#endif
