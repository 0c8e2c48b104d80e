/* The commands that brought a session to where it is. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trail.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/state.h"
#include "base/scan.h"

static bool leads_somewhere(const struct command_spec *spec)
{
    static const char *const said[] = {"help", "apropos", "complete", "jobs", "wait", "cancel", "info", "sets", "frames", "tour"};
    for (size_t k = 0; k < sizeof said / sizeof *said; k++)
        if (strcmp(said[k], spec->name) == 0)
            return false;
    return spec->run && strcmp(spec->group, "out") != 0;
}

static void add_quoted(struct print_buffer *out, const char *text)
{
    print_text(out, "\"");
    for (; *text; text++)
        print_text(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    print_text(out, "\"");
}

/* A relative path from the root. A pattern names no file itself, but what it matches is looked for here. */
static void add_path(struct print_buffer *out, const char *path)
{
    char folder[PATH_MAX];
    if (path[0] == '/' || !getcwd(folder, sizeof folder)) {
        add_quoted(out, path);
        return;
    }
    struct print_buffer whole = {0};
    print_text(&whole, "%s/%s", folder, path);
    add_quoted(out, whole.failed ? path : whole.data);
    print_buffer_done(&whole);
}

/* Words whose kind does not say that they are paths: systems by name or file, the files of pair_coeff. */
static bool names_a_file(const char *word)
{
    double number;
    return strpbrk(word, "/.") && !scan_whole_double(word, &number) && access(word, R_OK) == 0;
}

static void add_word(struct print_buffer *out, const struct command_spec *spec, int k, const char *word)
{
    int last = 0;
    while (last + 1 < COMMAND_MAX_ARGUMENTS && spec->arguments[last + 1].name)
        last++;
    enum argument_kind kind = spec->arguments[k < last ? k : last].kind;
    print_text(out, " ");
    if (kind == ARG_PATH || ((kind == ARG_SYSTEM || kind == ARG_REST) && names_a_file(word)))
        add_path(out, word);
    else
        add_quoted(out, word);
}

void trail_add(struct session *session, const struct command_call *call)
{
    const struct command_spec *spec = call_spec(call);
    struct print_buffer *out = &session->trail;
    size_t before = out->length;
    if (!leads_somewhere(spec))
        return;
    print_text(out, "%s", spec->name);
    for (int k = 0; k < call_n_words(call); k++)
        add_word(out, spec, k, call_word(call, k));
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++) {
        const char *value = call_option(call, spec->options[k].name);
        if (!value)
            continue;
        print_text(out, " %s=", spec->options[k].name);
        if (spec->options[k].kind == OPT_PATH)
            add_path(out, value);
        else
            add_quoted(out, value);
    }
    print_text(out, "\n");
    if (out->failed && out->data) { /* half a command is none */
        out->length = before;
        out->data[before] = '\0';
    }
}

const char *trail_text(const struct session *session)
{
    return session->trail.length > 0 ? session->trail.data : "";
}

void trail_clear(struct session *session)
{
    print_clear(&session->trail);
}
