/* Keys that the user has bound. SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/bindings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/glyph.h"

struct extra_bindings {
    struct extra_bindings *next;
    int view; /* -1: all */
    char key[12];
    char command[400];
};

/* One character, one of the names of keys, or C- and a letter. */
static bool is_key(const char *key)
{
    static const char *const names[] = {"Up",  "Down",  "Left",  "Right",     "PgUp",   "PgDn", "Home", "End", "Enter",
                                        "Tab", "S-Tab", "Space", "Backspace", "Delete", "F1", "F2"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], key) == 0)
            return true;
    if (strncmp(key, "C-", 2) == 0)
        return strlen(key) == 3 && key[2] >= 'a' && key[2] <= 'z';
    uint32_t glyph;
    return *key && strlen(key) < 5 && key[glyph_decode(key, &glyph)] == '\0' && glyph > 32 && glyph != 127;
}

/* Everything in the command can be read; it is run later. */
static isd_status check_command(const char *command, isd_error *err)
{
    struct script script = {.name = "(key)", .text = command};
    for (;;) {
        struct command_call *call = NULL;
        isd_status status = command_parse(&script, &call, err);
        if (status != ISD_OK || !call)
            return status;
        command_call_free(call);
    }
}

isd_status bindings_add(struct extra_bindings **bindings, const char *view, const char *key, const char *command, isd_error *err)
{
    int number = strcmp(view, "all") == 0 ? -1 : view_find(view);
    if (number < 0 && strcmp(view, "all") != 0) {
        isd_error_set(err, ISD_USAGE, "no view '%.40s'", view);
        isd_error_hint(err, "all, or a name that `view` knows");
        return ISD_USAGE;
    }
    if (!is_key(key)) {
        isd_error_set(err, ISD_USAGE, "'%.40s' is no key", key);
        isd_error_hint(err, "help bind");
        return ISD_USAGE;
    }
    if (check_command(command, err) != ISD_OK)
        return ISD_USAGE;
    struct extra_bindings *binding = calloc(1, sizeof *binding);
    if (!binding)
        return isd_error_memory(err);
    binding->view = number;
    snprintf(binding->key, sizeof binding->key, "%s", key);
    snprintf(binding->command, sizeof binding->command, "%s", command);
    binding->next = *bindings;
    *bindings = binding;
    return ISD_OK;
}

void bindings_free(struct extra_bindings *bindings)
{
    while (bindings) {
        struct extra_bindings *next = bindings->next;
        free(bindings);
        bindings = next;
    }
}

const char *bindings_find(const struct extra_bindings *bindings, enum view_id view, const char *key)
{
    for (; bindings; bindings = bindings->next)
        if ((bindings->view < 0 || bindings->view == (int)view) && strcmp(bindings->key, key) == 0)
            return bindings->command;
    return NULL;
}
