/* The assignment against every permutation and a dense solver, in all kinds of boxes. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/match.h"
#include "match/assign.h"
#include "dense.h"

static void compare_with_dense(const isd_box *box, const double *a, const double *b, int n, const int32_t *prefer)
{
    isd_lattice lattice;
    isd_lattice_init(&lattice, box);
    double *cost = malloc(((size_t)n * n + 1) * sizeof *cost);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            cost[i * n + j] = cost_of(&lattice, a + 3 * i, b + 3 * j);
    double expected = dense_optimum(cost, n, NULL, NULL);
    isd_assignment x = {0};
    isd_certificate certificate = {0};
    isd_error err = {0};
    assert_int_equal(isd_assign(box, a, b, n, prefer, NULL, &x, &err), ISD_OK);
    assert_true(fabs(x.sum_sq - expected) <= 1e-12 * expected + 1e-14);
    assert_int_equal(isd_assignment_check(box, a, b, n, x.partner, x.v, NULL, &certificate, &err), ISD_OK);
    assert_true(certificate.certified);
    assert_true(fabs(certificate.sum_sq - x.sum_sq) <= 1e-14 * x.sum_sq);
    /* The checker's gap against all pairs. */
    double gap = 0;
    for (int i = 0; i < n; i++) {
        double least = INFINITY;
        for (int j = 0; j < n; j++) {
            least = fmin(least, cost[i * n + j] - x.v[j]);
            assert_true(x.u[i] + x.v[j] <= cost[i * n + j] + 1e-12 * (1 + cost[i * n + j]));
        }
        gap += cost[i * n + x.partner[i]] - x.v[x.partner[i]] - least;
    }
    assert_true(fabs(gap - certificate.gap_abs) <= 1e-13 * (1 + expected));
    isd_assignment_done(&x);
    free(cost);
}

static void test_small_boxes(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 1);
    double a[3 * 40], b[3 * 40];
    int32_t prefer[40];
    for (int trial = 0; trial < 4000; trial++) {
        isd_box box = random_box(&rng);
        int n = (int)rng_below(&rng, trial % 8 == 0 ? 40 : 14), kind = (int)rng_below(&rng, 3);
        random_points(&rng, &box, kind, a, n);
        random_points(&rng, &box, kind, b, n);
        if (rng_below(&rng, 5) == 0)
            memcpy(b, a, sizeof a);
        for (int i = 0; i < n; i++)
            prefer[i] = i;
        compare_with_dense(&box, a, b, n, rng_below(&rng, 2) ? prefer : NULL);
    }
}

/* Large enough for the coarse problem and the auctions. */
static void test_middle_boxes(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 2);
    enum { N = 420 };
    static double a[3 * N], b[3 * N];
    for (int trial = 0; trial < 14; trial++) {
        isd_box box = random_box(&rng);
        random_points(&rng, &box, trial % 3, a, N);
        random_points(&rng, &box, trial % 3, b, N);
        compare_with_dense(&box, a, b, N, NULL);
    }
}

/* n!, the other way to be sure. */
static double every_permutation(const double *cost, int n, int row, unsigned used)
{
    if (row == n)
        return 0;
    double best = INFINITY;
    for (int j = 0; j < n; j++)
        if (!(used >> j & 1))
            best = fmin(best, cost[row * n + j] + every_permutation(cost, n, row + 1, used | 1u << j));
    return best;
}

static void test_permutations(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 3);
    double a[18], b[18], cost[36];
    for (int trial = 0; trial < 300; trial++) {
        isd_box box = random_box(&rng);
        isd_lattice lattice;
        isd_lattice_init(&lattice, &box);
        int n = 1 + (int)rng_below(&rng, 6);
        random_points(&rng, &box, trial % 3, a, n);
        random_points(&rng, &box, trial % 3, b, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                cost[i * n + j] = cost_of(&lattice, a + 3 * i, b + 3 * j);
        double expected = every_permutation(cost, n, 0, 0);
        isd_assignment x = {0};
        assert_int_equal(isd_assign(&box, a, b, n, NULL, NULL, &x, NULL), ISD_OK);
        assert_true(fabs(x.sum_sq - expected) <= 1e-13 * (1 + expected));
        isd_assignment_done(&x);
    }
}

