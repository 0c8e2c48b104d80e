/* Running commands on the normal screen: print what they make, say what went wrong. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Serves batch (-c, -f, -), where a script runs to its end, and the REPL, which runs each command again until it is ready. */
#ifndef REPL_BATCH_H
#define REPL_BATCH_H

#include <stdbool.h>

#include "app/option.h"
#include "app/sight.h"
#include "model/print.h"

/* Exit statuses of the program. */
enum { EXIT_ALL_GOOD = 0, EXIT_BAD_DATA = 1, EXIT_BAD_USAGE = 2, EXIT_MARKED = 3 };

struct batch_options {
    enum print_format format;
    bool prompt; /* of a prompt: `tui` may hand over to the full screen */
    bool ascii;  /* plots in ASCII */
    bool reader; /* for a screen reader: no line that changes while work is under way */
    enum color_choice color; /* of heat maps */
};

/* The loops that a line is in. */
struct turns;
void turns_free(struct turns *turns);

struct batch {
    struct session *session;
    struct batch_options options;
    struct sight sight;              /* what `plot` shows */
    const struct result *previous; /* the one printed just before; kept by the session */
    bool held, held_follows;       /* records wait to be printed together; after something else */
    int results;                   /* of the command under way */
    bool strict, marked, write_failed;
    bool done;                     /* `quit` or `tui` was said */
    bool to_screen;                /* it was `tui` */
    bool cancelled;                /* `cancel` was said: lines in the background are to be dropped */
    struct turns *turns;           /* of the line that runs: their commands go before what is left of it */
    char *wanted;                  /* commands that the tour wants to be run, or NULL */
    struct script wanted_script;   /* where they have got to */
    struct print_buffer log;       /* commands and messages, for `log` */
    void (*before_output)(void *arg); /* called before anything is printed; may be NULL */
    void *before_output_arg;
};

void batch_init(struct batch *batch, struct session *session, const struct batch_options *options);
void batch_done(struct batch *batch);

/* Opens the paths of the command line; what there is to say about them stays with the session. Returns an exit status. */
int batch_open(struct batch *batch, const char *const *paths, int n_paths);

/* Brings what is looked at (batch->sight) up to date with the data. False on failure, *err says why. */
bool batch_update(struct batch *batch, isd_error *err);

/* Before the first turn of a command: what it shows replaces what was shown before. */
void batch_begin(struct batch *batch, const struct command_call *call);
/* One turn of a command, those included that the table leaves to the front ends. Prints results and messages. */
enum ask batch_turn(struct batch *batch, const struct command_call *call, isd_error *err);

/* The command to run next: what the tour wants goes before what is left of the script. Prints what the tour says. NULL: none. */
isd_status batch_next(struct batch *batch, struct script *script, struct command_call **ret_call, isd_error *err);

/* Runs all commands of a script; stops at the first error. Returns an exit status: 0, 1 or 2 (a mark is told by
 * batch_status). */
int batch_script(struct batch *batch, struct script *script);

/* The status the program should exit with after `status`: marks and lost output counted in. */
int batch_status(struct batch *batch, int status);

/* Messages of the session to standard error. */
void batch_flush_messages(struct batch *batch);

/* A script whose text is at hand, to show the line where an error is. */
struct batch_source {
    const char *text;
    long first_line; /* number of its first line */
};

/* An error as text on standard error and, with --json, as an object on standard output. source, script: where it comes from,
 * NULL if from no script; quiet_place leaves line and column out. Returns the exit status it stands for. */
int batch_error(struct batch *batch, const struct batch_source *source, const struct script *script, bool quiet_place,
                const isd_error *err);

#endif
