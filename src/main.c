/* The program: argv to batch, prompt or full screen. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/demo.h"
#include "app/option.h"
#include "app/trail.h"
#include "repl/batch.h"
#include "repl/paint.h"
#include "repl/repl.h"
#include "tui/guard.h"
#include "tui/tui.h"

/* All of a stream as text; NULL with errno set (EILSEQ: it holds a NUL byte). No script is larger than 64 MB: what is
 * sent by mistake is not read on. */
static char *read_all(FILE *stream)
{
    enum { MOST_BYTES = 64 << 20 };
    size_t length = 0, size = 4096;
    char *text = malloc(size);
    int problem = 0;
    while (text && !problem) {
        size_t got = fread(text + length, 1, size - length - 1, stream);
        problem = ferror(stream) ? errno : memchr(text + length, '\0', got) ? EILSEQ : 0;
        length += got;
        if (length + 1 < size)
            break;
        char *grown = size < MOST_BYTES ? realloc(text, size *= 2) : NULL;
        if (!grown)
            problem = size < MOST_BYTES ? ENOMEM : EFBIG;
        else
            text = grown;
    }
    if (!text || problem) {
        free(text);
        errno = problem ? problem : ENOMEM;
        return NULL;
    }
    text[length] = '\0';
    return text;
}

static int script_failed(struct batch *batch, const char *path)
{
    isd_error err;
    isd_error_set(&err, ISD_IO, "cannot read the script: %s", errno == EILSEQ ? "it holds a NUL byte" : strerror(errno));
    isd_error_at(&err, path, 0, 0);
    return batch_error(batch, NULL, NULL, false, &err);
}

static int run_source(struct batch *batch, const struct script_source *source)
{
    struct script script = {.name = source->text, .text = source->text, .line = 1, .column = 1};
    char *owned = NULL;
    if (source->kind == SCRIPT_TEXT) {
        script.name = "-c";
    } else {
        FILE *stream = source->kind == SCRIPT_STDIN ? stdin : fopen(source->text, "rb");
        owned = stream ? read_all(stream) : NULL;
        int problem = errno;
        if (stream && stream != stdin)
            fclose(stream);
        errno = problem;
        if (!owned)
            return script_failed(batch, source->text);
        script.text = owned;
    }
    int status = batch_script(batch, &script);
    free(owned);
    return status;
}

/* The files of the command line, then its scripts. */
static int prepare(struct batch *batch, const struct invocation *invocation)
{
    int status = EXIT_ALL_GOOD;
    isd_error err;
    if (invocation->demo && session_open_demo(batch->session, &err) != ISD_OK)
        return batch_error(batch, NULL, NULL, false, &err);
    if (invocation->n_files > 0)
        status = batch_open(batch, invocation->files, invocation->n_files);
    trail_clear(batch->session); /* opening_words tells of these */
    if (invocation->mode != INVOKE_SCREEN) /* the full screen has a place of its own for messages */
        batch_flush_messages(batch);
    for (int k = 0; k < invocation->n_scripts && status == EXIT_ALL_GOOD; k++)
        status = run_source(batch, &invocation->scripts[k]);
    return status;
}

