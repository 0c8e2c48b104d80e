/* Quenches against LAMMPS' cg. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "anchor.h"
#include "isdmin/quench.h"

enum { STARTS = 32 };

/* What the quenches of one start gave. */
struct start {
    double evaluations, distance;           /* to sd's minimum, root mean square over the atoms, labelled: never below D_min */
    double peer_evaluations, peer_distance; /* of LAMMPS' cg */
};

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double distance(const isd_snapshot *frame, const double *a, const double *b)
{
    const double edge[3] = {frame->box.lx, frame->box.ly, frame->box.lz};
    double sum = 0;
    for (int32_t i = 0; i < 3 * frame->n; i++) {
        const double d = remainder(a[i] - b[i], edge[i % 3]);
        sum += d * d;
    }
    return sqrt(sum / frame->n);
}

static long quench_by(const isd_snapshot *frame, const isd_potential *potential, const char *method, double *r)
{
    isd_quench_options options;
    isd_quench_result result;
    isd_quench_defaults(&options);
    options.method = method;
    options.ftol = 1e-6;
    memcpy(r, frame->position, 3 * (size_t)frame->n * sizeof *r);
    if (isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, NULL) || !result.converged) {
        fprintf(stderr, "%s failed\n", method);
        exit(1);
    }
    return result.evaluations;
}

/* LAMMPS' cg to the same force; NaN where it cannot be had. */
static void quench_by_peer(const isd_snapshot *frame, const double *reference, struct start *start)
{
    char path[] = "/tmp/isdmin-bench-XXXXXX", commands[512];
    const int file = mkstemp(path);
    long iterations, evaluations;
    start->peer_evaluations = start->peer_distance = NAN;
    if (file < 0) {
        return;
    }
    close(file);
    snprintf(commands, sizeof commands,
             "min_style cg\nmin_modify norm max\nminimize 0 1e-6 100000 10000000\n"
             "write_dump all custom %s id type x y z modify sort id format float %%.15g", path);
    char *log = anchor_lammps(frame, commands);
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    isd_reader *reader = NULL;
    const isd_snapshot *end = NULL;
    if (counts && sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations) == 2 &&
        !isd_reader_open(path, NULL, NULL, NULL, &reader, NULL) && !isd_reader_next(reader, &end, NULL) && end &&
        end->n == frame->n) {
        start->peer_evaluations = (double)evaluations;
        start->peer_distance = distance(frame, end->position, reference);
    }
    isd_snapshot_unref(end);
    isd_reader_close(reader);
    free(log);
    unlink(path);
}

static double median(const struct start *starts, int n, size_t offset)
{
    double value[STARTS];
    for (int k = 0; k < n; k++) {
        memcpy(&value[k], (const char *)&starts[k] + offset, sizeof value[k]);
    }
    qsort(value, (size_t)n, sizeof *value, ascending);
    return n > 0 ? 0.5 * (value[(n - 1) / 2] + value[n / 2]) : NAN;
}

static void add_start(const isd_snapshot *frame, const isd_potential *potential, struct start *start)
{
    double *reference = malloc(3 * (size_t)frame->n * sizeof *reference), *r = malloc(3 * (size_t)frame->n * sizeof *r);
    if (!reference || !r) {
        exit(1);
    }
    quench_by(frame, potential, "sd", reference);
    start->evaluations = (double)quench_by(frame, potential, "lbfgs", r);
    start->distance = distance(frame, r, reference);
    quench_by_peer(frame, reference, start);
    free(reference);
    free(r);
}

/* Evaluations to 1e-6 over many starts, with the proof that they were not saved by going elsewhere. */
static void many_starts(const char *root, const isd_snapshot *first, const isd_potential *potential)
{
    struct start starts[STARTS];
    char path[4096], name[64];
    isd_reader *reader = NULL;
    const isd_snapshot *frame = NULL;
    int n = 0;
    snprintf(path, sizeof path, "%s/assets/demo/ka3d_T045.dump.gz", root);
    if (!isd_reader_open(path, NULL, NULL, NULL, &reader, NULL)) {
        while (n < STARTS - 1 && !isd_reader_next(reader, &frame, NULL) && frame) {
            add_start(frame, potential, &starts[n++]);
            isd_snapshot_unref(frame);
        }
    }
    isd_reader_close(reader);
    add_start(first, potential, &starts[n++]);
    snprintf(name, sizeof name, "evaluations to 1e-6, median of %d / lmp cg", n);
    anchor_row(name, median(starts, n, offsetof(struct start, evaluations)),
               median(starts, n, offsetof(struct start, peer_evaluations)), "evaluations", true);
    anchor_row("distance from sd's minimum, median / lmp cg", median(starts, n, offsetof(struct start, distance)),
               median(starts, n, offsetof(struct start, peer_distance)), "sigma", true);
}

