/* Help texts, made from the command table. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/topic.h"
#include "app/wrap.h"

/* More choices than a line has room for: the row of the option lists them. */
static bool has_many(const struct option_spec *option)
{
    return option->kind == OPT_CHOICE && strlen(option->choices) > 60;
}

/* "of=is|raw", "bins=N", "write=FILE": how an option is written. */
static void option_form(const struct option_spec *option, char *out, size_t size)
{
    static const char *const forms[] = {
        [OPT_CHOICE] = "",   [OPT_REAL] = "X",    [OPT_COUNT] = "N",       [OPT_WORD] = "NAME",
        [OPT_PATH] = "FILE", [OPT_LIST] = "LIST", [OPT_COLUMN] = "COLUMN", [OPT_EXPR] = "EXPR",
    };

    if (option->form || has_many(option))
        snprintf(out, size, "%s=%s", option->name, option->form ? option->form : "NAME");
    else if (option->kind == OPT_CHOICE)
        snprintf(out, size, "%s=%s", option->name, option->choices);
    else
        snprintf(out, size, "%s=%s", option->name, forms[option->kind]);
}

static void argument_form(const struct argument_spec *argument, char *out, size_t size)
{
    const char *name = argument->kind == ARG_PAIR_OR_TW ? "A:B|tw=X" : argument->name;
    const char *more = argument->many ? "..." : "";

    if (argument->optional && argument->kind != ARG_PAIR_OR_TW)
        snprintf(out, size, "[%s%s]", name, more);
    else
        snprintf(out, size, "%s%s", name, more);
}

/* Wraps between the forms: none has a blank in it but those of LAMMPS' lines. */
static void write_usage(FILE *out, const struct command_spec *spec)
{
    char usage[1024], form[128];
    size_t length = (size_t)snprintf(usage, sizeof usage, "%s", spec->name);
    bool takes_tw = spec->arguments[0].name && spec->arguments[0].kind == ARG_PAIR_OR_TW;

    for (int k = 0; k < COMMAND_MAX_ARGUMENTS && spec->arguments[k].name; k++) {
        argument_form(&spec->arguments[k], form, sizeof form);
        length += (size_t)snprintf(usage + length, sizeof usage - length, " %s", form);
    }
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name && length < sizeof usage; k++) {
        if (takes_tw && strcmp(spec->options[k].name, "tw") == 0)
            continue;
        option_form(&spec->options[k], form, sizeof form);
        length += (size_t)snprintf(usage + length, sizeof usage - length, " [%s]", form);
    }
    fputs("usage: ", out);
    wrap_text(out, 7, 7 + (int)strlen(spec->name) + 1, usage);
}

/* "; above 0", "; 1 to 100": nothing where all numbers are allowed. */
static void range_text(const struct option_spec *option, char *out, size_t size)
{
    out[0] = '\0';
    if (option->kind != OPT_REAL && option->kind != OPT_COUNT)
        return;
    if (option->high < HUGE_VAL)
        snprintf(out, size, "; %.10g to %.10g", option->low, option->high);
    else if (option->low > 0.0)
        snprintf(out, size, "; above 0");
    else if (option->low == 0.0)
        snprintf(out, size, "; at least 0");
}

/* ": a, b, c" */
static void list_choices(const char *choices, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, ": ");
    for (; *choices && n + 3 < size; choices++) {
        if (*choices == '|')
            out[n++] = ',';
        out[n++] = *choices == '|' ? ' ' : *choices;
    }
    out[n] = '\0';
}

static void write_option(FILE *out, const struct option_spec *option)
{
    char form[128], range[300], text[800], first[64];
    const char *fallback = option->fallback;

    option_form(option, form, sizeof form);
    range_text(option, range, sizeof range);
    if (has_many(option))
        list_choices(option->choices, range, sizeof range);
    if (!fallback) { /* every option has choices or a fallback */
        snprintf(first, sizeof first, "%.*s", (int)strcspn(option->choices, "|"), option->choices);
        fallback = first;
    }
    if (strcmp(fallback, "none") == 0)
        snprintf(text, sizeof text, "%s%s", option->help, range);
    else
        snprintf(text, sizeof text, "%s%s (default: %s)", option->help, range, fallback);
    wrap_row(out, form, text);
}

static void write_examples(FILE *out, const char *examples)
{
    fputs("\nexamples:\n", out);
    while (*examples) {
        int length = (int)strcspn(examples, "\n");
        fprintf(out, "  %.*s\n", length, examples);
        examples += length + (examples[length] == '\n');
    }
}

static void write_command(FILE *out, const struct command_spec *spec)
{
    fprintf(out, "%s: %s\n\n", spec->name, spec->help);
    write_usage(out, spec);
    if (spec->details) {
        fputc('\n', out);
        wrap_text(out, 0, 0, spec->details);
    }
    for (int k = 0; k < COMMAND_MAX_ARGUMENTS && spec->arguments[k].name; k++) {
        if (spec->arguments[k].kind == ARG_FRAMES)
            fputs("\nFrames are numbers from 0, last, all, a..b, a..b:step, and lists: 0,5..9,last\n", out);
        const char *name = spec->arguments[k].name, *words = spec->arguments[k].choices;
        if (words && strncmp(name, words, strlen(words)) != 0) { /* a name that says its one word needs no list */
            char choices[512];
            list_choices(words, choices, sizeof choices);
            fprintf(out, "\n%s: ", name);
            wrap_text(out, (int)strlen(name) + 2, 2, choices + 2);
        }
    }
    if (spec->options[0].name)
        fputs("\noptions:\n", out);
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++)
        write_option(out, &spec->options[k]);
    write_examples(out, spec->examples);
    if (!spec->run && (spec->flags & COMMAND_SCREEN))
        fputs("\nIn the full screen only.\n", out);
    else if (spec->flags & COMMAND_INTERACTIVE)
        fputs("\nAt the prompt and in the full screen, not in batch.\n", out);
}

static void write_all(FILE *out)
{
    const struct command_spec *spec;
    struct topic topic;
    const char *group;

    for (int g = 0; (group = command_group(g)); g++) {
        fprintf(out, "%s%s\n", g ? "\n" : "", command_group_title(g));
        for (int k = 0; (spec = command_at(k)); k++)
            if (strcmp(spec->group, group) == 0)
                fprintf(out, "  %-12s %s\n", spec->name, spec->help);
    }
    fputs("\nabout\n", out);
    for (int k = 0; topic_at(k, &topic); k++)
        fprintf(out, "  %-12s %s\n", topic.name, topic.title);
    fputs("\nhelp WORD tells more of any of these. Commands end at ; or at the end of the\n"
          "line; # starts a comment, \\ joins lines, options are name=value, quotes hold a\n"
          "path together.\n",
          out);
}

char *command_help(const char *name)
{
    const struct command_spec *spec = name ? command_find(name) : NULL;
    struct topic topic;
    bool on_topic = name && topic_find(name, &topic);
    char *text = NULL;
    size_t size = 0;

    if (name && !spec && !on_topic)
        return NULL;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (spec)
        write_command(out, spec);
    else if (on_topic)
        topic_write(out, &topic);
    else
        write_all(out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
