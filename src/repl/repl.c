/* The REPL: reading lines, running them, waiting for what they ask. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/repl.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "app/tour.h"
#include "base/text.h"
#include "repl/complain.h"
#include "repl/history.h"
#include "repl/interrupt.h"
#include "repl/line.h"
#include "repl/progress.h"
#include "repl/task.h"
#include "repl/typing.h"

#define PROMPT_SIZE 128

struct repl {
    struct session *session;
    struct batch batch;
    struct progress progress;
    struct task *background; /* in the order they were started */
    int n_background;        /* ever */
    bool terminal;           /* a person types */
    bool prompting;          /* readline shows a line */
    bool hidden;             /* that line was taken away for output */
    char *pending;           /* lines joined by \ so far, or NULL */
    long line, first_line;   /* read last; where the line being joined began */
    int status;              /* of the first error */
};

/* Readline's line handler has no argument. */
static struct {
    bool done;
    char *text; /* NULL: end of input */
} entered;

char **repl_complete(void *arg, const char *line, int cursor, int *ret_start)
{
    return command_complete(arg, line, cursor, ret_start);
}

/* --- output beside a prompt --- */

/* Before anything is printed while a line is being typed: take the line away. */
static void hide_prompt(void *arg)
{
    struct repl *repl = arg;
    if (!repl->prompting || repl->hidden)
        return;
    rl_clear_visible_line();
    fflush(rl_outstream);
    repl->hidden = true;
}

static void make_prompt(struct repl *repl, char *out, size_t size);

static void show_prompt(struct repl *repl)
{
    char prompt[PROMPT_SIZE];
    if (!repl->hidden)
        return;
    make_prompt(repl, prompt, sizeof prompt); /* it may say something else by now */
    rl_set_prompt(prompt);
    rl_on_new_line();
    rl_forced_update_display();
    repl->hidden = false;
}

static void flush_output(struct repl *repl)
{
    if (fflush(stdout) != 0)
        repl->batch.write_failed = true;
}

static void report(struct repl *repl, const struct task *task, const isd_error *err)
{
    struct batch_source source = {.text = task->text, .first_line = task->first_line};
    int status = batch_error(&repl->batch, &source, &task->script, repl->terminal, err);
    if (repl->status == EXIT_ALL_GOOD)
        repl->status = status;
}

/* --- running lines --- */

static void drop_background(struct repl *repl)
{
    while (repl->background) {
        struct task *task = repl->background;
        repl->background = task->next;
        if (repl->terminal && !repl->batch.done)
            fprintf(stderr, "[%d] cancelled: %s\n", task->number, task->text);
        task_free(task);
    }
}

/* One more turn for all lines in the background; prints and removes those that are done. */
static void run_background(struct repl *repl)
{
    struct task **link = &repl->background;
    while (*link && !repl->batch.done) {
        struct task *task = *link;
        isd_error err;
        enum ask answer = task_run(task, &repl->batch, &err);
        if (answer == ASK_PENDING) {
            link = &task->next;
            continue;
        }
        hide_prompt(repl);
        if (answer == ASK_FAILED)
            report(repl, task, &err);
        flush_output(repl);
        if (repl->terminal)
            fprintf(stderr, "[%d] %s: %s\n", task->number, answer == ASK_FAILED ? "failed" : "done", task->text);
        *link = task->next;
        task_free(task);
    }
}

/* A signal came while a command was waiting. True: it is to be given up. */
static bool interrupted(struct repl *repl)
{
    if (!repl->terminal)
        return false;
    interrupt_drain();
    if (interrupt_take(SIGTSTP)) {
        progress_erase(&repl->progress);
        interrupt_stop();
    }
    interrupt_take(SIGCONT); /* the terminal is as the shell left it, and that is how it is while commands run */
    return interrupt_ending() != 0 || interrupt_take(SIGINT);
}

/* Runs a line to its end or to what goes wrong, with a progress line while it waits. ASK_PENDING: it was given up. */
static enum ask run_task(struct repl *repl, struct task *task)
{
    isd_error err;
    enum ask answer;
    progress_begin(&repl->progress, repl->batch.options.reader);
    while ((answer = task_run(task, &repl->batch, &err)) == ASK_PENDING) {
        bool news = false;
        while (!news && !interrupted(repl)) {
            progress_line_draw(&repl->progress, repl->session);
            news = session_wait(repl->session, 0.25);
        }
        if (!news) {
            progress_erase(&repl->progress);
            session_cancel_all(repl->session);
            tour_dropped(repl->session);
            fputs("cancelled\n", stderr);
            return ASK_PENDING;
        }
        progress_erase(&repl->progress);
        run_background(repl);
    }
    progress_erase(&repl->progress);
    if (answer == ASK_FAILED)
        report(repl, task, &err);
    flush_output(repl);
    return answer;
}

/* Runs a line; where it went wrong the tour has its say behind the message, as it has behind a line that is done. */
static void run_foreground(struct repl *repl, struct task *task)
{
    if (run_task(repl, task) != ASK_FAILED || repl->batch.done || tour_lesson(repl->session) == 0)
        return;
    task->script.text += strlen(task->script.text);
    run_task(repl, task);
}

