/* What interacts how: system and LAMMPS' own lines. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "app/cmd/groups.h"
#include "app/lammps_script.h"

static void tell(void *session, const char *text)
{
    session_message(session, "%s", text);
}

/* Options that belong to one family of systems only. */
static isd_status check_options(const struct command_call *call, bool lj, const char *name, isd_error *err)
{
    if (!lj && (call_has(call, "rc") || call_has(call, "shift") || call_has(call, "smooth")))
        return isd_error_set(err, ISD_USAGE, "rc=, shift= and smooth= belong to ka3d, ka2d and wca, not to system %s", name);
    if (call_has(call, "variant") && strcmp(name, "sio2") != 0)
        return isd_error_set(err, ISD_USAGE, "variant= belongs to system sio2, not to %s", name);
    if (call_has(call, "variant") && call_has(call, "potential"))
        return isd_error_set(err, ISD_USAGE, "variant= chooses built-in numbers, potential= a file: give one of them");
    return ISD_OK;
}

enum ask run_system(struct session *session, const struct command_call *call, const struct command_sink *sink,
                    isd_error *err)
{
    struct system_settings *system = session_system(session);
    const char *name = call_word(call, 0);
    bool lj = strncmp(name, "ka", 2) == 0 || strcmp(name, "wca") == 0;

    if (check_options(call, lj, name, err) ||
        system_builtin_from(system, name, lj ? NULL : call_option(call, "potential"), call_is(call, "variant", "rounded"),
                            tell, session, err))
        return ASK_FAILED;
    if (call_has(call, "rc"))
        system_builtin_cutoff(system, call_real(call, "rc", 0.0),
                              NULL); /* the table lets positive numbers through only */
    system->shift = lj && call_is(call, "shift", "yes");
    if (lj && call_is(call, "smooth", "linear"))
        system->style = SYSTEM_LJ_LINEAR;
    else if (lj && call_is(call, "smooth", "quadratic"))
        system->style = SYSTEM_LJ_QUADRATIC;
    session_system_changed(session);
    if (lj && call_has(call, "potential"))
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
