/* Commands of the screen: views, panes, places, the table, texts. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/each.h"
#include "app/shown.h"
#include "base/clock.h"
#include "base/scan.h"
#include "tui/bindings.h"
#include "tui/past.h"
#include "tui/saving.h"
#include "tui/settings.h"
#include "tui/state.h"

enum ask screen_refuse(isd_error *err, isd_status status, const char *what, const char *hint)
{
    isd_error_set(err, status, "%s", what);
    if (hint)
        isd_error_hint(err, "%s", hint);
    return ASK_FAILED;
}

/* "toggle", "on", "off" or nothing. */
static bool switched(const char *word, bool now)
{
    return !word || strcmp(word, "toggle") == 0 ? !now : strcmp(word, "on") == 0;
}

/* --- views and panes --- */

/* The view with a digit that comes after (step 1) or before this one. */
static enum view_id neighbour(enum view_id from, int step)
{
    int view = from;
    do
        view = (view + step + VIEW_COUNT) % VIEW_COUNT;
    while (!screen_of((enum view_id)view) || !screen_of((enum view_id)view)->digit);
    return (enum view_id)view;
}

static enum ask run_view(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *name = call_word(call, 0);
    int view = view_find(name);
    if (strcmp(name, "next") == 0)
        view = neighbour(tui->sight.view, 1);
    else if (strcmp(name, "previous") == 0)
        view = neighbour(tui->sight.view, -1);
    if (view == VIEW_HELP) {
        palette_open(tui, PALETTE_KEYS);
        return ASK_READY;
    }
    const struct screen *screen = view >= 0 ? screen_of((enum view_id)view) : NULL;
    if (!screen) {
        isd_error_set(err, ISD_USAGE, "no view '%.40s'", name);
        return ASK_FAILED;
    }
    if (screen->needs_data && !session_has_data(tui->session))
        return screen_refuse(err, ISD_DATA, "no data to look at", "open FILE");
    bool from_curve = tui->sight.view == VIEW_PU && view == VIEW_TABLE;
    tui_show_view(tui, (enum view_id)view);
    if (from_curve && isfinite(tui->sight.u))
        atoms_nearest_u(tui, tui->sight.u);
    return ASK_READY;
}

static void focus_on(struct tui *tui, int slot)
{
    tui->want.focus = slot;
    tui->sight.view = tui->want.slot[slot];
}

static void next_pane(struct tui *tui, int step)
{
    const struct layout *at = &tui->layout;
    int here = 0;
    if (at->n_panes < 2) {
        tui_show_view(tui, neighbour(tui->sight.view, step));
        return;
    }
    for (int k = 0; k < at->n_panes; k++)
        if (at->pane[k].focused)
            here = k;
    focus_on(tui, at->pane[(here + step + at->n_panes) % at->n_panes].slot);
}

static enum ask run_pane(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0);
    (void)err;
    if (strcmp(what, "max") == 0)
        tui->want.maximised = switched(call_word(call, 1), tui->want.maximised);
    else if (what[0] >= '1' && what[0] <= '0' + LAYOUT_SLOTS)
        focus_on(tui, what[0] - '1');
    else
        next_pane(tui, strcmp(what, "next") == 0 ? 1 : -1);
    return ASK_READY;
}

static enum ask run_layout(struct tui *tui, const struct command_call *call, isd_error *err)
{
    static const char *const names[] = {[LAYOUT_AUTO] = "auto", [LAYOUT_ONE] = "one", [LAYOUT_TWO] = "two", [LAYOUT_WIDE] = "wide",
                                        [LAYOUT_QUAD] = "quad"};
    (void)err;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], call_word(call, 0)) == 0)
            tui->want.kind = (enum layout_kind)k;
    tui->want.maximised = false;
    return ASK_READY;
}

static enum ask run_log(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    tui_show_view(tui, VIEW_LOG);
    pane_scroll(&tui->log, tui->log.lines, frame_view_rect(tui));
    return ASK_READY;
}

/* --- the table and texts --- */

bool read_step(const char *word, long at, long n, long *ret_to, isd_error *err)
{
    int64_t by = 1;
    if (word && strcmp(word, "first") == 0)
        *ret_to = 0;
    else if (word && strcmp(word, "last") == 0)
        *ret_to = n - 1;
    else if (word && !scan_whole_int64(word + (*word == '+'), &by)) {
        isd_error_set(err, ISD_USAGE, "a step is +N, -N, first or last, not '%.40s'", word);
        return false;
    } else
        *ret_to = at + (by > n ? n : by < -n ? -n : (long)by);
    return true;
}

