/* Matchings of thousands of points in awkward shapes are proved optimal, the same in every run, on any thread, and stop when
 * asked to. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/rng.h"
#include "isdmin/match.h"

struct scene {
    isd_box box;
    int32_t n;
    double *a, *b;
    int32_t *prefer;
};

static struct scene scene_new(int32_t n, int dim, uint64_t seed)
{
    struct scene scene = {.n = n};
    double side = pow(n, 1.0 / dim);
    struct rng rng;
    rng_init(&rng, seed);
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

/* Solves and checks; returns the sum. */
static double proved(const struct scene *scene, bool labelled)
{
    isd_assignment x = {0};
    isd_certificate certificate = {0};
    assert_int_equal(isd_assign(&scene->box, scene->a, scene->b, scene->n, labelled ? scene->prefer : NULL, NULL, &x, NULL), ISD_OK);
    assert_int_equal(isd_assignment_check(&scene->box, scene->a, scene->b, scene->n, x.partner, x.v, NULL, &certificate, NULL), ISD_OK);
    assert_true(certificate.certified);
    assert_true(certificate.gap_abs <= 1e-9 * certificate.sum_sq);
    isd_assignment_done(&x);
    return certificate.sum_sq;
}

static void test_poisson(void **state)
{
    (void)state;
    for (int dim = 2; dim <= 3; dim++) {
        struct scene scene = scene_new(5000, dim, 1);
        proved(&scene, true);
        scene.box.xy = 0.31 * scene.box.lx;
        proved(&scene, true);
        scene.box.periodic[0] = false;
        proved(&scene, false);
        scene.box.periodic[1] = scene.box.periodic[2] = false;
        proved(&scene, false);
        scene_done(&scene);
    }
}

/* The same points in another order: nothing moves. */
static void test_shuffled(void **state)
{
    (void)state;
    struct scene scene = scene_new(20000, 3, 2);
    struct rng rng;
    rng_init(&rng, 3);
    memcpy(scene.b, scene.a, 3 * (size_t)scene.n * sizeof *scene.b);
    for (int32_t i = scene.n - 1; i > 0; i--) {
        int32_t k = (int32_t)rng_below(&rng, (uint32_t)i + 1);
        for (int c = 0; c < 3; c++) {
            double t = scene.b[3 * i + c];
            scene.b[3 * i + c] = scene.b[3 * k + c];
            scene.b[3 * k + c] = t;
        }
    }
    assert_true(proved(&scene, true) == 0);
    scene_done(&scene);
}

/* Two perfect crystals half a cell apart: eight equal partners for every atom. */
static void test_crystals(void **state)
{
    (void)state;
    enum { M = 22 };
    struct scene scene = scene_new(M * M * M, 3, 4);
    for (int32_t i = 0; i < scene.n; i++) {
        int site[3] = {i % M, i / M % M, i / (M * M)};
        for (int c = 0; c < 3; c++) {
            scene.a[3 * i + c] = site[c] * scene.box.lx / M;
            scene.b[3 * i + c] = (site[c] + 0.5) * scene.box.lx / M;
        }
    }
    double expected = 0.75 * scene.n * scene.box.lx * scene.box.lx / (M * M);
    assert_true(fabs(proved(&scene, true) - expected) <= 1e-12 * expected);
    assert_true(fabs(proved(&scene, false) - expected) <= 1e-12 * expected);
    scene_done(&scene);
}

/* A crystal with one vacancy that has gone far: atoms step in one after the other, as many as the steps along the edges. */
static void test_vacancy(void **state)
{
    (void)state;
    enum { M = 16 };
    struct scene scene = scene_new(M * M * M - 1, 3, 11);
    const int hole[2][3] = {{2, 3, 4}, {9, 14, 7}}, steps = 7 + 5 + 3; /* the shorter way round */
    scene.box.lx = scene.box.ly = scene.box.lz = M;
    for (int which = 0; which < 2; which++) {
        double *r = which == 0 ? scene.a : scene.b;
        for (int k = 0, at = 0; k < M * M * M; k++) {
            const int site[] = {k % M, k / M % M, k / M / M};
            if (memcmp(site, hole[which], sizeof site) == 0)
                continue;
            for (int c = 0; c < 3; c++)
                r[3 * at + c] = site[c];
            at++;
        }
    }
    assert_true(fabs(proved(&scene, false) - steps) <= 1e-9);
    assert_true(fabs(proved(&scene, true) - steps) <= 1e-9);
    scene_done(&scene);
}

/* A droplet in a large cell with a thin gas around it: density differs by a factor of a thousand. */
static void test_droplet_and_gas(void **state)
{
    (void)state;
    struct scene scene = scene_new(6000, 3, 12);
    double side = scene.box.lx;
    scene.box.lx = scene.box.ly = scene.box.lz = 20 * side;
    for (int32_t k = 0; k < 3 * scene.n; k++)
        if (k % 30 < 3) {
            scene.a[k] *= 20;
            scene.b[k] *= 20;
        }
    double sum = proved(&scene, false);
    struct scene turned = scene;
    turned.a = scene.b;
    turned.b = scene.a;
    assert_true(fabs(proved(&turned, false) - sum) <= 1e-11 * sum);
    scene_done(&scene);
}

