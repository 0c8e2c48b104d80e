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

struct order {
    int64_t id;
    int32_t index;
};

static int by_id(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

/* array[n] of `size` bytes each, brought into the order given, through a scratch of the same size. */
static void permute(void *array, size_t size, const struct order *order, int32_t n, void *scratch)
{
    char *from = array, *to = scratch;
    for (int32_t i = 0; i < n; i++)
        memcpy(to + (size_t)i * size, from + (size_t)order[i].index * size, size);
    memcpy(from, to, (size_t)n * size);
}

static isd_status sort_by_id(isd_snapshot *s, isd_error *err)
{
    bool sorted = true;
    for (int32_t i = 1; i < s->n && sorted; i++)
        sorted = s->id[i - 1] < s->id[i];
    if (sorted)
        return ISD_OK;
    struct order *order = malloc((size_t)s->n * sizeof *order);
    void *scratch = malloc((size_t)s->n * 3 * sizeof(double));
    if (!order || !scratch) {
        free(order);
        free(scratch);
        return isd_error_memory(err);
    }
    for (int32_t i = 0; i < s->n; i++)
        order[i] = (struct order){s->id[i], i};
    qsort(order, (size_t)s->n, sizeof *order, by_id);
    permute(s->id, sizeof *s->id, order, s->n, scratch);
    permute(s->type, sizeof *s->type, order, s->n, scratch);
    permute(s->position, 3 * sizeof *s->position, order, s->n, scratch);
    if (s->image)
        permute(s->image, 3 * sizeof *s->image, order, s->n, scratch);
    free(order);
    free(scratch);
    return ISD_OK;
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
