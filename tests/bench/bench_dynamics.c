/* How atoms move: CPU seconds of sums over all origins, beside direct loops and MDAnalysis. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_dynamics PEER_SCRIPT [case...]   prints rows `case ours peer ratio`: CPU seconds of one thread, from positions in memory, the least
 * of some runs; ratio is the peer's time over ours. Atoms walk at random; `msd` is MSD, alpha_2, Q, chi_4 and jumps, which come together;
 * `fs` is F_s besides, in 3D sin(x)/x and in 2D J_0. Their peer is a plain loop over the same pairs of frames and all atoms, by the
 * library of mathematics. `all times` is the MSD at each of the T - 1 times, whose peer is MDAnalysis' EinsteinMSD without FFT, then by
 * FFT; how far both differ from ours is said (they begin from single precision). `vanhove` and `cage` are of one pair of frames, against
 * loops over all pairs of atoms; S(k) against a plain sum over the same wave vectors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/dynamics.h"
#include "analysis/structure_factor.h"
#include "analysis/tracks.h"
#include "base/clock.h"
#include "base/rng.h"

enum { REPEATS = 3, MOST_TIMES = 2048 };

struct walk {
    int32_t n, frames;
    int dim;
    double edge;
    isd_snapshot **frame;
    int32_t lag[MOST_TIMES];
    int n_lags;
};

struct sums {
    double sq, fs, q, q_sq;
};

static void *checked(void *memory)
{
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static double cpu(void)
{
    return clock_thread_cpu();
}

static void row(const char *what, double ours, double peer, const char *note)
{
    printf("%-44s %10.4g s %12.4g s %9.3g  %s\n", what, ours, peer, peer / ours, note);
    fflush(stdout);
}

/* Steps that look like a supercooled liquid's matter to nobody here: only that x of sin(x)/x is spread as in use. */
static void make_walk(struct walk *walk, int32_t n, int32_t frames, int dim)
{
    struct rng rng;
    rng_init(&rng, 7);
    *walk = (struct walk){.n = n, .frames = frames, .dim = dim, .edge = dim == 2 ? sqrt(n / 1.2) : cbrt(n / 1.2)};
    walk->frame = checked(calloc((size_t)frames, sizeof(isd_snapshot *)));
    for (int32_t f = 0; f < frames; f++) {
        isd_snapshot *s = NULL;
        if (isd_snapshot_new(n, false, &s, NULL) != ISD_OK)
            checked(NULL);
        s->box = (isd_box){.dim = dim, .periodic = {true, true, dim == 3}, .lx = walk->edge, .ly = walk->edge, .lz = dim == 2 ? 1 : walk->edge};
        s->has_ids = s->unwrapped = true;
        for (int32_t i = 0; i < n; i++) {
            s->id[i] = i + 1;
            s->type[i] = i < 4 * n / 5 ? 1 : 2;
            for (int c = 0; c < dim; c++)
                s->position[3 * (size_t)i + (size_t)c] =
                    f == 0 ? walk->edge * rng_double(&rng) : walk->frame[f - 1]->position[3 * (size_t)i + (size_t)c] + 0.05 * rng_normal(&rng);
        }
        if (isd_snapshot_freeze(s, NULL) != ISD_OK)
            checked(NULL);
        walk->frame[f] = s;
    }
}

static void free_walk(struct walk *walk)
{
    for (int32_t f = 0; f < walk->frames; f++)
        isd_snapshot_unref(walk->frame[f]);
    free(walk->frame);
}

static void times_by_decades(struct walk *walk)
{
    walk->n_lags = 0;
    for (int k = 0; k < 60; k++) {
        int32_t lag = (int32_t)lround(pow(10, k / 10.0));
        if (lag < walk->frames && (walk->n_lags == 0 || lag > walk->lag[walk->n_lags - 1]))
            walk->lag[walk->n_lags++] = lag;
    }
}

static void all_times(struct walk *walk)
{
    walk->n_lags = 0;
    for (int32_t lag = 1; lag < walk->frames && lag < MOST_TIMES; lag++)
        walk->lag[walk->n_lags++] = lag;
}

/* --- ours ------------------------------------------------------------------------------------------------------------------------------------ */

