/* One quench: what the driver's parts share. Inside of quench. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_RUN_H
#define QUENCH_RUN_H

#include "quench/state.h"

/* One call: what the loop needs besides the state. */
struct run {
    struct quench_state state;
    const struct quench_method *method;
    void *memory; /* of the method */
    const isd_quench_options *options;
    isd_quench_result result;
    double fmax_start, lowest, smallest; /* largest force at the start, lowest energy and smallest force so far */
    long fruitful;                       /* evaluations when one of these was new */
    long look_after;                     /* evaluations without fruit, then pins are looked for */
    long rested, rest_every;             /* iterations at the last rest; between two */
    uint64_t sign;                       /* of everything the result depends on */
};

/* A new evaluator for this run: it has seen nothing of the way. */
isd_status run_evaluator(const struct run *run, isd_evaluator **ret_evaluator);
/* A new one takes the place of the state's, whose count goes with it. */
isd_status run_renew(struct run *run);
/* Of everything the result of this run from `start` depends on. */
uint64_t run_signature(const struct run *run, const double *start);
/* Everything that depends on the way here and not on the place is made anew, with a checkpoint or without: so both go on
 * alike. The checkpoint, if any, receives all there is. */
isd_status run_rest(struct run *run, isd_checkpoint *checkpoint);
/* All there is, from the checkpoint. */
isd_status run_resume(struct run *run, const isd_checkpoint *checkpoint);

/* The verdict, by an evaluator that has seen nothing of the way: fills what the result says of the place. */
isd_status run_judge(struct run *run);

#endif
