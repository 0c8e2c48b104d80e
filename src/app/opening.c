/* Opening sets: read in the background, portion by portion. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/keep.h"
#include "app/derive.h"
#include "app/session.h"
#include "app/state.h"
#include "base/text.h"

#define PORTION_SECONDS 0.25
#define FIRST_PRIORITY 200.0 /* before all that is looked at */

/* A set that is being read: for the first time, or again. One portion at a time is a job. */
struct opening {
    struct opening *next;
    struct dataset *set;
    struct frame_set *frames; /* those that are read: the set's, or those that will replace them. A reference */
    char *request;            /* what was asked for, so that the same call is known again; NULL: it has its answer */
    struct job *job;
    bool background;          /* the call has its answer with the first frame */
    bool visible;             /* the set is one of the session's */
    bool refresh;
    bool given_up;            /* no further portion */
    int32_t frames_before;    /* refresh: how many there were */
    int files_before;
    struct refresh_report report;
    double fraction;          /* of the bytes, when the last portion ended */
    enum ask state;
    isd_error err;
};

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

static isd_status submit_portion(struct session *session, struct opening *o, bool first, isd_error *err)
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

/* --- openings ------------------------------------------------------------------------------------------------------------ */

static void remove_opening(struct session *session, struct opening *o)
{
    struct opening **link = &session->opening;
    while (*link && *link != o)
        link = &(*link)->next;
    if (*link)
        *link = o->next;
    if (!o->visible)
        dataset_free(o->set);
    frame_set_free(o->frames);
    free(o->request);
    free(o);
}

/* Takes the set over. */
static struct opening *add_opening(struct session *session, struct dataset *set, char *request, isd_error *err)
{
    struct opening *o = calloc(1, sizeof *o);
    if (!o) {
        isd_error_memory(err);
        free(request);
        return NULL;
    }
    *o = (struct opening){.set = set, .frames = frame_set_ref(set->frames), .request = request, .state = ASK_PENDING,
                          .background = session->background};
    struct opening **link = &session->opening;
    while (*link)
        link = &(*link)->next;
    *link = o;
    return o;
}

static struct opening *find_request(const struct session *session, const char *request)
{
    struct opening *o = session->opening;
    while (o && !(o->request && strcmp(o->request, request) == 0))
        o = o->next;
    return o;
}

static struct opening *opening_of(const struct session *session, const struct dataset *set)
{
    struct opening *o = session->opening;
    while (o && o->set != set)
        o = o->next;
    return o;
}

/* All is read, or as much as there will be: an answer that nobody has fetched yet waits for that. */
static void conclude(struct session *session, struct opening *o, enum ask state)
{
    o->state = state;
    if (!o->request)
        remove_opening(session, o);
}

/* --- the frames that have come ------------------------------------------------------------------------------------------- */

/* The last part of a path without its suffixes. */
static void default_name(const char *path, char *out, size_t size)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t start = length;
    while (start > 0 && path[start - 1] != '/')
        start--;
    char base[48];
    text_escape(path + start, length - start, base, sizeof base);
    const char *suffixes[] = {".gz", ".zst", ".dump", ".lammpstrj", ".xyz", ".extxyz", ".gsd", ".data", ".bin"};
    for (size_t k = 0; k < sizeof suffixes / sizeof suffixes[0]; k++) {
        size_t n = strlen(base), m = strlen(suffixes[k]);
        if (n > m && strcmp(base + n - m, suffixes[k]) == 0)
            base[n - m] = '\0';
    }
    snprintf(out, size, "%s", base[0] ? base : "set");
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
    int dimension = set->natural_dimension, at = 0;
    while (at < session->n_sets && session->set[at] != set)
        at++;
    frame_set_free(set->frames);
    set->frames = frame_set_ref(o->frames);
    session_forget_frames(session);
    isd_status status = dataset_take_frames(session, set, err);
    if (status == ISD_OK)
        status = dataset_read_first(set, err);
    for (int32_t k = 0; k < before && set->natural_dimension != dimension; k++)
        changed[k] = true;
    session_drop_frames(session, at, changed, before);
    if (o->report.changed_frames > 0)
        derived_drop(session); /* made of many frames each */
    keep_set_changed(session, at);
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
    return status == ISD_OK ? submit_portion(session, o, false, err) : status;
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
        remove_opening(session, o);
        return true;
    }
    if (status == ISD_OK && !o->request && !o->refresh)
        session_message(session, "set %s is read: %d frames", o->set->name, (int)o->set->n);
    conclude(session, o, status == ISD_OK ? ASK_READY : ASK_FAILED);
    return true;
}

