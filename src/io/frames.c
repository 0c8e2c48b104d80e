/* Files, directories and patterns to one ordered set of frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/frames.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "io/memory.h"
#include "io/reader.h"

struct entry {
    isd_snapshot *snapshot;
    struct frame_info info;
};

struct frame_set {
    atomic_int references;
    struct entry *entries;
    int32_t n, size;
    char **paths; /* of every file looked at; entries borrow them */
    int n_paths;
    struct element_table elements;
    int dimension;
    bool marked;
};

/* What opening a set needs to hand around. */
struct opening {
    struct frame_set *set;
    const struct frame_set_options *options;
    isd_note_fn *note;
    void *note_arg;
    isd_control *control;
    double bytes_before, bytes_total; /* on disk, for progress */
    double memory, memory_limit;
};

/* Paths found for one argument. `lenient`: what is no snapshot is skipped and named. */
struct listing {
    char **path;
    int n;
    bool lenient;
};

static void tell(const struct opening *o, const isd_error *note)
{
    if (o->note != NULL)
        o->note(o->note_arg, note);
}

/* --- which files ----------------------------------------------------------------------------------------------------- */

static int natural(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = text_compare_natural(x, y);
    return order != 0 ? order : strcmp(x, y);
}

/* Takes over `path` (NULL: out of memory). */
static isd_status add_path(struct listing *listing, char *path, isd_error *err)
{
    char **grown = path != NULL ? realloc(listing->path, ((size_t)listing->n + 1) * sizeof *grown) : NULL;
    if (grown == NULL) {
        free(path);
        return isd_error_memory(err);
    }
    listing->path = grown;
    listing->path[listing->n++] = path;
    return ISD_OK;
}

static void listing_done(struct listing *listing)
{
    for (int k = 0; k < listing->n; k++)
        free(listing->path[k]);
    free(listing->path);
}

static char *join(const char *folder, const char *name)
{
    size_t a = strlen(folder), b = strlen(name);
    bool slash = a > 0 && folder[a - 1] == '/';
    char *path = malloc(a + b + 2);
    if (path != NULL) {
        memcpy(path, folder, a);
        path[a] = '/';
        memcpy(path + a + !slash, name, b + 1);
    }
    return path;
}

static isd_status list_folder(const char *folder, struct listing *listing, isd_error *err)
{
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        isd_error_set(err, ISD_IO, "cannot read the directory: %s", strerror(errno));
        isd_error_at(err, folder, 0, 0);
        return ISD_IO;
    }
    isd_status status = ISD_OK;
    for (const struct dirent *d; status == ISD_OK && (d = readdir(stream)) != NULL;)
        if (d->d_name[0] != '.')
            status = add_path(listing, join(folder, d->d_name), err);
    closedir(stream);
    return status;
}

static isd_status list_pattern(const char *pattern, struct listing *listing, isd_error *err)
{
    glob_t found;
    int code = glob(pattern, GLOB_NOSORT, NULL, &found);
    if (code == GLOB_NOSPACE)
        return isd_error_memory(err);
    if (code != 0) {
        isd_error_set(err, ISD_IO, "no file matches this pattern");
        isd_error_at(err, pattern, 0, 0);
        return ISD_IO;
    }
    isd_status status = ISD_OK;
    for (size_t k = 0; k < found.gl_pathc && status == ISD_OK; k++)
        status = add_path(listing, strdup(found.gl_pathv[k]), err);
    globfree(&found);
    return status;
}

/* The files one argument stands for, in order. */
static isd_status list_argument(const char *argument, struct listing *listing, isd_error *err)
{
    struct stat info;
    bool exists = stat(argument, &info) == 0;
    isd_status status;
    if (exists && S_ISDIR(info.st_mode)) {
        listing->lenient = true;
        status = list_folder(argument, listing, err);
    } else if (!exists && errno == ENOENT && strpbrk(argument, "*?[") != NULL) {
        listing->lenient = true;
        status = list_pattern(argument, listing, err);
    } else {
        return add_path(listing, strdup(argument), err);
    }
    if (status == ISD_OK && listing->n > 1)
        qsort(listing->path, (size_t)listing->n, sizeof *listing->path, natural);
    return status;
}

static double size_on_disk(const struct listing *listing)
{
    double total = 0;
    for (int k = 0; k < listing->n; k++) {
        struct stat info;
        if (stat(listing->path[k], &info) == 0 && S_ISREG(info.st_mode))
            total += (double)info.st_size;
    }
    return total;
}

/* --- their frames ---------------------------------------------------------------------------------------------------- */