struct peer {
    double seconds, evaluations; /* NaN: none */
};

static struct peer run_peer(const isd_snapshot *frame, const char *setup, double ftol)
{
    char commands[160];
    snprintf(commands, sizeof commands, "min_style cg\nmin_modify norm max\nminimize 0 %g 100000 10000000", ftol);
    char *log = anchor_lammps_with(frame, setup, commands);
    struct peer peer = {NAN, NAN};
    long iterations, evaluations;
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    const char *share = log ? strstr(log, "% CPU use") : NULL; /* the loop time is of the wall clock */
    while (share && share > log && share[-1] != '\n') {
        share--;
    }
    peer.seconds = anchor_number(log, "Loop time of", 0) * (share ? strtod(share, NULL) / 100 : 1);
    if (counts && sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations) == 2) {
        peer.evaluations = (double)evaluations;
    }
    free(log);
    return peer;
}

/* One frame by one method, or by all (NULL). */
static void quench_rows(const char *what, const isd_snapshot *frame, const isd_potential *potential, const char *setup,
                        const char *method, double ftol)
{
    const size_t bytes = 3 * (size_t)frame->n * sizeof *frame->position;
    const struct peer peer = run_peer(frame, setup, ftol);
    double *r = malloc(bytes);
    for (int k = 0; r && isd_quench_method(k); k++) {
        isd_quench_options options;
        isd_quench_result result;
        isd_error err = {0};
        char name[80];
        isd_quench_defaults(&options);
        options.method = isd_quench_method(k);
        options.ftol = ftol;
        if (method && strcmp(method, options.method) != 0) {
            continue;
        }
        memcpy(r, frame->position, bytes);
        anchor_check(isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, &err), &err);
        snprintf(name, sizeof name, "quench %s %s%s, evaluations / lmp cg", what, options.method,
                 result.converged ? "" : " NOT CONVERGED");
        anchor_row(name, (double)result.evaluations, peer.evaluations, "evaluations", true);
        snprintf(name, sizeof name, "quench %s %s, time / lmp cg", what, options.method);
        anchor_row(name, result.seconds, peer.seconds, "CPU seconds", true);
    }
    free(r);
}

/* Metals: those of nip and pdsi have tables that do not end at zero, where LAMMPS' cg gives up. */
static void metals(const char *root)
{
    static const struct {
        const char *name, *dump, *file, *style, *element[2];
    } metal[] = {{"alsm", "data/alsm/alsm.dump.gz", "potentials/v2_18_Al3Sm_2016.eam.fs", "eam/fs", {"Al", "Sm"}},
                 {"nip", "data/nip/nip.dump.gz", "potentials/NiP.lammps.eam", "eam/alloy", {"Ni", "P"}},
                 {"pdsi", "data/pdsi/pdsi.dump.gz", "potentials/PdSi.lammps.eam", "eam/alloy", {"Pd", "Si"}}};
    for (size_t k = 0; k < sizeof metal / sizeof *metal; k++) {
        char file[4096], setup[5000];
        isd_potential *potential = NULL;
        isd_error err = {0};
        const isd_snapshot *frame = anchor_first(root, metal[k].dump);
        if (frame && anchor_reference(root, metal[k].file, file, sizeof file)) {
            anchor_check(isd_potential_eam(file, strcmp(metal[k].style, "eam/fs") == 0, metal[k].element, 2, &potential, &err), &err);
            snprintf(setup, sizeof setup,
                     "units metal\natom_style atomic\natom_modify map array\nread_data data\npair_style %s\n"
                     "pair_coeff * * %s %s %s",
                     metal[k].style, file, metal[k].element[0], metal[k].element[1]);
            quench_rows(metal[k].name, frame, potential, setup, "lbfgs", 1e-6);
        }
        isd_potential_unref(potential);
        isd_snapshot_unref(frame);
    }
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : ".";
    const isd_snapshot *frame = anchor_frame(root);
    const isd_potential *potential = anchor_kob_andersen();
    printf("%-56s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    quench_rows("ka3d", frame, potential, anchor_kob_andersen_setup, NULL, 1e-8);
    metals(root);
    many_starts(root, frame, potential);
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