void openings_free(struct session *session)
{
    while (session->opening)
        remove_opening(session, session->opening);
}

/* --- asking -------------------------------------------------------------------------------------------------------------- */

/* types=A,B: label k is for type k. */
static isd_status read_labels(struct dataset *set, const char *labels, isd_error *err)
{
    int type = 0;
    for (const char *p = labels; p; type++) {
        const char *comma = strchr(p, ',');
        size_t length = comma ? (size_t)(comma - p) : strlen(p);
        if (length == 0 || length >= ISD_LABEL_SIZE || type >= ISD_MAX_TYPES)
            return isd_error_set(err, ISD_USAGE, "types=%s: expected up to %d labels of 1 to %d characters, as in types=A,B",
                                 labels, ISD_MAX_TYPES, ISD_LABEL_SIZE - 1);
        text_escape(p, length, set->label[type + 1], ISD_LABEL_SIZE);
        for (int k = 1; k <= type; k++)
            if (strcmp(set->label[k], set->label[type + 1]) == 0)
                return isd_error_set(err, ISD_USAGE, "types=%s: label %s is given twice", labels, set->label[k]);
        p = comma ? comma + 1 : NULL;
    }
    return ISD_OK;
}

/* What tells one call from another; NULL when out of memory. */
static char *describe(const char *const *paths, int n_paths, const struct open_options *o)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    const char *words[] = {o->units, o->labels, o->format, o->columns, o->cell, o->name};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        fprintf(stream, "%s\n", words[k] ? words[k] : "");
    fprintf(stream, "%a %a %a %d %d %d\n", o->dt, o->T, o->p, o->is_state, o->order_by_step, o->by_element);
    for (int k = 0; k < n_paths; k++)
        fprintf(stream, "%s\n", paths[k]);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static isd_status fill_set(const struct session *session, struct dataset *set, const char *const *paths, int n_paths,
                           const struct open_options *options, isd_error *err)
{
    struct frame_set_options how = {.order_by_step = options->order_by_step, .keep_checksum = session->keep_checksum,
                                    .cache = session->cache, .data = options->data, .data_size = options->data_size};
    how.format = (struct format_options){.format = options->format, .columns = options->columns, .cell = options->cell,
                                         .by_element = options->by_element};
    set->dt = options->dt;
    set->T = options->T;
    set->p = options->p;
    set->t_w = options->t_w;
    set->is_state = options->is_state;
    set->named = options->name != NULL;
    snprintf(set->units, sizeof set->units, "%s", options->units ? options->units : "");
    const char *name = options->name ? options->name : n_paths > 0 ? paths[0] : "";
    if (set->named)
        text_escape(name, strlen(name), set->name, sizeof set->name);
    else
        default_name(name, set->name, sizeof set->name);
    isd_status status = read_labels(set, options->labels, err);
    return status == ISD_OK ? frame_set_begin(paths, n_paths, &how, &set->frames, err) : status;
}

/* Takes the request over. */
static struct opening *begin(struct session *session, const char *const *paths, int n_paths, const struct open_options *options,
                             char *request, isd_error *err)
{
    struct opening *o = NULL;
    struct dataset *set = calloc(1, sizeof *set);
    isd_status status = set ? fill_set(session, set, paths, n_paths, options, err) : isd_error_memory(err);
    if (status == ISD_OK) {
        o = add_opening(session, set, request, err);
        request = NULL;
    }
    if (!o) {
        free(request);
        dataset_free(set);
        return NULL;
    }
    if (submit_portion(session, o, true, err) == ISD_OK)
        return o;
    remove_opening(session, o);
    return NULL;
}

