/* g(r) against a plain sum over images, normalisation, first peak, p(u). SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/histogram.h"
#include "base/clock.h"
#include "base/rng.h"

static isd_snapshot *random_snapshot(const isd_box *box, int32_t n, int n_types, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed);
    isd_snapshot *snapshot = NULL;
    assert_int_equal(isd_snapshot_new(n, false, &snapshot, NULL), ISD_OK);
    snapshot->box = *box;
    for (int32_t i = 0; i < n; i++) {
        /* Some atoms are a few boxes away, as unwrapped positions are. */
        double s[3];
        for (int k = 0; k < 3; k++) {
            s[k] = rng_double(&rng) + (double)rng_below(&rng, 3) - 1;
        }
        isd_box_from_fraction(box, s, snapshot->position + 3 * (size_t)i);
        snapshot->type[i] = 1 + (int32_t)rng_below(&rng, (uint32_t)n_types);
        snapshot->id[i] = i + 1;
    }
    snapshot->type[0] = n_types;
    assert_int_equal(isd_snapshot_freeze(snapshot, NULL), ISD_OK);
    return snapshot;
}

/* All pairs with all images in a range that is surely wide enough, straight from the definition. */
static void brute(const isd_snapshot *snapshot, int bins, double max, int range, int64_t *ret_counts)
{
    const isd_box *box = &snapshot->box;
    int m[3];
    for (int k = 0; k < 3; k++) {
        m[k] = k < box->dim && box->periodic[k] ? range : 0;
    }
    memset(ret_counts, 0, (size_t)(histogram_n_pairs(snapshot->n_types) * bins) * sizeof *ret_counts);
    for (int32_t i = 0; i < snapshot->n; i++) {
        for (int32_t j = i + 1; j < snapshot->n; j++) {
            int64_t *counts =
                ret_counts + histogram_pair(snapshot->type[i], snapshot->type[j], snapshot->n_types) * bins;
            for (int a = -m[0]; a <= m[0]; a++) {
                for (int b = -m[1]; b <= m[1]; b++) {
                    for (int c = -m[2]; c <= m[2]; c++) {
                        const double *p = snapshot->position + 3 * (size_t)i, *q = snapshot->position + 3 * (size_t)j;
                        double dx = q[0] - p[0] + a * box->lx + b * box->xy + c * box->xz;
                        double dy = q[1] - p[1] + b * box->ly + c * box->yz;
                        double dz = box->dim == 3 ? q[2] - p[2] + c * box->lz : 0;
                        double r = sqrt(dx * dx + dy * dy + dz * dz);
                        if (r < max) {
                            int k = (int)(r / (max / bins));
                            counts[k < bins ? k : bins - 1]++;
                        }
                    }
                }
            }
        }
    }
}

static void compare(const isd_box *box, int32_t n, int n_types, double max, int range, uint64_t seed)
{
    enum { BINS = 40 };
    isd_snapshot *snapshot = random_snapshot(box, n, n_types, seed);
    struct gr_counts *counts = NULL;
    isd_error err = {0};
    assert_int_equal(gr_count(snapshot, BINS, max, NULL, &counts, &err), ISD_OK);
    int size = histogram_n_pairs(n_types) * BINS;
    int64_t *expected = malloc((size_t)size * sizeof *expected);
    assert_non_null(expected);
    brute(snapshot, BINS, counts->max, range, expected);
    for (int k = 0; k < size; k++) {
        assert_true(counts->counts[k] == (double)expected[k]);
    }
    assert_int_equal(counts->bins, BINS);
    assert_true(max <= 0 ? counts->max == isd_box_thickness(box) / 2 : counts->max == max);
    free(expected);
    gr_free(counts);
    isd_snapshot_unref(snapshot);
}

static const isd_box boxes[] = {
    {.dim = 3, .periodic = {true, true, true}, .origin = {-3, 1, 2}, .lx = 7, .ly = 8, .lz = 6},
    {.dim = 3, .periodic = {true, true, true}, .lx = 7, .ly = 8, .lz = 6, .xy = 3.1, .xz = -2.2, .yz = 2.7},
    {.dim = 3, .periodic = {true, true, true}, .lx = 5, .ly = 5, .lz = 5, .xy = 11, .xz = 4, .yz = -7},
    {.dim = 3, .periodic = {true, false, true}, .lx = 7, .ly = 8, .lz = 6, .xy = 1, .xz = 2, .yz = -1},
    {.dim = 3, .periodic = {false, false, false}, .origin = {5, 5, 5}, .lx = 7, .ly = 8, .lz = 6},
    {.dim = 2, .periodic = {true, true, false}, .lx = 12, .ly = 9, .lz = 1},
    {.dim = 2, .periodic = {true, true, true}, .lx = 12, .ly = 9, .lz = 1, .xy = 5},
    {.dim = 2, .periodic = {false, true, false}, .lx = 12, .ly = 9, .lz = 1},
    {.dim = 3, .periodic = {true, true, true}, .lx = 60, .ly = 2, .lz = 2},
};
enum { N_BOXES = sizeof boxes / sizeof boxes[0] };