/* From frames to averages of each time; out: [n_lags]. */
static void ours(const struct walk *walk, const struct track_request *request, struct sums *out)
{
    struct tracks tracks;
    int32_t last = 0, pairs = 0, at = 0;
    for (int k = 0; k < walk->n_lags; k++)
        pairs += walk->frames - walk->lag[k];
    struct track_sums *sums = checked(calloc((size_t)pairs, sizeof *sums));
    if (tracks_init(&tracks, walk->frame[0], walk->frames, UNWRAP_FILE, NULL) != ISD_OK || tracks_take(&tracks, 0, 0, &last, NULL) != ISD_OK)
        checked(NULL);
    for (int32_t f = 0; f < walk->frames; f++)
        if (tracks_fill(&tracks, f, walk->frame[f], f, NULL) != ISD_OK)
            checked(NULL);
    for (int32_t block = 0; block < last; block++) {
        at = 0;
        for (int k = 0; k < walk->n_lags; k++)
            for (int32_t a = 0; a + walk->lag[k] < walk->frames; a++)
                tracks_add(&tracks, block, a, a + walk->lag[k], request, &sums[at++]);
    }
    at = 0;
    for (int k = 0; k < walk->n_lags; k++) {
        int32_t n = walk->frames - walk->lag[k];
        out[k] = (struct sums){0};
        for (int32_t a = 0; a < n; a++, at++) {
            double q = sums[at].q / walk->n;
            out[k].sq += sums[at].sq / walk->n / n;
            out[k].fs += sums[at].fs / walk->n / n;
            out[k].q += q / n;
            out[k].q_sq += q * q / n;
        }
    }
    tracks_done(&tracks);
    free(sums);
}

/* --- the plain loop ---------------------------------------------------------------------------------------------------------------------------- */

static void plain(const struct walk *walk, const struct track_request *request, struct sums *out)
{
    for (int k = 0; k < walk->n_lags; k++) {
        int32_t n = walk->frames - walk->lag[k];
        out[k] = (struct sums){0};
        for (int32_t a = 0; a < n; a++) {
            const double *from = walk->frame[a]->position, *to = walk->frame[a + walk->lag[k]]->position;
            double sum_sq = 0, sum_u4 = 0, sum_fs = 0, sum_q = 0;
            for (int32_t i = 0; i < walk->n; i++) {
                double sq = 0;
                for (int c = 0; c < walk->dim; c++)
                    sq += (to[3 * i + c] - from[3 * i + c]) * (to[3 * i + c] - from[3 * i + c]);
                double u = sqrt(sq);
                sum_sq += sq;
                sum_u4 += sq * sq;
                sum_q += u < request->a;
                if (request->k > 0)
                    sum_fs += walk->dim == 2 ? j0(request->k * u) : sin(request->k * u) / (request->k * u);
            }
            double q = sum_q / walk->n;
            out[k].sq += sum_sq / walk->n / n + 0 * sum_u4;
            out[k].fs += sum_fs / walk->n / n;
            out[k].q += q / n;
            out[k].q_sq += q * q / n;
        }
    }
}

static double difference(const struct walk *walk, const struct sums *a, const struct sums *b)
{
    double most = 0;
    for (int k = 0; k < walk->n_lags; k++)
        most = fmax(most, fmax(fabs(a[k].sq / b[k].sq - 1), fmax(fabs(a[k].fs - b[k].fs), fmax(fabs(a[k].q - b[k].q), fabs(a[k].q_sq - b[k].q_sq)))));
    return most;
}

static void against_plain(const char *name, int32_t n, int32_t frames, int dim, double k)
{
    struct walk walk;
    struct track_request request = {.k = k, .a = 0.3, .jump = 0.5};
    struct sums mine[MOST_TIMES], theirs[MOST_TIMES];
    double best = INFINITY, peer = INFINITY;
    char label[80], note[80];
    make_walk(&walk, n, frames, dim);
    times_by_decades(&walk);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = cpu();
        ours(&walk, &request, mine);
        best = fmin(best, cpu() - start);
    }
    for (int repeat = 0; repeat < (k > 0 ? 1 : 2); repeat++) {
        double start = cpu();
        plain(&walk, &request, theirs);
        peer = fmin(peer, cpu() - start);
    }
    snprintf(label, sizeof label, "%s %dD N %d T %d, %d times", name, dim, n, frames, walk.n_lags);
    snprintf(note, sizeof note, "differ by %.1e", difference(&walk, mine, theirs));
    row(label, best, peer, note);
    free_walk(&walk);
}