static void test_nothing(void **state)
{
    (void)state;
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 2, .ly = 2, .lz = 2};
    isd_assignment x = {.n = 7};
    isd_certificate certificate = {0};
    assert_int_equal(isd_assign(&box, NULL, NULL, 0, NULL, NULL, &x, NULL), ISD_OK);
    assert_int_equal(x.n, 0);
    assert_true(x.sum_sq == 0);
    assert_int_equal(isd_assignment_check(&box, NULL, NULL, 0, x.partner, x.v, NULL, &certificate, NULL), ISD_OK);
    assert_true(certificate.certified && certificate.gap_abs == 0);
    isd_assignment_done(&x);
}

static void test_identity_on_ties(void **state)
{
    (void)state;
    /* Two lattices shifted by half a cell: eight equal partners each, and identity is one of the optima. */
    enum { M = 8, N = M * M * M };
    static double a[3 * N], b[3 * N];
    static int32_t prefer[N];
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = M, .ly = M, .lz = M};
    for (int i = 0; i < N; i++) {
        int site[3] = {i % M, i / M % M, i / (M * M)};
        for (int c = 0; c < 3; c++) {
            a[3 * i + c] = site[c];
            b[3 * i + c] = site[c] + 0.5;
        }
        prefer[i] = i;
    }
    isd_assignment x = {0};
    assert_int_equal(isd_assign(&box, a, b, N, prefer, NULL, &x, NULL), ISD_OK);
    for (int i = 0; i < N; i++)
        assert_int_equal(x.partner[i], i);
    assert_true(x.sum_sq == 0.75 * N);
    isd_assignment_done(&x);
}

/* All points in one place, in any two places: proved, though there is hardly a number to round. */
static void test_one_place(void **state)
{
    (void)state;
    enum { N = 700 };
    static double a[3 * N], b[3 * N];
    static const double shifts[] = {0, 2, 1e-170};
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 9, .ly = 9, .lz = 9};
    for (int k = 0; k < 3; k++) {
        isd_assignment x = {0};
        isd_certificate proof = {0};
        for (int i = 0; i < 3 * N; i++) {
            a[i] = k == 2 ? 0 : 1.5;
            b[i] = a[i] + shifts[k];
        }
        assert_int_equal(isd_assign(&box, a, b, N, NULL, NULL, &x, NULL), ISD_OK);
        assert_int_equal(isd_assignment_check(&box, a, b, N, x.partner, x.v, NULL, &proof, NULL), ISD_OK);
        assert_true(proof.certified);
        assert_true(proof.sum_sq == N * 3 * shifts[k] * shifts[k]);
        isd_assignment_done(&x);
    }
}

static void test_bad_positions(void **state)
{
    (void)state;
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 2, .ly = 2, .lz = 2};
    double a[6] = {0, 0, 0, 1, 1, NAN}, b[6] = {0, 0, 0, 1, 1, 1};
    isd_assignment x = {.n = 7};
    isd_error err = {0};
    assert_int_equal(isd_assign(&box, a, b, 2, NULL, NULL, &x, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "point 2"));
    assert_int_equal(isd_assign(&box, b, a, 2, NULL, NULL, &x, &err), ISD_DATA);
    a[5] = 1e200;
    assert_int_equal(isd_assign(&box, a, b, 2, NULL, NULL, &x, &err), ISD_DATA);
    assert_int_equal(isd_assign(&box, a, b, -1, NULL, NULL, &x, &err), ISD_USAGE);
    assert_int_equal(x.n, 7);
}

