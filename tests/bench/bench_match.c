/* Matching: CPU seconds of edges, solution and certificate, beside scipy's dense assignment. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_match PEER_SCRIPT [SOURCE_ROOT] [case...]   prints one line a case: case, ours, peer (matrix and solve), ratio, peer (solve
 * alone), ratio, and MB of memory above the inputs. A peer that is not there, or could not hold the matrix, is '-'. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "io/frames.h"
#include "match/match.h"

enum { PEER_MAX = 12000 }; /* the dense matrix of more points does not fit a small machine */

struct bench_case {
    const char *name;
    const char *a, *b; /* files below the reference folder, or NULL: Poisson points */
    int32_t n;
    int dim;
};

static const struct bench_case cases[] = {
    {"ka3d-short", "data/ka3d/is/ka3d_f00_cg.dump.gz", "data/ka3d/is/ka3d_f04_cg.dump.gz", 0, 3},
    {"ka3d-furthest", "data/ka3d/is/ka3d_f00_cg.dump.gz", "data/ka3d/is/ka3d_f14_cg.dump.gz", 0, 3},
    {"poisson-3d-9088", NULL, NULL, 9088, 3},
    {"poisson-2d-9088", NULL, NULL, 9088, 2},
    {"poisson-3d-100000", NULL, NULL, 100000, 3},
    {"poisson-2d-100000", NULL, NULL, 100000, 2},
};

static double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static isd_snapshot *poisson(int32_t n, int dim, uint64_t seed)
{
    isd_snapshot *s = NULL;
    struct rng rng;
    double side = pow(n, 1.0 / dim);
    if (isd_snapshot_new(n, false, &s, NULL) != ISD_OK)
        return NULL;
    rng_init(&rng, seed);
    s->box = (isd_box){.dim = dim, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
    s->has_ids = true;
    for (int32_t i = 0; i < n; i++) {
        s->id[i] = i + 1;
        s->type[i] = 1;
        for (int c = 0; c < dim; c++)
            s->position[3 * i + c] = side * rng_double(&rng);
    }
    if (isd_snapshot_freeze(s, NULL) != ISD_OK) {
        isd_snapshot_unref(s);
        return NULL;
    }
    return s;
}

static const isd_snapshot *load(const char *folder, const char *name)
{
    char path[4096];
    const char *paths[] = {path};
    struct frame_set_options options = {0};
    struct frame_set *set = NULL;
    const isd_snapshot *snapshot = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (frame_set_open(paths, 1, &options, NULL, NULL, NULL, &set, NULL) != ISD_OK)
        return NULL;
    if (frame_set_get(set, 0, &snapshot, NULL) != ISD_OK)
        snapshot = NULL;
    frame_set_free(set);
    return snapshot;
}

struct peer {
    double build, solve, sum;
};

static bool write_pair(const char *path, const isd_snapshot *a, const isd_snapshot *b)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    size_t n = (size_t)a->n;
    fprintf(file, "%d %.17g %.17g %.17g %d\n", (int)a->n, a->box.lx, a->box.ly, a->box.lz, a->box.dim);
    bool good = fwrite(a->position, sizeof(double), 3 * n, file) == 3 * n && fwrite(b->position, sizeof(double), 3 * n, file) == 3 * n;
    for (size_t i = 0; i < n && good; i++) {
        double type = a->type[i];
        good = fwrite(&type, sizeof type, 1, file) == 1;
    }
    return fclose(file) == 0 && good;
}

/* Runs the script on the file, what it prints goes to `out`. */
static bool run_peer(const char *script, const char *input, FILE *out)
{
    const char *python = access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
    int status = 1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        execlp(python, python, script, input, (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool ask_peer(const char *script, const isd_snapshot *a, const isd_snapshot *b, struct peer *ret_peer)
{
    char path[] = "/tmp/bench_match.XXXXXX";
    int fd = a->n <= PEER_MAX ? mkstemp(path) : -1;
    FILE *out = tmpfile();
    bool good = false;
    if (fd >= 0 && out && write_pair(path, a, b) && run_peer(script, path, out)) {
        rewind(out);
        good = fscanf(out, "%lf %lf %lf", &ret_peer->build, &ret_peer->solve, &ret_peer->sum) == 3;
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    if (out)
        fclose(out);
    return good;
}

/* false: the answers differ, or ours has no proof. */
static bool run_case(const struct bench_case *c, const char *folder, const char *script)
{
    const isd_snapshot *a = c->a ? load(folder, c->a) : poisson(c->n, c->dim, 1);
    const isd_snapshot *b = c->b ? load(folder, c->b) : poisson(c->n, c->dim, 2);
    struct match *match = NULL;
    bool good = true;
    if (!a || !b) {
        printf("%-18s no data\n", c->name);
    } else {
        struct match_options options = {0};
        struct peer peer;
        double before = peak_mb();
        good = match_snapshots(a, b, &options, NULL, &match, NULL) == ISD_OK && match->certified;
        double memory = peak_mb() - before;
        if (!good) {
            printf("%-18s FAILED\n", c->name);
        } else if (ask_peer(script, a, b, &peer)) {
            good = fabs(match->sum_sq - peer.sum) <= 1e-9 * peer.sum;
            printf("%-18s %9.4f s %9.3f s %8.1f %9.3f s %8.1f %7.1f MB%s\n", c->name, match->seconds, peer.build + peer.solve,
                   (peer.build + peer.solve) / match->seconds, peer.solve, peer.solve / match->seconds, memory,
                   good ? "" : " SUMS DIFFER");
        } else {
            printf("%-18s %9.4f s %11s %8s %11s %8s %7.1f MB\n", c->name, match->seconds, "-", "-", "-", "-", memory);
        }
    }
    fflush(stdout);
    match_free(match);
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
    return good;
}

/* Each case in a process of its own, so that its memory can be told. */
static bool run_apart(const struct bench_case *c, const char *folder, const char *script)
{
    int status = 1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_case(c, folder, script) ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench_match PEER_SCRIPT [SOURCE_ROOT] [case...]\n");
        return 2;
    }
    char beside[4096];
    const char *folder = getenv("ISDMIN_REFERENCE");
    if (!folder || !folder[0]) {
        snprintf(beside, sizeof beside, "%s/../shared", argc > 2 ? argv[2] : ".");
        folder = beside;
    }
    bool good = true;
    printf("%-18s %11s %11s %8s %11s %8s %10s\n", "case", "ours", "scipy", "ratio", "its solve", "ratio", "memory");
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bool wanted = argc <= 3;
        for (int i = 3; i < argc; i++)
            wanted = wanted || strcmp(argv[i], cases[k].name) == 0;
        if (wanted)
            good = run_apart(&cases[k], folder, argv[1]) && good;
    }
    return good ? 0 : 1;
}
