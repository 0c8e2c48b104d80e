/* The frame of every screen: state, tabs, jobs, echo, keys; the view in the middle. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"
#include "view/pu_plot.h"

/* Rows of the parts; -1: no room. */
struct layout {
    int state, tabs, rule, jobs, echo, keys;
    struct rect view;
};

static const struct screen *const screens[VIEW_COUNT] = {
    [VIEW_HOME] = &screen_home, [VIEW_PU] = &screen_pu,         [VIEW_TABLE] = &screen_table,
    [VIEW_JOBS] = &screen_jobs, [VIEW_OUTPUT] = &screen_output, [VIEW_LOG] = &screen_log,
};

const struct screen *screen_of(enum view_id view)
{
    return screens[view];
}

static struct layout layout_of(int width, int height)
{
    struct layout at = {-1, -1, -1, -1, -1, -1, {0, 0, width, height}};
    bool tiny = width < 40 || height < 10;
    int top = 0, bottom = height;
    if (tiny) /* the last row is for the : line, if there is one to spare */
        return at;
    at.state = top++;
    if (height >= 16 && width >= 50)
        at.tabs = top++;
    at.keys = --bottom;
    if (height >= 14)
        at.echo = --bottom;
    if (height >= 14)
        at.jobs = --bottom;
    if (height >= 20)
        at.rule = --bottom;
    at.view.y = top;
    at.view.height = bottom - top;
    return at;
}

struct rect frame_view_rect(int width, int height)
{
    return layout_of(width, height).view;
}

int put_format(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return grid_text(grid, x, y, width, role, text);
}

/* --- the state line --- */

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
    double now = sight->custom ? session_tw(tui->session, sight->pair.a, sight->pair.b)
                               : sight->tw_at >= 0 ? sight->tw[sight->tw_at] : NAN;
    short_number(now, tw, sizeof tw);
    if (isfinite(now) && sight->custom)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "tw %s", tw);
    else if (isfinite(now))
        add_item(grid, y, limit, at, ROLE_ACTIVE, "tw %s %s (%d/%d)", tw,
                 unit_sign(session_time_unit(tui->session), tui->tier), sight->tw_at + 1, (int)sight->n_tw);
    if (sight->average && !sight->custom && tui->view != VIEW_TABLE)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "%d pair%s", (int)sight->n_pairs, sight->n_pairs == 1 ? "" : "s");
    else if (sight->pair_at >= 0 && sight->n_pairs > 1)
        add_item(grid, y, limit, at, ROLE_ACTIVE, "pair %d:%d (%d/%d)", sight->pair.a, sight->pair.b, sight->pair_at + 1,
                 (int)sight->n_pairs);
    else
        add_item(grid, y, limit, at, ROLE_ACTIVE, "pair %d:%d", sight->pair.a, sight->pair.b);
}

static void draw_state(const struct tui *tui, struct grid *grid, int y)
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
    add_item(grid, y, limit, &at, sight->raw ? ROLE_WARN : ROLE_NORMAL, "%s", sight->raw ? "raw" : "IS");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->type ? session_type_label(tui->session, sight->type) : "all types");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->blind ? "blind" : "by species");
    add_item(grid, y, limit, &at, ROLE_NORMAL, "N %d", (int)session_frame_info(tui->session, 0)->n);
    if (sight->show != SIGHT_BOTH)
        add_item(grid, y, limit, &at, ROLE_NORMAL, "%s", sight->show == SIGHT_LABELLED ? "labelled" : "matched");
}

/* --- tabs, jobs, echo, keys --- */

static void draw_tabs(const struct tui *tui, struct grid *grid, int y)
{
    int at = 0;
    for (int view = 0; view < VIEW_COUNT; view++) {
        const struct screen *screen = screens[view];
        bool here = tui->view == (enum view_id)view;
        if (!screen->digit && !here)
            continue;
        char text[40];
        if (screen->digit)
            snprintf(text, sizeof text, here ? "[%c %s]" : " %c %s ", screen->digit, screen->title);
        else
            snprintf(text, sizeof text, "[%s]", screen->title);
        at += grid_text(grid, at, y, grid->width - at, here ? ROLE_ACTIVE : ROLE_NORMAL, text) + 1;
    }
    if (at + 8 < grid->width)
        put_format(grid, grid->width - 7, y, 7, ROLE_KEY, "? keys");
}

