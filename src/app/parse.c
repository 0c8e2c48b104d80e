/* Scripts to calls: one command at a time, checked against its row of the table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/frames_arg.h"
#include "app/lex.h"
#include "app/suggest.h"
#include "app/topic.h"
#include "base/scan.h"
#include "base/text.h"

struct given_option {
    const struct option_spec *spec;
    char *value;
};

struct command_call {
    const struct command_spec *spec;
    char *text;  /* as written, escaped */
    char *where; /* script:line:column */
    char *script;
    const char *folder; /* while it is parsed: where relative paths begin, or NULL */
    int n_words, n_options;
    char **words;
    struct place {
        long line, column;
    } * places; /* [n_words] */
    struct given_option options[COMMAND_MAX_OPTIONS];
};

void command_call_free(struct command_call *call)
{
    if (!call)
        return;
    for (int k = 0; k < call->n_words; k++)
        free(call->words[k]);
    for (int k = 0; k < call->n_options; k++)
        free(call->options[k].value);
    free(call->words);
    free(call->places);
    free(call->script);
    free(call->text);
    free(call->where);
    free(call);
}

/* The words of one command before they mean anything. */
struct line {
    const char *script; /* its name */
    struct token *tokens;
    int n, size;
};

static void line_done(struct line *line)
{
    for (int k = 0; k < line->n; k++)
        token_done(&line->tokens[k]);
    free(line->tokens);
}

static isd_status line_add(struct line *line, struct token token, isd_error *err)
{
    if (line->n == line->size) {
        int size = line->size ? 2 * line->size : 8;
        struct token *tokens = realloc(line->tokens, (size_t)size * sizeof *tokens);
        if (!tokens) {
            token_done(&token);
            return isd_error_memory(err);
        }
        line->tokens = tokens;
        line->size = size;
    }
    line->tokens[line->n++] = token;
    return ISD_OK;
}

/* The place of a word, put into the error that speaks of it. */
static isd_status at(const struct line *line, const struct token *token, isd_error *err)
{
    isd_error_at(err, line->script, token->line, token->column);
    return ISD_USAGE;
}

/* --- values --- */

static isd_status check_choice(const struct option_spec *option, const char *value, isd_error *err)
{
    char near[64];

    if (choice_known(option->choices, value))
        return ISD_OK;
    if (option->kind == OPT_COLUMN)
        isd_error_set(err, ISD_USAGE, "%s='%s' is no column", option->name, value);
    else
        isd_error_set(err, ISD_USAGE, "%s='%s' is not one of %s", option->name, value, option->choices);
    bool typo = option->kind != OPT_COLUMN || strlen(value) > 2; /* every column of one letter is near a shorter word */
    if (typo && choice_suggest(option->choices, value, near, sizeof near))
        isd_error_hint(err, "%s=%s", option->name, near);
    else if (option->kind == OPT_COLUMN)
        isd_error_hint(err, "one of %s", option->choices);
    return ISD_USAGE;
}

static isd_status refuse_range(const struct option_spec *option, const char *value, isd_error *err)
{
    if (option->high < HUGE_VAL)
        return isd_error_set(err, ISD_USAGE, "%s=%s is out of range: %.10g to %.10g", option->name, value,
                             option->low, option->high);
    return isd_error_set(err, ISD_USAGE, "%s=%s is out of range: it must be %s", option->name, value,
                         option->low > 0.0 ? "above 0" : "at least 0");
}

static isd_status check_number(const struct option_spec *option, const char *value, isd_error *err)
{
    double number;

    if (!scan_whole_double(value, &number))
        return isd_error_set(err, ISD_USAGE, "%s='%s' is no number", option->name, value);
    if (option->kind == OPT_COUNT && number != nearbyint(number))
        return isd_error_set(err, ISD_USAGE, "%s=%s is no whole number", option->name, value);
    if (!(number >= option->low && number <= option->high))
        return refuse_range(option, value, err);
    return ISD_OK;
}

static isd_status check_value(const struct option_spec *option, const char *value, isd_error *err)
{
    if (!value || !value[0]) {
        isd_error_set(err, ISD_USAGE, "%s needs a value", option->name);
        isd_error_hint(err, "%s=VALUE    %s", option->name, option->help);
        return ISD_USAGE;
    }
    switch (option->kind) {
    case OPT_CHOICE:
    case OPT_COLUMN:
        return check_choice(option, value, err);
    case OPT_REAL:
    case OPT_COUNT:
        return check_number(option, value, err);
    case OPT_WORD:
    case OPT_PATH:
    case OPT_LIST:
    case OPT_EXPR:
        break;
    }
    return ISD_OK;
}