static double memory_of(const isd_snapshot *s)
{
    return s->n * (s->image != NULL ? MEMORY_PER_ATOM : MEMORY_PER_ATOM - 12) + sizeof *s;
}

static isd_status check_memory(struct opening *o, const isd_snapshot *s, const char *path, isd_error *err)
{
    o->memory += memory_of(s);
    if (o->memory <= o->memory_limit)
        return ISD_OK;
    isd_error_set(err, ISD_MEMORY, "%" PRId32 " frames fit the %.1f GB that frames may take, not all of them", o->set->n,
                  o->memory_limit / 1e9);
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "open fewer files, or thin the frames out");
    return ISD_MEMORY;
}

/* Takes over the snapshot. */
static isd_status add_frame(struct opening *o, isd_snapshot *s, const char *path, isd_error *err)
{
    struct frame_set *set = o->set;
    isd_status status = check_memory(o, s, path, err);
    if (status == ISD_OK && set->n == set->size) {
        int32_t size = set->size > 0 ? 2 * set->size : 64;
        struct entry *grown = realloc(set->entries, (size_t)size * sizeof *grown);
        if (grown != NULL) {
            set->entries = grown;
            set->size = size;
        } else {
            status = isd_error_memory(err);
        }
    }
    if (status != ISD_OK) {
        isd_snapshot_unref(s);
        return status;
    }
    set->entries[set->n++] = (struct entry){s, {.n = s->n, .n_types = s->n_types, .box = s->box, .step = s->step, .time = s->time, .has_step = s->has_step,
                                                .has_time = s->has_time, .path = path,
                                                .fingerprint = frame_fingerprint(s)}};
    return ISD_OK;
}

/* Frames from `first` on that have bytes of a member with a wrong checksum. `range[k]` belongs to frame first + k. */
static void mark_checksums(struct frame_set *set, int32_t first, const struct source_range *range,
                           const isd_reader *reader)
{
    int n_bad;
    const struct source_range *bad = reader_bad(reader, &n_bad);
    for (int b = 0; b < n_bad; b++)
        for (int32_t k = first; k < set->n; k++)
            if (range[k - first].from < bad[b].to && range[k - first].to > bad[b].from)
                set->entries[k].info.checksum_wrong = true;
}

static isd_status read_frames(struct opening *o, isd_reader *reader, const char *path, isd_error *err)
{
    int32_t first = o->set->n, size = 0;
    struct source_range *range = NULL;
    isd_status status;
    for (;;) {
        isd_snapshot *snapshot = NULL;
        struct source_range place;
        status = reader_next(reader, &snapshot, &place, err);
        if (status != ISD_OK || snapshot == NULL)
            break;
        status = add_frame(o, snapshot, path, err);
        if (status != ISD_OK)
            break;
        int32_t k = o->set->n - 1 - first;
        if (k == size) {
            size = size > 0 ? 2 * size : 64;
            struct source_range *grown = realloc(range, (size_t)size * sizeof *grown);
            if (grown == NULL) {
                status = isd_error_memory(err);
                break;
            }
            range = grown;
        }
        range[k] = place;
    }
    if (status == ISD_OK)
        mark_checksums(o->set, first, range, reader);
    o->set->marked |= isd_reader_marked(reader);
    free(range);
    return status;
}

/* One file; *ret_skipped if it is no snapshot and may be passed over. */
static isd_status read_file(struct opening *o, const char *path, bool lenient, bool *ret_skipped, isd_error *err)
{
    struct source *source = NULL;
    isd_reader *reader = NULL;
    isd_error trouble;
    bool foreign = false;
    const struct reader_options options = {.elements = &o->set->elements, .progress_from = o->bytes_before,
                                           .progress_total = o->bytes_total, .ret_foreign = &foreign,
                                           .format = o->options->format};
    isd_status status = source_open(path, 0, o->options->keep_checksum, &source, &trouble);
    bool special = status == ISD_DATA, unreadable = status == ISD_IO;
    if (status == ISD_OK) {
        o->bytes_before += (double)source_size(source);
        status = reader_open_source(source, &options, o->note, o->note_arg, o->control, &reader, &trouble);
    }
    if (status == ISD_OK) {
        status = read_frames(o, reader, path, err);
        isd_reader_close(reader);
        return status;
    }
    if (lenient && (foreign || special)) {
        *ret_skipped = true;
        return ISD_OK;
    }
    if (lenient && (unreadable || status == ISD_DATA)) { /* it may be one: say why it is missing */
        tell(o, &trouble);
        o->set->marked = true;
        return ISD_OK;
    }
    if (err != NULL)
        *err = trouble;
    return status;
}

