/* The frame of every screen: tabs, jobs, echo, keys; the view in the middle. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"

static const struct screen *const screens[VIEW_COUNT] = {
    [VIEW_HOME] = &screen_home,     [VIEW_PU] = &screen_pu,   [VIEW_TABLE] = &screen_table, [VIEW_JOBS] = &screen_jobs,
    [VIEW_OUTPUT] = &screen_output, [VIEW_LOG] = &screen_log, [VIEW_NOTES] = &screen_notes,
    [VIEW_GR] = &screen_gr,         [VIEW_SLICE] = &screen_slice,     [VIEW_DTW] = &screen_dtw,   [VIEW_SCALING] = &screen_scaling,
    [VIEW_MAP] = &screen_map,       [VIEW_CYCLES] = &screen_cycles,   [VIEW_DYNAMICS] = &screen_dynamics,
    [VIEW_DEMO] = &screen_demo,     [VIEW_SESSIONS] = &screen_sessions,
};

const struct screen *screen_of(enum view_id view)
{
    return screens[view];
}

struct rect frame_view_rect(const struct tui *tui)
{
    for (int k = 0; k < tui->layout.n_panes; k++)
        if (tui->layout.pane[k].focused)
            return tui->layout.pane[k].rect;
    return tui->layout.middle;
}

struct rect frame_rect_of(const struct tui *tui, enum view_id view)
{
    for (int k = 0; k < tui->layout.n_panes; k++)
        if (tui->layout.pane[k].view == view)
            return tui->layout.pane[k].rect;
    return (struct rect){0};
}

/* Everything `rows` lower. */
static void move_down(struct layout *at, int rows)
{
    int *const bars[] = {&at->state, &at->tabs, &at->strip, &at->rule, &at->jobs, &at->echo, &at->keys};
    for (size_t k = 0; k < sizeof bars / sizeof *bars; k++)
        *bars[k] += *bars[k] >= 0 ? rows : 0;
    at->middle.y += rows;
    at->rail.y += rows;
    for (int k = 0; k < at->n_panes; k++) {
        at->pane[k].rect.y += rows;
        at->pane[k].frame.y += rows;
    }
}

void frame_layout(const struct tui *tui, int width, int height, struct layout *ret_layout)
{
    int lesson = lesson_rows(tui, width, height);
    struct layout_want want = tui->want;
    if (tui->a11y)
        want.kind = LAYOUT_ONE;
    layout_make(width, height - lesson, &want, ret_layout);
    move_down(ret_layout, lesson);
    /* A pane without a frame has the words below it in its last row. */
    for (int k = 0; k < ret_layout->n_panes && !ret_layout->summary; k++) {
        struct pane *pane = &ret_layout->pane[k];
        if (pane->rect.width == pane->frame.width && screens[pane->view]->footing && pane->rect.height > 3)
            pane->rect.height--;
    }
}

/* --- tabs, jobs, echo, keys --- */

/* The tabs in their order, with the columns they take; where not all fit they stand closer, by short names. */
struct tab {
    enum view_id view;
    int x, width;
    const char *title;
};

static const char *const digits = "1234567890";

static int place_tabs(const struct tui *tui, int width, bool close, struct tab ret_tabs[VIEW_COUNT])
{
    int n = 0, at = 0;
    for (const char *digit = digits; *digit; digit++)
        for (int view = 0; view < VIEW_COUNT; view++) {
            const struct screen *screen = screens[view];
            if (!screen || screen->digit != *digit)
                continue;
            const char *title = close && screen->short_title ? screen->short_title : screen->title;
            int columns = glyph_columns(title) + (close && tui->sight.view != (enum view_id)view ? 3 : 4);
            if (at + columns > width)
                return n;
            ret_tabs[n++] = (struct tab){(enum view_id)view, at, columns, title};
            at += columns;
        }
    return n;
}

static int tabs_of(const struct tui *tui, int width, struct tab ret_tabs[VIEW_COUNT])
{
    int n = place_tabs(tui, width, false, ret_tabs);
    if (n < (int)strlen(digits))
        n = place_tabs(tui, width, true, ret_tabs);
    const struct screen *here = screens[tui->sight.view];
    if (!here->digit) {
        int columns = 2 + glyph_columns(here->title);
        while (n > 0 && ret_tabs[n - 1].x + ret_tabs[n - 1].width + columns > width)
            n--;
        ret_tabs[n] = (struct tab){tui->sight.view, n > 0 ? ret_tabs[n - 1].x + ret_tabs[n - 1].width : 0, columns, here->title};
        n++;
    }
    return n;
}

#define HELP_WIDTH 7 /* "? help " */

