/* Reading a frame set, in portions. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/frames_reading.h"

/* --- frames ------------------------------------------------------------------------------------------------------------ */

/* The state, shared with the frames before if it is theirs. */
static isd_status intern_state(struct frame_set *set, const isd_reader *reader, const struct frame_state **ret_state, isd_error *err)
{
    size_t size = reader_state_size(reader);
    struct frame_state *last = set->states;
    if (size == 0) {
        *ret_state = NULL;
        return ISD_OK;
    }
    if (last == NULL || last->size != size || memcmp(last->bytes, reader_state(reader), size) != 0) {
        last = malloc(sizeof *last + size);
        if (last == NULL)
            return isd_error_memory(err);
        last->next = set->states;
        last->size = size;
        memcpy(last->bytes, reader_state(reader), size);
        set->states = last;
    }
    *ret_state = last;
    return ISD_OK;
}

static isd_status intern_names(struct frame_set *set, const isd_snapshot *s, const struct frame_names **ret_names, isd_error *err)
{
    struct frame_names *last = set->names;
    if (last == NULL || memcmp(last->units, s->units, sizeof s->units) != 0 ||
        memcmp(last->element, s->element, sizeof s->element) != 0) {
        last = malloc(sizeof *last);
        if (last == NULL)
            return isd_error_memory(err);
        last->next = set->names;
        memcpy(last->units, s->units, sizeof s->units);
        memcpy(last->element, s->element, sizeof s->element);
        set->names = last;
    }
    *ret_names = last;
    return ISD_OK;
}

isd_status set_new_entry(struct frame_set *set, struct set_entry **ret_entry, isd_error *err)
{
    int64_t size = SET_FIRST_BLOCK, before = 0;
    int block = 0;
    for (; before + size <= set->n_entries; size *= 2, block++)
        before += size;
    if (block == SET_BLOCKS)
        return isd_error_set(err, ISD_UNSUPPORTED, "more than %" PRId32 " frames", set->n_entries);
    if (set->block[block] == NULL && (set->block[block] = calloc((size_t)size, sizeof *set->block[block])) == NULL)
        return isd_error_memory(err);
    *ret_entry = &set->block[block][set->n_entries - before];
    return ISD_OK;
}

/* Names that the frame has brought are there for those who load it again. */
static void show_elements(struct frame_set *set)
{
    if (set->seen.n == set->elements.n && set->seen.words == set->elements.words)
        return;
    job_lock_take(set->lock);
    set->seen = set->elements;
    job_lock_give(set->lock);
}

/* Every z of frame 0 is equal, which may be chance: what that hides in a later frame is said. */
static void tell_hidden_z(struct turn *t, const isd_snapshot *s)
{
    isd_error note;
    if (t->reading->told_z || t->set->options.dimension != 0 || t->set->dimension != 2 || s->box.dim == 2 || s->n < 2)
        return;
    isd_error_set(&note, ISD_DATA, "every z of frame 0 is equal, which makes the set two-dimensional: z of other frames is passed over");
    isd_error_hint(&note, "`dimension 3` takes it as it is");
    isd_error_at(&note, t->reading->file->path, 0, 0);
    turn_tell(t, &note);
    t->reading->told_z = true;
}

static isd_status add_frame(struct turn *t, isd_snapshot *s, const struct reader_place *place, const struct frame_state *state,
                            isd_error *err)
{
    struct frame_set *set = t->set;
    struct reading *r = t->reading;
    struct set_file *file = r->file;
    struct set_entry *entry = NULL;
    const struct frame_names *names = NULL;
    const struct frame_state *end_state = NULL;
    isd_status status = set_new_entry(set, &entry, err);
    if (status == ISD_OK)
        status = intern_names(set, s, &names, err);
    if (status == ISD_OK)
        status = intern_state(set, r->reader, &end_state, err);
    if (status != ISD_OK)
        return status;
    bool later = set->options.order_by_step; /* who comes first is not known before the end */
    if (set->dimension == 0 && !later)
        set->dimension = s->box.dim;
    tell_hidden_z(t, s);
    struct hash128 fingerprint = frame_fingerprint(s);
    s->box.dim = later ? s->box.dim : set->dimension;
    *entry = (struct set_entry){.file = file, .place = *place, .state = state, .names = names};
    entry->info = (struct frame_info){.n = s->n, .n_types = s->n_types, .step = s->step, .time = s->time, .box = s->box,
                                      .has_step = s->has_step, .has_time = s->has_time, .fingerprint = fingerprint,
                                      .path = file->path};
    frame_cache_keep(set->cache, &entry->cached, s, false);
    show_elements(set);
    file->n++;
    reader_where(r->reader, &file->end);
    file->end_state = end_state;
    file->no_newline = !reader_last_whole(r->reader);
    set->n_entries++;
    if (!later)
        atomic_store_explicit(&set->n, set->n_entries, memory_order_release);
    return ISD_OK;
}

