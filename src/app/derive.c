/* Results that one job makes of many frames, kept by what they were asked for. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/derive.h"

#include <stdlib.h>
#include <string.h>

struct derived {
    struct derived *next;
    char *key;
    struct job *job; /* while pending */
    enum ask state;
    isd_error err;
    void *input, *output;
    derive_fn *run;
    job_free_fn *free_input, *free_output;
};

static void derived_free(struct derived *d)
{
    if (d->input)
        d->free_input(d->input);
    if (d->output)
        d->free_output(d->output);
    free(d->key);
    free(d);
}

static void unlink_derived(struct session *session, const struct derived *d)
{
    struct derived **link = &session->derived;
    while (*link && *link != d)
        link = &(*link)->next;
    if (*link)
        *link = d->next;
}

static isd_status run_derived(void *arg, isd_control *control, isd_error *err)
{
    struct derived *d = arg;
    return d->run(d->input, control, &d->output, err);
}

/* The result outlives its job. */
static void leave_derived(void *arg)
{
    (void)arg;
}

enum ask derived_find(struct session *session, const char *key, const void **ret_output, bool *ret_asked, isd_error *err)
{
    *ret_asked = false;
    for (struct derived *d = session->derived; d; d = d->next) {
        if (strcmp(d->key, key) != 0)
            continue;
        *ret_asked = true;
        if (d->state == ASK_READY)
            *ret_output = d->output;
        if (d->state == ASK_FAILED && err)
            *err = d->err;
        return d->state;
    }
    return ASK_PENDING;
}

enum ask derived_ask(struct session *session, const struct derivation *derivation, void *input, isd_error *err)
{
    struct derived *d = calloc(1, sizeof *d);
    char *key = strdup(derivation->key);
    if (!d || !key) {
        derivation->free_input(input);
        free(d);
        free(key);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    *d = (struct derived){.key = key, .state = ASK_PENDING, .input = input, .run = derivation->run,
                          .free_input = derivation->free_input, .free_output = derivation->free_output};
    if (session_submit(session, derivation->label, ASK_BATCH, run_derived, leave_derived, d, &d->job, err) != ISD_OK) {
        derived_free(d);
        return ASK_FAILED;
    }
    d->next = session->derived;
    session->derived = d;
    return ASK_PENDING;
}

static struct derived *find_job(struct derived *first, const struct job *job)
{
    while (first && first->job != job)
        first = first->next;
    return first;
}

bool derived_take_in(struct session *session, struct job *job)
{
    struct derived *d = find_job(session->derived, job), *dropped = d ? NULL : find_job(session->derived_dropped, job);
    if (!d && !dropped)
        return false;
    session->jobs_done++;
    if (dropped) {
        struct derived **link = &session->derived_dropped;
        while (*link != dropped)
            link = &(*link)->next;
        *link = dropped->next;
        derived_free(dropped);
        return true;
    }
    const isd_error *err = NULL;
    isd_status status = job_result(job, &err);
    d->job = NULL;
    d->free_input(d->input);
    d->input = NULL;
    d->state = status == ISD_OK ? ASK_READY : ASK_FAILED;
    if (status == ISD_CANCELLED) { /* asked again, it is computed again */
        unlink_derived(session, d);
        derived_free(d);
    } else if (status != ISD_OK) {
        d->err = *err;
    }
    return true;
}

void derived_drop(struct session *session)
{
    while (session->derived) {
        struct derived *d = session->derived;
        session->derived = d->next;
        if (!d->job) {
            derived_free(d);
            continue;
        }
        job_cancel(d->job);
        d->next = session->derived_dropped;
        session->derived_dropped = d;
    }
}
