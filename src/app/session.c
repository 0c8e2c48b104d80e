/* The program without a face: life, messages, system and jobs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demos.h"
#include "app/keep.h"
#include "app/interrupted.h"
#include "app/open_queue.h"
#include "app/state.h"
#include "app/tour.h"
#include "app/trace.h"
#include "base/clock.h"
#include "base/text.h"

isd_status session_new(int threads, struct session **ret_session, isd_error *err)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return isd_error_memory(err);
    isd_status status = job_pool_new(threads, true, &session->pool, err);
    if (status == ISD_OK)
        status = frame_cache_new(0, &session->cache, err);
    if (status != ISD_OK) {
        job_pool_free(session->pool);
        free(session);
        return status;
    }
    system_init(&session->system);
    isd_quench_defaults(&session->quench);
    session->quench.ftol = NAN;
    session->current = -1;
    *ret_session = session;
    return ISD_OK;
}

static void free_messages(struct session *session)
{
    while (session->first_message) {
        struct message *next = session->first_message->next;
        free(session->first_message);
        session->first_message = next;
    }
    free(session->shown_message);
}

void session_free(struct session *session)
{
    if (!session)
        return;
    session_cancel_all(session);
    session_drop_entries(session);
    /* Jobs still under way arrive marked as dropped; the pool frees what nobody collects. */
    while (job_pool_count(session->pool) > 0)
        session_wait(session, 1.0);
    session_collect(session);
    openings_free(session);
    job_pool_free(session->pool);
    interrupted_done(session);
    session_forget_frames(session);
    for (int k = 0; k < session->n_sets; k++)
        dataset_free(session->set[k]);
    demos_free(session->demos); /* sets are read from them */
    for (int k = 0; k < session->n_traces; k++)
        trace_free(session->trace[k]);
    free(session->trace);
    free(session->point);
    isd_potential_unref(session->potential);
    session_forget_shown(session);
    free(session->shown);
    free_messages(session);
    for (int k = 0; k < session->n_choices; k++)
        free(session->choice[k]);
    free(session->choice);
    tour_free(session->tour);
    print_buffer_done(&session->trail);
    keep_free(session->keep);
    frame_cache_unref(session->cache);
    free(session);
}

isd_status session_limit_memory(struct session *session, double bytes, isd_error *err)
{
    struct frame_cache *cache = NULL;
    isd_status status = frame_cache_new(bytes, &cache, err);
    if (status != ISD_OK)
        return status;
    frame_cache_unref(session->cache);
    session->cache = cache;
    return ISD_OK;
}

const char *session_next_message(struct session *session)
{
    struct message *message = session->first_message;
    if (!message)
        return NULL;
    session->first_message = message->next;
    if (!session->first_message)
        session->last_message = NULL;
    free(session->shown_message);
    session->shown_message = strdup(message->text);
    free(message);
    return session->shown_message;
}