/* --- MDAnalysis ---------------------------------------------------------------------------------------------------------------------------------- */

static bool write_doubles(const char *path, const double *x, size_t n, FILE **append)
{
    FILE *file = append && *append ? *append : fopen(path, "wb");
    bool good = file && fwrite(x, sizeof *x, n, file) == n;
    if (append)
        *append = file;
    else if (file)
        good = fclose(file) == 0 && good;
    return good;
}

static void against_mdanalysis(const char *script, int32_t n, int32_t frames)
{
    struct walk walk;
    struct track_request request = {.a = 0.3, .jump = 0.5};
    struct sums *mine = checked(malloc(MOST_TIMES * sizeof *mine));
    double best = INFINITY, msd[MOST_TIMES] = {0};
    char folder[] = "/tmp/isdmin-bench-XXXXXX", path[64], other[64], command[512], label[80], note[80];
    FILE *file = NULL;
    make_walk(&walk, n, frames, 3);
    all_times(&walk);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = cpu();
        ours(&walk, &request, mine);
        best = fmin(best, cpu() - start);
    }
    for (int k = 0; k < walk.n_lags; k++)
        msd[walk.lag[k]] = mine[k].sq;
    bool good = mkdtemp(folder) != NULL;
    snprintf(path, sizeof path, "%s/positions", folder);
    snprintf(other, sizeof other, "%s/msd", folder);
    for (int32_t f = 0; f < frames && good; f++)
        good = write_doubles(path, walk.frame[f]->position, 3 * (size_t)n, &file);
    good = file && fclose(file) == 0 && good && write_doubles(other, msd, (size_t)frames, NULL);
    snprintf(command, sizeof command, "%s '%s' %s %s %d 2>/dev/null", access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3", script, path,
             other, n);
    FILE *out = good ? popen(command, "r") : NULL;
    double peer, differ;
    char way[32];
    while (out && fscanf(out, "%lf %lf %31s", &peer, &differ, way) == 3) {
        snprintf(label, sizeof label, "msd 3D N %d T %d, all times", n, frames);
        snprintf(note, sizeof note, "EinsteinMSD %s, differs by %.1e", way, differ);
        row(label, best, peer, note);
    }
    if (out)
        pclose(out);
    unlink(path);
    unlink(other);
    rmdir(folder);
    free(mine);
    free_walk(&walk);
}

/* --- pairs of atoms -------------------------------------------------------------------------------------------------------------------------------- */

static void neighbours(int32_t n)
{
    enum { BINS = 100 };
    struct walk walk;
    struct cages cages;
    double counts[BINS] = {0}, brute[BINS] = {0}, pairs = 0, max = 2.5, start, mine, msd[ISD_MAX_TYPES + 1], reach = 1.4, sum = 0, caged = 0;
    char label[80], note[80];
    make_walk(&walk, n, 2, 3);
    const isd_snapshot *a = walk.frame[0], *b = walk.frame[1];
    isd_lattice lattice;
    isd_lattice_init(&lattice, &a->box);
    start = cpu();
    if (dynamics_distinct(a, b, 0, 0, BINS, max, NULL, counts, &pairs, NULL) != ISD_OK)
        checked(NULL);
    mine = cpu() - start;
    start = cpu();
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            double d[3] = {b->position[3 * j] - a->position[3 * i], b->position[3 * j + 1] - a->position[3 * i + 1],
                           b->position[3 * j + 2] - a->position[3 * i + 2]};
            double r = sqrt(isd_lattice_shortest(&lattice, d));
            if (i != j && r < max)
                brute[(int)(r / max * BINS)]++;
        }
    snprintf(label, sizeof label, "vanhove, distinct N %d r < 2.5", n);
    row(label, mine, cpu() - start, memcmp(counts, brute, sizeof counts) == 0 ? "the same counts" : "OTHER COUNTS");
    double *u = checked(malloc(3 * (size_t)n * sizeof *u)), *mean = checked(malloc(3 * (size_t)n * sizeof *mean));
    for (int32_t k = 0; k < 3 * n; k++)
        u[k] = b->position[k] - a->position[k];
    start = cpu();
    if (cages_init(&cages, a, reach, NULL, NULL) != ISD_OK)
        checked(NULL);
    cages_msd(&cages, a, u, msd);
    mine = cpu() - start;
    start = cpu();
    for (int32_t i = 0; i < n; i++) {
        double total[3] = {0}, near_by = 0;
        for (int32_t j = 0; j < n; j++) {
            double d[3] = {a->position[3 * j] - a->position[3 * i], a->position[3 * j + 1] - a->position[3 * i + 1],
                           a->position[3 * j + 2] - a->position[3 * i + 2]};
            if (i == j || isd_lattice_shortest(&lattice, d) > reach * reach)
                continue;
            near_by++;
            for (int c = 0; c < 3; c++)
                total[c] += u[3 * j + c];
        }
        for (int c = 0; c < 3 && near_by > 0; c++)
            sum += pow(u[3 * i + c] - total[c] / near_by, 2);
        caged += near_by > 0;
    }
    snprintf(label, sizeof label, "cage-relative MSD N %d", n);
    snprintf(note, sizeof note, "differ by %.1e", fabs(msd[0] * caged / sum - 1));
    row(label, mine, cpu() - start, note);
    cages_done(&cages);
    free(u);
    free(mean);
    free_walk(&walk);
}