static void start_background(struct repl *repl, struct task *task)
{
    struct task **link = &repl->background;
    while (*link)
        link = &(*link)->next;
    *link = task;
    task->number = ++repl->n_background;
    if (repl->terminal)
        fprintf(stderr, "[%d] %s\n", task->number, task->text);
    run_background(repl);
}

/* A line that ends in \ goes on in the next. Returns the whole line, owned by the caller, or NULL: there is more to come. */
static char *join_lines(struct repl *repl, const char *text)
{
    char *whole = NULL;
    size_t length = strlen(text);
    if (asprintf(&whole, "%s%s", repl->pending ? repl->pending : "", text) < 0)
        return NULL;
    free(repl->pending);
    repl->pending = NULL;
    if (length == 0 || text[length - 1] != '\\')
        return whole;
    size_t used = strlen(whole);
    char *grown = realloc(whole, used + 2); /* the script joins at backslash and newline */
    if (!grown) {
        free(whole);
        return NULL;
    }
    memcpy(grown + used, "\n", 2);
    repl->pending = grown;
    return NULL;
}

static void run_line(struct repl *repl, const char *text)
{
    repl->line++;
    if (!repl->pending)
        repl->first_line = repl->line;
    char *whole = join_lines(repl, text);
    if (!whole)
        return;
    bool background = task_take_ampersand(whole);
    struct task *task = task_new(repl->terminal ? "(line)" : "-", whole, repl->first_line);
    free(whole);
    if (!task) {
        fputs("isdmin: out of memory\n", stderr);
        return;
    }
    if (background) {
        start_background(repl, task);
    } else {
        int sets = session_set_count(repl->session);
        run_foreground(repl, task);
        task_free(task);
        if (session_set_count(repl->session) < sets) /* no job may be left that wakes what was asked of a closed one */
            run_background(repl);
    }
    if (repl->batch.cancelled) /* asking again would start the cancelled work anew */
        drop_background(repl);
    repl->batch.cancelled = false;
}

static void wait_for_background(struct repl *repl)
{
    while (repl->background && !repl->batch.done) {
        session_wait(repl->session, -1.0);
        run_background(repl);
    }
}

/* --- a person at a terminal --- */

static void line_entered(char *text)
{
    entered.done = true;
    entered.text = text;
    rl_callback_handler_remove(); /* the terminal as it was while commands run */
}

static void make_prompt(struct repl *repl, char *out, size_t size)
{
    char where[80] = "";
    isd_error ignored;
    if (repl->pending) {
        snprintf(out, size, "... ");
        return;
    }
    if (session_has_data(repl->session) && batch_update(&repl->batch, &ignored)) {
        const struct sight *sight = &repl->batch.sight;
        char name[24], place[40] = "";
        const char *set = session_set_name(repl->session, session_current_set(repl->session));
        text_escape(set, strlen(set), name, sizeof name);
        if (session_is_partial(repl->session))
            snprintf(place, sizeof place, " (reading)");
        else if (sight->look.average && !sight->custom && sight->tw_at >= 0)
            snprintf(place, sizeof place, " tw=%.6g", sight->tw[sight->tw_at]);
        else if (sight->n_frames > 1)
            snprintf(place, sizeof place, " %d:%d", sight->pair.a, sight->pair.b);
        snprintf(where, sizeof where, " %s%s", name, place);
    }
    if (tour_lesson(repl->session) > 0)
        snprintf(where + strlen(where), sizeof where - strlen(where), " lesson %d", tour_lesson(repl->session));
    snprintf(out, size, "isdmin%s> ", where);
}

static void begin_prompt(struct repl *repl)
{
    char prompt[PROMPT_SIZE];
    make_prompt(repl, prompt, sizeof prompt);
    entered.done = false;
    entered.text = NULL;
    rl_callback_handler_install(prompt, line_entered);
    repl->prompting = true;
    repl->hidden = false;
}

static void draw_nothing(void)
{
}

static void abandon_line(struct repl *repl)
{
    rl_voidfunc_t *redisplay = rl_redisplay_function;
    rl_redisplay_function = draw_nothing; /* what was typed stays on the screen */
    RL_SETSTATE(RL_STATE_CALLBACK); /* the clean-up does nothing without it */
    rl_callback_sigcleanup();
    RL_UNSETSTATE(RL_STATE_CALLBACK);
    rl_free_line_state();
    rl_callback_handler_remove();
    rl_redisplay_function = redisplay;
    repl->prompting = false;
    free(repl->pending);
    repl->pending = NULL;
}

/* Signals while a line is being typed. */
static void handle_signals(struct repl *repl)
{
    interrupt_drain();
    if (interrupt_take(SIGWINCH))
        rl_resize_terminal();
    bool stop = interrupt_take(SIGTSTP);
    if (stop || interrupt_take(SIGCONT)) { /* or stopped by somebody else: the shell has had the terminal */
        rl_deprep_terminal();
        if (stop)
            interrupt_stop();
        typing_prepare(1);
        rl_resize_terminal();
        rl_forced_update_display();
    }
    if (interrupt_take(SIGINT)) {
        typing_drop();
        abandon_line(repl);
        fputs("^C\n", rl_outstream);
        begin_prompt(repl);
    }
}

