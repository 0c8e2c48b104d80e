/* Pairs of snapshots: species, labels, drift, cycles, refusals. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "match/match.h"
#include "dense.h"
#include "frame.h"

static struct match *match_of(const isd_snapshot *a, const isd_snapshot *b, struct match_options options)
{
    struct match *match = NULL;
    isd_error err = {0};
    assert_int_equal(match_snapshots(a, b, &options, NULL, &match, &err), ISD_OK);
    assert_true(match->certified);
    return match;
}

/* Three atoms move round, a fourth stays: labels see jumps, the matching none. */
static void test_ring(void **state)
{
    (void)state;
    isd_box box = frame_cube(8);
    const double a[] = {1, 1, 1, 2, 1, 1, 2, 2, 1, 5, 5, 5}, b[] = {2, 1, 1.01, 2, 2, 1, 1, 1, 1, 5, 5, 5.5};
    const int32_t type[] = {1, 1, 1, 2};
    const isd_snapshot *fa = frame_of(&box, 4, a, type), *fb = frame_of(&box, 4, b, type);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    assert_true(m->labelled && !m->unwrapped);
    assert_true(fabs(m->sum_sq - (0.0001 + 0.25)) < 1e-14);
    assert_true(fabs(m->d_min - sqrt(m->sum_sq / 4)) < 1e-15);
    assert_true(fabs(m->rmsd - sqrt((1.0001 + 1 + 2 + 0.25) / 4)) < 1e-14);
    assert_true(isnan(m->rmsd_unwrapped));
    assert_true(fabs(m->r0 - cbrt(512 / 4.0)) < 1e-14);
    assert_true(m->jump_fraction == 0);
    assert_int_equal(m->exchanged, 3);
    assert_int_equal(m->exchanged_type, 0);
    assert_int_equal(m->n_types, 2);
    assert_int_equal(m->per_type[0].n, 3);
    assert_int_equal(m->per_type[0].exchanged, 3);
    assert_int_equal(m->per_type[1].exchanged, 0);
    assert_true(fabs(m->per_type[1].d - 0.5) < 1e-15);
    assert_true(fabs(m->max_u - 0.5) < 1e-15);
    assert_int_equal(m->n_cycles, 1);
    assert_int_equal(m->longest, 3);
    assert_int_equal(m->fixed, 1);
    assert_int_equal(m->cycle[0], 1);
    assert_int_equal(m->cycle[3], 0);
    assert_int_equal(m->cycle_length[1], 3);
    assert_int_equal(m->partner[0], 2);
    int32_t *next = NULL;
    struct cycle_stats stats;
    assert_int_equal(match_next(m, fa, fb, &next, NULL), ISD_OK);
    assert_int_equal(cycle_stats(next, m->u_mat, 4, -1, &stats, NULL), ISD_OK);
    assert_int_equal(stats.length_count[3], 1);
    cycle_stats_done(&stats);
    free(next);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
}

static void test_blind_and_resolved(void **state)
{
    (void)state;
    isd_box box = frame_cube(8);
    const double a[] = {1, 1, 1, 2, 1, 1}, b[] = {2, 1, 1, 1, 1, 1};
    const int32_t type[] = {1, 2};
    const isd_snapshot *fa = frame_of(&box, 2, a, type), *fb = frame_of(&box, 2, b, type);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    assert_true(m->sum_sq == 2 && m->exchanged_type == 0 && m->exchanged == 0);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.blind = true});
    assert_true(m->sum_sq == 0 && m->exchanged_type == 2 && m->exchanged == 2);
    assert_true(m->per_type[0].n == 1 && m->per_type[1].n == 1);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
}

static void test_labels(void **state)
{
    (void)state;
    isd_box box = frame_cube(8);
    const double a[] = {1, 1, 1, 4, 1, 1}, b[] = {4, 1, 1, 1, 1, 1};
    isd_snapshot *nameless[] = {frame_new(&box, 2, a, NULL, false), frame_new(&box, 2, b, NULL, false)};
    nameless[0]->has_ids = nameless[1]->has_ids = false;
    const isd_snapshot *fa = frame_frozen(nameless[0]), *fb = frame_frozen(nameless[1]);
    isd_snapshot *other = frame_new(&box, 2, a, NULL, false);
    other->id[1] = 77;
    const isd_snapshot *fc = frame_frozen(other), *fd = frame_of(&box, 2, b, NULL);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    assert_true(!m->labelled && m->exchanged == -1 && !m->u_lab && !m->cycle && isnan(m->rmsd) && m->sum_sq == 0);
    int32_t *next = NULL;
    assert_int_equal(match_next(m, fa, fb, &next, NULL), ISD_USAGE);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.order_is_id = true});
    assert_true(m->labelled && m->exchanged == 2 && fabs(m->rmsd - 3) < 1e-14 && m->jump_fraction == 0);
    match_free(m);
    m = match_of(fc, fd, (struct match_options){0});
    assert_true(!m->labelled && m->sum_sq == 0);
    match_free(m);
    m = match_of(fa, fd, (struct match_options){.order_is_id = true});
    assert_false(m->labelled);
    match_free(m);
    struct match_options drift = {.drift_remove = true};
    isd_error err = {0};
    struct match *untouched = NULL;
    assert_int_equal(match_snapshots(fc, fd, &drift, NULL, &untouched, &err), ISD_DATA);
    assert_null(untouched);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
    isd_snapshot_unref(fc);
    isd_snapshot_unref(fd);
}

