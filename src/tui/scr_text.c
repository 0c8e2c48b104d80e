/* Text that scrolls: what commands print, and the log. SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "tui/state.h"

#define MOST_TEXT (4u << 20) /* the oldest half goes when a pane is fuller than this */

static void count_lines(struct text_pane *pane)
{
    pane->lines = 0;
    for (size_t k = 0; k < pane->text.length; k++)
        pane->lines += pane->text.data[k] == '\n';
}

void pane_add(struct text_pane *pane, const char *text)
{
    if (pane->text.length > MOST_TEXT) {
        const char *middle = memchr(pane->text.data + MOST_TEXT / 2, '\n', pane->text.length - MOST_TEXT / 2);
        size_t skip = middle ? (size_t)(middle + 1 - pane->text.data) : pane->text.length;
        memmove(pane->text.data, pane->text.data + skip, pane->text.length - skip);
        pane->text.length -= skip;
    }
    print_bytes(&pane->text, text, strlen(text));
    if (*text && text[strlen(text) - 1] != '\n')
        print_bytes(&pane->text, "\n", 1);
    count_lines(pane);
}

void pane_clear(struct text_pane *pane)
{
    print_buffer_done(&pane->text);
    *pane = (struct text_pane){0};
}

void pane_scroll(struct text_pane *pane, long top, int height)
{
    if (top > pane->lines - height)
        top = pane->lines - height;
    pane->top = top < 0 ? 0 : top;
}

/* Tabs are blanks up to the next multiple of eight. */
static void draw_line(struct grid *grid, struct rect rect, int y, const char *text, size_t length)
{
    char piece[1024];
    size_t used = 0;
    for (size_t k = 0; k < length && used + 9 < sizeof piece; k++) {
        if (text[k] != '\t') {
            piece[used++] = text[k];
            continue;
        }
        do
            piece[used++] = ' ';
        while (used % 8 != 0);
    }
    piece[used] = '\0';
    grid_text(grid, rect.x + 1, y, rect.width - 1, ROLE_NORMAL, piece);
}

static void draw_pane(const struct text_pane *pane, struct grid *grid, struct rect rect)
{
    const char *at = pane->text.data, *end = at ? at + pane->text.length : NULL;
    long line = 0;
    while (at && at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t length = next ? (size_t)(next - at) : (size_t)(end - at);
        long y = line - pane->top;
        if (y >= rect.height)
            break;
        if (y >= 0)
            draw_line(grid, rect, rect.y + (int)y, at, length);
        at = next ? next + 1 : end;
        line++;
    }
    if (pane->lines > rect.height && rect.width > 30)
        put_format(grid, rect.x + rect.width - 18, rect.y + rect.height - 1, 18, ROLE_DIM, " line %ld of %ld ", pane->top + 1,
                   pane->lines);
}

static void draw_output(const struct tui *tui, struct grid *grid, struct rect rect)
{
    draw_pane(&tui->output, grid, rect);
}

static void draw_log(const struct tui *tui, struct grid *grid, struct rect rect)
{
    draw_pane(&tui->log, grid, rect);
}

static const struct key_hint hints[] = {{"j k", "scroll"}, {"PgUp PgDn", "page"}, {"Backspace", "back"}, {"?", "keys"},
                                        {":", "command"},  {"q", "leave"}};

const struct screen screen_output = {.name = "output", .title = "output", .digit = 0, .draw = draw_output, .hints = hints,
                                     .n_hints = sizeof hints / sizeof *hints};
const struct screen screen_log = {.name = "log", .title = "log", .digit = 0, .draw = draw_log, .hints = hints,
                                  .n_hints = sizeof hints / sizeof *hints};
