/* What a session has computed or is computing, by key; jobs that have finished. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/derive.h"
#include "app/interrupted.h"

static void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    isd_snapshot_unref(entry->quenched.snapshot);
    match_free(entry->match);
    gr_free(entry->gr);
    free(entry->energy.force);
    free(entry);
}

static size_t bucket_of(const struct entry_key *key)
{
    const unsigned char *byte = (const unsigned char *)key;
    uint64_t hash = 1469598103934665603u; /* FNV-1a */
    for (size_t k = 0; k < sizeof *key; k++)
        hash = (hash ^ byte[k]) * 1099511628211u;
    return hash % SESSION_BUCKETS;
}

struct entry *entry_find(const struct session *session, const struct entry_key *key)
{
    for (struct entry *entry = session->bucket[bucket_of(key)]; entry; entry = entry->next)
        if (memcmp(&entry->key, key, sizeof *key) == 0)
            return entry;
    return NULL;
}

struct entry *entry_add(struct session *session, const struct entry_key *key, isd_error *err)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry) {
        isd_error_memory(err);
        return NULL;
    }
    entry->key = *key;
    entry->state = ASK_PENDING;
    struct entry **head = &session->bucket[bucket_of(key)];
    entry->next = *head;
    *head = entry;
    return entry;
}

static void remove_entry(struct session *session, struct entry *entry)
{
    struct entry **link = &session->bucket[bucket_of(&entry->key)];
    while (*link && *link != entry)
        link = &(*link)->next;
    if (*link)
        *link = entry->next;
    entry_free(entry);
}

void session_drop_entries(struct session *session)
{
    derived_drop(session);
    for (size_t k = 0; k < SESSION_BUCKETS; k++) {
        struct entry *entry = session->bucket[k];
        session->bucket[k] = NULL;
        while (entry) {
            struct entry *next = entry->next;
            if (entry->job) {
                entry->dropped = true;
                job_cancel(entry->job);
            } else {
                entry_free(entry);
            }
            entry = next;
        }
    }
}

static bool has_changed(const struct entry_key *key, const bool *changed, int32_t n)
{
    return !changed || (key->a < n && changed[key->a]) || (key->b < n && changed[key->b]);
}

void session_drop_frames(struct session *session, int32_t set, const bool *changed, int32_t n)
{
    if (changed)
        derived_drop(session);
    else
        derived_drop_set(session, set);
    for (size_t k = 0; k < SESSION_BUCKETS; k++) {
        struct entry **link = &session->bucket[k];
        while (*link) {
            struct entry *entry = *link;
            if (entry->key.set != set || !has_changed(&entry->key, changed, n)) {
                link = &entry->next;
                continue;
            }
            *link = entry->next;
            if (entry->job) {
                entry->dropped = true;
                job_cancel(entry->job);
            } else {
                entry_free(entry);
            }
        }
    }
}

/* --- jobs --- */

enum ask entry_submit_for(struct session *session, struct entry *entry, struct work *work, job_run_fn *run, const char *label,
                           double priority, isd_error *err)
{
    work->entry = entry;
    entry->state = ASK_PENDING;
    if (session->in_row && run == work_match) {
        struct work **end = &session->row;
        while (*end)
            end = &(*end)->next;
        *end = work;
        return ASK_PENDING;
    }
    if (session_submit(session, label, priority, run, work_free, work, &entry->job, err) != ISD_OK) {
        entry->job = NULL;
        remove_entry(session, entry);
        return ASK_FAILED;
    }
    return ASK_PENDING;
}

void session_row_begin(struct session *session)
{
    session->in_row = true;
}

enum ask session_row_end(struct session *session, double priority, isd_error *err)
{
    struct work *row = session->row;
    session->row = NULL;
    session->in_row = false;
    if (!row)
        return ASK_READY;
    char label[64];
    const struct entry_key *key = &row->entry->key;
    snprintf(label, sizeof label, row->next ? "match %d:%d and on" : "match %d:%d", (int)key->a, (int)key->b);
    struct entry *first = row->entry, *rest[SESSION_ROW];
    int n = 0;
    for (struct work *work = row->next; work && n < SESSION_ROW; work = work->next)
        rest[n++] = work->entry;
    enum ask answer = entry_submit_for(session, first, row, work_match, label, priority, err);
    for (int k = 0; k < n; k++) {
        if (answer == ASK_FAILED)
            remove_entry(session, rest[k]);
        else
            rest[k]->job = first->job;
    }
    return answer;
}

enum ask entry_submit(struct session *session, const struct entry_key *key, struct work *work, job_run_fn *run,
                       const char *label, double priority, isd_error *err)
{
    struct entry *entry = entry_add(session, key, err);
    if (!entry) {
        work_free(work);
        return ASK_FAILED;
    }
    return entry_submit_for(session, entry, work, run, label, priority, err);
}

