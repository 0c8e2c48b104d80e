/* Running commands on the normal screen. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/each.h"
#include "app/open_queue.h"
#include "app/points.h"
#include "app/shown.h"
#include "app/tour.h"
#include "app/trail.h"
#include "repl/complain.h"
#include "repl/demo_picture.h"
#include "repl/paint.h"
#include "repl/plot.h"
#include "repl/progress.h"

/* What a loop stands for, and where it has got to. */
struct turns {
    struct turns *outer;
    char *text;
    struct script script;
};

static struct turns *end_inner(struct turns *inner)
{
    struct turns *outer = inner->outer;
    free(inner->text);
    free(inner);
    return outer;
}

void turns_free(struct turns *turns)
{
    while (turns)
        turns = end_inner(turns);
}

void batch_init(struct batch *batch, struct session *session, const struct batch_options *options)
{
    *batch = (struct batch){.session = session, .options = *options};
    sight_init(&batch->sight, session);
}

void batch_done(struct batch *batch)
{
    sight_done(&batch->sight);
    print_buffer_done(&batch->log);
    free(batch->wanted);
    turns_free(batch->turns);
}

/* --- output --- */

static void before_output(struct batch *batch)
{
    if (batch->before_output)
        batch->before_output(batch->before_output_arg);
}

void batch_flush_messages(struct batch *batch)
{
    for (const char *text; (text = session_next_message(batch->session)) != NULL;) {
        before_output(batch);
        fprintf(stderr, "isdmin: %s\n", text);
        print_text(&batch->log, "# %s\n", text);
    }
}

static void put(struct batch *batch, const char *data, size_t length)
{
    before_output(batch);
    if (length > 0 && fwrite(data, 1, length, stdout) != length) /* tables without rows have no text */
        batch->write_failed = true;
}

static void print_one(struct batch *batch, const struct result *result)
{
    struct print_buffer buffer = {0};
    print_result(&buffer, batch->options.format, result, batch->previous);
    if (buffer.failed || result_failed(result)) {
        fprintf(stderr, "isdmin: out of memory while printing a result\n");
        batch->write_failed = true;
    } else {
        put(batch, buffer.data, buffer.length);
    }
    print_buffer_done(&buffer);
}

/* Is its picture all that people get to see of it? */
static bool is_drawn(const struct batch *batch, const char *command)
{
    return batch->options.format == PRINT_TEXT && command && (strcmp(command, "demo") == 0 || strcmp(command, "map") == 0);
}

/* Records that are to be the rows of a table wait for the last of them. */
static void print_held(struct batch *batch)
{
    struct print_buffer buffer = {0};
    const int n = session_shown_count(batch->session);
    const struct result **results = malloc((size_t)n * sizeof *results);
    for (int k = 0; k < n && results; k++)
        results[k] = session_shown(batch->session, k);
    if (results)
        print_results(&buffer, PRINT_TEXT, results, n, batch->held_follows);
    if (!results || buffer.failed) {
        fprintf(stderr, "isdmin: out of memory while printing a result\n");
        batch->write_failed = true;
    } else {
        put(batch, buffer.data, buffer.length);
    }
    free(results);
    print_buffer_done(&buffer);
    batch->held = false;
}

static void take_result(void *arg, struct result *result)
{
    struct batch *batch = arg;
    const char *mark = result_mark_text(result);
    if (batch->options.format == PRINT_TEXT && result_layout(result) == RESULT_RECORD && result_folded(result) > 0) {
        batch->held_follows = batch->held ? batch->held_follows : batch->previous != NULL;
        batch->held = true;
    } else if (!is_drawn(batch, result_command(result))) {
        print_one(batch, result);
    }
    if (mark) {
        batch->marked = true;
        fprintf(stderr, "isdmin: marked: %s\n", mark);
    }
    session_show(batch->session, result);
    batch->results++;
    int n = session_shown_count(batch->session);
    batch->previous = n > 0 ? session_shown(batch->session, n - 1) : NULL;
}

