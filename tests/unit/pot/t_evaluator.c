/* Evaluations in shares: the same bits for any threads and any order, cancelled anywhere, every kernel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arrays.h"
#include "base/rng.h"
#include "job/pool.h"
#include "pot/potential.h"
#include "potentials.h"
#include "sample.h"

enum { STEPS = 6 };

static struct sample sample;

/* --- atoms --- */

/* A jittered lattice, a little sheared; types 1 ... types. */
static void scatter(int cells, int types, double spacing, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed);
    const double edge = cells * spacing;
    sample.n = cells * cells * cells;
    sample.box = (isd_box){
        .dim = 3, .periodic = {true, true, true}, .origin = {1, -2, 0.5}, .lx = edge, .ly = edge, .lz = edge, .xy = 0.2 * edge, .yz = -0.1 * edge};
    for (int32_t i = 0; i < sample.n; i++) {
        const int place[3] = {i % cells, i / cells % cells, i / cells / cells};
        double u[3];
        for (int q = 0; q < 3; q++) {
            u[q] = place[q] + 0.3 * rng_double(&rng);
        }
        sample.r[3 * i] = 1 + spacing * (u[0] + 0.2 * u[1]);
        sample.r[3 * i + 1] = -2 + spacing * (u[1] - 0.1 * u[2]);
        sample.r[3 * i + 2] = 0.5 + spacing * u[2];
        sample.type[i] = 1 + (int32_t)rng_below(&rng, (uint32_t)types);
    }
}

static void scatter_for(int which, int types)
{
    scatter(19, types, potentials_spacing(which), 5);
}

static isd_evaluator *evaluator(const isd_potential *p)
{
    isd_evaluator *e = NULL;
    assert_int_equal(isd_evaluator_new(p, &sample.box, sample.type, sample.n, &e, NULL), ISD_OK);
    return e;
}

static void compute(isd_evaluator *e, isd_control *control, struct answer *a)
{
    isd_error err = {0};
    const isd_status status = isd_evaluator_compute(e, sample.r, control, a->f, &a->energy, &err);
    if (status) {
        print_error("%s\n", err.what);
    }
    assert_int_equal(status, ISD_OK);
}

/* --- many threads --- */

/* A walk with builds, prunings and neither: all that comes of it. */
struct walk {
    const isd_potential *potential;
    struct answer answer[STEPS];
};

static isd_status take_walk(void *arg, isd_control *control, isd_error *err)
{
    struct walk *walk = arg;
    isd_evaluator *e = NULL;
    struct rng rng;
    double *r = malloc(3 * (size_t)sample.n * sizeof *r);
    isd_status status = r ? isd_evaluator_new(walk->potential, &sample.box, sample.type, sample.n, &e, err) : ISD_MEMORY;
    rng_init(&rng, 6);
    for (int step = 0; step < STEPS && !status; step++) {
        for (int k = 0; k < 3 * sample.n; k++) {
            r[k] = step == 0 ? sample.r[k] : r[k] + (step == 4 ? 0.15 : 0.02) * (rng_double(&rng) - 0.5);
        }
        status = isd_evaluator_compute(e, r, control, walk->answer[step].f, &walk->answer[step].energy, err);
    }
    isd_evaluator_free(e);
    free(r);
    return status;
}

static void keep(void *arg)
{
    (void)arg;
}

static void take_walk_with(int threads, struct walk *walk)
{
    struct job_pool *pool = NULL;
    struct job *job = NULL, *done;
    assert_int_equal(job_pool_new(threads, false, &pool, NULL), ISD_OK);
    assert_int_equal(job_submit(pool, "walk", 0, take_walk, keep, walk, &job, NULL), ISD_OK);
    while (!(done = job_pool_collect(pool))) {
        struct pollfd fd = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
        poll(&fd, 1, 1000);
    }
    assert_int_equal(job_result(done, NULL), ISD_OK);
    job_release(pool, done);
    job_pool_free(pool);
}

