/* Opening sets: what is asked for, and the answer. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/opening.h"
#include "app/set_name.h"
#include "base/text.h"

void opening_remove(struct session *session, struct opening *o)
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

/* Takes set and request over; NULL: out of memory. */
static struct opening *add(struct session *session, struct dataset *set, char *request, isd_error *err)
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

/* NULL: there is none. */
static struct opening *opening_of(const struct session *session, const struct dataset *set)
{
    struct opening *o = session->opening;
    while (o && o->set != set)
        o = o->next;
    return o;
}

bool opening_leave(struct session *session, struct dataset *set)
{
    struct opening *o = opening_of(session, set);
    if (!o)
        return false;
    if (!o->job) {
        opening_remove(session, o);
        return false;
    }
    free(o->request);
    o->request = NULL;
    o->visible = false;
    o->closed = o->given_up = true;
    job_cancel(o->job);
    return true;
}

void openings_free(struct session *session)
{
    while (session->opening)
        opening_remove(session, session->opening);
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
    if (set->named)
        text_escape(options->name, strlen(options->name), set->name, sizeof set->name);
    else
        set_name_propose(paths, n_paths, set->name, sizeof set->name);
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
        o = add(session, set, request, err);
        request = NULL;
    }
    if (!o) {
        free(request);
        dataset_free(set);
        return NULL;
    }
    if (opening_submit(session, o, true, err) == ISD_OK)
        return o;
    opening_remove(session, o);
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
        opening_remove(session, o);
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
        o = request ? add(session, set, request, err) : NULL;
        if (!o) {
            isd_error_memory(err);
            return ASK_FAILED;
        }
        o->refresh = o->visible = true;
        o->frames_before = set->n;
        o->files_before = frame_set_file_count(set->frames);
        if (opening_submit(session, o, true, err) != ISD_OK) {
            opening_remove(session, o);
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
    while (o && (o->closed || o->state != ASK_PENDING))
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
