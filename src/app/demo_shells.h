/* demo shells: how g(r) is counted, shell by shell. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DEMO_SHELLS_H
#define APP_DEMO_SHELLS_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

#define DEMO_SHELLS_MOST 24
#define DEMO_SHELL_WIDTH 0.125

/* Of one frame in two dimensions: shell k reaches from k to k + 1 widths, the last one to half the cell at most. */
struct demo_shells {
    int n;
    double pairs[DEMO_SHELLS_MOST]; /* of atoms, each counted once */
    double gas[DEMO_SHELLS_MOST];   /* as many as a gas of the same density has on average */
    double g[DEMO_SHELLS_MOST];     /* the first over the second, as `gr` has it */
};

/* Errors are those of gr_count; ret_shells is untouched then. */
isd_status demo_shells_count(const isd_snapshot *frame, isd_control *control, struct demo_shells *ret_shells, isd_error *err);

#endif
