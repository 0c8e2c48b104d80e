/* What interacts how: system and LAMMPS' own lines. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/groups.h"
#include "app/lammps_script.h"
#include "app/system_file.h"
#include "base/text.h"

static void tell(void *session, const char *text)
{
    session_message(session, "%s", text);
}

/* All systems that can be named. */
static enum ask list_systems(const struct command_sink *sink, isd_error *err)
{
    struct system_entry *entries = NULL;
    int n = 0;

    if (system_file_list(&entries, &n, err) != ISD_OK)
        return ASK_FAILED;
    struct result *result = result_new("system", RESULT_ROWS);
    const char **column = calloc((size_t)n, sizeof *column);
    for (int k = 0; column && k < n; k++)
        column[k] = entries[k].name;
    if (column)
        result_texts(result, "name", column, (size_t)n);
    for (int k = 0; column && k < n; k++)
        column[k] = entries[k].path[0] ? entries[k].path : "the program";
    if (column)
        result_texts(result, "from", column, (size_t)n);
    for (int k = 0; column && k < n; k++)
        column[k] = entries[k].about;
    if (column)
        result_texts(result, "about", column, (size_t)n);
    free(entries);
    bool failed = !column || result_failed(result);
    free(column);
    if (failed) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    sink->result(sink->arg, result);
    return ASK_READY;
}

/* lines=on: the file itself, to begin one's own with. */
static enum ask give_lines(const char *name, const struct command_sink *sink, isd_error *err)
{
    struct system_file file;
    char *text = NULL;
    size_t size = 0;

    if (system_file_find(name, &file, err) != ISD_OK)
        return ASK_FAILED;
    FILE *out = open_memstream(&text, &size);
    for (char *line, *rest = file.text; out && rest && *rest;) {
        char shown[1024];
        line = strsep(&rest, "\n");
        text_escape(line, strlen(line), shown, sizeof shown);
        fprintf(out, "%s\n", shown);
    }
    system_file_done(&file);
    return command_give_stream(sink, out, &text, err);
}

enum ask run_system(struct session *session, const struct command_call *call, const struct command_sink *sink,
                    isd_error *err)
{
    struct system_settings *system = session_system(session);
    const char *name = call_word(call, 0);
    const struct system_wish wish = {.potential = call_option(call, "potential"),
                                     .variant = call_has(call, "variant"),
                                     .rounded = call_is(call, "variant", "rounded"),
                                     .pair_options = call_has(call, "rc") || call_has(call, "shift") || call_has(call, "smooth")};

    if (!name)
        return list_systems(sink, err);
    if (call_is(call, "lines", "on"))
        return give_lines(name, sink, err);
    if (wish.variant && wish.potential) {
        isd_error_set(err, ISD_USAGE, "variant= chooses built-in numbers, potential= a file: give one of them");
        return ASK_FAILED;
    }
    if (system_named(system, name, &wish, tell, session, err) != ISD_OK)
        return ASK_FAILED;
    bool lj = system->style < SYSTEM_EAM_ALLOY;
    if (lj && call_has(call, "rc"))
        system_named_cutoff(system, call_real(call, "rc", 0.0),
                            NULL); /* the table lets positive numbers through only */
    if (call_has(call, "shift"))
        system->shift = call_is(call, "shift", "yes");
    if (call_has(call, "smooth"))
        system->style = call_is(call, "smooth", "linear") ? SYSTEM_LJ_LINEAR
                        : call_is(call, "smooth", "quadratic") ? SYSTEM_LJ_QUADRATIC : SYSTEM_LJ;
    session_system_changed(session);
    if (lj && wish.potential)
        session_message(session, "system %s needs no file: potential= is not used", system->name);
    return ASK_READY;
}

enum ask run_lammps(struct session *session, const struct command_call *call, const struct command_sink *sink,
                    isd_error *err)
{
    int n = call_n_words(call);
    const char **words = calloc((size_t)n + 1, sizeof *words);

    if (!words) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (int k = 0; k < n; k++)
        words[k] = call_word(call, k);
    isd_status status = system_line(session_system(session), call_spec(call)->name, words, n, err);
    free(words);
    if (status)
        return ASK_FAILED;
    if (strcmp(call_spec(call)->name, "timestep") == 0)
        session_times_changed(session);
    else
        session_system_changed(session);
    return ASK_READY;
}

enum ask run_include(struct session *session, const struct command_call *call, const struct command_sink *sink,
                     isd_error *err)
{
    if (lammps_script_read(session_system(session), call_word(call, 0), tell, session, err))
        return ASK_FAILED;
    session_system_changed(session);
    return ASK_READY;
}