static enum ask step_line(struct tui *tui, const char *word, isd_error *err)
{
    struct text_pane *pane = tui->sight.view == VIEW_LOG ? &tui->log : &tui->output;
    long to;
    if (tui->sight.view == VIEW_SESSIONS)
        return ASK_READY; /* the view has done it */
    if (!read_step(word, pane->top, pane->lines, &to, err))
        return ASK_FAILED;
    pane_scroll(pane, to, frame_view_rect(tui));
    return ASK_READY;
}

static enum ask run_step(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *what = call_word(call, 0), *by = call_word(call, 1);
    long to;
    if (strcmp(what, "line") == 0)
        return step_line(tui, by, err);
    if (strcmp(what, "column") == 0) {
        int most;
        const int first = table_first_column(tui, &most);
        if (!read_step(by, first, most + 1, &to, err))
            return ASK_FAILED;
        tui->atoms.column = to < 0 ? 0 : to > most ? most : (int)to;
        return ASK_READY;
    }
    if (strcmp(what, "atom") != 0)
        return ASK_READY; /* the sight has done it */
    if (!read_step(by, tui->atoms.cursor, tui->atoms.n, &to, err))
        return ASK_FAILED;
    atoms_to_row(tui, to);
    return ASK_READY;
}

static enum ask goto_mark(struct tui *tui, const char *name, isd_error *err)
{
    const struct bookmark *mark = past_find_mark(tui->past, name);
    if (!mark) {
        isd_error_set(err, ISD_USAGE, "no bookmark '%.40s'", name);
        isd_error_hint(err, "`view notes` lists them, `bookmark` makes one");
        return ASK_FAILED;
    }
    if (sight_return(&tui->sight, &mark->place, err) != ISD_OK)
        return ASK_FAILED;
    tui_show_view(tui, mark->place.view);
    return ASK_READY;
}

static enum ask run_goto(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const struct atom_rows *atoms = &tui->atoms;
    if (call_has(call, "mark"))
        return goto_mark(tui, call_option(call, "mark"), err);
    if (call_has(call, "top"))
        tui->atoms.top = tui->atoms.home.top = call_count(call, "top", 1) - 1;
    if (!call_has(call, "atom") || atoms->state == ASK_PENDING || atoms->mark >= 0)
        return ASK_READY;
    isd_error_set(err, ISD_DATA, "no atom %s in this set", call_option(call, "atom"));
    tui->sight.atom = SIGHT_NO_ATOM;
    return ASK_FAILED;
}

static enum ask run_find(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0);
    bool previous = word && strcmp(word, "previous") == 0;
    if (word && !previous)
        snprintf(tui->atoms.find, sizeof tui->atoms.find, "%s", word);
    if (!tui->atoms.find[0]) {
        isd_error_set(err, ISD_USAGE, "find what? An id or a type");
        return ASK_FAILED;
    }
    if (atoms_find(tui, tui->atoms.find, previous ? -1 : 1))
        return ASK_READY;
    isd_error_set(err, ISD_DATA, "no atom '%.40s' in the table", tui->atoms.find);
    return ASK_FAILED;
}

static enum ask run_sort(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0), *direction = call_word(call, 1);
    bool descending = false;
    int column = tui->sight.look.sort[0] ? atom_column_find(tui->sight.look.sort, &descending) : ATOM_ID;
    if (strcmp(word, "next") == 0) {
        column = (column + 1) % ATOM_COLUMNS;
        descending = column == ATOM_U_LAB || column == ATOM_U_MAT || column == ATOM_CYCLE_LENGTH;
    } else if (strcmp(word, "reverse") == 0)
        descending = !descending;
    else
        column = atom_column_find(word, &descending);
    if (column < 0) {
        isd_error_set(err, ISD_USAGE, "no column '%.40s'", word);
        return ASK_FAILED;
    }
    if (direction)
        descending = strcmp(direction, "desc") == 0;
    char *sort = tui->sight.look.sort;
    memset(sort, 0, sizeof tui->sight.look.sort);
    snprintf(sort, sizeof tui->sight.look.sort, "%s%s", descending ? "-" : "", atom_column_name[column]);
    atoms_update(tui);
    if (tui->atoms.job)
        tui->atoms.to_top = true; /* when they have come */
    else
        atoms_to_row(tui, 0);
    return ASK_READY;
}

