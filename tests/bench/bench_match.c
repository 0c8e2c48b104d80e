/* Matching: CPU seconds of the proved optimum, beside other solvers. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_match PEER_SCRIPT LEMON_PEER|- [SOURCE_ROOT] [case...]   prints rows `case ours peer ratio`. All times are CPU seconds, cold, from
 * coordinates in memory; the least of some runs where they are short. Rows of each case:
 *   solve            to the matching and its prices; peer: one neighbour build (twelve neighbours) of the same points
 *   study            the same; peer: what a plain prototype took for such a case, on one core of another machine
 *   certificate      the separate proof over all pairs; peer: the solve
 *   memory           bytes an atom above the inputs at the peak
 *   warm             solved again from its own partners and prices, all atoms of b moved by 0.01; peer: the same cold
 *   two threads      seconds on the clock, with two threads and with one, from 5000 atoms on; whether they gave the same bits
 *   then solve and certificate together against scipy's linear_sum_assignment with its matrix and alone, its
 *   min_weight_full_bipartite_matching on the 20 nearest neighbours (not exact: how far off is said), LEMON's network simplex alone on the
 *   edges whose reduced cost is below r0^2, and POT's ot.emd alone
 * Rows of seconds end with how many neighbour builds that is. What is not there, or could not hold the matrix, has no row; a peer that
 * is not done after PEER_SECONDS on the clock is stopped, which its row says. Cases of 10^6 atoms run when named, or with ISDMIN_BENCH=long;
 * with that there are peers beyond 12000 atoms, too. At the end the growth of the solve with the number of points, as an exponent. */
#include <malloc.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "isdmin/match.h"
#include "job/pool.h"
#include "match/near.h"
#include "neigh/list.h"
#include "pairs.h"

enum kind { POISSON, FILES, LIQUID, CRYSTAL };
enum { PEER_MAX = 12000, PEER_SECONDS = 400, SHARED_FROM = 5000, MEMORY_FROM = 50000, LONG_FROM = 900000 };

struct bench_case {
    const char *name;
    enum kind kind;
    int32_t n;
    int dim;
    const char *a, *b; /* files below the reference folder */
    int repeat[3];
    int m;
    double study; /* seconds, 0: not there */
};

#define KA3D(frame) "data/ka3d/is/ka3d_f" frame "_cg.dump.gz"