static isd_status refuse_option(const struct command_spec *spec, const char *name, isd_error *err)
{
    struct suggestion nearest = {.word = name};

    isd_error_set(err, ISD_USAGE, "there is no option '%s'", name);
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++)
        suggest_try(&nearest, spec->options[k].name);
    if (nearest.best) {
        isd_error_hint(err, "%s=", nearest.best);
        return ISD_USAGE;
    }
    if (spec->arguments[0].kind == ARG_PATH && spec->arguments[0].name) {
        isd_error_hint(err, "quotes around a path with = in it    (help %s lists the options)", spec->name);
        return ISD_USAGE;
    }
    isd_error_hint(err, "help %s", spec->name);
    return ISD_USAGE;
}

/* A copy; a relative path begins in the script's folder. */
static char *copy_value(const struct command_call *call, const char *value, bool is_path)
{
    if (!is_path || !call->folder || value[0] == '/')
        return strdup(value);
    size_t length = strlen(call->folder), size = length + strlen(value) + 1;
    char *copy = malloc(size);
    if (copy)
        snprintf(copy, size, "%s%s", call->folder, value);
    return copy;
}

static isd_status add_option(struct command_call *call, const char *name, size_t length, const char *value,
                             isd_error *err)
{
    char short_name[64];

    if (length >= sizeof short_name)
        length = sizeof short_name - 1;
    memcpy(short_name, name, length);
    short_name[length] = '\0';
    const struct option_spec *option = command_option(call->spec, name, length);
    if (!option)
        return refuse_option(call->spec, short_name, err);
    if (call_option(call, option->name))
        return isd_error_set(err, ISD_USAGE, "%s= is given twice", option->name);
    isd_status status = check_value(option, value, err);
    if (status)
        return status;
    char *copy = copy_value(call, value, option->kind == OPT_PATH);
    if (!copy)
        return isd_error_memory(err);
    call->options[call->n_options++] = (struct given_option){option, copy};
    return ISD_OK;
}

/* --- words --- */

static int n_arguments(const struct command_spec *spec)
{
    int n = 0;

    while (n < COMMAND_MAX_ARGUMENTS && spec->arguments[n].name)
        n++;
    return n;
}

/* The argument that word k of a call belongs to, or NULL when there are too many words. */
static const struct argument_spec *argument_of(const struct command_spec *spec, int k)
{
    int n = n_arguments(spec);

    if (k < n)
        return &spec->arguments[k];
    if (n > 0 && (spec->arguments[n - 1].many || spec->arguments[n - 1].kind == ARG_REST))
        return &spec->arguments[n - 1];
    return NULL;
}

isd_status help_check(const char *word, isd_error *err)
{
    const char *near = command_suggest(word);
    struct suggestion nearest = {.word = word};
    struct topic topic;

    if (command_find(word) || topic_find(word, &topic))
        return ISD_OK;
    for (int k = 0; !near && topic_at(k, &topic); k++) {
        suggest_try(&nearest, topic.name);
        near = nearest.best;
    }
    isd_error_set(err, ISD_USAGE, "there is no command '%s', and no help on it", word);
    isd_error_hint(err, "help%s%s", near ? " " : "", near ? near : "    lists all; apropos WORD searches, help physics defines");
    return ISD_USAGE;
}

static isd_status check_word(const struct argument_spec *argument, const char *word, isd_error *err)
{
    char near[64];

    switch (argument->kind) {
    case ARG_FRAMES:
        return frames_check(word, err);
    case ARG_PAIR:
    case ARG_PAIR_OR_TW:
        return pair_check(word, err);
    case ARG_COMMAND:
        return help_check(word, err);
    case ARG_PATH:
    case ARG_SYSTEM:
        return word[0] ? ISD_OK : isd_error_set(err, ISD_USAGE, "a path is empty");
    case ARG_WORD:
    case ARG_VIEW:
        if (!argument->choices || choice_known(argument->choices, word))
            return ISD_OK;
        isd_error_set(err, ISD_USAGE, "'%s' is not %s%s", word, strchr(argument->choices, '|') ? "one of " : "the word ", argument->choices);
        if (choice_suggest(argument->choices, word, near, sizeof near))
            isd_error_hint(err, "%s", near);
        return ISD_USAGE;
    case ARG_REST:
        break;
    }
    return ISD_OK;
}

static isd_status add_word(struct command_call *call, const struct token *token, isd_error *err)
{
    const char *word = token->text;
    const struct argument_spec *argument = argument_of(call->spec, call->n_words);

    if (!argument) {
        isd_error_set(err, ISD_USAGE, "'%s' is one word too many", word);
        isd_error_hint(err, "help %s", call->spec->name);
        return ISD_USAGE;
    }
    isd_status status = check_word(argument, word, err);
    if (status)
        return status;
    bool is_path = argument->kind == ARG_PATH || (argument->kind == ARG_SYSTEM && strchr(word, '/'));
    call->words[call->n_words] = copy_value(call, word, is_path);
    if (!call->words[call->n_words])
        return isd_error_memory(err);
    call->places[call->n_words++] = (struct place){token->line, token->column};
    return ISD_OK;
}