static void take_text(void *arg, const char *text)
{
    struct batch *batch = arg;
    if (batch->options.format != PRINT_JSON) {
        put(batch, text, strlen(text));
        return;
    }
    struct result *result = result_new("text", RESULT_RECORD);
    result_text(result, "text", text);
    print_one(batch, result);
    result_free(result);
}

static void print_json_error(struct batch *batch, const char *command, const isd_error *err)
{
    struct result *result = result_new(command, RESULT_RECORD);
    result_text(result, "error", err->what);
    result_text(result, "where", err->where);
    result_text(result, "hint", err->hint);
    print_one(batch, result);
    result_free(result);
}

int batch_error(struct batch *batch, const struct batch_source *source, const struct script *script, bool quiet_place,
                const isd_error *err)
{
    struct print_buffer text = {0};
    const char *command = script ? script->command : "";
    if (script)
        complain(&text, source->text, source->first_line, script, err, quiet_place);
    else
        complain_plainly(&text, err);
    before_output(batch);
    fflush(stdout);
    fputs(text.failed ? err->what : text.data, stderr);
    print_buffer_done(&text);
    if (batch->options.format == PRINT_JSON)
        print_json_error(batch, command, err);
    return err->status == ISD_USAGE ? EXIT_BAD_USAGE : EXIT_BAD_DATA;
}

/* Follows the data. A new set starts with the average over a waiting time: as text there is time for all its pairs. */
bool batch_update(struct batch *batch, isd_error *err)
{
    int starts = batch->sight.starts;
    if (sight_update(&batch->sight, err) != ISD_OK)
        return false;
    if (batch->sight.starts != starts)
        batch->sight.look.average = !batch->sight.custom;
    return true;
}

/* --- commands that the table leaves to the front ends --- */

typedef enum ask front_fn(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err);

static enum ask front_quit(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)call;
    (void)sink;
    (void)err;
    batch->done = true;
    return ASK_READY;
}

static enum ask front_each(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)sink;
    if (!session_has_data(batch->session)) {
        isd_error_set(err, ISD_DATA, "no data is open");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    if (sight_must_wait(&batch->sight, call))
        return ASK_PENDING;
    struct turns *turns = calloc(1, sizeof *turns);
    if (!turns) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    if (!batch_update(batch, err) || each_text(&batch->sight, call, &turns->text, err) != ISD_OK) {
        free(turns);
        return ASK_FAILED;
    }
    turns->script = (struct script){.name = "foreach", .text = turns->text, .line = 1, .column = 1};
    turns->outer = batch->turns;
    batch->turns = turns;
    return ASK_READY;
}

static enum ask front_tui(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)call;
    (void)sink;
    if (!batch->options.prompt) {
        isd_error_set(err, ISD_USAGE, "works at the prompt only");
        isd_error_hint(err, "isdmin FILE    opens the full screen, isdmin -i FILE the prompt");
        return ASK_FAILED;
    }
    batch->done = batch->to_screen = true;
    return ASK_READY;
}

static enum ask front_set(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)sink;
    (void)err;
    if (call_has(call, "strict"))
        batch->strict = call_is(call, "strict", "on");
    if (call_has(call, "a11y"))
        batch->options.ascii = batch->options.reader = call_is(call, "a11y", "on");
    if (call_has(call, "ascii"))
        batch->options.ascii = call_is(call, "ascii", "on");
    return ASK_READY;
}

static enum ask front_log(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    (void)call;
    (void)err;
    if (batch->log.data)
        sink->text(sink->arg, batch->log.data);
    return ASK_READY;
}

static enum ask front_plot(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    if (session_is_partial(batch->session))
        return ASK_PENDING;
    (void)call;
    struct plot_place place = plot_place_here(batch->options.ascii, batch->options.color);
    if (!batch_update(batch, err))
        return ASK_FAILED;
    return plot_sight(&batch->sight, &place, sink, err);
}

