/* Quenches against LAMMPS' cg. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_quench ROOT [PART [SYSTEM]]: without a part all but "fair" (which takes half an hour, or one SYSTEM of it): ka3d methods
 * metals sio2 starts. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "anchor.h"
#include "base/clock.h"
#include "isdmin/match.h"
#include "isdmin/quench.h"
#include "job/pool.h"

enum { STARTS = 32, ROUNDS = 3, TYPES = 2 };

/* --- systems --- */

struct many_atoms {
    const char *name, *dump, *file, *style, *element[2];
    int starts; /* of "fair" */
};

static const struct many_atoms alsm = {"alsm", "data/alsm/alsm.dump.gz", "potentials/v2_18_Al3Sm_2016.eam.fs", "eam/fs", {"Al", "Sm"}, 4},
                               nip = {"nip", "data/nip/nip.dump.gz", "potentials/NiP.lammps.eam", "eam/alloy", {"Ni", "P"}, 11},
                               pdsi = {"pdsi", "data/pdsi/pdsi.dump.gz", "potentials/PdSi.lammps.eam", "eam/alloy", {"Pd", "Si"}, 11},
                               sio2 = {"sio2", "data/sio2/sio2.000000.dump.gz", "potentials/2007_SiO.tersoff", "tersoff", {"Si", "O"}, 1};

/* The potential here and what LAMMPS is told of it; false where the files are missing. */
static bool prepare(const char *root, const struct many_atoms *s, isd_potential **ret_potential, char *setup, size_t size)
{
    char file[4096];
    isd_error err = {0};
    if (!anchor_reference(root, s->file, file, sizeof file)) {
        return false;
    }
    anchor_check(strcmp(s->style, "tersoff") == 0
                     ? isd_potential_tersoff_file(file, s->element, 2, ret_potential, &err)
                     : isd_potential_eam(file, strcmp(s->style, "eam/fs") == 0, s->element, 2, ret_potential, &err),
                 &err);
    snprintf(setup, size,
             "units metal\natom_style atomic\natom_modify map array\nread_data data\nmass * 1\npair_style %s\n"
             "pair_coeff * * %s %s %s",
             s->style, file, s->element[0], s->element[1]);
    return true;
}

/* --- LAMMPS --- */

struct peer {
    double seconds, evaluations; /* NaN: none */
    double fmax;
};

/* LAMMPS' cg to the largest force ftol, which ends after 12000 evaluations where it would go on without end. `more`: commands. */
static struct peer run_peer(const isd_snapshot *frame, const char *setup, double ftol, const char *more)
{
    char commands[640];
    struct peer peer = {NAN, NAN, NAN};
    snprintf(commands, sizeof commands,
             "thermo 0\nthermo_style custom step fmax\nthermo_modify norm no\nmin_style cg\nmin_modify norm max\n"
             "minimize 0 %g 100000 12000\n%s", ftol, more);
    char *log = anchor_lammps_with(frame, setup, commands);
    long iterations, evaluations;
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    peer.seconds = anchor_cpu(log, "Loop time of");
    if (counts && sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations) == 2) {
        peer.evaluations = (double)evaluations;
    }
    const char *norm = log ? strstr(log, "Force max component initial, final = ") : NULL;
    if (norm && sscanf(norm, "Force max component initial, final = %*g %lf", &peer.fmax) != 1) {
        peer.fmax = NAN;
    }
    free(log);
    return peer;
}

/* --- one frame --- */

struct task {
    const isd_potential *potential;
    const isd_snapshot *frame;
    isd_quench_options options;
    isd_quench_result result;
    double *r;
    double seconds; /* by the clock on the wall */
};

static isd_status run_task(void *arg, isd_control *control, isd_error *err)
{
    struct task *task = arg;
    memcpy(task->r, task->frame->position, 3 * (size_t)task->frame->n * sizeof *task->r);
    const double start = clock_now();
    const isd_status status = isd_quench(task->potential, &task->frame->box, task->frame->type, task->frame->n, &task->options,
                                         control, task->r, &task->result, err);
    task->seconds = clock_now() - start;
    return status;
}

static void keep_task(void *arg)
{
    (void)arg;
}

/* The same on two threads: the least seconds of some rounds. */
static double seconds_on_two(struct task *task)
{
    double least = INFINITY;
    for (int k = 0; k < ROUNDS; k++) {
        struct job_pool *pool = NULL;
        struct job *job = NULL;
        isd_error err = {0};
        anchor_check(job_pool_new(2, false, &pool, &err), &err);
        anchor_check(job_submit(pool, "quench", 1, run_task, keep_task, task, &job, &err), &err);
        while (!(job = job_pool_collect(pool))) {
            usleep(500);
        }
        const isd_error *why = NULL;
        const isd_status status = job_result(job, &why);
        anchor_check(status, why);
        job_release(pool, job);
        job_pool_free(pool);
        least = fmin(least, task->seconds);
    }
    return least;
}

