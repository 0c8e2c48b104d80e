/* argv to an invocation. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/suggest.h"
#include "app/wrap.h"
#include "base/scan.h"
#include "isdmin/version.h"

#define MOST_THREADS 1024

/* Takes the option's argument (NULL if it has none). */
typedef isd_status take_fn(struct invocation *invocation, const char *argument, isd_error *err);

static isd_status add_script(struct invocation *invocation, struct script_source source)
{
    invocation->scripts[invocation->n_scripts++] = source; /* as many as argv has words were allocated */
    return ISD_OK;
}

static isd_status take_command(struct invocation *invocation, const char *argument, isd_error *err)
{
    return add_script(invocation, (struct script_source){SCRIPT_TEXT, argument});
}

static isd_status take_script(struct invocation *invocation, const char *argument, isd_error *err)
{
    if (strcmp(argument, "-") == 0)
        return add_script(invocation, (struct script_source){SCRIPT_STDIN, argument});
    return add_script(invocation, (struct script_source){SCRIPT_FILE, argument});
}

static isd_status take_stdin(struct invocation *invocation, const char *argument, isd_error *err)
{
    return add_script(invocation, (struct script_source){SCRIPT_STDIN, "-"});
}

static isd_status take_interactive(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->mode = INVOKE_REPL;
    return ISD_OK;
}

static isd_status take_resume(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->resume = true;
    return ISD_OK;
}

static isd_status take_threads(struct invocation *invocation, const char *argument, isd_error *err)
{
    int64_t threads;

    if (!scan_whole_int64(argument, &threads) || threads < 1 || threads > MOST_THREADS)
        return isd_error_set(err, ISD_USAGE, "-j %s: a number of threads from 1 to %d is expected", argument,
                             MOST_THREADS);
    invocation->threads = (int)threads;
    return ISD_OK;
}

static isd_status take_memory(struct invocation *invocation, const char *argument, isd_error *err)
{
    double value = 0;
    if (!scan_whole_size(argument, &value) || value < 1)
        return isd_error_set(err, ISD_USAGE, "--memory=%s: bytes, or a size as 500M or 2G, are expected", argument);
    invocation->memory = value;
    return ISD_OK;
}

static isd_status take_store(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->store = argument;
    return ISD_OK;
}

static isd_status take_no_cache(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->no_cache = true;
    return ISD_OK;
}

static isd_status take_json(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->format = PRINT_JSON;
    return ISD_OK;
}

static isd_status take_csv(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->format = PRINT_CSV;
    return ISD_OK;
}

static isd_status take_tsv(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->format = PRINT_TSV;
    return ISD_OK;
}

static isd_status take_demo(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->demo = true;
    return ISD_OK;
}

static isd_status take_ascii(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->ascii = true;
    return ISD_OK;
}

static isd_status take_strict(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->strict = true;
    return ISD_OK;
}

static isd_status take_color(struct invocation *invocation, const char *argument, isd_error *err)
{
    static const char *const names[] = {
        [COLOR_AUTO] = "auto", [COLOR_NEVER] = "never", [COLOR_ALWAYS] = "always"};

    for (int k = 0; k < 3; k++)
        if (strcmp(argument, names[k]) == 0) {
            invocation->color = (enum color_choice)k;
            return ISD_OK;
        }
    return isd_error_set(err, ISD_USAGE, "--color=%s: auto, never or always is expected", argument);
}

static isd_status take_help(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->mode = INVOKE_HELP;
    return ISD_OK;
}

static isd_status take_version(struct invocation *invocation, const char *argument, isd_error *err)
{
    invocation->mode = INVOKE_VERSION;
    return ISD_OK;
}

static const struct row {
    char letter;          /* 0: only long */
    const char *name;     /* NULL: only short */
    const char *argument; /* NULL: takes none */
    const char *help;
    take_fn *take;
} rows[] = {
    {'i', NULL, NULL, "prompt on the normal screen", take_interactive},
    {'r', NULL, NULL, "full screen: go on where the last run was left", take_resume},
    {'c', NULL, "COMMANDS", "batch: run these commands, wait for the jobs, exit", take_command},
    {'f', NULL, "SCRIPT", "batch: run the commands of a file (.isd)", take_script},
    {0, NULL, NULL, "batch: run commands from standard input", take_stdin},
    {0, "demo", NULL, "open the demo set that comes with the program", take_demo},
    {'j', "threads", "N", "worker threads (default: the cores one may use, at most 4)", take_threads},
    {0, "memory", "SIZE", "most memory for frames that are read, as 500M (default: a quarter of all)", take_memory},
    {'s', "store", "FILE.isdb", "keep results in this file, and take from it what is known (default: a cache)", take_store},
    {0, "no-cache", NULL, "keep nothing on disk", take_no_cache},
    {0, "json", NULL, "print one JSON object a line", take_json},
    {0, "csv", NULL, "print tables, comma separated", take_csv},
    {0, "tsv", NULL, "print tables, tab separated", take_tsv},
    {0, "strict", NULL, "a marked result (not converged, cut short) is an error", take_strict},
    {0, "color", "WHEN", "auto, never or always", take_color},
    {0, "ascii", NULL, "draw with ASCII only", take_ascii},
    {'h', "help", NULL, "a short help", take_help},
    {0, "version", NULL, "version and licence", take_version},
};
#define N_ROWS (int)(sizeof rows / sizeof rows[0])

