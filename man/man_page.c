/* Writes a manual page: prose from NAME.in, lists and texts from the program. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: man_page isdmin.1.in > isdmin.1. A line "@OPTIONS@" of the prose becomes the options of the command line, "@COMMANDS@"
 * the help of all commands, "@COMMAND_LIST@" a line on each, "@TOPIC physics@" that text of assets/help, "@SCHEMA@" the tables of a
 * session store, "@VERSION@" inside a line the version. So no page can say what the program does not do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/option.h"
#include "app/topic.h"
#include "isdmin/version.h"
#include "store/schema.h"

/* Text as roff shows it literally. */
static void put_roff(const char *text, size_t length)
{
    for (size_t k = 0; k < length; k++) {
        bool begins = k == 0 || text[k - 1] == '\n';
        if (begins && (text[k] == '.' || text[k] == '\''))
            fputs("\\&", stdout);
        if (text[k] == '\\')
            fputs("\\e", stdout);
        else if (text[k] == '-')
            fputs("\\-", stdout);
        else
            putchar(text[k]);
    }
}

static void put_text(const char *text)
{
    put_roff(text, strlen(text));
}

static void put_options(void)
{
    char letter;
    const char *name, *argument, *help;
    for (int k = 0; invocation_option_at(k, &letter, &name, &argument, &help); k++) {
        fputs(".TP\n", stdout);
        if (letter)
            printf("\\fB\\-%c\\fR", letter);
        else if (!name)
            fputs("\\fB\\-\\fR", stdout); /* standard input */
        if (argument && letter) {
            fputs(" \\fI", stdout);
            put_text(argument);
            fputs("\\fR", stdout);
        }
        if (name) {
            fputs(letter ? ", \\fB\\-\\-" : "\\fB\\-\\-", stdout);
            put_text(name);
            fputs("\\fR", stdout);
        }
        if (argument && name && !letter) {
            fputs("=\\fI", stdout);
            put_text(argument);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        put_text(help);
        putchar('\n');
    }
}

/* The help of a command begins with "name: what it does". */
static bool put_command(const struct command_spec *spec)
{
    char *help = command_help(spec->name);
    if (!help)
        return false;
    const char *rest = strchr(help, '\n');
    printf(".TP\n\\fB%s\\fR\n", spec->name);
    put_text(spec->help);
    fputs(strchr("?.", spec->help[strlen(spec->help) - 1]) ? "\n" : ".\n", stdout);
    if (rest) {
        while (*rest == '\n')
            rest++;
        fputs(".PP\n.in 4n\n.EX\n", stdout);
        put_text(rest);
        fputs(".EE\n.in\n", stdout);
    }
    free(help);
    return true;
}

static bool put_command_line(const struct command_spec *spec)
{
    printf(".TP\n\\fB%s\\fR\n", spec->name);
    put_text(spec->help);
    putchar('\n');
    return true;
}

/* `put` for each command, under the headings of their groups. */
static bool put_commands(bool (*put)(const struct command_spec *spec))
{
    const struct command_spec *spec;
    for (int g = 0; command_group(g); g++) {
        fputs(".SS ", stdout);
        put_text(command_group_title(g));
        putchar('\n');
        for (int k = 0; (spec = command_at(k)) != NULL; k++)
            if (strcmp(command_group(g), spec->group) == 0 && !put(spec))
                return false;
    }
    return true;
}

/* A part of a topic as roff; *arg: the part before it. */
static void put_part(void *arg, enum topic_part part, const char *text, int length)
{
    enum topic_part *before = arg;
    int name = part == TOPIC_ROW ? topic_row_name(text, length) : -1;
    if (*before == TOPIC_EXAMPLE && part != TOPIC_EXAMPLE)
        fputs(".EE\n.in\n", stdout);
    if (part == TOPIC_HEADING)
        fputs(".SH \"", stdout);
    else if (part == TOPIC_EXAMPLE && *before != TOPIC_EXAMPLE)
        fputs(".PP\n.in 4n\n.EX\n", stdout);
    else if (part == TOPIC_PARAGRAPH && *before != TOPIC_HEADING)
        fputs(".PP\n", stdout);
    else if (name >= 0) {
        fputs(".TP\n\\fB", stdout);
        put_roff(text, (size_t)name);
        fputs("\\fR\n", stdout);
        text += name + 2;
        length -= name + 2;
    }
    put_roff(text, (size_t)length);
    fputs(part == TOPIC_HEADING ? "\"\n" : part == TOPIC_GAP ? "" : "\n", stdout);
    if (part != TOPIC_GAP || *before == TOPIC_EXAMPLE)
        *before = part;
}

/* "physics@" and what follows. */
static bool put_topic(const char *name)
{
    char word[32];
    struct topic topic;
    enum topic_part before = TOPIC_HEADING;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "@"), name);
    if (!topic_find(word, &topic))
        return false;
    fputs(".SH NAME\nisdmin\\-", stdout);
    put_text(topic.name);
    fputs(" \\- ", stdout);
    put_text(topic.title);
    fputs("\n.SH DESCRIPTION\n", stdout);
    topic_walk(&topic, put_part, &before);
    return true;
}

