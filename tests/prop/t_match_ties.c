/* Matchings where optima tie: crystals moved by half a cell without labels, ties beside a vacancy or noise, one frame in another
 * order, many points on one spot or on few, far crowds. Proved, of the sum that is known, in time about N log N; with `large` as argument
 * at 10^6 points. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "isdmin/match.h"
#include "match/reading.h"

struct scene {
    isd_box box;
    int32_t n, room;
    double *a, *b;
};

static int large;

static struct scene scene_new(int dim, int32_t room, double lx, double ly, double lz)
{
    struct scene scene = {.room = room};
    scene.box = (isd_box){.dim = dim, .periodic = {true, true, true}, .lx = lx, .ly = ly, .lz = lz};
    scene.a = calloc(3 * (size_t)room, sizeof *scene.a);
    scene.b = calloc(3 * (size_t)room, sizeof *scene.b);
    assert_true(scene.a && scene.b);
    return scene;
}

static void scene_done(struct scene *scene)
{
    free(scene->a);
    free(scene->b);
}

/* A lattice of cells with some sites each; b is moved. Fractions of the cell. */
struct crystal {
    const char *name;
    int dim, sites;
    double cell[3], site[4][3], shift[3];
};

static const struct crystal crystals[] = {
    {"simple cubic", 3, 1, {1, 1, 1}, {{0, 0, 0}}, {0.5, 0.5, 0.5}},
    {"face-centred", 3, 4, {1, 1, 1}, {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}}, {0.5, 0, 0}},
    {"body-centred", 3, 2, {1, 1, 1}, {{0, 0, 0}, {0.5, 0.5, 0.5}}, {0.5, 0, 0.25}},
    {"square", 2, 1, {1, 1, 1}, {{0, 0, 0}}, {0.5, 0.5, 0}},
    {"triangular", 2, 2, {1, 1.7320508075688772, 1}, {{0, 0, 0}, {0.5, 0.5, 0}}, {0.5, 0, 0}},
};

enum { CRYSTALS = sizeof crystals / sizeof crystals[0] };

/* m cells along each edge; a site is left out of a and another far from it out of b if there is to be a vacancy. */
static struct scene crystal_scene(const struct crystal *crystal, int m, bool vacancy, double noise)
{
    int32_t cells = crystal->dim == 2 ? m * m : m * m * m, total = cells * crystal->sites;
    struct scene scene = scene_new(crystal->dim, total, m * crystal->cell[0], m * crystal->cell[1], m * crystal->cell[2]);
    struct rng rng;
    int32_t in_a = 0, in_b = 0;
    rng_init(&rng, 1);
    for (int32_t k = 0; k < total; k++) {
        int32_t cell = k / crystal->sites, place[] = {cell % m, cell / m % m, crystal->dim == 2 ? 0 : cell / m / m};
        for (int c = 0; c < crystal->dim; c++) {
            double at = crystal->cell[c] * (place[c] + crystal->site[k % crystal->sites][c]);
            scene.a[3 * (size_t)in_a + (size_t)c] = at + noise * rng_double(&rng);
            scene.b[3 * (size_t)in_b + (size_t)c] = at + crystal->cell[c] * crystal->shift[c] + noise * rng_double(&rng);
        }
        in_a += !(vacancy && k == total / 7);
        in_b += !(vacancy && k == total / 7 * 4 + m / 2);
    }
    scene.n = in_a;
    return scene;
}

/* Solves and checks; the sum. Not slower than so many microseconds for each point (a machine may be slow; a blow-up is worse). */
static double proved(const struct scene *scene, double most_us, isd_assignment *ret_x)
{
    isd_assignment x = {0};
    isd_certificate proof = {0};
    double begin = clock_thread_cpu();
    assert_int_equal(isd_assign(&scene->box, scene->a, scene->b, scene->n, NULL, NULL, &x, NULL), ISD_OK);
    double us = 1e6 * (clock_thread_cpu() - begin) / scene->n;
    print_message("%d points: %.2f us each\n", (int)scene->n, us);
    assert_true(us < most_us || scene->n < 20000);
    assert_int_equal(isd_assignment_check(&scene->box, scene->a, scene->b, scene->n, x.partner, x.v, NULL, &proof, NULL), ISD_OK);
    assert_true(proof.certified);
    if (ret_x)
        *ret_x = x;
    else
        isd_assignment_done(&x);
    return proof.sum_sq;
}

