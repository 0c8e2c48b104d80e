/* Neighbours of atoms. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_COORDINATION_H
#define ANALYSIS_COORDINATION_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

/* How far neighbours of types a and b (from 1) are apart at most: the first minimum of their g(r) behind its first peak, in this frame; 0 where
 * that peak lies further than sqrt(2) times that of the nearest pair of types (the second shell: O-O of silica), or there is none.
 * ret_reach[(a - 1) n_types + b - 1], symmetric; n_types: the largest type that occurs. */
isd_status coordination_reach(const isd_snapshot *snapshot, int n_types, isd_control *control, double *ret_reach, isd_error *err);

/* ret_count[n]: atoms closer than that, images counted. The same for any number of threads. */
isd_status coordination_count(const isd_snapshot *snapshot, int n_types, const double *reach, isd_control *control, int32_t *ret_count,
                              isd_error *err);

#endif
