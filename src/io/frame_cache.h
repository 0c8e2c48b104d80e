/* Decoded frames in memory, within a budget. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by all sets of a session; any thread. Each frame has a slot where its owner looks it up. */
#ifndef IO_FRAME_CACHE_H
#define IO_FRAME_CACHE_H

#include <stdbool.h>

#include "isdmin/snapshot.h"

struct frame_cache;
struct cached_frame; /* a slot is a pointer to one, NULL while the frame is not here; it must stay where it is */

/* `bytes`: what the frames may take together, 0: a quarter of the physical memory. Two are always kept. */
isd_status frame_cache_new(double bytes, struct frame_cache **ret_cache, isd_error *err);
double frame_cache_budget(const struct frame_cache *cache); /* bytes */
/* Counted. */
struct frame_cache *frame_cache_ref(struct frame_cache *cache);
void frame_cache_unref(struct frame_cache *cache);

/* A reference to the frame in the slot, which counts as used now; NULL if it is not here. */
const isd_snapshot *frame_cache_find(struct frame_cache *cache, struct cached_frame **slot);
/* Takes a reference of its own, if there is room; with `push_out` there is, at the cost of those not used for longest. Nothing
 * happens where the slot is taken already. */
void frame_cache_keep(struct frame_cache *cache, struct cached_frame **slot, const isd_snapshot *frame, bool push_out);
void frame_cache_drop(struct frame_cache *cache, struct cached_frame **slot);

#endif
