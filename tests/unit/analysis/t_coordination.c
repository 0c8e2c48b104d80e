/* Neighbours: counts against all pairs and images, reaches of crystals. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "analysis/coordination.h"
#include "base/rng.h"

static isd_snapshot *new_snapshot(const isd_box *box, int32_t n)
{
    isd_snapshot *snapshot = NULL;
    assert_int_equal(isd_snapshot_new(n, false, &snapshot, NULL), ISD_OK);
    snapshot->box = *box;
    for (int32_t i = 0; i < n; i++) {
        snapshot->id[i] = i + 1;
        snapshot->type[i] = 1;
    }
    return snapshot;
}

static int32_t count_one(const isd_snapshot *s, int32_t i, int n_types, const double *reach)
{
    int32_t count = 0;
    for (int32_t j = 0; j < s->n; j++)
        for (int a = -2; a <= 2; a++)
            for (int b = -2; b <= 2; b++)
                for (int c = s->box.dim == 3 ? -2 : 0; c <= (s->box.dim == 3 ? 2 : 0); c++) {
                    const double *p = s->position + 3 * (size_t)i, *q = s->position + 3 * (size_t)j;
                    double x = q[0] - p[0] + a * s->box.lx + b * s->box.xy + c * s->box.xz, y = q[1] - p[1] + b * s->box.ly + c * s->box.yz,
                           z = s->box.dim == 3 ? q[2] - p[2] + c * s->box.lz : 0;
                    double r = reach[(s->type[i] - 1) * n_types + s->type[j] - 1];
                    count += (i != j || a || b || c) && x * x + y * y + z * z < r * r;
                }
    return count;
}

/* Small cells with several images, tilted ones, flat ones; more than one domain. */
static void counts_are_those_of_all_pairs(void **state)
{
    static const struct {
        isd_box box;
        int32_t n;
    } cases[] = {
        {{.lx = 3, .ly = 3.5, .lz = 4, .dim = 3, .periodic = {true, true, true}}, 60},
        {{.lx = 9, .ly = 8, .lz = 7, .xy = 2, .xz = -1, .yz = 1.5, .dim = 3, .periodic = {true, true, true}}, 700},
        {{.lx = 20, .ly = 21, .lz = 1, .dim = 2, .periodic = {true, true, true}}, 500},
    };
    static const double reach[9] = {1.1, 0.9, 0, 0.9, 1.3, 0.7, 0, 0.7, 1.0};
    struct rng rng;
    (void)state;
    rng_init(&rng, 7);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        isd_snapshot *s = new_snapshot(&cases[k].box, cases[k].n);
        int32_t *count = malloc((size_t)s->n * sizeof *count), total = 0;
        for (int32_t i = 0; i < s->n; i++) {
            double place[3] = {rng_double(&rng), rng_double(&rng), s->box.dim == 3 ? rng_double(&rng) : 0};
            isd_box_from_fraction(&s->box, place, s->position + 3 * (size_t)i);
            s->type[i] = 1 + (int32_t)rng_below(&rng, 3);
        }
        assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
        assert_int_equal(coordination_count(s, 3, reach, NULL, count, NULL), ISD_OK);
        for (int32_t i = 0; i < s->n; i++) {
            assert_int_equal(count[i], count_one(s, i, 3, reach));
            total += count[i];
        }
        assert_true(total > s->n / 2);
        free(count);
        isd_snapshot_unref(s);
    }
}

/* Shaken a little, as matter is: 12 neighbours in fcc, 6 in a triangular lattice, 6 unlike ones in rock salt, whose like ones are the
 * second shell; nobody near in an empty cell. */
static void crystals_have_their_shells(void **state)
{
    enum { M = 6, N = 4 * M * M * M };
    static const double fcc[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
    struct rng rng;
    (void)state;
    rng_init(&rng, 3);
    for (int salt = 0; salt < 2; salt++) {
        isd_box box = {.lx = M, .ly = M, .lz = M, .dim = 3, .periodic = {true, true, true}};
        isd_snapshot *s = new_snapshot(&box, salt ? 2 * N : N);
        double reach[4];
        int32_t *count = malloc((size_t)s->n * sizeof *count);
        for (int32_t i = 0; i < s->n; i++) {
            int32_t cell = i % N / 4;
            int at[3] = {cell % M, cell / M % M, cell / M / M};
            for (int q = 0; q < 3; q++)
                s->position[3 * i + q] = at[q] + fcc[i % 4][q] + (i >= N && q == 0 ? 0.5 : 0) + 0.05 * (rng_double(&rng) - 0.5);
            s->type[i] = i >= N ? 2 : 1;
        }
        assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
        assert_int_equal(coordination_reach(s, 1 + salt, NULL, reach, NULL), ISD_OK);
        if (salt) {
            assert_true(reach[1] > 0.5 && reach[1] < 0.866 && reach[1] == reach[2]);
        } else {
            assert_true(reach[0] > 0.71 && reach[0] < 1);
        }
        if (salt) /* at sqrt(2) times the distance it may count or not; what is told apart is tested by the first shell */
            reach[0] = reach[3] = 0;
        assert_int_equal(coordination_count(s, 1 + salt, reach, NULL, count, NULL), ISD_OK);
        for (int32_t i = 0; i < s->n; i++)
            assert_int_equal(count[i], salt ? 6 : 12);
        free(count);
        isd_snapshot_unref(s);
    }
}

static void few_atoms_have_no_shell(void **state)
{
    isd_box box = {.lx = 10, .ly = 10, .lz = 10, .dim = 3, .periodic = {true, true, true}};
    isd_snapshot *s = new_snapshot(&box, 1);
    double reach[1] = {5};
    int32_t count = 9;
    (void)state;
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    assert_int_equal(coordination_reach(s, 1, NULL, reach, NULL), ISD_OK);
    assert_true(reach[0] == 0);
    assert_int_equal(coordination_count(s, 1, reach, NULL, &count, NULL), ISD_OK);
    assert_int_equal(count, 0);
    isd_snapshot_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_all_pairs),
        cmocka_unit_test(crystals_have_their_shells),
        cmocka_unit_test(few_atoms_have_no_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