/* Several lines pasted at once come as one text. */
static void keep_history(const char *text)
{
    char *copy = strdup(text), *rest = copy;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        history_keep(line);
    free(copy);
}

static void take_line(struct repl *repl)
{
    repl->prompting = false;
    if (!entered.text) {
        fputc('\n', rl_outstream);
        repl->batch.done = true;
        return;
    }
    keep_history(entered.text);
    run_line(repl, entered.text);
    free(entered.text);
    entered.text = NULL;
    if (!repl->batch.done && !interrupt_ending())
        begin_prompt(repl);
}

static void run_terminal(struct repl *repl)
{
    enum { INPUT, JOBS, SIGNALS };
    struct pollfd watched[] = {
        [INPUT] = {.fd = STDIN_FILENO, .events = POLLIN},
        [JOBS] = {.fd = session_wake_fd(repl->session), .events = POLLIN},
        [SIGNALS] = {.fd = interrupt_fd(), .events = POLLIN},
    };
    begin_prompt(repl);
    while (!repl->batch.done && !interrupt_ending()) {
        if (poll(watched, sizeof watched / sizeof *watched, typing_left() ? 0 : -1) < 0 && errno != EINTR)
            break;
        if (watched[SIGNALS].revents) {
            handle_signals(repl);
            continue;
        }
        if (watched[JOBS].revents && session_collect(repl->session)) {
            run_background(repl);
            batch_flush_messages(&repl->batch);
            show_prompt(repl);
        }
        if ((watched[INPUT].revents || typing_left()) && typing_take() != TYPED_NOTHING)
            rl_callback_read_char(); /* a lost terminal reads as its end */
        if (entered.done)
            take_line(repl);
    }
    if (repl->prompting)
        abandon_line(repl);
}

/* Readline on this terminal, with the signals ours. */
static int read_terminal(struct repl *repl)
{
    line_setup();
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_instream = stdin;
    rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
    typing_begin();
    complete_use(repl_complete, repl->session);
    static bool loaded; /* the full screen may come between two calls */
    if (!loaded)
        history_load();
    loaded = true;
    if (!interrupt_begin()) {
        fputs("isdmin: no file descriptors left for the prompt\n", stderr);
        return EXIT_BAD_DATA;
    }
    run_terminal(repl);
    int ending = interrupt_ending();
    interrupt_end();
    if (ending) {
        session_keep_finish(repl->session); /* a second signal ends it at once */
        fflush(NULL);
        signal(ending, SIG_DFL);
        raise(ending);
    }
    return EXIT_ALL_GOOD;
}

/* --- lines from a pipe or a file --- */

enum line_end { LINE_READ, LINE_NONE, LINE_HAS_NUL, LINE_TOO_LONG };

/* The next line without its end; what is no text is not read on, however much of it there is. */
static enum line_end read_line(char *text, size_t size)
{
    size_t length = 0;
    int byte;
    while ((byte = getc(stdin)) != EOF && byte != '\n') {
        if (byte == '\0')
            return LINE_HAS_NUL;
        if (length + 1 == size)
            return LINE_TOO_LONG;
        text[length++] = (char)byte;
    }
    if (length > 0 && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
    return byte == EOF && length == 0 ? LINE_NONE : LINE_READ;
}

static int read_stream(struct repl *repl)
{
    enum { MOST_BYTES = 1 << 20 };
    enum line_end end = LINE_NONE;
    char *text = malloc(MOST_BYTES);
    while (text && !repl->batch.done && (end = read_line(text, MOST_BYTES)) == LINE_READ)
        run_line(repl, text);
    free(text);
    if (end == LINE_HAS_NUL || end == LINE_TOO_LONG) {
        fprintf(stderr, "isdmin: line %ld of the commands %s\n", repl->line + 1,
                end == LINE_HAS_NUL ? "holds a NUL byte" : "is longer than 1 MB");
        repl->status = EXIT_BAD_USAGE;
    }
    if (repl->pending) /* the last line ended in a backslash */
        run_line(repl, "");
    wait_for_background(repl);
    return batch_status(&repl->batch, repl->status);
}

int repl_run(struct session *session, const struct repl_options *options)
{
    struct repl repl = {.session = session, .terminal = isatty(STDIN_FILENO)};
    struct batch_options batch = {.format = options->format, .prompt = repl.terminal, .ascii = options->ascii, .reader = options->reader,
                                  .color = options->color};
    batch_init(&repl.batch, session, &batch);
    repl.batch.strict = options->strict;
    sight_move(&repl.batch.sight, options->sight);
    repl.batch.before_output = hide_prompt;
    repl.batch.before_output_arg = &repl;
    int status = repl.terminal ? read_terminal(&repl) : read_stream(&repl);
    repl.batch.done = true;
    drop_background(&repl);
    free(repl.pending);
    bool to_screen = repl.batch.to_screen;
    sight_move(options->sight, &repl.batch.sight);
    batch_done(&repl.batch);
    return to_screen ? REPL_TO_TUI : status;
}
