/* Running commands: those of the screen here, all others by the engine. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo_film.h"
#include "app/shown.h"
#include "app/tour.h"
#include "app/trail.h"
#include "base/text.h"
#include "repl/paint.h"
#include "tui/past.h"
#include "tui/state.h"

#define LINE_NAME "(line)" /* of a line typed or of a key, where errors name a place */

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
    /* Where in a line just typed the error is, is seen; in a script it is not. */
    const char *where = strncmp(err->where, LINE_NAME ":", strlen(LINE_NAME) + 1) == 0 ? "" : err->where;
    tui_say(tui, ROLE_ERROR, "%s%s%s%s%s", where, where[0] ? ": " : "", err->what, err->hint[0] ? "; try: " : "", err->hint);
}

void tui_take_messages(struct tui *tui)
{
    for (const char *text; (text = session_next_message(tui->session)) != NULL;)
        tui_say(tui, ROLE_WARN, "%s", text);
}

/* --- views --- */

void tui_show_view(struct tui *tui, enum view_id view)
{
    struct layout_want *want = &tui->want;
    if (!screen_of(view))
        return;
    tui->sight.view = view;
    if (want->slot[want->focus] == view)
        return;
    for (int k = 0; k < tui->layout.n_panes; k++)
        if (tui->layout.pane[k].view == view) { /* to be seen already: it gets the focus */
            want->focus = tui->layout.pane[k].slot;
            return;
        }
    /* One that is not seen for want of room changes places, so that a larger screen shows each once. */
    for (int slot = 0; slot < LAYOUT_SLOTS; slot++)
        if (want->slot[slot] == view)
            want->slot[slot] = want->slot[want->focus];
    want->slot[want->focus] = view;
}

/* --- running what belongs to the screen --- */

/* Steps among the atoms of the pair looked at mean nothing before these are known; in a script they wait for them, and for their order. */
static bool waits_for_atoms(struct tui *tui, const struct command_call *call)
{
    const char *name = call_spec(call)->name, *what = call_word(call, 0);
    const bool row = strcmp(name, "copy") == 0 && what && strcmp(what, "row") == 0;
    const bool step = strcmp(name, "step") == 0 && what && (strcmp(what, "atom") == 0 || strcmp(what, "cycle") == 0);
    bool among = row || step || strcmp(name, "find") == 0;
    if (!among || tui->sight.paused || tui->sight.n_frames < 2)
        return false;
    if (tui->stale)
        tui_update(tui, tui->width, tui->height);
    return tui->atoms.state == ASK_PENDING || (tui->atoms.job && tui->running < 0);
}

