/* Reading a frame set, in portions. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "io/frame_set.h"
#include "io/listing.h"

#define RECENT 60 /* seconds */

/* How far the reading is. Between two files there is no reader; a file without a reader is gone on with where it was left. */
struct reading {
    struct listing *listings; /* [n_arguments] */
    bool listed;
    int argument, at;         /* the next file: listings[argument].path[at] */
    struct set_file *file;
    isd_reader *reader;
    int32_t first;            /* entry of the first frame read by this reader */
    struct source_range *range; /* [range_size] where their bytes lie */
    int32_t range_size;
    int32_t argument_first;   /* entries there when the argument began */
    const char **skipped;     /* of this argument; borrowed from files */
    int n_skipped;
    isd_error lacking;        /* why the first incomplete file of this argument was skipped; ISD_OK: none was */
    int32_t known_from;       /* entries before are known since the last time: what was said of them is not said again */
    bool again;               /* refresh: files may be half written */
    struct frame_set *earlier;/* what is read anew, or NULL */
    unsigned char *answer;    /* what is known of the file, [answer_length]; NULL: nothing */
    size_t answer_length;
    double bytes_before, bytes_after, bytes_total; /* on disk: before this file, with it, in all; for progress */
};

/* One call of frame_set_read. */
struct turn {
    struct frame_set *set;
    struct reading *reading;
    isd_note_fn *note;
    void *note_arg;
    isd_control *control;
};

static void tell(const struct turn *t, const isd_error *note)
{
    if (t->note != NULL)
        t->note(t->note_arg, note);
}

/* By the reader, of the file that is read. */
static void tell_of_file(void *arg, const isd_error *note)
{
    const struct turn *t = arg;
    t->reading->file->noted = true;
    tell(t, note);
}

static void reading_done(struct frame_set *set, struct reading *r)
{
    isd_reader_close(r->reader);
    for (int k = 0; r->listings != NULL && k < set->n_arguments; k++)
        listing_done(&r->listings[k]);
    free(r->listings);
    free(r->range);
    free(r->skipped);
    free(r->answer);
    frame_set_free(r->earlier);
    free(r);
}

void set_reading_free(struct frame_set *set)
{
    if (set->reading != NULL)
        reading_done(set, set->reading);
    set->reading = NULL;
}

static isd_status reading_new(struct frame_set *set, isd_error *err)
{
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return isd_error_memory(err);
    r->listings = calloc(set->n_arguments > 0 ? (size_t)set->n_arguments : 1, sizeof *r->listings);
    if (r->listings == NULL) {
        free(r);
        return isd_error_memory(err);
    }
    set->reading = r;
    return ISD_OK;
}

/* --- files ------------------------------------------------------------------------------------------------------------- */

static double size_on_disk(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (double)info.st_size : 0;
}

static isd_status list_files(struct turn *t, isd_error *err)
{
    struct frame_set *set = t->set;
    isd_status status = set->reading != NULL ? ISD_OK : reading_new(set, err);
    if (status != ISD_OK)
        return status;
    struct reading *r = t->reading = set->reading;
    for (int k = 0; k < set->n_arguments && status == ISD_OK; k++) {
        if (set->options.data != NULL)
            status = listing_add(&r->listings[k], set->argument[k], err);
        else
            status = listing_make(set->argument[k], &r->listings[k], err);
        for (int j = 0; j < r->listings[k].n; j++)
            r->bytes_total += size_on_disk(r->listings[k].path[j]);
    }
    r->listed = status == ISD_OK;
    return status;
}