static void draw_tabs(const struct tui *tui, struct grid *grid, int y)
{
    struct tab tabs[VIEW_COUNT];
    int n = tabs_of(tui, grid->width, tabs), end = 0;
    for (int k = 0; k < n; k++) {
        const struct screen *screen = screens[tabs[k].view];
        bool here = tui->sight.view == tabs[k].view;
        const char *form = !screen->digit ? "[%s%s]" : here ? "[%s %s]" : " %s %s ";
        char digit[2] = {screen->digit, '\0'};
        grid_format(grid, tabs[k].x, y, tabs[k].width, here ? ROLE_ACTIVE : ROLE_NORMAL, form, digit, tabs[k].title);
        end = tabs[k].x + tabs[k].width;
    }
    if (end + HELP_WIDTH + 1 < grid->width)
        grid_format(grid, grid->width - HELP_WIDTH, y, HELP_WIDTH, ROLE_KEY, "? help");
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
    if (first && tui->a11y) { /* a bar that moves would be read out again and again */
        grid_format(grid, 1, y, width - 1, ROLE_PROGRESS, "working; C-c cancels");
        return;
    }
    if (!first && tui->atoms.job) {
        grid_format(grid, 1, y, width - 1, ROLE_PROGRESS, "%s%s", job_label(tui->atoms.job), width >= 75 ? "  C-c cancels" : "");
        return;
    }
    if (!first) {
        grid_format(grid, 1, y, width - 1, ROLE_DIM, tui->n_pending > 0 ? "waiting" : tui->sight.paused ? "stopped" : "ready");
        return;
    }
    struct reading_progress reading;
    bool read_only = session_reading(tui->session, &reading) && job_pool_count(pool) == 1;
    session_progress(tui->session, &done, &total, &eta);
    double fraction = read_only ? reading.fraction : overall_fraction(tui, done, total);
    format_eta(eta, left, sizeof left);
    int at = 1 + grid_format(grid, 1, y, width - 1, ROLE_PROGRESS, "%-16.40s", job_label(first)) + 1;
    int bar = width >= 120 ? 40 : width >= 70 ? 20 : 8;
    progress_draw(grid, at, y, at + bar < width ? bar : 0, fraction, tui->tier);
    at += bar + 1;
    if (read_only) {
        grid_format(grid, at, y, width - at, ROLE_NORMAL, "%3d%%  %d frames%s", (int)(100 * fraction), (int)reading.frames,
                    width >= 75 ? "  C-c cancels" : "");
        return;
    }
    grid_format(grid, at, y, width - at, ROLE_NORMAL, "%3d%%  %d/%d jobs  %s%s", (int)(100 * fraction), done, total, left,
                width >= 75 ? "  C-c cancels" : "");
}

static void words_of(const struct tui *tui, const struct screen *screen, bool above, char *out, size_t size)
{
    *out = '\0';
    if (screen->needs_data && !session_has_data(tui->session))
        snprintf(out, size, "%s", above ? screen->title : "");
    else if (above && screen->heading)
        screen->heading(tui, out, size);
    else if (above)
        snprintf(out, size, "%s", screen->title);
    else if (screen->footing)
        screen->footing(tui, out, size);
}

/* For a screen reader: what is under the mark now. */
static void draw_announcement(const struct tui *tui, struct grid *grid, int y)
{
    char words[256];
    words_of(tui, screens[tui->sight.view], false, words, sizeof words);
    if (!words[0])
        words_of(tui, screens[tui->sight.view], true, words, sizeof words);
    grid_text(grid, 1, y, grid->width - 1, ROLE_CURSOR, words);
}

static void draw_echo(const struct tui *tui, struct grid *grid, int y)
{
    size_t length = strlen(tui->message);
    if (length > 0) { /* what is too long for a row goes on upwards, over rows that matter less now */
        int rows = put_wrapped(NULL, (struct rect){0, 0, grid->width, 1}, tui->message_role, tui->message, length);
        rows = rows > 4 ? 4 : rows > y + 1 ? y + 1 : rows;
        grid_fill(grid, 0, y - rows + 1, grid->width, rows, ' ', ROLE_NORMAL);
        put_wrapped(grid, (struct rect){0, y - rows + 1, grid->width, rows}, tui->message_role, tui->message, length);
    } else if (tui->a11y)
        draw_announcement(tui, grid, y);
    else if (tui->echo[0])
        grid_format(grid, 1, y, grid->width - 1, ROLE_ECHO, "> %s", tui->echo);
}

/* The key bar of the view with the focus. */
static const struct key_hint *hints_now(const struct tui *tui, int *ret_n)
{
    const struct screen *screen = screens[tui->sight.view];
    *ret_n = screen->n_hints;
    return screen->hints_now ? screen->hints_now(tui, ret_n) : screen->hints;
}