/* What is missing after all words are in. */
static isd_status check_complete(const struct command_call *call, isd_error *err)
{
    const struct command_spec *spec = call->spec;
    int n = n_arguments(spec);

    if (n > 0 && spec->arguments[0].kind == ARG_PAIR_OR_TW) {
        if ((call->n_words > 0) == call_has(call, "tw")) {
            isd_error_set(err, ISD_USAGE,
                          call->n_words ? "a pair and tw= are given: one of them is expected"
                                        : "a pair A:B or tw=X is expected");
            isd_error_hint(err, "%s 0:last    or %s tw=500", spec->name, spec->name);
            return ISD_USAGE;
        }
        return ISD_OK;
    }
    if (call->n_words < n && !spec->arguments[call->n_words].optional &&
        spec->arguments[call->n_words].kind != ARG_REST) {
        const struct argument_spec *missing = &spec->arguments[call->n_words];
        isd_error_set(err, ISD_USAGE, "%s is missing", missing->name);
        if (missing->choices) {
            isd_error_hint(err, "one of %s", missing->choices);
            return ISD_USAGE;
        }
        isd_error_hint(err, "help %s", spec->name);
        return ISD_USAGE;
    }
    if ((spec->flags & COMMAND_NAME_VALUE) && call->n_options == 0) {
        isd_error_set(err, ISD_USAGE, "nothing to %s", spec->name);
        isd_error_hint(err, "help %s", spec->name);
        return ISD_USAGE;
    }
    return ISD_OK;
}

/* --- a command --- */

/* "set ascii on": token k names an option and the next one is its value. */
static bool is_name_value(const struct command_spec *spec, const struct line *line, int k)
{
    return (spec->flags & COMMAND_NAME_VALUE) && k + 1 < line->n;
}

/* Tokens from `first` on. Each error gets the place of its token. */
static isd_status take_tokens(struct command_call *call, const struct line *line, int first, isd_error *err)
{
    bool plain = call->spec->arguments[0].name && call->spec->arguments[0].kind == ARG_REST;

    for (int k = first; k < line->n; k++) {
        const struct token *token = &line->tokens[k];
        const char *name, *value;
        size_t length;
        isd_status status;

        if (!plain && token_is_option(token, &name, &length, &value)) {
            status = add_option(call, name, length, value, err);
        } else if (is_name_value(call->spec, line, k)) {
            status = add_option(call, token->text, strlen(token->text), line->tokens[k + 1].text, err);
            k++;
        } else {
            status = add_word(call, token, err);
        }
        if (status) {
            at(line, token, err);
            return status;
        }
    }
    isd_status status = check_complete(call, err);
    if (status)
        at(line, &line->tokens[0], err);
    return status;
}

/* "strict=on" alone means "set strict=on". */
static const struct command_spec *find_verb(const struct token *verb, int *ret_first)
{
    const struct command_spec *set = command_find("set");
    const char *name, *value;
    size_t length;

    *ret_first = 1;
    if (set && token_is_option(verb, &name, &length, &value) && command_option(set, name, length)) {
        *ret_first = 0;
        return set;
    }
    return command_find(verb->text);
}

static isd_status refuse_verb(const struct line *line, isd_error *err)
{
    const struct token *verb = &line->tokens[0];

    isd_error_set(err, ISD_USAGE, "there is no command '%s'", verb->text);
    const char *near = command_suggest(verb->text);
    if (near)
        isd_error_hint(err, "%s", near);
    else
        isd_error_hint(err, "help");
    return at(line, verb, err);
}

/* The command as written, without joined line ends, escaped. */
static char *shown_text(const char *begin, size_t length)
{
    char *plain = malloc(length + 1), *shown = malloc(4 * length + 1);
    size_t n = 0;

    for (size_t k = 0; plain && k < length; k++) {
        size_t left = length - k;
        if (left >= 2 && begin[k] == '\\' && begin[k + 1] == '\n')
            k++;
        else if (left >= 3 && begin[k] == '\\' && begin[k + 1] == '\r' && begin[k + 2] == '\n')
            k += 2;
        else
            plain[n++] = begin[k];
    }
    if (plain && shown)
        text_escape(plain, n, shown, 4 * length + 1);
    else {
        free(shown);
        shown = NULL;
    }
    free(plain);
    return shown;
}

static isd_status make_call(const struct script *script, const struct line *line,
                            struct command_call **ret_call, isd_error *err)
{
    int first;
    const struct command_spec *spec = find_verb(&line->tokens[0], &first);
    isd_error place = {.status = ISD_OK};