/* What is known of a file by looking at its name. */
static void stamp(struct set_file *file)
{
    struct stat info;
    if (stat(file->path, &info) != 0)
        return;
    file->size = info.st_size;
    file->mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

static void file_free(struct set_file *file)
{
    if (file == NULL)
        return;
    source_index_unref(file->index);
    free(file->path);
    free(file);
}

void set_files_done(struct frame_set *set)
{
    for (int k = 0; k < set->n_files; k++)
        file_free(set->files[k]);
    free(set->files);
}

/* The next file of the list becomes one of the set. */
static isd_status add_file(struct turn *t, const char *path, isd_error *err)
{
    struct frame_set *set = t->set;
    struct set_file **grown = realloc(set->files, ((size_t)set->n_files + 1) * sizeof *grown);
    struct set_file *file = calloc(1, sizeof *file);
    if (grown != NULL)
        set->files = grown;
    if (grown == NULL || file == NULL || (file->path = strdup(path)) == NULL) {
        free(file);
        return isd_error_memory(err);
    }
    file->argument = t->reading->argument;
    stamp(file);
    set->files[set->n_files++] = file;
    t->reading->file = file;
    return ISD_OK;
}

isd_status set_open_source(const struct frame_set *set, const struct set_file *file, struct source **ret_source, isd_error *err)
{
    if (set->options.data != NULL)
        return source_open_memory(file->path, set->options.data, set->options.data_size, 0, set->options.keep_checksum,
                                  ret_source, err);
    return source_open(file->path, 0, set->options.keep_checksum, ret_source, err);
}

/* Restart points are noted while compressed data is read; on going on the file must be the one that it was, or longer. */
static isd_status prepare_source(struct source *source, struct set_file *file, isd_error *err)
{
    isd_status status = ISD_OK;
    if (file->format != NULL) {
        enum source_change change = SOURCE_SAME;
        status = source_compare(source, &file->identity, &change, err);
        if (status == ISD_OK && change == SOURCE_CHANGED)
            status = source_refuse_change(source, err);
    }
    if (status == ISD_OK)
        status = source_identify(source, &file->identity, err);
    if (status == ISD_OK && file->index == NULL && source_kind(source) != SOURCE_PLAIN)
        status = source_index_new(&file->identity, source_kind(source), &file->index, err);
    if (status == ISD_OK && file->index != NULL)
        status = source_record(source, file->index, 0, err);
    return status;
}

/* Its size when the set was read before; -1: it is new. */
static int64_t earlier_size(const struct reading *r, const struct set_file *file)
{
    if (file->format != NULL)
        return file->size;
    for (int k = 0; r->earlier != NULL && k < r->earlier->n_files; k++)
        if (strcmp(r->earlier->files[k]->path, file->path) == 0)
            return r->earlier->files[k]->size;
    return -1;
}

/* On refreshing: is somebody still writing this file? Known ones have grown, new ones were written to a moment ago. */
static bool is_growing(const struct reading *r, const struct set_file *file, int64_t size_before)
{
    if (!r->again)
        return false;
    return size_before >= 0 ? file->size > size_before : (int64_t)time(NULL) - file->mtime_ns / 1000000000 < RECENT;
}

/* Opens the file of the reading, at its beginning or where it was left. */
static isd_status open_reader(struct turn *t, bool *ret_foreign, bool *ret_special, isd_error *err)
{
    struct frame_set *set = t->set;
    struct reading *r = t->reading;
    struct set_file *file = r->file;
    struct source *source = NULL;
    bool going_on = file->format != NULL;
    int64_t size_before = earlier_size(r, file);
    stamp(file);
    isd_status status = set_open_source(set, file, &source, err);
    *ret_special = status == ISD_DATA;
    if (status != ISD_OK)
        return status;
    status = prepare_source(source, file, err);
    if (status != ISD_OK) {
        source_close(source);
        return status;
    }
    r->bytes_before = r->bytes_after;
    const struct reader_options options = {.elements = &set->elements, .progress_from = r->bytes_before,
                                           .progress_total = r->bytes_total, .ret_foreign = ret_foreign,
                                           .format = set->options.format, .known = file->format,
                                           .hold_unfinished = is_growing(r, file, size_before)};
    r->bytes_after += (double)source_size(source);
    isd_reader *reader = NULL;
    status = reader_open_source(source, &options, tell_of_file, t, t->control, &reader, err);
    if (status == ISD_OK && going_on)
        status = reader_go(reader, &file->end, file->end_state != NULL ? file->end_state->bytes : NULL, file->index, err);
    if (status != ISD_OK) {
        isd_reader_close(reader);
        return status;
    }
    file->format = reader_format(reader);
    r->reader = reader;
    r->first = set->n_entries;
    return ISD_OK;
}

static void close_file(struct reading *r)
{
    isd_reader_close(r->reader);
    r->reader = NULL;
    r->file = NULL;
}

/* Skipped files are named together when the argument ends. */
static isd_status skip_file(struct reading *r, isd_error *err)
{
    const char **grown = realloc(r->skipped, ((size_t)r->n_skipped + 1) * sizeof *grown);
    if (grown == NULL)
        return isd_error_memory(err);
    r->skipped = grown;
    r->skipped[r->n_skipped++] = r->file->path;
    r->file->format = NULL;
    close_file(r);
    return ISD_OK;
}

static bool is_lenient(const struct reading *r)
{
    return r->listings[r->argument].lenient;
}

static isd_status open_file(struct turn *t, isd_error *err)
{
    struct reading *r = t->reading;
    isd_error trouble;
    bool foreign = false, special = false, going_on = r->file->format != NULL;
    isd_status status = open_reader(t, &foreign, &special, &trouble);
    if (status == ISD_OK)
        return ISD_OK;
    if (is_lenient(r) && !going_on && (foreign || special))
        return skip_file(r, err);
    if (is_lenient(r) && !going_on && (status == ISD_IO || status == ISD_DATA)) { /* it may be one: say why it is missing */
        tell(t, &trouble);
        r->file->told_marked = true;
        close_file(r);
        return ISD_OK;
    }
    if (err != NULL)
        *err = trouble;
    return status;
}

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
    close_file(r);
}

