/* demo shells: how g(r) is counted, shell by shell. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo_shells.h"

#include <math.h>
#include <stddef.h>

#include "analysis/histogram.h"

isd_status demo_shells_count(const isd_snapshot *frame, isd_control *control, struct demo_shells *ret_shells, isd_error *err)
{
    const double pairs = 0.5 * frame->n * (frame->n - 1.0), area = isd_box_volume(&frame->box);
    struct demo_shells shells = {.n = (int)(0.5 * isd_box_thickness(&frame->box) / DEMO_SHELL_WIDTH)};
    struct gr_counts *counts = NULL;
    shells.n = shells.n < DEMO_SHELLS_MOST ? shells.n : DEMO_SHELLS_MOST;
    isd_status status = gr_count(frame, shells.n, shells.n * DEMO_SHELL_WIDTH, control, &counts, err);
    if (status != ISD_OK)
        return status;
    gr_normalise(counts, 0, 0, shells.g);
    for (int k = 0; k < shells.n; k++) {
        for (int pair = 0; pair < histogram_n_pairs(counts->n_types); pair++)
            shells.pairs[k] += counts->counts[pair * counts->bins + k];
        shells.gas[k] = pairs * M_PI * (2 * k + 1) * DEMO_SHELL_WIDTH * DEMO_SHELL_WIDTH / area;
    }
    gr_free(counts);
    *ret_shells = shells;
    return ISD_OK;
}
