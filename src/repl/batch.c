/* Batch: scripts in, results out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "repl/batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/shown.h"
#include "repl/plot.h"

void batch_init(struct batch *batch, struct session *session, const struct batch_options *options)
{
    *batch = (struct batch){.session = session, .options = *options};
}

void batch_flush_messages(struct batch *batch)
{
    for (const char *text; (text = session_next_message(batch->session)) != NULL;)
        fprintf(stderr, "isdmin: %s\n", text);
}

static void put(struct batch *batch, const char *data, size_t length)
{
    if (fwrite(data, 1, length, stdout) != length)
        batch->write_failed = true;
}

static void print_one(struct batch *batch, const struct result *result)
{
    struct print_buffer buffer = {0};
    print_result(&buffer, batch->options.format, result, batch->previous);
    if (buffer.failed) {
        fprintf(stderr, "isdmin: out of memory while printing a result\n");
        batch->write_failed = true;
    } else {
        put(batch, buffer.data, buffer.length);
    }
    print_buffer_done(&buffer);
}

static void take_result(void *arg, struct result *result)
{
    struct batch *batch = arg;
    const char *mark = result_mark_text(result);
    print_one(batch, result);
    if (mark) {
        batch->marked = true;
        fprintf(stderr, "isdmin: marked: %s\n", mark);
    }
    session_show(batch->session, result);
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

static int status_of(isd_status status)
{
    return status == ISD_USAGE ? EXIT_BAD_USAGE : EXIT_BAD_DATA;
}

int batch_error(struct batch *batch, const struct command_call *call, const char *command, const isd_error *err)
{
    const char *place = call ? call_where(call) : "";
    bool own = err->where[0] && strcmp(err->where, place) != 0;
    fflush(stdout);
    fprintf(stderr, "%s%s%s%s%s%s%s\n", place[0] ? place : "isdmin", ": ", command, command[0] ? ": " : "", own ? err->where : "",
            own ? ": " : "", err->what);
    if (err->hint[0])
        fprintf(stderr, "  try: %s\n", err->hint);
    if (batch->options.format == PRINT_JSON) {
        struct result *result = result_new(command, RESULT_RECORD);
        result_text(result, "error", err->what);
        result_text(result, "where", err->where[0] ? err->where : place);
        result_text(result, "hint", err->hint);
        print_one(batch, result);
        result_free(result);
    }
    return status_of(err->status);
}

int batch_open(struct batch *batch, const char *const *paths, int n_paths)
{
    struct open_options options;
    isd_error err;
    open_options_defaults(&options);
    isd_status status = session_open(batch->session, paths, n_paths, &options, &err);
    batch_flush_messages(batch);
    return status == ISD_OK ? EXIT_ALL_GOOD : batch_error(batch, NULL, "open", &err);
}

/* One line of progress on a terminal, erased at the end. */
static void show_progress(const struct batch *batch, bool erase)
{
    if (!isatty(STDERR_FILENO))
        return;
    int done = 0, total = 0;
    double eta = NAN;
    session_progress(batch->session, &done, &total, &eta);
    if (erase)
        fprintf(stderr, "\r%60s\r", "");
    else if (isfinite(eta))
        fprintf(stderr, "\r  %d of %d jobs done, about %.0f s left   ", done, total, ceil(eta));
    else
        fprintf(stderr, "\r  %d of %d jobs done   ", done, total);
    fflush(stderr);
}

/* Settings of a batch run; the others concern screens and are taken as they come. */
static enum ask run_front_end(struct batch *batch, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const struct command_spec *spec = call_spec(call);
    if (strcmp(spec->name, "quit") == 0) {
        batch->done = true;
        return ASK_READY;
    }
    if (strcmp(spec->name, "set") == 0) {
        if (call_has(call, "strict"))
            batch->strict = call_is(call, "strict", "on");
        return ASK_READY;
    }
    if (strcmp(spec->name, "plot") == 0)
        return plot_run(batch->session, call, sink, err);
    isd_error_set(err, ISD_USAGE, "works only in the full screen or at the prompt");
    isd_error_hint(err, "isdmin -i FILE    opens the prompt");
    return ASK_FAILED;
}

static enum ask run_until_ready(struct batch *batch, const struct command_call *call, isd_error *err)
{
    struct command_sink sink = {.result = take_result, .text = take_text, .arg = batch};
    session_show_begin(batch->session);
    bool waited = false;
    while (true) {
        enum ask answer = call_spec(call)->run ? command_run(batch->session, call, &sink, err)
                                               : run_front_end(batch, call, &sink, err);
        batch_flush_messages(batch);
        if (answer != ASK_PENDING) {
            if (waited)
                show_progress(batch, true);
            return answer;
        }
        waited = true;
        while (!session_wait(batch->session, 0.25))
            show_progress(batch, false);
        show_progress(batch, false);
    }
}

int batch_script(struct batch *batch, struct script *script)
{
    while (!batch->done) {
        struct command_call *call = NULL;
        isd_error err = {0};
        isd_status status = command_parse(script, &call, &err);
        if (status != ISD_OK)
            return batch_error(batch, NULL, "", &err);
        if (!call)
            break;
        enum ask answer = run_until_ready(batch, call, &err);
        if (fflush(stdout) != 0)
            batch->write_failed = true;
        int failed = answer == ASK_FAILED ? batch_error(batch, call, call_spec(call)->name, &err) : EXIT_ALL_GOOD;
        command_call_free(call);
        if (failed)
            return failed;
        if (batch->strict && batch->marked)
            return EXIT_BAD_DATA;
        if (batch->write_failed)
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
    return status == EXIT_ALL_GOOD && batch->marked ? EXIT_MARKED : status;
}