/* A file of a folder that has no frame to give: one that needs to be told something, or one that is just being written. */
static bool may_pass_over(const struct turn *t, isd_status status)
{
    const struct reading *r = t->reading;
    return status == ISD_DATA && r->file->n == 0 && is_lenient(r) && (reader_incomplete(r->reader) || r->again);
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
    tell(t, trouble);
    file->format = NULL;
    close_file(r);
    if (!incomplete) { /* next time it is a new file */
        set->n_files--;
        file_free(file);
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
            close_file(r);
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
    tell(t, &note);
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
        return open_file(t, err);
    if (r->argument == t->set->n_arguments) {
        *ret_end = true;
        return ISD_OK;
    }
    const struct listing *listing = &r->listings[r->argument];
    return r->at < listing->n ? add_file(t, listing->path[r->at++], err) : end_argument(t, err);
}

/* --- the set as a whole ------------------------------------------------------------------------------------------------ */

struct step_of {
    int64_t step;
    int32_t k;
};

static int by_step(const void *a, const void *b)
{
    const struct step_of *x = a, *y = b;
    return x->step != y->step ? (x->step < y->step ? -1 : 1) : (x->k > y->k) - (x->k < y->k);
}

/* Steps of all entries that have one, sorted. */
static struct step_of *sorted_steps(const struct frame_set *set, int32_t *ret_count)
{
    struct step_of *steps = malloc(((size_t)set->n_entries + 1) * sizeof *steps);
    int32_t n = 0;
    if (steps == NULL)
        return NULL;
    for (int32_t k = 0; k < set->n_entries; k++)
        if (set_entry_at(set, k)->info.has_step)
            steps[n++] = (struct step_of){set_entry_at(set, k)->info.step, k};
    qsort(steps, (size_t)n, sizeof *steps, by_step);
    *ret_count = n;
    return steps;
}

static isd_status order_by_step(const struct turn *t, isd_error *err)
{
    struct frame_set *set = t->set;
    int32_t n = 0;
    struct step_of *steps = sorted_steps(set, &n);
    int32_t *order = malloc(((size_t)set->n_entries + 1) * sizeof *order);
    if (steps == NULL || order == NULL) {
        free(steps);
        free(order);
        return isd_error_memory(err);
    }
    bool sorted = n == set->n_entries;
    for (int32_t k = 0; k < n; k++)
        order[k] = steps[k].k;
    if (!sorted) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "%" PRId32 " of %" PRId32 " frames have no time step: the order given is kept",
                      set->n_entries - n, set->n_entries);
        tell(t, &note);
    }
    free(steps);
    free(set->order);
    set->order = sorted ? order : NULL;
    if (!sorted)
        free(order);
    return ISD_OK;
}

/* The numbers that frames have in the end: entry to frame. */
static int32_t *frame_numbers(const struct frame_set *set)
{
    int32_t *number = malloc(((size_t)set->n_entries + 1) * sizeof *number);
    for (int32_t k = 0; number != NULL && k < set->n_entries; k++)
        number[set->order != NULL ? set->order[k] : k] = k;
    return number;
}

static isd_status tell_equal_steps(const struct turn *t, isd_error *err)
{
    const struct frame_set *set = t->set;
    int32_t n = 0, first = -1, more = 0, *number = frame_numbers(set);
    struct step_of *steps = sorted_steps(set, &n);
    if (steps == NULL || number == NULL) {
        free(steps);
        free(number);
        return isd_error_memory(err);
    }
    for (int32_t k = 1; k < n; k++) {
        if (steps[k].step != steps[k - 1].step || steps[k].k < t->reading->known_from)
            continue;
        if (first < 0)
            first = k - 1;
        else
            more++;
    }
    if (first >= 0) {
        isd_error note;
        char others[64] = "";
        if (more > 0)
            snprintf(others, sizeof others, " (and %" PRId32 " more such pairs)", more);
        isd_error_set(&note, ISD_DATA, "frames %" PRId32 " and %" PRId32 " have one time step, %" PRId64 "%s: all are kept",
                      number[steps[first].k], number[steps[first + 1].k], steps[first].step, others);
        isd_error_at(&note, set_entry_at(set, steps[first + 1].k)->info.path, 0, 0);
        tell(t, &note);
    }
    free(steps);
    free(number);
    return ISD_OK;
}