/* "skipped 12 files that are no snapshots: a, b, c, ..." */
static void tell_skipped(const struct opening *o, const char *argument, char *const *skipped, int n)
{
    char names[300] = "";
    size_t used = 0;
    int k = 0;
    for (; k < n; k++) {
        const char *slash = strrchr(skipped[k], '/'), *name = slash != NULL ? slash + 1 : skipped[k];
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
    isd_error_at(&note, argument, 0, 0);
    tell(o, &note);
}

static isd_status read_listing(struct opening *o, const char *argument, struct listing *listing, isd_error *err)
{
    struct frame_set *set = o->set;
    char **grown = realloc(set->paths, (size_t)(set->n_paths + listing->n + 1) * sizeof *grown);
    char **skipped = malloc(((size_t)listing->n + 1) * sizeof *skipped);
    if (grown != NULL)
        set->paths = grown;
    isd_status status = grown != NULL && skipped != NULL ? ISD_OK : isd_error_memory(err);
    int32_t before = set->n;
    int n_skipped = 0;
    for (int k = 0; k < listing->n && status == ISD_OK; k++) {
        char *path = listing->path[k];
        listing->path[k] = NULL; /* the set keeps it */
        set->paths[set->n_paths++] = path;
        bool skip = false;
        status = read_file(o, path, listing->lenient, &skip, err);
        if (skip)
            skipped[n_skipped++] = path;
    }
    if (status == ISD_OK && n_skipped > 0)
        tell_skipped(o, argument, skipped, n_skipped);
    free(skipped);
    if (status == ISD_OK && set->n == before) {
        isd_error_set(err, ISD_DATA, "no snapshot among the %d file%s here", listing->n, listing->n == 1 ? "" : "s");
        isd_error_at(err, argument, 0, 0);
        isd_error_hint(err, "LAMMPS dumps and data, extended XYZ, GSD, POSCAR and XDATCAR are read; directories are not searched deeper");
        return ISD_DATA;
    }
    return status;
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

/* Steps of all frames that have one, sorted. */
static struct step_of *sorted_steps(const struct frame_set *set, int32_t *ret_count)
{
    struct step_of *steps = malloc((size_t)set->n * sizeof *steps);
    int32_t n = 0;
    if (steps == NULL)
        return NULL;
    for (int32_t k = 0; k < set->n; k++)
        if (set->entries[k].info.has_step)
            steps[n++] = (struct step_of){set->entries[k].info.step, k};
    qsort(steps, (size_t)n, sizeof *steps, by_step);
    *ret_count = n;
    return steps;
}

static isd_status order_by_step(const struct opening *o, isd_error *err)
{
    struct frame_set *set = o->set;
    int32_t n = 0;
    struct step_of *steps = sorted_steps(set, &n);
    struct entry *sorted = malloc((size_t)set->n * sizeof *sorted);
    isd_status status = steps != NULL && sorted != NULL ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK && n < set->n) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "%" PRId32 " of %" PRId32 " frames have no time step: the order given is kept", set->n - n, set->n);
        tell(o, &note);
    } else if (status == ISD_OK) {
        for (int32_t k = 0; k < n; k++)
            sorted[k] = set->entries[steps[k].k];
        memcpy(set->entries, sorted, (size_t)n * sizeof *sorted);
    }
    free(steps);
    free(sorted);
    return status;
}

static isd_status tell_equal_steps(const struct opening *o, isd_error *err)
{
    const struct frame_set *set = o->set;
    int32_t n = 0, first = -1, more = 0;
    struct step_of *steps = sorted_steps(set, &n);
    if (steps == NULL)
        return isd_error_memory(err);
    for (int32_t k = 1; k < n; k++) {
        if (steps[k].step != steps[k - 1].step)
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
                      steps[first].k, steps[first + 1].k, steps[first].step, others);
        isd_error_at(&note, set->entries[steps[first + 1].k].info.path, 0, 0);
        tell(o, &note);
    }
    free(steps);
    return ISD_OK;
}

/* Frame 0 speaks for all, unless the caller knows better. */
static isd_status settle_dimension(const struct opening *o, isd_error *err)
{
    struct frame_set *set = o->set;
    int dimension = o->options->dimension;
    set->dimension = dimension == 2 || dimension == 3 ? dimension : set->entries[0].snapshot->box.dim;
    for (int32_t k = 0; k < set->n; k++) {
        isd_box *box = &set->entries[k].snapshot->box;
        box->dim = set->entries[k].info.box.dim = set->dimension;
        isd_status status = isd_box_check(box, err);
        if (status != ISD_OK) {
            isd_error_at(err, set->entries[k].info.path, 0, 0);
            return status;
        }
    }
    return ISD_OK;
}

