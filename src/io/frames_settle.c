/* What shows when all frames of a set are there: their order, equal steps, the dimension. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/frames_reading.h"

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
        turn_tell(t, &note);
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
        turn_tell(t, &note);
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

isd_status turn_settle(struct turn *t, isd_error *err)
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
