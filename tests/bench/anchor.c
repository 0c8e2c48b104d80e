/* What the force and quench benchmarks share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "anchor.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, 2);
        execlp("lmp", "lmp", "-sf", "opt", "-in", "in", "-log", "log", "-screen", "none", (char *)NULL);
        _exit(127);
    }
    int status = 1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *anchor_lammps(const isd_snapshot *frame, const char *commands)
{
    return anchor_lammps_with(frame,
                              "units lj\natom_style atomic\natom_modify map array\nread_data data\nmass * 1\n"
                              "pair_style lj/cut 2.5\npair_coeff 1 1 1.0 1.0 2.5\npair_coeff 1 2 1.5 0.8 2.0\n"
                              "pair_coeff 2 2 0.5 0.88 2.2\npair_modify shift yes",
                              commands);
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

void anchor_row(const char *name, double ours, double peer, const char *unit, bool less_is_better)
{
    if (isfinite(peer)) {
        printf("%-44s %12.4g %12.4g %8.2f   %s\n", name, ours, peer,
               less_is_better ? peer / ours : ours / peer, unit);
    } else {
        printf("%-44s %12.4g %12s %8s   %s\n", name, ours, "-", "-", unit);
    }
    fflush(stdout);
}
