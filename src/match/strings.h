/* Cooperative strings (Donati et al., PRL 80, 2338 (1998)), beside the cycles. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_STRINGS_H
#define MATCH_STRINGS_H

#include "match/match.h"

struct string_options {
    int type;     /* 0: atoms of all types */
    double share; /* this share of the atoms asked about is mobile: those that moved furthest, by labels */
    double u_min; /* > 0: in place of the share, all that moved further */
    double delta; /* <= 0: 0.6 r0 */
};

/* Mobile atoms i and j are linked if min(|r_i(t) - r_j(0)|, |r_i(0) - r_j(t)|) < delta (shortest image); what hangs together
 * is a string, an atom alone one of length 1. */
struct strings {
    double delta, u_min; /* in force; u_min: the least that a mobile atom moved, NaN if there is none */
    int32_t mobile, n_strings, longest;
    double mean;         /* mobile / n_strings; NaN if there is none */
    int32_t *count;      /* [longest + 1] strings of each length */
    int32_t on_cycles;   /* mobile atoms that the matching gives another partner */
};

/* Needs a labelled match with its arrays (ISD_DATA). drift=remove and labelled displacements are those of the match. */
isd_status strings_find(const struct match *match, const struct string_options *options, isd_control *control,
                        struct strings *ret_strings, isd_error *err);
void strings_done(struct strings *strings);

#endif
