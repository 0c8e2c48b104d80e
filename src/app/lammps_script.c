/* What interacts how, out of a whole LAMMPS input script. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/lammps_script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/script_variables.h"
#include "app/suggest.h"
#include "pot/table_file.h"

#define LINE_SIZE 8192
#define MOST_WORDS 128
#define MOST_PASSED 60 /* verbs passed over that are named one by one */

#define TAKEN "units|dimension|boundary|timestep|mass|labelmap|pair_style|pair_coeff|pair_modify"
#define OF_PAIRS "pair_style|pair_coeff|pair_modify"
/* Forces that are not here, so that taking the rest alone would be wrong. */
#define REFUSED "bond_style|angle_style|dihedral_style|improper_style|kspace_style|read_restart|kim|kim_init"
/* What changes the course of a script: harmless behind the last line that was taken. */
#define COURSE "if|jump|next|include|clear|python"

struct passed {
    char verb[32];
    int count;
};

struct reader {
    const char *path, *at; /* at: the next line */
    long line, next_line;  /* of the logical line read last, and behind it */
    char text[LINE_SIZE], filled[LINE_SIZE];
    char *word[MOST_WORDS];
    int n_words;
    long last_style; /* line of the last pair_style, 0: none */
    long course;     /* line of a COURSE verb passed over, 0: none */
    char course_verb[32];
    struct script_variables *variables;
    struct system_settings *system;
    struct passed passed[MOST_PASSED];
    int n_passed, n_more;
};

/* --- lines and words --- */

static void strip_comment(char *text)
{
    char quote = 0;
    for (char *p = text; *p; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '#') {
            *p = '\0';
            return;
        }
    }
}

static void strip_end(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
}

/* The next logical line, joined at &, into r->text; false at the end. */
static bool next_line(struct reader *r, bool *ret_too_long)
{
    size_t length = 0;

    *ret_too_long = false;
    if (!*r->at)
        return false;
    r->line = r->next_line;
    for (bool more = true; more && *r->at;) {
        size_t part = strcspn(r->at, "\n");
        if (length + part + 2 > sizeof r->text) {
            *ret_too_long = true;
            return true;
        }
        memcpy(r->text + length, r->at, part);
        r->text[length + part] = '\0';
        r->at += part + (r->at[part] == '\n');
        r->next_line++;
        strip_end(r->text + length);
        length += strlen(r->text + length);
        more = length > 0 && r->text[length - 1] == '&';
        if (more)
            r->text[length - 1] = ' ';
    }
    strip_comment(r->text);
    return true;
}

/* Splits `text` in place into r->word; quotes hold blanks and are taken off. */
static isd_status split(struct reader *r, char *text, isd_error *err)
{
    r->n_words = 0;
    for (char *p = text; *p;) {
        while (isspace((unsigned char)*p))
            p++;
        if (!*p)
            break;
        if (r->n_words == MOST_WORDS)
            return isd_error_set(err, ISD_DATA, "the line has more than %d words", MOST_WORDS);
        char quote = *p == '"' || *p == '\'' ? *p : 0;
        r->word[r->n_words++] = quote ? ++p : p;
        while (*p && (quote ? *p != quote : !isspace((unsigned char)*p)))
            p++;
        if (quote && !*p)
            return isd_error_set(err, ISD_DATA, "a %c is missing", quote);
        if (*p)
            *p++ = '\0';
    }
    return ISD_OK;
}

/* The verb of r->text. */
static void verb_of(const struct reader *r, char out[32])
{
    const char *p = r->text + strspn(r->text, " \t\r");
    snprintf(out, 32, "%.*s", (int)strcspn(p, " \t\r"), p);
}

static isd_status fill(struct reader *r, isd_error *err)
{
    isd_status status = script_variables_substitute(r->variables, r->text, r->filled, sizeof r->filled, err);
    return status ? status : split(r, r->filled, err);
}

/* --- what a line does --- */

/* A variable that cannot be worked out matters only where it is used. */
static isd_status define(struct reader *r, isd_error *err)
{
    isd_error why = {0};
    isd_status status = fill(r, &why);
    if (!status)
        status = script_variables_define(r->variables, (const char *const *)r->word + 1, r->n_words - 1, &why);
    if (!status || status == ISD_MEMORY)
        return status ? isd_error_memory(err) : ISD_OK;
    status = split(r, r->text, err);
    if (status || r->n_words < 2)
        return status;
    return script_variables_spoil(r->variables, r->word[1], why.what, err);
}

/* The file of pair_coeff * * FILE, from the script's folder if it is there. */
static void look_beside(const struct reader *r, char *out, size_t size, const char **word)
{
    const char *slash = strrchr(r->path, '/');
    struct stat about;

    if (!slash || **word == '/')
        return;
    int needed = snprintf(out, size, "%.*s/%s", (int)(slash - r->path), r->path, *word);
    if (needed > 0 && (size_t)needed < size && stat(out, &about) == 0)
        *word = out;
}

