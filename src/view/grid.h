/* A grid of terminal cells: what every picture is drawn into. Pure data. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_GRID_H
#define VIEW_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view/ramp.h"

/* Roles, not colours: a theme maps them to terminal attributes. */
#define ROLE_LIST(X) \
    X(NORMAL, 'n') X(TITLE, 't') X(DIM, 'd') X(KEY, 'k') X(ACTIVE, 'a') X(SELECTED, 's') X(LABELLED, 'L') X(MATCHED, 'M') \
    X(GR, 'G') X(AXIS, 'x') X(CURSOR, 'c') X(WARN, 'w') X(ERROR, 'e') X(ECHO, 'o') X(PROGRESS, 'p') \
    X(ATOM_A, 'A') X(ATOM_B, 'B') X(ATOM_C, 'C')
enum role {
#define X(name, letter) ROLE_##name,
    ROLE_LIST(X)
#undef X
    ROLE_COUNT
};

struct cell {
    uint32_t glyph; /* Unicode; 0: the right half of a wide glyph before it */
    uint8_t role;
    uint8_t front, back; /* levels of the ramp (ramp.h), from 1, of the glyph and its ground; 0: as the role is */
};

struct grid {
    int width, height; /* >= 0 */
    struct cell *cell; /* [height * width] row by row */
    int cursor_x, cursor_y; /* where the hardware cursor belongs; -1: hidden */
    bool failed;            /* something could not be drawn: out of memory */
};

bool grid_init(struct grid *grid, int width, int height); /* blank; false when out of memory */
void grid_done(struct grid *grid);
/* Writing outside the grid is cut, never an error. */
void grid_put(struct grid *grid, int x, int y, uint32_t glyph, enum role role);
/* In colours of the ramp; a level 0 is the colour of the role. */
void grid_put_levels(struct grid *grid, int x, int y, uint32_t glyph, enum role role, int front, int back);
/* Text in UTF-8 (escaped already), at most `width` columns; returns the columns used. */
int grid_text(struct grid *grid, int x, int y, int width, enum role role, const char *text);
int grid_format(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...) __attribute__((format(printf, 6, 7)));
void grid_fill(struct grid *grid, int x, int y, int width, int height, uint32_t glyph, enum role role);

/* Every glyph outside ASCII becomes the ASCII character nearest to it (glyph_ascii). */
void grid_to_ascii(struct grid *grid);

/* Lines with trailing blanks removed, each ending in \n; freed by the caller; NULL when out of memory. */
char *grid_to_text(const struct grid *grid);
/* The same where the terminal has 256 colours: levels in colour, the end of each line as it was before. */
char *grid_to_ansi(const struct grid *grid, enum ramp ramp);
/* One letter a cell for its role, for tests; of a cell with levels the digit of its ground, else of its glyph. */
char *grid_to_roles(const struct grid *grid);

#endif