    if (!spec)
        return refuse_verb(line, err);
    struct command_call *call = calloc(1, sizeof *call);
    if (!call)
        return isd_error_memory(err);
    call->spec = spec;
    call->words = calloc((size_t)line->n, sizeof *call->words);
    call->places = calloc((size_t)line->n, sizeof *call->places);
    call->script = strdup(line->script);
    call->folder = script->folder;
    call->text = shown_text(script->begin, script->length);
    isd_error_at(&place, line->script, line->tokens[0].line, line->tokens[0].column);
    call->where = strdup(place.where);
    isd_status status = !call->words || !call->places || !call->script || !call->text || !call->where
                            ? isd_error_memory(err)
                            : take_tokens(call, line, first, err);
    if (status) {
        command_call_free(call);
        return status;
    }
    call->folder = NULL;
    *ret_call = call;
    return ISD_OK;
}

/* All words up to the end of the command; the lexer stands behind it, after an error too. */
static isd_status read_line(struct lexer *lexer, struct line *line, isd_error *err)
{
    isd_status status = ISD_OK;

    for (;;) {
        struct token token;
        switch (lex_word(lexer, &token)) {
        case LEX_END:
            return status;
        case LEX_MEMORY:
            lex_skip_line(lexer);
            return isd_error_memory(err);
        case LEX_OPEN:
            lex_skip_line(lexer);
            isd_error_set(err, ISD_USAGE, lex_is_block(token.begin) ? "a block is not closed: there is no } for its {"
                                                                    : "a quote is not closed on its line");
            status = at(line, &token, err);
            token_done(&token);
            return status;
        case LEX_WORD:
            if (status) {
                token_done(&token); /* out of memory: only pass the rest */
                break;
            }
            status = line_add(line, token, err);
            break;
        }
    }
}

isd_status command_parse(struct script *script, struct command_call **ret_call, isd_error *err)
{
    struct lexer lexer = {script->text, script->line > 0 ? script->line : 1,
                          script->column > 0 ? script->column : 1};
    struct line line = {.script = script->name};

    lex_start(&lexer);
    script->begin = lexer.p;
    script->command[0] = '\0';
    isd_status status = read_line(&lexer, &line, err);
    size_t length = (size_t)(lexer.p - script->begin);
    while (length > 0 && strchr(" \t\r", script->begin[length - 1]))
        length--;
    script->length = length;
    script->text = lexer.p;
    script->line = lexer.line;
    script->column = lexer.column;
    if (line.n > 0)
        text_escape(line.tokens[0].text, strlen(line.tokens[0].text), script->command,
                    sizeof script->command);
    if (!status && line.n == 0)
        *ret_call = NULL;
    else if (!status)
        status = make_call(script, &line, ret_call, err);
    line_done(&line);
    return status;
}

/* --- reading a call --- */

const struct command_spec *call_spec(const struct command_call *call)
{
    return call->spec;
}

const char *call_text(const struct command_call *call)
{
    return call->text;
}

const char *call_where(const struct command_call *call)
{
    return call->where;
}

int call_n_words(const struct command_call *call)
{
    return call->n_words;
}

int call_n_options(const struct command_call *call)
{
    return call->n_options;
}

const char *call_word(const struct command_call *call, int k)
{
    return k >= 0 && k < call->n_words ? call->words[k] : NULL;
}

void call_error_at_word(const struct command_call *call, int k, isd_error *err)
{
    if (k >= 0 && k < call->n_words)
        isd_error_at(err, call->script, call->places[k].line, call->places[k].column);
}

const char *call_option(const struct command_call *call, const char *name)
{
    for (int k = 0; k < call->n_options; k++)
        if (strcmp(call->options[k].spec->name, name) == 0)
            return call->options[k].value;
    return NULL;
}

bool call_has(const struct command_call *call, const char *name)
{
    return call_option(call, name) != NULL;
}

double call_real(const struct command_call *call, const char *name, double fallback)
{
    const char *value = call_option(call, name);
    double number;

    return value && scan_whole_double(value, &number) ? number : fallback;
}

long call_count(const struct command_call *call, const char *name, long fallback)
{
    const char *value = call_option(call, name);
    double number;

    return value && scan_whole_double(value, &number) ? (long)number : fallback;
}

bool call_is(const struct command_call *call, const char *name, const char *choice)
{
    const char *value = call_option(call, name);
    const struct option_spec *option = command_option(call->spec, name, strlen(name));
    size_t length = strlen(choice);

    if (value)
        return strcmp(value, choice) == 0;
    return option && option->choices && strcspn(option->choices, "|") == length &&
           memcmp(option->choices, choice, length) == 0;
}