static isd_status take(struct reader *r, isd_error *err)
{
    char beside[SYSTEM_PATH_SIZE];

    if (r->course)
        return isd_error_set(err, ISD_UNSUPPORTED,
                             "this line stands behind '%s' of line %ld, which is not carried out here", r->course_verb,
                             r->course);
    isd_status status = fill(r, err);
    if (status)
        return status;
    const char **words = (const char **)r->word;
    if (strcmp(words[0], "pair_coeff") == 0 && r->n_words > 4 && r->system->style >= SYSTEM_EAM_ALLOY)
        look_beside(r, beside, sizeof beside, &words[3]);
    return system_line(r->system, words[0], words + 1, r->n_words - 1, err);
}

static void pass(struct reader *r, const char *verb)
{
    if (choice_known(COURSE, verb) && !r->course) {
        r->course = r->line;
        snprintf(r->course_verb, sizeof r->course_verb, "%s", verb);
    }
    for (int k = 0; k < r->n_passed; k++)
        if (strcmp(r->passed[k].verb, verb) == 0) {
            r->passed[k].count++;
            return;
        }
    if (r->n_passed == MOST_PASSED) {
        r->n_more++;
        return;
    }
    snprintf(r->passed[r->n_passed].verb, sizeof r->passed[0].verb, "%s", verb);
    r->passed[r->n_passed++].count = 1;
}

static isd_status one_line(struct reader *r, isd_error *err)
{
    char verb[32];

    verb_of(r, verb);
    if (!verb[0] || strcmp(verb, "label") == 0)
        return ISD_OK;
    if (strcmp(verb, "variable") == 0)
        return define(r, err);
    if (choice_known(COURSE, verb) && strstr(r->text, "pair_"))
        return isd_error_set(err, ISD_UNSUPPORTED, "%s is not carried out here, and this one touches the potential", verb);
    if (choice_known(REFUSED, verb))
        return isd_error_set(err, ISD_UNSUPPORTED, "%s: forces of this kind are not supported", verb);
    if (choice_known(OF_PAIRS, verb) && r->line < r->last_style) {
        pass(r, verb); /* of a potential that a later pair_style replaces */
        return ISD_OK;
    }
    if (choice_known(TAKEN, verb))
        return take(r, err);
    pass(r, verb);
    return ISD_OK;
}

/* --- the script --- */

static void rewind_script(struct reader *r, const struct table_file *file)
{
    r->at = file->text;
    r->line = 0;
    r->next_line = 1;
}

static isd_status find_last_style(struct reader *r, const struct table_file *file, isd_error *err)
{
    char verb[32];
    bool too_long;

    rewind_script(r, file);
    while (next_line(r, &too_long)) {
        if (too_long)
            return isd_error_set(err, ISD_DATA, "this line is longer than %d characters: no LAMMPS script",
                                 LINE_SIZE - 2);
        verb_of(r, verb);
        if (strcmp(verb, "pair_style") == 0)
            r->last_style = r->line;
    }
    return ISD_OK;
}

static void tell_passed(const struct reader *r, system_note_fn *note, void *note_arg)
{
    char text[1400];
    int length = snprintf(text, sizeof text, "%.200s: passed over:", r->path);

    for (int k = 0; k < r->n_passed && length < (int)sizeof text - 80; k++) {
        const struct passed *p = &r->passed[k];
        length += snprintf(text + length, sizeof text - (size_t)length, "%s %s", k ? "," : "", p->verb);
        if (p->count > 1)
            length += snprintf(text + length, sizeof text - (size_t)length, " (%d)", p->count);
    }
    if (r->n_more > 0)
        snprintf(text + length, sizeof text - (size_t)length, " and %d more lines", r->n_more);
    if (note && r->n_passed > 0)
        note(note_arg, text);
}

static isd_status read_lines(struct reader *r, const struct table_file *file, isd_error *err)
{
    bool too_long;

    isd_status status = find_last_style(r, file, err);
    if (!status)
        rewind_script(r, file);
    while (!status && next_line(r, &too_long))
        status = one_line(r, err);
    if (status && err && !err->where[0]) /* the place in a potential's file says more */
        isd_error_at(err, r->path, r->line, 0);
    return status;
}

isd_status lammps_script_read(struct system_settings *system, const char *path, system_note_fn *note, void *note_arg,
                              isd_error *err)
{
    struct table_file file = {0};
    struct reader *r = calloc(1, sizeof *r);
    struct system_settings *made = malloc(sizeof *made);
    isd_status status = r && made ? ISD_OK : isd_error_memory(err);

    if (!status)
        status = table_file_open(path, &file, err);
    if (!status)
        status = script_variables_new(&r->variables, err);
    if (!status) {
        *made = *system;
        r->path = path;
        r->system = made;
        status = read_lines(r, &file, err);
    }
    if (!status) {
        *system = *made;
        tell_passed(r, note, note_arg);
        if (!r->last_style && note)
            note(note_arg, "the script has no pair_style: the potential is what it was");
    }
    if (r)
        script_variables_free(r->variables);
    table_file_close(&file);
    free(made);
    free(r);
    return status;
}