/* --- there and back --- */

/* What the prompt prints is a view here. */
static enum ask run_plot(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    tui_show_view(tui, VIEW_PU);
    return ASK_READY;
}

static enum ask run_back(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct sight_place place;
    (void)call;
    tui->past->travelling = true;
    if (!past_back(tui->past, &place))
        return screen_refuse(err, ISD_DATA, "this is where it began", NULL);
    if (place.view == VIEW_HOME && session_has_data(tui->session))
        place.view = VIEW_PU;
    if (place.set >= 0 && sight_return(&tui->sight, &place, err) != ISD_OK)
        return ASK_FAILED;
    tui_show_view(tui, place.view);
    return ASK_READY;
}

static enum ask run_undo(struct tui *tui, const struct command_call *call, isd_error *err)
{
    bool undo = strcmp(call_spec(call)->name, "undo") == 0;
    const struct look *look = undo ? past_undo(tui->past, &tui->sight.look) : past_redo(tui->past, &tui->sight.look);
    tui->past->travelling = true;
    if (!look)
        return screen_refuse(err, ISD_DATA, undo ? "nothing to undo" : "nothing to redo", NULL);
    sight_take_look(&tui->sight, look);
    return ASK_READY;
}

static const char *set_name(const struct tui *tui)
{
    return session_has_data(tui->session) ? session_set_name(tui->session, session_current_set(tui->session)) : "";
}

static enum ask run_bookmark(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct sight_place place;
    sight_place(&tui->sight, &place);
    const struct bookmark *mark = past_mark(tui->past, call_word(call, 0), set_name(tui), &place);
    if (!mark) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    tui_say(tui, ROLE_NORMAL, "bookmark %s; goto mark=%s comes back here", mark->name, mark->name);
    return ASK_READY;
}

static enum ask run_note(struct tui *tui, const struct command_call *call, isd_error *err)
{
    char text[400] = "", place[80];
    size_t used = 0;
    const int about = call_n_words(call) > 1 && strncmp(call_word(call, 0), "at=", 3) == 0;
    for (int k = about; k < call_n_words(call) && used < sizeof text; k++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", k > about ? " " : "", call_word(call, k));
    if (!text[0])
        return screen_refuse(err, ISD_DATA, "an empty note", "note TEXT");
    snprintf(place, sizeof place, "%s", set_name(tui));
    if (tui->sight.n_frames > 1)
        snprintf(place, sizeof place, "%.60s %d:%d", set_name(tui), tui->sight.pair.a, tui->sight.pair.b);
    if (about)
        snprintf(place, sizeof place, "%s", call_word(call, 0) + 3);
    if (!past_add_note(tui->past, place, text)) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    session_keep_note(tui->session, place, text);
    tui_say(tui, ROLE_NORMAL, "noted; `view notes` shows all");
    return ASK_READY;
}

static enum ask run_play(struct tui *tui, const struct command_call *call, isd_error *err)
{
    tui->playing = switched(call_word(call, 0), tui->playing);
    if (call_has(call, "rate"))
        tui->play_rate = call_real(call, "rate", 1);
    char unused[80];
    const struct screen *screen = screen_of(tui->sight.view);
    if (tui->playing && screen->play) {
        tui->playing = screen->play(tui, unused, sizeof unused);
    } else if (tui->playing && tui->sight.n_tw < 2) {
        tui->playing = false;
        return screen_refuse(err, ISD_DATA, "there is one waiting time at most: nothing to play", NULL);
    }
    tui->played = clock_now();
    return ASK_READY;
}

/* --- scripts --- */

static enum ask run_source(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *path = call_word(call, 0);
    char *text = saving_read(path);
    if (!text) {
        isd_error_set(err, ISD_IO, "%.200s: %s", path, strerror(errno));
        return ASK_FAILED;
    }
    if (tui->sourcing >= 8) {
        free(text);
        return screen_refuse(err, ISD_DATA, "scripts that run scripts, eight deep: one of them runs itself", NULL);
    }
    tui->sourcing++;
    tui_run_script(tui, path, text);
    tui->sourcing--;
    tui->past->travelling = true; /* each of its lines has left its own trace */
    free(text);
    return ASK_READY;
}

static enum ask run_each(struct tui *tui, const struct command_call *call, isd_error *err)
{
    char *text = NULL;
    if (tui->sourcing >= 8)
        return screen_refuse(err, ISD_DATA, "loops and scripts in one another, eight deep", NULL);
    if (each_text(&tui->sight, call, &text, err) != ISD_OK)
        return ASK_FAILED;
    tui->sourcing++;
    tui_run_script(tui, "foreach", text);
    tui->sourcing--;
    tui->past->travelling = true;
    free(text);
    return ASK_READY;
}

static enum ask run_record(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *file = call_word(call, 0);
    bool off = strcmp(file, "off") == 0;
    if (past_record_to(tui->past, off ? NULL : file)) {
        tui_say(tui, ROLE_NORMAL, off ? "recording ended" : "recording; record off ends it");
        return ASK_READY;
    }
    isd_error_set(err, ISD_IO, "%.200s: %s", file, strerror(errno));
    return ASK_FAILED;
}

static enum ask run_save(struct tui *tui, const struct command_call *call, isd_error *err)
{
    if (saving_write(tui, call_word(call, 0), err) != ISD_OK)
        return ASK_FAILED;
    tui_say(tui, ROLE_NORMAL, "%.200s written", call_word(call, 0));
    return ASK_READY;
}

static enum ask run_bind(struct tui *tui, const struct command_call *call, isd_error *err)
{
    return bindings_add(&tui->extra, call_word(call, 0), call_word(call, 1), call_word(call, 2), err) == ISD_OK ? ASK_READY
                                                                                                               : ASK_FAILED;
}

/* --- the program --- */

static enum ask run_prompt(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)err;
    prompt_open(tui, call_word(call, 0));
    return ASK_READY;
}

