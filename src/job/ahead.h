/* One thread that works ahead of another, with a few slots between them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JOB_AHEAD_H
#define JOB_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "isdmin/status.h"

struct job_ahead;

/* Fills one slot, on the thread that works ahead; *ret_last when nothing follows. An error ends it too, without a slot. */
typedef isd_status job_fill_fn(void *arg, void *slot, bool *ret_last, isd_error *err);

/* Starts at once. Slots are filled in order, each zeroed before its first use only. `arg` belongs to the thread until job_ahead_free. */
isd_status job_ahead_new(int slots, size_t slot_size, job_fill_fn *fill, void *arg, struct job_ahead **ret_ahead,
                         isd_error *err);
/* Waits for the next slot, which is the caller's until the next call; NULL behind the last. What fill failed with comes when all slots
 * before have been given out, and again at each further call. */
isd_status job_ahead_next(struct job_ahead *ahead, void **ret_slot, isd_error *err);
/* Waits for a slot that is being filled, no other. Then `each` (or NULL) may clean up all slots. */
void job_ahead_free(struct job_ahead *ahead, void (*each)(void *slot));

#endif