/* On a line, not periodic, the optimum pairs the points in order. */
static int ascending(const void *p, const void *q)
{
    double a = *(const double *)p, b = *(const double *)q;
    return (a > b) - (a < b);
}

static void test_line(void **state)
{
    (void)state;
    enum { N = 1000 };
    struct scene scene = scene_new(N, 3, 5);
    double xa[N], xb[N], expected = 0;
    scene.box.lx = scene.box.ly = scene.box.lz = 1000;
    for (int i = 0; i < N; i++) {
        xa[i] = 400 + 0.1 * i;
        xb[i] = 400 + 100 * pow(scene.b[3 * i] / 10, 3);
        scene.a[3 * i] = xa[i];
        scene.b[3 * i] = xb[i];
        scene.a[3 * i + 1] = scene.a[3 * i + 2] = scene.b[3 * i + 1] = scene.b[3 * i + 2] = 100;
    }
    qsort(xa, N, sizeof *xa, ascending);
    qsort(xb, N, sizeof *xb, ascending);
    for (int i = 0; i < N; i++)
        expected += (xa[i] - xb[i]) * (xa[i] - xb[i]);
    assert_true(fabs(proved(&scene, true) - expected) <= 1e-11 * expected);
    scene_done(&scene);
}

/* All partners far beyond the nearest neighbours: a droplet, and one moved as a whole; the latter costs n t^2 more but has the
 * same matching. */
static void test_far_droplets(void **state)
{
    (void)state;
    struct scene scene = scene_new(2000, 3, 6);
    double side = scene.box.lx, t = 5 * side;
    scene.box.lx = scene.box.ly = scene.box.lz = 100 * side;
    double near = proved(&scene, true), mean = 0;
    for (int32_t i = 0; i < scene.n; i++) {
        mean += 2 * t * (scene.b[3 * i] - scene.a[3 * i]);
        scene.b[3 * i] += t;
    }
    double expected = near + mean + scene.n * t * t;
    assert_true(fabs(proved(&scene, true) - expected) <= 1e-11 * expected);
    /* Half of each set in another corner. */
    for (int32_t i = 0; i < scene.n / 2; i++) {
        scene.a[3 * i + 1] += 30 * side;
        scene.b[3 * i + 2] += 40 * side;
    }
    proved(&scene, false);
    scene_done(&scene);
}

/* Many points on few spots, unequally shared between the sets: ties everywhere. The lists kept must not grow with them. */
static void test_few_spots(void **state)
{
    (void)state;
    struct scene scene = scene_new(4000, 3, 9);
    struct rng rng;
    rng_init(&rng, 10);
    for (int32_t k = 0; k < 3 * scene.n; k++) {
        scene.a[k] = rng_below(&rng, 3) * scene.box.lx / 3;
        scene.b[k] = rng_below(&rng, 3) * scene.box.lx / 3;
    }
    proved(&scene, true);
    proved(&scene, false);
    /* Half of the rows far from all columns but their own. */
    memcpy(scene.b, scene.a, 3 * (size_t)(scene.n / 2) * sizeof *scene.b);
    for (int32_t i = scene.n / 2; i < scene.n; i++) {
        scene.a[3 * i] = 0.1 * scene.box.lx * rng_double(&rng);
        scene.b[3 * i] = scene.box.lx * (0.4 + 0.1 * rng_double(&rng));
    }
    proved(&scene, true);
    scene_done(&scene);
}

struct work {
    const struct scene *scene;
    isd_control *control;
    isd_assignment x;
    isd_status status;
    double ended; /* on the clock of the thread */
};

static void *solve(void *arg)
{
    struct work *work = arg;
    const struct scene *scene = work->scene;
    work->status = isd_assign(&scene->box, scene->a, scene->b, scene->n, scene->prefer, work->control, &work->x, NULL);
    work->ended = clock_thread_cpu();
    return NULL;
}

static void test_side_by_side(void **state)
{
    (void)state;
    struct scene scene = scene_new(2000, 3, 7);
    struct work work[3] = {{.scene = &scene}, {.scene = &scene}, {.scene = &scene}};
    pthread_t thread[3];
    for (int k = 0; k < 3; k++)
        assert_int_equal(pthread_create(&thread[k], NULL, solve, &work[k]), 0);
    for (int k = 0; k < 3; k++)
        pthread_join(thread[k], NULL);
    for (int k = 0; k < 3; k++) {
        assert_int_equal(work[k].status, ISD_OK);
        assert_memory_equal(work[k].x.partner, work[0].x.partner, 2000 * sizeof *work[k].x.partner);
        assert_memory_equal(work[k].x.v, work[0].x.v, 2000 * sizeof *work[k].x.v);
    }
    for (int k = 0; k < 3; k++)
        isd_assignment_done(&work[k].x);
    scene_done(&scene);
}

/* A pool of a few threads that take chunks as they come. */
struct pool {
    int threads;
    atomic_int next;
    int32_t chunks;
    isd_chunk_fn *work;
    void *arg;
};