static void test_unwrapped(void **state)
{
    (void)state;
    isd_box box = frame_cube(4);
    const double a[] = {0.5, 1, 1, 2.5, 2, 2}, b[] = {0.25, 1, 1, 2.5, 2, 2};
    isd_snapshot *wa = frame_new(&box, 2, a, NULL, true), *wb = frame_new(&box, 2, b, NULL, true);
    wb->image[0] = 1; /* once round the box */
    const isd_snapshot *fa = frame_frozen(wa), *fb = frame_frozen(wb), *fc = frame_of(&box, 2, b, NULL);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    assert_true(m->unwrapped);
    assert_true(fabs(m->rmsd - 0.25 / sqrt(2)) < 1e-15);
    assert_true(fabs(m->rmsd_unwrapped - 3.75 / sqrt(2)) < 1e-15);
    assert_true(m->jump_fraction == 0.5);
    assert_true(m->u_lab[0] == 3.75 && m->u_mat[0] == 0.25 && m->vec_mat[0] == -0.25);
    match_free(m);
    m = match_of(fa, fc, (struct match_options){0});
    assert_true(!m->unwrapped && isnan(m->rmsd_unwrapped) && m->u_lab[0] == 0.25);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
    isd_snapshot_unref(fc);
}

static void test_drift(void **state)
{
    (void)state;
    isd_box box = frame_cube(9);
    double a[30], b[30], mass[ISD_MAX_TYPES + 1] = {0, 1, 3};
    int32_t type[10];
    struct rng rng;
    rng_init(&rng, 5);
    for (int i = 0; i < 10; i++) {
        type[i] = 1 + i % 2;
        for (int c = 0; c < 3; c++) {
            a[3 * i + c] = 9 * rng_double(&rng);
            b[3 * i + c] = a[3 * i + c] + 0.1 * c + (type[i] == 2 ? 0.04 : 0);
        }
    }
    const isd_snapshot *fa = frame_of(&box, 10, a, type), *fb = frame_of(&box, 10, b, type);
    struct match *m = match_of(fa, fb, (struct match_options){.mass = mass});
    assert_true(fabs(m->drift[0] - 0.03) < 1e-13 && fabs(m->drift[2] - 0.23) < 1e-13);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){0});
    assert_true(fabs(m->drift[1] - 0.12) < 1e-13);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.drift_remove = true});
    assert_true(fabs(m->drift[1] - 0.12) < 1e-13);
    assert_true(fabs(m->d_min - sqrt(3) * 0.02) < 1e-13 && fabs(m->rmsd - m->d_min) < 1e-13);
    assert_true(fabs(m->u_lab[4] - sqrt(3) * 0.02) < 1e-13);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
}

static void test_refused(void **state)
{
    (void)state;
    isd_box box = frame_cube(8), wider = box, slab = box;
    wider.lx = 8.00001;
    slab.periodic[2] = false;
    const double r[] = {1, 1, 1, 4, 1, 1};
    const int32_t mixed[] = {1, 2};
    isd_snapshot *named = frame_new(&box, 2, r, mixed, false);
    memcpy(named->element[2], "Ni", 3);
    const isd_snapshot *fa = frame_of(&box, 2, r, NULL), *others[] = {
        frame_of(&wider, 2, r, NULL), frame_of(&slab, 2, r, NULL),
        frame_of(&box, 1, r, NULL), frame_frozen(named)};
    const char *words[] = {"boxes", "periodic", "2 and 1 atoms", "2 and 1 atoms of type 1"};
    for (int k = 0; k < 4; k++) {
        struct match_options options = {0};
        struct match *m = NULL;
        isd_error err = {0};
        assert_int_equal(match_snapshots(fa, others[k], &options, NULL, &m, &err), ISD_DATA);
        assert_non_null(strstr(err.what, words[k]));
        assert_null(m);
        options.blind = true;
        assert_int_equal(match_snapshots(fa, others[k], &options, NULL, &m, &err), k == 3 ? ISD_OK : ISD_DATA);
        match_free(m);
        isd_snapshot_unref(others[k]);
    }
    isd_snapshot_unref(fa);
}

