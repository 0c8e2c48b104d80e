/* What interacts how: system and LAMMPS' own lines. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "app/cmd/groups.h"

enum ask run_system(struct session *session, const struct command_call *call, const struct command_sink *sink,
                    isd_error *err)
{
    struct system_settings *system = session_system(session);
    const char *name = call_word(call, 0);

    if (system_builtin(system, name, err))
        return ASK_FAILED;
    if (call_has(call, "rc"))
        system_builtin_cutoff(system, call_real(call, "rc", 0.0),
                              NULL); /* the table lets positive numbers through only */
    system->shift = call_is(call, "shift", "yes");
    session_system_changed(session);
    if (call_has(call, "potential"))
        session_message(session, "system %s needs no file: potential= is not used", name);
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
    session_system_changed(session);
    return ASK_READY;
}