static void test_against_brute_force(void **state)
{
    for (int b = 0; b < N_BOXES; b++) {
        for (uint64_t seed = 0; seed < 3; seed++) {
            compare(&boxes[b], 60, 1 + (int)seed, 0, boxes[b].xy > 10 ? 9 : 4, seed);
        }
        compare(&boxes[b], 60, 2, 0.7, boxes[b].xy > 10 ? 9 : 4, 10);
    }
}

/* Beyond half the cell: all images of other atoms, none of an atom itself. */
static void test_large_max(void **state)
{
    for (int b = 0; b < N_BOXES; b++) {
        compare(&boxes[b], 15, 2, 7.5, boxes[b].xy > 10 ? 11 : 7, 5);
        compare(&boxes[b], 2, 1, 9, 14, 6);
        compare(&boxes[b], 1, 1, 9, 1, 6);
    }
}

static void test_bin_edges(void **state)
{
    isd_box box = {.dim = 3, .periodic = {true, true, true}, .lx = 8, .ly = 8, .lz = 8};
    isd_snapshot *snapshot = NULL;
    assert_int_equal(isd_snapshot_new(3, false, &snapshot, NULL), ISD_OK);
    snapshot->box = box;
    const double x[3] = {0, 0.5, 2.5}; /* distances 0.5, 2, 2.5 */
    for (int i = 0; i < 3; i++) {
        snapshot->position[3 * i] = x[i];
        snapshot->type[i] = 1;
        snapshot->id[i] = i + 1;
    }
    assert_int_equal(isd_snapshot_freeze(snapshot, NULL), ISD_OK);
    struct gr_counts *counts = NULL;
    assert_int_equal(gr_count(snapshot, 5, 2.5, NULL, &counts, NULL), ISD_OK);
    const double expected[5] = {0, 1, 0, 0, 1}; /* an edge belongs to the bin above it, max to none */
    assert_memory_equal(counts->counts, expected, sizeof expected);
    gr_free(counts);
    isd_snapshot_unref(snapshot);
}

static void test_pair_index(void **state)
{
    int next = 0;
    for (int a = 1; a <= 5; a++) {
        for (int b = a; b <= 5; b++) {
            assert_int_equal(histogram_pair(a, b, 5), next);
            assert_int_equal(histogram_pair(b, a, 5), next);
            next++;
        }
    }
    assert_int_equal(histogram_n_pairs(5), next);
    assert_int_equal(histogram_pair(1, 1, 1), 0);
}

/* An ideal gas has g = 1 in 3D and 2D, for all pairs and each pair of types. */
static void test_ideal_gas(void **state)
{
    const isd_box gas[2] = {
        {.dim = 3, .periodic = {true, true, true}, .lx = 10, .ly = 11, .lz = 12, .xy = 2},
        {.dim = 2, .periodic = {true, true, false}, .lx = 30, .ly = 31, .lz = 1},
    };
    for (int b = 0; b < 2; b++) {
        isd_snapshot *snapshot = random_snapshot(&gas[b], 4000, 2, 3);
        struct gr_counts *counts = NULL;
        assert_int_equal(gr_count(snapshot, 20, 0, NULL, &counts, NULL), ISD_OK);
        assert_true(counts->volume == isd_box_volume(&gas[b]));
        assert_int_equal(counts->count_of_type[1] + counts->count_of_type[2], 4000);
        const int pairs[4][2] = {{0, 0}, {1, 1}, {1, 2}, {2, 2}};
        double g[20], sum[20] = {0};
        for (int p = 0; p < 4; p++) {
            gr_normalise(counts, pairs[p][0], pairs[p][1], g);
            for (int k = 3; k < 20; k++) {
                assert_true(fabs(g[k] - 1) < 0.15);
                sum[k] += p == 0 ? -g[k] * 4000.0 * 3999.0 / 2
                                 : g[k] * (p == 2 ? (double)counts->count_of_type[1] * counts->count_of_type[2]
                                                  : counts->count_of_type[pairs[p][0]] *
                                                        (counts->count_of_type[pairs[p][0]] - 1.0) / 2);
            }
        }
        for (int k = 0; k < 20; k++) {
            assert_true(fabs(sum[k]) < 1e-3); /* the partials add up */
        }
        gr_free(counts);
        isd_snapshot_unref(snapshot);
    }
}

