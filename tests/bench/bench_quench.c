/* Quenches against LAMMPS' cg. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "isdmin/quench.h"

int main(int argc, char **argv)
{
    const isd_snapshot *frame = anchor_frame(argc > 1 ? argv[1] : ".");
    const isd_potential *potential = anchor_kob_andersen();
    const size_t bytes = 3 * (size_t)frame->n * sizeof *frame->position;
    double *r = malloc(bytes);
    if (!r) {
        return 1;
    }
    char *log = anchor_lammps(frame, "min_style cg\nmin_modify norm max\nminimize 0 1e-8 100000 10000000");
    const double peer_seconds = anchor_number(log, "Loop time of", 0);
    double peer_evaluations = NAN;
    long iterations, evaluations;
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    if (counts && sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations) == 2) {
        peer_evaluations = (double)evaluations;
    }
    free(log);
    printf("%-44s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    for (int k = 0; isd_quench_method(k); k++) {
        isd_quench_options options;
        isd_quench_result result;
        isd_error err = {0};
        char name[64];
        isd_quench_defaults(&options);
        options.method = isd_quench_method(k);
        memcpy(r, frame->position, bytes);
        if (isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, &err)) {
            fprintf(stderr, "%s\n", err.what);
            return 1;
        }
        snprintf(name, sizeof name, "quench %s%s, evaluations / lmp cg", options.method,
                 result.converged ? "" : " NOT CONVERGED");
        anchor_row(name, (double)result.evaluations, peer_evaluations, "evaluations", true);
        snprintf(name, sizeof name, "quench %s, time / lmp cg", options.method);
        anchor_row(name, result.seconds, peer_seconds, "CPU seconds", true);
    }
    free(r);
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