bool invocation_option_at(int k, char *ret_letter, const char **ret_name, const char **ret_argument,
                          const char **ret_help)
{
    if (k < 0 || k >= N_ROWS)
        return false;
    *ret_letter = rows[k].letter;
    *ret_name = rows[k].name;
    *ret_argument = rows[k].argument;
    *ret_help = rows[k].help;
    return true;
}

/* --- reading --- */

struct arguments {
    int argc, k; /* argv[k] is the next one */
    char *const *argv;
};

static isd_status need_argument(struct arguments *arguments, const char *shown, const struct row *row,
                                const char **ret_argument, isd_error *err)
{
    if (arguments->k >= arguments->argc) {
        isd_error_set(err, ISD_USAGE, "%s needs %s", shown, row->argument);
        isd_error_hint(err, "isdmin --help");
        return ISD_USAGE;
    }
    *ret_argument = arguments->argv[arguments->k++];
    return ISD_OK;
}

/* --name, --name=value or --name value. */
static isd_status read_long(struct invocation *invocation, struct arguments *arguments, const char *word,
                            isd_error *err)
{
    const char *name = word + 2, *equals = strchr(name, '='), *argument = equals ? equals + 1 : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct row *row = NULL;
    char shown[64];
    isd_status status = ISD_OK;

    snprintf(shown, sizeof shown, "%.*s", length < 60 ? (int)length : 60, name);
    struct suggestion nearest = {.word = shown};
    for (int k = 0; k < N_ROWS; k++) {
        if (!rows[k].name)
            continue;
        suggest_try(&nearest, rows[k].name);
        if (strlen(rows[k].name) == length && memcmp(rows[k].name, name, length) == 0)
            row = &rows[k];
    }
    if (!row) {
        isd_error_set(err, ISD_USAGE, "there is no option --%s", shown);
        if (nearest.best)
            isd_error_hint(err, "--%s", nearest.best);
        else
            isd_error_hint(err, "isdmin --help");
        return ISD_USAGE;
    }
    if (argument && !row->argument)
        return isd_error_set(err, ISD_USAGE, "--%s takes no value", row->name);
    if (!argument && row->argument)
        status = need_argument(arguments, word, row, &argument, err);
    return status ? status : row->take(invocation, argument, err);
}

/* -i, -j4, -j 4, or several letters in one word. */
static isd_status read_letters(struct invocation *invocation, struct arguments *arguments, const char *word,
                               isd_error *err)
{
    isd_status status = ISD_OK;

    for (const char *p = word + 1; !status && *p; p++) {
        const struct row *row = NULL;
        const char *argument = NULL;
        char shown[3] = {'-', *p, '\0'};

        for (int k = 0; k < N_ROWS; k++)
            if (rows[k].letter && rows[k].letter == *p)
                row = &rows[k];
        if (!row) {
            isd_error_set(err, ISD_USAGE, "there is no option %s", shown);
            isd_error_hint(err, "isdmin --help");
            return ISD_USAGE;
        }
        if (row->argument && p[1])
            argument = p + 1;
        else if (row->argument)
            status = need_argument(arguments, shown, row, &argument, err);
        if (!status)
            status = row->take(invocation, argument, err);
        if (row->argument)
            break;
    }
    return status;
}

/* isdmin help [WORD], unless there is a file of that name. */
static bool asks_for_help(int argc, char *const *argv)
{
    return (argc == 2 || argc == 3) && strcmp(argv[1], "help") == 0 && access("help", F_OK) != 0;
}

static isd_status read_all(struct invocation *invocation, struct arguments *arguments, isd_error *err)
{
    bool options = true;
    isd_status status = ISD_OK;

    while (!status && arguments->k < arguments->argc) {
        const char *word = arguments->argv[arguments->k++];
        if (!options || word[0] != '-')
            invocation->files[invocation->n_files++] = word;
        else if (word[1] == '\0')
            status = take_stdin(invocation, NULL, err);
        else if (strcmp(word, "--") == 0)
            options = false;
        else if (word[1] == '-')
            status = read_long(invocation, arguments, word, err);
        else
            status = read_letters(invocation, arguments, word, err);
        if (invocation->mode == INVOKE_HELP || invocation->mode == INVOKE_VERSION)
            break; /* nothing behind them matters */
    }
    return status;
}

