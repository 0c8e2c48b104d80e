/* Cells to bytes: what turns the picture that a terminal holds into the next one. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Written for few bytes, since a login node is far away: only cells that differ are sent, one look at a time (going about the screen
 * costs less than changing colours), blanks in whatever colour the pen has; or all of them after a clear, if that is less; what only
 * moves up or down is moved. Knows no terminal: what one understands is told. */
#ifndef TUI_WIRE_H
#define TUI_WIRE_H

#include "model/print.h"
#include "tui/theme.h"
#include "view/grid.h"

#define WIRE_COLOURS 256

/* A terminal that moves its cursor by CUP (ECMA-48), and what it can do beside that. */
struct wire_terminal {
    bool forward, backward, column, row, down; /* CUF, CUB, CHA, VPA, LF: shorter ways than CUP */
    bool erase, erase_line, repeat;    /* ECH, EL, REP (of ASCII characters: some can no others) */
    bool scroll;                       /* DECSTBM, SU and SD: rows between two margins move */
    bool own_colours;                  /* SGR 39 and 49 are its own colours; else only a reset brings them back */
    bool last_cell;                    /* writing its last cell does not scroll */
    const char *clear;                 /* "\033[H\033[2J"; NULL: none */
    unsigned attributes;               /* THEME_..., those that it has */
    char front[WIRE_COLOURS][12], back[WIRE_COLOURS][12]; /* parameters of SGR ("38;5;244"); "": no such colour */
};

/* How a cell is to look. Colours are numbers of the palette; -1: the terminal's own. */
struct wire_look {
    short front, back;
    unsigned char attribute; /* THEME_... */
};

/* Looks of roles, and of the levels of the ramp: [0] is the terminal's own. */
struct wire_palette {
    struct wire_look role[ROLE_COUNT];
    bool ramp; /* else levels look as their role does */
    short level[RAMP_LEVELS + 1];
};

/* What the terminal holds; zero-initialise, wire_done frees. */
struct wire {
    int width, height;
    uint64_t *shown, *now;  /* [width * height] glyph and look of each cell: there, and wanted */
    unsigned char *changed; /* [width * height] still to be sent */
    struct print_buffer again; /* the same picture sent in another way */
    int sent; /* cells of the last picture that the terminal did not hold: all others were left as they were, or moved */
};

/* The terminal has just been cleared, with its pen reset; the next picture has this size. False: out of memory. */
bool wire_cleared(struct wire *wire, int width, int height);
/* Appends what the terminal must be sent so that it shows the grid, of the size said last; nothing if it does. The cursor is left
 * anywhere, the pen is reset. */
void wire_grid(struct wire *wire, const struct wire_terminal *terminal, const struct wire_palette *palette, const struct grid *grid,
                struct print_buffer *out);
/* Appends the shortest way to a cell, from (from_x, from_y) or, if from_x is negative, from anywhere. */
void wire_move(const struct wire_terminal *terminal, int from_x, int from_y, int x, int y, struct print_buffer *out);
void wire_done(struct wire *wire);

#endif
