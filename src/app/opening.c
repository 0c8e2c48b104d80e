/* Sets read in the background, portion by portion. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/opening.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/derive.h"
#include "app/keep.h"

#define PORTION_SECONDS 0.25
#define FIRST_PRIORITY 200.0 /* before all that is looked at */

/* What a job is given and brings back. */
struct portion {
    struct frame_set *frames; /* a reference */
    struct frame_set_portion limit;
    bool look;                /* refresh: first see what has become of the files */
    enum frame_set_news news;
    bool done;
    isd_error *note;
    int n_notes;
    struct frame_set_known *known; /* of its files, when all is read and something is kept */
    int n_known;
};

/* --- a portion ----------------------------------------------------------------------------------------------------------- */

/* On a worker: said when the portion is taken in. */
static void keep_note(void *arg, const isd_error *note)
{
    struct portion *portion = arg;
    isd_error *grown = realloc(portion->note, ((size_t)portion->n_notes + 1) * sizeof *grown);
    if (!grown)
        return;
    portion->note = grown;
    portion->note[portion->n_notes++] = *note;
}

/* On a worker: much is packed. What cannot be is not kept. */
static void collect_known(struct portion *portion)
{
    int n = frame_set_known_count(portion->frames);
    portion->known = calloc((size_t)n + 1, sizeof *portion->known);
    for (int k = 0; portion->known && k < n; k++)
        if (frame_set_known(portion->frames, k, &portion->known[portion->n_known], NULL) == ISD_OK)
            portion->n_known += portion->known[portion->n_known].bytes != NULL;
}

static isd_status run_portion(void *arg, isd_control *control, isd_error *err)
{
    struct portion *portion = arg;
    if (portion->look) {
        isd_status status = frame_set_refresh(portion->frames, &portion->news, err);
        if (status != ISD_OK)
            return status;
    }
    if (portion->look && portion->news == FRAME_SET_OTHER) {
        struct frame_set *anew = NULL;
        isd_status status = frame_set_anew(portion->frames, &anew, err);
        if (status != ISD_OK)
            return status;
        frame_set_free(portion->frames);
        portion->frames = anew;
    }
    if (portion->look && portion->news == FRAME_SET_SAME) {
        portion->done = true;
        return ISD_OK;
    }
    isd_status status = frame_set_read(portion->frames, &portion->limit, keep_note, portion, control, &portion->done, err);
    if (status == ISD_OK && portion->done && portion->limit.ask)
        collect_known(portion);
    return status;
}

static void free_portion(void *arg)
{
    struct portion *portion = arg;
    frame_set_free(portion->frames);
    for (int k = 0; k < portion->n_known; k++)
        free(portion->known[k].bytes);
    free(portion->known);
    free(portion->note);
    free(portion);
}

isd_status opening_submit(struct session *session, struct opening *o, bool first, isd_error *err)
{
    struct portion *portion = calloc(1, sizeof *portion);
    if (!portion)
        return isd_error_memory(err);
    portion->frames = frame_set_ref(o->frames);
    portion->look = first && o->refresh;
    portion->limit = (struct frame_set_portion){.frames = first && o->background ? 1 : 0, .seconds = PORTION_SECONDS,
                                                .ask = !o->refresh && keep_is_wanted(session)};
    char label[96];
    snprintf(label, sizeof label, "reading %s", o->set->name);
    return job_submit(session->pool, label, first ? FIRST_PRIORITY : ASK_BATCH, run_portion, free_portion, portion, &o->job, err);
}

/* --- the frames that have come ------------------------------------------------------------------------------------------- */

/* All is read, or as much as there will be: an answer that nobody has fetched yet waits for that. */
static void conclude(struct session *session, struct opening *o, enum ask state)
{
    o->state = state;
    if (!o->request)
        opening_remove(session, o);
}

/* Another one where a set of this name is there already. */
static void make_unique(const struct session *session, char *name, size_t size)
{
    char base[48];
    snprintf(base, sizeof base, "%.47s", name);
    for (int copy = 2; copy < 1000; copy++) {
        bool taken = false;
        for (int k = 0; k < session->n_sets; k++)
            taken = taken || strcmp(session->set[k]->name, name) == 0;
        if (!taken)
            return;
        snprintf(name, size, "%s-%d", base, copy);
    }
}

/* The set becomes one of the session's, and the current one. */
static isd_status show_set(struct session *session, struct opening *o, isd_error *err)
{
    struct dataset *set = o->set;
    isd_status status = dataset_take_frames(session, set, err);
    if (status == ISD_OK)
        status = dataset_read_first(set, err);
    if (status != ISD_OK)
        return status;
    if (session->n_sets == SESSION_MAX_SETS)
        return isd_error_set(err, ISD_USAGE, "%d sets are open already, no more fit", SESSION_MAX_SETS);
    if (!set->named)
        make_unique(session, set->name, sizeof set->name);
    set->named = true;
    dataset_update_times(session, set);
    set->id = ++session->last_set_id;
    session->set[session->n_sets] = set;
    session->current = session->n_sets++;
    o->visible = true;
    return ISD_OK;
}

