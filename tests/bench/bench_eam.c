/* Force evaluations of embedded atoms (Al-Sm, Ni-P) against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "base/clock.h"
#include "pot/evaluator.h"

#define ROUNDS 5
#define STEPS 100

static const struct system {
    const char *name, *dump, *file, *style, *element[2];
} systems[] = {
    {"Al-Sm eam/fs", "data/alsm/alsm.dump.gz", "potentials/v2_18_Al3Sm_2016.eam.fs", "eam/fs", {"Al", "Sm"}},
    {"Ni-P eam/alloy", "data/nip/nip.dump.gz", "potentials/NiP.lammps.eam", "eam/alloy", {"Ni", "P"}},
};

static void check(isd_status status, const isd_error *err)
{
    if (status) {
        fprintf(stderr, "%s %s\n", err->where, err->what);
        exit(1);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x)
{
    qsort(x, ROUNDS, sizeof *x, ascending);
    return x[ROUNDS / 2];
}

/* CPU seconds of one evaluation, lists kept. */
static double seconds(const isd_snapshot *s, const isd_potential *potential, enum isa isa)
{
    const int repeat = isa == ISA_PLAIN ? 10 : 50;
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
        check(isd_evaluator_compute(e, s->position, NULL, force, &energy, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    isd_evaluator_free(e);
    free(force);
    return used / repeat;
}

/* LAMMPS' seconds of "Pair" for one evaluation, over a short run of dynamics. */
static double peer_seconds(const isd_snapshot *frame, const struct system *system, const char *file)
{
    char setup[5000], commands[200];
    snprintf(setup, sizeof setup,
             "units metal\natom_style atomic\natom_modify map array\nread_data data\npair_style %s\n"
             "pair_coeff * * %s %s %s",
             system->style, file, system->element[0], system->element[1]);
    snprintf(commands, sizeof commands,
             "neighbor 0.7 bin\nvelocity all create 850 1\nfix 1 all nve\ntimestep 0.001\nthermo 0\nrun %d", STEPS);
    char *log = anchor_lammps_with(frame, setup, commands);
    const double pair = anchor_number(log, "\nPair ", 0) / STEPS;
    free(log);
    return pair;
}

static bool measure(const struct system *system, const char *root)
{
    char dump[4096], file[4096];
    isd_reader *reader = NULL;
    const isd_snapshot *frame = NULL;
    isd_potential *potential = NULL;
    isd_error err = {0};
    double ours[ISA_COUNT][ROUNDS], pair[ROUNDS];
    if (!anchor_reference(root, system->dump, dump, sizeof dump) ||
        !anchor_reference(root, system->file, file, sizeof file)) {
        return false;
    }
    check(isd_reader_open(dump, NULL, NULL, NULL, &reader, &err), &err);
    check(isd_reader_next(reader, &frame, &err), &err);
    isd_reader_close(reader);
    check(isd_potential_eam(file, strcmp(system->style, "eam/fs") == 0, system->element, 2, &potential, &err), &err);
    for (int round = 0; round < ROUNDS; round++) {
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            ours[isa][round] = isa_supported((enum isa)isa) ? seconds(frame, potential, (enum isa)isa) : NAN;
        }
        pair[round] = peer_seconds(frame, system, file);
    }
    const double peer = frame->n / median(pair) / 1e6;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (isa_supported((enum isa)isa)) {
            char name[80];
            snprintf(name, sizeof name, "force %s %s / lmp -sf opt Pair", system->name, isa_name((enum isa)isa));
            anchor_row(name, frame->n / median(ours[isa]) / 1e6, peer, "million atoms/s", false);
        }
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return true;
}

int main(int argc, char **argv)
{
    int measured = 0;
    printf("%-44s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    for (size_t k = 0; k < sizeof systems / sizeof *systems; k++) {
        measured += measure(&systems[k], argc > 1 ? argv[1] : ".");
    }
    return measured ? 0 : 77;
}
