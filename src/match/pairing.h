/* A match under way: the problem of each type, solved, proved, stored. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_PAIRING_H
#define MATCH_PAIRING_H

#include "match/match.h"

/* Assigns and proves, type by type or blind, with the shift that options->align finds: partner, v, u_mat, vec_mat, shift, what is
 * proved, counted and measured, into match, whose frames and labels reading_prepare has set. Types are worked on side by side, as far as
 * the control has helpers; the same bits for any number. */
isd_status pairing_run(struct match *match, const isd_lattice *lattice, const struct match_options *options, isd_control *control,
                       isd_error *err);

/* partner, v, u_mat and vec_mat of a matching known from before, with match->shift set; v may be NULL. ISD_DATA: it is none of these
 * frames. */
isd_status pairing_restore(struct match *match, const isd_lattice *lattice, const struct match_options *options, const int32_t *partner,
                           const double *v, isd_error *err);

#endif
