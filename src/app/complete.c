/* What may come next on a line. SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/lex.h"
#include "app/suggest.h"
#include "app/system_file.h"
#include "app/topic.h"
#include "base/text.h"

#define MOST_FRAMES 1000 /* more frame numbers than that help nobody */

/* The candidates found so far: those that begin with `prefix`. */
struct candidates {
    const char *prefix;
    char **items;
    size_t n, size;
    bool failed;
};

static void take(struct candidates *found, char *item)
{
    if (item && found->n + 1 >= found->size) {
        size_t size = found->size ? 2 * found->size : 16;
        char **items = realloc(found->items, size * sizeof *items);
        if (items) {
            found->items = items;
            found->size = size;
        } else {
            free(item);
            item = NULL;
        }
    }
    if (!item) {
        found->failed = true;
        return;
    }
    found->items[found->n++] = item;
    found->items[found->n] = NULL;
}

/* A candidate from three parts, if it begins as the prefix does. */
static void offer(struct candidates *found, const char *head, const char *body, const char *tail)
{
    char *item = NULL;

    if (found->failed)
        return;
    if (asprintf(&item, "%s%s%s", head, body, tail) < 0) {
        found->failed = true;
        return;
    }
    if (strncmp(item, found->prefix, strlen(found->prefix)) == 0)
        take(found, item);
    else
        free(item);
}

static void offer_choices(struct candidates *found, const char *head, const char *choices)
{
    char choice[64];

    for (int k = 0; choice_at(choices, k, choice, sizeof choice); k++)
        offer(found, head, choice, "");
}

/* --- files --- */

/* A path as a word of the command language; a folder's quote stays open so that typing goes on inside. */
static char *quote_path(const char *path, bool open)
{
    char *out = NULL;

    if (path[0] && path[0] != '-' && !strpbrk(path, " \t;#'\"\\=")) {
        out = strdup(path);
    } else if (!strchr(path, '\'')) {
        if (asprintf(&out, "'%s%s", path, open ? "" : "'") < 0)
            out = NULL;
    } else {
        out = malloc(2 * strlen(path) + 3);
        if (!out)
            return NULL;
        char *p = out;
        *p++ = '"';
        for (const char *c = path; *c; c++) {
            if (*c == '"' || *c == '\\')
                *p++ = '\\';
            *p++ = *c;
        }
        if (!open)
            *p++ = '"';
        *p = '\0';
    }
    return out;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 32 || *text == 127)
            return true;
    return false;
}

/* One entry of a folder; `head` is what stands before the path in the word ("write="). */
static void offer_entry(struct candidates *found, const char *head, const char *folder, const char *name)
{
    struct stat status;
    char *path = NULL, *item = NULL, *quoted = NULL;

    if (asprintf(&path, "%s%s", folder, name) < 0) {
        found->failed = true;
        return;
    }
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    char *whole = NULL;
    if (asprintf(&whole, "%s%s", path, is_folder ? "/" : "") < 0)
        whole = NULL;
    if (whole)
        quoted = quote_path(whole, is_folder);
    if (!quoted || asprintf(&item, "%s%s", head, quoted) < 0) {
        item = NULL;
        found->failed = true;
    }
    if (item)
        take(found, item);
    free(whole);
    free(quoted);
    free(path);
}

static void offer_files(struct candidates *found, const char *head, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *folder = strndup(path, (size_t)(base - path));
    struct dirent *entry;

    if (!folder) {
        found->failed = true;
        return;
    }
    DIR *dir = opendir(folder[0] ? folder : ".");
    while (dir && !found->failed && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || (name[0] == '.' && base[0] != '.'))
            continue;
        if (strncmp(name, base, strlen(base)) == 0 && !has_control(name))
            offer_entry(found, head, folder, name);
    }
    if (dir)
        closedir(dir);
    free(folder);
}

/* --- what the session knows --- */

static int32_t n_frames(struct session *session)
{
    return session && session_has_data(session) ? session_frame_count(session) : 0;
}

/* Frame numbers after `head`, each followed by `tail`. */
static void offer_frames(struct candidates *found, struct session *session, const char *head,
                         const char *tail)
{
    int32_t n = n_frames(session);
    char number[16];

    for (int32_t k = 0; k < n && k < MOST_FRAMES; k++) {
        snprintf(number, sizeof number, "%d", (int)k);
        offer(found, head, number, tail);
    }
    offer(found, head, "last", tail);
}

