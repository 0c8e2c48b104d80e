/* Pairs of reference inherent structures against scipy's optima. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/frames.h"
#include "match/match.h"

static const char *reference_folder;
static char beside[4096];

/* sum_sq_per_species, sum_sq_types_ignored, labelled_rmsd_minimage, n_matched_to_other_id of the sets' reference.json. */
static const struct {
    const char *a, *b;
    int dim;
    double resolved, blind, rmsd;
    int exchanged;
} pairs[] = {
    {"ka3d/is/ka3d_f00_cg", "ka3d/is/ka3d_f04_cg", 3, 84.0853635625666, 83.68945526838266, 0.09618914046876834, 0},
    {"ka3d/is/ka3d_f00_cg", "ka3d/is/ka3d_f10_cg", 3, 1299.05169541526, 963.1785743555014, 0.4112174606685565, 675},
    {"ka3d/is/ka3d_f00_cg", "ka3d/is/ka3d_f14_cg", 3, 3153.8668060430473, 1992.3237787327032, 0.8467529182096644, 3766},
    {"ka2d/is/ka2d_f00_cg", "ka2d/is/ka2d_f04_cg", 2, 1.0934530662808008e-16, 1.0934530662808008e-16, 2.3382184096880267e-10, 0},
    {"ka2d/is/ka2d_f00_cg", "ka2d/is/ka2d_f14_cg", 2, 296.3411444456422, 201.35603564641752, 0.4208571053860442, 160},
    {"wca/is/wca_f00_cg", "wca/is/wca_f11_cg", 3, 657.9276293884532, 387.5358156710883, 0.8789026516798446, 1087},
    {"tri/is/tri_xy_f00_cg", "tri/is/tri_xy_f03_cg", 3, 324.7048952834457, 223.91185028190043, 0.7002793027478845, 304},
    {"tri/is/tri_xyz_f00_cg", "tri/is/tri_xyz_f03_cg", 3, 292.086941768208, 200.27664739807324, 0.6313804318743556, 257},
};

static bool near_to(double x, double y, double relative, double absolute)
{
    return fabs(x - y) <= relative * fabs(y) + absolute;
}

static const isd_snapshot *load(const char *name, int dim)
{
    char path[8192];
    const char *paths[] = {path};
    struct frame_set_options options = {.dimension = dim};
    struct frame_set *set = NULL;
    const isd_snapshot *snapshot = NULL;
    isd_error err = {0};
    snprintf(path, sizeof path, "%s/data/%s.dump.gz", reference_folder, name);
    if (frame_set_open(paths, 1, &options, NULL, NULL, NULL, &set, &err) != ISD_OK)
        fail_msg("%s: %s", err.where, err.what);
    assert_int_equal(frame_set_get(set, 0, &snapshot, &err), ISD_OK);
    frame_set_free(set);
    return snapshot;
}

static void test_pairs(void **state)
{
    (void)state;
    char path[8192];
    snprintf(path, sizeof path, "%s/data/%s.dump.gz", reference_folder, pairs[0].a);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("no reference data in %s: skipped\n", reference_folder);
        skip();
    }
    fclose(file);
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        const isd_snapshot *a = load(pairs[k].a, pairs[k].dim), *b = load(pairs[k].b, pairs[k].dim);
        for (int blind = 0; blind < 2; blind++) {
            struct match_options options = {.blind = blind};
            struct match *m = NULL;
            double expected = blind ? pairs[k].blind : pairs[k].resolved;
            assert_int_equal(match_snapshots(a, b, &options, NULL, &m, NULL), ISD_OK);
            assert_true(m->certified);
            assert_true(near_to(m->sum_sq, expected, 1e-9, 1e-13 * m->n));
            assert_true(near_to(m->dual, expected, 1e-9, 1e-13 * m->n));
            assert_true(near_to(m->rmsd, pairs[k].rmsd, 1e-8, 1e-12));
            if (!blind)
                assert_int_equal(m->exchanged, pairs[k].exchanged);
            match_free(m);
        }
        isd_snapshot_unref(a);
        isd_snapshot_unref(b);
    }
}

int main(int argc, char **argv)
{
    reference_folder = getenv("ISDMIN_REFERENCE");
    if (!reference_folder || !reference_folder[0]) {
        snprintf(beside, sizeof beside, "%s/../shared", argc > 1 ? argv[1] : ".");
        reference_folder = beside;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