/* All vectors below k_max, half of them: the others are their opposites. */
static void structure(int32_t n, double k_max)
{
    struct walk walk;
    struct structure_factor *s = NULL;
    char label[80], note[80];
    double total = 0, brute = 0, start, mine, unit;
    int reach;
    make_walk(&walk, n, 1, 3);
    start = cpu();
    if (structure_factor_new(walk.frame[0], 0, k_max, 1 << 30, NULL, &s, NULL) != ISD_OK)
        checked(NULL);
    mine = cpu() - start;
    for (int k = 0; k < s->n; k++)
        total += s->s[k] * s->vectors[k];
    start = cpu();
    unit = 2 * M_PI / walk.edge;
    reach = (int)(k_max / unit);
    for (int a = 0; a <= reach; a++)
        for (int b = -reach; b <= reach; b++)
            for (int c = -reach; c <= reach; c++) {
                double re = 0, im = 0;
                if ((a == 0 && (b < 0 || (b == 0 && c <= 0))) || unit * sqrt(a * a + b * b + c * c) > k_max)
                    continue;
                for (int32_t i = 0; i < n; i++) {
                    const double *r = walk.frame[0]->position + 3 * (size_t)i;
                    double phase = unit * (a * r[0] + b * r[1] + c * r[2]);
                    re += cos(phase);
                    im += sin(phase);
                }
                brute += (re * re + im * im) / n;
            }
    snprintf(label, sizeof label, "S(k) N %d k < %g", n, k_max);
    snprintf(note, sizeof note, "differ by %.1e", fabs(total / brute - 1));
    row(label, mine, cpu() - start, note);
    structure_factor_free(s);
    free_walk(&walk);
}

static bool wanted(int argc, char **argv, const char *name)
{
    bool found = argc < 3;
    for (int k = 2; k < argc; k++)
        found = found || strcmp(argv[k], name) == 0;
    return found;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("bench_dynamics PEER_SCRIPT [msd|fs|neighbours|sk|mdanalysis...]\n", stderr);
        return 2;
    }
    printf("%-44s %12s %14s %9s\n", "case", "ours", "peer", "ratio");
    if (wanted(argc, argv, "msd")) {
        against_plain("msd", 2000, 1000, 3, 0);
        against_plain("msd", 2000, 1000, 2, 0);
        against_plain("msd", 100000, 30, 3, 0);
    }
    if (wanted(argc, argv, "fs")) {
        against_plain("fs", 2000, 300, 3, 7.2);
        against_plain("fs", 2000, 300, 2, 7.2);
    }
    if (wanted(argc, argv, "neighbours"))
        neighbours(9088);
    if (wanted(argc, argv, "sk"))
        structure(2000, 12);
    if (wanted(argc, argv, "mdanalysis")) {
        against_mdanalysis(argv[1], 1000, 200);
        against_mdanalysis(argv[1], 250, 1000);
    }
    return 0;
}
