/* The command table as one list, near misses, and running a call. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "app/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/groups.h"
#include "app/frames_arg.h"
#include "app/suggest.h"

static const struct {
    const char *name, *title;
    const struct command_spec *rows;
} groups[] = {
    {"data", "data and systems", commands_data}, {"compute", "computing", commands_compute},
    {"look", "looking", commands_look},          {"scaling", "shear, dynamics and the scaling law", commands_scaling},
    {"out", "output", commands_out},             {"tool", "the program", commands_tool},
};
#define N_GROUPS (int)(sizeof groups / sizeof groups[0])

const char *command_group(int k)
{
    return k >= 0 && k < N_GROUPS ? groups[k].name : NULL;
}

const char *command_group_title(int k)
{
    return k >= 0 && k < N_GROUPS ? groups[k].title : NULL;
}

const struct command_spec *command_at(int k)
{
    if (k < 0)
        return NULL;
    for (int g = 0; g < N_GROUPS; g++)
        for (const struct command_spec *row = groups[g].rows; row->name; row++)
            if (k-- == 0)
                return row;
    return NULL;
}

const struct command_spec *command_find(const char *name)
{
    for (int g = 0; g < N_GROUPS; g++)
        for (const struct command_spec *row = groups[g].rows; row->name; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    return NULL;
}

const struct option_spec *command_option(const struct command_spec *spec, const char *name, size_t length)
{
    for (int k = 0; k < COMMAND_MAX_OPTIONS && spec->options[k].name; k++)
        if (strlen(spec->options[k].name) == length && memcmp(spec->options[k].name, name, length) == 0)
            return &spec->options[k];
    return NULL;
}

const char *command_suggest(const char *word)
{
    struct suggestion nearest = {.word = word};

    for (int g = 0; g < N_GROUPS; g++)
        for (const struct command_spec *row = groups[g].rows; row->name; row++)
            suggest_try(&nearest, row->name);
    return nearest.best;
}

static enum ask fail_at(const struct command_call *call, isd_error *err)
{
    if (err && !err->where[0])
        snprintf(err->where, sizeof err->where, "%s", call_where(call));
    return ASK_FAILED;
}

/* Frames named by words must be there; the error points at the word. */
static isd_status check_frames(const struct session *session, const struct command_call *call, isd_error *err)
{
    const struct command_spec *spec = call_spec(call);
    int32_t n = session_frame_count(session), a, b;
    isd_status status = ISD_OK;

    for (int k = 0; !status && k < COMMAND_MAX_ARGUMENTS && call_word(call, k); k++) {
        enum argument_kind kind = spec->arguments[k].kind;
        if (kind == ARG_FRAMES)
            status = frames_exist(call_word(call, k), n, err);
        else if (kind == ARG_PAIR || kind == ARG_PAIR_OR_TW)
            status = pair_parse(call_word(call, k), n, &a, &b, err);
        if (status)
            call_error_at_word(call, k, err);
    }
    return status;
}

/* Can it be answered while frames are still coming: does it name the frames it is about, and are they there? */
static bool can_do_with_part(const struct session *session, const struct command_call *call)
{
    const struct command_spec *spec = call_spec(call);
    int32_t n = session_frame_count(session);
    bool named = false;

    if (spec->flags & COMMAND_OF_PART)
        return true;
    for (int k = 0; k < COMMAND_MAX_ARGUMENTS && call_word(call, k); k++) {
        enum argument_kind kind = spec->arguments[k].kind;
        if (kind == ARG_FRAMES && !frames_are_named(call_word(call, k), n))
            return false;
        if ((kind == ARG_PAIR || kind == ARG_PAIR_OR_TW) && !pair_is_named(call_word(call, k), n))
            return false;
        named = named || kind == ARG_FRAMES || kind == ARG_PAIR || kind == ARG_PAIR_OR_TW;
    }
    return named;
}

enum ask command_run(struct session *session, const struct command_call *call,
                     const struct command_sink *sink, isd_error *err)
{
    const struct command_spec *spec = call_spec(call);

    if (!spec->run) {
        isd_error_set(err, ISD_USAGE, "works %s only",
                      spec->flags & COMMAND_SCREEN ? "in the full screen"
                                                   : "at the prompt and in the full screen");
        return fail_at(call, err);
    }
    if ((spec->flags & COMMAND_NEEDS_DATA) && !session_has_data(session)) {
        isd_error_set(err, ISD_DATA, "no data is open");
        isd_error_hint(err, "open FILE    or start with isdmin --demo");
        return fail_at(call, err);
    }
    if ((spec->flags & COMMAND_NEEDS_DATA) && session_is_partial(session) && !can_do_with_part(session, call))
        return ASK_PENDING;
    if ((spec->flags & COMMAND_NEEDS_DATA) && check_frames(session, call, err))
        return ASK_FAILED;
    enum ask answer = spec->run(session, call, sink, err);
    if (answer != ASK_PENDING)
        session_keep_command(session, call_text(call), answer == ASK_READY);
    return answer == ASK_FAILED ? fail_at(call, err) : answer;
}

enum ask command_give_text(const struct command_sink *sink, char *text, isd_error *err)
{
    if (!text) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    sink->text(sink->arg, text);
    free(text);
    return ASK_READY;
}

enum ask command_give_stream(const struct command_sink *sink, FILE *out, char **text, isd_error *err)
{
    bool failed = !out || ferror(out) != 0;

    if (out && fclose(out) != 0)
        failed = true;
    if (failed) {
        free(*text);
        *text = NULL;
    }
    return command_give_text(sink, *text, err);
}