static enum ask run_palette(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)err;
    const char *name = call_spec(call)->name;
    palette_open(tui, strcmp(name, "options") == 0 ? PALETTE_OPTIONS : PALETTE_KEYS);
    return ASK_READY;
}

static enum ask run_redraw(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    tui->repaint = true;
    return ASK_READY;
}

static enum ask run_suspend(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    tui->stop = true;
    return ASK_READY;
}

static enum ask run_quit(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)err;
    tui->leave = true;
    tui->to_prompt = strcmp(call_spec(call)->name, "quit") != 0;
    return ASK_READY;
}

/* The whole screen as text: what is there when the command has been run. */
static enum ask run_dump(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct grid grid;
    char *text = NULL;
    tui_update(tui, tui->width, tui->height);
    if (grid_init(&grid, tui->width, tui->height)) {
        frame_draw(tui, &grid);
        text = grid_to_text(&grid);
        grid_done(&grid);
    }
    isd_status status = text ? session_write_text(tui->session, call_word(call, 0), text, strlen(text), err) : isd_error_memory(err);
    free(text);
    return status == ISD_OK ? ASK_READY : ASK_FAILED;
}

static const struct front_command {
    const char *name;
    enum ask (*run)(struct tui *tui, const struct command_call *call, isd_error *err);
} front_commands[] = {
    {"view", run_view},         {"plot", run_plot},     {"back", run_back},       {"log", run_log},     {"step", run_step},
    {"goto", run_goto},         {"find", run_find},     {"sort", run_sort},       {"layout", run_layout}, {"pane", run_pane},
    {"zoom", axes_zoom},        {"pan", axes_pan},      {"play", run_play},       {"undo", run_undo},   {"redo", run_undo},
    {"bookmark", run_bookmark}, {"note", run_note},     {"source", run_source}, {"foreach", run_each},   {"record", run_record}, {"save", run_save},
    {"bind", run_bind},         {"prompt", run_prompt}, {"palette", run_palette},
    {"options", run_palette},   {"glyphs", settings_glyphs}, {"copy", copy_run},     {"set", settings_run},     {"suspend", run_suspend},
    {"stats", stats_run},
    {"redraw", run_redraw},     {"dump", run_dump},     {"quit", run_quit},     {"repl", run_quit},       {"tui", run_redraw},
};

bool tui_screen_command(struct tui *tui, const struct command_call *call, enum ask *ret_state, isd_error *err)
{
    for (size_t k = 0; k < sizeof front_commands / sizeof *front_commands; k++)
        if (strcmp(front_commands[k].name, call_spec(call)->name) == 0) {
            *ret_state = front_commands[k].run(tui, call, err);
            return true;
        }
    return false;
}
