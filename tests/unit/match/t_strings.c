/* Strings of mobile atoms: known ones, and any against all pairs. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "match/strings.h"
#include "dense.h"
#include "frame.h"

/* Types take turns. */
static const isd_snapshot *frame(const isd_box *box, int32_t n, const double *r)
{
    isd_snapshot *s = frame_new(box, n, r, NULL, false);
    for (int32_t i = 0; i < n; i++)
        s->type[i] = 1 + i % 2;
    return frame_frozen(s);
}

static struct match *match_of(const isd_box *box, int32_t n, const double *a, const double *b)
{
    struct match *match = NULL;
    const isd_snapshot *fa = frame(box, n, a), *fb = frame(box, n, b);
    struct match_options options = {.blind = true};
    assert_int_equal(match_snapshots(fa, fb, &options, NULL, &match, NULL), ISD_OK);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
    return match;
}

/* Four atoms in a row through the boundary move up by one place, one more goes elsewhere, two stay. */
static void test_row(void **state)
{
    (void)state;
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 9, .ly = 9, .lz = 9};
    const double a[] = {6, 1, 1, 7, 1, 1, 8, 1, 1, 0, 1, 1, 4, 4, 4, 2, 7, 7, 6, 6, 3};
    const double b[] = {7, 1, 1, 8, 1, 1, 0, 1, 1, 1, 1, 1, 4, 4, 5.5, 2, 7, 7.01, 6, 6, 3};
    struct match *m = match_of(&box, 7, a, b);
    struct string_options options = {.u_min = 0.5, .delta = 0.3};
    struct strings s;
    assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
    assert_int_equal(s.mobile, 5);
    assert_int_equal(s.n_strings, 2);
    assert_int_equal(s.longest, 4);
    assert_int_equal(s.count[4], 1);
    assert_int_equal(s.count[1], 1);
    assert_true(s.mean == 2.5 && s.u_min >= 1 && s.delta == 0.3);
    assert_int_equal(s.on_cycles, 0); /* a row that does not close is no cycle: the matching leaves all atoms as they are */
    strings_done(&s);
    /* The fastest two of seven; one type alone; nobody. */
    options = (struct string_options){.share = 2 / 7.0};
    assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
    assert_true(s.mobile == 2 && fabs(s.delta - 0.6 * m->r0) < 1e-15);
    strings_done(&s);
    options = (struct string_options){.u_min = 0.5, .type = 2, .delta = 0.3};
    assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
    assert_true(s.mobile == 2 && s.longest == 1);
    strings_done(&s);
    options = (struct string_options){.u_min = 50};
    assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
    assert_true(s.mobile == 0 && s.n_strings == 0 && s.longest == 0 && isnan(s.mean) && isnan(s.u_min));
    strings_done(&s);
    match_free(m);
}

static void test_ring(void **state)
{
    (void)state;
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 9, .ly = 9, .lz = 9};
    const double a[] = {1, 1, 1, 2, 1, 1, 2, 2, 1, 5, 5, 5}, b[] = {2, 1, 1, 2, 2, 1, 1, 1, 1, 5, 5, 6};
    struct match *m = match_of(&box, 4, a, b);
    struct string_options options = {.share = 1, .delta = 0.1};
    struct strings s;
    assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
    assert_true(s.longest == 3 && s.n_strings == 2 && s.on_cycles == 3);
    strings_done(&s);
    match_free(m);
}

/* Components by all pairs, from the definition. */
static int by_pairs(const isd_lattice *lattice, const double *a, const double *b, int n, double delta, int *ret_longest)
{
    int label[64], size[64] = {0}, strings = 0;
    for (int i = 0; i < n; i++)
        label[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double near = fmin(cost_of(lattice, a + 3 * j, b + 3 * i), cost_of(lattice, b + 3 * j, a + 3 * i));
                if (i != j && near < delta * delta && label[i] < label[j]) {
                    label[j] = label[i];
                    changed = true;
                }
            }
    }
    *ret_longest = 0;
    for (int i = 0; i < n; i++)
        size[label[i]]++;
    for (int i = 0; i < n; i++) {
        strings += size[i] > 0;
        *ret_longest = size[i] > *ret_longest ? size[i] : *ret_longest;
    }
    return strings;
}

static void test_against_pairs(void **state)
{
    (void)state;
    enum { N = 40 };
    struct rng rng;
    rng_init(&rng, 31);
    int some = 0;
    for (int trial = 0; trial < 300; trial++) {
        isd_box box = random_box(&rng);
        isd_lattice lattice;
        double a[3 * N], b[3 * N];
        isd_lattice_init(&lattice, &box);
        random_points(&rng, &box, 0, a, N);
        random_points(&rng, &box, 0, b, N);
        struct match *m = match_of(&box, N, a, b);
        struct string_options options = {.share = 1, .delta = m->r0 * (0.2 + 0.4 * rng_double(&rng))};
        struct strings s;
        int longest;
        assert_int_equal(strings_find(m, &options, NULL, &s, NULL), ISD_OK);
        int want = by_pairs(&lattice, a, b, N, s.delta, &longest);
        if (s.n_strings != want || s.longest != longest)
            fail_msg("trial %d: %d of %d, wanted %d of %d", trial, s.n_strings, s.longest, want, longest);
        some += longest > 2 && want > 2;
        strings_done(&s);
        match_free(m);
    }
    assert_true(some > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_row), cmocka_unit_test(test_ring), cmocka_unit_test(test_against_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