static void draw_keys(const struct tui *tui, struct grid *grid, int y)
{
    int n = 0;
    const struct key_hint *hints = hints_now(tui, &n);
    key_bar_draw(grid, 1, y, grid->width - 1, hints, n);
}

/* D_min of every waiting time, and where one is. */
static void draw_strip(const struct tui *tui, struct grid *grid, int y)
{
    const struct sight *sight = &tui->sight;
    struct tw_strip strip = {.tw = sight->tw, .value = tui->tw_value, .n = sight->n_tw, .current = sight->tw_at,
                             .tier = tui->tier};
    if (sight->n_tw < 1 || !tui->tw_value)
        return;
    int x = 1 + grid_text(grid, 1, y, grid->width, ROLE_AXIS, "D_min(tw)") + 2;
    int at = x + tw_strip_draw(grid, x, y, grid->width - x, &strip);
    char known[48];
    snprintf(known, sizeof known, "%d of %d matched", tui->tw_known, (int)sight->n_tw);
    if (tui->tw_known < sight->n_tw && at + 4 + (int)strlen(known) <= grid->width)
        grid_text(grid, at + 4, y, grid->width - at - 4, ROLE_DIM, known);
    else if (tui->playing && at + 11 <= grid->width)
        grid_text(grid, at + 4, y, grid->width - at - 4, ROLE_PROGRESS, "playing");
}