/* The first frame by one method, or by all (NULL), against the peer. */
static void quench_rows(const char *what, const isd_snapshot *frame, const isd_potential *potential, const char *setup,
                        const char *method, double ftol, bool on_two)
{
    const struct peer peer = run_peer(frame, setup, ftol, "");
    struct task task = {.potential = potential, .frame = frame, .r = malloc(3 * (size_t)frame->n * sizeof(double))};
    isd_error err = {0};
    char name[96];
    anchor_check(task.r ? ISD_OK : isd_error_memory(&err), &err);
    for (int k = 0; isd_quench_method(k); k++) {
        isd_quench_defaults(&task.options);
        task.options.method = isd_quench_method(k);
        task.options.ftol = ftol;
        if (method && strcmp(method, task.options.method) != 0) {
            continue;
        }
        double cpu = INFINITY;
        for (int round = 0; round < (method ? ROUNDS : 1); round++) {
            anchor_check(run_task(&task, NULL, &err), &err);
            cpu = fmin(cpu, task.result.seconds);
        }
        const isd_quench_result *r = &task.result;
        printf("# %s %s: stop %s, largest force %.1e, %.6f an atom; lmp cg: largest force %.1e\n", what, task.options.method,
               isd_stop_text(r->stop), r->fmax, r->energy / frame->n, peer.fmax);
        snprintf(name, sizeof name, "quench %s to %g %s, evaluations / lmp cg", what, ftol, task.options.method);
        anchor_row(name, (double)r->evaluations, peer.evaluations, "evaluations", true);
        snprintf(name, sizeof name, "quench %s to %g %s, one core / lmp cg", what, ftol, task.options.method);
        anchor_row(name, cpu, peer.seconds, "seconds", true);
        if (on_two) {
            snprintf(name, sizeof name, "quench %s to %g %s, two cores / lmp cg on one", what, ftol, task.options.method);
            anchor_row(name, seconds_on_two(&task), peer.seconds, "seconds", true);
        }
    }
    free(task.r);
}

static void metal_rows(const char *root, const struct many_atoms *s)
{
    char setup[5000];
    isd_potential *potential = NULL;
    const isd_snapshot *frame = anchor_first(root, s->dump);
    if (frame && prepare(root, s, &potential, setup, sizeof setup)) {
        quench_rows(s->name, frame, potential, setup, "lbfgs", 1e-6, false);
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
}

/* --- many starts: the proof that evaluations were not saved by going elsewhere --- */

struct start {
    double evaluations, distance;           /* D_min to sd's minimum */
    double peer_evaluations, peer_distance; /* of LAMMPS' cg */
};

static double d_min(const isd_snapshot *frame, const double *a, const double *b)
{
    double sum = 0, *some[2] = {malloc(3 * (size_t)frame->n * sizeof **some), malloc(3 * (size_t)frame->n * sizeof **some)};
    isd_error err = {0};
    anchor_check(some[0] && some[1] ? ISD_OK : isd_error_memory(&err), &err);
    for (int32_t t = 1; t <= TYPES; t++) {
        isd_assignment assignment = {0};
        int32_t n = 0;
        for (int32_t i = 0; i < frame->n; i++) {
            if (frame->type[i] == t) {
                memcpy(some[0] + 3 * n, a + 3 * i, 3 * sizeof *a);
                memcpy(some[1] + 3 * n++, b + 3 * i, 3 * sizeof *b);
            }
        }
        anchor_check(isd_assign(&frame->box, some[0], some[1], n, NULL, NULL, &assignment, &err), &err);
        sum += assignment.sum_sq;
        isd_assignment_done(&assignment);
    }
    free(some[0]);
    free(some[1]);
    return sqrt(sum / frame->n);
}

static long quench_by(const isd_snapshot *frame, const isd_potential *potential, const char *method, double *r)
{
    isd_quench_options options;
    isd_quench_result result;
    isd_error err = {0};
    isd_quench_defaults(&options);
    options.method = method;
    options.ftol = 1e-6;
    memcpy(r, frame->position, 3 * (size_t)frame->n * sizeof *r);
    anchor_check(isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, &err), &err);
    if (!result.converged) {
        printf("# %s stopped by %s at a largest force of %.1e\n", method, isd_stop_text(result.stop), result.fmax);
    }
    return result.evaluations;
}

