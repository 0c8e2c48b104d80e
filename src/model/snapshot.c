/* One frame: an immutable, counted table of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What the public struct is the first part of. */
struct counted {
    isd_snapshot snapshot;
    atomic_int references;
};

static struct counted *counted_of(const isd_snapshot *snapshot)
{
    return (struct counted *)(uintptr_t)snapshot;
}

static void destroy(struct counted *c)
{
    free(c->snapshot.id);
    free(c->snapshot.type);
    free(c->snapshot.position);
    free(c->snapshot.image);
    free(c);
}

isd_status isd_snapshot_new(int32_t n, bool with_image, isd_snapshot **ret_snapshot, isd_error *err)
{
    struct counted *c = calloc(1, sizeof *c);
    if (!c)
        return isd_error_memory(err);
    size_t size = n > 0 ? (size_t)n : 1;
    isd_snapshot *s = &c->snapshot;
    s->n = n;
    s->id = calloc(size, sizeof *s->id);
    s->type = calloc(size, sizeof *s->type);
    s->position = calloc(size, 3 * sizeof *s->position);
    s->image = with_image ? calloc(size, 3 * sizeof *s->image) : NULL;
    if (!s->id || !s->type || !s->position || (with_image && !s->image)) {
        destroy(c);
        return isd_error_memory(err);
    }
    atomic_init(&c->references, 1);
    *ret_snapshot = s;
    return ISD_OK;
}

#define RADIX_BITS 11
#define RADIX (1u << RADIX_BITS)

/* from[0 ... n) to `to`, ordered by some bits of the distance of the id from `least`; equal ones stay in order. */
static void sort_digit(const int64_t *id, int64_t least, int shift, const int32_t *from, int32_t *to, int32_t n)
{
    int32_t begin[RADIX] = {0}, sum = 0;
    for (int32_t i = 0; i < n; i++)
        begin[(((uint64_t)id[i] - (uint64_t)least) >> shift) % RADIX]++;
    for (unsigned k = 0; k < RADIX; k++) {
        int32_t count = begin[k];
        begin[k] = sum;
        sum += count;
    }
    for (int32_t i = 0; i < n; i++)
        to[begin[(((uint64_t)id[from[i]] - (uint64_t)least) >> shift) % RADIX]++] = from[i];
}

static void move_atom(isd_snapshot *s, size_t to, size_t from)
{
    s->id[to] = s->id[from];
    s->type[to] = s->type[from];
    memcpy(s->position + 3 * to, s->position + 3 * from, 3 * sizeof *s->position);
    if (s->image)
        memcpy(s->image + 3 * to, s->image + 3 * from, 3 * sizeof *s->image);
}

/* Atom order[k] goes to place k, in place, round by round; order is used up. */
static void permute(isd_snapshot *s, int32_t *order)
{
    for (int32_t first = 0; first < s->n; first++) {
        if (order[first] < 0 || order[first] == first)
            continue;
        size_t a = (size_t)first;
        int64_t id = s->id[a];
        int32_t type = s->type[a], image[3] = {0, 0, 0}, k = first;
        double r[3];
        memcpy(r, s->position + 3 * a, sizeof r);
        if (s->image)
            memcpy(image, s->image + 3 * a, sizeof image);
        while (order[k] != first) {
            int32_t next = order[k];
            move_atom(s, (size_t)k, (size_t)next);
            order[k] = -1;
            k = next;
        }
        order[k] = -1;
        a = (size_t)k;
        s->id[a] = id;
        s->type[a] = type;
        memcpy(s->position + 3 * a, r, sizeof r);
        if (s->image)
            memcpy(s->image + 3 * a, image, sizeof image);
    }
}

/* By digits, from the lowest: no more than eight bytes an atom besides the atoms. */
static isd_status sort_by_id(isd_snapshot *s, isd_error *err)
{
    int64_t least = s->n > 0 ? s->id[0] : 0, most = least;
    bool sorted = true;
    for (int32_t i = 1; i < s->n; i++) {
        sorted = sorted && s->id[i - 1] < s->id[i];
        least = s->id[i] < least ? s->id[i] : least;
        most = s->id[i] > most ? s->id[i] : most;
    }
    if (sorted)
        return ISD_OK;
    int32_t *order = malloc((size_t)s->n * sizeof *order), *other = malloc((size_t)s->n * sizeof *other);
    if (order && other) {
        for (int32_t i = 0; i < s->n; i++)
            order[i] = i;
        for (int shift = 0; shift < 64 && ((uint64_t)most - (uint64_t)least) >> shift > 0; shift += RADIX_BITS) {
            sort_digit(s->id, least, shift, order, other, s->n);
            int32_t *swap = order;
            order = other;
            other = swap;
        }
        permute(s, order);
    }
    isd_status status = order && other ? ISD_OK : isd_error_memory(err);
    free(order);
    free(other);
    return status;
}

