/* Matching: CPU seconds of the proved optimum, beside scipy's dense and sparse assignment. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_match PEER_SCRIPT [SOURCE_ROOT] [case...]   prints one line a case: seconds from coordinates to the matching and its prices; of
 * the certificate; the first as a multiple of one neighbour build (twelve neighbours) of the same points; bytes of memory a point
 * above the inputs; then scipy's linear_sum_assignment, with its matrix and alone, and min_weight_full_bipartite_matching on the
 * 20 nearest neighbours (how far its sum is from the optimum behind it), each with its ratio to ours. A peer that is not there, or could
 * not hold the matrix, is '-'. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "io/frames.h"
#include "isdmin/match.h"
#include "neigh/list.h"

enum { PEER_MAX = 100000 }; /* the script leaves the dense matrix out where it does not fit a small machine */

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
    {"poisson-3d-1000000", NULL, NULL, 1000000, 3},
    {"poisson-2d-1000000", NULL, NULL, 1000000, 2},
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
    double build, solve, sum; /* NaN where there is none */
    double sparse, sparse_sum;
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
        good = fscanf(out, "%lf %lf %lf %lf %lf", &ret_peer->build, &ret_peer->solve, &ret_peer->sum, &ret_peer->sparse,
                      &ret_peer->sparse_sum) == 5;
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    if (out)
        fclose(out);
    return good;
}

/* What we take, over all types. */
struct ours {
    double solve, check, sum;
    bool certified;
};

static bool solve_type(const isd_snapshot *a, const isd_snapshot *b, int type, struct ours *ours)
{
    int32_t n = isd_snapshot_count(a, type), in_a = 0, in_b = 0;
    double *pa = malloc(3 * (size_t)(n + 1) * sizeof *pa), *pb = malloc(3 * (size_t)(n + 1) * sizeof *pb);
    int32_t *prefer = malloc((size_t)(n + 1) * sizeof *prefer);
    isd_assignment x = {0};
    isd_certificate certificate = {0};
    bool good = pa && pb && prefer;
    for (int32_t i = 0; i < a->n && good; i++) {
        if (a->type[i] == type && in_a < n)
            memcpy(pa + 3 * (size_t)in_a++, a->position + 3 * (size_t)i, 3 * sizeof *pa);
        if (b->type[i] == type && in_b < n)
            memcpy(pb + 3 * (size_t)in_b++, b->position + 3 * (size_t)i, 3 * sizeof *pb);
    }
    for (int32_t i = 0; i < n && good; i++)
        prefer[i] = i;
    double start = clock_thread_cpu();
    good = good && isd_assign(&a->box, pa, pb, n, prefer, NULL, &x, NULL) == ISD_OK;
    double middle = clock_thread_cpu();
    good = good && isd_assignment_check(&a->box, pa, pb, n, x.partner, x.v, NULL, &certificate, NULL) == ISD_OK;
    ours->solve += middle - start;
    ours->check += clock_thread_cpu() - middle;
    ours->sum += certificate.sum_sq;
    ours->certified = ours->certified && certificate.certified;
    isd_assignment_done(&x);
    free(pa);
    free(pb);
    free(prefer);
    return good;
}

/* CPU seconds of one neighbour list with twelve neighbours an atom, from coordinates. */
static double neighbour_build(const isd_snapshot *a)
{
    struct neigh_list list;
    bool rebuilt;
    double spacing = isd_box_spacing(&a->box, a->n), cutoff = spacing * (a->box.dim == 2 ? sqrt(12 / M_PI) : cbrt(9 / M_PI));
    neigh_list_init(&list, &a->box, a->n, cutoff, 0.1 * cutoff);
    double start = clock_thread_cpu();
    isd_status status = neigh_list_update(&list, a->position, NULL, &rebuilt, NULL);
    double seconds = clock_thread_cpu() - start;
    neigh_list_done(&list);
    return status == ISD_OK ? seconds : NAN;
}

static void print_peer(double seconds, double ours)
{
    if (isnan(seconds))
        printf(" %9s %7s", "-", "-");
    else
        printf(" %7.3f s %7.1f", seconds, seconds / ours);
}

/* false: the answers differ, or ours has no proof. */
static bool run_case(const struct bench_case *c, const char *folder, const char *script)
{
    const isd_snapshot *a = c->a ? load(folder, c->a) : poisson(c->n, c->dim, 1);
    const isd_snapshot *b = c->b ? load(folder, c->b) : poisson(c->n, c->dim, 2);
    bool good = true;
    if (!a || !b) {
        printf("%-18s no data\n", c->name);
    } else {
        struct ours ours = {.certified = true};
        struct peer peer = {NAN, NAN, NAN, NAN, NAN};
        double before = peak_mb();
        for (int type = 1; type <= a->n_types && good; type++)
            good = solve_type(a, b, type, &ours);
        /* The copies of the points of one type are inputs. */
        double bytes = (peak_mb() - before) * 1048576 / a->n - 52;
        good = good && ours.certified;
        printf("%-18s %8.4f s %8.4f s %7.1f %6.0f B", c->name, ours.solve, ours.check, ours.solve / neighbour_build(a), bytes);
        if (!ask_peer(script, a, b, &peer))
            peer = (struct peer){NAN, NAN, NAN, NAN, NAN};
        print_peer(peer.build + peer.solve, ours.solve + ours.check);
        print_peer(peer.solve, ours.solve + ours.check);
        print_peer(peer.sparse, ours.solve + ours.check);
        if (!isnan(peer.sparse_sum))
            printf(" %+.1e", peer.sparse_sum / ours.sum - 1);
        bool same = isnan(peer.sum) || fabs(ours.sum - peer.sum) <= 1e-9 * peer.sum;
        printf("%s%s\n", good ? "" : " FAILED", same ? "" : " SUMS DIFFER");
        good = good && same;
    }
    fflush(stdout);
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
    printf("%-18s %10s %10s %7s %8s %9s %7s %9s %7s %9s %7s\n", "case", "ours", "proof", "builds", "memory", "dense", "ratio",
           "its solve", "ratio", "20 near", "ratio");
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bool wanted = argc <= 3;
        for (int i = 3; i < argc; i++)
            wanted = wanted || strcmp(argv[i], cases[k].name) == 0;
        if (wanted)
            good = run_apart(&cases[k], folder, argv[1]) && good;
    }
    return good ? 0 : 1;
}
