/* The command table and its engine: parse, validate, run, help, complete.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/session.h"
#include "model/result.h"

enum argument_kind { /* decides parsing, help and completion */
                     ARG_PATH,
                     ARG_WORD,
                     ARG_FRAMES,
                     ARG_PAIR,
                     ARG_PAIR_OR_TW,
                     ARG_COMMAND,
                     ARG_VIEW,
                     ARG_SYSTEM, /* by name, or a path */
                     ARG_REST
};

enum option_kind { OPT_CHOICE, OPT_REAL, OPT_COUNT, OPT_WORD, OPT_PATH, OPT_LIST, OPT_COLUMN, OPT_EXPR };

struct option_spec {
    const char *name;
    enum option_kind kind;
    const char *choices;  /* OPT_CHOICE: "resolved|blind", the first is the default */
    const char *form;     /* what stands for the value in help: "LOW:HIGH"; NULL: by its kind */
    const char *fallback; /* shown in help */
    double low, high;     /* OPT_REAL, OPT_COUNT: allowed range */
    const char *help;
};

struct argument_spec {
    enum argument_kind kind;
    const char *name;    /* "FRAMES" */
    const char *choices; /* ARG_WORD: for completion and checking, or NULL */
    bool optional, many;
};

enum command_flags {
    COMMAND_NEEDS_DATA = 1,
    COMMAND_LONG = 2,        /* submits jobs */
    COMMAND_SCREEN = 4,      /* full screen only */
    COMMAND_INTERACTIVE = 8, /* not in batch */
    COMMAND_OF_PART = 32,    /* of a set that is still being read, too */
    COMMAND_NAME_VALUE = 16  /* "set ascii on" is read as "set ascii=on" */
};

#define COMMAND_MAX_OPTIONS 16
#define COMMAND_MAX_ARGUMENTS 3

struct command_call; /* parsed words and options, with typed access below */

/* Where a command puts what it makes. */
struct command_sink {
    void (*result)(void *arg, struct result *result); /* takes it over */
    void (*text)(void *arg, const char *text);        /* help, plots: lines for people */
    void *arg;
};

/* Gives a text and frees it; NULL: there was no memory for it. */
enum ask command_give_text(const struct command_sink *sink, char *text, isd_error *err);
/* Closes a memory stream, NULL if it could not be opened, and gives what it holds. */
enum ask command_give_stream(const struct command_sink *sink, FILE *out, char **text, isd_error *err);

/* ASK_PENDING: run again later, nothing has been output yet. */
typedef enum ask command_run_fn(struct session *session, const struct command_call *call,
                                const struct command_sink *sink, isd_error *err);

struct command_spec {
    const char *name;
    const char *group;    /* "data", "compute", "look", "out", "tool" */
    const char *help;     /* one line */
    const char *details;  /* more, or NULL */
    const char *examples; /* lines, each runnable */
    struct argument_spec arguments[COMMAND_MAX_ARGUMENTS];
    struct option_spec options[COMMAND_MAX_OPTIONS];
    unsigned flags;
    command_run_fn *run; /* NULL: handled by the front end (view, step, quit ...) */
};

const struct command_spec *command_at(int k); /* NULL past the last; ordered by group */
const struct command_spec *command_find(const char *name);
/* The option called name[0 ... length), or NULL. */
const struct option_spec *command_option(const struct command_spec *spec, const char *name, size_t length);

/* k-th group name in the order of the table ("data", ...), NULL past the last; its heading in the help. */
const char *command_group(int k);
const char *command_group_title(int k);

/* Splits a line at ; and newlines, honours quotes, # comments and \ joins, as a shell does. One call for each
 * command; *ret_call = NULL at the end. `text` advances past the command, after an error too. Names, options,
 * their values and the form of the words are checked: ISD_USAGE with err->where = name:line:column of the
 * offending word. All hints are something to try, without that word. */
struct script {
    const char *name;  /* file name, "-c", "-", "(line)": raw, escaped when shown */
    const char *text;  /* rest */
    const char *folder; /* with a slash at its end: relative paths of the commands are taken from there; NULL: as they are */
    long line, column; /* of `text`, counted from 1 (0 is read as 1); a column is a character */
    /* Of the command read last, right or wrong, for messages: */
    char command[32];  /* its name as written, cut and escaped; "" if there is none */
    const char *begin; /* borrowed from `text`: the command as written */
    size_t length;
};
isd_status command_parse(struct script *script, struct command_call **ret_call, isd_error *err);
void command_call_free(struct command_call *call);

const struct command_spec *call_spec(const struct command_call *call);
const char *call_text(const struct command_call *call);  /* the command as written, escaped for showing */
const char *call_where(const struct command_call *call); /* "script:line:column" */
int call_n_words(const struct command_call *call);
int call_n_options(const struct command_call *call);
const char *call_word(const struct command_call *call, int k); /* NULL past the last */
/* Puts the place of word k into err->where. */
void call_error_at_word(const struct command_call *call, int k, isd_error *err);
const char *call_option(const struct command_call *call, const char *name); /* value as written, or NULL */
bool call_has(const struct command_call *call, const char *name);
double call_real(const struct command_call *call, const char *name, double fallback);
long call_count(const struct command_call *call, const char *name, long fallback);
bool call_is(const struct command_call *call, const char *name,
             const char *choice); /* choice in force, default included */

/* Frames named by a word of the call: all, last, numbers, lists, ranges a..b:step. Freed by the caller. */
isd_status call_frames(struct session *session, const char *word, int32_t **ret_frames, int32_t *ret_n,
                       isd_error *err);
/* As call_frames for a set of n frames, without a session. A frame named twice is taken once, at its first
 * place. */
isd_status frames_parse(const char *word, int32_t n, int32_t **ret_frames, int32_t *ret_n, isd_error *err);
isd_status pair_parse(const char *word, int32_t n, int32_t *ret_a, int32_t *ret_b, isd_error *err);

/* A list of values and ranges, such as tw=1,5..50 or ids=1..100:2: item k is low ... high in steps of `step`
 * (0: not said). A missing end is -HUGE_VAL or HUGE_VAL. Freed by the caller. */
struct value_range {
    double low, high, step;
};
isd_status ranges_parse(const char *text, struct value_range **ret_ranges, int *ret_n, isd_error *err);
bool ranges_hold(const struct value_range *ranges, int n, double value);

/* A:B, numbers or last. */
isd_status call_pair(struct session *session, const char *word, int32_t *ret_a, int32_t *ret_b,
                     isd_error *err);

/* Runs once; checks needs (data, system) first. See command_run_fn. err->where is set to the call's place if
 * empty. */
enum ask command_run(struct session *session, const struct command_call *call,
                     const struct command_sink *sink, isd_error *err);

/* Help as text: all (name = NULL), one command or one topic (app/topic.h); freed by the caller; NULL: out of memory, or no such name. */
char *command_help(const char *name);

/* ISD_USAGE, with the nearest name, if there is no help on a word. */
isd_status help_check(const char *word, isd_error *err);

/* Completions of `line` up to `cursor`: a NULL-terminated array of whole replacement words, freed by the
 * caller (each and the array); *ret_start: where the word being completed starts. */
char **command_complete(struct session *session, const char *line, int cursor, int *ret_start);

/* Near miss: the name of the command nearest to `word`, or NULL. */
const char *command_suggest(const char *word);

#endif
