/* Silica: force evaluations and a quench against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LAMMPS has no `opt` form of pair_style tersoff; the peer is its plain one, on one core. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "anchor.h"
#include "base/clock.h"
#include "isdmin/quench.h"
#include "pot/evaluator.h"

#define ROUNDS 5

static const char *const silica[2] = {"Si", "O"};

static void check(isd_status status, const isd_error *err)
{
    if (status) {
        fprintf(stderr, "%s\n", err->what);
        exit(1);
    }
}

static const isd_snapshot *read_frame(const char *root)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    char path[4096];
    isd_reader *reader = NULL;
    const isd_snapshot *frame = NULL;
    isd_error err = {0};
    snprintf(path, sizeof path, "%s%s/data/sio2/sio2.000000.dump.gz", reference ? reference : root,
             reference ? "" : "/../shared");
    if (access(path, R_OK)) {
        fprintf(stderr, "no silica frame found\n");
        exit(77);
    }
    check(isd_reader_open(path, NULL, NULL, NULL, &reader, &err), &err);
    check(isd_reader_next(reader, &frame, &err), &err);
    isd_reader_close(reader);
    return frame;
}

static bool write_input(const isd_snapshot *s, const char *commands)
{
    FILE *data = fopen("data", "w"), *in = fopen("in", "w");
    if (data && in) {
        const isd_box *b = &s->box;
        fprintf(data,
                "silica\n\n%d atoms\n2 atom types\n%.17g %.17g xlo xhi\n%.17g %.17g ylo yhi\n%.17g %.17g zlo "
                "zhi\n\nAtoms # atomic\n\n",
                (int)s->n, b->origin[0], b->origin[0] + b->lx, b->origin[1], b->origin[1] + b->ly,
                b->origin[2], b->origin[2] + b->lz);
        for (int32_t i = 0; i < s->n; i++) {
            fprintf(data, "%d %d %.17g %.17g %.17g\n", (int)i + 1, (int)s->type[i], s->position[3 * i],
                    s->position[3 * i + 1], s->position[3 * i + 2]);
        }
        fprintf(in,
                "units metal\natom_style atomic\natom_modify map array\nread_data data\nmass 1 28.0855\nmass "
                "2 15.9994\n"
                "pair_style tersoff\npair_coeff * * SiO.tersoff Si O\nneighbor 1.0 bin\n%s\n",
                commands);
    }
    const bool good = data && in && !ferror(data) && !ferror(in);
    if (data) {
        fclose(data);
    }
    if (in) {
        fclose(in);
    }
    return good;
}

static bool run_lammps(void)
{
    const pid_t child = fork();
    if (child == 0) {
        setenv("OMP_NUM_THREADS", "1", 1);
        setenv("LAMMPS_POTENTIALS", "/usr/share/lammps/potentials", 0); /* where Debian has them */
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 2);
        execlp("lmp", "lmp", "-in", "in", "-log", "log", "-screen", "none", (char *)NULL);
        _exit(127);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The log of a run of `commands`, or NULL, also, where its potentials are not installed. */
static char *lammps(const isd_snapshot *frame, const char *commands)
{
    char folder[] = "/tmp/isdmin-bench-XXXXXX", before[4096], *text = NULL;
    if (!getcwd(before, sizeof before) || !mkdtemp(folder) || chdir(folder)) {
        return NULL;
    }
    if (write_input(frame, commands) && run_lammps()) {
        FILE *f = fopen("log", "r");
        text = calloc(1, 1 << 20);
        if (f && text) {
            text[fread(text, 1, (1 << 20) - 1, f)] = 0;
        }
        if (f) {
            fclose(f);
        }
    }
    unlink("in");
    unlink("data");
    unlink("log");
    if (chdir(before) == 0) {
        rmdir(folder);
    }
    return text;
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

/* LAMMPS' times are by the clock on the wall; times this they are CPU seconds, whoever else used the core. */
static double cpu_share(const char *log)
{
    const char *found = log ? strstr(log, "% CPU use") : NULL;
    while (found && found > log && found[-1] != '\n') {
        found--;
    }
    return found ? strtod(found, NULL) / 100 : NAN;
}

/* CPU seconds of one evaluation, lists kept. */
static double seconds(const isd_snapshot *s, const isd_potential *potential, enum isa isa, int repeat)
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
        check(isd_evaluator_compute(e, s->position, NULL, force, &energy, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    isd_evaluator_free(e);
    free(force);
    return used / repeat;
}

static void forces(const isd_snapshot *frame, const isd_potential *potential)
{
    double ours[ISA_COUNT][ROUNDS], pair[ROUNDS];
    const double steps = 100, atoms = frame->n;
    for (int round = 0; round < ROUNDS; round++) {
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            ours[isa][round] =
                isa_supported((enum isa)isa) ? seconds(frame, potential, (enum isa)isa, 200) : NAN;
        }
        char *log =
            lammps(frame, "velocity all create 3600 1\nfix 1 all nve\ntimestep 0.001\nthermo 0\nrun 100");
        pair[round] = anchor_number(log, "\nPair ", 0) * cpu_share(log) / steps;
        free(log);
    }
    const double peer = atoms / median(pair) / 1e6;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (isa_supported((enum isa)isa)) {
            char name[64];
            snprintf(name, sizeof name, "force sio2 tersoff %s / lmp Pair", isa_name((enum isa)isa));
            anchor_row(name, atoms / median(ours[isa]) / 1e6, peer, "million atoms/s", false);
        }
    }
}

/* Ours goes to 1e-8 eV/A. LAMMPS stalls near 0.04 eV/A or goes on without end, so it is given 12000
 * evaluations. */
static void quenches(const isd_snapshot *frame, const isd_potential *potential)
{
    char *log = lammps(frame, "thermo 0\nmin_style cg\nmin_modify dmax 0.1\nminimize 0 1e-8 100000 12000");
    const double peer_seconds = anchor_number(log, "Loop time of", 0) * cpu_share(log);
    const char *counts = log ? strstr(log, "Iterations, force evaluations = ") : NULL;
    long iterations = 0, evaluations = 0;
    if (counts) {
        sscanf(counts, "Iterations, force evaluations = %ld %ld", &iterations, &evaluations);
    }
    double *r = malloc(3 * (size_t)frame->n * sizeof *r);
    isd_error err = {0};
    check(r ? ISD_OK : isd_error_memory(&err), &err);
    for (int m = 0; m < 2; m++) {
        static const char *const methods[2] = {"lbfgs", "cg"};
        isd_quench_options options;
        isd_quench_result result;
        char name[96];
        isd_quench_defaults(&options);
        options.method = methods[m];
        memcpy(r, frame->position, 3 * (size_t)frame->n * sizeof *r);
        check(isd_quench(potential, &frame->box, frame->type, frame->n, &options, NULL, r, &result, &err),
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
    const isd_snapshot *frame = read_frame(argc > 1 ? argv[1] : ".");
    isd_potential *potential = NULL;
    isd_error err = {0};
    check(isd_potential_tersoff_sio2(true, silica, 2, &potential, &err), &err);
    printf("# %s, %d atoms\n%-44s %12s %12s %8s   unit\n", isd_potential_name(potential), (int)frame->n,
           "case", "ours", "peer", "ratio");
    forces(frame, potential);
    if (argc < 3 || strcmp(argv[2], "forces") != 0) {
        quenches(frame, potential);
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