static void *take_chunks(void *arg)
{
    struct pool *pool = arg;
    for (int32_t k; (k = atomic_fetch_add(&pool->next, 1)) < pool->chunks;)
        pool->work(pool->arg, k);
    return NULL;
}

static void run_chunks(void *arg, int32_t chunks, isd_chunk_fn *work, void *work_arg)
{
    struct pool *pool = arg;
    pthread_t thread[8];
    pool->chunks = chunks;
    pool->work = work;
    pool->arg = work_arg;
    atomic_store(&pool->next, 0);
    for (int k = 1; k < pool->threads; k++)
        assert_int_equal(pthread_create(&thread[k], NULL, take_chunks, pool), 0);
    take_chunks(pool);
    for (int k = 1; k < pool->threads; k++)
        pthread_join(thread[k], NULL);
}

/* One matching on 1, 2, 3 and 7 threads, large enough for auctions in blocks of both widths: the same bits, and proved. */
static void test_threads(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 3, 7};
    for (int dim = 2; dim <= 3; dim++) {
        struct scene scene = scene_new(40000, dim, 10);
        isd_assignment alone = {0};
        isd_certificate certificate = {0};
        assert_int_equal(isd_assign(&scene.box, scene.a, scene.b, scene.n, NULL, NULL, &alone, NULL), ISD_OK);
        assert_int_equal(isd_assignment_check(&scene.box, scene.a, scene.b, scene.n, alone.partner, alone.v, NULL, &certificate, NULL), ISD_OK);
        assert_true(certificate.certified);
        for (int k = 0; k < 4; k++) {
            struct pool pool = {.threads = threads[k]};
            isd_control *control = isd_control_new();
            isd_assignment x = {0};
            isd_control_set_pool(control, run_chunks, &pool);
            assert_int_equal(isd_assign(&scene.box, scene.a, scene.b, scene.n, NULL, control, &x, NULL), ISD_OK);
            assert_memory_equal(x.partner, alone.partner, (size_t)scene.n * sizeof *x.partner);
            assert_memory_equal(x.u, alone.u, (size_t)scene.n * sizeof *x.u);
            assert_memory_equal(x.v, alone.v, (size_t)scene.n * sizeof *x.v);
            isd_assignment_done(&x);
            isd_control_free(control);
        }
        isd_assignment_done(&alone);
        scene_done(&scene);
    }
}

/* What is reported on the way, as seen whenever work is shared out. */
struct watch {
    isd_control *control;
    double last;
    int steps;
};

static void run_watched(void *arg, int32_t chunks, isd_chunk_fn *work, void *work_arg)
{
    struct watch *watch = arg;
    double fraction = isd_control_fraction(watch->control);
    assert_true(fraction >= watch->last && fraction < 1);
    watch->steps += fraction > watch->last;
    watch->last = fraction;
    for (int32_t k = 0; k < chunks; k++)
        work(work_arg, k);
}

static void test_progress(void **state)
{
    (void)state;
    struct scene scene = scene_new(25000, 3, 13);
    struct watch watch = {.control = isd_control_new()};
    isd_assignment x = {0};
    isd_control_set_pool(watch.control, run_watched, &watch);
    assert_int_equal(isd_assign(&scene.box, scene.a, scene.b, scene.n, NULL, watch.control, &x, NULL), ISD_OK);
    assert_true(watch.steps >= 4);
    assert_true(watch.last >= 0.4);
    assert_true(isd_control_fraction(watch.control) > 0.69);
    isd_assignment_done(&x);
    isd_control_free(watch.control);
    scene_done(&scene);
}

/* 10^5 points, cancelled at several moments: gone within 100 ms of work (more is allowed here only where sanitizers slow it). */
static void test_cancel(void **state)
{
    (void)state;
    struct scene scene = scene_new(100000, 3, 8);
    for (int k = 0; k < 4; k++) {
        struct work work = {.scene = &scene, .control = isd_control_new()};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, solve, &work), 0);
        struct timespec pause = {0, 3000000L + 60000000L * k};
        nanosleep(&pause, NULL);
        clockid_t clock;
        struct timespec used;
        assert_int_equal(pthread_getcpuclockid(thread, &clock), 0);
        isd_control_cancel(work.control);
        assert_int_equal(clock_gettime(clock, &used), 0);
        double asked = (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
        pthread_join(thread, NULL);
        assert_int_equal(work.status, ISD_CANCELLED);
        assert_true(work.ended - asked < 1);
        print_message("stopped after %.1f ms\n", 1e3 * (work.ended - asked));
        isd_control_free(work.control);
    }
    scene_done(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poisson),      cmocka_unit_test(test_shuffled),     cmocka_unit_test(test_crystals),
        cmocka_unit_test(test_line),         cmocka_unit_test(test_far_droplets), cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_threads),      cmocka_unit_test(test_cancel),       cmocka_unit_test(test_few_spots),
        cmocka_unit_test(test_vacancy),      cmocka_unit_test(test_droplet_and_gas), cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
