/* The full screen: one loop over terminal, signals and finished jobs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/tui.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/two_time.h"
#include "base/clock.h"
#include "base/text.h"
#include "repl/history.h"
#include "repl/line.h"
#include "tui/bindings.h"
#include "tui/past.h"
#include "tui/saving.h"
#include "tui/settings.h"
#include "tui/signals.h"
#include "tui/state.h"
#include "tui/stray.h"

/* To order so many takes longer than a picture may be late. */
#define MANY_ROWS 200000

void tui_init(struct tui *tui, struct session *session)
{
    static const enum view_id slots[LAYOUT_SLOTS] = {VIEW_PU, VIEW_SLICE, VIEW_DTW, VIEW_TABLE, VIEW_CYCLES};
    *tui = (struct tui){.session = session, .width = 80, .height = 24, .stale = true, .play_rate = 1, .unicode = true, .sync = true,
                        .atoms.rows_in_job = MANY_ROWS, .mouse = true, .clipboard = true, .map_frames = TWO_TIME_FRAMES};
    sight_init(&tui->sight, session);
    for (int slot = 0; slot < LAYOUT_SLOTS; slot++)
        tui->want.slot[slot] = slots[slot];
    if (session_set_count(session) > 1) /* a law needs several states */
        tui->want.slot[LAYOUT_SLOTS - 1] = VIEW_SCALING;
    tui->past = past_new();
    tui->atoms.mark = -1;
    tui_show_view(tui, session_has_data(session) ? VIEW_PU : VIEW_HOME);
}

void tui_done(struct tui *tui)
{
    for (int k = 0; k < tui->n_pending; k++)
        command_call_free(tui->pending[k].call);
    if (tui->prompting)
        line_end();
    sight_done(&tui->sight);
    pane_clear(&tui->output);
    pane_clear(&tui->log);
    pane_clear(&tui->lesson);
    free(tui->tw_value);
    atoms_done(&tui->atoms);
    for (int view = 0; view < VIEW_COUNT; view++) {
        const struct screen *screen = screen_of((enum view_id)view);
        if (tui->data[view] && screen->done)
            screen->done(tui->data[view]);
        free(tui->data[view]);
    }
    bindings_free(tui->extra);
    past_free(tui->past);
    print_buffer_done(&tui->clip);
}

/* Memory for the values of the strip; the list of waiting times may have changed. */
static bool grow_values(struct tui *tui)
{
    size_t n = tui->sight.n_tw > 0 ? (size_t)tui->sight.n_tw : 1;
    double *grown = realloc(tui->tw_value, n * sizeof *grown);
    if (grown)
        tui->tw_value = grown;
    return grown != NULL;
}

/* Counted anew only where something else is looked at or there is news: moving a cursor is no such thing. */
static void look_again(struct tui *tui)
{
    unsigned data = tui->data_news + session_arrivals(tui->session);
    if (tui->pu_seen && tui->pu_news == tui->sight.news && tui->pu_data == data)
        return;
    tui->pu_data = data;
    sight_pu(&tui->sight, &tui->pu);
    tui->pu_news = tui->sight.news;
    tui->pu_seen = true;
    if (grow_values(tui))
        tui->tw_known = tui->pu.state == ASK_FAILED ? 0 : sight_tw_values(&tui->sight, tui->tw_value);
}

static void update_view(struct tui *tui, enum view_id view, struct rect rect)
{
    const struct screen *screen = screen_of(view);
    if (!screen->update || (screen->needs_data && !session_has_data(tui->session)))
        return;
    if (!tui->data[view] && screen->data_size > 0)
        tui->data[view] = calloc(1, screen->data_size);
    if (tui->data[view] || screen->data_size == 0)
        screen->update(tui, rect);
}

void tui_update(struct tui *tui, int width, int height)
{
    isd_error err = {0};
    tui->width = width;
    tui->height = height;
    tui->stale = false;
    frame_layout(tui, width, height, &tui->layout);
    if (sight_update(&tui->sight, &err) != ISD_OK)
        tui_say_error(tui, &err);
    /* After a cancel the old picture stays: asking would start the jobs again. */
    if (session_has_data(tui->session) && !tui->sight.paused) {
        look_again(tui);
        atoms_update(tui);
    }
    if (!session_has_data(tui->session)) { /* the last set was closed */
        atoms_update(tui);
        tui->pu = (struct sight_pu){0};
        tui->pu_seen = false;
    }
    for (int k = 0; k < tui->layout.n_panes; k++) {
        const struct pane *pane = &tui->layout.pane[k];
        struct text_pane *text = pane->view == VIEW_LOG ? &tui->log : pane->view == VIEW_OUTPUT ? &tui->output : NULL;
        if (text)
            pane_settle(text, pane->rect);
        if (pane->view == VIEW_TABLE)
            atoms_settle(tui, pane->rect.height);
        update_view(tui, pane->view, (struct rect){0, 0, pane->rect.width, pane->rect.height});
    }
    tui_take_messages(tui);
}

