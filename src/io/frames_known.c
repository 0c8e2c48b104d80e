/* What is known of a large file, so that it need not be read again. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As bytes, all numbers little endian: "isdmin frames\n" and two zeros, version (4 bytes), sum of what the reader was told (16), size
 * and time of the file (8 each), sums of its ends (4 each), number of frames (4), place behind the last one (offset, line: 8 each),
 * length of the restart points (8, 0: none) and these; for each frame atoms, largest type, flags (4 each), step, time, nine numbers of
 * the cell (8 each), fingerprint (16), offset, line (8 each); at the end the 128-bit sum of all before.
 *
 * The bytes may come from anywhere. A reader's state and the names of a frame are therefore not among them: all frames must have
 * those that the first ones have, which are read. Whatever else is wrong shows when a frame is loaded, by its fingerprint. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/frame_set.h"
#include "io/little.h"

static const char MAGIC[16] = "isdmin frames\n";
#define VERSION 1u /* raise it when a reader gives other frames, headers or places than before */
#define HEAD (sizeof MAGIC + 4 + 16 + 2 * 8 + 2 * 4 + 4 + 2 * 8 + 8)
#define FRAME ((size_t)(3 * 4 + 2 * 8 + 9 * 8 + 16 + 2 * 8))
#define SUM 16
/* Smaller files are read in no time; and what is known must be small against the file. */
#define LEAST_FILE ((int64_t)4 << 20)
#define LARGEST_SHARE (1.0 / 16)

enum { HAS_STEP = 1, HAS_TIME = 2, PERIODIC = 4 /* and 8, 16 */, ALL_FLAGS = 31 };

static unsigned char *put_double(unsigned char *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return little_put(to, bits, 8);
}

