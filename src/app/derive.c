/* Results that one job makes of many frames, kept by what they were asked for. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/derive.h"

#include <stdlib.h>
#include <string.h>

struct derived {
    struct derived *next;
    char *key;
    int32_t set; /* its id */
    struct keep_tag tag;
    derived_pack_fn *pack;
    struct job *job; /* while pending */
    unsigned round;  /* as of an entry */
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
    keep_tag_done(&d->tag);
    free(d->key);
    free(d);
}

/* Without a job yet; NULL: out of memory. */
static struct derived *derived_new(const struct session *session, const struct derivation *derivation)
{
    struct derived *d = calloc(1, sizeof *d);
    char *key = strdup(derivation->key);
    if (!d || !key) {
        free(d);
        free(key);
        return NULL;
    }
    *d = (struct derived){.key = key, .set = session_current_set_id(session), .state = ASK_PENDING, .run = derivation->run, .pack = derivation->pack,
                          .free_input = derivation->free_input, .free_output = derivation->free_output};
    return d;
}

static void link_derived(struct session *session, struct derived *d)
{
    d->next = session->derived;
    session->derived = d;
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

/* What a store knows of it, taken in; NULL: nothing. */
static const void *recall(struct session *session, const struct derivation *derivation)
{
    struct keep_tag tag;
    double *numbers = NULL;
    size_t n = 0;
    void *output = NULL;
    if (!derivation->pack)
        return NULL;
    if (keep_tag_set(session, derivation->kind, derivation->structure, derivation->key, &tag) &&
        keep_find_numbers(session, &tag, &numbers, &n))
        output = derivation->unpack(numbers, n);
    free(numbers);
    keep_tag_done(&tag);
    struct derived *d = output ? derived_new(session, derivation) : NULL;
    if (!d) {
        if (output)
            derivation->free_output(output);
        return NULL;
    }
    d->output = output;
    d->state = ASK_READY;
    link_derived(session, d);
    return output;
}

enum ask derived_find(struct session *session, const struct derivation *derivation, const void **ret_output, bool *ret_asked, isd_error *err)
{
    *ret_asked = false;
    for (struct derived *d = session->derived; d; d = d->next) {
        if (d->set != session_current_set_id(session) || strcmp(d->key, derivation->key) != 0)
            continue;
        *ret_asked = true;
        if (d->state == ASK_READY && d->round > session->told)
            return ASK_PENDING;
        if (d->state == ASK_READY)
            *ret_output = d->output;
        if (d->state == ASK_FAILED && err)
            *err = d->err;
        return d->state;
    }
    const void *output = recall(session, derivation);
    if (!output)
        return ASK_PENDING;
    *ret_asked = true;
    *ret_output = output;
    return ASK_READY;
}

enum ask derived_ask(struct session *session, const struct derivation *derivation, void *input, isd_error *err)
{
    struct derived *d = derived_new(session, derivation);
    if (!d) {
        derivation->free_input(input);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    d->input = input;
    if (derivation->pack)
        keep_tag_set(session, derivation->kind, derivation->structure, derivation->key, &d->tag);
    if (session_submit(session, derivation->label, derivation->priority, run_derived, leave_derived, d, &d->job, err) != ISD_OK) {
        derived_free(d);
        return ASK_FAILED;
    }
    link_derived(session, d);
    return ASK_PENDING;
}

static struct derived *find_job(struct derived *first, const struct job *job)
{
    while (first && first->job != job)
        first = first->next;
    return first;
}

/* Wanted or not any more, it is right. */
static void keep_derived(struct session *session, const struct derived *d)
{
    double *numbers = NULL;
    size_t n = 0;
    isd_error err;
    if (!d->tag.wanted)
        return;
    if (d->pack(d->output, &numbers, &n, &err) == ISD_OK)
        keep_numbers(session, &d->tag, numbers, n);
    free(numbers);
}

bool derived_take_in(struct session *session, struct job *job)
{
    struct derived *d = find_job(session->derived, job), *dropped = d ? NULL : find_job(session->derived_dropped, job);
    if (!d && !dropped)
        return false;
    session->jobs_done++;
    const isd_error *err = NULL;
    isd_status status = job_result(job, &err);
    if (status == ISD_OK)
        keep_derived(session, d ? d : dropped);
    if (dropped) {
        struct derived **link = &session->derived_dropped;
        while (*link != dropped)
            link = &(*link)->next;
        *link = dropped->next;
        derived_free(dropped);
        return true;
    }
    d->job = NULL;
    d->free_input(d->input);
    d->input = NULL;
    d->state = status == ISD_OK ? ASK_READY : ASK_FAILED;
    d->round = session->told + 1;
    if (status == ISD_CANCELLED) { /* asked again, it is computed again */
        unlink_derived(session, d);
        derived_free(d);
    } else if (status != ISD_OK) {
        d->err = *err;
    }
    return true;
}

static void drop(struct session *session, struct derived *d)
{
    unlink_derived(session, d);
    if (!d->job) {
        derived_free(d);
        return;
    }
    job_cancel(d->job);
    d->next = session->derived_dropped;
    session->derived_dropped = d;
}

void derived_drop(struct session *session)
{
    while (session->derived)
        drop(session, session->derived);
}

void derived_drop_set(struct session *session, int32_t set)
{
    for (struct derived *d = session->derived, *next; d; d = next) {
        next = d->next;
        if (d->set == set)
            drop(session, d);
    }
}
