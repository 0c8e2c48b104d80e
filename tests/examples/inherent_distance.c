/* D_min between the inherent structures of the first two frames of a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "isdmin/match.h"
#include "isdmin/quench.h"
#include "isdmin/reader.h"

int main(int argc, char **argv)
{
    const isd_lj_pair aa = {1.0, 1.0, 2.5, true}, ab = {1.5, 0.8, 2.0, true}, bb = {0.5, 0.88, 2.2, true};
    isd_snapshot *is[2] = {NULL, NULL};
    isd_potential *kob_andersen = NULL;
    isd_reader *file = NULL;
    isd_assignment x = {0};
    isd_error err = {0};
    isd_status status = isd_potential_lj((isd_lj_pair[]){aa, ab, ab, bb}, 2, true, &kob_andersen, &err);
    status = status ? status : isd_reader_open(argc > 1 ? argv[1] : "run.dump.gz", NULL, NULL, NULL, &file, &err);
    for (int k = 0; k < 2 && !status; k++) {
        const isd_snapshot *frame = NULL;
        isd_quench_options options;
        isd_quench_result result;
        isd_quench_defaults(&options);
        status = isd_reader_next(file, &frame, &err);
        if (!status && !frame)
            status = isd_error_set(&err, ISD_DATA, "the file has fewer than two frames");
        status = status ? status : isd_snapshot_with_positions(frame, frame->position, &is[k], &err);
        status = status ? status : isd_quench(kob_andersen, &is[k]->box, is[k]->type, is[k]->n, &options, NULL, is[k]->position, &result, &err);
        isd_snapshot_unref(frame);
    }
    if (!status && is[0]->n != is[1]->n)
        status = isd_error_set(&err, ISD_DATA, "the frames have different numbers of atoms");
    status = status ? status : isd_assign(&is[0]->box, is[0]->position, is[1]->position, is[0]->n, NULL, NULL, &x, &err);
    if (!status)
        printf("D_min %.3f, blind to the species, of %d atoms\n", sqrt(x.sum_sq / x.n), (int)x.n);
    else
        fprintf(stderr, "%s%s%s\n", err.where, err.where[0] ? ": " : "", err.what);
    isd_assignment_done(&x);
    isd_snapshot_unref(is[0]);
    isd_snapshot_unref(is[1]);
    isd_reader_close(file);
    isd_potential_unref(kob_andersen);
    return status != ISD_OK;
}
