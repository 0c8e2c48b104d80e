/* What changes the fingerprint of a frame, and what does not. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/fingerprint.h"

/* Two atoms; `changed` says which one thing is not as in number 0. */
static struct hash128 frame(int changed)
{
    isd_snapshot *s = NULL;
    assert_int_equal(isd_snapshot_new(changed == 1 ? 3 : 2, changed != 2, &s, NULL), ISD_OK);
    s->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = 10, .ly = 10, .lz = 10};
    s->has_ids = changed != 3;
    for (int i = 0; i < s->n; i++) {
        s->id[i] = 5 + i + (changed == 4 && i == 1);
        s->type[i] = 1 + (changed == 5 && i == 1);
        s->position[3 * i] = i + (changed == 6 && i == 1) * 1e-15;
        if (s->image)
            s->image[3 * i + 2] = changed == 7 && i == 1;
    }
    s->box.xy = changed == 8;
    s->box.origin[1] = changed == 9;
    s->unwrapped = changed == 10;
    if (changed == 11) { /* from here on: what does not count */
        s->step = 7;
        s->has_step = true;
    }
    s->box.dim = changed == 12 ? 2 : 3;
    s->box.periodic[2] = changed != 13;
    if (changed == 14)
        strcpy(s->element[1], "Si");
    assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
    struct hash128 sum = frame_fingerprint(s);
    isd_snapshot_unref(s);
    return sum;
}

static void each_thing(void **state)
{
    struct hash128 first = frame(0);
    for (int changed = 0; changed <= 14; changed++) {
        struct hash128 other = frame(changed);
        bool counts = changed >= 1 && changed <= 10;
        assert_int_equal(hash128_equal(&first, &other), !counts);
    }
}

static void atoms_in_another_order(void **state)
{
    struct hash128 sum[2];
    for (int k = 0; k < 2; k++) {
        isd_snapshot *s = NULL;
        assert_int_equal(isd_snapshot_new(2, false, &s, NULL), ISD_OK);
        s->has_ids = true;
        for (int i = 0; i < 2; i++) {
            s->id[i] = 1 + (i ^ k);
            s->type[i] = 1;
            s->position[3 * i] = (double)s->id[i] / 3;
        }
        assert_int_equal(isd_snapshot_freeze(s, NULL), ISD_OK);
        sum[k] = frame_fingerprint(s);
        isd_snapshot_unref(s);
    }
    assert_true(hash128_equal(&sum[0], &sum[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_thing), cmocka_unit_test(atoms_in_another_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