/* Frame 0 speaks for all, unless the caller knows better. */
static isd_status settle_dimension(struct frame_set *set, isd_error *err)
{
    if (set->dimension == 0)
        set->dimension = set_entry_of(set, 0)->info.box.dim;
    for (int32_t k = 0; k < set->n_entries; k++) {
        struct set_entry *entry = set_entry_of(set, k);
        isd_box box = entry->info.box;
        box.dim = set->dimension;
        isd_status status = isd_box_check(&box, err);
        if (status != ISD_OK) {
            isd_error_at(err, entry->info.path, 0, 0);
            return status;
        }
        if (entry->info.box.dim == set->dimension)
            continue;
        entry->info.box.dim = set->dimension; /* nobody has seen it yet: frames were not counted */
        isd_snapshot *frame = (isd_snapshot *)frame_cache_find(set->cache, &entry->cached);
        if (frame != NULL)
            frame->box.dim = set->dimension;
        isd_snapshot_unref(frame);
    }
    return ISD_OK;
}

static void sum_marks(struct frame_set *set)
{
    bool marked = false;
    for (int k = 0; k < set->n_files; k++)
        marked = marked || set->files[k]->told_marked;
    atomic_store(&set->marked, marked);
}

static isd_status finish(struct turn *t, isd_error *err)
{
    struct frame_set *set = t->set;
    if (set->n_entries == 0)
        return isd_error_set(err, ISD_DATA, "no frames");
    isd_status status = set->options.order_by_step ? order_by_step(t, err) : ISD_OK;
    if (status == ISD_OK)
        status = tell_equal_steps(t, err);
    if (status == ISD_OK)
        status = settle_dimension(set, err);
    if (status == ISD_OK)
        atomic_store_explicit(&set->n, set->n_entries, memory_order_release);
    return status;
}

