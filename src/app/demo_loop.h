/* The loop of atoms that only exchanged places. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DEMO_LOOP_H
#define APP_DEMO_LOOP_H

#include "match/match.h"

#define DEMO_LOOP_MOST 16

struct demo_loop {
    int n;                       /* 0: there is none */
    int32_t atom[DEMO_LOOP_MOST];/* indices in frame A: each went to the place of the next one */
    bool same_places;            /* no matched displacement along it is above r0/2 */
    double rmsd, d_min;          /* over its atoms alone */
};

/* The longest cycle of a labelled match (of at most DEMO_LOOP_MOST atoms) all of whose places are still there; where there is none, the
 * longest of all. */
isd_status demo_loop_find(const struct match *match, struct demo_loop *ret_loop, isd_error *err);

#endif
