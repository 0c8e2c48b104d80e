/* The lesson of the tour above everything else. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/tour.h"
#include "tui/state.h"

#define LEAST_HEIGHT 18 /* of a screen that has room for more than the task */

/* Rows for what is said, the heading left out: all of it on large screens, a good third of small ones. */
static int text_rows(const struct tui *tui, int height)
{
    int most = height >= 40 ? height / 2 : height >= 24 ? 8 : height >= LEAST_HEIGHT ? 4 : 1;
    return tui->lesson.lines < most ? (int)tui->lesson.lines : most;
}

int lesson_rows(const struct tui *tui, int width, int height)
{
    if (tour_lesson(tui->session) == 0 || width < 40 || height < 10)
        return 0;
    return text_rows(tui, height) + 2; /* a heading above, a line below */
}

/* Lines are those of a text_pane; a page is as many as are seen. */
static int pages(const struct tui *tui, int rows)
{
    return rows > 0 ? (int)((tui->lesson.lines + rows - 1) / rows) : 1;
}

void lesson_draw(const struct tui *tui, struct grid *grid, int width, int height)
{
    int rows = text_rows(tui, height), n = pages(tui, rows), page = (int)(tui->lesson.top / (rows > 0 ? rows : 1));
    const char *line = tui->lesson.text.data ? tui->lesson.text.data : "";

    grid_format(grid, 1, 0, width - 1, ROLE_TITLE, "%s", tui->lesson_title);
    if (n > 1)
        grid_format(grid, width - 24, 0, 23, ROLE_KEY, page + 1 < n ? "%d/%d   y: goes on" : "%d/%d   y: from the top", page + 1, n);
    for (long skip = tui->lesson.top; skip > 0 && *line; skip--)
        line += strcspn(line, "\n") + 1;
    for (int k = 0; k < rows && *line; k++) {
        int length = (int)strcspn(line, "\n");
        bool task = strncmp(line, "-> ", 3) == 0 || strncmp(line, "?  ", 3) == 0;
        grid_format(grid, 1, 1 + k, width - 1, task ? ROLE_ACTIVE : ROLE_NORMAL, "%.*s", length, line);
        line += length + (line[length] == '\n');
    }
    for (int x = 0; x < width; x++)
        grid_text(grid, x, rows + 1, 1, ROLE_DIM, tui->tier == GLYPH_ASCII ? "-" : "─");
}

/* The next page, or the first again. */
static void turn_page(struct tui *tui)
{
    int rows = text_rows(tui, tui->height);
    tui->lesson.top = tui->lesson.top + rows < tui->lesson.lines ? tui->lesson.top + rows : 0;
}

/* Where the line was refused, the hint comes behind the reason. */
static void give_hint(struct tui *tui, const char *text)
{
    char said[sizeof tui->message + 2] = "";
    bool refused = tui->message_role == ROLE_ERROR && tui->message[0] != '\0';
    if (refused)
        snprintf(said, sizeof said, "%s. ", tui->message);
    tui_say(tui, refused ? ROLE_ERROR : ROLE_WARN, "%s%.*s", said, (int)strcspn(text, "\n"), text);
}

/* One thing that the tour said. */
static void take(struct tui *tui, enum tour_wish wish, const char *text)
{
    if (wish == TOUR_TITLE) {
        snprintf(tui->lesson_title, sizeof tui->lesson_title, "%.*s", (int)strcspn(text, "\n"), text);
        return;
    }
    if (wish == TOUR_REPLY && strncmp(text, "Hint", 4) == 0) {
        give_hint(tui, text);
        return;
    }
    pane_add(&tui->lesson, text);
}

void lesson_go_on(struct tui *tui)
{
    const char *text;
    enum tour_wish wish;
    bool first = true;

    if (tui->in_lesson)
        return;
    tui->in_lesson = true;
    tour_on_screen(tui->session, true);
    while ((wish = tour_next(tui->session, true, &text)) != TOUR_NOTHING) {
        if (first && !(wish == TOUR_REPLY && strncmp(text, "Hint", 4) == 0)) {
            pane_clear(&tui->lesson);
            first = false;
        }
        char *commands = wish == TOUR_RUN ? strdup(text) : NULL;
        if (wish != TOUR_RUN)
            take(tui, wish, text);
        else if (commands)
            tui_run_script(tui, TOUR_SCRIPT, commands);
        free(commands);
        tui->stale = true;
    }
    tui->in_lesson = false;
    if (tour_turned(tui->session))
        turn_page(tui);
}

bool lesson_more(const struct tui *tui, char *out, size_t size)
{
    int rows = text_rows(tui, tui->height);
    if (tour_lesson(tui->session) == 0)
        return false;
    bool last = tui->lesson.top + rows >= tui->lesson.lines;
    snprintf(out, size, last && tour_at_end(tui->session) ? "tour next" : "tour more");
    return true;
}