void session_message(struct session *session, const char *format, ...)
{
    char raw[1600], text[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    size_t length = text_escape(raw, strlen(raw), text, sizeof text);
    struct message *message = malloc(sizeof *message + length + 1);
    if (!message)
        return;
    message->next = NULL;
    memcpy(message->text, text, length + 1);
    if (session->last_message)
        session->last_message->next = message;
    else
        session->first_message = message;
    session->last_message = message;
}

void session_note_text(void *session, const char *text)
{
    session_message(session, "%s", text);
}

void session_note(void *session, const isd_error *note)
{
    session_message(session, "%s%swarning: %s%s%s", note->where, note->where[0] ? ": " : "", note->what,
                    note->hint[0] ? "; " : "", note->hint);
}

struct system_settings *session_system(struct session *session)
{
    return &session->system;
}

void session_times_changed(struct session *session)
{
    for (int k = 0; k < session->n_sets; k++)
        dataset_update_times(session, session->set[k]);
}

void session_system_changed(struct session *session)
{
    keep_system_changed(session);
    session_drop_entries(session);
    isd_potential_unref(session->potential);
    session->potential = NULL;
    session_forget_frames(session);
    session_times_changed(session);
}

void session_set_quench(struct session *session, const isd_quench_options *options)
{
    session->quench = *options;
}

const char *session_units(const struct session *session)
{
    const struct dataset *set = session_current(session);
    if (session->system.units[0])
        return session->system.units;
    if (set && set->units[0])
        return set->units;
    return "lj";
}

static bool is_metal(const struct session *session)
{
    return strcmp(session_units(session), "metal") == 0;
}

double session_pressure_unit(const struct session *session)
{
    return is_metal(session) ? 1.6021765e6 : 1;
}

double session_thermal_energy(const struct session *session, double T)
{
    const double boltzmann = 8.617343e-5; /* eV/K, LAMMPS' for units metal */
    return is_metal(session) ? boltzmann * T * session_pressure_unit(session) : T;
}

/* Units of LAMMPS' unit styles. */
struct unit_names {
    const char *style, *time, *length;
};
static const struct unit_names unit_names[] = {
    {"lj", "tau", "sigma"},        {"metal", "ps", "A"},    {"real", "fs", "A"}, {"si", "s", "m"}, {"cgs", "s", "cm"},
    {"electron", "fs", "Bohr"},    {"micro", "us", "um"},   {"nano", "ns", "nm"},
};

static const struct unit_names *find_units(const struct session *session)
{
    const char *style = session_units(session);
    for (size_t k = 0; k < sizeof unit_names / sizeof unit_names[0]; k++)
        if (strcmp(unit_names[k].style, style) == 0)
            return &unit_names[k];
    return &unit_names[0];
}

const char *session_units_time(const struct session *session)
{
    return find_units(session)->time;
}

const char *session_time_unit(const struct session *session)
{
    return session_time_known(session) ? session_units_time(session) : "step";
}

const char *session_length_unit(const struct session *session)
{
    return find_units(session)->length;
}

const char *session_length_sign(const struct session *session)
{
    const struct dataset *set = session_current(session);
    bool said = session->system.units[0] || (set && set->units[0]);
    return said ? session_length_unit(session) : "";
}

struct job_pool *session_pool(struct session *session)
{
    return session->pool;
}

int session_wake_fd(const struct session *session)
{
    return job_pool_wake_fd(session->pool);
}

bool session_wait(struct session *session, double timeout)
{
    struct pollfd wake = {.fd = session_wake_fd(session), .events = POLLIN};
    int milliseconds = timeout < 0 ? -1 : (int)ceil(timeout * 1000);
    int ready = poll(&wake, 1, milliseconds);
    return ready > 0 && session_collect(session);
}

void session_cancel_all(struct session *session)
{
    session_drop_open_queue(session);
    openings_give_up(session);
    /* From the end: a cancelled job that was waiting leaves the list at once, and those behind it move up. */
    for (int k = job_pool_count(session->pool) - 1; k >= 0; k--) {
        struct job *job = job_pool_at(session->pool, k);
        if (job)
            job_cancel(job);
    }
}

isd_status session_submit(struct session *session, const char *label, double priority, job_run_fn *run, job_free_fn *release, void *arg,
                          struct job **ret_job, isd_error *err)
{
    isd_status status = job_submit(session->pool, label, priority, run, release, arg, ret_job, err);
    if (status != ISD_OK)
        return status;
    if (session->jobs_done == session->jobs_submitted) {
        session->jobs_done = session->jobs_submitted = 0;
        session->batch_start = clock_now();
    }
    session->jobs_submitted++;
    return ISD_OK;
}

void session_progress(const struct session *session, int *ret_done, int *ret_total, double *ret_eta)
{
    double done = session->jobs_done;
    for (int k = 0; k < job_pool_count(session->pool); k++) {
        const struct job *job = job_pool_at(session->pool, k);
        if (!job || job_state(job) != JOB_RUNNING)
            break; /* running ones come first */
        done += session_job_reads(session, job) ? 0 : job_fraction(job);
    }
    double elapsed = clock_now() - session->batch_start;
    *ret_done = session->jobs_done;
    *ret_total = session->jobs_submitted;
    *ret_eta = done > 0.05 && elapsed > 0.2 ? elapsed * (session->jobs_submitted - done) / done : NAN;
}