/* --- the loop --- */

struct loop {
    struct tui *tui;
    struct display *display;
    double shown;  /* when the last picture went out */
    bool changed;  /* a key, a signal: show at once */
    bool progress; /* jobs went on: show when it is time */
    int signal;    /* ends the program */
};

/* Libraries complain where nobody looks; the log is the place for it. */
static void take_strays(struct tui *tui)
{
    char *text = stray_take(), *rest = text, line[200];
    for (const char *part = strsep(&rest, "\n"); part; part = strsep(&rest, "\n"))
        if (*part) {
            text_escape(part, strlen(part), line, sizeof line);
            pane_add(&tui->log, line);
        }
    if (text && !tui->message[0])
        tui_say(tui, ROLE_WARN, "something was said on standard error; `log` shows it");
    free(text);
}

static void show(struct loop *loop)
{
    struct tui *tui = loop->tui;
    struct grid grid;
    int width, height;
    const double begun = clock_now();
    take_strays(tui);
    display_set_look(loop->display, &tui->colours);
    tui->ramp = display_has_ramp(loop->display);
    display_set_mouse(loop->display, tui->mouse);
    display_set_sync(loop->display, tui->sync);
    display_resize(loop->display, &width, &height);
    if (width != tui->width || height != tui->height)
        tui->stale = true;
    if (tui->stale)
        tui_update(tui, width, height);
    if (!grid_init(&grid, width, height))
        return;
    frame_draw(tui, &grid);
    if (tui->repaint)
        display_repaint(loop->display);
    tui->repaint = false;
    display_show(loop->display, &grid, begun);
    tui->cost = *display_cost(loop->display);
    if (tui->clip.length > 0)
        display_tell(&tui->clip);
    tui->clip.length = 0;
    grid_done(&grid);
    loop->shown = clock_now();
    loop->changed = loop->progress = false;
}

static void stop(struct loop *loop)
{
    display_leave(loop->display);
    signals_stop();
    signals_await_foreground();
    display_enter(loop->display);
    loop->tui->stop = false;
    loop->changed = true;
}

/* Outside the : line nothing is bound to Meta: it was Esc and then a key, typed fast. */
static struct key without_meta(const struct key *key)
{
    struct key plain = *key;
    if (strncmp(key->name, "M-", 2) == 0) {
        memmove(plain.name, key->name + 2, sizeof plain.name - 2);
        plain.n_bytes = key->n_bytes - 1;
        memmove(plain.bytes, key->bytes + 1, sizeof plain.bytes - 1);
    }
    return plain;
}

static void say_idle(struct tui *tui, const char *name)
{
    char shown[40];
    text_escape(name, strlen(name), shown, sizeof shown);
    snprintf(tui->message, sizeof tui->message, "key %s does nothing here; ? lists what does", shown);
    tui->message_role = ROLE_DIM;
}

/* The second of two keys. */
static void take_second(struct tui *tui, const struct key *key)
{
    char both[24], command[400];
    snprintf(both, sizeof both, "%s%s", tui->prefix, key->name);
    tui->prefix[0] = tui->message[0] = '\0';
    if (binding_command(tui, both, command, sizeof command))
        tui_run_line(tui, command);
    else if (strcmp(key->name, "Esc") != 0 && strcmp(key->name, "C-g") != 0 && strcmp(key->name, "C-c") != 0)
        say_idle(tui, both);
}

static void take_key(struct tui *tui, const struct key *pressed)
{
    char command[400];
    static const struct key escape = {.name = "Esc", .bytes = "\033", .n_bytes = 1};
    struct key plain = without_meta(pressed);
    const struct key *key = tui->prompting ? pressed : &plain;
    if (key == &plain && plain.n_bytes != pressed->n_bytes && tui->palette.open)
        palette_key(tui, &escape);
    tui->playing = tui->playing && strcmp(key->name, "Space") == 0;
    /* Commands of keys depend on what is seen: of keys that come in one go the second sees what the first has done. */
    if (tui->stale && !tui->prompting)
        tui_update(tui, tui->width, tui->height);
    if (tui->prompting)
        prompt_key(tui, key);
    else if (tui->palette.open)
        palette_key(tui, key);
    else if (key->mouse) {
        if (mouse_command(tui, key, command, sizeof command))
            tui_run_line(tui, command);
    } else if (tui->prefix[0])
        take_second(tui, key);
    else if (binding_command(tui, key->name, command, sizeof command))
        tui_run_line(tui, command);
    else if (binding_begins(tui, key->name, command, sizeof command)) {
        snprintf(tui->prefix, sizeof tui->prefix, "%s", key->name);
        snprintf(tui->message, sizeof tui->message, "%s", command);
        tui->message_role = ROLE_KEY;
    } else if (strcmp(key->name, "Esc") == 0 || strcmp(key->name, "C-g") == 0)
        tui->message[0] = '\0';
    else if (key->name[0])
        say_idle(tui, key->name);
}