isd_status frame_set_read(struct frame_set *set, const struct frame_set_portion *portion, isd_note_fn *note, void *note_arg,
                          isd_control *control, bool *ret_done, isd_error *err)
{
    struct turn t = {.set = set, .reading = set->reading, .note = note, .note_arg = note_arg, .control = control};
    double began = clock_now();
    int32_t before = set->n_entries;
    bool end = set->complete;
    isd_status status = end || (t.reading != NULL && t.reading->listed) ? ISD_OK : list_files(&t, err);
    if (t.reading != NULL && t.reading->reader != NULL)
        reader_use(t.reading->reader, tell_of_file, &t, control);
    believe(&t);
    while (status == ISD_OK && !end) {
        status = read_on(&t, &end, err);
        if (portion != NULL && ((portion->frames > 0 && set->n_entries - before >= portion->frames) ||
                                (portion->ask && frame_set_asks(set, NULL)) ||
                                (portion->seconds > 0 && clock_now() - began >= portion->seconds)))
            break;
    }
    if (status == ISD_OK && end && !set->complete)
        status = finish(&t, err);
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

/* --- again ------------------------------------------------------------------------------------------------------------- */

/* What has become of a file that was read (or skipped). */
static isd_status look_at(const struct frame_set *set, const struct set_file *file, enum source_change *ret_change, isd_error *err)
{
    struct stat info;
    struct source *source = NULL;
    *ret_change = SOURCE_SAME;
    if (stat(file->path, &info) == 0 && info.st_size == file->size &&
        (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec == file->mtime_ns)
        return ISD_OK;
    if (file->format == NULL) {
        *ret_change = SOURCE_CHANGED;
        return ISD_OK;
    }
    isd_status status = set_open_source(set, file, &source, err);
    if (status == ISD_OK)
        status = source_compare(source, &file->identity, ret_change, err);
    source_close(source);
    return status;
}

/* Files in the order in which they are read now, against those of the set. Sets *ret_news, and *ret_grown to the last file if it is
 * longer. */
static isd_status compare_files(const struct frame_set *set, const struct listing *listings, enum frame_set_news *ret_news,
                                struct set_file **ret_grown, isd_error *err)
{
    int at = 0, last = set->n_files - 1;
    while (last >= 0 && set->files[last]->n == 0)
        last--;
    *ret_news = FRAME_SET_SAME;
    *ret_grown = NULL;
    for (int a = 0; a < set->n_arguments; a++)
        for (int k = 0; k < listings[a].n; k++, at++) {
            enum source_change change;
            if (at >= set->n_files) { /* behind all others */
                *ret_news = FRAME_SET_MORE;
                continue;
            }
            struct set_file *file = set->files[at];
            if (file->argument != a || strcmp(file->path, listings[a].path[k]) != 0) {
                *ret_news = FRAME_SET_OTHER;
                return ISD_OK;
            }
            isd_status status = look_at(set, file, &change, err);
            if (status != ISD_OK)
                return status;
            if (change == SOURCE_CHANGED || (change == SOURCE_GROWN && (at != last || file->no_newline))) {
                *ret_news = FRAME_SET_OTHER;
                return ISD_OK;
            }
            if (change == SOURCE_GROWN) {
                *ret_news = FRAME_SET_MORE;
                *ret_grown = file;
            }
        }
    if (at < set->n_files)
        *ret_news = FRAME_SET_OTHER;
    return ISD_OK;
}

/* The place in the lists behind the files that are known. */
static void pass_known(const struct frame_set *set, struct reading *r)
{
    int known = set->n_files;
    while (r->argument < set->n_arguments && known >= r->listings[r->argument].n - r->at) {
        if (known == 0 && r->listings[r->argument].n > 0)
            return;
        known -= r->listings[r->argument].n;
        if (known == 0 && r->argument + 1 == set->n_arguments) { /* the last list may yet be needed to judge its files */
            r->at = r->listings[r->argument].n;
            return;
        }
        r->argument++;
    }
    r->at = known;
}

/* Reading was given up half-way, or came to something that cannot be read: on from there, if the file is still the same. */
static isd_status look_where_left(const struct frame_set *set, enum frame_set_news *ret_news, isd_error *err)
{
    const struct set_file *file = set->reading != NULL ? set->reading->file : NULL;
    enum source_change change = SOURCE_SAME;
    isd_status status = file != NULL && set->options.data == NULL ? look_at(set, file, &change, err) : ISD_OK;
    if (status == ISD_OK)
        *ret_news = change == SOURCE_CHANGED ? FRAME_SET_OTHER : FRAME_SET_MORE;
    return status;
}

isd_status frame_set_refresh(struct frame_set *set, enum frame_set_news *ret_news, isd_error *err)
{
    struct set_file *grown = NULL;
    if (!set->complete)
        return look_where_left(set, ret_news, err);
    if (set->options.data != NULL) {
        *ret_news = FRAME_SET_SAME;
        return ISD_OK;
    }
    isd_status status = reading_new(set, err);
    struct reading *r = set->reading;
    for (int k = 0; k < set->n_arguments && status == ISD_OK; k++)
        status = listing_make(set->argument[k], &r->listings[k], err);
    if (status == ISD_OK)
        status = compare_files(set, r->listings, ret_news, &grown, err);
    if (status == ISD_OK && *ret_news == FRAME_SET_MORE && set->options.order_by_step)
        *ret_news = FRAME_SET_OTHER; /* frames get other numbers, which those who look at them must not see happen */
    if (status != ISD_OK || *ret_news != FRAME_SET_MORE) {
        set_reading_free(set);
        return status;
    }
    pass_known(set, r);
    r->listed = r->again = true;
    r->known_from = r->argument_first = set->n_entries;
    r->file = grown;
    r->bytes_total = grown != NULL ? size_on_disk(grown->path) : 0;
    for (int a = r->argument; a < set->n_arguments; a++)
        for (int k = a == r->argument ? r->at : 0; k < r->listings[a].n; k++)
            r->bytes_total += size_on_disk(r->listings[a].path[k]);
    set->complete = false;
    return ISD_OK;
}

isd_status frame_set_anew(struct frame_set *set, struct frame_set **ret_set, isd_error *err)
{
    struct frame_set *made = NULL;
    isd_status status =
        frame_set_begin((const char *const *)set->argument, set->n_arguments, &set->options, &made, err);
    if (status == ISD_OK)
        status = reading_new(made, err);
    if (status != ISD_OK) {
        frame_set_free(made);
        return status;
    }
    made->reading->again = true;
    made->reading->earlier = frame_set_ref(set);
    *ret_set = made;
    return ISD_OK;
}
