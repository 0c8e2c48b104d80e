/* Snapshots: sorting, checks, references. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/rng.h"
#include "isdmin/snapshot.h"

static isd_snapshot *three(const int64_t id[3])
{
    isd_snapshot *s = NULL;
    assert_int_equal(isd_snapshot_new(3, true, &s, NULL), ISD_OK);
    s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = 10, .ly = 10, .lz = 10};
    s->has_ids = true;
    for (int i = 0; i < 3; i++) {
        s->id[i] = id[i];
        s->type[i] = 1 + i % 2;
        s->position[3 * i] = (double)id[i];
        s->image[3 * i] = (int32_t)id[i];
    }
    return s;
}

static void sorted_by_id_with_everything(void **state)
{
    isd_snapshot *s = three((int64_t[]){900, 5, 70});
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    const int64_t want[] = {5, 70, 900};
    for (int i = 0; i < 3; i++) {
        assert_true(s->id[i] == want[i] && s->position[3 * i] == (double)want[i] && s->image[3 * i] == want[i]);
        assert_int_equal(isd_snapshot_find(s, want[i]), i);
    }
    assert_int_equal(s->type[0], 2);
    assert_int_equal(s->n_types, 2);
    assert_int_equal(isd_snapshot_find(s, 6), -1);
    assert_int_equal(isd_snapshot_count(s, 1), 2);
    double r[3];
    isd_snapshot_unwrapped(s, 0, r);
    assert_true(r[0] == 5 + 5 * 10);
    isd_snapshot *moved = NULL;
    double position[9] = {0};
    assert_int_equal(isd_snapshot_with_positions(s, position, &moved, NULL), ISD_OK);
    assert_true(isd_snapshot_ref(s) == s);
    isd_snapshot_unref(s);
    isd_snapshot_unref(s);
    assert_true(moved->id[2] == 900 && moved->position[6] == 0 && moved->image[6] == 900);
    isd_snapshot_unref(moved);
    (void)state;
}

/* Ids as files have them: a permutation, with holes, far apart; what belongs to an atom moves with it. */
static void any_order_is_sorted(void **state)
{
    struct rng rng;
    rng_init(&rng, 4);
    for (int trial = 0; trial < 60; trial++) {
        int32_t n = 1 + (int32_t)rng_below(&rng, 3000);
        int64_t id = trial % 3 == 2 ? INT64_MAX / 2 : 1;
        isd_snapshot *s = NULL;
        assert_int_equal(isd_snapshot_new(n, trial % 2, &s, NULL), ISD_OK);
        s->has_ids = true;
        for (int32_t i = 0; i < n; i++) {
            s->id[i] = id;
            id += trial % 3 == 0 ? 1 : 1 + (int64_t)(rng_next(&rng) >> (trial % 3 == 1 ? 50 : 17));
        }
        for (int32_t i = n - 1; i > 0; i--) {
            int32_t k = (int32_t)rng_below(&rng, (uint32_t)i + 1);
            int64_t swap = s->id[i];
            s->id[i] = s->id[k];
            s->id[k] = swap;
        }
        for (int32_t i = 0; i < n; i++) {
            s->type[i] = 1 + (int32_t)(s->id[i] % 3);
            for (int d = 0; d < 3; d++) {
                s->position[3 * i + d] = (double)s->id[i] + 0.25 * d;
                if (s->image)
                    s->image[3 * i + d] = (int32_t)(s->id[i] % 1000) + d;
            }
        }
        assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
        for (int32_t i = 0; i < n; i++) {
            assert_true(i == 0 || s->id[i - 1] < s->id[i]);
            assert_int_equal(s->type[i], 1 + s->id[i] % 3);
            for (int d = 0; d < 3; d++) {
                assert_true(s->position[3 * i + d] == (double)s->id[i] + 0.25 * d);
                assert_true(!s->image || s->image[3 * i + d] == s->id[i] % 1000 + d);
            }
        }
        isd_snapshot_unref(s);
    }
    (void)state;
}

static void bad_ids_and_types_are_refused(void **state)
{
    isd_error err;
    isd_snapshot *s = three((int64_t[]){7, 5, 7});
    assert_int_equal(isd_snapshot_freeze(s, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "id 7 appears twice"));
    isd_snapshot_unref(s);
    s = three((int64_t[]){0, 5, 7});
    assert_int_equal(isd_snapshot_freeze(s, &err), ISD_DATA);
    isd_snapshot_unref(s);
    s = three((int64_t[]){1, 2, 3});
    s->type[1] = ISD_MAX_TYPES + 1;
    assert_int_equal(isd_snapshot_freeze(s, &err), ISD_DATA);
    isd_snapshot_unref(s);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorted_by_id_with_everything), cmocka_unit_test(any_order_is_sorted),
                                       cmocka_unit_test(bad_ids_and_types_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
