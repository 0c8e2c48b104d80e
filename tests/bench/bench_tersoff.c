/* Silica: force evaluations and a quench against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LAMMPS has no `opt` form of pair_style tersoff; the peer is its plain one (Debian's, with no INTEL package), on one
 * core. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "isdmin/quench.h"

static const char *const silica[2] = {"Si", "O"};

static const char setup[] = "units metal\natom_style atomic\natom_modify map array\nread_data data\nmass 1 28.0855\n"
                            "mass 2 15.9994\npair_style tersoff\npair_coeff * * SiO.tersoff Si O\nneighbor 1.0 bin";

/* Ours goes to 1e-8 eV/A. LAMMPS stalls near 0.04 eV/A or goes on without end, so it is given 12000
 * evaluations. */
static void quenches(const isd_snapshot *frame, const isd_potential *potential)
{
    char *log = anchor_lammps_with(frame, setup, "thermo 0\nmin_style cg\nmin_modify dmax 0.1\nminimize 0 1e-8 100000 12000");
    const double peer_seconds = anchor_cpu(log, "Loop time of");
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    long iterations = 0, evaluations = 0;
    if (counts) {
        sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations);
    }
    double *r = malloc(3 * (size_t)frame->n * sizeof *r);
    isd_error err = {0};
    anchor_check(r ? ISD_OK : isd_error_memory(&err), &err);
    for (int m = 0; m < 2; m++) {
        static const char *const methods[2] = {"lbfgs", "cg"};
        isd_quench_options options;
        isd_quench_result result;
        char name[96];
        isd_quench_defaults(&options);
        options.method = methods[m];
        memcpy(r, frame->position, 3 * (size_t)frame->n * sizeof *r);
        anchor_check(isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, &err),
                     &err);
        printf("# %s: largest force %.1e eV/A, stop %s\n", options.method, result.fmax,
               isd_stop_text(result.stop));
        snprintf(name, sizeof name, "quench sio2 %s, evaluations / lmp cg", options.method);
        anchor_row(name, (double)result.evaluations, evaluations > 0 ? (double)evaluations : NAN,
                   "evaluations", true);
        snprintf(name, sizeof name, "quench sio2 %s, time / lmp cg", options.method);
        anchor_row(name, result.seconds, peer_seconds, "CPU seconds", true);
    }
    free(r);
    free(log);
}

int main(int argc, char **argv)
{
    const isd_snapshot *frame = anchor_first(argc > 1 ? argv[1] : ".", "data/sio2/sio2.000000.dump.gz");
    if (!frame) {
        fprintf(stderr, "no silica frame found\n");
        return 77;
    }
    isd_potential *potential = NULL;
    isd_error err = {0};
    anchor_check(isd_potential_tersoff_sio2(true, silica, 2, &potential, &err), &err);
    printf("# %s, %d atoms\n%-56s %12s %12s %8s   unit\n", isd_potential_name(potential), (int)frame->n,
           "case", "ours", "peer", "ratio");
    anchor_forces("force sio2 tersoff", frame, potential, setup,
                  "velocity all create 3600 1\nfix 1 all nve\ntimestep 0.001", 100);
    if (argc < 3 || strcmp(argv[2], "forces") != 0) {
        quenches(frame, potential);
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
