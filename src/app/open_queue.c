/* Several things opened one after the other. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/open_queue.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/state.h"
#include "app/trace.h"

/* --- the queue of a session --- */

static void queue_free(struct open_queue *queue)
{
    if (!queue)
        return;
    queue_free(queue->inner);
    listing_done(&queue->files);
    free(queue->value);
    command_call_free(queue->call);
    table_file_close(&queue->text);
    free(queue->folder);
    free(queue->key);
    free(queue);
}

void session_drop_open_queue(struct session *session)
{
    queue_free(session->open_queue);
    session->open_queue = NULL;
}

/* The queue of this call, a new and empty one if there is none of it; that of another call is given up. NULL: out of memory. */
static struct open_queue *queue_of(struct session *session, const struct command_call *call, isd_error *err)
{
    struct open_queue *queue = session->open_queue;
    char *key = NULL;
    if (asprintf(&key, "%s\n%s", call_where(call), call_text(call)) < 0) {
        isd_error_memory(err);
        return NULL;
    }
    if (queue && strcmp(queue->key, key) == 0) {
        free(key);
        return queue;
    }
    session_drop_open_queue(session);
    queue = calloc(1, sizeof *queue);
    if (!queue) {
        free(key);
        isd_error_memory(err);
        return NULL;
    }
    *queue = (struct open_queue){.key = key, .sets = session->last_set_id, .traces = session->n_traces};
    session->open_queue = queue;
    return queue;
}

/* The answer of the whole from that of its last part. */
static enum ask settle(struct session *session, enum ask answer)
{
    if (answer != ASK_PENDING)
        session_drop_open_queue(session);
    return answer;
}

/* --- a pattern --- */

/* All names are read before any file is opened. */
static isd_status read_names(struct open_queue *queue, const struct command_call *call, const char *pattern, isd_error *err)
{
    isd_status status = ISD_OK;
    for (int k = 0; k < call_n_words(call) && status == ISD_OK; k++) {
        struct listing found = {0};
        status = listing_make(call_word(call, k), &found, err);
        for (int j = 0; j < found.n && status == ISD_OK; j++)
            status = listing_add(&queue->files, found.path[j], err);
        listing_done(&found);
    }
    if (status == ISD_OK && !(queue->value = calloc((size_t)queue->files.n + 1, sizeof *queue->value)))
        status = isd_error_memory(err);
    for (int k = 0; k < queue->files.n && status == ISD_OK; k++)
        status = name_pattern_read(pattern, queue->files.path[k], &queue->value[k], err);
    return status;
}

/* "T = 0.5, 0.6, 0.7": the distinct values of one kind, in the order of the files; false where names do not say it. */
static bool list_values(const struct open_queue *queue, size_t offset, const char *name, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s = ", name);
    bool any = false;
    for (int k = 0; k < queue->files.n; k++) {
        double value = *(const double *)((const char *)&queue->value[k] + offset);
        bool seen = isnan(value);
        for (int j = 0; j < k && !seen; j++)
            seen = *(const double *)((const char *)&queue->value[j] + offset) == value;
        if (seen)
            continue;
        if (used < size)
            used += (size_t)snprintf(out + used, size - used, any ? ", %g" : "%g", value);
        any = true;
    }
    return any;
}

static void tell(struct session *session, const struct open_queue *queue, const char *pattern)
{
    static const struct {
        const char *name;
        size_t offset;
    } kinds[] = {{"T", offsetof(struct named_values, T)}, {"p", offsetof(struct named_values, p)}, {"t_w", offsetof(struct named_values, t_w)}};
    char text[600] = "";
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        char values[180];
        size_t used = strlen(text);
        if (list_values(queue, kinds[k].offset, kinds[k].name, values, sizeof values))
            snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? "; " : "", values);
    }
    session_message(session, "%s read from %d name%s: %s", pattern, queue->files.n, queue->files.n == 1 ? "" : "s", text);
}

enum ask open_by_pattern(struct session *session, const struct command_call *call, const char *pattern, const struct open_options *all,
                         isd_error *err)
{
    struct open_queue *queue = queue_of(session, call, err);
    if (!queue)
        return ASK_FAILED;
    if (!queue->value) {
        if (read_names(queue, call, pattern, err) != ISD_OK)
            return settle(session, ASK_FAILED);
        tell(session, queue, pattern);
    }
    while (queue->next < queue->files.n) {
        struct open_options options = *all;
        const struct named_values *said = &queue->value[queue->next];
        options.T = isfinite(options.T) ? options.T : said->T;
        options.p = isfinite(options.p) ? options.p : said->p;
        options.t_w = isfinite(options.t_w) ? options.t_w : said->t_w;
        enum ask answer = session_ask_open(session, (const char *const *)&queue->files.path[queue->next], 1, &options, err);
        if (answer != ASK_READY)
            return settle(session, answer);
        queue->next++;
    }
    return settle(session, ASK_READY);
}