static void test_no_pairs(void **state)
{
    isd_snapshot *snapshot = random_snapshot(&boxes[0], 2, 2, 1);
    struct gr_counts *counts = NULL;
    assert_int_equal(gr_count(snapshot, 4, 0, NULL, &counts, NULL), ISD_OK);
    double g[4], r, height;
    int lone = snapshot->type[1] == 2 ? 1 : 2; /* a type with fewer than two atoms */
    gr_normalise(counts, lone, lone, g);
    for (int k = 0; k < 4; k++) {
        assert_true(g[k] == 0);
    }
    assert_false(gr_first_peak(g, 4, 1, &r, &height));
    for (int type = 3; type <= 30; type += 27) { /* types that the frame does not have */
        memset(g, 0xff, sizeof g);
        gr_normalise(counts, 1, type, g);
        for (int k = 0; k < 4; k++) {
            assert_true(g[k] == 0);
        }
    }
    gr_free(counts);
    isd_snapshot_unref(snapshot);
}

static void test_refusals(void **state)
{
    isd_snapshot *snapshot = random_snapshot(&boxes[0], 1000, 1, 1);
    struct gr_counts *counts = NULL;
    isd_error err;
    assert_int_equal(gr_count(snapshot, 0, 0, NULL, &counts, &err), ISD_USAGE);
    assert_int_equal(gr_count(snapshot, INT32_MAX, 0, NULL, &counts, &err), ISD_USAGE);
    assert_int_equal(gr_count(snapshot, 10, NAN, NULL, &counts, &err), ISD_USAGE);
    assert_int_equal(gr_count(snapshot, 10, INFINITY, NULL, &counts, &err), ISD_USAGE);
    assert_int_equal(gr_count(snapshot, 10, 1e4, NULL, &counts, &err), ISD_USAGE);
    assert_non_null(strstr(err.hint, "half the cell is 3"));
    isd_control *control = isd_control_new();
    isd_control_cancel(control);
    assert_int_equal(gr_count(snapshot, 10, 0, control, &counts, &err), ISD_CANCELLED);
    isd_control_free(control);
    assert_null(counts);
    isd_snapshot_unref(snapshot);
}

static void test_first_peak(void **state)
{
    double g[100], r, height;
    for (int k = 0; k < 100; k++) {
        double x = (k + 0.5) * 0.05 - 1.2345;
        g[k] = fmax(0, 3 - 2 * x * x); /* a parabola is found exactly */
    }
    assert_true(gr_first_peak(g, 100, 5, &r, &height));
    assert_true(fabs(r - 1.2345) < 1e-12 && fabs(height - 3) < 1e-12);
    const double edge[3] = {2, 1, 0}, flat[3] = {1, 1, 1};
    assert_true(gr_first_peak(edge, 3, 3, &r, &height));
    assert_true(r == 0.5 && height == 2);
    assert_true(gr_first_peak(flat, 3, 3, &r, &height));
    assert_true(r == 0.5 && height == 1);
}

static void test_pu(void **state)
{
    const double u[8] = {0, 0.1, 0.5, 0.99, 1, 1 + 1e-13, 1.01, NAN};
    const int32_t type[8] = {1, 2, 1, 2, 1, 2, 1, 1};
    double counts[10] = {0};
    assert_int_equal(pu_count(u, type, 8, 0, 10, 1, counts), 2);
    const double all[10] = {1, 1, 0, 0, 0, 1, 0, 0, 0, 3};
    assert_memory_equal(counts, all, sizeof all);
    double twos[10] = {0};
    assert_int_equal(pu_count(u, type, 8, 2, 10, 1, twos), 0);
    const double some[10] = {0, 1, 0, 0, 0, 0, 0, 0, 0, 2};
    assert_memory_equal(twos, some, sizeof some);
    double rest[2] = {0};
    const double zeros[3] = {0, 0, 0};
    assert_int_equal(pu_count(zeros, type, 3, 0, 2, 0, rest), 0);
    assert_true(rest[0] == 0 && rest[1] == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_brute_force), cmocka_unit_test(test_large_max),  cmocka_unit_test(test_bin_edges),
        cmocka_unit_test(test_pair_index),          cmocka_unit_test(test_ideal_gas),  cmocka_unit_test(test_no_pairs),
        cmocka_unit_test(test_refusals),            cmocka_unit_test(test_first_peak), cmocka_unit_test(test_pu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
