/* The : line: readline's editing on the last row. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/history.h"
#include "repl/line.h"
#include "repl/repl.h"
#include "tui/state.h"

void prompt_open(struct tui *tui, const char *initial)
{
    tui->prompting = line_begin(":", initial, repl_complete, tui->session);
}

void prompt_open_at(struct tui *tui, const char *initial, size_t at)
{
    prompt_open(tui, initial);
    line_move(at);
}

static void accept_line(struct tui *tui)
{
    char *text = strdup(line_text());
    line_end();
    tui->prompting = false;
    if (!text)
        return;
    history_keep(text);
    tui_run_line(tui, text);
    free(text);
}

void prompt_key(struct tui *tui, const struct key *key)
{
    size_t used = 0;
    if (key->n_bytes == 0)
        return;
    switch (line_feed(key->bytes, (size_t)key->n_bytes, &used)) {
    case LINE_EDITING:
        break;
    case LINE_ACCEPTED:
        accept_line(tui);
        break;
    case LINE_CANCELLED:
        line_end();
        tui->prompting = false;
        break;
    }
}

/* Candidates in columns above the line. */
static void draw_matches(struct grid *grid, int y)
{
    int n = 0, widest = 1;
    const char *const *matches = line_matches(&n);
    for (int k = 0; k < n; k++)
        widest = glyph_columns(matches[k]) > widest ? glyph_columns(matches[k]) : widest;
    int columns = grid->width / (widest + 2);
    columns = columns < 1 ? 1 : columns;
    int rows = (n + columns - 1) / columns, most = grid->height / 2;
    int shown = rows < most ? rows : most;
    for (int row = 0; row < shown; row++) {
        int at = y - shown + row;
        grid_fill(grid, 0, at, grid->width, 1, ' ', ROLE_NORMAL);
        for (int column = 0; column < columns && row * columns + column < n; column++)
            grid_text(grid, 1 + column * (widest + 2), at, widest, ROLE_ECHO, matches[row * columns + column]);
    }
    if (rows > shown)
        grid_format(grid, grid->width - 14, y - 1, 14, ROLE_DIM, " %d in all", n);
}

void prompt_draw(const struct tui *tui, struct grid *grid, int y)
{
    char text[4096];
    (void)tui;
    if (grid->width < 1)
        return;
    draw_matches(grid, y);
    int cursor = line_view(grid->width, text, sizeof text);
    grid_fill(grid, 0, y, grid->width, 1, ' ', ROLE_NORMAL);
    grid_text(grid, 0, y, grid->width, ROLE_NORMAL, text);
    grid->cursor_x = cursor;
    grid->cursor_y = y;
}
