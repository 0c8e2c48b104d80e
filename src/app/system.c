/* Systems by name: what the lines of their files make. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/lex.h"
#include "app/potential_path.h"
#include "app/suggest.h"
#include "app/system_file.h"
#include "base/text.h"

#define MOST_WORDS (2 * ISD_MAX_TYPES + 4) /* labelmap of all types */
#define LINES "units|dimension|mass|labelmap|pair_style|pair_coeff|pair_modify"
#define SILICA "munetoh2007"  /* numbers that are part of the program */
#define TO_BE_NAMED "potential=" /* a potential whose file the user has to name */

void system_init(struct system_settings *ret_system)
{
    memset(ret_system, 0, sizeof *ret_system);
    ret_system->timestep = NAN;
    for (int k = 0; k < 3; k++)
        ret_system->periodic[k] = true;
}

/* --- reading a file --- */

struct reader {
    const struct system_file *file;
    struct system_wish wish;
    system_note_fn *note;
    void *note_arg;
    struct system_settings system; /* being made */
    struct token token[MOST_WORDS];
    const char *word[MOST_WORDS];
    int n_words;
    char published[256], citation[256], sha256[SHA256_TEXT]; /* of the line `published`, "" before it */
};

/* Everything anew but the time step and the boundary. */
static void start(struct reader *r, const struct system_settings *before)
{
    system_init(&r->system);
    r->system.timestep = before->timestep;
    r->system.boundary_set = before->boundary_set;
    memcpy(r->system.periodic, before->periodic, sizeof before->periodic);
}

/* published FILE CITATION [SHA256] */
static isd_status take_published(struct reader *r, isd_error *err)
{
    if (r->n_words < 3 || r->n_words > 4)
        return isd_error_set(err, ISD_USAGE, "published takes the name of a file, in quotes where it was published, and its SHA-256 if known");
    if (strlen(r->word[1]) >= sizeof r->published || strlen(r->word[2]) >= sizeof r->citation)
        return isd_error_set(err, ISD_USAGE, "a name or citation of more than 255 bytes");
    if (r->n_words == 4 && strlen(r->word[3]) != SHA256_TEXT - 1)
        return isd_error_set(err, ISD_USAGE, "a SHA-256 has %d digits", SHA256_TEXT - 1);
    snprintf(r->published, sizeof r->published, "%s", r->word[1]);
    snprintf(r->citation, sizeof r->citation, "%s", r->word[2]);
    snprintf(r->sha256, sizeof r->sha256, "%s", r->n_words == 4 ? r->word[3] : "");
    return ISD_OK;
}

/* The file of a potential beside that of the system. */
static bool beside(const struct reader *r, const char *name, char *out, size_t size)
{
    const char *slash = strrchr(r->file->path, '/');
    struct stat about;
    int needed = slash && name[0] != '/' ? snprintf(out, size, "%.*s/%s", (int)(slash - r->file->path), r->file->path, name) : -1;
    return needed > 0 && (size_t)needed < size && stat(out, &about) == 0;
}

static isd_status find_potential(struct reader *r, char *out, size_t size, isd_error *err)
{
    const char *name = r->word[3];
    const struct potential_source source = {.file = r->published, .sha256 = r->sha256[0] ? r->sha256 : NULL, .publication = r->citation};

    if (!r->wish.potential && beside(r, name, out, size))
        return ISD_OK;
    if (r->wish.potential || strcmp(name, r->published) == 0 || strcmp(name, TO_BE_NAMED) == 0)
        return potential_path_published(r->file->name, r->wish.potential, r->published[0] ? &source : NULL, out, size, r->note,
                                        r->note_arg, err);
    return potential_path_find(name, out, size, err);
}

/* pair_coeff * * FILE ELEMENT ...: potential= takes the place of the file. */
static isd_status take_file(struct reader *r, isd_error *err)
{
    char path[SYSTEM_PATH_SIZE];
    bool silica = strcmp(r->word[3], SILICA) == 0 && r->system.style == SYSTEM_TERSOFF;

    if (r->wish.variant && !silica)
        return isd_error_set(err, ISD_USAGE, "variant= belongs to system sio2, not to %s", r->file->name);
    if (silica && !r->wish.potential) {
        r->system.rounded = r->wish.rounded;
        return system_elements(&r->system, SYSTEM_SIO2, NULL, r->word + 4, r->n_words - 4, false, NULL, NULL, err);
    }
    isd_status status = find_potential(r, path, sizeof path, err);
    if (status)
        return status;
    enum system_style style = r->system.style;
    bool eam = style == SYSTEM_EAM_ALLOY || style == SYSTEM_EAM_FS;
    if (eam && r->wish.potential)
        style = SYSTEM_EAM_FS; /* or the other: whichever the file is */
    return system_elements(&r->system, style, path, r->word + 4, r->n_words - 4, eam && r->wish.potential, r->note, r->note_arg, err);
}

static isd_status take_line(struct reader *r, isd_error *err)
{
    const char *verb = r->word[0];
    char near[64];

    if (strcmp(verb, "published") == 0)
        return take_published(r, err);
    if (!choice_known(LINES, verb)) {
        isd_error_set(err, ISD_USAGE, "'%s' is no line of a system: " LINES " and published are", verb);
        if (choice_suggest(LINES, verb, near, sizeof near))
            isd_error_hint(err, "%s", near);
        return ISD_USAGE;
    }
    if (strcmp(verb, "pair_coeff") == 0 && r->system.style >= SYSTEM_EAM_ALLOY && r->n_words > 4 && strcmp(r->word[1], "*") == 0 &&
        strcmp(r->word[2], "*") == 0)
        return take_file(r, err);
    isd_status status = system_line(&r->system, verb, r->word + 1, r->n_words - 1, err);
    if (!status && r->system.style >= SYSTEM_EAM_ALLOY && r->wish.pair_options)
        return isd_error_set(err, ISD_USAGE, "rc=, shift= and smooth= belong to Lennard-Jones systems, as ka3d, ka2d and wca, not to system %s",
                             r->file->name);
    return status;
}

