/* Decoded frames in memory, within a budget. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/frame_cache.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "io/memory.h"
#include "job/lock.h"

#define ALWAYS_KEPT 2

struct cached_frame {
    struct cached_frame *newer, *older;
    struct cached_frame **slot;
    const isd_snapshot *frame;
    double bytes;
};

struct frame_cache {
    atomic_int references;
    struct job_lock *lock;
    double budget, used;
    int n;
    struct cached_frame *newest, *oldest;
};

isd_status frame_cache_new(double bytes, struct frame_cache **ret_cache, isd_error *err)
{
    struct frame_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return isd_error_memory(err);
    cache->references = 1;
    cache->budget = bytes > 0 ? bytes : memory_for_cache();
    cache->lock = job_lock_new();
    if (cache->lock == NULL) {
        free(cache);
        return isd_error_memory(err);
    }
    *ret_cache = cache;
    return ISD_OK;
}

double frame_cache_budget(const struct frame_cache *cache)
{
    return cache->budget;
}

struct frame_cache *frame_cache_ref(struct frame_cache *cache)
{
    atomic_fetch_add_explicit(&cache->references, 1, memory_order_relaxed);
    return cache;
}

/* --- the list, with the lock held ---------------------------------------------------------------------------------------- */

static void unlink_node(struct frame_cache *cache, struct cached_frame *node)
{
    *(node->newer != NULL ? &node->newer->older : &cache->newest) = node->older;
    *(node->older != NULL ? &node->older->newer : &cache->oldest) = node->newer;
}

static void link_newest(struct frame_cache *cache, struct cached_frame *node)
{
    node->newer = NULL;
    node->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = node;
    cache->newest = node;
}

static void remove_node(struct frame_cache *cache, struct cached_frame *node)
{
    unlink_node(cache, node);
    *node->slot = NULL;
    cache->used -= node->bytes;
    cache->n--;
    isd_snapshot_unref(node->frame);
    free(node);
}

static bool fits(const struct frame_cache *cache, double bytes)
{
    return cache->n < ALWAYS_KEPT || cache->used + bytes <= cache->budget;
}

/* --- from outside -------------------------------------------------------------------------------------------------------- */

void frame_cache_unref(struct frame_cache *cache)
{
    if (cache == NULL || atomic_fetch_sub_explicit(&cache->references, 1, memory_order_acq_rel) > 1)
        return;
    while (cache->oldest != NULL)
        remove_node(cache, cache->oldest);
    job_lock_free(cache->lock);
    free(cache);
}

const isd_snapshot *frame_cache_find(struct frame_cache *cache, struct cached_frame **slot)
{
    const isd_snapshot *frame = NULL;
    job_lock_take(cache->lock);
    struct cached_frame *node = *slot;
    if (node != NULL) {
        unlink_node(cache, node);
        link_newest(cache, node);
        frame = isd_snapshot_ref(node->frame);
    }
    job_lock_give(cache->lock);
    return frame;
}

void frame_cache_keep(struct frame_cache *cache, struct cached_frame **slot, const isd_snapshot *frame, bool push_out)
{
    double bytes = memory_of_frame(frame);
    struct cached_frame *node = malloc(sizeof *node);
    if (node == NULL)
        return; /* it can be loaded again */
    job_lock_take(cache->lock);
    if (*slot == NULL) {
        while (push_out && !fits(cache, bytes))
            remove_node(cache, cache->oldest);
        if (fits(cache, bytes)) {
            *node = (struct cached_frame){.slot = slot, .frame = isd_snapshot_ref(frame), .bytes = bytes};
            link_newest(cache, node);
            *slot = node;
            cache->used += bytes;
            cache->n++;
            node = NULL;
        }
    }
    job_lock_give(cache->lock);
    free(node);
}

void frame_cache_drop(struct frame_cache *cache, struct cached_frame **slot)
{
    job_lock_take(cache->lock);
    if (*slot != NULL)
        remove_node(cache, *slot);
    job_lock_give(cache->lock);
}