/* A list of frames is completed behind its last comma or dots. */
static void offer_frame_list(struct candidates *found, struct session *session)
{
    const char *start = found->prefix;

    for (const char *p = found->prefix; *p; p++)
        if (*p == ',' || (*p == '.' && p > found->prefix && p[-1] == '.'))
            start = p + 1;
    char *head = strndup(found->prefix, (size_t)(start - found->prefix));
    if (!head) {
        found->failed = true;
        return;
    }
    if (!head[0])
        offer(found, "", "all", "");
    offer_frames(found, session, head, "");
    free(head);
}

static void offer_pairs(struct candidates *found, struct session *session)
{
    const char *colon = strchr(found->prefix, ':');

    if (!colon) {
        offer_frames(found, session, "", ":");
        return;
    }
    char *head = strndup(found->prefix, (size_t)(colon + 1 - found->prefix));
    if (!head) {
        found->failed = true;
        return;
    }
    offer_frames(found, session, head, "");
    free(head);
}

/* Largest type of the first frame; 0 without data. */
static int n_types(struct session *session)
{
    return n_frames(session) > 0 ? session_frame_info(session, 0)->n_types : 0;
}

static void offer_types(struct candidates *found, struct session *session, const char *head)
{
    int n = n_types(session);

    for (int type = 1; type <= n; type++)
        offer(found, head, session_type_label(session, type), "");
}

static void offer_type_pairs(struct candidates *found, struct session *session, const char *head)
{
    int n = n_types(session);
    char pair[2 * ISD_LABEL_SIZE + 2];

    offer(found, head, "all", "");
    for (int i = 1; i <= n; i++)
        for (int j = i; j <= n; j++) {
            snprintf(pair, sizeof pair, "%.15s-%.15s", session_type_label(session, i),
                     session_type_label(session, j));
            offer(found, head, pair, "");
        }
}

static void offer_sets(struct candidates *found, struct session *session)
{
    for (int k = 0; session && k < session_set_count(session); k++)
        offer(found, "", session_set_name(session, k), "");
}

static void offer_systems(struct candidates *found)
{
    struct system_entry *entries = NULL;
    int n = 0;

    if (system_file_list(&entries, &n, NULL) != ISD_OK) {
        found->failed = true;
        return;
    }
    for (int k = 0; k < n; k++)
        offer(found, "", entries[k].name, "");
    free(entries);
}

/* --- the place on the line --- */

/* The command that the cursor stands in. */
struct place {
    struct token *tokens; /* its words before the one being typed */
    int n;
    struct token word; /* the one being typed, without quotes; text may be "" */
    int start;         /* where it begins in the line */
};

static void place_done(struct place *place)
{
    for (int k = 0; k < place->n; k++)
        token_done(&place->tokens[k]);
    free(place->tokens);
    token_done(&place->word);
}

static void forget_words(struct place *place)
{
    for (int k = 0; k < place->n; k++)
        token_done(&place->tokens[k]);
    place->n = 0;
}

static bool keep_word(struct place *place, struct token token)
{
    struct token *tokens = realloc(place->tokens, ((size_t)place->n + 1) * sizeof *tokens);

    if (!tokens) {
        token_done(&token);
        return false;
    }
    place->tokens = tokens;
    place->tokens[place->n++] = token;
    return true;
}

/* Reads text[0..length) up to its end: false when there is nothing to complete (a comment) or no memory. */
static bool find_place(const char *text, struct place *place)
{
    struct lexer lexer = {text, 1, 1};
    const char *end = text + strlen(text);

    for (;;) {
        struct token token;
        const char *before = lexer.p;
        enum lex_kind kind = lex_word(&lexer, &token);
        if (kind == LEX_MEMORY)
            return false;
        if (kind == LEX_END && *lexer.p) {
            forget_words(place);
            lexer.p++;
            continue;
        }
        if (kind == LEX_END) {
            place->word = (struct token){.text = calloc(1, 1), .begin = end};
            place->start = (int)(end - text);
            return place->word.text && !memchr(before, '#', (size_t)(end - before));
        }
        if (lexer.p == end) { /* no blank behind it: this is the word being typed */
            place->word = token;
            place->start = (int)(token.begin - text);
            return true;
        }
        if (kind == LEX_OPEN || !keep_word(place, token)) { /* a quote left open on an earlier line */
            if (kind == LEX_OPEN)
                token_done(&token);
            return false;
        }
    }
}

/* --- candidates --- */