static isd_status read_all(struct opening *o, const char *const *paths, int n_paths, struct listing *listings,
                           isd_error *err)
{
    isd_status status = ISD_OK;
    for (int k = 0; k < n_paths && status == ISD_OK; k++) {
        status = list_argument(paths[k], &listings[k], err);
        o->bytes_total += size_on_disk(&listings[k]);
    }
    for (int k = 0; k < n_paths && status == ISD_OK; k++)
        status = read_listing(o, paths[k], &listings[k], err);
    if (status == ISD_OK && o->set->n == 0)
        status = isd_error_set(err, ISD_DATA, "no frames");
    if (status == ISD_OK && o->options->order_by_step)
        status = order_by_step(o, err);
    if (status == ISD_OK)
        status = tell_equal_steps(o, err);
    if (status == ISD_OK)
        status = settle_dimension(o, err);
    return status;
}

isd_status frame_set_open(const char *const *paths, int n_paths, const struct frame_set_options *options,
                          isd_note_fn *note, void *note_arg, isd_control *control, struct frame_set **ret_set,
                          isd_error *err)
{
    static const struct frame_set_options defaults = {0};
    struct opening o = {.options = options != NULL ? options : &defaults, .note = note, .note_arg = note_arg,
                        .control = control};
    o.memory_limit = o.options->memory > 0 ? o.options->memory : memory_for_frames();
    o.set = calloc(1, sizeof *o.set);
    struct listing *listings = calloc(n_paths > 0 ? (size_t)n_paths : 1, sizeof *listings);
    isd_status status = o.set != NULL && listings != NULL ? ISD_OK : isd_error_memory(err);
    if (o.set != NULL)
        o.set->references = 1;
    if (status == ISD_OK)
        status = format_options_check(&o.options->format, err);
    if (status == ISD_OK)
        status = read_all(&o, paths, n_paths, listings, err);
    for (int k = 0; listings != NULL && k < n_paths; k++)
        listing_done(&listings[k]);
    free(listings);
    if (status == ISD_OK)
        *ret_set = o.set;
    else
        frame_set_free(o.set);
    return status;
}

void frame_set_free(struct frame_set *set)
{
    if (set == NULL || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) > 1)
        return;
    for (int32_t k = 0; k < set->n; k++)
        isd_snapshot_unref(set->entries[k].snapshot);
    for (int k = 0; k < set->n_paths; k++)
        free(set->paths[k]);
    free(set->entries);
    free(set->paths);
    free(set);
}

struct frame_set *frame_set_ref(struct frame_set *set)
{
    atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    return set;
}

int32_t frame_set_count(const struct frame_set *set)
{
    return set->n;
}

isd_status frame_set_get(const struct frame_set *set, int32_t k, const isd_snapshot **ret_snapshot, isd_error *err)
{
    if (k < 0 || k >= set->n) {
        isd_error_set(err, ISD_USAGE, "there is no frame %" PRId32 ", they count from 0 to %" PRId32, k, set->n - 1);
        return ISD_USAGE;
    }
    *ret_snapshot = isd_snapshot_ref(set->entries[k].snapshot);
    return ISD_OK;
}

const struct frame_info *frame_set_info(const struct frame_set *set, int32_t k)
{
    return &set->entries[k].info;
}

int frame_set_dimension(const struct frame_set *set)
{
    return set->dimension;
}

isd_status frame_set_change_dimension(struct frame_set *set, int dimension, isd_error *err)
{
    for (int32_t k = 0; k < set->n; k++) {
        isd_box box = set->entries[k].snapshot->box;
        box.dim = dimension;
        isd_status status = isd_box_check(&box, err);
        if (status != ISD_OK) {
            isd_error_at(err, set->entries[k].info.path, 0, 0);
            return status;
        }
    }
    for (int32_t k = 0; k < set->n && set->dimension != dimension; k++) {
        isd_snapshot *old = set->entries[k].snapshot, *copy = NULL;
        if (old->box.dim == dimension) /* after an earlier change that ran out of memory halfway */
            continue;
        isd_status status = isd_snapshot_with_positions(old, old->position, &copy, err);
        if (status != ISD_OK)
            return status;
        copy->box.dim = dimension;
        set->entries[k].snapshot = copy;
        isd_snapshot_unref(old);
    }
    set->dimension = dimension;
    return ISD_OK;
}

bool frame_set_marked(const struct frame_set *set)
{
    return set->marked;
}