/* D is a metric on sets of points: 0 for a relabelling, symmetric, triangle inequality, never above the labelled RMSD. */
static void test_metric(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 9);
    enum { N = 24 };
    double r[3][3 * N];
    int32_t type[N];
    for (int i = 0; i < N; i++)
        type[i] = 1 + i % 3;
    for (int trial = 0; trial < 100; trial++) {
        isd_box box = random_box(&rng);
        const isd_snapshot *f[3];
        for (int k = 0; k < 3; k++) {
            random_points(&rng, &box, trial % 3, r[k], N);
            f[k] = frame_of(&box, N, r[k], type);
        }
        struct match_options options = {.blind = trial % 2};
        struct match *ab = match_of(f[0], f[1], options), *ba = match_of(f[1], f[0], options);
        struct match *bc = match_of(f[1], f[2], options), *ac = match_of(f[0], f[2], options);
        assert_true(fabs(ab->d_min - ba->d_min) <= 1e-12 * (1 + ab->d_min));
        assert_true(ac->d_min <= ab->d_min + bc->d_min + 1e-12);
        assert_true(ab->d_min <= ab->rmsd * (1 + 1e-12));
        struct match *self = match_of(f[0], f[0], options);
        assert_true(self->sum_sq == 0 && self->exchanged == 0 && self->fixed == N);
        /* The same places, atoms of a type shifted round by one label. */
        for (int i = 0; i < N; i++)
            memcpy(r[1] + 3 * ((i + 3) % N), r[0] + 3 * i, 3 * sizeof **r);
        const isd_snapshot *turned = frame_of(&box, N, r[1], type);
        struct match *loop = match_of(f[0], turned, options);
        assert_true(loop->sum_sq == 0 && loop->d_min <= loop->rmsd);
        struct match *all[] = {ab, ba, bc, ac, self, loop};
        for (int k = 0; k < 6; k++)
            match_free(all[k]);
        for (int k = 0; k < 3; k++)
            isd_snapshot_unref(f[k]);
        isd_snapshot_unref(turned);
    }
}

/* Partners and prices that a match keeps prove its optimum again, type by type. */
static void test_prices(void **state)
{
    (void)state;
    enum { N = 60 };
    struct rng rng;
    rng_init(&rng, 12);
    isd_box box = frame_cube(4);
    double a[3 * N], b[3 * N];
    int32_t type[N];
    random_points(&rng, &box, 0, a, N);
    random_points(&rng, &box, 0, b, N);
    for (int i = 0; i < N; i++)
        type[i] = i < N / 2 ? 1 : 2;
    const isd_snapshot *fa = frame_of(&box, N, a, type), *fb = frame_of(&box, N, b, type);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    double sum = 0;
    for (int32_t part = 0; part < 2; part++) {
        isd_certificate proof;
        int32_t partner[N / 2], from = part * (N / 2);
        for (int32_t i = 0; i < N / 2; i++)
            partner[i] = m->partner[from + i] - from;
        assert_int_equal(isd_assignment_check(&box, m->a->position + 3 * from, m->b->position + 3 * from, N / 2, partner,
                                              m->v + from, NULL, &proof, NULL), ISD_OK);
        assert_true(proof.certified);
        sum += proof.sum_sq;
    }
    assert_true(fabs(sum - m->sum_sq) <= 1e-13 * sum);
    match_trim(m);
    assert_true(!m->v && !m->partner && m->certified);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
}

static void test_labelled_alone(void **state)
{
    (void)state;
    isd_box box = frame_cube(8);
    const double a[] = {1, 1, 1, 4, 1, 1}, b[] = {4, 1, 1, 1, 1, 1};
    const int32_t type[] = {1, 2}, swapped[] = {2, 1};
    const isd_snapshot *fa = frame_of(&box, 2, a, type), *fb = frame_of(&box, 2, b, swapped);
    struct match_options options = {0};
    struct match *m = NULL;
    assert_int_equal(match_labelled(fa, fb, &options, &m, NULL), ISD_OK);
    assert_true(m->labelled && fabs(m->rmsd - 3) < 1e-14 && m->u_lab[1] == 3 && !m->partner && !m->cycle);
    match_free(m);
    isd_snapshot_unref(fa);
    isd_snapshot_unref(fb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring),   cmocka_unit_test(test_blind_and_resolved), cmocka_unit_test(test_labels),
        cmocka_unit_test(test_unwrapped), cmocka_unit_test(test_drift),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_metric), cmocka_unit_test(test_labelled_alone), cmocka_unit_test(test_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