static void offer_values(struct candidates *found, struct session *session, const struct option_spec *option,
                         const char *value)
{
    char head[80];

    snprintf(head, sizeof head, "%.*s", (int)(value - found->prefix), found->prefix);
    if (option->choices)
        offer_choices(found, head, option->choices);
    else if (option->kind == OPT_PATH)
        offer_files(found, head, value);
    else if (strcmp(option->name, "type") == 0)
        offer_types(found, session, head);
    else if (strcmp(option->name, "pair") == 0)
        offer_type_pairs(found, session, head);
    else if (option->kind == OPT_LIST)
        offer(found, head, "all", "");
}

static bool already_given(const struct place *place, const char *option)
{
    const char *name, *value;
    size_t length;

    for (int k = 1; k < place->n; k++)
        if (token_is_option(&place->tokens[k], &name, &length, &value) && strlen(option) == length &&
            memcmp(option, name, length) == 0)
            return true;
    return false;
}

static void offer_argument(struct candidates *found, struct session *session, const struct command_spec *spec,
                           int k)
{
    int last = 0;
    const struct command_spec *other;
    struct topic topic;

    while (last + 1 < COMMAND_MAX_ARGUMENTS && spec->arguments[last + 1].name)
        last++;
    if (k > last && !spec->arguments[last].many && spec->arguments[last].kind != ARG_REST)
        return;
    const struct argument_spec *argument = &spec->arguments[k > last ? last : k];
    if (!argument->name)
        return;
    switch (argument->kind) {
    case ARG_PATH:
        offer_files(found, "", found->prefix);
        break;
    case ARG_FRAMES:
        offer_frame_list(found, session);
        break;
    case ARG_PAIR:
    case ARG_PAIR_OR_TW:
        offer_pairs(found, session);
        break;
    case ARG_COMMAND:
        for (int c = 0; (other = command_at(c)); c++)
            offer(found, "", other->name, "");
        for (int t = 0; topic_at(t, &topic); t++)
            offer(found, "", topic.name, "");
        break;
    case ARG_SYSTEM:
        offer_systems(found);
        if (strchr(found->prefix, '/') || found->prefix[0] == '.')
            offer_files(found, "", found->prefix);
        break;
    case ARG_WORD:
    case ARG_VIEW:
    case ARG_REST:
        offer_choices(found, "", argument->choices);
        if (strcmp(spec->name, "use") == 0 || strcmp(spec->name, "close") == 0)
            offer_sets(found, session);
        if (strcmp(spec->name, "type") == 0) {
            offer(found, "", "all", "");
            offer_types(found, session, "");
        }
        break;
    }
}

static void offer_words(struct candidates *found, struct session *session, const struct place *place,
                        const struct command_spec *spec)
{
    const char *name, *value, *dashes = strncmp(found->prefix, "--", 2) == 0 ? "--" : "";
    size_t length;
    int n_words = 0;

    if (token_is_option(&place->word, &name, &length, &value) && value) {
        const struct option_spec *option = command_option(spec, name, length);
        if (option)
            offer_values(found, session, option, value);
        return;
    }
    for (int k = 1; k < place->n; k++)
        if (!token_is_option(&place->tokens[k], &name, &length, &value))
            n_words++;
    offer_argument(found, session, spec, n_words);
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++)
        if (!already_given(place, spec->options[k].name))
            offer(found, dashes, spec->options[k].name, "=");
}

static int compare_items(const void *a, const void *b)
{
    return text_compare_natural(*(char *const *)a, *(char *const *)b);
}

char **command_complete(struct session *session, const char *line, int cursor, int *ret_start)
{
    struct candidates found = {0};
    struct place place = {0};
    const struct command_spec *spec;
    char *text = strndup(line, cursor > 0 ? (size_t)cursor : 0);

    *ret_start = cursor;
    if (text && find_place(text, &place)) {
        found.prefix = place.word.text;
        *ret_start = place.start;
        if (place.n == 0) {
            for (int k = 0; (spec = command_at(k)); k++)
                offer(&found, "", spec->name, "");
        } else if ((spec = command_find(place.tokens[0].text))) {
            offer_words(&found, session, &place, spec);
        }
    }
    place_done(&place);
    free(text);
    if (!found.items && !found.failed)
        found.items = calloc(1, sizeof *found.items);
    if (found.n > 1)
        qsort(found.items, found.n, sizeof *found.items, compare_items);
    return found.items; /* after running out of memory: what there is, or NULL */
}
