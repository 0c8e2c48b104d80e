/* Line search along state->step. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_LINE_H
#define QUENCH_LINE_H

#include "quench/state.h"

/* Looks for a scale where the slope has fallen to `share` of slope0 = -f.step < 0 without the energy rising;
 * starts at *scale. On QUENCH_MOVED the trial is accepted, *scale is where, *ret_slope the slope there.
 * QUENCH_STUCK: nothing lower found; x is untouched. */
enum quench_outcome line_search(struct quench_state *state, double slope0, double share, double *scale,
                                double *ret_slope);

/* Along the force, from a short step on: the last resort of all methods. Uses state->step. */
enum quench_outcome line_steepest(struct quench_state *state);

#endif