static void draw_bottom(const struct tui *tui, struct grid *grid, const struct layout *at)
{
    if (at->strip >= 0 && !tui->a11y)
        draw_strip(tui, grid, at->strip);
    if (at->rule >= 0 && !tui->a11y)
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

/* --- panes --- */

/* Items parted by two blanks: those that find no room are left out from the end, none is cut. */
static void fit_items(char *words, int width)
{
    while (glyph_columns(words) > width) {
        char *gap = NULL;
        for (char *p = words; (p = strstr(p, "  ")) != NULL; p++)
            gap = p > words ? p : gap;
        if (!gap)
            return;
        while (gap > words && gap[-1] == ' ')
            gap--;
        *gap = '\0';
    }
}

/* Heavy lines around the pane with the focus; where there are only ASCII lines its title has a star. */
static void draw_border(const struct tui *tui, struct grid *grid, const struct pane *pane)
{
    static const uint32_t light[] = {0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518};
    static const uint32_t heavy[] = {0x2501, 0x2503, 0x250f, 0x2513, 0x2517, 0x251b};
    const uint32_t *line = pane->focused ? heavy : light;
    struct rect f = pane->frame;
    enum role role = pane->focused ? ROLE_TITLE : ROLE_AXIS;
    int right = f.x + f.width - 1, bottom = f.y + f.height - 1;
    char words[256];
    grid_fill(grid, f.x, f.y, f.width, 1, line[0], role);
    grid_fill(grid, f.x, bottom, f.width, 1, line[0], role);
    grid_fill(grid, f.x, f.y, 1, f.height, line[1], role);
    grid_fill(grid, right, f.y, 1, f.height, line[1], role);
    grid_put(grid, f.x, f.y, line[2], role);
    grid_put(grid, right, f.y, line[3], role);
    grid_put(grid, f.x, bottom, line[4], role);
    grid_put(grid, right, bottom, line[5], role);
    words_of(tui, screens[pane->view], true, words, sizeof words);
    grid_format(grid, f.x + 2, f.y, f.width - 4, role, " %s%s ", pane->focused && tui->tier == GLYPH_ASCII ? "*" : "", words);
    words_of(tui, screens[pane->view], false, words, sizeof words);
    fit_items(words, f.width - 6);
    int width = glyph_columns(words) + 2;
    width = width < f.width - 4 ? width : f.width - 4;
    if (words[0])
        grid_format(grid, right - 1 - width, bottom, width, pane->focused ? ROLE_CURSOR : ROLE_AXIS, " %s ", words);
}

static bool is_framed(const struct pane *pane)
{
    return pane->frame.width != pane->rect.width;
}

/* Another grid, so that no view can draw outside of its pane; and the cursor of the focused one counts. */
static void draw_inside(const struct tui *tui, struct grid *grid, const struct pane *pane)
{
    const struct screen *screen = screens[pane->view];
    struct rect r = pane->rect;
    struct grid part;
    if (r.width < 1 || r.height < 1 || !grid_init(&part, r.width, r.height))
        return;
    if (screen->needs_data && !session_has_data(tui->session))
        grid_format(&part, 2, 1, r.width - 2, ROLE_DIM, "no data; o opens files");
    else
        screen->draw(tui, &part, (struct rect){0, 0, r.width, r.height});
    for (int y = 0; y < r.height; y++)
        for (int x = 0; x < r.width; x++)
            if (r.x + x < grid->width && r.y + y < grid->height)
                grid->cell[(size_t)(r.y + y) * (size_t)grid->width + (size_t)(r.x + x)] =
                    part.cell[(size_t)y * (size_t)r.width + (size_t)x];
    if (pane->focused && part.cursor_x >= 0 && part.cursor_y >= 0) {
        grid->cursor_x = r.x + part.cursor_x;
        grid->cursor_y = r.y + part.cursor_y;
    }
    grid_done(&part);
}

static void draw_pane(const struct tui *tui, struct grid *grid, const struct pane *pane)
{
    char words[256];
    if (is_framed(pane))
        draw_border(tui, grid, pane);
    draw_inside(tui, grid, pane);
    if (is_framed(pane) || pane->rect.height == pane->frame.height)
        return;
    words_of(tui, screens[pane->view], false, words, sizeof words);
    fit_items(words, pane->frame.width - 1);
    grid_text(grid, pane->frame.x + 1, pane->frame.y + pane->rect.height, pane->frame.width - 1, ROLE_CURSOR, words);
}

/* A few lines where there is no room for more: the read-out, where one is, what goes on. */
static void draw_summary(const struct tui *tui, struct grid *grid)
{
    char words[256];
    int y = tui->layout.middle.y;
    words_of(tui, screens[tui->sight.view], false, words, sizeof words);
    if (!words[0])
        words_of(tui, screens[tui->sight.view], true, words, sizeof words);
    if (grid->height > 1)
        state_line_draw(tui, grid, y++);
    grid_text(grid, 0, y++, grid->width, ROLE_CURSOR, words);
    if (grid->height > 2)
        draw_jobs(tui, grid, y++);
    if (grid->height > 3)
        draw_echo(tui, grid, y);
}

bool frame_click(const struct tui *tui, int x, int y, char *command, size_t size)
{
    const struct layout *at = &tui->layout;
    if (y == at->tabs) {
        struct tab tabs[VIEW_COUNT];
        int n = tabs_of(tui, tui->width, tabs);
        for (int k = 0; k < n; k++)
            if (x >= tabs[k].x && x < tabs[k].x + tabs[k].width) {
                snprintf(command, size, "view %s", view_name(tabs[k].view));
                return true;
            }
        if (x < tui->width - HELP_WIDTH)
            return false;
        snprintf(command, size, "palette");
        return true;
    }
    if (y == at->keys) {
        int n = 0;
        const struct key_hint *hints = hints_now(tui, &n);
        int hint = key_bar_at(tui->width - 1, hints, n, x - 1);
        char key[16];
        if (hint < 0 || sscanf(hints[hint].key, "%15s", key) != 1)
            return false;
        return binding_command(tui, key, command, size);
    }
    return false;
}

/* A reader reads the line that the cursor goes to: of lists the chosen row, else what is said of the mark. */
static void place_reader(const struct tui *tui, struct grid *grid, int echo)
{
    static const bool is_list[VIEW_COUNT] = {[VIEW_TABLE] = true, [VIEW_CYCLES] = true, [VIEW_JOBS] = true, [VIEW_LOG] = true,
                                             [VIEW_OUTPUT] = true, [VIEW_NOTES] = true};
    if (tui->message[0] || !is_list[tui->sight.view] || grid->cursor_x < 0) {
        grid->cursor_x = 1;
        grid->cursor_y = echo;
    }
}

void frame_draw(const struct tui *tui, struct grid *grid)
{
    struct layout at;
    frame_layout(tui, grid->width, grid->height, &at);
    grid->cursor_x = grid->cursor_y = -1;
    if (lesson_rows(tui, grid->width, grid->height) > 0)
        lesson_draw(tui, grid, grid->width, grid->height);
    if (at.state >= 0)
        state_line_draw(tui, grid, at.state);
    if (at.tabs >= 0)
        draw_tabs(tui, grid, at.tabs);
    if (at.summary)
        draw_summary(tui, grid);
    for (int k = 0; k < at.n_panes && !at.summary; k++)
        draw_pane(tui, grid, &at.pane[k]);
    if (at.rail.width > 0)
        rail_draw(tui, grid, at.rail);
    draw_bottom(tui, grid, &at);
    if (tui->a11y && at.echo >= 0)
        place_reader(tui, grid, at.echo);
    const bool card = tui->palette.open && tui->palette.kind == PALETTE_GLYPHS;
    if (tui->palette.open && !card)
        palette_draw(tui, grid, &at);
    if (tui->prompting)
        prompt_draw(tui, grid, grid->height - 1);
    if (tui->tier == GLYPH_ASCII)
        grid_to_ascii(grid);
    if (card) /* it has glyphs of all kinds whatever else is drawn with */
        palette_draw(tui, grid, &at);
}
