/* Cells: fractions, wrapping, shortest images against counting them all. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/rng.h"
#include "isdmin/box.h"

static isd_box random_box(struct rng *rng, int dim)
{
    isd_box box = {.dim = dim, .origin = {rng_double(rng), -rng_double(rng), 3}};
    for (int k = 0; k < 3; k++)
        box.periodic[k] = rng_below(rng, 4) != 0;
    box.lx = 1 + rng_double(rng);
    box.ly = 1 + rng_double(rng);
    box.lz = 1 + rng_double(rng);
    if (rng_below(rng, 3)) {
        box.xy = 6 * rng_double(rng) - 3;
        box.xz = dim == 3 ? 4 * rng_double(rng) - 2 : 0;
        box.yz = dim == 3 ? 4 * rng_double(rng) - 2 : 0;
    }
    return box;
}

/* The slow truth: all images up to `reach` cell vectors away. */
static double shortest_of_all(const isd_box *box, const double d[3], int reach)
{
    double best = INFINITY;
    int ni = box->periodic[0] ? 3 * reach : 0, nj = box->periodic[1] ? reach : 0;
    int nk = box->periodic[2] && box->dim == 3 ? reach : 0;
    for (int i = -ni; i <= ni; i++)
        for (int j = -nj; j <= nj; j++)
            for (int k = -nk; k <= nk; k++) {
                double x = d[0] + i * box->lx + j * box->xy + k * box->xz;
                double y = d[1] + j * box->ly + k * box->yz;
                double z = box->dim == 2 ? 0 : d[2] + k * box->lz;
                best = fmin(best, x * x + y * y + z * z);
            }
    return best;
}

static void shortest_image_is_the_shortest(void **state)
{
    struct rng rng;
    rng_init(&rng, 1);
    for (int round = 0; round < 400; round++) {
        isd_box box = random_box(&rng, round % 3 == 0 ? 2 : 3);
        isd_lattice lattice;
        isd_lattice_init(&lattice, &box);
        for (int k = 0; k < 10; k++) {
            double d[3], reference[3];
            for (int c = 0; c < 3; c++)
                reference[c] = d[c] = 6 * rng_double(&rng) - 3;
            double sq = isd_lattice_shortest(&lattice, d), truth = shortest_of_all(&box, reference, 7);
            assert_true(fabs(sq - truth) <= 1e-12 * (1 + truth));
            double back[3] = {d[0], d[1], d[2]};
            assert_true(isd_lattice_shortest(&lattice, back) == sq);
        }
    }
    (void)state;
}

static void fractions_and_wrapping(void **state)
{
    struct rng rng;
    rng_init(&rng, 2);
    for (int round = 0; round < 2000; round++) {
        isd_box box = random_box(&rng, round % 2 ? 2 : 3);
        double r[3], s[3], back[3], wrapped[3];
        for (int k = 0; k < 3; k++)
            r[k] = 40 * rng_double(&rng) - 20;
        isd_box_to_fraction(&box, r, s);
        isd_box_from_fraction(&box, s, back);
        for (int k = 0; k < box.dim; k++)
            assert_true(fabs(back[k] - r[k]) < 1e-12 * 100);
        isd_box_wrap(&box, r, wrapped);
        double t[3];
        isd_box_to_fraction(&box, wrapped, t);
        for (int k = 0; k < box.dim; k++) {
            if (box.periodic[k])
                assert_true(t[k] > -1e-12 && t[k] < 1 + 1e-12);
            double moved = t[k] - s[k];
            assert_true(fabs(moved - nearbyint(moved)) < 1e-10);
        }
        double again[3];
        isd_box_wrap(&box, wrapped, again);
        for (int k = 0; k < 3; k++)
            assert_true(again[k] == wrapped[k]);
    }
    (void)state;
}

static void unwrapping_undoes_wrapping(void **state)
{
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 4, .ly = 5, .lz = 6, .xy = 1, .xz = -1, .yz = 0.5};
    double r[3] = {1, 2, 3}, out[3];
    isd_box_unwrap(&box, r, (int[3]){1, -2, 3}, out);
    assert_true(fabs(out[0] - (1 + 4 - 2 - 3)) < 1e-12 && fabs(out[1] - (2 - 10 + 1.5)) < 1e-12 && out[2] == 21);
    isd_box_wrap(&box, out, out);
    for (int k = 0; k < 3; k++)
        assert_true(fabs(out[k] - r[k]) < 1e-12);
    (void)state;
}

static void bad_boxes_are_refused(void **state)
{
    isd_error err;
    isd_box good = {.dim = 3, .lx = 1, .ly = 1, .lz = 1}, bad = good;
    assert_int_equal(isd_box_check(&good, &err), ISD_OK);
    bad.ly = 0;
    assert_int_equal(isd_box_check(&bad, &err), ISD_DATA);
    assert_non_null(strstr(err.what, "along y"));
    bad = good;
    bad.xz = NAN;
    assert_int_equal(isd_box_check(&bad, &err), ISD_DATA);
    bad = good;
    bad.dim = 2;
    bad.lz = 0;
    assert_int_equal(isd_box_check(&bad, &err), ISD_OK);
    (void)state;
}

static void volumes_and_thickness(void **state)
{
    isd_box box = {.dim = 3, .lx = 2, .ly = 3, .lz = 4, .xy = 100};
    assert_true(isd_box_volume(&box) == 24);
    assert_true(fabs(isd_box_spacing(&box, 3) - 2) < 1e-15);
    double expected = 2 * 3 / sqrt(100.0 * 100.0 + 9.0); /* area over the long edge */
    assert_true(fabs(isd_box_thickness(&box) - expected) < 1e-12);
    box.dim = 2;
    assert_true(isd_box_volume(&box) == 6 && isd_box_spacing(&box, 6) == 1);
    isd_box other = box;
    other.lx *= 1 + 1e-12;
    assert_true(isd_box_equal(&box, &other));
    other.lx = 2 * (1 + 1e-6);
    assert_false(isd_box_equal(&box, &other));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shortest_image_is_the_shortest), cmocka_unit_test(fractions_and_wrapping),
        cmocka_unit_test(unwrapping_undoes_wrapping),     cmocka_unit_test(bad_boxes_are_refused),
        cmocka_unit_test(volumes_and_thickness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
