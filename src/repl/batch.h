/* Batch: run a script's commands one after the other, print what they make, say what went wrong. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPL_BATCH_H
#define REPL_BATCH_H

#include <stdbool.h>

#include "app/command.h"
#include "model/print.h"

/* Exit statuses of the program. */
enum { EXIT_ALL_GOOD = 0, EXIT_BAD_DATA = 1, EXIT_BAD_USAGE = 2, EXIT_MARKED = 3 };

struct batch_options {
    enum print_format format;
};

/* Prints results and errors of one run. Shared by batch, script files and standard input. */
struct batch {
    struct session *session;
    struct batch_options options;
    const struct result *previous; /* the one printed just before; kept by the session */
    bool strict, marked, write_failed;
    bool done;                     /* `quit` was said */
};

void batch_init(struct batch *batch, struct session *session, const struct batch_options *options);

/* Opens the paths of the command line. Returns an exit status. */
int batch_open(struct batch *batch, const char *const *paths, int n_paths);

/* Runs all commands of a script; stops at the first error. Returns an exit status: 0, 1 or 2 (a mark is told by
 * batch_status). */
int batch_script(struct batch *batch, struct script *script);

/* The status the program should exit with after `status`: marks and lost output counted in. */
int batch_status(struct batch *batch, int status);

/* What `quench`, `match` ... did not say on standard output: messages to standard error. */
void batch_flush_messages(struct batch *batch);

/* An error as text on standard error and, with --json, as an object on standard output. call may be NULL. Returns the exit
 * status it stands for. */
int batch_error(struct batch *batch, const struct command_call *call, const char *command, const isd_error *err);

#endif
