/* Matchings on a pool of threads: the same bits for any number of them, progress that only grows, gone when cancelled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/rng.h"
#include "job/pool.h"
#include "match/match.h"

/* Seconds that a cancelled job may take: 0.1, but for a machine that is busy, or slowed by a sanitizer. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { PATIENCE = 20 };
#else
enum { PATIENCE = 1 };
#endif

/* A pair of frames; displacement: of the atoms, in units of their distance. Types are drawn with falling shares. */
struct scene {
    const isd_snapshot *a, *b;
};

static struct scene scene_new(int32_t n, int types, double displacement, uint64_t seed)
{
    isd_snapshot *s[2] = {NULL, NULL};
    struct rng rng;
    double side = cbrt(n);
    rng_init(&rng, seed);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(isd_snapshot_new(n, false, &s[k], NULL), ISD_OK);
        s[k]->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
        s[k]->has_ids = true;
    }
    for (int32_t i = 0; i < n; i++) {
        int type = 1 + (int)(rng_double(&rng) * rng_double(&rng) * types);
        for (int k = 0; k < 2; k++) {
            s[k]->id[i] = i + 1;
            s[k]->type[i] = type;
        }
        for (int c = 0; c < 3; c++) {
            s[0]->position[3 * i + c] = side * rng_double(&rng);
            s[1]->position[3 * i + c] = s[0]->position[3 * i + c] + displacement * (2 * rng_double(&rng) - 0.9);
        }
    }
    for (int k = 0; k < 2; k++)
        assert_int_equal(isd_snapshot_freeze(s[k], NULL), ISD_OK);
    return (struct scene){s[0], s[1]};
}

static void scene_done(struct scene *scene)
{
    isd_snapshot_unref(scene->a);
    isd_snapshot_unref(scene->b);
}

struct work {
    const struct scene *scene;
    struct match_options options;
    struct match *made;
};

static isd_status run(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    return match_snapshots(work->scene->a, work->scene->b, &work->options, control, &work->made, err);
}

/* Waits for a job, cancelled after so many seconds; checks that its progress grows. */
static isd_status wait_for(struct job_pool *pool, struct job *job, double cancel_after)
{
    double start = clock_now(), before = 0, at = 0;
    bool asked = false;
    struct pollfd wake = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
    while (job_state(job) != JOB_DONE) {
        poll(&wake, 1, 2);
        double fraction = job_fraction(job);
        assert_true(fraction >= before - 1e-9);
        before = fraction;
        if (!asked && clock_now() - start >= cancel_after) {
            job_cancel(job);
            asked = true;
            at = fraction;
            start = clock_now();
        }
    }
    if (asked)
        print_message("stopped after %.0f ms at %.0f %%\n", 1e3 * (clock_now() - start), 1e2 * at);
    assert_true(!asked || clock_now() - start < PATIENCE);
    const isd_error *err = NULL;
    isd_status status = job_result(job, &err);
    assert_true(job_pool_collect(pool) == job);
    job_release(pool, job);
    return status;
}

static struct match *match_with(int threads, const struct scene *scene, struct match_options options)
{
    struct work work = {scene, options, NULL};
    struct job_pool *pool = NULL;
    struct job *job = NULL;
    assert_int_equal(job_pool_new(threads, false, &pool, NULL), ISD_OK);
    assert_int_equal(job_submit(pool, "match", 0, run, NULL, &work, &job, NULL), ISD_OK);
    assert_int_equal(wait_for(pool, job, INFINITY), ISD_OK);
    job_pool_free(pool);
    assert_true(work.made->certified);
    return work.made;
}

static void assert_same(const struct match *x, const struct match *y)
{
    size_t n = (size_t)x->n;
    assert_int_equal(x->n, y->n);
    assert_memory_equal(x->partner, y->partner, n * sizeof *x->partner);
    assert_memory_equal(x->v, y->v, n * sizeof *x->v);
    assert_memory_equal(x->u_mat, y->u_mat, n * sizeof *x->u_mat);
    assert_memory_equal(&x->sum_sq, &y->sum_sq, sizeof x->sum_sq);
    assert_memory_equal(&x->gap_abs, &y->gap_abs, sizeof x->gap_abs);
    assert_memory_equal(&x->bound, &y->bound, sizeof x->bound);
    assert_memory_equal(x->shift, y->shift, sizeof x->shift);
    assert_int_equal(x->degenerate, y->degenerate);
    assert_int_equal(x->align_steps, y->align_steps);
    assert_int_equal(x->n_phases, y->n_phases);
    for (int k = 0; k < x->n_phases; k++) {
        assert_int_equal(x->phases[k].type, y->phases[k].type);
        for (int p = 0; p < x->phases[k].solve.n_phases; p++)
            assert_true(x->phases[k].solve.phase[p].bids == y->phases[k].solve.phase[p].bids);
    }
}

static void same_for_any_number(int32_t n, int types, double displacement, struct match_options options)
{
    static const int threads[] = {2, 3, 7};
    struct scene scene = scene_new(n, types, displacement, 31);
    struct match *alone = match_with(1, &scene, options);
    for (size_t k = 0; k < sizeof threads / sizeof threads[0]; k++) {
        struct match *shared = match_with(threads[k], &scene, options);
        assert_same(shared, alone);
        match_free(shared);
    }
    match_free(alone);
    scene_done(&scene);
}

static void test_types_side_by_side(void **state)
{
    (void)state;
    same_for_any_number(6000, 3, 0.8, (struct match_options){0});
    same_for_any_number(3000, 60, 3, (struct match_options){.alternatives = true, .eps = 0.05});
}

static void test_blind(void **state)
{
    (void)state;
    same_for_any_number(6000, 3, 0.8, (struct match_options){.blind = true});
    same_for_any_number(9000, 3, 20, (struct match_options){.blind = true});
}

static void test_aligned(void **state)
{
    (void)state;
    same_for_any_number(2000, 2, 0.6, (struct match_options){.align = true});
}

static void test_cancelled(void **state)
{
    (void)state;
    static const double after[] = {0, 0.004, 0.05, 0.2, 0.4};
    struct scene scene = scene_new(60000, 2, 30, 32);
    struct job_pool *pool = NULL;
    assert_int_equal(job_pool_new(2, false, &pool, NULL), ISD_OK);
    for (size_t k = 0; k < sizeof after / sizeof after[0]; k++) {
        struct work work = {.scene = &scene};
        struct job *job = NULL;
        assert_int_equal(job_submit(pool, "match", 0, run, NULL, &work, &job, NULL), ISD_OK);
        isd_status status = wait_for(pool, job, after[k]);
        assert_true(status == ISD_CANCELLED || (status == ISD_OK && work.made));
        match_free(work.made);
    }
    job_pool_free(pool);
    scene_done(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types_side_by_side),
        cmocka_unit_test(test_blind),
        cmocka_unit_test(test_aligned),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
