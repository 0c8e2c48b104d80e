/* Running commands: those of the screen here, all others by the engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/shown.h"
#include "base/scan.h"
#include "base/text.h"
#include "tui/state.h"

/* --- messages --- */

void tui_say(struct tui *tui, enum role role, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tui->message, sizeof tui->message, format, arguments);
    va_end(arguments);
    tui->message_role = role;
    pane_add(&tui->log, tui->message);
}

void tui_say_error(struct tui *tui, const isd_error *err)
{
    tui_say(tui, ROLE_ERROR, "%s%s%s%s%s", err->where, err->where[0] ? ": " : "", err->what, err->hint[0] ? "; try: " : "",
            err->hint);
}

void tui_take_messages(struct tui *tui)
{
    for (const char *text; (text = session_next_message(tui->session)) != NULL;)
        tui_say(tui, ROLE_WARN, "%s", text);
}

/* --- views --- */

void tui_show_view(struct tui *tui, enum view_id view)
{
    if (view == tui->view)
        return;
    tui->before = tui->view;
    tui->view = view;
}

static bool view_by_name(struct tui *tui, const char *name, enum view_id *ret_view)
{
    for (int view = 0; view < VIEW_COUNT; view++) {
        if (strcmp(screen_of(view)->name, name) == 0) {
            *ret_view = view;
            return true;
        }
    }
    int step = strcmp(name, "next") == 0 ? 1 : strcmp(name, "previous") == 0 ? VIEW_COUNT - 1 : 0;
    if (step == 0)
        return false;
    int view = tui->view;
    do
        view = (view + step) % VIEW_COUNT;
    while (!screen_of(view)->digit);
    *ret_view = view;
    return true;
}

static enum ask run_view(struct tui *tui, const struct command_call *call, isd_error *err)
{
    enum view_id view;
    if (!view_by_name(tui, call_word(call, 0), &view)) {
        isd_error_set(err, ISD_USAGE, "no view '%.40s'", call_word(call, 0));
        return ASK_FAILED;
    }
    if ((view == VIEW_PU || view == VIEW_TABLE) && !session_has_data(tui->session)) {
        isd_error_set(err, ISD_DATA, "no data to look at");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    bool from_curve = tui->view == VIEW_PU && view == VIEW_TABLE;
    tui_show_view(tui, view);
    if (from_curve && isfinite(tui->sight.u))
        atoms_nearest_u(tui, tui->sight.u);
    return ASK_READY;
}

static enum ask run_back(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    enum view_id view = tui->before;
    if (view == VIEW_HOME && session_has_data(tui->session))
        view = VIEW_PU;
    tui_show_view(tui, view);
    return ASK_READY;
}

static enum ask run_log(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)call;
    (void)err;
    tui_show_view(tui, VIEW_LOG);
    pane_scroll(&tui->log, tui->log.lines, frame_view_rect(tui->width, tui->height).height);
    return ASK_READY;
}

/* --- the table and texts --- */

static bool read_step(const char *word, long at, long n, long *ret_to, isd_error *err)
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

static enum ask run_step(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct rect rect = frame_view_rect(tui->width, tui->height);
    long to;
    if (strcmp(call_word(call, 0), "line") == 0) {
        struct text_pane *pane = tui->view == VIEW_LOG ? &tui->log : &tui->output;
        if (!read_step(call_word(call, 1), pane->top, pane->lines, &to, err))
            return ASK_FAILED;
        pane_scroll(pane, to, rect.height);
        return ASK_READY;
    }
    if (!read_step(call_word(call, 1), tui->atoms.cursor, tui->atoms.n, &to, err))
        return ASK_FAILED;
    tui->atoms.cursor = to < 0 ? 0 : to;
    atoms_settle(tui, rect.height);
    return ASK_READY;
}

static enum ask run_goto(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *atom = call_option(call, "atom");
    if (!atom)
        return ASK_READY;
    if (atoms_find(tui, atom)) {
        tui_show_view(tui, VIEW_TABLE);
        return ASK_READY;
    }
    isd_error_set(err, ISD_DATA, "no atom %.40s in the table", atom);
    return ASK_FAILED;
}