/* Columns in more bytes than so few need: the same bits, where lists are short and where they are long. */
static void test_wide_columns(void **state)
{
    (void)state;
    enum { N = 2000 };
    static double a[3 * N], b[3 * N];
    struct rng rng;
    rng_init(&rng, 5);
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 15, .ly = 12, .lz = 11};
    for (int spots = 0; spots <= 5; spots += 5) {
        for (int k = 0; k < 3 * N; k++) {
            a[k] = spots > 0 ? rng_below(&rng, (uint32_t)spots) : 11 * rng_double(&rng);
            b[k] = spots > 0 ? rng_below(&rng, (uint32_t)spots) : 11 * rng_double(&rng);
        }
        isd_assignment x = {0}, y = {0};
        struct progress progress = {NULL, 0, 1, NULL};
        assert_int_equal(assign_part(&box, a, b, N, NULL, progress, &x, NULL), ISD_OK);
        assert_int_equal(assign_part_wide(&box, a, b, N, NULL, progress, &y, NULL), ISD_OK);
        assert_memory_equal(x.partner, y.partner, N * sizeof *x.partner);
        assert_memory_equal(x.u, y.u, N * sizeof *x.u);
        assert_memory_equal(x.v, y.v, N * sizeof *x.v);
        assert_true(x.edges == y.edges && x.sum_sq == y.sum_sq);
        isd_assignment_done(&x);
        isd_assignment_done(&y);
    }
}

static void backwards(void *pool, int32_t chunks, isd_chunk_fn *work, void *arg)
{
    (void)pool;
    for (int32_t k = chunks - 1; k >= 0; k--)
        work(arg, k);
}

/* The report changes nothing and adds up; the order in which chunks are worked on does not show. */
static void test_report(void **state)
{
    (void)state;
    enum { N = 3000 };
    static double a[3 * N], b[3 * N];
    struct rng rng;
    rng_init(&rng, 4);
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 15, .ly = 14, .lz = 14};
    random_points(&rng, &box, 0, a, N);
    random_points(&rng, &box, 0, b, N);
    isd_assignment x = {0}, y = {0};
    isd_assign_report report = {.n_phases = 99};
    assert_int_equal(isd_assign(&box, a, b, N, NULL, NULL, &x, NULL), ISD_OK);
    assert_int_equal(isd_assign_reported(&box, a, b, N, NULL, NULL, &y, &report, NULL), ISD_OK);
    assert_memory_equal(x.partner, y.partner, N * sizeof *x.partner);
    assert_memory_equal(x.v, y.v, N * sizeof *x.v);
    assert_in_range(report.n_phases, 4, ISD_ASSIGN_PHASES);
    assert_int_equal(report.levels, 0);
    double bids = 0, seconds = 0;
    for (int k = 0; k < report.n_phases; k++) {
        assert_true(strlen(report.phase[k].name) > 0);
        bids += report.phase[k].bids;
        seconds += report.phase[k].seconds;
    }
    assert_true(bids > N && seconds > 0);
    isd_certificate p = {0}, q = {0};
    isd_control *control = isd_control_new();
    isd_control_set_pool(control, backwards, NULL);
    isd_assignment_done(&y);
    assert_int_equal(isd_assign(&box, a, b, N, NULL, control, &y, NULL), ISD_OK);
    assert_memory_equal(x.partner, y.partner, N * sizeof *x.partner);
    assert_memory_equal(x.v, y.v, N * sizeof *x.v);
    assert_int_equal(isd_assignment_check(&box, a, b, N, x.partner, x.v, NULL, &p, NULL), ISD_OK);
    assert_int_equal(isd_assignment_check(&box, a, b, N, x.partner, x.v, control, &q, NULL), ISD_OK);
    assert_true(p.certified && p.sum_sq == q.sum_sq && p.gap_abs == q.gap_abs && p.bound == q.bound);
    isd_control_free(control);
    isd_assignment_done(&x);
    isd_assignment_done(&y);
    /* A crowd of points in an empty box has its prices from coarse problems. */
    box.lx = box.ly = box.lz = 100;
    assert_int_equal(isd_assign_reported(&box, a, b, N, NULL, NULL, &x, &report, NULL), ISD_OK);
    assert_int_equal(report.levels, 2);
    isd_assignment_done(&x);
}

