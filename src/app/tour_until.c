/* Whether the learner did what was asked. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tour_until.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo_film.h"
#include "base/scan.h"

static bool same(const char *pattern, const char *word)
{
    return word && (strcmp(pattern, "*") == 0 || strcmp(pattern, word) == 0);
}

/* "match 0:15 species=blind": such a command. */
static bool call_fits(char *pattern, const struct command_call *call)
{
    char *rest = pattern, *word = strsep(&rest, " ");
    int n = 0;

    if (strcmp(word, call_spec(call)->name) != 0)
        return false;
    while (rest) {
        word = strsep(&rest, " ");
        char *value = strchr(word, '=');
        if (value)
            *value++ = '\0';
        if (value ? !(same(value, call_option(call, word)) || call_is(call, word, value)) : !same(word, call_word(call, n++)))
            return false;
    }
    return true;
}

static bool look_holds(const struct sight *sight, const char *key, const char *value)
{
    double tw = !sight->custom && sight->tw_at >= 0 && sight->tw_at < sight->n_tw ? sight->tw[sight->tw_at] : 0.0, number = 0.0;
    const struct look *look = &sight->look;

    if (strcmp(key, "tw>") == 0 || strcmp(key, "tw<") == 0)
        return tw > 0.0 && scan_whole_double(value, &number) && (key[2] == '>' ? tw >= number : tw <= number);
    if (strcmp(key, "of") == 0)
        return strcmp(value, look->raw ? "raw" : "is") == 0;
    if (strcmp(key, "species") == 0)
        return strcmp(value, look->blind ? "blind" : "resolved") == 0;
    if (strcmp(key, "paired") == 0) {
        const struct demos *demos = session_demos(sight->session);
        return demos && demos->kind == DEMO_RING && demo_ring_free(&demos->ring) == 0;
    }
    if (strcmp(key, "film") == 0) {
        const struct demos *demos = session_demos(sight->session);
        return demos && (demos->kind == DEMO_QUENCH || demos->kind == DEMO_SHELLS) && demo_film_at_end(demos->shown, demos->kind);
    }
    if (strcmp(key, "average") == 0)
        return strcmp(value, look->average ? "on" : "off") == 0;
    if (strcmp(key, "view") == 0)
        return strcmp(value, view_name(sight->view)) == 0;
    if (strcmp(key, "type") == 0)
        return look->type == (strcmp(value, "all") == 0 ? 0 : session_find_type(sight->session, value));
    return false;
}

/* "tw>=400 species=blind" */
static bool look_fits(char *pattern, const struct sight *sight, bool screen)
{
    char *rest = pattern;
    bool fits = true;

    while (rest && fits) {
        char *key = strsep(&rest, " "), *value = strchr(key, '=');
        if (value)
            *value++ = '\0';
        fits = value && (strcmp(key, "screen") == 0 ? screen == (strcmp(value, "on") == 0) : look_holds(sight, key, value));
    }
    return fits;
}

bool tour_until_fits(const char *until, const struct command_call *call, const struct sight *sight, bool screen)
{
    char *pattern = NULL; /* with a blank before it, so that " look " is found at its beginning too */
    if (asprintf(&pattern, " %s", until) < 0)
        return false;
    char *look = strstr(pattern, " look ");
    if (look)
        *look = '\0';
    bool good = (!look || look_fits(look + 6, sight, screen)) && (pattern[0] == '\0' || call_fits(pattern + 1, call));
    free(pattern);
    return good;
}

bool tour_until_ignores(const struct command_call *call)
{
    static const char *const names[] = {"help", "apropos", "complete", "echo", "info", "sets", "jobs",  "wait", "cancel", "set",   "log",
                                        "plot", "view",    "pane",     "step", "tui",  "repl", "prompt", "palette", "redraw", "quit", "note"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (strcmp(names[k], call_spec(call)->name) == 0)
            return true;
    return false;
}