/* LAMMPS' cg to the same force; NaN where it cannot be had. */
static void quench_by_peer(const isd_snapshot *frame, const char *setup, const double *reference, struct start *start)
{
    char path[] = "/tmp/isdmin-bench-XXXXXX", dump[160];
    const int file = mkstemp(path);
    isd_reader *reader = NULL;
    const isd_snapshot *end = NULL;
    start->peer_evaluations = start->peer_distance = NAN;
    if (file < 0) {
        return;
    }
    close(file);
    snprintf(dump, sizeof dump, "write_dump all custom %s id type x y z modify sort id format float %%.15g", path);
    const struct peer peer = run_peer(frame, setup, 1e-6, dump);
    if (!isd_reader_open(path, NULL, NULL, NULL, &reader, NULL) && !isd_reader_next(reader, &end, NULL) && end && end->n == frame->n) {
        start->peer_evaluations = peer.evaluations;
        start->peer_distance = d_min(frame, end->position, reference);
    }
    isd_snapshot_unref(end);
    isd_reader_close(reader);
    unlink(path);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
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

static void add_start(const isd_snapshot *frame, const isd_potential *potential, const char *setup, struct start *start)
{
    double *reference = malloc(3 * (size_t)frame->n * sizeof *reference), *r = malloc(3 * (size_t)frame->n * sizeof *r);
    isd_error err = {0};
    anchor_check(reference && r ? ISD_OK : isd_error_memory(&err), &err);
    quench_by(frame, potential, "sd", reference);
    start->evaluations = (double)quench_by(frame, potential, "lbfgs", r);
    start->distance = d_min(frame, r, reference);
    quench_by_peer(frame, setup, reference, start);
    free(reference);
    free(r);
}

/* The frames of a file until there are `most` starts; returns how many there are. */
static int add_starts(const char *path, const isd_potential *potential, const char *setup, struct start *starts, int n, int most)
{
    isd_reader *reader = NULL;
    const isd_snapshot *frame = NULL;
    if (!isd_reader_open(path, NULL, NULL, NULL, &reader, NULL)) {
        while (n < most && !isd_reader_next(reader, &frame, NULL) && frame) {
            add_start(frame, potential, setup, &starts[n++]);
            isd_snapshot_unref(frame);
        }
    }
    isd_reader_close(reader);
    return n;
}

static void start_rows(const char *what, const struct start *starts, int n, const char *unit)
{
    char name[96];
    snprintf(name, sizeof name, "%s evaluations to 1e-6, median of %d / lmp cg", what, n);
    anchor_row(name, median(starts, n, offsetof(struct start, evaluations)),
               median(starts, n, offsetof(struct start, peer_evaluations)), "evaluations", true);
    snprintf(name, sizeof name, "%s D_min to sd's minimum, median of %d / lmp cg", what, n);
    anchor_row(name, median(starts, n, offsetof(struct start, distance)), median(starts, n, offsetof(struct start, peer_distance)),
               unit, true);
}

static void many_starts(const char *root, const isd_snapshot *first, const isd_potential *potential)
{
    struct start starts[STARTS];
    char path[4096];
    snprintf(path, sizeof path, "%s/assets/demo/ka3d_T045.dump.gz", root);
    int n = add_starts(path, potential, anchor_kob_andersen_setup, starts, 0, STARTS - 1);
    add_start(first, potential, anchor_kob_andersen_setup, &starts[n++]);
    start_rows("ka3d", starts, n, "sigma");
}

static void fair_rows(const char *root, const struct many_atoms *s)
{
    struct start starts[STARTS];
    char setup[5000], path[4096];
    isd_potential *potential = NULL;
    if (anchor_reference(root, s->dump, path, sizeof path) && prepare(root, s, &potential, setup, sizeof setup)) {
        start_rows(s->name, starts, add_starts(path, potential, setup, starts, 0, s->starts), "A");
    }
    isd_potential_unref(potential);
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : ".", *part = argc > 2 ? argv[2] : NULL;
    const isd_snapshot *frame = anchor_frame(root);
    const isd_potential *potential = anchor_kob_andersen();
    printf("%-56s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    if (!part || strcmp(part, "ka3d") == 0) {
        quench_rows("ka3d", frame, potential, anchor_kob_andersen_setup, "lbfgs", 1e-8, true);
    }
    if (part && strcmp(part, "methods") == 0) {
        quench_rows("ka3d", frame, potential, anchor_kob_andersen_setup, NULL, 1e-8, false);
    }
    if (!part || strcmp(part, "metals") == 0) {
        metal_rows(root, &alsm);
        metal_rows(root, &nip); /* the tables of these two do not end at zero: LAMMPS' cg gives up */
        metal_rows(root, &pdsi);
    }
    if (!part || strcmp(part, "sio2") == 0) {
        metal_rows(root, &sio2);
    }
    if (!part || strcmp(part, "starts") == 0) {
        many_starts(root, frame, potential);
    }
    if (part && strcmp(part, "fair") == 0) {
        static const struct many_atoms *const systems[] = {&pdsi, &sio2, &alsm};
        for (size_t k = 0; k < sizeof systems / sizeof *systems; k++) {
            if (argc < 4 || strcmp(argv[3], systems[k]->name) == 0) {
                fair_rows(root, systems[k]);
            }
        }
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
