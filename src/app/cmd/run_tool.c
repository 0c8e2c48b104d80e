/* Commands about the program itself: help, completion, echo. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/groups.h"
#include "base/text.h"

enum ask run_help(struct session *session, const struct command_call *call, const struct command_sink *sink,
                  isd_error *err)
{
    return command_give_text(sink, command_help(call_word(call, 0)), err);
}

enum ask run_apropos(struct session *session, const struct command_call *call,
                     const struct command_sink *sink, isd_error *err)
{
    const char *word = call_word(call, 0);
    const struct command_spec *spec;
    char *text = NULL;
    size_t size = 0;
    int found = 0;
    FILE *out = open_memstream(&text, &size);

    for (int k = 0; out && (spec = command_at(k)); k++) {
        char *help = command_help(spec->name);
        if (help && strcasestr(help, word)) {
            fprintf(out, "%-12s %s\n", spec->name, spec->help);
            found++;
        }
        free(help);
    }
    if (out && !found)
        fprintf(out, "no command speaks of it\n");
    return command_give_stream(sink, out, &text, err);
}

enum ask run_complete(struct session *session, const struct command_call *call,
                      const struct command_sink *sink, isd_error *err)
{
    const char *line = call_word(call, 0);
    char *text = NULL;
    size_t size = 0;
    int start;
    char **words = command_complete(session, line, (int)strlen(line), &start);
    FILE *out = words ? open_memstream(&text, &size) : NULL;

    for (int k = 0; words && words[k]; k++) {
        if (out)
            fprintf(out, "%s\n", words[k]);
        free(words[k]);
    }
    free(words);
    return command_give_stream(sink, out, &text, err);
}

enum ask run_echo(struct session *session, const struct command_call *call, const struct command_sink *sink,
                  isd_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    for (int k = 0; out && k < call_n_words(call); k++) {
        char shown[1024]; /* what came from a file may hold escape sequences */
        text_escape(call_word(call, k), strlen(call_word(call, k)), shown, sizeof shown);
        fprintf(out, "%s%s", k ? " " : "", shown);
    }
    if (out)
        fputc('\n', out);
    return command_give_stream(sink, out, &text, err);
}