isd_status invocation_parse(int argc, char *const *argv, struct invocation *ret_invocation, isd_error *err)
{
    struct arguments arguments = {.argc = argc, .k = 1, .argv = argv};
    struct invocation invocation = {.mode = INVOKE_SCREEN, .format = PRINT_TEXT};
    if (asks_for_help(argc, argv)) {
        invocation.mode = INVOKE_HELP_ON;
        invocation.help_on = argv[2]; /* NULL where argv ends */
        isd_status status = argv[2] ? help_check(argv[2], err) : ISD_OK;
        if (!status)
            *ret_invocation = invocation;
        return status;
    }
    /* A word makes one file or one script at most: -c and -f end theirs. */
    invocation.files = calloc((size_t)argc + 1, sizeof *invocation.files);
    invocation.scripts = calloc((size_t)argc + 1, sizeof *invocation.scripts);
    isd_status status = invocation.files && invocation.scripts ? read_all(&invocation, &arguments, err)
                                                               : isd_error_memory(err);
    if (status) {
        invocation_done(&invocation);
        return status;
    }
    if (invocation.mode == INVOKE_SCREEN && invocation.n_scripts > 0)
        invocation.mode = INVOKE_BATCH;
    if (invocation.resume && (invocation.mode == INVOKE_BATCH || invocation.mode == INVOKE_REPL || invocation.n_files > 0 || invocation.demo)) {
        invocation_done(&invocation);
        isd_error_set(err, ISD_USAGE, "-r opens what the last run of the full screen had open, and nothing else");
        isd_error_hint(err, "isdmin -r");
        return ISD_USAGE;
    }
    *ret_invocation = invocation;
    return ISD_OK;
}

void invocation_done(struct invocation *invocation)
{
    if (!invocation)
        return;
    free(invocation->scripts);
    free(invocation->files);
    invocation->scripts = NULL;
    invocation->files = NULL;
}

/* --- texts --- */

const char *invocation_version(void)
{
    return "isdmin " ISD_VERSION "\n"
           "Licence GPL-3.0-or-later: free software, without warranty.\n";
}

static void write_row(FILE *out, const struct row *row)
{
    char left[64];
    const char *argument = row->argument ? row->argument : "";

    if (!row->letter && !row->name)
        snprintf(left, sizeof left, "-");
    else if (row->letter && row->name)
        snprintf(left, sizeof left, "-%c%s%s, --%s", row->letter, row->argument ? " " : "", argument,
                 row->name);
    else if (row->letter)
        snprintf(left, sizeof left, "-%c%s%s", row->letter, row->argument ? " " : "", argument);
    else
        snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument ? "=" : "", argument);
    wrap_row(out, left, row->help);
}

static void write_commands(FILE *out)
{
    const struct command_spec *spec;
    const char *group;
    char names[1024];

    for (int g = 0; (group = command_group(g)); g++) {
        size_t length = 0;
        names[0] = '\0';
        for (int k = 0; (spec = command_at(k)); k++)
            if (strcmp(spec->group, group) == 0 && length < sizeof names)
                length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", length ? " " : "",
                                           spec->name);
        wrap_row(out, command_group_title(g), names);
    }
}

char *invocation_help(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    fputs("usage: isdmin [OPTION...] [FILE|FOLDER...]\n"
          "Inherent structures of glasses: quench, match exactly, look at p(u) and g(r).\n\n"
          "  isdmin --demo                                   the demo set, full screen\n"
          "  isdmin run.dump.gz                              your data, full screen\n"
          "  isdmin -i inherent.*                            a prompt, plots as text\n"
          "  isdmin -c 'system ka3d; match 0:last' run.dump.gz\n"
          "  isdmin --json -c 'system ka3d; quench all; series' run.dump.gz > out.json\n"
          "  isdmin -f study.isd run.dump.gz                 a script\n\n"
          "options:\n",
          out);
    for (int k = 0; k < N_ROWS; k++)
        write_row(out, &rows[k]);
    fputs("\ncommands (isdmin help COMMAND tells more; isdmin help physics, help formats):\n", out);
    write_commands(out);
    fputs("\nexit status: 0 all went well; 3 a result is marked (not converged, cut short);\n"
          "1 bad data; 2 wrong usage; 128+n killed by signal n\n",
          out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
