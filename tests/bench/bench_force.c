/* Force evaluations and neighbour lists against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "anchor.h"
#include "base/clock.h"
#include "pot/evaluator.h"

#define ROUNDS 5

static void check(isd_status status, const isd_error *err)
{
    if (status) {
        fprintf(stderr, "%s\n", err->what);
        exit(1);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
    return x[n / 2];
}

/* CPU seconds of one evaluation, lists kept (builds = false) or made anew each time. */
static double seconds(const isd_snapshot *s, const isd_potential *potential, enum isa isa, bool builds,
                      int repeat)
{
    isd_evaluator *e = NULL;
    isd_error err = {0};
    isd_energy energy;
    double *force = malloc(3 * (size_t)s->n * sizeof *force);
    check(force ? ISD_OK : isd_error_memory(&err), &err);
    check(isd_evaluator_new(potential, &s->box, s->type, s->n, &e, &err), &err);
    evaluator_set_isa(e, isa);
    check(isd_evaluator_compute(e, s->position, NULL, force, &energy, &err), &err);
    const double start = clock_thread_cpu();
    for (int k = 0; k < repeat; k++) {
        if (builds) {
            evaluator_set_isa(e, isa);
        }
        check(isd_evaluator_compute(e, s->position, NULL, force, &energy, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    isd_evaluator_free(e);
    free(force);
    return used / repeat;
}

int main(int argc, char **argv)
{
    const isd_snapshot *frame = anchor_frame(argc > 1 ? argv[1] : ".");
    const isd_potential *potential = anchor_kob_andersen();
    double ours[ISA_COUNT][ROUNDS], build[ROUNDS], pair[ROUNDS], neigh[ROUNDS];
    const double steps = 200, atoms = frame->n;
    double builds = NAN;
    for (int round = 0; round < ROUNDS; round++) {
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            ours[isa][round] = isa_supported((enum isa)isa)
                                   ? seconds(frame, potential, (enum isa)isa, false, isa ? 100 : 20)
                                   : NAN;
        }
        build[round] = seconds(frame, potential, isa_best(), true, 10) - ours[isa_best()][round];
        char *log = anchor_lammps(
            frame, "velocity all create 0.5 1\nfix 1 all nve\ntimestep 0.002\nthermo 0\nrun 200");
        pair[round] = anchor_number(log, "\nPair ", 0) / steps;
        builds = anchor_number(log, "Neighbor list builds", 0);
        neigh[round] = anchor_number(log, "\nNeigh ", 0) / builds;
        free(log);
    }
    printf("%-44s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    const double peer_force = atoms / median(pair, ROUNDS) / 1e6;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (isa_supported((enum isa)isa)) {
            char name[64];
            snprintf(name, sizeof name, "force %s / lmp -sf opt Pair", isa_name((enum isa)isa));
            anchor_row(name, atoms / median(ours[isa], ROUNDS) / 1e6, peer_force, "million atoms/s", false);
        }
    }
    anchor_row("neighbour build / lmp Neigh", atoms / median(build, ROUNDS) / 1e6,
               atoms / median(neigh, ROUNDS) / 1e6, "million atoms/s", false);
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