/* "    name TYPE ..., --: what it is" of a table; other lines are rules. */
static void put_column(const char *line, size_t length)
{
    const char *name = line + strspn(line, " "), *what = memmem(line, length, "--: ", 4);
    size_t letters = strcspn(name, " \n,("), type = strcspn(name + letters + 1, " ,\n");
    if (name[letters] != ' ' || strncmp(name, "PRIMARY", 7) == 0 || strncmp(name, "UNIQUE", 6) == 0)
        return;
    fputs(".br\n\\fI", stdout);
    put_roff(name, letters);
    fputs("\\fR ", stdout);
    put_roff(name + letters + 1, type);
    if (what) {
        fputs(": ", stdout);
        put_roff(what + 4, (size_t)(line + length - what) - 4);
    }
    putchar('\n');
}

/* Tables and views of one file of assets/sql, by its comments "--:". */
static void put_tables(const char *sql)
{
    const char *about = "";
    bool inside = false;
    for (const char *line = sql, *end; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        size_t skip = strncmp(line, "CREATE TABLE ", 13) == 0 ? 13 : strncmp(line, "CREATE VIEW ", 12) == 0 ? 12 : 0;
        if (strncmp(line, "--: ", 4) == 0) {
            about = line + 4;
        } else if (skip) {
            fputs(".TP\n.B ", stdout);
            put_roff(line + skip, strcspn(line + skip, " \n"));
            putchar('\n');
            put_roff(about, strcspn(about, "\n"));
            fputs(skip == 12 ? " (view)\n" : "\n", stdout);
            inside = skip == 13;
        } else if (*line == ')') {
            inside = false;
        } else if (inside) {
            put_column(line, (size_t)(end - line));
        }
    }
}

static bool put_line(char *line)
{
    char *version = strstr(line, "@VERSION@");
    if (strcmp(line, "@OPTIONS@\n") == 0)
        put_options();
    else if (strcmp(line, "@COMMANDS@\n") == 0)
        return put_commands(put_command);
    else if (strcmp(line, "@COMMAND_LIST@\n") == 0)
        return put_commands(put_command_line);
    else if (strncmp(line, "@TOPIC ", 7) == 0)
        return put_topic(line + 7);
    else if (strcmp(line, "@SCHEMA@\n") == 0)
        for (const struct asset *step = store_migrations; step->name; step++)
            put_tables(step->text);
    else if (version)
        printf("%.*s%s%s", (int)(version - line), line, ISD_VERSION, version + strlen("@VERSION@"));
    else
        fputs(line, stdout);
    return true;
}

int main(int argc, char **argv)
{
    FILE *prose = argc == 2 ? fopen(argv[1], "r") : NULL;
    char *line = NULL;
    size_t size = 0;
    bool good = prose != NULL;
    while (good && getline(&line, &size, prose) >= 0)
        good = put_line(line);
    free(line);
    if (prose)
        fclose(prose);
    if (!good || fflush(stdout) != 0) {
        fputs("man_page: cannot write the page\n", stderr);
        return 1;
    }
    return 0;
}