/* All keys that wait, then one picture: key repeat must not queue pictures. */
static void take_keys(struct loop *loop)
{
    struct key key;
    bool any = false;
    /* Readable and nothing to read is the end; after reading it would be no sign: bytes that are no character give no key. */
    if (display_gone(loop->display)) {
        loop->signal = SIGHUP;
        return;
    }
    while (!loop->tui->leave && !loop->tui->stop && display_key(loop->display, &key)) {
        take_key(loop->tui, &key);
        any = true;
    }
    loop->changed = loop->changed || any;
}

static void take_signals(struct loop *loop)
{
    for (int number; (number = signals_next()) != 0;) {
        if (number == SIGTSTP)
            loop->tui->stop = true;
        else if (number == SIGCONT) {
            /* After a stop that nobody could prepare for, the terminal may be in any state. */
            signals_await_foreground();
            display_enter(loop->display);
            loop->changed = true;
        } else if (number == SIGWINCH)
            loop->changed = true;
        else
            loop->signal = number;
    }
}

static void take_jobs(struct loop *loop)
{
    const bool rows = atoms_collect(loop->tui), others = session_collect(loop->tui->session);
    loop->changed = loop->changed || rows;
    if (!rows && !others)
        return;
    tui_retry_pending(loop->tui);
    tui_take_messages(loop->tui);
    loop->tui->stale = true;
    loop->progress = true;
    /* Whoever has stopped all work wants to see that at once. */
    if (loop->tui->sight.paused && job_pool_count(session_pool(loop->tui->session)) == 0)
        loop->changed = true;
}

/* Seconds between pictures that only jobs have changed; a screen reader reads each of them out. */
static double frame_time(const struct tui *tui)
{
    return tui->a11y ? 5 : 0.25;
}

/* The next waiting time, once it is time and this one is there to be seen. */
static void play(struct loop *loop)
{
    struct tui *tui = loop->tui;
    if (!tui->playing || clock_now() - tui->played < 1 / tui->play_rate)
        return;
    tui->played = clock_now();
    const struct screen *screen = screen_of(tui->sight.view);
    if (screen->play) {
        char command[80];
        tui->playing = screen->play(tui, command, sizeof command);
        if (tui->playing)
            tui_run_line(tui, command);
        loop->changed = true;
        return;
    }
    if (tui->pu.state == ASK_PENDING && !tui->sight.paused)
        return;
    tui_run_line(tui, tui->sight.tw_at + 1 >= tui->sight.n_tw ? "step tw first" : "step tw +1");
    loop->changed = true;
}

/* Milliseconds to sleep: for ever when nothing happens, or until the next picture is due. */
static int patience(const struct loop *loop)
{
    const struct tui *tui = loop->tui;
    double now = clock_now(), left = INFINITY;
    if (loop->progress || job_pool_count(session_pool(tui->session)) > 0)
        left = frame_time(tui) - (now - loop->shown);
    if (tui->playing)
        left = fmin(left, tui->played + 1 / tui->play_rate - now);
    return isinf(left) ? -1 : left > 0 ? (int)ceil(left * 1000) : 0;
}