/* The library knows atoms by index and no file; people know ids and the file they opened. */
static void name_for_people(const struct session *session, const struct work *work, isd_error *err)
{
    const struct entry_key *key = &work->entry->key;
    const isd_snapshot *s = work->a;
    char what[sizeof err->what + 80];
    if (err->n_atoms > 0 && s && s->has_ids) {
        if (err->n_atoms == 2)
            snprintf(what, sizeof what, "%s (ids %lld and %lld)", err->what, (long long)s->id[err->atom[0]],
                     (long long)s->id[err->atom[1]]);
        else
            snprintf(what, sizeof what, "%s (id %lld)", err->what, (long long)s->id[err->atom[0]]);
        snprintf(err->what, sizeof err->what, "%.*s", (int)sizeof err->what - 1, what);
    }
    const struct dataset *set = session_set_of_id(session, key->set);
    if (err->status == ISD_DATA && !err->where[0] && key->a == key->b && set)
        isd_error_at(err, frame_set_info(set->frames, key->a)->path, 0, 0);
}

/* What is new goes to the store: wanted or not any more, it is right. */
static void keep_work(struct session *session, struct work *work)
{
    if (!work->tag.wanted || work->known)
        return;
    if (work->made_quench.snapshot)
        keep_structure(session, &work->tag, &work->quench, &work->made_quench.result, &work->structure_arrays);
    else if (work->made_match)
        keep_match(session, &work->tag, work->made_match, &work->matching_arrays);
    else if (work->made_gr)
        keep_gr(session, &work->tag, work->made_gr);
    else
        keep_energy(session, &work->tag, &work->made_energy);
}

static void take_in_one(struct session *session, struct work *work, isd_status status, const isd_error *err)
{
    struct entry *entry = work->entry;
    entry->job = NULL;
    if (status == ISD_OK)
        keep_work(session, work);
    if (entry->dropped) {
        entry_free(entry);
    } else if (status == ISD_CANCELLED) {
        if (work->checkpoint.size > 0)
            interrupted_keep(session, &entry->key, &work->checkpoint);
        remove_entry(session, entry); /* asked again, it is computed again, or gone on with */
    } else if (status != ISD_OK) {
        entry->state = ASK_FAILED;
        entry->err = *err;
        name_for_people(session, work, &entry->err);
    } else {
        entry->state = ASK_READY;
        entry->round = session->told + 1;
        entry->quenched = work->made_quench;
        entry->match = work->made_match;
        entry->gr = work->made_gr;
        entry->energy = work->made_energy;
        work->made_quench.snapshot = NULL;
        work->made_match = NULL;
        work->made_gr = NULL;
        work->made_energy.force = NULL;
    }
}

static void take_in(struct session *session, struct job *job)
{
    const isd_error *err = NULL;
    isd_status status = job_result(job, &err);
    session->jobs_done++;
    for (struct work *work = job_arg(job); work; work = work->next)
        take_in_one(session, work, status != ISD_OK ? status : work->status, status != ISD_OK ? err : &work->err);
}

/* While results are written nothing else is taken in; so often is it looked whether that is done. */
#define LOOK_SECONDS 0.005

/* Results that were taken in are acknowledged. */
static bool tell(struct session *session)
{
    bool any = session->untold;
    session->untold = false;
    session->told += any;
    session->arrivals += any;
    return any;
}

bool session_collect(struct session *session)
{
    bool any = false;
    if (session->untold && keep_is_writing(session, LOOK_SECONDS))
        return false;
    bool told = tell(session);
    for (struct job *job; (job = job_pool_collect(session->pool)) != NULL;) {
        if (!opening_take_in(session, job) && !derived_take_in(session, job))
            take_in(session, job);
        job_release(session->pool, job);
        any = true;
    }
    if (!any)
        return told;
    session->untold = true;
    keep_commit(session); /* before anybody is told of them */
    return (!keep_is_writing(session, 0) && tell(session)) || told;
}

unsigned session_arrivals(const struct session *session)
{
    return session->arrivals;
}

enum ask entry_look_up(struct session *session, const struct entry_key *key, double priority, struct entry **ret_entry,
                        isd_error *err)
{
    struct entry *entry = entry_find(session, key);
    *ret_entry = entry;
    if (!entry)
        return ASK_PENDING;
    if (entry->state == ASK_FAILED && err)
        *err = entry->err;
    if (entry->state == ASK_READY && entry->round > session->told)
        return ASK_PENDING;
    if (entry->state == ASK_PENDING && entry->job)
        job_raise(session->pool, entry->job, priority);
    return entry->state;
}
