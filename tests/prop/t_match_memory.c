/* What a matching takes in memory beyond its input, in cases of many kinds. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes asked for, counted at every call, on one thread and on two. `t_match_memory POINTS`: of another size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/match.h"
#include "job/pool.h"
#include "lib/alloc.h"

/* Bytes a point, the answer among them; more where clusters are far apart; and what a problem takes whatever its size. */
enum { BYTES = 150, BYTES_FAR = 16, ONCE = 200000 };

struct scene {
    const char *name;
    isd_box box;
    int32_t n;
    double *a, *b;
    int32_t *prefer;
};

static double normal(struct rng *rng)
{
    return sqrt(-2 * log(1 - rng_double(rng))) * cos(2 * M_PI * rng_double(rng));
}

/* Points at random, at density 1. */
static struct scene scene_new(const char *name, int32_t n, int dim)
{
    struct scene scene = {.name = name, .n = n};
    double side = pow(n, 1.0 / dim);
    struct rng rng;
    rng_init(&rng, 7);
    scene.box = (isd_box){.dim = dim, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
    scene.a = calloc(3 * (size_t)n, sizeof *scene.a);
    scene.b = calloc(3 * (size_t)n, sizeof *scene.b);
    scene.prefer = malloc((size_t)n * sizeof *scene.prefer);
    for (int32_t i = 0; i < n; i++) {
        scene.prefer[i] = i;
        for (int c = 0; c < dim; c++) {
            scene.a[3 * i + c] = side * rng_double(&rng);
            scene.b[3 * i + c] = side * rng_double(&rng);
        }
    }
    return scene;
}

static void scene_done(struct scene *scene)
{
    free(scene->a);
    free(scene->b);
    free(scene->prefer);
}

static isd_status solve(void *arg, isd_control *control, isd_error *err)
{
    const struct scene *scene = arg;
    isd_assignment x = {0};
    isd_certificate proof;
    isd_status status = isd_assign(&scene->box, scene->a, scene->b, scene->n, scene->prefer, control, &x, err);
    if (status == ISD_OK)
        status = isd_assignment_check(&scene->box, scene->a, scene->b, scene->n, x.partner, x.v, control, &proof, err);
    if (status == ISD_OK)
        assert_true(proof.certified);
    isd_assignment_done(&x);
    return status;
}

/* On so many threads. */
static long peak_of(struct scene *scene, int threads)
{
    struct job_pool *pool = NULL;
    struct job *job = NULL;
    assert_int_equal(job_pool_new(threads, false, &pool, NULL), ISD_OK);
    alloc_forget_peak();
    long before = alloc_bytes();
    assert_int_equal(job_submit(pool, "match", 0, solve, NULL, scene, &job, NULL), ISD_OK);
    struct pollfd wake = {.fd = job_pool_wake_fd(pool), .events = POLLIN};
    while (job_state(job) != JOB_DONE)
        poll(&wake, 1, -1);
    const isd_error *err = NULL;
    assert_int_equal(job_result(job, &err), ISD_OK);
    job_release(pool, job_pool_collect(pool));
    long peak = alloc_peak() - before;
    job_pool_free(pool);
    return peak;
}

/* Takes the scene. */
static void assert_within(struct scene scene, int most_threads, long bytes)
{
    for (int threads = 1; threads <= most_threads; threads++) {
        long peak = peak_of(&scene, threads);
        print_message("%-20s %d thread%s %6.1f bytes a point\n", scene.name, threads, threads > 1 ? "s" : " ", (double)peak / scene.n);
        assert_true(peak <= bytes * scene.n + ONCE);
    }
    scene_done(&scene);
}

static void assert_small(struct scene scene)
{
    assert_within(scene, 2, BYTES);
}

static int32_t points; /* in each scene */

static void test_poisson(void **state)
{
    (void)state;
    assert_small(scene_new("poisson 3d", points, 3));
    assert_small(scene_new("poisson 2d", points, 2));
}

/* Moved a little and a part exchanged; a crystal with noise between its sites. */
static void test_near(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 8);
    struct scene near = scene_new("near", points, 3);
    for (int32_t k = 0; k < 3 * near.n; k++)
        near.b[k] = near.a[k] + 0.1 * normal(&rng);
    assert_small(near);
    int32_t side = (int32_t)cbrt(points);
    struct scene crystal = scene_new("crystal", side * side * side, 3);
    for (int32_t i = 0; i < crystal.n; i++) {
        const double site[] = {i % side, i / side % side, i / side / side};
        for (int c = 0; c < 3; c++) {
            crystal.a[3 * i + c] = site[c] + 0.02 * normal(&rng);
            crystal.b[3 * i + c] = site[c] + 0.5;
        }
    }
    assert_small(crystal);
}

/* Nothing is periodic; and a slab. */
static void test_open(void **state)
{
    (void)state;
    struct scene open = scene_new("open", points, 3), slab = scene_new("slab", points, 3);
    open.box.periodic[0] = open.box.periodic[1] = open.box.periodic[2] = false;
    assert_small(open);
    slab.box.periodic[2] = false;
    slab.box.xy = 0.3 * slab.box.lx;
    assert_small(slab);
}

/* A droplet in a large box with a thin gas around it. */
static void test_droplet(void **state)
{
    (void)state;
    struct scene scene = scene_new("droplet and gas", 7000, 3); /* takes longer than the others */
    struct rng rng;
    rng_init(&rng, 9);
    for (int32_t i = 0; i < scene.n; i++)
        for (int c = 0; c < 3; c++) {
            double *r[] = {&scene.a[3 * i + c], &scene.b[3 * i + c]};
            for (int k = 0; k < 2; k++)
                *r[k] = i % 10 == 0 ? 10 * *r[k] : 0.5 * *r[k];
        }
    scene.box.lx = scene.box.ly = scene.box.lz = 10 * scene.box.lx;
    assert_within(scene, 1, BYTES + BYTES_FAR);
}

int main(int argc, char **argv)
{
    points = argc > 1 ? atoi(argv[1]) : 20000;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_poisson), cmocka_unit_test(test_near), cmocka_unit_test(test_open),
                                       cmocka_unit_test(test_droplet)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