static void forget_words(struct reader *r)
{
    while (r->n_words > 0)
        token_done(&r->token[--r->n_words]);
}

/* The words of a line; none at the end of the file. */
static isd_status read_words(struct reader *r, struct lexer *lexer, isd_error *err)
{
    lex_start(lexer);
    for (;;) {
        struct token token;
        enum lex_kind kind = lex_word(lexer, &token);
        if (kind == LEX_END)
            return ISD_OK;
        if (kind == LEX_MEMORY)
            return isd_error_memory(err);
        if (kind == LEX_OPEN || r->n_words == MOST_WORDS) {
            token_done(&token);
            return isd_error_set(err, ISD_USAGE, kind == LEX_OPEN ? "a quote is not closed on its line" : "a line of too many words");
        }
        r->word[r->n_words] = token.text;
        r->token[r->n_words++] = token;
    }
}

/* What is missing after the last line. */
static isd_status check_whole(const struct reader *r, isd_error *err)
{
    const struct system_settings *system = &r->system;

    if (!system_has_potential(system))
        return isd_error_set(err, ISD_USAGE, "a system needs a pair_style and its pair_coeff lines");
    if (system->style >= SYSTEM_EAM_ALLOY ? system->n_elements == 0 : !system->pair[1][1].set)
        return isd_error_set(err, ISD_USAGE, "a system needs pair_coeff lines behind its pair_style");
    if (r->wish.variant && system->style < SYSTEM_EAM_ALLOY)
        return isd_error_set(err, ISD_USAGE, "variant= belongs to system sio2, not to %s", r->file->name);
    return ISD_OK;
}

/* Errors in a file of the user's get its place; what comes with the program has none that are not the caller's own. */
static isd_status read_lines(struct reader *r, isd_error *err)
{
    struct lexer lexer = {r->file->text, 1, 1};
    isd_status status = ISD_OK;
    long line = 0, column = 0;

    while (!status) {
        status = read_words(r, &lexer, err);
        line = r->n_words > 0 ? r->token[0].line : lexer.line;
        column = r->n_words > 0 ? r->token[0].column : 0;
        if (!status && r->n_words == 0)
            break;
        status = status ? status : take_line(r, err);
        forget_words(r);
    }
    forget_words(r);
    if (!status) {
        status = check_whole(r, err);
        line = column = 0;
    }
    if (status && r->file->path[0] && err && !err->where[0])
        isd_error_at(err, r->file->path, line, column);
    return status;
}

static isd_status take(struct system_settings *system, const struct system_file *file, const struct system_wish *wish,
                       system_note_fn *note, void *note_arg, isd_error *err)
{
    struct reader *r = calloc(1, sizeof *r);

    if (!r)
        return isd_error_memory(err);
    r->file = file;
    r->note = note;
    r->note_arg = note_arg;
    if (wish)
        r->wish = *wish;
    start(r, system);
    isd_status status = read_lines(r, err);
    if (!status) {
        r->system.dimension_said = false;
        snprintf(r->system.name, sizeof r->system.name, "%s", file->name);
        *system = r->system;
    }
    free(r);
    return status;
}

isd_status system_named(struct system_settings *system, const char *name, const struct system_wish *wish, system_note_fn *note,
                        void *note_arg, isd_error *err)
{
    struct system_file file;
    isd_status status = system_file_find(name, &file, err);

    if (status)
        return status;
    status = take(system, &file, wish, note, note_arg, err);
    if (!status && file.hides && note) {
        char shown[SYSTEM_PATH_SIZE], text[SYSTEM_PATH_SIZE + 128];
        text_escape(file.path, strlen(file.path), shown, sizeof shown);
        snprintf(text, sizeof text, "note: system %s is that of %s, not the one that comes with the program", file.name, shown);
        note(note_arg, text);
    }
    system_file_done(&file);
    return status;
}

isd_status system_builtin(struct system_settings *system, const char *name, isd_error *err)
{
    struct system_file file;
    isd_status status = system_file_builtin(name, &file, err);

    if (status)
        return status;
    status = take(system, &file, NULL, NULL, NULL, err);
    system_file_done(&file);
    return status;
}

isd_status system_named_cutoff(struct system_settings *system, double factor, isd_error *err)
{
    if (!system->name[0] || system->style < SYSTEM_LJ || system->style >= SYSTEM_EAM_ALLOY)
        return isd_error_set(err, ISD_USAGE, "rc= belongs to a Lennard-Jones system");
    if (!(factor > 0.0) || !isfinite(factor))
        return isd_error_set(err, ISD_USAGE,
                             "rc= must be positive: the cutoff in units of each pair's sigma");
    for (int i = 1; i <= ISD_MAX_TYPES; i++)
        for (int j = i; j <= ISD_MAX_TYPES; j++)
            if (system->pair[i][j].set)
                system->pair[i][j].cutoff = factor * system->pair[i][j].sigma;
    system->lj_cutoff = system->pair[1][1].cutoff;
    return ISD_OK;
}

bool system_has_potential(const struct system_settings *system)
{
    return system->style != SYSTEM_NONE;
}