isd_status isd_snapshot_freeze(isd_snapshot *s, isd_error *err)
{
    if (!s->has_ids)
        for (int32_t i = 0; i < s->n; i++)
            s->id[i] = i + 1;
    isd_status status = sort_by_id(s, err);
    if (status != ISD_OK)
        return status;
    if (s->n > 0 && s->id[0] <= 0)
        return isd_error_set(err, ISD_DATA, "atom id %lld is not positive", (long long)s->id[0]);
    int32_t largest = 0;
    for (int32_t i = 0; i < s->n; i++) {
        if (i > 0 && s->id[i] == s->id[i - 1])
            return isd_error_set(err, ISD_DATA, "atom id %lld appears twice in one frame", (long long)s->id[i]);
        if (s->type[i] < 1 || s->type[i] > ISD_MAX_TYPES)
            return isd_error_set(err, ISD_DATA, "atom %lld has type %d, expected 1 to %d", (long long)s->id[i],
                                 (int)s->type[i], ISD_MAX_TYPES);
        if (s->type[i] > largest)
            largest = s->type[i];
    }
    s->n_types = largest;
    return ISD_OK;
}

const isd_snapshot *isd_snapshot_ref(const isd_snapshot *snapshot)
{
    if (snapshot)
        atomic_fetch_add_explicit(&counted_of(snapshot)->references, 1, memory_order_relaxed);
    return snapshot;
}

void isd_snapshot_unref(const isd_snapshot *snapshot)
{
    if (snapshot && atomic_fetch_sub_explicit(&counted_of(snapshot)->references, 1, memory_order_acq_rel) == 1)
        destroy(counted_of(snapshot));
}

isd_status isd_snapshot_with_positions(const isd_snapshot *snapshot, const double *position,
                                       isd_snapshot **ret_snapshot, isd_error *err)
{
    isd_snapshot *copy = NULL;
    isd_status status = isd_snapshot_new(snapshot->n, snapshot->image != NULL, &copy, err);
    if (status != ISD_OK)
        return status;
    size_t n = (size_t)snapshot->n;
    isd_snapshot arrays = *copy;
    *copy = *snapshot;
    copy->id = arrays.id;
    copy->type = arrays.type;
    copy->position = arrays.position;
    copy->image = arrays.image;
    memcpy(copy->id, snapshot->id, n * sizeof *copy->id);
    memcpy(copy->type, snapshot->type, n * sizeof *copy->type);
    memcpy(copy->position, position, 3 * n * sizeof *copy->position);
    if (copy->image)
        memcpy(copy->image, snapshot->image, 3 * n * sizeof *copy->image);
    *ret_snapshot = copy;
    return ISD_OK;
}

bool isd_snapshot_can_unwrap(const isd_snapshot *snapshot)
{
    return snapshot->unwrapped || snapshot->image != NULL;
}

void isd_snapshot_unwrapped(const isd_snapshot *snapshot, int32_t i, double ret_r[3])
{
    const double *r = snapshot->position + 3 * (size_t)i;
    if (snapshot->image && !snapshot->unwrapped)
        isd_box_unwrap(&snapshot->box, r, snapshot->image + 3 * (size_t)i, ret_r);
    else
        memcpy(ret_r, r, 3 * sizeof *r);
}

int32_t isd_snapshot_count(const isd_snapshot *snapshot, int32_t type)
{
    int32_t count = 0;
    for (int32_t i = 0; i < snapshot->n; i++)
        count += snapshot->type[i] == type;
    return count;
}

int32_t isd_snapshot_find(const isd_snapshot *snapshot, int64_t id)
{
    int32_t low = 0, high = snapshot->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (snapshot->id[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < snapshot->n && snapshot->id[low] == id ? low : -1;
}