/* Can this be opened at all? */
static isd_status check_open(const struct session *session, const struct open_options *options, isd_error *err)
{
    if (session->n_sets == SESSION_MAX_SETS)
        return isd_error_set(err, ISD_USAGE, "%d sets are open already, no more fit", SESSION_MAX_SETS);
    for (int k = 0; options->name && k < session->n_sets; k++)
        if (strcmp(session->set[k]->name, options->name) == 0)
            return isd_error_set(err, ISD_USAGE, "a set named %s is open already", options->name);
    return ISD_OK;
}

/* The answer of an opening; once it is not pending any more the call is done with. */
static enum ask fetch(struct session *session, struct opening *o, isd_error *err)
{
    enum ask answer = o->background && o->visible && !o->refresh && o->state != ASK_FAILED ? ASK_READY : o->state;
    if (answer == ASK_PENDING)
        return answer;
    if (answer == ASK_FAILED && err)
        *err = o->err;
    free(o->request);
    o->request = NULL;
    if (o->state != ASK_PENDING)
        remove_opening(session, o);
    return answer;
}

enum ask session_ask_open(struct session *session, const char *const *paths, int n_paths, const struct open_options *options,
                          isd_error *err)
{
    char *request = describe(paths, n_paths, options);
    if (!request) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    struct opening *o = find_request(session, request);
    if (o) {
        free(request);
        return fetch(session, o, err);
    }
    if (check_open(session, options, err) != ISD_OK) {
        free(request);
        return ASK_FAILED;
    }
    return begin(session, paths, n_paths, options, request, err) ? ASK_PENDING : ASK_FAILED;
}

isd_status session_open(struct session *session, const char *const *paths, int n_paths, const struct open_options *options,
                        isd_error *err)
{
    isd_error reason = {.status = ISD_OK};
    bool background = session->background;
    enum ask answer;
    session->background = false;
    while ((answer = session_ask_open(session, paths, n_paths, options, &reason)) == ASK_PENDING)
        session_wait(session, -1.0);
    session->background = background;
    if (answer == ASK_READY)
        return ISD_OK;
    if (err)
        *err = reason;
    return reason.status;
}

enum ask session_refresh(struct session *session, struct refresh_report *ret_report, isd_error *err)
{
    struct dataset *set = session_current(session);
    struct opening *o = opening_of(session, set);
    if (!o) {
        char *request = strdup("refresh");
        o = request ? add_opening(session, set, request, err) : NULL;
        if (!o) {
            isd_error_memory(err);
            return ASK_FAILED;
        }
        o->refresh = o->visible = true;
        o->frames_before = set->n;
        o->files_before = frame_set_file_count(set->frames);
        if (submit_portion(session, o, true, err) != ISD_OK) {
            remove_opening(session, o);
            return ASK_FAILED;
        }
        return ASK_PENDING;
    }
    *ret_report = o->report;
    return fetch(session, o, err);
}

bool session_reading(const struct session *session, struct reading_progress *ret_progress)
{
    const struct opening *o = session->opening;
    while (o && o->state != ASK_PENDING)
        o = o->next;
    if (!o)
        return false;
    *ret_progress = (struct reading_progress){.frames = frame_set_count(o->frames), .set = o->set->name};
    ret_progress->fraction = o->job ? fmax(o->fraction, job_fraction(o->job)) : o->fraction;
    return true;
}

bool session_job_reads(const struct session *session, const struct job *job)
{
    const struct opening *o = session->opening;
    while (o && o->job != job)
        o = o->next;
    return o != NULL;
}

bool session_is_partial(const struct session *session)
{
    const struct dataset *set = session_current(session);
    const struct opening *o = set ? opening_of(session, set) : NULL;
    return o && o->visible && !o->refresh && o->state == ASK_PENDING;
}
