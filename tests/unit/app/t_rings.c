/* Cycles as lists agree with what is counted of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "app/rings.h"

#define N 60

/* A permutation with its cycles numbered as a match numbers them; u_mat and u_lab by place and atom. */
struct made {
    struct match match;
    int32_t partner[N], cycle[N], length[N];
    double u_mat[N], u_lab[N];
};

static void make(struct made *made, unsigned seed)
{
    int32_t count = 0;
    for (int32_t i = 0; i < N; i++)
        made->partner[i] = i;
    for (int32_t i = N - 1; i > 0; i--) {
        seed = seed * 1664525u + 1013904223u;
        int32_t j = (int32_t)((seed >> 16) % (unsigned)(i + 1)), keep = made->partner[i];
        /* A third of the atoms stays where it is. */
        if (i % 3 == 0 || j % 3 == 0)
            continue;
        made->partner[i] = made->partner[j];
        made->partner[j] = keep;
    }
    for (int32_t i = 0; i < N; i++) {
        int32_t length = 0, k = i, smallest = i;
        do {
            length++;
            k = made->partner[k];
            smallest = k < smallest ? k : smallest;
        } while (k != i);
        made->length[i] = length;
        made->cycle[i] = length == 1 ? 0 : smallest == i ? ++count : made->cycle[smallest];
        made->u_mat[i] = 0.01 * (i % 10);
        made->u_lab[i] = 1 + 0.1 * (i % 5);
    }
    made->match = (struct match){.n = N, .labelled = true, .partner = made->partner, .cycle = made->cycle, .cycle_length = made->length,
                                 .u_mat = made->u_mat, .u_lab = made->u_lab, .n_cycles = count, .longest = N};
}

static void each_goes_to_the_place_of_the_next(const struct made *made, const struct rings *rings, double cut)
{
    for (int32_t r = 0; r < rings->n; r++) {
        const struct ring *ring = &rings->ring[r];
        const int32_t *member = rings->member + ring->first;
        for (int32_t k = 1; k < ring->length; k++) {
            assert_int_equal(made->partner[member[k]], member[k - 1]);
            assert_false(made->u_mat[member[k]] > cut);
        }
        if (ring->closed)
            assert_int_equal(made->partner[member[0]], member[ring->length - 1]);
        if (r > 0)
            assert_true(ring->length <= rings->ring[r - 1].length);
        assert_int_equal(rings_of(rings, member[0]) >= 0, 1);
    }
}

static void counts_agree(void **state)
{
    static const double cuts[] = {-1, 0.075, 0.045, 0.005};
    for (unsigned seed = 1; seed < 40; seed++)
        for (int c = 0; c < 4; c++) {
            struct made made;
            struct rings rings;
            struct cycle_stats stats;
            isd_error err;
            make(&made, seed);
            assert_int_equal(rings_make(&made.match, cuts[c] < 0 ? NAN : cuts[c], &rings, &err), ISD_OK);
            assert_int_equal(cycle_stats(made.partner, made.u_mat, N, cuts[c], &stats, &err), ISD_OK);
            assert_int_equal(rings.fixed, stats.fixed);
            assert_int_equal(rings.n_cycles, stats.n_cycles);
            assert_int_equal(rings.n_chains, stats.n_chains);
            assert_int_equal(rings.n, stats.n_cycles + stats.n_chains);
            assert_int_equal(rings.fixed + rings.exchanged, N);
            for (int32_t length = 2; length <= stats.longest; length++)
                assert_int_equal(rings.cycle_count[length], stats.length_count[length]);
            for (int32_t edges = 1; edges <= stats.longest_chain; edges++)
                assert_int_equal(rings.chain_count[edges], stats.chain_count[edges]);
            each_goes_to_the_place_of_the_next(&made, &rings, cuts[c] < 0 ? HUGE_VAL : cuts[c]);
            rings_done(&rings);
            cycle_stats_done(&stats);
        }
}

static void numbers_are_means(void **state)
{
    struct made made;
    struct rings rings;
    isd_error err;
    make(&made, 3);
    for (int32_t i = 0; i < N; i++)
        made.u_lab[i] = 1.25;
    assert_int_equal(rings_make(&made.match, NAN, &rings, &err), ISD_OK);
    assert_true(rings.n > 0);
    for (int32_t r = 0; r < rings.n; r++) {
        assert_float_equal(rings.ring[r].u_lab, 1.25, 1e-12);
        assert_true(rings.ring[r].u_mat <= rings.ring[r].longest);
    }
    rings_done(&rings);
    made.match.labelled = false;
    assert_int_equal(rings_make(&made.match, NAN, &rings, &err), ISD_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_agree), cmocka_unit_test(numbers_are_means)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