static const struct {
    const char *name;
    front_fn *run;
} front_commands[] = {
    {"quit", front_quit}, {"foreach", front_each}, {"tui", front_tui}, {"set", front_set}, {"log", front_log}, {"plot", front_plot},
};

static enum ask run_front(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    for (size_t k = 0; k < sizeof front_commands / sizeof *front_commands; k++)
        if (strcmp(front_commands[k].name, call_spec(call)->name) == 0)
            return front_commands[k].run(batch, call, sink, err);
    if (!session_has_data(batch->session) && (call_spec(call)->flags & COMMAND_NEEDS_DATA)) {
        isd_error_set(err, ISD_DATA, "no data is open");
        isd_error_hint(err, "open FILE");
        return ASK_FAILED;
    }
    if (sight_must_wait(&batch->sight, call))
        return ASK_PENDING;
    if (!batch_update(batch, err))
        return ASK_FAILED;
    switch (sight_command(&batch->sight, call, err)) {
    case SIGHT_CHANGED:
        if (call_has(call, "tw") || (call_word(call, 0) && strcmp(call_word(call, 0), "tw") == 0))
            batch->sight.look.average = true;
        return ASK_READY;
    case SIGHT_REFUSED:
        return ASK_FAILED;
    case SIGHT_NOT_MINE:
        break;
    }
    isd_error_set(err, ISD_USAGE, "works in the full screen only");
    isd_error_hint(err, "isdmin FILE    opens the full screen");
    return ASK_FAILED;
}

/* Runs one of the commands that choose what is looked at, made here. */
static void choose(struct batch *batch, const char *format, const char *word)
{
    char text[320];
    struct command_call *call = NULL;
    isd_error ignored;
    int length = snprintf(text, sizeof text, format, word);
    struct script script = {.name = "", .text = text, .line = 1, .column = 1};
    if (length < (int)sizeof text && command_parse(&script, &call, &ignored) == ISD_OK && call)
        sight_command(&batch->sight, call, &ignored);
    command_call_free(call);
}

/* After a command that named a pair or a waiting time, that is what `plot` shows. */
static void follow(struct batch *batch, const struct command_call *call)
{
    static const char *const followed[] = {"pu", "match", "atoms", "cycles"};
    isd_error ignored;
    bool follows = false;
    for (size_t k = 0; k < sizeof followed / sizeof *followed; k++)
        follows |= strcmp(call_spec(call)->name, followed[k]) == 0;
    if (!follows || !batch_update(batch, &ignored))
        return;
    if (call_has(call, "tw")) {
        choose(batch, "goto tw=%s", call_option(call, "tw"));
        batch->sight.look.average = true;
    } else if (call_n_words(call) > 0) {
        choose(batch, "goto pair=%s", call_word(call, 0));
    }
    choose(batch, "of %s", call_is(call, "of", "raw") ? "raw" : "is");
    choose(batch, "species %s", call_is(call, "species", "blind") ? "blind" : "resolved");
    if (strcmp(call_spec(call)->name, "pu") == 0)
        choose(batch, "type '%s'", call_has(call, "type") ? call_option(call, "type") : "all");
}

/* --- the tour --- */

/* What it has to say, up to a command it wants to run: that is returned, borrowed. */
static const char *hear_tour(struct batch *batch, bool idle)
{
    const char *text;
    enum tour_wish wish;
    tour_on_screen(batch->session, false);
    while ((wish = tour_next(batch->session, idle, &text)) != TOUR_NOTHING) {
        if (wish == TOUR_RUN) {
            before_output(batch);
            take_text(batch, "\n    > ");
            take_text(batch, text);
            take_text(batch, "\n");
            return text;
        }
        if (wish != TOUR_REPLY)
            take_text(batch, "\n");
        take_text(batch, text);
    }
    return NULL;
}

/* The next of the commands that loops stand for; NULL: no more of them. */
static isd_status next_of_turns(struct batch *batch, struct command_call **ret_call, isd_error *err)
{
    *ret_call = NULL;
    while (batch->turns && !*ret_call) {
        isd_status status = command_parse(&batch->turns->script, ret_call, err);
        if (status != ISD_OK)
            return status;
        if (!*ret_call)
            batch->turns = end_inner(batch->turns);
    }
    return ISD_OK;
}