/* From any start the same optimum, and from its own answer with hardly any work. */
static void test_start(void **state)
{
    (void)state;
    enum { N = 900 };
    static double a[3 * N], b[3 * N], c[3 * N], v[N];
    static int32_t partner[N];
    struct rng rng;
    rng_init(&rng, 5);
    for (int trial = 0; trial < 12; trial++) {
        isd_box box = random_box(&rng);
        random_points(&rng, &box, 0, a, N);
        random_points(&rng, &box, 0, b, N);
        double step = 0.1 * isd_box_spacing(&box, N);
        for (int k = 0; k < 3 * N; k++)
            c[k] = b[k] + step * rng_normal(&rng);
        isd_assignment cold = {0}, near = {0}, x = {0};
        assert_int_equal(isd_assign(&box, a, b, N, NULL, NULL, &cold, NULL), ISD_OK);
        assert_int_equal(isd_assign(&box, a, c, N, NULL, NULL, &near, NULL), ISD_OK);
        isd_assign_start starts[] = {
            {cold.partner, cold.v}, {near.partner, near.v}, {NULL, near.v}, {near.partner, NULL}, {partner, v}, {NULL, v}, {NULL, NULL}};
        for (int k = 0; k < 7; k++) {
            for (int i = 0; i < N; i++) {
                partner[i] = (int32_t)rng_below(&rng, 3 * N) - N;
                v[i] = trial % 3 == 0 && i == N / 2 ? NAN : trial % 3 == 1 ? rng_normal(&rng) * box.lx * box.lx : -1e300 * rng_double(&rng);
            }
            isd_assign_report report;
            isd_certificate certificate = {0};
            assert_int_equal(isd_assign_from(&box, a, b, N, NULL, &starts[k], NULL, &x, &report, NULL), ISD_OK);
            assert_int_equal(isd_assignment_check(&box, a, b, N, x.partner, x.v, NULL, &certificate, NULL), ISD_OK);
            assert_true(certificate.certified);
            assert_true(fabs(x.sum_sq - cold.sum_sq) <= 1e-12 * cold.sum_sq);
            double work = 0;
            for (int phase = 0; phase < report.n_phases; phase++)
                work += report.phase[phase].bids + report.phase[phase].scans;
            assert_true(k != 0 || work < 0.05 * N);
            isd_assignment_done(&x);
        }
        isd_assignment_done(&cold);
        isd_assignment_done(&near);
    }
}

static void test_cancelled(void **state)
{
    (void)state;
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 2, .ly = 2, .lz = 2};
    double a[3] = {0, 0, 0};
    int32_t partner[1] = {0};
    double v[1] = {0};
    isd_assignment x = {.n = 7};
    isd_certificate certificate = {.sum_sq = 7};
    isd_control *control = isd_control_new();
    isd_control_cancel(control);
    assert_int_equal(isd_assign(&box, a, a, 1, NULL, control, &x, NULL), ISD_CANCELLED);
    assert_int_equal(isd_assignment_check(&box, a, a, 1, partner, v, control, &certificate, NULL), ISD_CANCELLED);
    assert_true(x.n == 7 && certificate.sum_sq == 7);
    isd_control_free(control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_boxes),      cmocka_unit_test(test_middle_boxes), cmocka_unit_test(test_permutations),
        cmocka_unit_test(test_nothing),          cmocka_unit_test(test_identity_on_ties), cmocka_unit_test(test_bad_positions),
        cmocka_unit_test(test_wide_columns),     cmocka_unit_test(test_report),       cmocka_unit_test(test_start),
        cmocka_unit_test(test_cancelled),        cmocka_unit_test(test_one_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
