/* The first line of every screen: what is looked at, and how. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"

/* One item of the state line and a gap; nothing if it does not fit. */
static void add_item(struct grid *grid, int y, int limit, int *at, enum role role, const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int width = glyph_columns(text);
    if (*at + width > limit)
        return;
    grid_text(grid, *at, y, width, role, text);
    *at += width + 3;
}

static void add_place(const struct tui *tui, struct grid *grid, int y, int limit, int *at)
{
    const struct sight *sight = &tui->sight;
    char tw[24];
    struct reading_progress reading;
    if (session_is_partial(tui->session) && session_reading(tui->session, &reading)) {
        add_item(grid, y, limit, at, ROLE_PROGRESS, "reading: %d frame%s so far", (int)reading.frames,
                 reading.frames == 1 ? "" : "s");
        return;
    }
    if (sight->n_frames < 2) {
        add_item(grid, y, limit, at, ROLE_ACTIVE, "%d frame%s", (int)sight->n_frames, sight->n_frames == 1 ? "" : "s");
        return;
    }
    double now = sight_tw(sight);
    short_number(now, tw, sizeof tw);
    if (isfinite(now) && sight->custom)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "tw %s", tw);
    else if (isfinite(now))
        add_item(grid, y, limit, at, ROLE_ACTIVE, "tw %s %s (%d/%d)", tw,
                 unit_sign(session_time_unit(tui->session), tui->tier), sight->tw_at + 1, (int)sight->n_tw);
    if (sight->look.average && !sight->custom && tui->sight.view != VIEW_TABLE)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "%d pair%s", (int)sight->n_pairs, sight->n_pairs == 1 ? "" : "s");
    else if (sight->pair_at >= 0 && sight->n_pairs > 1)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "pair %d:%d (%d/%d)", sight->pair.a, sight->pair.b, sight->pair_at + 1,
                 (int)sight->n_pairs);
    else
        add_item(grid, y, limit, at, ROLE_ACTIVE, "pair %d:%d", sight->pair.a, sight->pair.b);
}

void state_line_draw(const struct tui *tui, struct grid *grid, int y)
{
    int limit = grid->width, at = 1, jobs = job_pool_count(session_pool(tui->session));
    if (jobs > 0) {
        char text[32];
        snprintf(text, sizeof text, "%d job%s ", jobs, jobs == 1 ? "" : "s");
        limit -= (int)strlen(text);
        grid_text(grid, limit, y, grid->width, ROLE_PROGRESS, text);
        limit--;
    }
    if (grid->width >= 60)
        add_item(grid, y, limit, &at, ROLE_TITLE, "isdmin");
    if (!session_has_data(tui->session)) {
        add_item(grid, y, limit, &at, ROLE_DIM, "no data");
        return;
    }
    const struct sight *sight = &tui->sight;
    if (grid->width >= 60) {
        char name[64], shown[100];
        snprintf(name, sizeof name, "%s", session_set_name(tui->session, session_current_set(tui->session)));
        text_escape(name, strlen(name), shown, sizeof shown);
        add_item(grid, y, limit, &at, ROLE_TITLE, "%.40s", shown);
    }
    if (session_checksum_wrong(tui->session))
        add_item(grid, y, limit, &at, ROLE_ERROR, "checksum wrong");
    add_place(tui, grid, y, limit, &at);
    add_item(grid, y, limit, &at, sight->look.raw ? ROLE_WARN : ROLE_NORMAL, "%s", sight->look.raw ? "raw" : "IS");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->look.type ? session_type_label(tui->session, sight->look.type) : "all types");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->look.blind ? "blind" : "by species");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "N %d", (int)session_frame_info(tui->session, 0)->n);
    if (sight->look.show != SIGHT_BOTH)
        add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->look.show == SIGHT_LABELLED ? "labelled" : "matched");
}