/* Shares are run last first, then every second one: a share that needed another's result would show. */
static void backwards(void *pool, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    (void)pool;
    for (int32_t k = chunks - 1; k >= 0; k -= 2) {
        work(arg, k);
    }
    for (int32_t k = chunks - 2; k >= 0; k -= 2) {
        work(arg, k);
    }
}

static void same_bits(void **state)
{
    (void)state;
    struct walk *alone = calloc(1, sizeof *alone), *shared = calloc(1, sizeof *shared);
    isd_control *control = isd_control_new();
    assert_true(alone && shared && control);
    isd_control_set_pool(control, backwards, NULL);
    for (int which = 0; which < POTENTIALS; which++) {
        static const int threads[] = {1, 2, 3, 7};
        isd_potential *p = potentials_make(which);
        alone->potential = shared->potential = p;
        scatter_for(which, 2);
        assert_int_equal(take_walk(alone, NULL, NULL), ISD_OK);
        memset(shared->answer, 0, sizeof shared->answer);
        assert_int_equal(take_walk(shared, control, NULL), ISD_OK);
        assert_memory_equal(alone->answer, shared->answer, sizeof alone->answer);
        for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
            memset(shared->answer, 0, sizeof shared->answer);
            take_walk_with(threads[k], shared);
            assert_memory_equal(alone->answer, shared->answer, sizeof alone->answer);
        }
        isd_potential_unref(p);
    }
    isd_control_free(control);
    free(alone);
    free(shared);
}

/* --- cancelled --- */

struct breaker {
    isd_control *control;
    int left; /* shares until it cancels */
};

static void break_off(void *pool, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    struct breaker *breaker = pool;
    for (int32_t k = 0; k < chunks; k++) {
        if (breaker->left-- == 0) {
            isd_control_cancel(breaker->control);
        }
        work(arg, k);
    }
}

/* Whenever it is cancelled, the next evaluation is as if nothing had been. */
static void cancelled_anywhere(void **state)
{
    (void)state;
    static struct answer mine, theirs;
    for (int which = 0; which < POTENTIALS; which++) {
        isd_potential *p = potentials_make(which);
        int stopped = 0, finished = 0;
        scatter_for(which, 2);
        isd_evaluator *fresh = evaluator(p);
        compute(fresh, NULL, &theirs);
        isd_evaluator_free(fresh);
        for (int left = 0; left < 60; left += 1 + left / 8) {
            isd_evaluator *e = evaluator(p);
            isd_control *control = isd_control_new();
            struct breaker breaker = {control, left};
            isd_error err = {0};
            assert_non_null(control);
            isd_control_set_pool(control, break_off, &breaker);
            mine.energy.total = 42;
            const isd_status status = isd_evaluator_compute(e, sample.r, control, mine.f, &mine.energy, &err);
            assert_true(status == ISD_CANCELLED || status == ISD_OK);
            assert_true(status == ISD_OK || mine.energy.total == 42);
            stopped += status == ISD_CANCELLED;
            finished += status == ISD_OK;
            compute(e, NULL, &mine);
            assert_memory_equal(&mine, &theirs, sizeof mine.energy + 3 * (size_t)sample.n * sizeof *mine.f);
            isd_control_free(control);
            isd_evaluator_free(e);
        }
        assert_true(stopped > 0 && finished > 0);
        isd_potential_unref(p);
    }
}

/* Broken off while the atoms wander: what it had learnt of a place it never finished must not be taken for more than it is.
 * From then on it is as a fresh evaluator, bit for bit, where pairs come into reach too. */
