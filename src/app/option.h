/* The command line of the program: one table, from which --help is made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_OPTION_H
#define APP_OPTION_H

#include <stdbool.h>

#include "isdmin/status.h"
#include "model/print.h"

enum invocation_mode {
    INVOKE_SCREEN, /* full screen with the files open */
    INVOKE_REPL,   /* -i: the scripts first, if there are any, then the prompt */
    INVOKE_BATCH,  /* -c, -f or - without -i */
    INVOKE_HELP,   /* print invocation_help */
    INVOKE_HELP_ON,/* print command_help(help_on) */
    INVOKE_VERSION /* print invocation_version */
};

enum color_choice { COLOR_AUTO, COLOR_NEVER, COLOR_ALWAYS };

/* Commands to run, in the order of the command line. */
struct script_source {
    enum { SCRIPT_TEXT, SCRIPT_FILE, SCRIPT_STDIN } kind;
    const char *text; /* of -c, or the path; borrowed from argv */
};

/* What the command line asks for. The texts are argv's. */
struct invocation {
    enum invocation_mode mode;
    enum print_format format;
    int threads;       /* 0: choose */
    double memory;     /* bytes for decoded frames; 0: choose */
    const char *store; /* -s or NULL */
    bool no_cache, demo, ascii, strict;
    bool resume; /* -r */
    bool reader; /* for a screen reader: never asked for here, but by the user's own file */
    const char *help_on; /* of `isdmin help WORD`; NULL: all commands */
    enum color_choice color;
    struct script_source *scripts; /* [n_scripts], owned */
    int n_scripts;
    const char **files; /* [n_files], owned */
    int n_files;
};

/* Error: ISD_USAGE, with a suggestion where there is one. */
isd_status invocation_parse(int argc, char *const *argv, struct invocation *ret_invocation, isd_error *err);
void invocation_done(struct invocation *invocation);

/* The text of --help, freed by the caller; NULL when out of memory. The text of --version. */
char *invocation_help(void);
const char *invocation_version(void);

/* Option k of the table for manual page and completion: short letter or 0, long name or NULL, argument or
 * NULL, help; false past the last. */
bool invocation_option_at(int k, char *ret_letter, const char **ret_name, const char **ret_argument,
                          const char **ret_help);

#endif
