/* Themes: what roles look like, for any number of colours. Pure data. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>

#include "view/grid.h"

enum theme { THEME_CIVIDIS, THEME_VIRIDIS, THEME_GREY, THEME_MONO, THEME_CONTRAST, THEME_COUNT };
const char *theme_name(enum theme theme); /* "cividis" */
int theme_find(const char *name);         /* -1: none */

enum { THEME_BOLD = 1, THEME_REVERSE = 2, THEME_UNDERLINE = 4, THEME_DIM = 8 };

struct theme_look {
    int front, ground;  /* numbers of the terminal's palette; -1: its own */
    unsigned attribute; /* THEME_BOLD ... */
};

/* colours: how many the terminal has: 256 or more, 16, 8, or 0 for none. In a theme for colours no two roles of curves differ by
 * colour alone: their glyphs differ too. */
struct theme_look theme_role(enum theme theme, bool light, int colours, enum role role);

#endif