static void format_eta(double seconds, char *out, size_t size)
{
    if (!isfinite(seconds) || seconds > 359999)
        snprintf(out, size, " ");
    else if (seconds >= 3600)
        snprintf(out, size, "ETA %d:%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60, (int)seconds % 60);
    else
        snprintf(out, size, "ETA %d:%02d", (int)seconds / 60, (int)seconds % 60);
}

/* Done jobs and what the running ones have done, of all that were submitted since the queue was last empty. */
static double overall_fraction(const struct tui *tui, int done, int total)
{
    struct job_pool *pool = session_pool(tui->session);
    double sum = done;
    for (int k = 0; k < job_pool_count(pool); k++) {
        const struct job *job = job_pool_at(pool, k);
        if (job && job_state(job) == JOB_RUNNING && !session_job_reads(tui->session, job))
            sum += job_fraction(job);
    }
    return total > 0 ? sum / total : 0;
}

static void draw_jobs(const struct tui *tui, struct grid *grid, int y)
{
    struct job_pool *pool = session_pool(tui->session);
    struct job *first = job_pool_count(pool) > 0 ? job_pool_at(pool, 0) : NULL;
    int done = 0, total = 0, width = grid->width;
    double eta = NAN;
    char left[24];
    if (!first) {
        put_format(grid, 1, y, width - 1, ROLE_DIM, tui->n_pending > 0 ? "waiting" : tui->sight.paused ? "stopped" : "ready");
        return;
    }
    struct reading_progress reading;
    bool read_only = session_reading(tui->session, &reading) && job_pool_count(pool) == 1;
    session_progress(tui->session, &done, &total, &eta);
    double fraction = read_only ? reading.fraction : overall_fraction(tui, done, total);
    format_eta(eta, left, sizeof left);
    int at = 1 + put_format(grid, 1, y, width - 1, ROLE_PROGRESS, "%-16.40s", job_label(first)) + 1;
    int bar = width >= 120 ? 40 : width >= 70 ? 20 : 8;
    progress_draw(grid, at, y, at + bar < width ? bar : 0, fraction, tui->tier);
    at += bar + 1;
    if (read_only) {
        put_format(grid, at, y, width - at, ROLE_NORMAL, "%3d%%  %d frames%s", (int)(100 * fraction), (int)reading.frames,
                   width >= 75 ? "  C-c cancels" : "");
        return;
    }
    put_format(grid, at, y, width - at, ROLE_NORMAL, "%3d%%  %d/%d jobs  %s%s", (int)(100 * fraction), done, total, left,
               width >= 75 ? "  C-c cancels" : "");
}

static void draw_echo(const struct tui *tui, struct grid *grid, int y)
{
    if (tui->message[0])
        grid_text(grid, 1, y, grid->width - 1, tui->message_role, tui->message);
    else if (tui->echo[0])
        put_format(grid, 1, y, grid->width - 1, ROLE_ECHO, "> %s", tui->echo);
}

static void draw_keys(const struct tui *tui, struct grid *grid, int y)
{
    const struct screen *screen = screens[tui->view];
    key_bar_draw(grid, 1, y, grid->width - 1, screen->hints, screen->n_hints);
}

static void draw_bottom(const struct tui *tui, struct grid *grid, const struct layout *at)
{
    if (at->rule >= 0)
        grid_fill(grid, 0, at->rule, grid->width, 1, 0x2500, ROLE_AXIS);
    if (at->jobs >= 0)
        draw_jobs(tui, grid, at->jobs);
    if (at->echo >= 0)
        draw_echo(tui, grid, at->echo);
    if (at->keys < 0)
        return;
    /* Without a row of its own a message takes that of the keys. */
    if (at->echo < 0 && tui->message[0])
        draw_echo(tui, grid, at->keys);
    else
        draw_keys(tui, grid, at->keys);
}

void frame_draw(const struct tui *tui, struct grid *grid)
{
    struct layout at = layout_of(grid->width, grid->height);
    grid->cursor_x = grid->cursor_y = -1;
    if (at.state >= 0)
        draw_state(tui, grid, at.state);
    if (at.tabs >= 0)
        draw_tabs(tui, grid, at.tabs);
    screens[tui->view]->draw(tui, grid, at.view);
    draw_bottom(tui, grid, &at);
    if (tui->palette.open)
        palette_draw(tui, grid, at.view);
    if (tui->prompting)
        prompt_draw(tui, grid, grid->height - 1);
    if (tui->tier == GLYPH_ASCII)
        grid_to_ascii(grid);
}
