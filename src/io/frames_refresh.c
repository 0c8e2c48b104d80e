/* A frame set whose files may have grown or changed. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/frames_reading.h"

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
    isd_status status = set_reading_new(set, err);
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
    r->bytes_total = grown != NULL ? file_size_on_disk(grown->path) : 0;
    for (int a = r->argument; a < set->n_arguments; a++)
        for (int k = a == r->argument ? r->at : 0; k < r->listings[a].n; k++)
            r->bytes_total += file_size_on_disk(r->listings[a].path[k]);
    set->complete = false;
    return ISD_OK;
}

isd_status frame_set_anew(struct frame_set *set, struct frame_set **ret_set, isd_error *err)
{
    struct frame_set *made = NULL;
    isd_status status =
        frame_set_begin((const char *const *)set->argument, set->n_arguments, &set->options, &made, err);
    if (status == ISD_OK)
        status = set_reading_new(made, err);
    if (status != ISD_OK) {
        frame_set_free(made);
        return status;
    }
    made->reading->again = true;
    made->reading->earlier = frame_set_ref(set);
    *ret_set = made;
    return ISD_OK;
}