static double nearest_sq(const struct crystal *crystal)
{
    isd_lattice lattice;
    isd_box cell = {.dim = crystal->dim, .periodic = {true, true, true}, .lx = crystal->cell[0], .ly = crystal->cell[1], .lz = crystal->cell[2]};
    double least = INFINITY;
    isd_lattice_init(&lattice, &cell);
    for (int k = 0; k < crystal->sites; k++) {
        double d[3];
        for (int c = 0; c < 3; c++)
            d[c] = c < crystal->dim ? crystal->cell[c] * (crystal->shift[c] + crystal->site[k][c]) : 0;
        least = fmin(least, isd_lattice_shortest(&lattice, d));
    }
    return least;
}

static int cells_for(const struct crystal *crystal, int32_t n)
{
    return (int)lround(pow((double)n / crystal->sites, 1.0 / crystal->dim));
}

/* Every atom has several nearest sites in the other frame: all are matched to one of them, and all are counted as ties. */
static void test_crystals(void **state)
{
    (void)state;
    for (int k = 0; k < CRYSTALS; k++) {
        struct scene scene = crystal_scene(&crystals[k], cells_for(&crystals[k], large ? 1000000 : 30000), false, 0);
        double expected = scene.n * nearest_sq(&crystals[k]);
        isd_assignment x = {0};
        isd_lattice lattice;
        int32_t ties = 0;
        print_message("%s, ", crystals[k].name);
        assert_true(fabs(proved(&scene, 100, &x) - expected) <= 1e-11 * expected);
        isd_lattice_init(&lattice, &scene.box);
        assert_int_equal(degenerate_count(&lattice, scene.a, scene.b, scene.n, x.partner, x.v, 1e-10, NULL, &ties, NULL), ISD_OK);
        assert_int_equal(ties, scene.n);
        isd_assignment_done(&x);
        scene_done(&scene);
    }
}

/* With a vacancy, and with noise far smaller than the spacing: exact, and no war of prices. */
static void test_almost_crystals(void **state)
{
    (void)state;
    for (int k = 0; k < CRYSTALS; k++) {
        int m = cells_for(&crystals[k], large ? 200000 : 20000);
        struct scene scene = crystal_scene(&crystals[k], m, true, 0);
        double least = (scene.n - 1) * nearest_sq(&crystals[k]);
        print_message("%s with a vacancy, ", crystals[k].name);
        assert_true(proved(&scene, 100, NULL) >= least * (1 - 1e-12));
        scene_done(&scene);
        scene = crystal_scene(&crystals[k], m, false, 1e-3);
        print_message("%s with noise, ", crystals[k].name);
        proved(&scene, 500, NULL);
        scene_done(&scene);
    }
}

/* Steps from site to site of a simple cubic crystal, the shorter way round. */
static int steps_between(int m, int32_t from, int32_t to)
{
    const int a[] = {from % m, from / m % m, from / m / m}, b[] = {to % m, to / m % m, to / m / m};
    int steps = 0;
    for (int c = 0; c < 3; c++)
        steps += abs(a[c] - b[c]) < m - abs(a[c] - b[c]) ? abs(a[c] - b[c]) : m - abs(a[c] - b[c]);
    return steps;
}

/* A crystal that stays where it is, but for a vacancy that has gone far: as many atoms step in as there are sites on the way. */
static void test_far_vacancy(void **state)
{
    (void)state;
    struct crystal still = crystals[0];
    still.shift[0] = still.shift[1] = still.shift[2] = 0;
    int m = large ? 100 : 30, total = m * m * m;
    struct scene scene = crystal_scene(&still, m, true, 0);
    print_message("far vacancy, ");
    assert_true(fabs(proved(&scene, 1000, NULL) - steps_between(m, total / 7, total / 7 * 4 + m / 2)) < 1e-9);
    scene_done(&scene);
}

