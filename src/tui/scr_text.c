/* Text that scrolls: what commands print, and the log. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tui/past.h"
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

/* Tabs are blanks up to the next multiple of eight. */
static size_t expand(const char *text, size_t length, char *piece, size_t size)
{
    size_t used = 0;
    for (size_t k = 0; k < length && used + 9 < size; k++) {
        if (text[k] != '\t') {
            piece[used++] = text[k];
            continue;
        }
        do
            piece[used++] = ' ';
        while (used % 8 != 0);
    }
    piece[used] = '\0';
    return used;
}

/* How much of a text fits into `width` columns: up to the last blank there, if there is one in its second half. */
static size_t fitting(const char *text, int width)
{
    int columns = 0;
    size_t at = 0, blank = 0;
    while (text[at]) {
        uint32_t glyph;
        int bytes = glyph_decode(text + at, &glyph);
        if (columns + glyph_width(glyph) > width)
            return 2 * blank > at ? blank : at > 0 ? at : (size_t)bytes;
        if (text[at] == ' ')
            blank = at + 1;
        columns += glyph_width(glyph);
        at += (size_t)bytes;
    }
    return at;
}

int put_wrapped(struct grid *grid, struct rect rect, enum role role, const char *text, size_t length)
{
    char piece[4096], row[4096];
    int rows = 0, width = rect.width > 1 ? rect.width - 1 : 1;
    expand(text, length, piece, sizeof piece);
    const char *at = piece;
    do {
        size_t n = fitting(at, width);
        if (grid && rows < rect.height) {
            memcpy(row, at, n);
            row[n] = '\0';
            grid_text(grid, rect.x + 1, rect.y + rows, width, role, row);
        }
        at += n;
        rows++;
    } while (*at);
    return rows;
}

/* The last line that may be the first shown: from there on all is seen, long lines in several rows. */
static long last_top(const struct text_pane *pane, struct rect rect)
{
    const char *data = pane->text.data;
    size_t end = pane->text.length;
    long line = pane->lines;
    int left = rect.height;
    while (line > 0) {
        size_t begin = end - 1;
        while (begin > 0 && data[begin - 1] != '\n')
            begin--;
        left -= put_wrapped(NULL, (struct rect){0, 0, rect.width, rect.height}, ROLE_NORMAL, data + begin, end - 1 - begin);
        if (left < 0)
            break;
        line--;
        end = begin;
    }
    return line < pane->lines || line == 0 ? line : line - 1;
}

void pane_settle(struct text_pane *pane, struct rect rect)
{
    long last = last_top(pane, rect);
    pane->top = pane->wanted < last ? pane->wanted : last;
}

void pane_scroll(struct text_pane *pane, long top, struct rect rect)
{
    long last = last_top(pane, rect);
    pane->wanted = top > last ? last : top < 0 ? 0 : top;
    pane->top = pane->wanted;
}

/* Long lines go on in the next row: nothing is cut at the edge. */
static void draw_pane(const struct text_pane *pane, struct grid *grid, struct rect rect)
{
    const char *at = pane->text.data, *end = at ? at + pane->text.length : NULL;
    long line = 0;
    int y = 0;
    while (at && at < end && y < rect.height) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t length = next ? (size_t)(next - at) : (size_t)(end - at);
        if (line >= pane->top)
            y += put_wrapped(grid, (struct rect){rect.x, rect.y + y, rect.width, rect.height - y}, ROLE_NORMAL, at, length);
        at = next ? next + 1 : end;
        line++;
    }
    if (pane->lines > rect.height && rect.width > 30)
        grid_format(grid, rect.x + rect.width - 18, rect.y + rect.height - 1, 18, ROLE_DIM, " line %ld of %ld ", pane->top + 1,
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

const struct screen screen_output = {.title = "output", .digit = 0, .draw = draw_output, .hints = hints,
                                     .n_hints = sizeof hints / sizeof *hints};
const struct screen screen_log = {.title = "log", .digit = 0, .draw = draw_log, .hints = hints,
                                  .n_hints = sizeof hints / sizeof *hints};