static const struct bench_case cases[] = {
    {"ka3d-short", FILES, 9088, 3, KA3D("00"), KA3D("04"), {1, 1, 1}, 0, 0.021},
    {"ka3d-furthest", FILES, 9088, 3, KA3D("00"), KA3D("14"), {1, 1, 1}, 0, 0.035},
    {"poisson-3d-1000", POISSON, 1000, 3, NULL, NULL, {0}, 0, 0},
    {"poisson-2d-1000", POISSON, 1000, 2, NULL, NULL, {0}, 0, 0},
    {"poisson-3d-9088", POISSON, 9088, 3, NULL, NULL, {0}, 0, 0.077},
    {"poisson-2d-9088", POISSON, 9088, 2, NULL, NULL, {0}, 0, 0},
    {"crystal-9261", CRYSTAL, 9261, 3, NULL, NULL, {0}, 21, 0},
    {"poisson-3d-100000", POISSON, 100000, 3, NULL, NULL, {0}, 0, 1.5},
    {"poisson-2d-100000", POISSON, 100000, 2, NULL, NULL, {0}, 0, 1},
    {"ka3d-replicated-908800", FILES, 908800, 3, KA3D("00"), KA3D("04"), {5, 5, 4}, 0, 0},
    {"ka-liquid-1000188", LIQUID, 1000188, 3, NULL, NULL, {0}, 63, 15},
    {"poisson-3d-1000000", POISSON, 1000000, 3, NULL, NULL, {0}, 0, 20},
    {"poisson-2d-1000000", POISSON, 1000000, 2, NULL, NULL, {0}, 0, 16},
    {"crystal-1000000", CRYSTAL, 1000000, 3, NULL, NULL, {0}, 100, 0},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static void row(const char *name, const char *what, double ours, double peer, const char *unit, double ratio, const char *note)
{
    char label[80], other[40] = "-", times[20] = "-";
    snprintf(label, sizeof label, "%s %s", name, what);
    if (!isnan(peer))
        snprintf(other, sizeof other, "%.4g %s", peer, unit);
    if (!isnan(ratio))
        snprintf(times, sizeof times, "%.3g", ratio);
    printf("%-52s %9.4g %-6s %13s %9s%s%s\n", label, ours, unit, other, times, note[0] ? "  " : "", note);
    fflush(stdout);
}

/* --- the problems of a pair, type by type --- */

struct part {
    int32_t n;
    double *a, *b;
    int32_t *prefer;
    isd_assignment x;
    isd_certificate proof;
};

static void part_done(struct part *part)
{
    free(part->a);
    free(part->b);
    free(part->prefer);
    isd_assignment_done(&part->x);
}

static bool part_init(struct part *part, const isd_snapshot *a, const isd_snapshot *b, int type)
{
    int32_t n = isd_snapshot_count(a, type), in_a = 0, in_b = 0;
    size_t room = (size_t)n + 1;
    *part = (struct part){.n = n, .a = malloc(3 * room * sizeof(double)), .b = malloc(3 * room * sizeof(double))};
    part->prefer = malloc(room * sizeof *part->prefer);
    if (!part->a || !part->b || !part->prefer)
        return false;
    for (int32_t i = 0; i < a->n; i++) {
        if (a->type[i] == type && in_a < n)
            memcpy(part->a + 3 * (size_t)in_a++, a->position + 3 * (size_t)i, 3 * sizeof(double));
        if (b->type[i] == type && in_b < n)
            memcpy(part->b + 3 * (size_t)in_b++, b->position + 3 * (size_t)i, 3 * sizeof(double));
    }
    for (int32_t i = 0; i < n; i++)
        part->prefer[i] = i;
    return true;
}

static bool part_solve(struct part *part, const isd_box *box, const isd_assign_start *start, isd_control *control)
{
    isd_assignment_done(&part->x);
    return isd_assign_from(box, part->a, part->b, part->n, part->prefer, start, control, &part->x, NULL, NULL) == ISD_OK;
}

static bool part_check(struct part *part, const isd_box *box)
{
    return isd_assignment_check(box, part->a, part->b, part->n, part->x.partner, part->x.v, NULL, &part->proof, NULL) == ISD_OK
           && part->proof.certified;
}

struct pair {
    const char *name;
    const isd_snapshot *frame[2];
    struct part *part;
    int parts;
    int32_t n;
    double solve, check, sum, build, study;
    bool good;
};

/* A row of seconds, and how many neighbour builds ours is. */
static void timed_row(const struct pair *pair, const char *what, double ours, double peer, double ratio, const char *note)
{
    char builds[160];
    snprintf(builds, sizeof builds, "%.3g builds%s%s", ours / pair->build, note[0] ? ", " : "", note);
    row(pair->name, what, ours, peer, "s", ratio, builds);
}

static double peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

/* Forgets the peak so far (of making the pair); returns the bytes in use, NaN where the system does not tell. */
static double forget_peak(void)
{
    long pages = 0;
    FILE *reset = fopen("/proc/self/clear_refs", "w"), *now = NULL;
    malloc_trim(0);
    bool good = reset && fputs("5", reset) >= 0;
    good = reset && fclose(reset) == 0 && good;
    now = good ? fopen("/proc/self/statm", "r") : NULL;
    good = now && fscanf(now, "%*d %ld", &pages) == 1;
    if (now)
        fclose(now);
    return good ? (double)pages * (double)sysconf(_SC_PAGESIZE) : NAN;
}

static int repeats(int32_t n)
{
    return n < 2000 ? 20 : n < 20000 ? 5 : n < 200000 ? 2 : 1;
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

static void measure(struct pair *pair)
{
    const isd_box *box = &pair->frame[0]->box;
    double before = forget_peak(), memory = NAN;
    pair->solve = pair->check = pair->build = INFINITY;
    for (int run = 0; run < repeats(pair->n) && pair->good; run++) {
        double start = clock_thread_cpu(), middle;
        for (int k = 0; k < pair->parts && pair->good; k++)
            pair->good = part_solve(&pair->part[k], box, NULL, NULL);
        middle = clock_thread_cpu();
        for (int k = 0; k < pair->parts && pair->good; k++)
            pair->good = part_check(&pair->part[k], box);
        pair->check = fmin(pair->check, clock_thread_cpu() - middle);
        pair->solve = fmin(pair->solve, middle - start);
        if (run == 0)
            memory = (peak_bytes() - before) / pair->n;
        pair->build = fmin(pair->build, neighbour_build(pair->frame[0]));
    }
    for (int k = 0; k < pair->parts; k++)
        pair->sum += pair->part[k].proof.sum_sq;
    char note[80];
    snprintf(note, sizeof note, "%.3g us an atom%s", 1e6 * pair->solve / pair->n, pair->good ? "" : ", FAILED");
    timed_row(pair, "solve", pair->solve, pair->build, pair->solve / pair->build, note);
    if (pair->study > 0)
        timed_row(pair, "study", pair->solve, pair->study, pair->study / pair->solve, "the peer on another machine");
    snprintf(note, sizeof note, "%.3g us an atom", 1e6 * pair->check / pair->n);
    timed_row(pair, "certificate", pair->check, pair->solve, pair->check / pair->solve, note);
    if (pair->n >= MEMORY_FROM && !isnan(memory))
        row(pair->name, "memory", memory, NAN, "B", NAN, "");
}

/* --- from a start --- */

static void measure_warm(struct pair *pair)
{
    const isd_box *box = &pair->frame[0]->box;
    double cold = 0, warm = 0;
    struct rng rng;
    rng_init(&rng, 3);
    for (int k = 0; k < pair->parts && pair->good; k++) {
        struct part *part = &pair->part[k];
        isd_assignment known = part->x;
        isd_assign_start begin = {known.partner, known.v};
        part->x = (isd_assignment){0};
        for (int32_t i = 0; i < 3 * part->n; i++)
            part->b[i] += 0.01 * 2 * sqrt(3) * (rng_double(&rng) - 0.5);
        for (int from = 0; from < 2 && pair->good; from++) {
            double start = clock_thread_cpu();
            pair->good = part_solve(part, box, from ? &begin : NULL, NULL);
            *(from ? &warm : &cold) += clock_thread_cpu() - start;
            pair->good = pair->good && part_check(part, box);
        }
        isd_assignment_done(&known);
    }
    timed_row(pair, "warm", warm, cold, cold / warm, pair->good ? "" : "FAILED");
}

/* --- two threads --- */

/* The problems of a pair side by side, as the program has them. */
struct sharing {
    struct pair *pair;
    isd_control *control;
    bool *solved; /* by part */
};

static void solve_one(void *arg, int32_t k)
{
    struct sharing *sharing = arg;
    isd_control *part = isd_control_part(sharing->control, 1.0 / sharing->pair->parts);
    sharing->solved[k] = part && part_solve(&sharing->pair->part[k], &sharing->pair->frame[0]->box, NULL, part);
    isd_control_free(part);
}

static isd_status solve_all(void *arg, isd_control *control, isd_error *err)
{
    struct pair *pair = arg;
    struct sharing sharing = {pair, control, calloc((size_t)pair->parts, sizeof(bool))};
    if (!sharing.solved)
        return isd_error_memory(err);
    isd_control_for(control, pair->parts, solve_one, &sharing);
    for (int k = 0; k < pair->parts; k++)
        pair->good = pair->good && sharing.solved[k];
    free(sharing.solved);
    return pair->good ? ISD_OK : isd_error_set(err, ISD_DATA, "no matching");
}

/* Seconds on the clock. */
static double on_threads(struct pair *pair, int threads)
{
    struct job_pool *pool = NULL;
    struct job *job = NULL;
    if (job_pool_new(threads, false, &pool, NULL) != ISD_OK)
        return NAN;
    double start = clock_now(), seconds = NAN;
    if (job_submit(pool, "match", 0, solve_all, NULL, pair, &job, NULL) == ISD_OK) {
        struct pollfd wake = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
        while (job_state(job) != JOB_DONE)
            poll(&wake, 1, -1);
        seconds = clock_now() - start;
        job_release(pool, job_pool_collect(pool));
    }
    job_pool_free(pool);
    return seconds;
}

static void measure_threads(struct pair *pair)
{
    isd_assignment *alone = calloc((size_t)pair->parts, sizeof *alone);
    if (!alone)
        return;
    double one = INFINITY, two = INFINITY;
    int runs = pair->n < 20000 ? 25 : repeats(pair->n); /* short ones may all be over before the system gives a second core */
    for (int run = 0; run < runs; run++)
        one = fmin(one, on_threads(pair, 1));
    for (int k = 0; k < pair->parts; k++) {
        alone[k] = pair->part[k].x;
        pair->part[k].x = (isd_assignment){0};
    }
    for (int run = 0; run < runs; run++)
        two = fmin(two, on_threads(pair, 2));
    bool same = pair->good;
    for (int k = 0; k < pair->parts; k++) {
        const struct part *part = &pair->part[k];
        same = same && memcmp(part->x.partner, alone[k].partner, (size_t)part->n * sizeof *alone[k].partner) == 0
               && memcmp(part->x.v, alone[k].v, (size_t)part->n * sizeof *alone[k].v) == 0;
        isd_assignment_done(&alone[k]);
    }
    free(alone);
    pair->good = same;
    timed_row(pair, "two threads, clock", two, one, one / two, same ? "same bits" : "OTHER BITS");
}

/* --- peers --- */

/* Runs a program on the file; what it prints is read from the stream, NULL if it fails. *ret_stopped: it took too long, and what it
 * printed until then is there. */
static FILE *run_peer(const char *program, const char *argument, const char *input, bool *ret_stopped)
{
    FILE *out = tmpfile();
    int status = 1;
    *ret_stopped = false;
    fflush(stdout);
    pid_t pid = out ? fork() : -1;
    if (pid == 0) {
        alarm(PEER_SECONDS); /* a limit of CPU time would make its clock of it coarse */
        dup2(fileno(out), STDOUT_FILENO);
        if (argument)
            execlp(program, program, argument, input, (char *)NULL);
        else
            execlp(program, program, input, (char *)NULL);
        _exit(127);
    }
    bool ended = pid > 0 && waitpid(pid, &status, 0) == pid;
    *ret_stopped = ended && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    if (ended && (status == 0 || *ret_stopped)) {
        rewind(out);
        return out;
    }
    if (out)
        fclose(out);
    return NULL;
}

static FILE *scratch(char path[32])
{
    snprintf(path, 32, "/tmp/bench_match.XXXXXX");
    int fd = mkstemp(path);
    return fd >= 0 ? fdopen(fd, "wb") : NULL;
}

static bool write_pair(FILE *file, const isd_snapshot *a, const isd_snapshot *b)
{
    size_t n = (size_t)a->n;
    fprintf(file, "%d %.17g %.17g %.17g %d\n", (int)a->n, a->box.lx, a->box.ly, a->box.lz, a->box.dim);
    bool good = fwrite(a->position, sizeof(double), 3 * n, file) == 3 * n && fwrite(b->position, sizeof(double), 3 * n, file) == 3 * n;
    for (size_t i = 0; i < n && good; i++) {
        double type = a->type[i];
        good = fwrite(&type, sizeof type, 1, file) == 1;
    }
    return good;
}

static bool same_sum(double a, double b)
{
    return isnan(b) || fabs(a - b) <= 1e-9 * fabs(a);
}

/* A row of one that was stopped. */
static void stopped_row(const struct pair *pair, const char *what, double ours)
{
    char note[60];
    snprintf(note, sizeof note, "the peer was stopped after %d s", PEER_SECONDS);
    timed_row(pair, what, ours, NAN, NAN, note);
}

static void ask_script(struct pair *pair, const char *script)
{
    static const char *const names[] = {"dense_matrix", "dense", "dense_sum", "sparse", "sparse_sum", "pot", "pot_sum"};
    enum { MATRIX, DENSE, DENSE_SUM, SPARSE, SPARSE_SUM, POT, POT_SUM, NAMES };
    double value[NAMES], ours = pair->solve + pair->check;
    char path[32], name[20], note[40];
    FILE *in = scratch(path);
    bool written = in && write_pair(in, pair->frame[0], pair->frame[1]);
    written = in && fclose(in) == 0 && written;
    bool stopped = false;
    FILE *out = written ? run_peer(access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3", script, path, &stopped) : NULL;
    unlink(path);
    for (int k = 0; k < NAMES; k++)
        value[k] = NAN;
    for (double x; out && fscanf(out, "%19s %lf", name, &x) == 2;)
        for (int k = 0; k < NAMES; k++)
            if (strcmp(name, names[k]) == 0)
                value[k] = x;
    if (out)
        fclose(out);
    bool same = same_sum(pair->sum, value[DENSE_SUM]) && same_sum(pair->sum, value[POT_SUM]);
    pair->good = pair->good && same;
    if (!isnan(value[DENSE])) {
        double both = value[MATRIX] + value[DENSE];
        timed_row(pair, "scipy dense with matrix", ours, both, both / ours, same ? "" : "SUMS DIFFER");
        timed_row(pair, "scipy dense alone", ours, value[DENSE], value[DENSE] / ours, "");
    }
    if (!isnan(value[SPARSE])) {
        snprintf(note, sizeof note, "its sum is off by %.1e", value[SPARSE_SUM] / pair->sum - 1);
        timed_row(pair, "scipy on 20 neighbours", ours, value[SPARSE], value[SPARSE] / ours, note);
    } else if (stopped) {
        stopped_row(pair, "scipy on 20 neighbours", ours);
    }
    if (!isnan(value[POT]))
        timed_row(pair, "POT emd alone", ours, value[POT], value[POT] / ours, "");
}

/* Edges within a margin of tight, as they are found: a point may come in several images, the shortest of which counts. */
struct edges {
    const struct part *part;
    isd_lattice lattice;
    int32_t row, count, size;
    int32_t *end; /* [2 size] */
    double *cost;
    int32_t *last; /* [n] the last row that saw this column, plus one */
    double margin;
    bool failed;
};

static bool add_edge(void *arg, int32_t j, double value)
{
    struct edges *e = arg;
    const double *a = e->part->a + 3 * (size_t)e->row, *b = e->part->b + 3 * (size_t)j;
    double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]}, cost = isd_lattice_shortest(&e->lattice, d);
    if (e->last[j] == e->row + 1 || cost - e->part->x.v[j] > e->part->x.u[e->row] + e->margin)
        return true;
    e->last[j] = e->row + 1;
    if (e->count == e->size) {
        int32_t size = 2 * e->size + 16 * e->part->n;
        int32_t *end = realloc(e->end, 2 * (size_t)size * sizeof *end);
        e->end = end ? end : e->end;
        double *costs = realloc(e->cost, (size_t)size * sizeof *costs);
        e->cost = costs ? costs : e->cost;
        e->failed = !end || !costs;
        if (e->failed)
            return false;
        e->size = size;
    }
    e->end[2 * e->count] = e->row;
    e->end[2 * e->count + 1] = j;
    e->cost[e->count++] = cost;
    return true;
}

/* To a file; false where that fails. */
static bool write_edges(FILE *file, const struct part *part, const isd_box *box)
{
    struct edges e = {.part = part, .margin = pow(isd_box_spacing(box, part->n), 2), .last = calloc((size_t)part->n, sizeof(int32_t))};
    struct near near = {0};
    isd_lattice_init(&e.lattice, box);
    e.failed = !e.last || near_init(&near, &e.lattice, part->b, part->x.v, part->n, NULL) != ISD_OK;
    for (e.row = 0; e.row < part->n && !e.failed; e.row++)
        near_visit(&near, part->a + 3 * (size_t)e.row, part->x.u[e.row] + e.margin, add_edge, &e);
    near_done(&near);
    size_t m = (size_t)e.count;
    bool good = !e.failed && fwrite(&part->n, sizeof part->n, 1, file) == 1 && fwrite(&e.count, sizeof e.count, 1, file) == 1 &&
                fwrite(e.end, 2 * sizeof *e.end, m, file) == m && fwrite(e.cost, sizeof *e.cost, m, file) == m;
    free(e.last);
    free(e.end);
    free(e.cost);
    return good;
}

static void ask_lemon(struct pair *pair, const char *program)
{
    double seconds = 0, sum = 0, ours = pair->solve + pair->check;
    bool stopped = false;
    for (int k = 0; k < pair->parts && !stopped; k++) {
        char path[32];
        double s = NAN, t = NAN;
        FILE *in = scratch(path);
        bool written = in && write_edges(in, &pair->part[k], &pair->frame[0]->box);
        written = in && fclose(in) == 0 && written;
        FILE *out = written ? run_peer(program, NULL, path, &stopped) : NULL;
        unlink(path);
        if (out && fscanf(out, "%lf %lf", &s, &t) != 2)
            s = NAN;
        if (out)
            fclose(out);
        seconds += s;
        sum += t;
    }
    if (stopped)
        stopped_row(pair, "LEMON network simplex alone", ours);
    if (isnan(seconds))
        return;
    bool same = same_sum(pair->sum, sum);
    pair->good = pair->good && same;
    timed_row(pair, "LEMON network simplex alone", ours, seconds, seconds / ours, same ? "on the final edges" : "SUMS DIFFER");
}

/* --- cases --- */

static bool make_pair(const struct bench_case *c, const char *folder, struct pair *pair)
{
    bool good = c->kind == POISSON  ? pair_poisson(c->n, c->dim, pair->frame)
                : c->kind == LIQUID ? pair_liquid(c->m, pair->frame)
                : c->kind == CRYSTAL ? pair_crystal(c->m, pair->frame)
                                     : pair_of_files(folder, c->a, c->b, c->repeat, pair->frame);
    if (!good)
        return false;
    pair->n = pair->frame[0]->n;
    pair->parts = pair->frame[0]->n_types;
    pair->part = calloc((size_t)pair->parts, sizeof *pair->part);
    for (int k = 0; k < pair->parts && good; k++)
        good = pair->part && part_init(&pair->part[k], pair->frame[0], pair->frame[1], k + 1);
    return good;
}

/* Seconds of the solve; NaN: the answers differ, or ours has no proof. */
static double run_case(const struct bench_case *c, const char *folder, const char *script, const char *lemon, bool all_peers)
{
    struct pair pair = {.name = c->name, .good = true, .study = c->study};
    if (!make_pair(c, folder, &pair)) {
        printf("%-52s no data\n", c->name);
        fflush(stdout);
        return 0;
    }
    measure(&pair);
    if (pair.n >= SHARED_FROM && pair.good)
        measure_threads(&pair);
    if ((pair.n <= PEER_MAX || all_peers) && pair.good)
        ask_script(&pair, script);
    if ((pair.n <= PEER_MAX || all_peers) && pair.good && strcmp(lemon, "-") != 0)
        ask_lemon(&pair, lemon);
    if (pair.good)
        measure_warm(&pair);
    for (int k = 0; k < pair.parts; k++)
        part_done(&pair.part[k]);
    free(pair.part);
    isd_snapshot_unref(pair.frame[0]);
    isd_snapshot_unref(pair.frame[1]);
    return pair.good ? pair.solve : NAN;
}

/* Each case in a process of its own, so that its memory can be told. */
static double run_apart(const struct bench_case *c, const char *folder, const char *script, const char *lemon, bool all_peers)
{
    int end[2], status = 1;
    double seconds = NAN;
    fflush(stdout);
    if (pipe(end) != 0)
        return NAN;
    pid_t pid = fork();
    if (pid == 0) {
        seconds = run_case(c, folder, script, lemon, all_peers);
        _exit(write(end[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
    }
    close(end[1]);
    if (pid < 0 || read(end[0], &seconds, sizeof seconds) != sizeof seconds || waitpid(pid, &status, 0) != pid || status != 0)
        seconds = NAN;
    close(end[0]);
    return seconds;
}

/* Slope of log time against log n. */
static void print_growth(const double seconds[CASES], int dim)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, m = 0;
    int32_t most = 0;
    for (int k = 0; k < CASES; k++) {
        if (cases[k].kind != POISSON || cases[k].dim != dim || !(seconds[k] > 0))
            continue;
        double x = log(cases[k].n), y = log(seconds[k]);
        sx += x, sy += y, sxx += x * x, sxy += x * y, m++;
        most = cases[k].n > most ? cases[k].n : most;
    }
    if (m < 2)
        return;
    double n_log_n = 1 + (log(log(most)) - log(log(1000))) / (log(most) - log(1000));
    char name[40], note[60];
    snprintf(name, sizeof name, "poisson-%dd growth", dim);
    snprintf(note, sizeof note, "exponent up to %d points; N log N has the peer's", (int)most);
    row(name, "", (m * sxy - sx * sy) / (m * sxx - sx * sx), n_log_n, "", NAN, note);
}

static bool is_long(void)
{
    const char *scope = getenv("ISDMIN_BENCH");
    return scope && strcmp(scope, "long") == 0;
}

static bool is_wanted(const struct bench_case *c, int names, char **name)
{
    for (int i = 0; i < names; i++)
        if (strcmp(name[i], c->name) == 0)
            return true;
    return names <= 0 && (c->n < LONG_FROM || is_long());
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench_match PEER_SCRIPT LEMON_PEER|- [SOURCE_ROOT] [case...]\n");
        return 2;
    }
    char beside[4096];
    const char *folder = getenv("ISDMIN_REFERENCE");
    if (!folder || !folder[0]) {
        snprintf(beside, sizeof beside, "%s/../shared", argc > 3 ? argv[3] : ".");
        folder = beside;
    }
    bool good = true;
    double seconds[CASES] = {0};
    printf("%-52s %16s %13s %9s\n", "case", "ours", "peer", "ratio");
    for (int k = 0; k < CASES; k++) {
        if (!is_wanted(&cases[k], argc - 4, argv + 4))
            continue;
        seconds[k] = run_apart(&cases[k], folder, argv[1], argv[2], is_long());
        good = good && !isnan(seconds[k]);
    }
    print_growth(seconds, 3);
    print_growth(seconds, 2);
    return good ? 0 : 1;
}