static void run_loop(struct loop *loop)
{
    struct tui *tui = loop->tui;
    while (!tui->leave && loop->signal == 0) {
        bool due = clock_now() - loop->shown >= frame_time(tui);
        bool working = job_pool_count(session_pool(tui->session)) > 0;
        if (loop->changed || (due && (loop->progress || working)))
            show(loop);
        struct pollfd wait[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                {.fd = signals_fd(), .events = POLLIN},
                                {.fd = session_wake_fd(tui->session), .events = POLLIN}};
        if (poll(wait, 3, patience(loop)) < 0 && errno != EINTR)
            return;
        take_signals(loop);
        play(loop);
        if (wait[2].revents)
            take_jobs(loop);
        if (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            loop->signal = SIGHUP;
        else if (wait[0].revents & POLLIN)
            take_keys(loop);
        if (tui->stop)
            stop(loop);
    }
}

/* --- from outside --- */

static int complain(const isd_error *err)
{
    fprintf(stderr, "isdmin: %s\n", err->what);
    if (err->hint[0])
        fprintf(stderr, "  try: %s\n", err->hint);
    return 2;
}

static bool wants_colour(enum color_choice color)
{
    const char *no = getenv("NO_COLOR");
    return color == COLOR_ALWAYS || (color == COLOR_AUTO && !(no && *no));
}

/* The user's own settings and keys, in the language of commands. */
static void run_rc(struct tui *tui)
{
    char path[4096];
    saving_rc_path(path, sizeof path);
    char *text = path[0] ? saving_read(path) : NULL;
    if (text)
        tui_run_script(tui, path, text);
    else if (path[0] && errno != ENOENT && errno != ENOTDIR)
        tui_say(tui, ROLE_ERROR, "%.300s: %s", path, strerror(errno));
    free(text);
}

static void resume(struct tui *tui)
{
    char path[4096 + 16];
    saving_last_path(false, path, sizeof path);
    char *text = path[0] ? saving_read(path) : NULL;
    if (text)
        tui_run_script(tui, path, text);
    else
        tui_say(tui, ROLE_WARN, "there is no session to go on with: %.200s", path[0] ? strerror(errno) : "no home");
    free(text);
}

static void start_up(struct tui *tui, const struct tui_options *options)
{
    isd_error err = {0};
    tui->own_tier = tui->tier;
    tui->unicode = display_beyond_ascii();
    tui->opened = options->opened;
    tui->colours.theme = wants_colour(options->color) ? THEME_CIVIDIS : THEME_MONO;
    tui_take_messages(tui);
    if (sight_update(&tui->sight, &err) != ISD_OK)
        tui_say_error(tui, &err);
    settings_recall(tui);
    run_rc(tui);
    char wrong[sizeof tui->message];
    snprintf(wrong, sizeof wrong, "%s", tui->message_role == ROLE_ERROR ? tui->message : "");
    if (options->resume)
        resume(tui);
    if (options->start)
        tui_run_line(tui, options->start);
    if (wrong[0])
        tui_say(tui, ROLE_ERROR, "%s", wrong); /* not to be covered by what comes after it */
    if (options->message)
        tui_say(tui, ROLE_NORMAL, "%s", options->message);
}

/* The last word of the user's file on it. */
bool tui_wants_prompt(void)
{
    char path[4096];
    bool wanted = false;
    saving_rc_path(path, sizeof path);
    char *text = path[0] ? saving_read(path) : NULL;
    struct script script = {.name = path, .text = text ? text : ""};
    for (struct command_call *call = NULL;; command_call_free(call)) {
        isd_error err;
        if (command_parse(&script, &call, &err) != ISD_OK) /* the full screen says what is wrong */
            break;
        if (!call)
            break;
        if (strcmp(call_spec(call)->name, "set") == 0 && call_has(call, "a11y"))
            wanted = call_is(call, "a11y", "on");
    }
    free(text);
    return wanted;
}

int tui_check(void)
{
    isd_error err = {0};
    return display_check(&err) == ISD_OK ? 0 : complain(&err);
}

int tui_run(struct session *session, const struct tui_options *options)
{
    struct tui tui;
    isd_error err = {0};
    struct loop loop = {.tui = &tui, .changed = true};
    if (display_check(&err) != ISD_OK)
        return complain(&err);
    line_setup();
    history_load();
    if (!signals_open()) {
        isd_error_set(&err, ISD_IO, "no pipe for signals: %s", strerror(errno));
        return complain(&err);
    }
    if (display_open(wants_colour(options->color), options->ascii, &loop.display, &err) != ISD_OK) {
        signals_close();
        return complain(&err);
    }
    tui_init(&tui, session);
    sight_move(&tui.sight, options->sight);
    tui.tier = display_tier(loop.display);
    display_resize(loop.display, &tui.width, &tui.height);
    start_up(&tui, options);
    run_loop(&loop);
    int status = tui.to_prompt ? TUI_TO_REPL : 0;
    bool kept = false;
    isd_status saved = status == TUI_TO_REPL ? ISD_OK : saving_keep_last(&tui, &kept, &err);
    sight_move(options->sight, &tui.sight);
    tui_done(&tui);
    display_close(loop.display);
    if (kept && !loop.signal)
        fputs("isdmin: `isdmin -r` goes on here\n", stderr);
    if (saved != ISD_OK && !loop.signal)
        fprintf(stderr, "isdmin: `isdmin -r` cannot go on here: %s%s%s%s%s\n", err.where, err.where[0] ? ": " : "", err.what,
                err.hint[0] ? "; try: " : "", err.hint);
    signals_close();
    if (loop.signal) {
        session_keep_finish(session); /* a second signal ends it at once */
        signals_die(loop.signal);
    }
    return status;
}
