/* Force evaluations and neighbour lists of pair potentials against LAMMPS. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_force ROOT [PART]: forces, lists, smooth, two (threads); all without a part. */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "base/clock.h"
#include "isdmin/quench.h"
#include "job/pool.h"
#include "neigh/list.h"
#include "pot/evaluator.h"

#define RUN "velocity all create 0.5 1\nfix 1 all nve\ntimestep 0.002"

/* CPU seconds of one build of both lists, with cutoffs and skin as LAMMPS has them. */
static double build_seconds(const isd_snapshot *frame, enum isa isa)
{
    static const double reaches[4] = {2.5, 2.0, 2.0, 2.2};
    struct neigh_list list;
    isd_error err = {0};
    bool rebuilt = false;
    const int repeat = 20;
    neigh_list_init(&list, &frame->box, frame->n, 2.5, 0.3);
    list.isa = isa;
    list.type = frame->type;
    list.reaches = reaches;
    list.n_types = 2;
    anchor_check(neigh_list_update(&list, frame->position, NULL, &rebuilt, &err), &err);
    const double start = clock_thread_cpu();
    for (int k = 0; k < repeat; k++) {
        list.valid = false;
        anchor_check(neigh_list_update(&list, frame->position, NULL, &rebuilt, &err), &err);
    }
    const double used = clock_thread_cpu() - start;
    neigh_list_done(&list);
    return used / repeat;
}

static void builds(const isd_snapshot *frame)
{
    double ours[ISA_COUNT][ANCHOR_ROUNDS], neigh[ANCHOR_ROUNDS];
    for (int round = 0; round < ANCHOR_ROUNDS; round++) {
        for (int isa = ISA_AVX2; isa <= ISA_AVX512; isa++) {
            ours[isa][round] = isa_supported((enum isa)isa) ? build_seconds(frame, (enum isa)isa) : NAN;
        }
        char *log = anchor_lammps(frame, RUN "\nthermo 0\nrun 200");
        neigh[round] = anchor_cpu(log, "Neigh") / anchor_number(log, "Neighbor list builds", 0);
        free(log);
    }
    const double peer = frame->n / anchor_median(neigh, ANCHOR_ROUNDS) / 1e6;
    for (int isa = ISA_AVX512; isa >= ISA_AVX2; isa--) {
        if (isa_supported((enum isa)isa)) {
            char row[96];
            snprintf(row, sizeof row, "neighbour-list build, %s / lmp Neigh", isa_name((enum isa)isa));
            anchor_row(row, frame->n / anchor_median(ours[isa], ANCHOR_ROUNDS) / 1e6, peer, "million atoms/s", false);
        }
    }
}

static void smooth(const isd_snapshot *frame)
{
    static const isd_lj_pair pairs[4] = {
        {1, 1, 2.5, true}, {1.5, 0.8, 2.0, true}, {1.5, 0.8, 2.0, true}, {0.5, 0.88, 2.2, true}};
    isd_potential *potential = NULL;
    isd_error err = {0};
    anchor_check(isd_potential_pair("lj/smooth/linear", pairs, 2, &potential, &err), &err);
    anchor_forces("force KA lj/smooth/linear", frame, potential,
                  "units lj\natom_style atomic\natom_modify map array\nread_data data\nmass * 1\n"
                  "pair_style lj/smooth/linear 2.5\npair_coeff 1 1 1.0 1.0 2.5\npair_coeff 1 2 1.5 0.8 2.0\n"
                  "pair_coeff 2 2 0.5 0.88 2.2",
                  RUN, 100);
    isd_potential_unref(potential);
}

/* --- one frame on several processors --- */

struct copies {
    const isd_potential *potential;
    isd_box box;
    int32_t n, *type;
    double *position, *scratch; /* [3n] each */
    /* Seconds by the clock: of forces with lists kept (the fastest of some) and made anew, of an iteration of a quench. */
    double evaluation, rebuild, iteration;
};

/* side^3 cells of the frame. */
static bool copy_frame(const isd_snapshot *frame, int side, struct copies *c)
{
    c->box = frame->box;
    c->box.lx *= side;
    c->box.ly *= side;
    c->box.lz *= side;
    c->n = frame->n * side * side * side;
    c->type = malloc((size_t)c->n * sizeof *c->type);
    c->position = malloc(3 * (size_t)c->n * sizeof *c->position);
    c->scratch = malloc(3 * (size_t)c->n * sizeof *c->scratch);
    for (int32_t i = 0; c->type && c->position && i < c->n; i++) {
        const int32_t cell = i / frame->n, atom = i % frame->n;
        const double shift[3] = {cell % side * frame->box.lx, cell / side % side * frame->box.ly,
                                 cell / side / side * frame->box.lz};
        c->type[i] = frame->type[atom];
        for (int q = 0; q < 3; q++) {
            c->position[3 * (size_t)i + (size_t)q] = frame->position[3 * (size_t)atom + (size_t)q] + shift[q];
        }
    }
    return c->type && c->position && c->scratch;
}