/* Where the bytes of the last entry lie. */
static isd_status keep_range(const struct frame_set *set, struct reading *r, const struct source_range *place, isd_error *err)
{
    int32_t k = set->n_entries - 1 - r->first;
    if (k == r->range_size) {
        int32_t size = r->range_size > 0 ? 2 * r->range_size : 64;
        struct source_range *grown = realloc(r->range, (size_t)size * sizeof *grown);
        if (grown == NULL)
            return isd_error_memory(err);
        r->range = grown;
        r->range_size = size;
    }
    r->range[k] = *place;
    return ISD_OK;
}

/* Frames that have bytes of a member with a wrong checksum. */
static void mark_checksums(const struct frame_set *set, const struct reading *r)
{
    int n_bad;
    const struct source_range *bad = reader_bad(r->reader, &n_bad);
    for (int b = 0; b < n_bad; b++)
        for (int32_t k = r->first; k < set->n_entries; k++)
            if (r->range[k - r->first].from < bad[b].to && r->range[k - r->first].to > bad[b].from)
                set_entry_at(set, k)->info.checksum_wrong = true;
}

static void end_file(struct turn *t)
{
    struct reading *r = t->reading;
    mark_checksums(t->set, r);
    r->file->told_marked = isd_reader_marked(r->reader);
    reading_close_file(r);
}

/* A file of a folder that has no frame to give: one that needs to be told something, or one that is just being written. */
static bool may_pass_over(const struct turn *t, isd_status status)
{
    const struct reading *r = t->reading;
    return (status == ISD_DATA || status == ISD_UNSUPPORTED) && r->file->n == 0 && reading_is_lenient(r) && (reader_incomplete(r->reader) || r->again);
}

static void pass_over(struct turn *t, isd_error *trouble)
{
    struct frame_set *set = t->set;
    struct reading *r = t->reading;
    bool incomplete = reader_incomplete(r->reader);
    struct set_file *file = r->file;
    char what[sizeof trouble->what];
    if (r->lacking.status == ISD_OK)
        r->lacking = *trouble;
    snprintf(what, sizeof what, "skipped: %.*s", (int)sizeof what - 10, trouble->what);
    memcpy(trouble->what, what, sizeof what);
    turn_tell(t, trouble);
    file->format = NULL;
    reading_close_file(r);
    if (!incomplete) { /* next time it is a new file */
        set->n_files--;
        set_file_free(file);
    }
}

static isd_status read_frame(struct turn *t, isd_error *err)
{
    struct reading *r = t->reading;
    const struct frame_state *state = NULL;
    struct reader_place place;
    struct source_range range;
    isd_snapshot *s = NULL;
    isd_error trouble;
    reader_where(r->reader, &place);
    isd_status status = intern_state(t->set, r->reader, &state, &trouble);
    if (status == ISD_OK)
        status = reader_next(r->reader, &s, &range, &trouble);
    if (status == ISD_OK && s == NULL) {
        end_file(t);
        return ISD_OK;
    }
    if (status == ISD_OK)
        status = add_frame(t, s, &place, state, &trouble);
    isd_snapshot_unref(s);
    if (status == ISD_OK)
        status = keep_range(t->set, r, &range, &trouble);
    if (may_pass_over(t, status)) {
        pass_over(t, &trouble);
        return ISD_OK;
    }
    if (status != ISD_OK && err != NULL)
        *err = trouble;
    return status;
}

/* --- what is known ----------------------------------------------------------------------------------------------------- */

bool frame_set_asks(const struct frame_set *set, struct frame_set_known *ret_file)
{
    const struct reading *r = set->reading;
    const struct set_file *file = r != NULL ? r->file : NULL;
    if (file == NULL || file->asked || file->n == 0 || file->noted || !set_is_large(file) || r->known_from > 0 || r->again ||
        set->options.data != NULL || set->options.order_by_step)
        return false;
    if (ret_file != NULL)
        *ret_file = (struct frame_set_known){.path = file->path, .identity = file->identity};
    return true;
}

isd_status frame_set_answer(struct frame_set *set, const void *bytes, size_t length, isd_error *err)
{
    struct reading *r = set->reading;
    r->file->asked = true;
    if (bytes == NULL)
        return ISD_OK;
    r->answer = malloc(length > 0 ? length : 1);
    if (r->answer == NULL)
        return isd_error_memory(err);
    memcpy(r->answer, bytes, length);
    r->answer_length = length;
    return ISD_OK;
}

/* The file is not read on where the answer says what it holds. */
static void believe(struct turn *t)
{
    struct reading *r = t->reading;
    struct answer *answer = NULL;
    if (r == NULL || r->answer == NULL)
        return;
    if (r->file != NULL && set_check_known(t->set, r->file, r->answer, r->answer_length, &answer)) {
        isd_reader_close(r->reader); /* it may be recording points on a thread of its own */
        r->reader = NULL;
        if (set_take_known(t->set, r->file, answer))
            reading_close_file(r);
    }
    set_answer_free(answer);
    free(r->answer);
    r->answer = NULL;
}