/* The next of the commands that the tour wanted; NULL: no more of them. */
static isd_status next_of_tour(struct batch *batch, bool idle, struct command_call **ret_call, isd_error *err)
{
    *ret_call = NULL;
    while (!*ret_call) {
        if (!batch->wanted) {
            const char *wanted = hear_tour(batch, idle);
            if (!wanted)
                return ISD_OK;
            batch->wanted = strdup(wanted);
            if (!batch->wanted)
                return isd_error_memory(err);
            batch->wanted_script = (struct script){.name = TOUR_SCRIPT, .text = batch->wanted, .line = 1, .column = 1};
        }
        isd_status status = command_parse(&batch->wanted_script, ret_call, err);
        if (status != ISD_OK)
            tour_dropped(batch->session);
        if (status != ISD_OK || !*ret_call) {
            free(batch->wanted);
            batch->wanted = NULL;
        }
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

isd_status batch_next(struct batch *batch, struct script *script, struct command_call **ret_call, isd_error *err)
{
    char answer[64];
    bool idle = strchr("\n#", script->text[strspn(script->text, " \t\r;")]) != NULL; /* at the end of the text, too */
    isd_status status = next_of_turns(batch, ret_call, err);

    if (status == ISD_OK && !*ret_call)
        status = next_of_tour(batch, idle, ret_call, err);
    if (status != ISD_OK || *ret_call)
        return status;
    if (tour_takes_answer(batch->session, script->text, answer, sizeof answer)) {
        struct script own = {.name = script->name, .text = answer, .line = 1, .column = 1};
        script->text += strlen(script->text);
        return command_parse(&own, ret_call, err);
    }
    status = command_parse(script, ret_call, err);
    if (status != ISD_OK)
        tour_misheard(batch->session);
    return status;
}

/* --- running --- */

void batch_begin(struct batch *batch, const struct command_call *call)
{
    session_show_begin(batch->session);
    batch->results = 0;
    print_text(&batch->log, "%s\n", call_text(call));
}

enum { DEMO_WIDTH = 80 }; /* where there is no terminal */

/* A picture under the table, for people. */
static void add_picture(struct batch *batch, const struct command_call *call, const struct command_sink *sink)
{
    static const char *const pictured[] = {"fit",    "points", "relaxation", "map", "dynamics", "msd", "fs",
                                           "overlap", "alpha2", "jumps",      "sk",       "vanhove", "equilibrium"};
    bool fidelity = strcmp(call_spec(call)->name, "fidelity") == 0, demo = batch->results > 0 && strcmp(call_spec(call)->name, "demo") == 0,
         picture = false;
    for (size_t k = 0; k < sizeof pictured / sizeof *pictured; k++)
        picture = picture || (batch->results > 0 && strcmp(call_spec(call)->name, pictured[k]) == 0);
    if (batch->options.format != PRINT_TEXT || !(fidelity || demo || picture))
        return;
    struct plot_place place = plot_place_here(batch->options.ascii, batch->options.color);
    char *text = NULL;
    bool sound = true;
    if (demo && !isatty(STDOUT_FILENO))
        place.width = DEMO_WIDTH;
    if (fidelity)
        text = plot_fidelity(batch->session, &place);
    else if (demo)
        sound = (text = demo_picture_text(session_demos(batch->session), &place, !call_has(call, "step"))) != NULL;
    else
        sound = paint_text(batch->session, &place, &text);
    if (!sound)
        fputs("isdmin: out of memory while drawing a picture\n", stderr);
    if (text)
        sink->text(sink->arg, text);
    free(text);
}

enum ask batch_turn(struct batch *batch, const struct command_call *call, isd_error *err)
{
    struct command_sink sink = {.result = take_result, .text = take_text, .arg = batch};
    enum ask answer = call_spec(call)->run ? command_run(batch->session, call, &sink, err)
                                           : run_front(batch, call, &sink, err);
    if (answer == ASK_FAILED && !err->where[0])
        snprintf(err->where, sizeof err->where, "%s", call_where(call));
    if (batch->held)
        print_held(batch);
    if (answer == ASK_READY) {
        add_picture(batch, call, &sink);
        follow(batch, call);
        trail_add(batch->session, call);
        batch->cancelled |= strcmp(call_spec(call)->name, "cancel") == 0;
    }
    if (answer != ASK_PENDING)
        tour_heard(batch->session, &batch->sight, call, answer == ASK_READY);
    if (answer == ASK_FAILED) {
        turns_free(batch->turns);
        batch->turns = NULL;
    }
    if (answer == ASK_FAILED && batch->wanted) { /* nothing more of what the tour wanted */
        free(batch->wanted);
        batch->wanted = NULL;
    }
    batch_flush_messages(batch);
    return answer;
}

/* Until one has finished. */
static void wait_for_job(struct batch *batch, struct progress *progress)
{
    do
        progress_line_draw(progress, batch->session);
    while (!session_wait(batch->session, 0.25));
    progress_erase(progress);
}

static enum ask run_until_ready(struct batch *batch, const struct command_call *call, isd_error *err)
{
    struct progress progress;
    enum ask answer;
    progress_begin(&progress, batch->options.reader);
    batch_begin(batch, call);
    while ((answer = batch_turn(batch, call, err)) == ASK_PENDING)
        wait_for_job(batch, &progress);
    return answer;
}

/* A manifest is opened by the command: it holds commands itself; a table of points makes no set. */
static int take_by_command(struct batch *batch, const char *path)
{
    char *text = NULL, quote = strchr(path, '\'') ? '"' : '\'';
    if (asprintf(&text, "open %c%s%c", quote, path, quote) < 0)
        return EXIT_BAD_DATA;
    struct script script = {.name = "(file)", .text = text, .line = 1, .column = 1};
    int status = batch_script(batch, &script);
    free(text);
    return status;
}

int batch_open(struct batch *batch, const char *const *paths, int n_paths)
{
    struct open_options options;
    isd_error err;
    struct progress progress;
    enum ask answer;
    if (n_paths == 1 && (path_is_manifest(paths[0]) || path_is_table(paths[0])))
        return take_by_command(batch, paths[0]);
    open_options_defaults(&options);
    progress_begin(&progress, batch->options.reader);
    while ((answer = session_ask_open(batch->session, paths, n_paths, &options, &err)) == ASK_PENDING)
        wait_for_job(batch, &progress);
    if (answer == ASK_READY)
        return EXIT_ALL_GOOD;
    batch_flush_messages(batch);
    return batch_error(batch, NULL, NULL, false, &err);
}

int batch_script(struct batch *batch, struct script *script)
{
    struct batch_source source = {.text = script->text, .first_line = script->line};
    while (!batch->done) {
        struct command_call *call = NULL;
        isd_error err = {0};
        if (batch_next(batch, script, &call, &err) != ISD_OK)
            return batch_error(batch, &source, script, false, &err);
        if (!call)
            break;
        enum ask answer = run_until_ready(batch, call, &err);
        command_call_free(call);
        if (fflush(stdout) != 0)
            batch->write_failed = true;
        if (answer == ASK_FAILED)
            return batch_error(batch, &source, script, false, &err);
        if ((batch->strict && batch->marked) || batch->write_failed)
            return EXIT_BAD_DATA;
    }
    return EXIT_ALL_GOOD;
}

int batch_status(struct batch *batch, int status)
{
    if (fflush(stdout) != 0)
        batch->write_failed = true;
    if (batch->write_failed) {
        fprintf(stderr, "isdmin: standard output could not be written: results are lost (is the disk full?)\n");
        return EXIT_BAD_DATA;
    }
    if (status != EXIT_ALL_GOOD || !batch->marked)
        return status;
    return batch->strict ? EXIT_BAD_DATA : EXIT_MARKED;
}