/* The commands that open what the command line named, for `save`. */
static char *opening_words(const struct invocation *invocation)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (invocation->demo)
        fputs("demo\n", out);
    for (int k = 0; k < invocation->n_files; k++) {
        char *whole = realpath(invocation->files[k], NULL);
        fprintf(out, "%s \"", k ? "" : "open");
        for (const char *p = whole ? whole : invocation->files[k]; *p; p++)
            fprintf(out, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
        fputc('"', out);
        free(whole);
    }
    if (invocation->n_files > 0)
        fputc('\n', out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static int run_front_end(const struct invocation *invocation, struct batch *batch)
{
    struct session *session = batch->session;
    struct repl_options repl = {.format = invocation->format, .color = invocation->color, .ascii = invocation->ascii, .reader = invocation->reader,
                                .strict = invocation->strict};
    struct tui_options tui = {.color = invocation->color, .ascii = invocation->ascii};
    tui.resume = invocation->resume;
    if (invocation->demo)
        tui.start = "goto tw=500; type B; average on"; /* the hop signature */
    struct sight sight;
    bool screen = invocation->mode == INVOKE_SCREEN;
    int next;
    sight_init(&sight, session);
    repl.sight = tui.sight = &sight;
    char *opened = opening_words(invocation);
    tui.opened = opened;
    /* `tui` at the prompt and `repl` on the screen hand over to one another, state kept. */
    while ((next = screen ? tui_run(session, &tui) : repl_run(session, &repl)) == (screen ? TUI_TO_REPL : REPL_TO_TUI)) {
        screen = !screen;
        tui.start = NULL;
        tui.resume = false;
    }
    sight_done(&sight);
    free(opened);
    return next;
}

/* Where results go. */
static isd_status keep_results(struct session *session, const struct invocation *invocation, isd_error *err)
{
    enum keep_mode mode = invocation->store ? KEEP_IN_FILE : invocation->no_cache ? KEEP_NOTHING : KEEP_IN_CACHE;
    isd_status status = session_keep(session, mode, invocation->store, err);
    if (invocation->mode != INVOKE_BATCH)
        session_keep_tell(session);
    return status;
}

/* Everything computed is kept before the program ends; a file that was named and could not be written is a mark. */
static int finish_keeping(struct batch *batch, int status)
{
    bool kept = session_keep_finish(batch->session);
    batch_flush_messages(batch);
    return status == EXIT_ALL_GOOD && !kept ? EXIT_MARKED : status;
}

static int run(void *arg)
{
    const struct invocation *invocation = arg;
    struct session *session = NULL;
    isd_error err;
    struct batch_options options = {.format = invocation->format, .ascii = invocation->ascii, .reader = invocation->reader, .color = invocation->color};
    struct batch batch;
    int threads = invocation->threads > 0 ? invocation->threads : job_default_threads();
    if (session_new(threads, &session, &err) != ISD_OK) {
        fprintf(stderr, "isdmin: %s\n", err.what);
        return EXIT_BAD_DATA;
    }
    batch_init(&batch, session, &options);
    batch.strict = invocation->strict;
    session_set_painter(session, paint_file);
    session_keep_wrong_checksums(session, invocation->mode != INVOKE_BATCH);
    session_open_in_background(session, invocation->mode == INVOKE_SCREEN ||
                                            (invocation->mode == INVOKE_REPL && isatty(STDIN_FILENO)));
    if (invocation->memory > 0 && session_limit_memory(session, invocation->memory, &err) != ISD_OK)
        fprintf(stderr, "isdmin: %s\n", err.what);
    int status = keep_results(session, invocation, &err) == ISD_OK ? prepare(&batch, invocation)
                                                                   : batch_error(&batch, NULL, NULL, false, &err);
    if (invocation->mode == INVOKE_BATCH)
        status = batch_status(&batch, status);
    else if (status == EXIT_ALL_GOOD && !batch.done)
        status = run_front_end(invocation, &batch);
    status = finish_keeping(&batch, status);
    batch_done(&batch);
    session_free(session);
    return status;
}

static int print_and_free(char *text)
{
    int status = text && fputs(text, stdout) >= 0 && fflush(stdout) == 0 ? EXIT_ALL_GOOD : EXIT_BAD_DATA;
    free(text);
    return status;
}

/* As text on standard error and, where --json is among the arguments, as an object on standard output. */
static int refuse_arguments(int argc, char **argv, const isd_error *err)
{
    bool json = false;
    fprintf(stderr, "isdmin: %s\n", err->what);
    if (err->hint[0])
        fprintf(stderr, "  try: %s\n", err->hint);
    for (int k = 1; k < argc; k++)
        json = json || strcmp(argv[k], "--json") == 0;
    struct result *result = json ? result_new("isdmin", RESULT_RECORD) : NULL;
    struct print_buffer text = {0};
    result_text(result, "error", err->what);
    result_text(result, "where", err->where);
    result_text(result, "hint", err->hint);
    if (json && !result_failed(result)) {
        print_json(&text, result);
        fputs(text.failed ? "" : text.data, stdout);
    }
    print_buffer_done(&text);
    result_free(result);
    return EXIT_BAD_USAGE;
}

/* A screen reader's user meets the prompt first. */
static void serve_reader(struct invocation *invocation)
{
    if (invocation->resume || (invocation->mode != INVOKE_SCREEN && invocation->mode != INVOKE_REPL) || !isatty(STDIN_FILENO) || !tui_wants_prompt())
        return;
    if (invocation->mode == INVOKE_SCREEN)
        fputs("screen-reader mode (a11y=on in isdminrc): this is the prompt, `tui` is the full screen\n", stderr);
    invocation->mode = INVOKE_REPL;
    invocation->reader = invocation->ascii = true;
}

/* A standard stream that came closed must not become the number of the next file that is opened: it is taken by something that
 * refuses what the stream is for, as a closed one does. */
static void hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* the lowest number that is free */
}

int main(int argc, char **argv)
{
    struct invocation invocation;
    isd_error err;
    hold_standard_streams();
    signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit is a write that fails */
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* numbers in and out never depend on the locale */
    if (invocation_parse(argc, argv, &invocation, &err) != ISD_OK)
        return refuse_arguments(argc, argv, &err);
    int status = EXIT_ALL_GOOD;
    serve_reader(&invocation);
    if (invocation.mode == INVOKE_HELP)
        status = print_and_free(invocation_help());
    else if (invocation.mode == INVOKE_HELP_ON)
        status = print_and_free(command_help(invocation.help_on));
    else if (invocation.mode == INVOKE_VERSION)
        status = print_and_free(strdup(invocation_version()));
    else if (invocation.mode == INVOKE_BATCH)
        status = run(&invocation);
    else if (invocation.mode == INVOKE_REPL || (status = tui_check()) == 0)
        status = guard_run(run, &invocation);
    invocation_done(&invocation);
    return status;
}
