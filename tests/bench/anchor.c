/* What the force and quench benchmarks share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "anchor.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "pot/evaluator.h"

static void give_up(const char *what, int status)
{
    fprintf(stderr, "%s\n", what);
    exit(status);
}

const isd_snapshot *anchor_frame(const char *root)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    char paths[3][4096];
    snprintf(paths[0], sizeof paths[0], "%s/data/ka3d/ka3d.dump.gz", reference ? reference : "");
    snprintf(paths[1], sizeof paths[1], "%s/../shared/data/ka3d/ka3d.dump.gz", root);
    snprintf(paths[2], sizeof paths[2], "%s/assets/demo/ka3d_T045.dump.gz", root);
    for (int k = 0; k < 3; k++) {
        isd_reader *reader = NULL;
        const isd_snapshot *frame = NULL;
        isd_error err = {0};
        if (access(paths[k], R_OK) == 0) {
            if (isd_reader_open(paths[k], NULL, NULL, NULL, &reader, &err) ||
                isd_reader_next(reader, &frame, &err) || !frame) {
                give_up(err.what, 1);
            }
            isd_reader_close(reader);
            printf("# %s: %d atoms\n", paths[k], (int)frame->n);
            return frame;
        }
    }
    give_up("no Kob-Andersen frame found", 77);
    return NULL;
}

bool anchor_reference(const char *root, const char *name, char *ret_path, size_t size)
{
    const char *reference = getenv("ISDMIN_REFERENCE");
    char relative[4096];
    if (reference) {
        snprintf(relative, sizeof relative, "%s/%s", reference, name);
    } else {
        snprintf(relative, sizeof relative, "%s/../shared/%s", root, name);
    }
    char *whole = realpath(relative, NULL);
    const bool there = whole && strlen(whole) < size;
    if (there) {
        snprintf(ret_path, size, "%s", whole);
    }
    free(whole);
    return there;
}

const isd_potential *anchor_kob_andersen(void)
{
    const isd_lj_pair pairs[4] = {
        {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};
    isd_potential *potential = NULL;
    isd_error err = {0};
    if (isd_potential_lj(pairs, 2, true, &potential, &err)) {
        give_up(err.what, 1);
    }
    return potential;
}

static bool write_input(const isd_snapshot *s, const char *setup, const char *commands)
{
    FILE *data = fopen("data", "w"), *in = fopen("in", "w");
    if (data && in) {
        const isd_box *b = &s->box;
        fprintf(data, "isdmin\n\n%d atoms\n2 atom types\n", (int)s->n);
        fprintf(data, "%.17g %.17g xlo xhi\n%.17g %.17g ylo yhi\n%.17g %.17g zlo zhi\n\nAtoms # atomic\n\n",
                b->origin[0], b->origin[0] + b->lx, b->origin[1], b->origin[1] + b->ly, b->origin[2],
                b->origin[2] + b->lz);
        for (int32_t i = 0; i < s->n; i++) {
            fprintf(data, "%d %d %.17g %.17g %.17g\n", (int)i + 1, (int)s->type[i], s->position[3 * i],
                    s->position[3 * i + 1], s->position[3 * i + 2]);
        }
        fprintf(in, "%s\n%s\n", setup, commands);
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

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 1 << 20);
    if (f && text) {
        text[fread(text, 1, (1 << 20) - 1, f)] = 0;
    }
    if (f) {
        fclose(f);
    }
    return text;
}

/* Runs lmp in the current folder, its words thrown away; true if it ended well. */
static bool run_lammps(void)
{
    const pid_t child = fork();
    if (child == 0) {
        setenv("OMP_NUM_THREADS", "1", 1);
        setenv("LAMMPS_POTENTIALS", "/usr/share/lammps/potentials", 0); /* where Debian has them */
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 2);
        execlp("lmp", "lmp", "-sf", "opt", "-in", "in", "-log", "log", "-screen", "none", (char *)NULL);
        _exit(127);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const char anchor_kob_andersen_setup[] =
    "units lj\natom_style atomic\natom_modify map array\nread_data data\nmass * 1\n"
    "pair_style lj/cut 2.5\npair_coeff 1 1 1.0 1.0 2.5\npair_coeff 1 2 1.5 0.8 2.0\n"
    "pair_coeff 2 2 0.5 0.88 2.2\npair_modify shift yes";

char *anchor_lammps(const isd_snapshot *frame, const char *commands)
{
    return anchor_lammps_with(frame, anchor_kob_andersen_setup, commands);
}

char *anchor_lammps_with(const isd_snapshot *frame, const char *setup, const char *commands)
{
    char folder[] = "/tmp/isdmin-bench-XXXXXX", before[4096], *text = NULL;
    if (!getcwd(before, sizeof before) || !mkdtemp(folder) || chdir(folder)) {
        return NULL;
    }
    if (write_input(frame, setup, commands) && run_lammps()) {
        text = read_text("log");
    }
    unlink("in");
    unlink("data");
    unlink("log");
    if (chdir(before) == 0) {
        rmdir(folder);
    }
    return text;
}

double anchor_number(const char *text, const char *key, int occurrence)
{
    for (const char *at = text; text && (at = strstr(at, key)); at++) {
        if (occurrence-- == 0) {
            const char *number = at + strlen(key);
            number += strspn(number, " |=:,\n\t");
            char *end;
            const double value = strtod(number, &end);
            return end > number ? value : NAN;
        }
    }
    return NAN;
}

double anchor_cpu(const char *log, const char *key)
{
    char line[64];
    snprintf(line, sizeof line, "\n%s ", key);
    const char *share = log ? strstr(log, "% CPU use") : NULL;
    while (share && share > log && share[-1] != '\n') {
        share--;
    }
    return share ? anchor_number(log, line, 0) * strtod(share, NULL) / 100 : NAN;
}

void anchor_check(isd_status status, const isd_error *err)
{
    if (status) {
        fprintf(stderr, "%s %s\n", err->where, err->what);
        exit(1);
    }
}

const isd_snapshot *anchor_first(const char *root, const char *name)
{
    char path[4096];
    isd_reader *reader = NULL;
    const isd_snapshot *frame = NULL;
    isd_error err = {0};
    if (!anchor_reference(root, name, path, sizeof path)) {
        return NULL;
    }
    anchor_check(isd_reader_open(path, NULL, NULL, NULL, &reader, &err), &err);
    anchor_check(isd_reader_next(reader, &frame, &err), &err);
    isd_reader_close(reader);
    return frame;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double anchor_median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    return values[n / 2];
}

double anchor_seconds(const isd_snapshot *frame, const isd_potential *potential, enum isa isa, bool energy, bool builds,
                      int repeat)
{
    isd_evaluator *e = NULL;
    isd_error err = {0};
    isd_energy unused;
    double *force = malloc(3 * (size_t)frame->n * sizeof *force);
    anchor_check(force ? ISD_OK : isd_error_memory(&err), &err);
    anchor_check(isd_evaluator_new(potential, &frame->box, frame->type, frame->n, &e, &err), &err);
    evaluator_set_isa(e, isa);
    anchor_check(isd_evaluator_compute(e, frame->position, NULL, force, NULL, &err), &err);
    const double start = clock_thread_cpu();
    for (int k = 0; k < repeat; k++) {
        if (builds) {
            evaluator_set_isa(e, isa); /* which also drops the lists */
        }
        anchor_check(isd_evaluator_compute(e, frame->position, NULL, force, energy ? &unused : NULL, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    isd_evaluator_free(e);
    free(force);
    return used / repeat;
}

/* Million atoms a second; pair: LAMMPS' medians, of forces alone and with energy and virial as well. */
static void force_rows(const char *name, const isd_snapshot *frame, double ours[2][ISA_COUNT][ANCHOR_ROUNDS],
                       double pair[2][ANCHOR_ROUNDS])
{
    for (int energy = 0; energy < 2; energy++) {
        const double peer = frame->n / anchor_median(pair[energy], ANCHOR_ROUNDS) / 1e6;
        for (int isa = ISA_AVX512; isa >= ISA_AVX2; isa--) {
            char row[96];
            if (isa_supported((enum isa)isa)) {
                snprintf(row, sizeof row, "%s, %s%s / lmp Pair", name, isa_name((enum isa)isa), energy ? ", energy, virial" : "");
                anchor_row(row, frame->n / anchor_median(ours[energy][isa], ANCHOR_ROUNDS) / 1e6, peer, "million atoms/s", false);
            }
        }
    }
}

void anchor_forces(const char *name, const isd_snapshot *frame, const isd_potential *potential, const char *setup,
                   const char *run, int steps)
{
    double ours[2][ISA_COUNT][ANCHOR_ROUNDS], pair[2][ANCHOR_ROUNDS];
    for (int round = 0; round < ANCHOR_ROUNDS; round++) {
        for (int energy = 0; energy < 2; energy++) {
            char commands[512];
            for (int isa = ISA_AVX2; isa <= ISA_AVX512; isa++) {
                ours[energy][isa][round] =
                    isa_supported((enum isa)isa) ? anchor_seconds(frame, potential, (enum isa)isa, energy, false, 50) : NAN;
            }
            /* LAMMPS computes energies in the steps that print them */
            snprintf(commands, sizeof commands, "thermo %d\n%s\nrun %d", energy, run, steps);
            char *log = anchor_lammps_with(frame, setup, commands);
            pair[energy][round] = anchor_cpu(log, "Pair") / steps;
            free(log);
        }
    }
    force_rows(name, frame, ours, pair);
}

void anchor_row(const char *name, double ours, double peer, const char *unit, bool less_is_better)
{
    if (isfinite(peer)) {
        printf("%-56s %12.4g %12.4g %8.2f   %s\n", name, ours, peer,
               less_is_better ? peer / ours : ours / peer, unit);
    } else {
        printf("%-56s %12.4g %12s %8s   %s\n", name, ours, "-", "-", unit);
    }
    fflush(stdout);
}
