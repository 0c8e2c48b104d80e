/* Ten thousand random pairs of frames against a dense solver, and small ones without exception against every permutation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/match.h"
#include "../unit/match/dense.h"
#include "../unit/match/frame.h"

enum { CASES = 10000, MOST = 48 };

/* The optimum over atoms of one type (0: all) by the dense solver. */
static double expected(const isd_snapshot *a, const isd_snapshot *b, int type)
{
    static double cost[MOST * MOST];
    int32_t of_a[MOST], of_b[MOST];
    int n = 0, m = 0;
    isd_lattice lattice;
    isd_lattice_init(&lattice, &a->box);
    for (int32_t i = 0; i < a->n; i++) {
        if (type == 0 || a->type[i] == type)
            of_a[n++] = i;
        if (type == 0 || b->type[i] == type)
            of_b[m++] = i;
    }
    assert_int_equal(n, m);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            cost[i * n + j] = cost_of(&lattice, a->position + 3 * of_a[i], b->position + 3 * of_b[j]);
    return dense_optimum(cost, n, NULL, NULL);
}

static struct match *match_of(const isd_snapshot *a, const isd_snapshot *b, struct match_options options)
{
    struct match *match = NULL;
    isd_error err = {0};
    assert_int_equal(match_snapshots(a, b, &options, NULL, &match, &err), ISD_OK);
    assert_true(match->certified && match->gap_abs >= 0);
    return match;
}

static void assert_near(double x, double y)
{
    assert_true(fabs(x - y) <= 1e-12 * (x + y) + 1e-14);
}

/* A pair in all kinds of boxes; types may be anywhere in b. */
static void random_pair(struct rng *rng, int trial, const isd_snapshot *ret_pair[3])
{
    static double r[3][3 * MOST];
    int32_t type[MOST], turned[MOST];
    isd_box box = random_box(rng);
    int n = (int)rng_below(rng, trial % 10 == 0 ? MOST : 16), kind = (int)rng_below(rng, 3), types = 1 + (int)rng_below(rng, 4);
    for (int k = 0; k < 3; k++)
        random_points(rng, &box, kind, r[k], n);
    if (rng_below(rng, 4) == 0) /* hardly moved */
        for (int k = 0; k < 3 * n; k++)
            r[1][k] = r[0][k] + (kind == 1 ? 0 : 0.01 * rng_double(rng));
    if (rng_below(rng, 2)) /* as near as a start is taken from */
        for (int k = 0; k < 3 * n; k++)
            r[2][k] = r[1][k] + 0.02 * rng_double(rng);
    for (int i = 0; i < n; i++)
        type[i] = turned[i] = 1 + (int)rng_below(rng, (uint32_t)types);
    for (int i = n - 1; i > 0 && trial % 3 == 0; i--) {
        int k = (int)rng_below(rng, (uint32_t)i + 1);
        int32_t t = turned[i];
        turned[i] = turned[k];
        turned[k] = t;
    }
    ret_pair[0] = frame_of(&box, n, r[0], type);
    ret_pair[1] = frame_of(&box, n, r[1], turned);
    ret_pair[2] = frame_of(&box, n, r[2], turned);
}

static void test_random_pairs(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 41);
    for (int trial = 0; trial < CASES; trial++) {
        const isd_snapshot *f[3];
        random_pair(&rng, trial, f);
        struct match_options options = {.blind = trial % 4 == 1};
        struct match *ab = match_of(f[0], f[1], options);
        double sum = 0;
        if (options.blind)
            sum = expected(f[0], f[1], 0);
        for (int type = 1; type <= f[0]->n_types && !options.blind; type++)
            sum += expected(f[0], f[1], type);
        assert_near(ab->sum_sq, sum);
        assert_true(f[0]->n == 0 || ab->d_min <= ab->rmsd * (1 + 1e-12) || trial % 3 == 0);
        /* From the partners and prices of another pair: the same optimum. */
        struct match *ac = match_of(f[0], f[2], options);
        options.start = ac;
        struct match *warm = match_of(f[0], f[1], options);
        assert_near(warm->sum_sq, sum);
        options.start = warm;
        struct match *again = match_of(f[0], f[1], options);
        assert_near(again->sum_sq, sum);
        struct match *ba = match_of(f[1], f[0], (struct match_options){.blind = options.blind});
        assert_near(ba->sum_sq, sum);
        struct match *made[] = {ab, ac, warm, again, ba};
        for (size_t k = 0; k < sizeof made / sizeof made[0]; k++)
            match_free(made[k]);
        for (int k = 0; k < 3; k++)
            isd_snapshot_unref(f[k]);
    }
}

static double every_permutation(const double *cost, int n, int row, unsigned used)
{
    double best = row == n ? 0 : INFINITY;
    for (int j = 0; j < n && row < n; j++)
        if (!(used >> j & 1))
            best = fmin(best, cost[row * n + j] + every_permutation(cost, n, row + 1, used | 1u << j));
    return best;
}

/* All ways to put three points of a and three of b on the sites of a small grid, periodic or not. */
static void every_placement(const isd_box *box, const int sites[3])
{
    enum { N = 3 };
    int total = sites[0] * sites[1] * sites[2], all = 1;
    double a[3 * N], b[3 * N], cost[N * N];
    isd_lattice lattice;
    isd_lattice_init(&lattice, box);
    for (int k = 0; k < 2 * N; k++)
        all *= total;
    for (int number = 0; number < all; number++) {
        for (int k = 0, left = number; k < 2 * N; k++, left /= total) {
            int at = left % total, place[] = {at % sites[0], at / sites[0] % sites[1], at / sites[0] / sites[1]};
            double s[3], *r = k < N ? a + 3 * k : b + 3 * (k - N);
            for (int c = 0; c < 3; c++)
                s[c] = (double)place[c] / sites[c];
            isd_box_from_fraction(box, s, r);
        }
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                cost[i * N + j] = cost_of(&lattice, a + 3 * i, b + 3 * j);
        isd_assignment x = {0};
        isd_certificate proof;
        assert_int_equal(isd_assign(box, a, b, N, NULL, NULL, &x, NULL), ISD_OK);
        assert_near(x.sum_sq, every_permutation(cost, N, 0, 0));
        assert_int_equal(isd_assignment_check(box, a, b, N, x.partner, x.v, NULL, &proof, NULL), ISD_OK);
        assert_true(proof.certified);
        isd_assignment_done(&x);
    }
}

static void test_every_placement(void **state)
{
    (void)state;
    static const int ring[] = {5, 1, 1}, plane[] = {2, 2, 1}, column[] = {1, 1, 4};
    for (int periodic = 0; periodic < 2; periodic++) {
        isd_box box = {.dim = 2, .periodic = {periodic, true, true}, .lx = 5, .ly = 1.5, .lz = 1};
        every_placement(&box, ring);
        box = (isd_box){.dim = 3, .periodic = {true, periodic, true}, .lx = 1, .ly = 1, .lz = 0.7, .xy = 0.5, .yz = -0.4};
        every_placement(&box, plane);
        box = (isd_box){.dim = 3, .periodic = {periodic, periodic, periodic}, .lx = 2, .ly = 2, .lz = 2};
        every_placement(&box, column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_pairs), cmocka_unit_test(test_every_placement)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