static enum ask run_find(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0);
    if (word)
        snprintf(tui->atoms.find, sizeof tui->atoms.find, "%s", word);
    if (!tui->atoms.find[0]) {
        isd_error_set(err, ISD_USAGE, "find what? An id or a type");
        return ASK_FAILED;
    }
    if (atoms_find(tui, tui->atoms.find))
        return ASK_READY;
    isd_error_set(err, ISD_DATA, "no atom '%.40s' in the table", tui->atoms.find);
    return ASK_FAILED;
}

static enum ask run_sort(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *word = call_word(call, 0), *direction = call_word(call, 1);
    bool descending = false;
    int column = tui->atoms.sort[0] ? atom_column_find(tui->atoms.sort, &descending) : ATOM_ID;
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
    snprintf(tui->atoms.sort, sizeof tui->atoms.sort, "%s%s", descending ? "-" : "", atom_column_name[column]);
    tui->atoms.cursor = tui->atoms.top = 0;
    return ASK_READY;
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
    (void)call;
    (void)err;
    palette_open(tui);
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

static enum ask run_set(struct tui *tui, const struct command_call *call, isd_error *err)
{
    (void)err;
    if (call_has(call, "ascii"))
        tui->tier = call_is(call, "ascii", "on") ? GLYPH_ASCII : tui->own_tier;
    return ASK_READY;
}

static const struct front_command {
    const char *name;
    enum ask (*run)(struct tui *tui, const struct command_call *call, isd_error *err);
} front_commands[] = {
    {"view", run_view}, {"plot", run_back},       {"back", run_back},     {"log", run_log},       {"step", run_step},
    {"goto", run_goto}, {"find", run_find},       {"sort", run_sort},     {"prompt", run_prompt}, {"palette", run_palette},
    {"set", run_set},   {"suspend", run_suspend}, {"redraw", run_redraw}, {"quit", run_quit},     {"repl", run_quit},
    {"tui", run_redraw},
};

static enum ask run_front(struct tui *tui, const struct command_call *call, isd_error *err)
{
    const char *name = call_spec(call)->name;
    if (sight_must_wait(&tui->sight, call))
        return ASK_PENDING;
    if (session_has_data(tui->session) || !(call_spec(call)->flags & COMMAND_NEEDS_DATA)) {
        switch (sight_command(&tui->sight, call, err)) {
        case SIGHT_REFUSED:
            return ASK_FAILED;
        case SIGHT_CHANGED:
            tui->stale = true;
            break;
        case SIGHT_NOT_MINE:
            break;
        }
        if (tui->stale)
            tui_update(tui, tui->width, tui->height);
    } else {
        isd_error_set(err, ISD_DATA, "no data to look at");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    for (size_t k = 0; k < sizeof front_commands / sizeof *front_commands; k++)
        if (strcmp(front_commands[k].name, name) == 0) {
            tui->stale = true;
            return front_commands[k].run(tui, call, err);
        }
    return ASK_READY;
}

/* --- output of commands --- */

static void take_text(void *arg, const char *text)
{
    struct tui *tui = arg;
    pane_add(&tui->output, text);
}

static void take_result(void *arg, struct result *result)
{
    struct tui *tui = arg;
    struct print_buffer buffer = {0};
    const char *mark = result_mark_text(result);
    print_readable(&buffer, result, NULL);
    if (buffer.data && !buffer.failed)
        pane_add(&tui->output, buffer.data);
    print_buffer_done(&buffer);
    if (mark)
        tui_say(tui, ROLE_WARN, "marked: %s", mark);
    session_show(tui->session, result);
}

static bool changes_data(const char *name)
{
    return strcmp(name, "open") == 0 || strcmp(name, "refresh") == 0 || strcmp(name, "use") == 0 || strcmp(name, "system") == 0;
}

static void after_engine(struct tui *tui, const char *name, bool had_output)
{
    tui->stale = true;
    if (strcmp(name, "cancel") == 0)
        tui->sight.paused = true;
    else
        tui->sight.paused = false;
    tui_update(tui, tui->width, tui->height);
    if (strcmp(name, "refresh") == 0)
        tui_say(tui, ROLE_NORMAL, "refresh: %d frames are there", (int)session_frame_count(tui->session));
    else if (strcmp(name, "open") == 0)
        tui->message[0] = '\0'; /* what it says is in the picture */
    if (had_output && !changes_data(name))
        tui_show_view(tui, VIEW_OUTPUT);
    else if (changes_data(name) && tui->view == VIEW_HOME && session_has_data(tui->session))
        tui_show_view(tui, VIEW_PU);
}

/* Runs a call once; takes it over unless it is pending. */
static enum ask run_call(struct tui *tui, struct command_call *call)
{
    const struct command_spec *spec = call_spec(call);
    isd_error err = {0};
    enum ask state;
    if (!spec->run)
        state = run_front(tui, call, &err);
    else {
        struct text_pane before = tui->output;
        struct command_sink sink = {.result = take_result, .text = take_text, .arg = tui};
        tui->output = (struct text_pane){0};
        session_show_begin(tui->session);
        state = command_run(tui->session, call, &sink, &err);
        bool any = tui->output.text.length > 0;
        if (any)
            pane_clear(&before);
        else
            tui->output = before;
        if (state != ASK_PENDING)
            after_engine(tui, spec->name, any);
    }
    tui_take_messages(tui);
    if (state == ASK_FAILED) {
        tui->stale = true;
        if (err.what[0])
            tui_say_error(tui, &err);
    }
    return state;
}

static void take_call(struct tui *tui, struct command_call *call)
{
    if (run_call(tui, call) != ASK_PENDING) {
        command_call_free(call);
        return;
    }
    if (tui->n_pending == TUI_MAX_PENDING) {
        tui_say(tui, ROLE_ERROR, "%d commands are waiting already", TUI_MAX_PENDING);
        command_call_free(call);
        return;
    }
    tui->pending[tui->n_pending++] = call;
    tui_say(tui, ROLE_NORMAL, "%s: under way", call_text(call));
}

/* In order: the first that still waits holds up those behind it, as in a script. */
void tui_retry_pending(struct tui *tui)
{
    while (tui->n_pending > 0) {
        struct command_call *call = tui->pending[0];
        if (run_call(tui, call) == ASK_PENDING)
            return;
        command_call_free(call);
        tui->n_pending--;
        memmove(tui->pending, tui->pending + 1, (size_t)tui->n_pending * sizeof *tui->pending);
    }
}

/* After `cancel` what waits is not wanted any more. */
static void drop_pending(struct tui *tui)
{
    for (int k = 0; k < tui->n_pending; k++)
        command_call_free(tui->pending[k]);
    tui->n_pending = 0;
}

void tui_run_line(struct tui *tui, const char *text)
{
    struct script script = {.name = "(line)", .text = text, .line = 1, .column = 1};
    char line[300];
    text_escape(text, strlen(text), tui->echo, sizeof tui->echo);
    snprintf(line, sizeof line, "> %s", tui->echo);
    pane_add(&tui->log, line);
    tui->message[0] = '\0';
    for (;;) {
        struct command_call *call = NULL;
        isd_error err = {0};
        if (command_parse(&script, &call, &err) != ISD_OK) {
            tui_say_error(tui, &err);
            return;
        }
        if (!call)
            return;
        const char *name = call_spec(call)->name;
        bool look = !call_spec(call)->run;
        if (strcmp(name, "cancel") == 0)
            drop_pending(tui);
        /* What is only looked at does not wait for what is computed; the rest keeps its order. */
        if (tui->n_pending > 0 && !look && tui->n_pending < TUI_MAX_PENDING)
            tui->pending[tui->n_pending++] = call;
        else
            take_call(tui, call);
        if (tui->leave)
            return;
    }
}