static void cancelled_on_the_way(void **state)
{
    (void)state;
    static struct answer mine, theirs;
    static double start[3 * SAMPLE_MOST], way[3 * SAMPLE_MOST];
    /* In sizes of an atom: the inner list, good for 0.05, is pruned at the first, where it is broken off, and holds at the
     * others, between which atoms come nearer to each other by more than its skin. The outer one holds throughout. */
    static const double along[] = {0.095, 0.14, 0.05};
    for (int which = 0; which < POTENTIALS; which++) {
        isd_potential *p = potentials_make(which);
        struct rng rng;
        scatter(15, 2, potentials_spacing(which), 5); /* several domains */
        rng_init(&rng, 8);
        for (int k = 0; k < 3 * sample.n; k++) {
            start[k] = sample.r[k];
            way[k] = (rng_double(&rng) < 0.5 ? -1 : 1) * p->length / sqrt(3);
        }
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            for (int left = 0; left < 16 && isa_supported((enum isa)isa); left += 3) {
                isd_control *control = isd_control_new();
                struct breaker breaker = {control, left};
                isd_evaluator *e = NULL, *fresh = NULL;
                memcpy(sample.r, start, sizeof sample.r);
                e = evaluator(p);
                fresh = evaluator(p);
                evaluator_set_isa(e, (enum isa)isa);
                evaluator_set_isa(fresh, (enum isa)isa);
                compute(e, NULL, &mine);
                isd_control_set_pool(control, break_off, &breaker);
                bool stopped = true;
                for (int step = 0; step < 3 && stopped; step++) {
                    for (int k = 0; k < 3 * sample.n; k++) {
                        sample.r[k] = start[k] + along[step] * way[k];
                    }
                    if (step == 0) {
                        stopped = isd_evaluator_compute(e, sample.r, control, mine.f, &mine.energy, NULL) == ISD_CANCELLED;
                    } else {
                        compute(e, NULL, &mine);
                        compute(fresh, NULL, &theirs);
                        assert_memory_equal(&mine, &theirs, sizeof mine.energy + 3 * (size_t)sample.n * sizeof *mine.f);
                    }
                }
                isd_control_free(control);
                isd_evaluator_free(fresh);
                isd_evaluator_free(e);
            }
        }
        isd_potential_unref(p);
    }
}

/* --- kernels --- */

/* Every kernel against the plain one, one to four kinds of atoms, a single domain and several; no net force; and the
 * forces alone are the same bits as with the energy. */
static void kernels_agree(void **state)
{
    (void)state;
    static struct answer mine, theirs;
    static double forces[3 * SAMPLE_MOST];
    for (int which = 0; which < POTENTIALS; which++) {
        isd_potential *p = potentials_make(which);
        for (int types = 1; types <= KINDS; types++) {
            scatter(types % 2 ? 19 : 9, types, potentials_spacing(which), (uint64_t)types);
            isd_evaluator *e = evaluator(p);
            evaluator_set_isa(e, ISA_PLAIN);
            compute(e, NULL, &theirs);
            for (int isa = 0; isa < ISA_COUNT; isa++) {
                double net[3] = {0};
                if (!isa_supported((enum isa)isa)) {
                    continue;
                }
                evaluator_set_isa(e, (enum isa)isa);
                compute(e, NULL, &mine);
                arrays_near(&mine.energy.total, &theirs.energy.total, 1, 1e-12, 0);
                arrays_near(mine.energy.virial, theirs.energy.virial, 6, 1e-11, 0);
                arrays_near(mine.f, theirs.f, 3 * sample.n, 1e-11, 0);
                for (int k = 0; k < 3 * sample.n; k++) {
                    net[k % 3] += mine.f[k];
                }
                assert_true(arrays_largest(net, 3) < 1e-11 * sample.n * arrays_largest(mine.f, 3 * sample.n));
                assert_int_equal(isd_evaluator_compute(e, sample.r, NULL, forces, NULL, NULL), ISD_OK);
                assert_memory_equal(forces, mine.f, 3 * (size_t)sample.n * sizeof *forces);
            }
            isd_evaluator_free(e);
        }
        isd_potential_unref(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernels_agree), cmocka_unit_test(same_bits),
                                       cmocka_unit_test(cancelled_anywhere), cmocka_unit_test(cancelled_on_the_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