/* One frame in another order: nothing moves. */
static void test_shuffled(void **state)
{
    (void)state;
    struct scene scene = crystal_scene(&crystals[0], large ? 100 : 30, false, 0.9);
    struct rng rng;
    rng_init(&rng, 2);
    memcpy(scene.b, scene.a, 3 * (size_t)scene.n * sizeof *scene.b);
    for (int32_t i = scene.n - 1; i > 0; i--) {
        size_t k = rng_below(&rng, (uint32_t)i + 1);
        for (size_t c = 0; c < 3; c++) {
            double t = scene.b[3 * (size_t)i + c];
            scene.b[3 * (size_t)i + c] = scene.b[3 * k + c];
            scene.b[3 * k + c] = t;
        }
    }
    assert_true(proved(&scene, 50, NULL) == 0);
    scene_done(&scene);
}

/* Eight points on each spot of a crystal moved by half a cell. */
static void test_eightfold(void **state)
{
    (void)state;
    struct scene one = crystal_scene(&crystals[0], large ? 24 : 14, false, 0);
    struct scene scene = scene_new(3, 8 * one.n, one.box.lx, one.box.ly, one.box.lz);
    scene.n = scene.room;
    for (int32_t i = 0; i < scene.n; i++) {
        memcpy(scene.a + 3 * (size_t)i, one.a + 3 * (size_t)(i / 8), 3 * sizeof *scene.a);
        memcpy(scene.b + 3 * (size_t)i, one.b + 3 * (size_t)(i % one.n), 3 * sizeof *scene.b);
    }
    assert_true(fabs(proved(&scene, 1000, NULL) - 0.75 * scene.n) <= 1e-11 * scene.n);
    scene_done(&one);
    scene_done(&scene);
}

/* Points by chance on a coarse grid, which may or may not fit the box: some on each spot, other numbers in the two frames. */
static void test_coarse_grid(void **state)
{
    (void)state;
    int32_t n = large ? 50000 : 20000;
    for (int fits = 0; fits < 2; fits++) {
        int spots = (int)cbrt(n / 8.0);
        double side = fits ? 2.0 * spots : cbrt(n);
        struct scene scene = scene_new(3, n, side, side, side);
        struct rng rng;
        rng_init(&rng, 4);
        scene.n = n;
        for (size_t k = 0; k < 3 * (size_t)n; k++) {
            scene.a[k] = 2.0 * rng_below(&rng, (uint32_t)spots);
            scene.b[k] = 2.0 * rng_below(&rng, (uint32_t)spots);
        }
        print_message("coarse grid, ");
        proved(&scene, 1000, NULL);
        scene_done(&scene);
    }
}

/* Two crowds far apart, with other numbers of points in each of the two frames: some must cross. */
static void test_far_crowds(void **state)
{
    (void)state;
    int32_t n = large ? 30000 : 3000;
    double side = cbrt(n / 2.0);
    struct scene scene = scene_new(3, n, 20 * side, 20 * side, 20 * side);
    struct rng rng;
    rng_init(&rng, 3);
    scene.n = n;
    for (int32_t i = 0; i < n; i++) {
        double at_a = rng_double(&rng) < 0.5 ? 0 : 9 * side, at_b = rng_double(&rng) < 0.51 ? 0 : 9 * side;
        for (size_t c = 0; c < 3; c++) {
            scene.a[3 * (size_t)i + c] = at_a + side * rng_double(&rng);
            scene.b[3 * (size_t)i + c] = at_b + side * rng_double(&rng);
        }
    }
    struct scene turned = scene;
    turned.a = scene.b;
    turned.b = scene.a;
    double sum = proved(&scene, 1000, NULL);
    assert_true(fabs(proved(&turned, 1000, NULL) - sum) <= 1e-11 * sum);
    scene_done(&scene);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crystals), cmocka_unit_test(test_almost_crystals), cmocka_unit_test(test_far_vacancy),
        cmocka_unit_test(test_shuffled), cmocka_unit_test(test_eightfold), cmocka_unit_test(test_far_crowds),
        cmocka_unit_test(test_coarse_grid),
    };
    large = argc > 1 && strcmp(argv[argc - 1], "large") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