/* --- a manifest --- */

bool path_is_manifest(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".isd") == 0;
}

static bool may_stand(const struct command_spec *spec)
{
    static const char *const allowed[] = {"open",     "trace", "points",     "system",     "include",     "units", "dimension",
                                          "boundary", "mass",  "pair_style", "pair_coeff", "pair_modify", "timestep"};
    for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
        if (strcmp(spec->name, allowed[k]) == 0)
            return true;
    return false;
}

static isd_status read_manifest(struct open_queue *queue, const char *path, isd_error *err)
{
    const char *slash = strrchr(path, '/');
    isd_status status = table_file_open(path, &queue->text, err);
    if (status != ISD_OK)
        return status;
    queue->folder = strndup(path, slash ? (size_t)(slash + 1 - path) : 0);
    if (!queue->folder)
        return isd_error_memory(err);
    queue->script = (struct script){.name = path, .text = queue->text.text, .line = 1, .column = 1, .folder = queue->folder};
    return ISD_OK;
}

/* The next line of the manifest, if there is none under way; *ret_end: there is none left. */
static isd_status next_line(struct open_queue *queue, const char *path, bool *ret_end, isd_error *err)
{
    *ret_end = false;
    if (queue->call)
        return ISD_OK;
    queue->script.name = path; /* the path of an earlier turn may be gone */
    isd_status status = command_parse(&queue->script, &queue->call, err);
    if (status != ISD_OK)
        return status;
    *ret_end = queue->call == NULL;
    bool nested = queue->call && strcmp(call_spec(queue->call)->name, "open") == 0 && path_is_manifest(call_word(queue->call, 0));
    if (*ret_end || (may_stand(call_spec(queue->call)) && !nested))
        return ISD_OK;
    if (nested)
        isd_error_set(err, ISD_USAGE, "a manifest cannot open another one");
    else
        isd_error_set(err, ISD_USAGE, "%s does not belong into a manifest: open, trace, points, and what says the system", call_spec(queue->call)->name);
    isd_error_hint(err, "isdmin -f %s    runs a script of any commands", path);
    snprintf(err->where, sizeof err->where, "%s", call_where(queue->call));
    return ISD_USAGE;
}

/* The place in the manifest goes before that in what it names. */
static void place_error(const struct command_call *call, isd_error *err)
{
    isd_error inner = *err;
    if (strcmp(err->where, call_where(call)) == 0)
        return;
    if (err->where[0]) {
        isd_error_set(err, inner.status, "%s: %s", inner.where, inner.what);
        isd_error_hint(err, "%s", inner.hint);
    }
    snprintf(err->where, sizeof err->where, "%s", call_where(call));
}

static void drop_result(void *arg, struct result *result)
{
    (void)arg;
    result_free(result);
}

static void drop_text(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

enum ask open_manifest(struct session *session, const struct command_call *call, const char *path, isd_error *err)
{
    const struct command_sink nowhere = {.result = drop_result, .text = drop_text};
    struct open_queue *queue = queue_of(session, call, err);
    bool end = false;
    if (!queue)
        return ASK_FAILED;
    if (!queue->folder && read_manifest(queue, path, err) != ISD_OK)
        return settle(session, ASK_FAILED);
    for (;;) {
        if (next_line(queue, path, &end, err) != ISD_OK)
            return settle(session, ASK_FAILED);
        if (end)
            break;
        /* A line that opens by a pattern has a queue of its own. */
        session->open_queue = queue->inner;
        enum ask answer = call_spec(queue->call)->run(session, queue->call, &nowhere, err);
        queue->inner = session->open_queue;
        session->open_queue = queue;
        if (answer == ASK_FAILED)
            place_error(queue->call, err);
        if (answer != ASK_READY)
            return settle(session, answer);
        command_call_free(queue->call);
        queue->call = NULL;
    }
    session_message(session, "%s: %d set%s and %d trace%s opened", path, session->last_set_id - queue->sets, session->last_set_id - queue->sets == 1 ? "" : "s",
                    session->n_traces - queue->traces, session->n_traces - queue->traces == 1 ? "" : "s");
    return settle(session, ASK_READY);
}