static isd_status time_forces(struct copies *c, isd_control *control, isd_error *err)
{
    isd_evaluator *e = NULL;
    isd_status status = isd_evaluator_new(c->potential, &c->box, c->type, c->n, &e, err);
    c->evaluation = c->rebuild = INFINITY;
    for (int k = 0; k < 12 && !status; k++) {
        const bool builds = k % 4 == 0;
        if (builds && k > 0) { /* the first one waits for memory */
            evaluator_set_isa(e, isa_best());
        }
        const double start = clock_now();
        status = isd_evaluator_compute(e, c->position, control, c->scratch, NULL, err);
        const double used = clock_now() - start;
        c->rebuild = builds && k > 0 ? fmin(c->rebuild, used) : c->rebuild;
        c->evaluation = builds ? c->evaluation : fmin(c->evaluation, used);
    }
    isd_evaluator_free(e);
    return status;
}

/* One iteration of the default minimiser, all that it does: lists where they are used up, forces, its own vectors. */
static isd_status time_quench(struct copies *c, isd_control *control, isd_error *err)
{
    enum { FEW = 2, MANY = 14 };
    isd_quench_options options;
    isd_quench_result result;
    isd_status status = ISD_OK;
    double used[2];
    isd_quench_defaults(&options);
    for (int k = 0; k < 2 && !status; k++) {
        options.max_iterations = k == 0 ? FEW : MANY;
        memcpy(c->scratch, c->position, 3 * (size_t)c->n * sizeof *c->scratch);
        const double start = clock_now();
        status = isd_quench(c->potential, &c->box, c->type, c->n, &options, control, c->scratch, &result, err);
        used[k] = clock_now() - start;
    }
    c->iteration = status ? NAN : (used[1] - used[0]) / (MANY - FEW);
    return status;
}

static isd_status time_copies(void *arg, isd_control *control, isd_error *err)
{
    const isd_status status = time_forces(arg, control, err);
    return status ? status : time_quench(arg, control, err);
}

static void keep(void *arg)
{
    (void)arg;
}

static void time_with(int threads, struct copies *c)
{
    struct job_pool *pool = NULL;
    struct job *job = NULL, *done;
    isd_error err = {0};
    anchor_check(job_pool_new(threads, false, &pool, &err), &err);
    anchor_check(job_submit(pool, "copies", 0, time_copies, keep, c, &job, &err), &err);
    while (!(done = job_pool_collect(pool))) {
        struct pollfd fd = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
        poll(&fd, 1, 1000);
    }
    anchor_check(job_result(done, NULL), &(isd_error){.what = "an evaluation failed"});
    job_release(pool, done);
    job_pool_free(pool);
}

static void row_of_two(const char *what, int32_t n, double two, double one)
{
    char row[96];
    snprintf(row, sizeof row, "%s, %d atoms, two threads / one", what, (int)n);
    anchor_row(row, two * 1e3, one * 1e3, "ms by the clock", true);
}

/* Seconds by the clock: worth reading on a machine that has two processors to spare. */
static void two_processors(const isd_snapshot *frame, const isd_potential *potential)
{
    static const int sides[] = {1, 5};
    for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
        struct copies one = {.potential = potential}, two;
        if (copy_frame(frame, sides[k], &one)) {
            two = one;
            time_with(1, &one);
            time_with(2, &two);
            row_of_two("forces", one.n, two.evaluation, one.evaluation);
            row_of_two("lists", one.n, two.rebuild - two.evaluation, one.rebuild - one.evaluation);
            row_of_two("iteration of lbfgs", one.n, two.iteration, one.iteration);
        }
        free(one.type);
        free(one.position);
        free(one.scratch);
    }
}

int main(int argc, char **argv)
{
    const char *part = argc > 2 ? argv[2] : NULL;
    const isd_snapshot *frame = anchor_frame(argc > 1 ? argv[1] : ".");
    const isd_potential *potential = anchor_kob_andersen();
    printf("# peer: Debian's LAMMPS, -sf opt (it has no INTEL package); one core against one core\n");
    printf("%-56s %12s %12s %8s   unit\n", "case", "ours", "peer", "ratio");
    if (!part || strcmp(part, "forces") == 0) {
        anchor_forces("force KA lj/cut", frame, potential, anchor_kob_andersen_setup, RUN, 100);
    }
    if (!part || strcmp(part, "lists") == 0) {
        builds(frame);
    }
    if (!part || strcmp(part, "smooth") == 0) {
        smooth(frame);
    }
    if (!part || strcmp(part, "two") == 0) {
        two_processors(frame, potential);
    }
    isd_potential_unref(potential);
    isd_snapshot_unref(frame);
    return 0;
}
