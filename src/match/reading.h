/* The parts a match of two snapshots is made of. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_READING_H
#define MATCH_READING_H

#include "match/assign.h"
#include "match/match.h"

/* The two frames as they are to be matched: chosen atoms only, in one cell. New references or copies in match->a and ->b,
 * and match->cell, n_frame, r0, labelled set. What match_snapshots refuses is refused here. */
isd_status reading_prepare(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, struct match *match,
                           isd_error *err);

/* d as the authors' script has it: one wrap by the edges of the box, if at all. Returns its squared length. */
double script_wrap(const isd_box *box, double d[3]);

/* As assign_part with its certificate, for the script's distances, in a box without tilts that is periodic all round. They
 * differ from the shortest ones only beyond one and a half edges; then O(n^2) time for each atom so matched. */
isd_status script_assign(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                         struct progress progress, isd_assignment *ret_assignment, isd_certificate *ret_certificate,
                         isd_error *err);

/* How many points of a have another partner in some matching that costs at most eps more than the optimum given by partner
 * and v: alternating cycles through candidate edges, so it does not depend on which of the optimal prices were found.
 * Refused where eps reaches far beyond neighbours (ISD_USAGE). Exact. O(edges) memory. */
isd_status degenerate_count(const isd_lattice *lattice, const double *a, const double *b, int32_t n, const int32_t *partner,
                            const double *v, double eps, isd_control *control, int32_t *ret_count, isd_error *err);

/* Fills cycle, cycle_length, n_cycles, fixed, longest from partner. */
isd_status cycles_number(struct match *match, isd_error *err);

#endif
