/* The files of a frame set while it is read: listed, opened, gone on with, skipped. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "io/frames_reading.h"

#define RECENT 60 /* seconds */

void turn_tell(const struct turn *t, const isd_error *note)
{
    if (t->note != NULL)
        t->note(t->note_arg, note);
}

void turn_tell_of_file(void *turn, const isd_error *note)
{
    const struct turn *t = turn;
    t->reading->file->noted = true;
    turn_tell(t, note);
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

isd_status set_reading_new(struct frame_set *set, isd_error *err)
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

double file_size_on_disk(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) ? (double)info.st_size : 0;
}

isd_status turn_list_files(struct turn *t, isd_error *err)
{
    struct frame_set *set = t->set;
    isd_status status = set->reading != NULL ? ISD_OK : set_reading_new(set, err);
    if (status != ISD_OK)
        return status;
    struct reading *r = t->reading = set->reading;
    for (int k = 0; k < set->n_arguments && status == ISD_OK; k++) {
        if (set->options.data != NULL)
            status = listing_add(&r->listings[k], set->argument[k], err);
        else
            status = listing_make(set->argument[k], &r->listings[k], err);
        for (int j = 0; j < r->listings[k].n; j++)
            r->bytes_total += file_size_on_disk(r->listings[k].path[j]);
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

void set_file_free(struct set_file *file)
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
        set_file_free(set->files[k]);
    free(set->files);
}

/* The next file of the list becomes one of the set. */
isd_status turn_add_file(struct turn *t, const char *path, isd_error *err)
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
    status = reader_open_source(source, &options, turn_tell_of_file, t, t->control, &reader, err);
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

void reading_close_file(struct reading *r)
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
    reading_close_file(r);
    return ISD_OK;
}

bool reading_is_lenient(const struct reading *r)
{
    return r->listings[r->argument].lenient;
}

isd_status turn_open_file(struct turn *t, isd_error *err)
{
    struct reading *r = t->reading;
    isd_error trouble;
    bool foreign = false, special = false, going_on = r->file->format != NULL;
    isd_status status = open_reader(t, &foreign, &special, &trouble);
    if (status == ISD_OK)
        return ISD_OK;
    if (reading_is_lenient(r) && !going_on && (foreign || special))
        return skip_file(r, err);
    bool unreadable = status == ISD_IO || status == ISD_UNSUPPORTED;
    if (reading_is_lenient(r) && !going_on && (unreadable || status == ISD_DATA)) { /* it may be one: say why it is missing */
        turn_tell(t, &trouble);
        r->file->left_out = unreadable;
        r->file->told_marked = !unreadable;
        reading_close_file(r);
        return ISD_OK;
    }
    if (err != NULL)
        *err = trouble;
    return status;
}