/* --- arguments --------------------------------------------------------------------------------------------------------- */

/* "skipped 12 files that are no snapshots: a, b, c, ..." */
static void tell_skipped(const struct turn *t)
{
    const struct reading *r = t->reading;
    int n = r->n_skipped, k = 0;
    char names[300] = "";
    size_t used = 0;
    for (; k < n; k++) {
        const char *slash = strrchr(r->skipped[k], '/'), *name = slash != NULL ? slash + 1 : r->skipped[k];
        size_t length = strlen(name);
        if (used + length + 3 > sizeof names)
            break;
        memcpy(names + used, k > 0 ? ", " : "", k > 0 ? 2 : 0);
        used += k > 0 ? 2 : 0;
        memcpy(names + used, name, length + 1);
        used += length;
    }
    isd_error note;
    isd_error_set(&note, ISD_DATA, "skipped %d that %s no snapshot%s: %s%s", n, n == 1 ? "is" : "are", n == 1 ? "" : "s",
                  names, k < n ? " and others" : "");
    isd_error_at(&note, t->set->argument[r->argument], 0, 0);
    turn_tell(t, &note);
}

static isd_status end_argument(struct turn *t, isd_error *err)
{
    struct reading *r = t->reading;
    int n = r->listings[r->argument].n;
    const char *argument = t->set->argument[r->argument];
    if (r->n_skipped > 0)
        tell_skipped(t);
    bool empty = t->set->n_entries == r->argument_first && r->known_from == 0;
    isd_error lacking = r->lacking;
    r->argument++;
    r->at = 0;
    r->n_skipped = 0;
    r->lacking.status = ISD_OK;
    r->argument_first = t->set->n_entries;
    if (!empty)
        return ISD_OK;
    if (lacking.status != ISD_OK) {
        if (err != NULL)
            *err = lacking;
        return lacking.status;
    }
    isd_error_set(err, ISD_DATA, "no snapshot among the %d file%s here", n, n == 1 ? "" : "s");
    isd_error_at(err, argument, 0, 0);
    isd_error_hint(err, "LAMMPS dumps and data, extended XYZ, GSD, POSCAR and XDATCAR are read; directories are not searched deeper");
    return ISD_DATA;
}

/* One frame, or one step from file to file. */
static isd_status read_on(struct turn *t, bool *ret_end, isd_error *err)
{
    struct reading *r = t->reading;
    if (r->reader != NULL)
        return read_frame(t, err);
    if (r->file != NULL)
        return turn_open_file(t, err);
    if (r->argument == t->set->n_arguments) {
        *ret_end = true;
        return ISD_OK;
    }
    const struct listing *listing = &r->listings[r->argument];
    return r->at < listing->n ? turn_add_file(t, listing->path[r->at++], err) : end_argument(t, err);
}

/* --- a portion --------------------------------------------------------------------------------------------------------- */

static void sum_marks(struct frame_set *set)
{
    bool marked = false, left_out = false;
    for (int k = 0; k < set->n_files; k++) {
        marked = marked || set->files[k]->told_marked;
        left_out = left_out || set->files[k]->left_out;
    }
    atomic_store(&set->marked, marked);
    atomic_store(&set->left_out, left_out);
}

isd_status frame_set_read(struct frame_set *set, const struct frame_set_portion *portion, isd_note_fn *note, void *note_arg,
                          isd_control *control, bool *ret_done, isd_error *err)
{
    struct turn t = {.set = set, .reading = set->reading, .note = note, .note_arg = note_arg, .control = control};
    double began = clock_now();
    int32_t before = set->n_entries;
    bool end = set->complete;
    isd_status status = end || (t.reading != NULL && t.reading->listed) ? ISD_OK : turn_list_files(&t, err);
    if (t.reading != NULL && t.reading->reader != NULL)
        reader_use(t.reading->reader, turn_tell_of_file, &t, control);
    believe(&t);
    while (status == ISD_OK && !end) {
        status = read_on(&t, &end, err);
        if (portion != NULL && ((portion->frames > 0 && set->n_entries - before >= portion->frames) ||
                                (portion->ask && frame_set_asks(set, NULL)) ||
                                (portion->seconds > 0 && clock_now() - began >= portion->seconds)))
            break;
    }
    if (status == ISD_OK && end && !set->complete)
        status = turn_settle(&t, err);
    sum_marks(set);
    if (t.reading != NULL && t.reading->reader != NULL && t.reading->bytes_total > 0)
        set->fraction = (t.reading->bytes_before + (double)reader_used(t.reading->reader)) / t.reading->bytes_total;
    if (status == ISD_OK && end) {
        set->complete = true;
        set_reading_free(set);
    } else if (status != ISD_OK && t.reading != NULL) { /* to go on, the file is opened again where its frames end */
        isd_reader_close(t.reading->reader);
        t.reading->reader = NULL;
    }
    if (status == ISD_OK)
        *ret_done = end;
    return status;
}
