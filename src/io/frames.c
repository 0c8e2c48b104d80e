/* Files, directories and patterns as one ordered set of frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/frames.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/frame_set.h"

/* A copy of an option's text, kept by the set. */
static isd_status keep_text(struct frame_set *set, int place, const char **text, isd_error *err)
{
    if (*text == NULL)
        return ISD_OK;
    set->option_text[place] = strdup(*text);
    *text = set->option_text[place];
    return *text != NULL ? ISD_OK : isd_error_memory(err);
}

static isd_status keep_options(struct frame_set *set, const char *const *paths, int n_paths,
                               const struct frame_set_options *options, isd_error *err)
{
    set->options = *options;
    set->dimension = options->dimension == 2 || options->dimension == 3 ? options->dimension : 0;
    struct format_options *format = &set->options.format;
    isd_status status = keep_text(set, 0, &format->format, err);
    if (status == ISD_OK)
        status = keep_text(set, 1, &format->columns, err);
    if (status == ISD_OK)
        status = keep_text(set, 2, &format->cell, err);
    set->argument = calloc(n_paths > 0 ? (size_t)n_paths : 1, sizeof *set->argument);
    if (set->argument == NULL)
        return isd_error_memory(err);
    for (int k = 0; k < n_paths && status == ISD_OK; k++) {
        set->argument[k] = strdup(paths[k]);
        if (set->argument[k] == NULL)
            return isd_error_memory(err);
        set->n_arguments++;
    }
    if (status == ISD_OK && options->cache != NULL)
        set->cache = frame_cache_ref(options->cache);
    else if (status == ISD_OK)
        status = frame_cache_new(0, &set->cache, err);
    set->options.cache = set->cache;
    return status;
}

isd_status frame_set_begin(const char *const *paths, int n_paths, const struct frame_set_options *options,
                           struct frame_set **ret_set, isd_error *err)
{
    static const struct frame_set_options defaults = {0};
    options = options != NULL ? options : &defaults;
    isd_status status = format_options_check(&options->format, err);
    if (status != ISD_OK)
        return status;
    struct frame_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return isd_error_memory(err);
    set->references = 1;
    set->lock = job_lock_new();
    status = set->lock != NULL ? keep_options(set, paths, n_paths, options, err) : isd_error_memory(err);
    if (status != ISD_OK) {
        frame_set_free(set);
        return status;
    }
    *ret_set = set;
    return ISD_OK;
}

isd_status frame_set_open(const char *const *paths, int n_paths, const struct frame_set_options *options,
                          isd_note_fn *note, void *note_arg, isd_control *control, struct frame_set **ret_set,
                          isd_error *err)
{
    struct frame_set *set = NULL;
    bool done = false;
    isd_status status = frame_set_begin(paths, n_paths, options, &set, err);
    if (status == ISD_OK)
        status = frame_set_read(set, NULL, note, note_arg, control, &done, err);
    if (status == ISD_OK)
        *ret_set = set;
    else
        frame_set_free(set);
    return status;
}

struct frame_set *frame_set_ref(struct frame_set *set)
{
    atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    return set;
}

static void free_names(struct frame_set *set)
{
    while (set->names != NULL) {
        struct frame_names *next = set->names->next;
        free(set->names);
        set->names = next;
    }
    while (set->states != NULL) {
        struct frame_state *next = set->states->next;
        free(set->states);
        set->states = next;
    }
}

void frame_set_free(struct frame_set *set)
{
    if (set == NULL || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) > 1)
        return;
    set_load_done(set);
    set_reading_free(set);
    for (int32_t k = 0; k < set->n_entries; k++)
        frame_cache_drop(set->cache, &set_entry_at(set, k)->cached);
    for (int k = 0; k < SET_BLOCKS; k++)
        free(set->block[k]);
    set_files_done(set);
    free_names(set);
    for (int k = 0; k < set->n_arguments; k++)
        free(set->argument[k]);
    free(set->argument);
    for (size_t k = 0; k < sizeof set->option_text / sizeof *set->option_text; k++)
        free(set->option_text[k]);
    free(set->order);
    frame_cache_unref(set->cache);
    job_lock_free(set->lock);
    free(set);
}

int32_t frame_set_count(const struct frame_set *set)
{
    return atomic_load_explicit(&set->n, memory_order_acquire);
}

double frame_set_fraction(const struct frame_set *set)
{
    return set->complete ? 1 : set->fraction;
}

int frame_set_file_count(const struct frame_set *set)
{
    int n = 0;
    for (int k = 0; k < set->n_files; k++)
        n += set->files[k]->n > 0;
    return n;
}

isd_status frame_set_get(struct frame_set *set, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err)
{
    int32_t n = frame_set_count(set);
    if (k < 0 || k >= n) {
        isd_error_set(err, ISD_USAGE, "there is no frame %" PRId32 ", they count from 0 to %" PRId32, k, n - 1);
        return ISD_USAGE;
    }
    struct set_entry *entry = set_entry_of(set, k);
    const isd_snapshot *frame = frame_cache_find(set->cache, &entry->cached);
    if (frame == NULL) {
        isd_status status = set_load(set, entry, &frame, err);
        if (status != ISD_OK)
            return status;
        frame_cache_keep(set->cache, &entry->cached, frame, true);
    }
    *ret_snapshot = frame;
    return ISD_OK;
}

const struct frame_info *frame_set_info(const struct frame_set *set, int32_t k)
{
    return &set_entry_of(set, k)->info;
}

int frame_set_dimension(const struct frame_set *set)
{
    return set->dimension;
}

bool frame_set_marked(const struct frame_set *set)
{
    return atomic_load(&set->marked);
}

bool frame_set_left_out(const struct frame_set *set)
{
    return atomic_load(&set->left_out);
}
