/* Work of a session's jobs: inputs, what is made, what goes to the store. Inside of the session. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_WORK_H
#define APP_WORK_H

#include "app/keep.h"
#include "app/state.h"

/* What a job owns: its inputs by reference, and its output until it is collected. */
struct work {
    struct entry *entry;
    const isd_potential *potential;
    struct frame_want want[2]; /* what a and b are loaded from when the job runs, unless they are there */
    const isd_snapshot *a, *b;
    isd_quench_options quench;
    struct match_options match;
    unsigned char *select;
    bool brief;
    double mass[ISD_MAX_TYPES + 1];
    int bins;
    double max;
    isd_checkpoint checkpoint; /* of the quench: where an earlier one was interrupted, or this one */
    struct quenched made_quench;
    struct match *made_match;
    struct gr_counts *made_gr;
    struct frame_energy made_energy;
    bool forces; /* of made_energy */
    /* For the store: what the result is kept by, its arrays packed by the job; or the arrays known from before, to restore. */
    struct keep_tag tag;
    struct store_structure_arrays structure_arrays;
    struct store_matching_arrays matching_arrays;
    bool known; /* made_quench.result or made_match holds numbers from a store, the arrays belong to them */
    /* Matchings of a row: one job, each may begin from the one before. */
    struct work *next;
    isd_status status; /* of this one */
    isd_error err;
};

struct work *work_new(isd_error *err); /* NULL: out of memory */
void work_free(void *work); /* with those behind it */

/* What jobs run, on any thread; the argument is the work. Those that know numbers from a store (`known`) restore the arrays that
 * belong to them, and compute all anew where those are damaged. */
isd_status work_quench(void *work, isd_control *control, isd_error *err);
isd_status work_match(void *work, isd_control *control, isd_error *err); /* and those behind it; each has its own status */
isd_status work_gr(void *work, isd_control *control, isd_error *err);
isd_status work_energy(void *work, isd_control *control, isd_error *err);

#endif
