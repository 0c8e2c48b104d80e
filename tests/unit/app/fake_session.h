/* A session for tests of the command language: 12 frames of the types A and B, nothing behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weak, so that the table links without files, jobs and kernels: where the real ones are linked they win. */
#ifndef FAKE_SESSION_H
#define FAKE_SESSION_H

#include "app/cmd/groups.h"

#define WEAK __attribute__((weak))

static struct system_settings fake_system;
static int fake_changes;
static bool fake_has_data = true;

#define FAKE_RUN(name)                                                                                       \
    WEAK enum ask name(struct session *session, const struct command_call *call,                             \
                       const struct command_sink *sink, isd_error *err)                                      \
    {                                                                                                        \
        return ASK_READY;                                                                                    \
    }
FAKE_RUN(run_open)
FAKE_RUN(run_refresh)
FAKE_RUN(run_sets)
FAKE_RUN(run_use)
FAKE_RUN(run_close)
FAKE_RUN(run_info)
FAKE_RUN(run_snapshot)
FAKE_RUN(run_energy)
FAKE_RUN(run_quench)
FAKE_RUN(run_fidelity)
FAKE_RUN(run_match)
FAKE_RUN(run_series)
FAKE_RUN(run_pu)
FAKE_RUN(run_gr)
FAKE_RUN(run_atoms)
FAKE_RUN(run_cycles)
FAKE_RUN(run_map)
FAKE_RUN(run_strings)
FAKE_RUN(run_equilibrium)
FAKE_RUN(run_dynamics)
FAKE_RUN(run_sk)
FAKE_RUN(run_van_hove)
FAKE_RUN(run_trace)
FAKE_RUN(run_fit)
FAKE_RUN(run_points)
FAKE_RUN(run_green_kubo)
FAKE_RUN(run_relaxation)
FAKE_RUN(run_export)
FAKE_RUN(run_store)
FAKE_RUN(run_sessions)
FAKE_RUN(run_forget)
FAKE_RUN(run_demo)
FAKE_RUN(run_tour)
FAKE_RUN(run_jobs)
FAKE_RUN(run_wait)
FAKE_RUN(run_cancel)

WEAK void session_set_state(const struct session *session, int k, double *ret_T, double *ret_p, double *ret_t_w)
{
    *ret_T = *ret_p = *ret_t_w = NAN;
}

WEAK void session_keep_command(struct session *session, const char *command, bool done)
{
}

WEAK bool session_has_data(const struct session *session)
{
    return fake_has_data;
}

WEAK bool session_is_partial(const struct session *session)
{
    return false;
}

WEAK int32_t session_frame_count(const struct session *session)
{
    return 12;
}

WEAK int session_set_count(const struct session *session)
{
    return 2;
}

WEAK const char *session_set_name(const struct session *session, int k)
{
    return k == 0 ? "cold" : "warm";
}

WEAK const struct frame_info *session_frame_info(const struct session *session, int32_t k)
{
    static const struct frame_info info = {.n_types = 2};
    return &info;
}

WEAK const char *session_type_label(const struct session *session, int type)
{
    return type == 1 ? "A" : "B";
}

WEAK struct system_settings *session_system(struct session *session)
{
    return &fake_system;
}

WEAK void session_system_changed(struct session *session)
{
    fake_changes++;
}

WEAK void session_times_changed(struct session *session)
{
    fake_changes++;
}

WEAK void session_message(struct session *session, const char *format, ...)
{
}

#endif