static double get_double(const unsigned char *from)
{
    uint64_t bits = little_get(from, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static unsigned char *put_hash(unsigned char *to, const struct hash128 *sum)
{
    return little_put(little_put(to, sum->word[0], 8), sum->word[1], 8);
}

static struct hash128 get_hash(const unsigned char *from)
{
    return (struct hash128){{little_get(from, 8), little_get(from + 8, 8)}};
}

static struct hash128 sum_of(const unsigned char *bytes, size_t length)
{
    struct hash128 sum = {{0}};
    hash128_add(&sum, bytes, length);
    return sum;
}

/* All that decides what a reader makes of the bytes of a file. */
static struct hash128 told_sum(const struct frame_set *set, const struct set_file *file)
{
    const struct format_options *o = &set->options.format;
    const char *const words[] = {file->format->key, o->format, o->columns, o->cell, o->by_element ? "by element" : "by type"};
    struct hash128 sum = {{0}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        hash128_add(&sum, words[k] != NULL ? words[k] : "", words[k] != NULL ? strlen(words[k]) : 0);
    return sum;
}

/* --- to bytes ---------------------------------------------------------------------------------------------------------- */

/* The first entry of a file of a set that is read; -1: they are not one after another. */
static int32_t first_entry(const struct frame_set *set, const struct set_file *file)
{
    int32_t k = 0;
    while (k < set->n_entries && set_entry_at(set, k)->file != file)
        k++;
    return k + file->n <= set->n_entries && set_entry_at(set, k + file->n - 1)->file == file ? k : -1;
}

bool set_is_large(const struct set_file *file)
{
    return file->size >= LEAST_FILE;
}

static bool is_worth(const struct frame_set *set, const struct set_file *file)
{
    return set->complete && set->options.data == NULL && file->format != NULL && file->n > 0 && set_is_large(file) &&
           !file->told_marked && !file->noted && !file->no_newline && !file->believed;
}

/* Do all frames have the state and names of those that will be read anyway? */
static bool are_alike(const struct frame_set *set, const struct set_file *file, int32_t first)
{
    const struct set_entry *head = set_entry_at(set, first);
    for (int32_t k = 0; k < file->n; k++) {
        const struct set_entry *entry = set_entry_at(set, first + k);
        if (entry->names != head->names || entry->info.checksum_wrong || (k > 0 && entry->state != file->end_state))
            return false;
    }
    return true;
}

static unsigned char *put_frame(unsigned char *to, const struct set_entry *entry)
{
    const struct frame_info *info = &entry->info;
    const isd_box *box = &info->box;
    const double cell[9] = {box->origin[0], box->origin[1], box->origin[2], box->lx, box->ly, box->lz, box->xy, box->xz, box->yz};
    unsigned flags = (info->has_step ? HAS_STEP : 0) | (info->has_time ? HAS_TIME : 0);
    for (int d = 0; d < 3; d++)
        flags |= box->periodic[d] ? (unsigned)PERIODIC << d : 0;
    to = little_put(little_put(little_put(to, (uint64_t)info->n, 4), (uint64_t)info->n_types, 4), flags, 4);
    to = put_double(little_put(to, (uint64_t)info->step, 8), info->time);
    for (int k = 0; k < 9; k++)
        to = put_double(to, cell[k]);
    to = put_hash(to, &info->fingerprint);
    return little_put(little_put(to, (uint64_t)entry->place.offset, 8), (uint64_t)entry->place.line, 8);
}

static unsigned char *put_head(unsigned char *to, const struct frame_set *set, const struct set_file *file, size_t points)
{
    const struct source_identity *identity = &file->identity;
    struct hash128 told = told_sum(set, file);
    memcpy(to, MAGIC, sizeof MAGIC);
    to = put_hash(little_put(to + sizeof MAGIC, VERSION, 4), &told);
    to = little_put(little_put(to, (uint64_t)identity->size, 8), (uint64_t)identity->mtime_ns, 8);
    to = little_put(little_put(to, identity->ends[0], 4), identity->ends[1], 4);
    to = little_put(to, (uint64_t)file->n, 4);
    to = little_put(little_put(to, (uint64_t)file->end.offset, 8), (uint64_t)file->end.line, 8);
    return little_put(to, points, 8);
}

isd_status frame_set_known(const struct frame_set *set, int k, struct frame_set_known *ret_known, isd_error *err)
{
    const struct set_file *file = set->files[k];
    unsigned char *points = NULL;
    size_t n_points = 0;
    int32_t first = is_worth(set, file) ? first_entry(set, file) : -1;
    double length = (double)HEAD + (double)FRAME * file->n + SUM + (file->index != NULL ? (double)source_index_size(file->index) : 0);
    if (first < 0 || !are_alike(set, file, first) || length > LARGEST_SHARE * (double)file->size) {
        *ret_known = (struct frame_set_known){.path = file->path, .identity = file->identity};
        return ISD_OK;
    }
    isd_status status = file->index != NULL ? source_index_pack(file->index, &points, &n_points, err) : ISD_OK;
    if (status != ISD_OK)
        return status;
    size_t size = HEAD + n_points + FRAME * (size_t)file->n + SUM;
    unsigned char *bytes = malloc(size), *to = bytes;
    if (bytes == NULL) {
        free(points);
        return isd_error_memory(err);
    }
    to = put_head(to, set, file, n_points);
    if (n_points > 0)
        memcpy(to, points, n_points);
    to += n_points;
    free(points);
    for (int32_t j = 0; j < file->n; j++)
        to = put_frame(to, set_entry_at(set, first + j));
    struct hash128 sum = sum_of(bytes, size - SUM);
    put_hash(to, &sum);
    *ret_known = (struct frame_set_known){.path = file->path, .identity = file->identity, .bytes = bytes, .length = size};
    return ISD_OK;
}

int frame_set_known_count(const struct frame_set *set)
{
    return set->n_files;
}

/* --- from bytes -------------------------------------------------------------------------------------------------------- */

/* A frame as its bytes say; false if no file can have it. */
static bool get_frame(const unsigned char *p, int dimension, struct frame_info *ret_info, struct reader_place *ret_place)
{
    uint64_t n = little_get(p, 4), n_types = little_get(p + 4, 4), flags = little_get(p + 8, 4);
    struct frame_info info = {.n = (int32_t)n, .n_types = (int32_t)n_types, .step = (int64_t)little_get(p + 12, 8),
                              .time = get_double(p + 20), .has_step = flags & HAS_STEP, .has_time = flags & HAS_TIME,
                              .fingerprint = get_hash(p + 100)};
    for (int d = 0; d < 3; d++) {
        info.box.origin[d] = get_double(p + 28 + 8 * d);
        info.box.periodic[d] = flags >> d & PERIODIC;
    }
    double *const lengths[] = {&info.box.lx, &info.box.ly, &info.box.lz, &info.box.xy, &info.box.xz, &info.box.yz};
    for (int k = 0; k < 6; k++)
        *lengths[k] = get_double(p + 52 + 8 * k);
    info.box.dim = dimension;
    *ret_info = info;
    *ret_place = (struct reader_place){.offset = (int64_t)little_get(p + 116, 8), .line = (int64_t)little_get(p + 124, 8)};
    return n <= INT32_MAX && n_types <= ISD_MAX_TYPES && flags <= ALL_FLAGS && (!info.has_time || isfinite(info.time)) &&
           isd_box_check(&info.box, NULL) == ISD_OK && ret_place->offset >= 0 && ret_place->line >= 0;
}

/* The bytes taken apart. */
struct answer {
    struct source_index *points; /* or NULL */
    const unsigned char *frame;  /* [n] of FRAME bytes */
    int32_t n;
    struct reader_place end;
};

static bool get_head(const struct frame_set *set, const struct set_file *file, const unsigned char *bytes, size_t length,
                     struct answer *ret_answer)
{
    if (length < HEAD + SUM || memcmp(bytes, MAGIC, sizeof MAGIC) != 0 || little_get(bytes + 16, 4) != VERSION)
        return false;
    struct hash128 told = told_sum(set, file), said = get_hash(bytes + 20), sum = sum_of(bytes, length - SUM),
                   there = get_hash(bytes + length - SUM);
    const struct source_identity *identity = &file->identity;
    uint64_t n = little_get(bytes + 60, 4), points = little_get(bytes + 80, 8);
    if (!hash128_equal(&told, &said) || !hash128_equal(&sum, &there) || little_get(bytes + 36, 8) != (uint64_t)identity->size ||
        little_get(bytes + 44, 8) != (uint64_t)identity->mtime_ns || little_get(bytes + 52, 4) != identity->ends[0] ||
        little_get(bytes + 56, 4) != identity->ends[1])
        return false;
    size_t left = length - HEAD - SUM;
    if (n == 0 || n > INT32_MAX || points > left || left - points != FRAME * n || (points > 0) != (file->index != NULL))
        return false;
    *ret_answer = (struct answer){.frame = bytes + HEAD + points, .n = (int32_t)n,
                                  .end = {.offset = (int64_t)little_get(bytes + 64, 8), .line = (int64_t)little_get(bytes + 72, 8),
                                          .frame = (int32_t)n}};
    return points == 0 || source_index_unpack(bytes + HEAD, points, &ret_answer->points, NULL) == ISD_OK;
}

/* Frames in their order, those that have been read as they were read. */
static bool check_frames(const struct frame_set *set, const struct set_file *file, const struct answer *answer)
{
    int32_t first = set->n_entries - file->n;
    if (file->n > answer->n)
        return false;
    for (int32_t k = 0; k < answer->n; k++) {
        struct frame_info info, ignored;
        struct reader_place place, next = answer->end;
        if (!get_frame(answer->frame + FRAME * (size_t)k, set->dimension, &info, &place) ||
            (k + 1 < answer->n && !get_frame(answer->frame + FRAME * (size_t)(k + 1), set->dimension, &ignored, &next)))
            return false;
        if (!file->format->by_number && (next.offset <= place.offset || info.n > next.offset - place.offset))
            return false;
        const struct set_entry *entry = k < file->n ? set_entry_at(set, first + k) : NULL;
        if (entry != NULL && (entry->file != file || entry->info.n != info.n || entry->place.offset != place.offset ||
                              entry->place.line != place.line || !hash128_equal(&entry->info.fingerprint, &info.fingerprint)))
            return false;
    }
    return true;
}

/* Points behind those that the reading has brought; false: without memory. */
static bool take_points(struct set_file *file, const struct source_index *points)
{
    int32_t have = source_index_count(file->index);
    int64_t last = have > 0 ? source_index_point(file->index, have - 1)->out : -1;
    for (int32_t k = 0; k < source_index_count(points); k++) {
        const struct source_point *point = source_index_point(points, k);
        if (point->out > last && source_index_add(file->index, point, point->bytes, NULL) != ISD_OK)
            return false;
    }
    return true;
}

/* Entries of frames that were not read. All or none. */
static bool take_frames(struct frame_set *set, struct set_file *file, const struct answer *answer)
{
    int32_t before = set->n_entries;
    const struct frame_names *names = set_entry_at(set, before - file->n)->names;
    for (int32_t k = file->n; k < answer->n; k++) {
        struct set_entry *entry = NULL;
        if (set_new_entry(set, &entry, NULL) != ISD_OK) {
            set->n_entries = before;
            return false;
        }
        *entry = (struct set_entry){.file = file, .state = file->end_state, .names = names};
        get_frame(answer->frame + FRAME * (size_t)k, set->dimension, &entry->info, &entry->place);
        entry->place.frame = k;
        entry->info.path = file->path;
        set->n_entries++;
    }
    file->n = answer->n;
    file->end = answer->end;
    file->believed = true;
    atomic_store_explicit(&set->n, set->n_entries, memory_order_release);
    return true;
}

bool set_check_known(const struct frame_set *set, const struct set_file *file, const unsigned char *bytes, size_t length,
                     struct answer **ret_answer)
{
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer != NULL && get_head(set, file, bytes, length, answer) && check_frames(set, file, answer)) {
        *ret_answer = answer;
        return true;
    }
    set_answer_free(answer);
    return false;
}

bool set_take_known(struct frame_set *set, struct set_file *file, const struct answer *answer)
{
    return (answer->points == NULL || take_points(file, answer->points)) && take_frames(set, file, answer);
}

void set_answer_free(struct answer *answer)
{
    if (answer != NULL)
        source_index_unref(answer->points);
    free(answer);
}