/* Frames that are not what they were lose what was computed of them. */
static isd_status replace_frames(struct session *session, struct opening *o, isd_error *err)
{
    struct dataset *set = o->set;
    int32_t n = frame_set_count(o->frames), before = set->n;
    bool *changed = calloc((size_t)(before > n ? before : n) + 1, sizeof *changed);
    if (!changed)
        return isd_error_memory(err);
    for (int32_t k = 0; k < before; k++) {
        changed[k] = k >= n || !hash128_equal(&frame_set_info(o->frames, k)->fingerprint,
                                              &frame_set_info(set->frames, k)->fingerprint);
        o->report.changed_frames += changed[k];
    }
    int dimension = set->natural_dimension;
    frame_set_free(set->frames);
    set->frames = frame_set_ref(o->frames);
    session_forget_frames(session);
    isd_status status = dataset_take_frames(session, set, err);
    if (status == ISD_OK)
        status = dataset_read_first(set, err);
    for (int32_t k = 0; k < before && set->natural_dimension != dimension; k++)
        changed[k] = true;
    session_drop_frames(session, set->id, changed, before);
    if (o->report.changed_frames > 0)
        derived_drop(session); /* made of many frames each */
    keep_set_changed(session, set);
    free(changed);
    return status;
}

/* All has been read: of a new set, or again. */
static isd_status take_all(struct session *session, struct opening *o, isd_error *err)
{
    struct dataset *set = o->set;
    set->cut = false;
    if (!o->refresh) {
        isd_status taken = o->visible ? dataset_take_frames(session, set, err) : show_set(session, o, err);
        if (taken == ISD_OK)
            keep_tell_known(session, set);
        return taken;
    }
    isd_status status = o->frames == set->frames ? dataset_take_frames(session, set, err) : replace_frames(session, o, err);
    o->report.frames = set->n;
    o->report.new_frames = set->n > o->frames_before ? set->n - o->frames_before : 0;
    o->report.files = frame_set_file_count(set->frames);
    o->report.new_files = o->report.files > o->files_before ? o->report.files - o->files_before : 0;
    return status;
}

/* Reading ends here with what there is: said, and the set is marked. */
static void end_with_part(struct session *session, struct opening *o, const isd_error *reason)
{
    struct dataset *set = o->set;
    isd_error ignored;
    bool again = o->refresh && o->frames != set->frames; /* the old frames stay */
    if (!again)
        dataset_take_frames(session, set, &ignored);
    set->cut = set->cut || !again;
    if (reason->status == ISD_CANCELLED)
        session_message(session, "reading set %s was given up: %d frame%s there (refresh reads on)", set->name, (int)set->n,
                        set->n == 1 ? " is" : "s are");
    else if (!o->refresh)
        session_message(session, "%s%s%s%s%s; the %d frame%s before it can be used", reason->where,
                        reason->where[0] ? ": " : "", reason->what, reason->hint[0] ? "; " : "", reason->hint, (int)set->n,
                        set->n == 1 ? "" : "s");
}

/* After a portion with nothing wrong. */
static isd_status go_on(struct session *session, struct opening *o, bool done, isd_error *err)
{
    isd_status status = ISD_OK;
    if (done)
        return take_all(session, o, err);
    if (o->background && !o->refresh && frame_set_count(o->frames) > 0)
        status = o->visible ? dataset_take_frames(session, o->set, err) : show_set(session, o, err);
    if (status == ISD_OK && o->given_up)
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    return status == ISD_OK ? opening_submit(session, o, false, err) : status;
}

void openings_give_up(struct session *session)
{
    for (struct opening *o = session->opening; o; o = o->next)
        o->given_up = true;
}

/* A portion is done: the set has more frames, or ends. */
bool opening_take_in(struct session *session, struct job *job)
{
    struct opening *o = session->opening;
    while (o && o->job != job)
        o = o->next;
    if (!o)
        return false;
    struct portion *portion = job_arg(job);
    const isd_error *reason = NULL;
    isd_status status = job_result(job, &reason);
    o->err = *reason;
    o->job = NULL;
    if (o->closed) {
        opening_remove(session, o);
        return true;
    }
    if (portion->frames && portion->frames != o->frames) { /* all is read again */
        frame_set_free(o->frames);
        o->frames = frame_set_ref(portion->frames);
    }
    o->fraction = frame_set_fraction(o->frames);
    for (int k = 0; k < portion->n_notes; k++)
        session_note(session, &portion->note[k]);
    keep_answer(session, o->frames);
    if (status == ISD_OK)
        status = go_on(session, o, portion->done, &o->err);
    if (status == ISD_OK)
        keep_files(session, o->set, portion->known, portion->n_known);
    if (status == ISD_OK && !portion->done)
        return true;
    if (status != ISD_OK && o->visible)
        end_with_part(session, o, &o->err);
    if (status == ISD_CANCELLED) { /* asked again, it begins anew */
        opening_remove(session, o);
        return true;
    }
    if (status == ISD_OK && !o->request && !o->refresh)
        session_message(session, "set %s is read: %d frames", o->set->name, (int)o->set->n);
    conclude(session, o, status == ISD_OK ? ASK_READY : ASK_FAILED);
    return true;
}