static enum ask run_front(struct tui *tui, const struct command_call *call, isd_error *err)
{
    enum ask state = ASK_READY;
    if (sight_must_wait(&tui->sight, call) || waits_for_atoms(tui, call))
        return ASK_PENDING;
    if (!session_has_data(tui->session) && (call_spec(call)->flags & COMMAND_NEEDS_DATA)) {
        isd_error_set(err, ISD_DATA, "no data to look at");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    switch (sight_command(&tui->sight, call, err)) {
    case SIGHT_REFUSED:
        return ASK_FAILED;
    case SIGHT_CHANGED:
        tui->stale = true;
        break;
    case SIGHT_NOT_MINE:
        for (int view = 0; view < VIEW_COUNT; view++) {
            const struct screen *screen = screen_of((enum view_id)view);
            enum sight_outcome outcome = screen && screen->command ? screen->command(tui, call, err) : SIGHT_NOT_MINE;
            if (outcome == SIGHT_REFUSED)
                return ASK_FAILED;
            if (outcome == SIGHT_CHANGED) {
                tui->stale = true;
                break;
            }
        }
    }
    if (tui->stale)
        tui_update(tui, tui->width, tui->height);
    if (tui_screen_command(tui, call, &state, err))
        tui->stale = true;
    return state;
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
    const char *mark = result_mark_text(result);
    if (mark)
        tui_say(tui, ROLE_WARN, "marked: %s", mark);
    session_show(tui->session, result);
    tui->shown_by = tui->running;
    tui->results++;
}

/* What the command gave: tables, but a map as the picture it is. */
static void put_results(struct tui *tui, const char *name)
{
    const int n = session_shown_count(tui->session);
    const struct plot_place place = {tui->width - 1, tui->height > 10 ? tui->height - 6 : 4, tui->tier, false};
    const struct result **results = malloc((size_t)n * sizeof *results);
    struct print_buffer buffer = {0};
    char *picture = NULL;
    for (int k = 0; k < n && results; k++)
        results[k] = session_shown(tui->session, k);
    if (strcmp(name, "map") == 0 && paint_text(tui->session, &place, &picture) && picture)
        print_text(&buffer, "%s", picture);
    else if (results)
        print_results(&buffer, PRINT_TEXT, results, n, false);
    if (buffer.data && !buffer.failed)
        pane_add(&tui->output, buffer.data);
    free(picture);
    free(results);
    print_buffer_done(&buffer);
}

void tui_give(struct tui *tui, struct result *result)
{
    const char *name = result_command(result);
    session_show_begin(tui->session);
    take_result(tui, result);
    pane_clear(&tui->output);
    put_results(tui, name);
    tui_show_view(tui, VIEW_OUTPUT);
}

static bool changes_data(const char *name)
{
    return strcmp(name, "open") == 0 || strcmp(name, "demo") == 0 || strcmp(name, "refresh") == 0 || strcmp(name, "use") == 0 || strcmp(name, "close") == 0
           || strcmp(name, "system") == 0;
}

static void after_engine(struct tui *tui, const char *name, bool had_output)
{
    tui->stale = true;
    tui->data_news++;
    tui->sight.paused = strcmp(name, "cancel") == 0;
    if (tui->sight.paused)
        atoms_cancel(tui);
    tui_update(tui, tui->width, tui->height);
    if (strcmp(name, "close") == 0)
        past_forget_closed(tui->past, tui->session);
    if (strcmp(name, "refresh") == 0)
        tui_say(tui, ROLE_NORMAL, "refresh: %d frames are there", (int)session_frame_count(tui->session));
    else if (strcmp(name, "open") == 0 || strcmp(name, "demo") == 0)
        tui->message[0] = '\0'; /* what it says is in the picture */
    const struct demos *demos = session_demos(tui->session);
    if (strcmp(name, "demo") == 0 && demos && demos->kind == DEMO_QUENCH) /* all views show what it tells of */
        sight_take_pair(&tui->sight, demos->shown->pair[0].a, demos->shown->pair[0].b);
    if (strcmp(name, "demo") == 0 && demos && demos->kind != DEMO_NONE)
        tui_show_view(tui, VIEW_DEMO);
    else if (had_output && !changes_data(name))
        tui_show_view(tui, VIEW_OUTPUT);
    else if (changes_data(name) && tui->want.slot[tui->want.focus] == VIEW_HOME && session_has_data(tui->session))
        tui_show_view(tui, VIEW_PU);
    else if (strcmp(name, "close") == 0 && !session_has_data(tui->session)) /* as at the start */
        tui_show_view(tui, VIEW_HOME);
}

/* `export` is of what the same line, or the same script, has shown before; else of the view. */
static bool exports_the_view(const struct tui *tui, const struct command_spec *spec)
{
    return strcmp(spec->name, "export") == 0 && tui->shown_by != tui->running;
}

/* Runs a call once; takes it over unless it is pending. */
static enum ask run_call(struct tui *tui, const struct pending *pending)
{
    const struct command_call *call = pending->call;
    const struct command_spec *spec = call_spec(call);
    isd_error err = {0};
    enum ask state;
    tui->running = pending->script ? -pending->script : pending->line;
    if (strcmp(spec->name, "view") == 0)
        tui->shown_by = 0;
    if (!spec->run)
        state = run_front(tui, call, &err);
    else if (exports_the_view(tui, spec)) {
        tui_update(tui, tui->width, tui->height);
        state = export_view(tui, call_word(call, 0), &err);
    } else {
        struct text_pane before = tui->output;
        struct command_sink sink = {.result = take_result, .text = take_text, .arg = tui};
        tui->output = (struct text_pane){0};
        session_show_begin(tui->session);
        tui->results = 0;
        state = command_run(tui->session, call, &sink, &err);
        if (tui->results > 0)
            put_results(tui, spec->name);
        bool any = tui->output.text.length > 0;
        if (any)
            pane_clear(&before);
        else {
            pane_clear(&tui->output); /* nothing to read, but memory for it */
            tui->output = before;
        }
        if (state != ASK_PENDING)
            after_engine(tui, spec->name, any);
    }
    if (state != ASK_PENDING)
        tour_heard(tui->session, &tui->sight, call, state == ASK_READY);
    tui_take_messages(tui);
    if (state == ASK_FAILED) {
        tui->stale = true;
        if (err.what[0])
            tui_say_error(tui, &err);
    }
    return state;
}

static void look_before(const struct tui *tui, struct look_before *before)
{
    before->look = tui->sight.look;
    sight_place(&tui->sight, &before->place);
}

static void remember(struct tui *tui, const struct look_before *before)
{
    struct sight_place now;
    sight_place(&tui->sight, &now);
    if (!tui->past->travelling) {
        past_look(tui->past, &before->look, &tui->sight.look);
        past_place(tui->past, &before->place, &now);
        past_forget_closed(tui->past, tui->session);
    }
    tui->past->travelling = false;
}

/* Puts it behind those that wait; takes it over. */
static void make_wait(struct tui *tui, struct pending pending)
{
    if (tui->n_pending == TUI_MAX_PENDING) {
        tui_say(tui, ROLE_ERROR, "%d commands are waiting already", TUI_MAX_PENDING);
        command_call_free(pending.call);
        return;
    }
    tui->pending[tui->n_pending++] = pending;
}

static enum ask take_call(struct tui *tui, struct pending taken)
{
    enum ask state = run_call(tui, &taken);
    if (state != ASK_PENDING) {
        if (state == ASK_READY)
            trail_add(tui->session, taken.call);
        command_call_free(taken.call);
        return state;
    }
    tui_say(tui, ROLE_NORMAL, "%s: under way", call_text(taken.call));
    make_wait(tui, taken);
    return state;
}

static void drop_first(struct tui *tui)
{
    command_call_free(tui->pending[0].call);
    tui->n_pending--;
    memmove(tui->pending, tui->pending + 1, (size_t)tui->n_pending * sizeof *tui->pending);
}

/* What has been done is not under way any more. */
static void say_no_more(struct tui *tui, const struct command_call *call)
{
    char said[sizeof tui->message];
    snprintf(said, sizeof said, "%s: under way", call_text(call));
    if (strcmp(said, tui->message) == 0)
        tui->message[0] = '\0';
}

/* The first of those that wait, once more; its line is remembered when the last of it has been run. */
static enum ask retry_first(struct tui *tui)
{
    struct pending first = tui->pending[0];
    if (tui->before_line != first.line) {
        look_before(tui, &tui->before);
        tui->before_line = first.line;
    }
    enum ask state = run_call(tui, &first);
    if (state != ASK_PENDING)
        say_no_more(tui, first.call);
    if (state == ASK_READY)
        trail_add(tui->session, first.call);
    if (state != ASK_PENDING && (tui->n_pending < 2 || tui->pending[1].line != first.line)) {
        remember(tui, &tui->before);
        tui->before_line = 0;
    }
    return state;
}

/* In order: the first that still waits holds up those behind it, as in a script. One that fails takes along the rest of its script. */
void tui_retry_pending(struct tui *tui)
{
    if (tui->n_pending > 0) /* what has come is seen first: a set that has been read is looked at from its start, then goes on from there */
        tui_update(tui, tui->width, tui->height);
    while (tui->n_pending > 0 && !tui->leave) {
        int script = tui->pending[0].script;
        enum ask state = retry_first(tui);
        if (state == ASK_PENDING)
            return;
        do
            drop_first(tui);
        while (state == ASK_FAILED && script && tui->n_pending > 0 && tui->pending[0].script == script);
    }
    lesson_go_on(tui);
}

/* After `cancel` what waits is not wanted any more. */
static void drop_pending(struct tui *tui)
{
    while (tui->n_pending > 0)
        drop_first(tui);
    tour_dropped(tui->session);
}

/* What is only looked at does not wait for what is computed, but in a script everything keeps its order. */
static bool must_queue(const struct tui *tui, const struct command_call *call, int script)
{
    return tui->n_pending > 0 && (call_spec(call)->run || script);
}

/* Takes the call over. False: nothing more of this is to be run; of what was typed (script 0) the rest is run after an error too. What
 * was not refused is added to `done`, to be recorded. */
static bool run_one(struct tui *tui, struct command_call *call, int script, struct print_buffer *done)
{
    struct pending pending = {call, script, tui->n_lines};
    size_t before = done->length;
    print_text(done, "%s%s", before > 0 ? "; " : "", call_text(call));
    if (strcmp(call_spec(call)->name, "cancel") == 0)
        drop_pending(tui);
    if (must_queue(tui, call, script))
        make_wait(tui, pending);
    else if (take_call(tui, pending) == ASK_FAILED) {
        done->length = before;
        if (script)
            return false;
    }
    return !tui->leave;
}

/* The line of a script that a command stands in: "name:line:column". */
static long line_of(const struct command_call *call)
{
    const char *where = call_where(call), *last = strrchr(where, ':');
    while (last && last > where && last[-1] != ':')
        last--;
    return last ? strtol(last, NULL, 10) : 0;
}

static void run_commands(struct tui *tui, struct script *script, int number)
{
    struct look_before before;
    struct print_buffer done = {0};
    long line = 0;
    for (bool on = true; on;) {
        struct command_call *call = NULL;
        isd_error err = {0};
        bool read = command_parse(script, &call, &err) == ISD_OK;
        long here = call ? line_of(call) : line + 1;
        if (here != line && line > 0)
            remember(tui, &before);
        if (here != line) {
            look_before(tui, &before);
            tui->n_lines++;
            line = here;
        }
        if (!read) {
            tui_say_error(tui, &err);
            tour_misheard(tui->session);
        }
        on = call && run_one(tui, call, number, &done);
    }
    if (line > 0)
        remember(tui, &before);
    /* What was refused would end the script that a recording is. */
    if (number == 0 && done.length > 0 && !done.failed)
        past_record(tui->past, done.data, done.length);
    print_buffer_done(&done);
}

void tui_run_script(struct tui *tui, const char *name, const char *text)
{
    struct script script = {.name = name, .text = text, .line = 1, .column = 1};
    run_commands(tui, &script, ++tui->n_scripts);
}

void tui_run_line(struct tui *tui, const char *text)
{
    char line[300], answer[64];
    struct script script = {.name = LINE_NAME, .text = text, .line = 1, .column = 1};
    text_escape(text, strlen(text), tui->echo, sizeof tui->echo);
    snprintf(line, sizeof line, "> %s", tui->echo);
    pane_add(&tui->log, line);
    tui->message[0] = '\0';
    if (tour_takes_answer(tui->session, text, answer, sizeof answer))
        script.text = answer;
    run_commands(tui, &script, 0);
    lesson_go_on(tui);
}
