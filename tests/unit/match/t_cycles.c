/* Cycles and chains of permutations. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "match/match.h"

static void test_lengths(void **state)
{
    (void)state;
    const int32_t next[] = {0, 2, 1, 4, 5, 6, 3, 8, 7, 9};
    struct cycle_stats stats;
    assert_int_equal(cycle_stats(next, NULL, 10, -1, &stats, NULL), ISD_OK);
    assert_int_equal(stats.fixed, 2);
    assert_int_equal(stats.n_cycles, 3);
    assert_int_equal(stats.longest, 4);
    assert_int_equal(stats.length_count[2], 2);
    assert_int_equal(stats.length_count[3], 0);
    assert_int_equal(stats.length_count[4], 1);
    assert_int_equal(stats.n_chains, 0);
    cycle_stats_done(&stats);
}

static void test_chains(void **state)
{
    (void)state;
    /* A ring of six loses the edges that leave 1 and 4: chains of two and two edges. The pair stays whole. */
    const int32_t next[] = {1, 2, 3, 4, 5, 0, 7, 6};
    const double u[] = {0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.2, 0.3};
    struct cycle_stats stats;
    assert_int_equal(cycle_stats(next, u, 8, 0.5, &stats, NULL), ISD_OK);
    assert_int_equal(stats.n_cycles, 1);
    assert_int_equal(stats.longest, 2);
    assert_int_equal(stats.n_chains, 2);
    assert_int_equal(stats.longest_chain, 2);
    assert_int_equal(stats.chain_count[2], 2);
    cycle_stats_done(&stats);
    /* With no edge left there is no chain either. */
    assert_int_equal(cycle_stats(next, u, 8, 0.05, &stats, NULL), ISD_OK);
    assert_int_equal(stats.n_cycles + stats.n_chains + stats.fixed, 0);
    cycle_stats_done(&stats);
    /* One cut opens a ring of six to a chain of five. */
    const double one[] = {0.1, 0.9, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3};
    assert_int_equal(cycle_stats(next, one, 8, 0.5, &stats, NULL), ISD_OK);
    assert_int_equal(stats.n_chains, 1);
    assert_int_equal(stats.longest_chain, 5);
    cycle_stats_done(&stats);
}

static void test_refused(void **state)
{
    (void)state;
    struct cycle_stats stats = {.fixed = 7};
    const int32_t twice[] = {1, 1, 0}, outside[] = {0, 1, 3}, below[] = {0, -1, 2};
    assert_int_equal(cycle_stats(twice, NULL, 3, -1, &stats, NULL), ISD_USAGE);
    assert_int_equal(cycle_stats(outside, NULL, 3, -1, &stats, NULL), ISD_USAGE);
    assert_int_equal(cycle_stats(below, NULL, 3, -1, &stats, NULL), ISD_USAGE);
    assert_int_equal(stats.fixed, 7);
    assert_int_equal(cycle_stats(twice, NULL, 0, -1, &stats, NULL), ISD_OK);
    assert_int_equal(stats.longest, 0);
    cycle_stats_done(&stats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
