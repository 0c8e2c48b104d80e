/* Asking for computed things: what is there is given, what is not is submitted as a job. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/choice.h"
#include "app/derive.h"
#include "app/keep.h"
#include "app/session.h"
#include "app/state.h"
#include "base/clock.h"

/* --- entries --- */

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

static struct entry *find_entry(const struct session *session, const struct entry_key *key)
{
    for (struct entry *entry = session->bucket[bucket_of(key)]; entry; entry = entry->next)
        if (memcmp(&entry->key, key, sizeof *key) == 0)
            return entry;
    return NULL;
}

static struct entry *add_entry(struct session *session, const struct entry_key *key, isd_error *err)
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

void session_drop_frames(struct session *session, int set, const bool *changed, int32_t n)
{
    derived_drop(session);
    for (size_t k = 0; k < SESSION_BUCKETS; k++) {
        struct entry **link = &session->bucket[k];
        while (*link) {
            struct entry *entry = *link;
            const struct entry_key *key = &entry->key;
            if (key->set != set || !((key->a < n && changed[key->a]) || (key->b < n && changed[key->b]))) {
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

/* What a job owns: its inputs by reference, and its output until it is collected. */
struct work {
    struct entry *entry;
    const isd_potential *potential;
    struct frame_want want[2]; /* what a and b are loaded from when the job runs, unless they are there */
    const isd_snapshot *a, *b;
    isd_quench_options quench;
    struct match_options match;
    unsigned char *select;
    bool brief;
    double mass[ISD_MAX_TYPES + 1];
    int bins;
    double max;
    struct quenched made_quench;
    struct match *made_match;
    struct gr_counts *made_gr;
    struct energy_output made_energy;
    /* For the store: what the result is kept by, its arrays packed by the job; or the arrays known from before, to restore. */
    struct keep_tag tag;
    struct store_structure_arrays structure_arrays;
    struct store_matching_arrays matching_arrays;
    bool known; /* made_quench.result or made_match holds numbers from a store, the arrays belong to them */
    /* Matchings of a row: one job, each may begin from the one before. */
    struct work *next;
    isd_status status; /* of this one */
    isd_error err;
};

static void blobs_done(struct work *work)
{
    store_blob_done(&work->structure_arrays.positions);
    store_blob_done(&work->structure_arrays.images);
    store_blob_done(&work->matching_arrays.partner);
    store_blob_done(&work->matching_arrays.duals);
}

static void work_free_one(struct work *work)
{
    keep_tag_done(&work->tag);
    blobs_done(work);
    for (int k = 0; k < 2; k++)
        frame_want_done(&work->want[k]);
    isd_potential_unref(work->potential);
    isd_snapshot_unref(work->a);
    isd_snapshot_unref(work->b);
    isd_snapshot_unref(work->made_quench.snapshot);
    match_free(work->made_match);
    gr_free(work->made_gr);
    free(work->made_energy.force);
    free(work->select);
    free(work);
}

static void work_free(void *arg)
{
    for (struct work *work = arg, *next; work; work = next) {
        next = work->next;
        work_free_one(work);
    }
}

/* Frames that are still to be loaded. */
static isd_status load_frames(struct work *work, isd_error *err)
{
    isd_status status = frame_want_load(&work->want[0], &work->a, err);
    return status == ISD_OK ? frame_want_load(&work->want[1], &work->b, err) : status;
}

/* Copy of the positions, wrapped nowhere: a quench leaves each atom in its image. */
static double *copy_positions(const isd_snapshot *s)
{
    size_t size = (s->n > 0 ? (size_t)s->n : 1) * 3 * sizeof(double);
    double *position = malloc(size);
    if (position)
        memcpy(position, s->position, (size_t)s->n * 3 * sizeof(double));
    return position;
}

/* What the store gets of a structure. Out of memory: nothing. */
static void pack_structure(struct work *work, const isd_snapshot *made)
{
    size_t n = (size_t)made->n;
    if (!work->tag.wanted || store_pack_doubles(made->position, 3 * n, &work->structure_arrays.positions, NULL) != ISD_OK)
        return;
    if (made->image)
        store_pack_int32(made->image, 3 * n, &work->structure_arrays.images, NULL);
}

static void plain_quench_zeros(isd_quench_result *r)
{
    double *single[] = {&r->energy_start, &r->energy, &r->fmax, &r->fnorm};
    keep_plain_zeros(r->virial, 6);
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
        keep_plain_zeros(single[k], 1);
}

/* Known from before: the positions are unpacked; else, or where they are damaged, it is computed. */
static isd_status find_minimum(struct work *work, double *position, isd_control *control, isd_error *err)
{
    size_t n = (size_t)work->a->n;
    if (work->known && store_unpack_doubles(&work->structure_arrays.positions, 3 * n, position, NULL) == ISD_OK)
        return ISD_OK;
    if (work->known)
        memcpy(position, work->a->position, 3 * n * sizeof *position);
    work->tag.replace = work->known;
    work->known = false;
    blobs_done(work);
    isd_status status = isd_quench(work->potential, &work->a->box, work->a->type, work->a->n, &work->quench, control, position,
                                   &work->made_quench.result, err);
    plain_quench_zeros(&work->made_quench.result);
    return status;
}

static isd_status run_quench_job(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    if (status != ISD_OK)
        return status;
    double *position = copy_positions(work->a);
    if (!position)
        return isd_error_memory(err);
    isd_snapshot *made = NULL;
    status = find_minimum(work, position, control, err);
    if (status == ISD_OK)
        status = isd_snapshot_with_positions(work->a, position, &made, err);
    if (status == ISD_OK && !work->known)
        pack_structure(work, made);
    free(position);
    work->made_quench.snapshot = made;
    return status;
}

static void plain_match_zeros(struct match *m)
{
    double *single[] = {&m->sum_sq, &m->d_min, &m->dual, &m->gap_abs, &m->bound, &m->max_u, &m->rmsd, &m->rmsd_unwrapped, &m->jump_fraction};
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
        keep_plain_zeros(single[k], 1);
    keep_plain_zeros(m->shift, 3);
    keep_plain_zeros(m->drift, 3);
}

/* What the store gets of a matching: of brief ones the numbers alone. */
static void pack_match(struct work *work)
{
    const struct match *m = work->made_match;
    size_t n = (size_t)m->n;
    int32_t *shift = work->tag.wanted && !work->brief ? malloc((n + 1) * sizeof *shift) : NULL;
    if (!shift)
        return;
    for (int32_t i = 0; i < m->n; i++)
        shift[i] = m->partner[i] - i; /* mostly 0 */
    if (store_pack_int32(shift, n, &work->matching_arrays.partner, NULL) == ISD_OK)
        store_pack_doubles(m->v, n, &work->matching_arrays.duals, NULL);
    free(shift);
}

/* The arrays of a match whose numbers, in made_match, and partners are known. */
static isd_status restore_match(struct work *work, isd_error *err)
{
    struct match *numbers = work->made_match, *whole = NULL;
    size_t n = (size_t)numbers->n;
    int32_t *partner = malloc((n + 1) * sizeof *partner);
    double *duals = malloc((n + 1) * sizeof *duals);
    isd_status status = partner && duals ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK)
        status = store_unpack_int32(&work->matching_arrays.partner, n, partner, err);
    if (status == ISD_OK && work->matching_arrays.duals.bytes)
        status = store_unpack_doubles(&work->matching_arrays.duals, n, duals, err);
    for (int32_t i = 0; i < numbers->n && status == ISD_OK; i++)
        partner[i] = (int32_t)((uint32_t)partner[i] + (uint32_t)i);
    if (status == ISD_OK)
        status = match_restore(work->a, work->b, &work->match, numbers, partner, work->matching_arrays.duals.bytes ? duals : NULL, &whole, err);
    free(partner);
    free(duals);
    if (status == ISD_OK) {
        match_free(numbers);
        work->made_match = whole;
    }
    return status;
}

static isd_status make_one_match(struct work *work, isd_control *control, isd_error *err)
{
    isd_status status = load_frames(work, err);
    if (status != ISD_OK || (work->known && restore_match(work, err) == ISD_OK))
        return status;
    work->tag.replace = work->known; /* what is kept is damaged */
    work->known = false;
    blobs_done(work);
    match_free(work->made_match);
    work->made_match = NULL;
    status = match_snapshots(work->a, work->b, &work->match, control, &work->made_match, err);
    if (status != ISD_OK)
        return status;
    plain_match_zeros(work->made_match);
    pack_match(work);
    return ISD_OK;
}

/* One matching or a row of them: the arrays of each are kept until the next is made. */
static isd_status run_match_job(void *arg, isd_control *control, isd_error *err)
{
    struct work *before = NULL;
    int count = 0;
    for (const struct work *work = arg; work; work = work->next)
        count++;
    for (struct work *work = arg; work; before = work, work = work->next) {
        isd_control *part = isd_control_part(control, 1.0 / count);
        work->match.start = before && before->status == ISD_OK ? before->made_match : NULL;
        work->status = part ? make_one_match(work, part, &work->err) : isd_error_memory(&work->err);
        isd_control_free(part);
        if (before && before->brief && before->made_match)
            match_trim(before->made_match);
        if (isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    if (before && before->brief && before->made_match)
        match_trim(before->made_match);
    return ISD_OK;
}

static isd_status run_gr_job(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    return status != ISD_OK ? status : gr_count(work->a, work->bins, work->max, control, &work->made_gr, err);
}

static isd_status run_energy_job(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    if (status != ISD_OK)
        return status;
    const isd_snapshot *s = work->a;
    isd_evaluator *evaluator = NULL;
    work->made_energy.force = calloc(s->n > 0 ? (size_t)s->n : 1, 3 * sizeof(double));
    if (!work->made_energy.force)
        return isd_error_memory(err);
    status = isd_evaluator_new(work->potential, &s->box, s->type, s->n, &evaluator, err);
    if (status == ISD_OK)
        status = isd_evaluator_compute(evaluator, s->position, control, work->made_energy.force, &work->made_energy.energy, err);
    isd_evaluator_free(evaluator);
    return status;
}

/* The work is taken over; the entry then waits for it. */
static enum ask submit_for(struct session *session, struct entry *entry, struct work *work, job_run_fn *run, const char *label,
                           double priority, isd_error *err)
{
    work->entry = entry;
    entry->state = ASK_PENDING;
    if (session->in_row && run == run_match_job) {
        struct work **end = &session->row;
        while (*end)
            end = &(*end)->next;
        *end = work;
        return ASK_PENDING;
    }
    if (job_pool_count(session->pool) == 0) {
        session->jobs_done = session->jobs_submitted = 0;
        session->batch_start = clock_now();
    }
    if (job_submit(session->pool, label, priority, run, work_free, work, &entry->job, err) != ISD_OK) {
        entry->job = NULL;
        remove_entry(session, entry);
        return ASK_FAILED;
    }
    session->jobs_submitted++;
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
    enum ask answer = submit_for(session, first, row, run_match_job, label, priority, err);
    for (int k = 0; k < n; k++) {
        if (answer == ASK_FAILED)
            remove_entry(session, rest[k]);
        else
            rest[k]->job = first->job;
    }
    return answer;
}

static enum ask submit(struct session *session, const struct entry_key *key, struct work *work, job_run_fn *run,
                       const char *label, double priority, isd_error *err)
{
    struct entry *entry = add_entry(session, key, err);
    if (!entry) {
        work_free(work);
        return ASK_FAILED;
    }
    return submit_for(session, entry, work, run, label, priority, err);
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
    if (err->status == ISD_DATA && !err->where[0] && key->a == key->b)
        isd_error_at(err, frame_set_info(session->set[key->set]->frames, key->a)->path, 0, 0);
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
        remove_entry(session, entry); /* asked again, it is computed again */
    } else if (status != ISD_OK) {
        entry->state = ASK_FAILED;
        entry->err = *err;
        name_for_people(session, work, &entry->err);
    } else {
        entry->state = ASK_READY;
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

bool session_collect(struct session *session)
{
    bool any = false;
    for (struct job *job; (job = job_pool_collect(session->pool)) != NULL;) {
        if (!opening_take_in(session, job) && !derived_take_in(session, job))
            take_in(session, job);
        job_release(session->pool, job);
        any = true;
    }
    if (any)
        keep_commit(session); /* before anybody is told of them */
    return any;
}

/* What is known of a key; ASK_PENDING with *ret_entry = NULL: nothing, make it. */
static enum ask look_up(struct session *session, const struct entry_key *key, double priority, struct entry **ret_entry,
                        isd_error *err)
{
    struct entry *entry = find_entry(session, key);
    *ret_entry = entry;
    if (!entry)
        return ASK_PENDING;
    if (entry->state == ASK_FAILED && err)
        *err = entry->err;
    if (entry->state == ASK_PENDING && entry->job)
        job_raise(session->pool, entry->job, priority);
    return entry->state;
}

static struct work *new_work(isd_error *err)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        isd_error_memory(err);
    return work;
}

/* --- the system against the frames --- */

/* A flat system needs flat frames; a built-in 3D one is not meant for flat frames. */
static isd_status check_dimension(struct session *session, int32_t frame, bool for_energy, isd_error *err)
{
    const struct dataset *set = session_current(session);
    int dim = session_dimension(session);
    const struct system_settings *system = &session->system;
    const char *name = system->name[0] && !system->dimension_said ? system->name : "dimension 2";
    if (dim == 2 && set->natural_dimension == 3) {
        isd_error_set(err, ISD_DATA, "%s is two-dimensional, but z differs from atom to atom in set %s", name, set->name);
        isd_error_hint(err, "choose a three-dimensional system, as in `system ka3d`, or `dimension 3`");
        return ISD_DATA;
    }
    if (for_energy && system->name[0] && !system->dimension_said && system->dimension == 3 && dim == 2 &&
        frame_set_info(set->frames, frame)->n > 1) {
        isd_error_set(err, ISD_DATA, "system %s is three-dimensional, but set %s is flat: every z is equal", name, set->name);
        isd_error_hint(err, "choose a two-dimensional system, as in `system ka2d`");
        return ISD_DATA;
    }
    return ISD_OK;
}

static void note_text(void *arg, const char *text)
{
    session_message(arg, "%s", text);
}

static isd_status get_potential(struct session *session, int32_t frame, isd_error *err)
{
    int types = frame_set_info(session_current(session)->frames, frame)->n_types;
    if (session->potential && session->potential_types >= types)
        return ISD_OK;
    isd_potential *made = NULL;
    types = types > 0 ? types : 1;
    isd_status status = system_potential(&session->system, types, note_text, session, &made, err);
    if (status != ISD_OK)
        return status;
    isd_potential_unref(session->potential);
    session->potential = made;
    session->potential_types = types;
    return ISD_OK;
}

const isd_potential *session_potential(const struct session *session)
{
    return session->potential;
}

/* --- asking --- */

void structure_defaults(const struct session *session, bool is, struct structure *ret_structure)
{
    ret_structure->is = is;
    ret_structure->quench = session->quench;
    if (isnan(ret_structure->quench.ftol))
        ret_structure->quench.ftol = strcmp(session_units(session), "metal") == 0 ? 1e-6 : 1e-8;
}

static int32_t method_index(const char *name)
{
    for (int k = 0; isd_quench_method(k); k++)
        if (strcmp(isd_quench_method(k), name) == 0)
            return k;
    return -1;
}

/* A key of something quenched. */
static void key_quench(struct entry_key *key, const isd_quench_options *options)
{
    key->is = 1;
    key->method = method_index(options->method);
    key->ftol = options->ftol;
    key->etol = options->etol;
    key->max_iterations = options->max_iterations;
}

static struct entry_key make_key(const struct session *session, enum entry_kind kind, int32_t a, int32_t b,
                                 const struct structure *structure)
{
    struct entry_key key;
    memset(&key, 0, sizeof key); /* compared as bytes */
    key.kind = kind;
    key.set = session->current;
    key.a = a;
    key.b = b;
    if (structure && structure->is && !session_frames_are_is(session))
        key_quench(&key, &structure->quench);
    return key;
}

/* Work on a frame that needs its forces: the frame and the potential, which must fit one another. NULL: *err says why. */
static struct work *force_work(struct session *session, int32_t frame, isd_error *err)
{
    struct work *work = new_work(err);
    if (!work)
        return NULL;
    if (session_want_frame(session, frame, &work->want[0], err) != ISD_OK ||
        check_dimension(session, frame, true, err) != ISD_OK || get_potential(session, frame, err) != ISD_OK) {
        work_free(work);
        return NULL;
    }
    work->potential = isd_potential_ref(session->potential);
    return work;
}

/* The work of a quench, with what it will be kept by. */
static struct work *quench_work(struct session *session, int32_t frame, const isd_quench_options *options, isd_error *err)
{
    struct work *work = force_work(session, frame, err);
    if (!work)
        return NULL;
    work->quench = *options;
    work->quench.method = isd_quench_method(method_index(options->method)); /* outlives the command that named it */
    keep_tag_structure(session, frame, &work->quench, &work->tag);
    return work;
}

enum ask session_quench(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                        const struct quenched **ret_quenched, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_QUENCH, frame, frame, NULL);
    key_quench(&key, options);
    struct entry *entry = NULL;
    enum ask known = look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_quenched = &entry->quenched;
    if (entry)
        return known;
    struct work *work = quench_work(session, frame, options, err);
    if (!work)
        return ASK_FAILED;
    if (keep_find_structure(session, &work->tag, &work->made_quench.result)) {
        isd_quench_result result = work->made_quench.result;
        work_free(work);
        if (!(entry = add_entry(session, &key, err)))
            return ASK_FAILED;
        entry->state = ASK_READY;
        entry->quenched.result = result;
        *ret_quenched = &entry->quenched;
        return ASK_READY;
    }
    char label[64];
    snprintf(label, sizeof label, "quench %d", (int)frame);
    return submit(session, &key, work, run_quench_job, label, priority, err);
}

/* The positions of a structure whose numbers came from a store. */
static enum ask restore_structure(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                                  isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_QUENCH, frame, frame, NULL);
    key_quench(&key, options);
    struct entry *entry = find_entry(session, &key);
    struct work *work = quench_work(session, frame, options, err);
    if (!entry || !work) {
        work_free(work);
        return ASK_FAILED;
    }
    work->known = keep_find_positions(session, &work->tag, &work->structure_arrays);
    work->made_quench.result = entry->quenched.result;
    char label[64];
    snprintf(label, sizeof label, "restore %d", (int)frame);
    return submit_for(session, entry, work, run_quench_job, label, priority, err);
}

enum ask session_quenched(struct session *session, int32_t frame, const isd_quench_options *options, double priority,
                          const struct quenched **ret_quenched, isd_error *err)
{
    const struct quenched *quenched = NULL;
    enum ask known = session_quench(session, frame, options, priority, &quenched, err);
    if (known == ASK_READY && !quenched->snapshot)
        known = restore_structure(session, frame, options, priority, err);
    if (known == ASK_READY)
        *ret_quenched = quenched;
    return known;
}

/* A structure for a job: *ret_snapshot is borrowed if it is there already, else *ret_want says what to load. load false: an inherent
 * structure may stay where it is kept, *ret_snapshot is NULL then. */
static enum ask structure_input(struct session *session, int32_t frame, const struct structure *structure, bool load,
                                double priority, struct frame_want *ret_want, const isd_snapshot **ret_snapshot, int *ret_unconverged,
                                isd_error *err)
{
    if (structure->is && !session_frames_are_is(session)) {
        const struct quenched *quenched = NULL;
        enum ask known = load ? session_quenched(session, frame, &structure->quench, priority, &quenched, err)
                              : session_quench(session, frame, &structure->quench, priority, &quenched, err);
        if (known == ASK_READY) {
            *ret_snapshot = quenched->snapshot;
            *ret_unconverged = !quenched->result.converged;
        }
        return known;
    }
    struct frame_want want = {0};
    if (session_want_frame(session, frame, &want, err) != ISD_OK)
        return ASK_FAILED;
    if (check_dimension(session, frame, false, err) != ISD_OK) {
        frame_want_done(&want);
        return ASK_FAILED;
    }
    *ret_want = want;
    *ret_unconverged = 0;
    return ASK_READY;
}

enum ask session_structure(struct session *session, int32_t frame, const struct structure *structure, double priority,
                           const isd_snapshot **ret_snapshot, int *ret_unconverged, isd_error *err)
{
    struct frame_want want = {0};
    enum ask known = structure_input(session, frame, structure, true, priority, &want, ret_snapshot, ret_unconverged, err);
    if (known != ASK_READY || !want.frames)
        return known;
    frame_want_done(&want);
    return session_frame(session, frame, ret_snapshot, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

enum ask session_structure_known(struct session *session, int32_t frame, const struct structure *structure, double priority,
                                 int *ret_unconverged, isd_error *err)
{
    struct frame_want want = {0};
    const isd_snapshot *ignored = NULL;
    enum ask known = structure_input(session, frame, structure, false, priority, &want, &ignored, ret_unconverged, err);
    frame_want_done(&want);
    return known;
}

/* What a matching is made of: both structures, each there or to be loaded. */
struct pair_input {
    struct frame_want want[2];
    const isd_snapshot *snapshot[2];
    int unconverged;
};

static void pair_input_done(struct pair_input *pair)
{
    for (int k = 0; k < 2; k++)
        frame_want_done(&pair->want[k]);
}

/* Both structures of a pair: both are asked for before either is waited for. To be given to pair_input_done if ready. load: as for
 * structure_input. */
static enum ask both_structures(struct session *session, const struct match_request *request, bool load, double priority,
                                struct pair_input *ret_pair, isd_error *err)
{
    struct pair_input pair = {.unconverged = 0};
    int32_t frame[2] = {request->a, request->b};
    int unconverged[2] = {0, 0};
    enum ask answer[2] = {ASK_FAILED, ASK_FAILED};
    for (int k = 0; k < 2 && (k == 0 || answer[0] != ASK_FAILED); k++)
        answer[k] = structure_input(session, frame[k], &request->structure, load, priority, &pair.want[k], &pair.snapshot[k],
                                    &unconverged[k], err);
    if (answer[0] != ASK_READY || answer[1] != ASK_READY) {
        pair_input_done(&pair);
        return answer[0] == ASK_FAILED || answer[1] == ASK_FAILED ? ASK_FAILED : ASK_PENDING;
    }
    pair.unconverged = unconverged[0] + (request->a != request->b ? unconverged[1] : 0);
    *ret_pair = pair;
    return ASK_READY;
}

static struct entry_key match_key(const struct session *session, const struct match_request *request, int choice)
{
    struct entry_key key = make_key(session, ENTRY_MATCH, request->a, request->b, &request->structure);
    key.blind = request->blind || request->like_script;
    key.order_is_id = request->order_is_id;
    key.drift_remove = request->drift_remove;
    key.like_script = request->like_script;
    key.affine = request->affine;
    key.align = request->align;
    key.type = request->type;
    key.choice = choice;
    key.eps = request->alternatives ? request->eps : -1;
    key.phases = request->phases;
    return key;
}

/* Which atoms of A the request chooses: only that needs A itself before the job runs. */
static isd_status choose_atoms(const struct session *session, const struct match_request *request, struct work *work,
                               isd_error *err)
{
    if (!request->atoms && !request->filter)
        return ISD_OK;
    const isd_snapshot *a = isd_snapshot_ref(work->a);
    isd_status status = a ? ISD_OK : frame_want_load(&work->want[0], &a, err);
    if (status == ISD_OK)
        status = choice_mask(session, a, request->atoms, request->filter, &work->select, err);
    isd_snapshot_unref(a);
    return status;
}

/* The job of a request, which takes over what the pair wants; NULL with err. */
static struct work *match_work(const struct session *session, const struct match_request *request,
                               struct pair_input *pair, isd_error *err)
{
    struct work *work = new_work(err);
    if (!work)
        return NULL;
    memcpy(work->want, pair->want, sizeof work->want);
    memset(pair->want, 0, sizeof pair->want);
    work->a = isd_snapshot_ref(pair->snapshot[0]);
    work->b = isd_snapshot_ref(pair->snapshot[1]);
    if (choose_atoms(session, request, work, err) != ISD_OK) {
        work_free(work);
        return NULL;
    }
    for (int t = 0; t <= ISD_MAX_TYPES; t++)
        work->mass[t] = session->system.has_mass[t] ? session->system.mass[t] : 1.0;
    work->brief = request->brief;
    work->match = (struct match_options){.like = request->like_script ? MATCH_LIKE_SCRIPT : MATCH_LIKE_EXACT,
                                         .blind = request->blind,
                                         .order_is_id = request->order_is_id,
                                         .drift_remove = request->drift_remove,
                                         .affine = request->affine,
                                         .align = request->align,
                                         .type = request->type,
                                         .select = work->select,
                                         .mass = work->mass,
                                         .alternatives = request->alternatives,
                                         .eps = request->eps};
    return work;
}

/* What is in memory of a request: in full, or the numbers alone where they will do. */
static enum ask look_up_match(struct session *session, const struct entry_key *full, const struct match_request *request,
                              double priority, struct entry **ret_entry, isd_error *err)
{
    struct entry_key brief = *full;
    brief.brief = 1;
    struct entry *entry = find_entry(session, full);
    if (entry && entry->state == ASK_READY)
        return look_up(session, full, priority, ret_entry, err);
    bool brief_will_do = request->brief || (request->numbers && find_entry(session, &brief));
    return look_up(session, brief_will_do ? &brief : full, priority, ret_entry, err);
}

/* The numbers of a match become an entry; they are taken over. */
static enum ask enter_numbers(struct session *session, const struct entry_key *full, struct match *numbers,
                              const struct match **ret_match, isd_error *err)
{
    struct entry_key brief = *full;
    brief.brief = 1;
    struct entry *entry = add_entry(session, &brief, err);
    if (!entry) {
        match_free(numbers);
        return ASK_FAILED;
    }
    entry->state = ASK_READY;
    entry->match = numbers;
    *ret_match = numbers;
    return ASK_READY;
}

/* Nothing in memory, the structures exist: from the store, or a job. numbers: taken over, NULL if the store has none. */
static enum ask make_match(struct session *session, const struct match_request *request, const struct entry_key *full,
                           struct keep_tag *tag, struct match *numbers, double priority, isd_error *err)
{
    struct pair_input pair;
    enum ask structures = both_structures(session, request, true, priority, &pair, err);
    struct work *work = structures == ASK_READY ? match_work(session, request, &pair, err) : NULL;
    if (structures == ASK_READY)
        pair_input_done(&pair);
    if (!work) {
        match_free(numbers);
        return structures == ASK_READY ? ASK_FAILED : structures;
    }
    work->tag = *tag;
    *tag = (struct keep_tag){0};
    work->known = numbers && keep_find_partners(session, &work->tag, &work->matching_arrays);
    if (work->known)
        work->made_match = numbers;
    else
        match_free(numbers);
    struct entry_key key = *full;
    key.brief = request->brief;
    char label[64];
    snprintf(label, sizeof label, "match %d:%d%s", (int)request->a, (int)request->b, request->blind ? " blind" : "");
    return submit(session, &key, work, run_match_job, label, priority, err);
}

enum ask session_match(struct session *session, const struct match_request *request, double priority,
                       const struct match **ret_match, int *ret_unconverged, isd_error *err)
{
    int choice = choice_number(session, request->atoms, request->filter);
    if (choice < 0) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    struct entry_key full = match_key(session, request, choice);
    struct entry *entry = NULL;
    enum ask known = look_up_match(session, &full, request, priority, &entry, err);
    if (entry && known != ASK_READY)
        return known;
    struct pair_input pair;
    enum ask structures = both_structures(session, request, false, priority, &pair, err);
    if (structures != ASK_READY)
        return structures;
    pair_input_done(&pair);
    *ret_unconverged = pair.unconverged;
    if (entry) {
        *ret_match = entry->match;
        return ASK_READY;
    }
    struct keep_tag tag;
    struct match *numbers = NULL;
    keep_tag_match(session, request, &tag);
    bool from_store = !request->phases && keep_find_match(session, &tag, &numbers);
    enum ask answer = from_store && (request->numbers || request->brief)
                          ? enter_numbers(session, &full, numbers, ret_match, err)
                          : make_match(session, request, &full, &tag, numbers, priority, err);
    keep_tag_done(&tag);
    return answer;
}

enum ask session_fidelity(struct session *session, int32_t frame, const isd_quench_options *a, const isd_quench_options *b,
                          double priority, const struct match **ret_match, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_FIDELITY, frame, frame, NULL);
    key_quench(&key, a); /* quenched whatever the state of the frames */
    key.other_method = method_index(b->method);
    struct entry *entry = NULL;
    enum ask known = look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_match = entry->match;
    if (entry)
        return known;
    const struct quenched *found[2] = {NULL, NULL};
    enum ask one = session_quench(session, frame, a, priority, &found[0], err);
    if (one == ASK_FAILED)
        return one;
    enum ask two = session_quench(session, frame, b, priority, &found[1], err);
    if (one != ASK_READY || two != ASK_READY)
        return two == ASK_FAILED ? two : ASK_PENDING;
    struct keep_tag tag;
    struct match *numbers = NULL;
    keep_tag_fidelity(session, frame, a, b, &tag);
    if (keep_find_match(session, &tag, &numbers)) {
        keep_tag_done(&tag);
        if (!(entry = add_entry(session, &key, err))) {
            match_free(numbers);
            return ASK_FAILED;
        }
        entry->state = ASK_READY;
        *ret_match = entry->match = numbers;
        return ASK_READY;
    }
    one = session_quenched(session, frame, a, priority, &found[0], err);
    two = one == ASK_FAILED ? one : session_quenched(session, frame, b, priority, &found[1], err);
    enum ask there = two == ASK_READY ? one : two;
    struct work *work = there == ASK_READY ? new_work(err) : NULL;
    if (!work) {
        keep_tag_done(&tag);
        return there == ASK_READY ? ASK_FAILED : there;
    }
    work->tag = tag;
    work->a = isd_snapshot_ref(found[0]->snapshot);
    work->b = isd_snapshot_ref(found[1]->snapshot);
    char label[64];
    snprintf(label, sizeof label, "match %d %s:%s", (int)frame, a->method, b->method);
    return submit(session, &key, work, run_match_job, label, priority, err);
}

enum ask session_gr(struct session *session, int32_t frame, const struct structure *structure, int bins, double max,
                    double priority, const struct gr_counts **ret_counts, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_GR, frame, frame, structure);
    key.bins = bins;
    key.max = max;
    struct entry *entry = NULL;
    enum ask known = look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY)
        *ret_counts = entry->gr;
    if (entry)
        return known;
    int unconverged = 0;
    known = session_structure_known(session, frame, structure, priority, &unconverged, err);
    if (known != ASK_READY)
        return known;
    struct keep_tag tag;
    struct gr_counts *gr = NULL;
    keep_tag_gr(session, frame, structure, bins, max, &tag);
    if (keep_find_gr(session, &tag, &gr)) {
        keep_tag_done(&tag);
        if (!(entry = add_entry(session, &key, err))) {
            gr_free(gr);
            return ASK_FAILED;
        }
        entry->state = ASK_READY;
        *ret_counts = entry->gr = gr;
        return ASK_READY;
    }
    struct frame_want want = {0};
    const isd_snapshot *snapshot = NULL;
    known = structure_input(session, frame, structure, true, priority, &want, &snapshot, &unconverged, err);
    struct work *work = known == ASK_READY ? new_work(err) : NULL;
    if (!work) {
        frame_want_done(&want);
        keep_tag_done(&tag);
        return known == ASK_READY ? ASK_FAILED : known;
    }
    work->tag = tag;
    work->want[0] = want;
    work->a = isd_snapshot_ref(snapshot);
    work->bins = bins;
    work->max = max;
    char label[64];
    snprintf(label, sizeof label, "g(r) %d", (int)frame);
    return submit(session, &key, work, run_gr_job, label, priority, err);
}

enum ask session_energy(struct session *session, int32_t frame, double priority, const isd_energy **ret_energy,
                        const double **ret_force, isd_error *err)
{
    struct entry_key key = make_key(session, ENTRY_ENERGY, frame, frame, NULL);
    struct entry *entry = NULL;
    enum ask known = look_up(session, &key, priority, &entry, err);
    if (known == ASK_READY) {
        *ret_energy = &entry->energy.energy;
        *ret_force = entry->energy.force;
    }
    if (entry)
        return known;
    struct work *work = force_work(session, frame, err);
    if (!work)
        return ASK_FAILED;
    char label[64];
    snprintf(label, sizeof label, "energy %d", (int)frame);
    return submit(session, &key, work, run_energy_job, label, priority, err);
}
