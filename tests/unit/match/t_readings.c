/* Readings of a pair beyond the plain one, each against a dense solver or a number known by construction.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "match/match.h"
#include "match/reading.h"
#include "dense.h"
#include "frame.h"

enum { N = 12 };

static struct match *match_of(const isd_snapshot *a, const isd_snapshot *b, struct match_options options)
{
    struct match *match = NULL;
    isd_error err = {0};
    if (match_snapshots(a, b, &options, NULL, &match, &err) != ISD_OK)
        fail_msg("%s", err.what);
    assert_true(match->certified);
    return match;
}

static void refused(const isd_snapshot *a, const isd_snapshot *b, struct match_options options, isd_status status, const char *word)
{
    struct match *match = NULL;
    isd_error err = {0};
    assert_int_equal(match_snapshots(a, b, &options, NULL, &match, &err), status);
    if (!strstr(err.what, word))
        fail_msg("%s: no word of %s", err.what, word);
    assert_null(match);
}

static void unref(const isd_snapshot *a, const isd_snapshot *b)
{
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
}

/* --- the script --- */

/* As the script has it, spelled out once more. */
static double script_cost(const isd_box *box, const double *a, const double *b)
{
    double edge[3] = {fabs(box->lx), fabs(box->ly), fabs(box->lz)}, sum = 0;
    for (int c = 0; c < box->dim; c++) {
        double d = fabs(b[c] - a[c]);
        d = d > edge[c] / 2 ? d - edge[c] : d;
        sum += d * d;
    }
    return sum;
}

/* Positions up to several edges outside, where one wrap is not the shortest image; open directions are wrapped too, types
 * ignored, and the box is that of b alone. */
static void test_script(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 21);
    int longer = 0;
    for (int trial = 0; trial < 400; trial++) {
        isd_box box = random_box(&rng), other;
        double a[3 * N], b[3 * N], cost[N * N], spread = trial % 4;
        int32_t type[N], turned[N];
        box.xy = box.xz = box.yz = 0;
        other = box;
        other.lx *= 1.5;
        for (int i = 0; i < N; i++) {
            type[i] = 1 + i % 2;
            turned[i] = 1 + (i / 2) % 3;
            for (int c = 0; c < 3; c++) {
                double edge = c == 0 ? box.lx : c == 1 ? box.ly : box.lz;
                a[3 * i + c] = edge * spread * rng_double(&rng);
                b[3 * i + c] = edge * (1 + spread) * rng_double(&rng);
            }
        }
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                cost[N * i + j] = script_cost(&box, a + 3 * i, b + 3 * j);
        const isd_snapshot *fa = frame_of(&other, N, a, type), *fb = frame_of(&box, N, b, turned);
        struct match *m = match_of(fa, fb, (struct match_options){.like = MATCH_LIKE_SCRIPT});
        double want = dense_optimum(cost, N, NULL, NULL);
        if (fabs(m->sum_sq - want) > 1e-11 * (1 + want))
            fail_msg("trial %d: %.17g instead of %.17g", trial, m->sum_sq, want);
        double sum = 0;
        for (int i = 0; i < N; i++) {
            assert_true(fabs(m->u_mat[i] * m->u_mat[i] - cost[N * i + m->partner[i]]) <= 1e-11 * (1 + want));
            sum += m->u_mat[i] * m->u_mat[i];
        }
        assert_true(fabs(sum - want) <= 1e-11 * (1 + want));
        assert_int_equal(m->cell, MATCH_CELL_SCRIPT);
        match_free(m);
        /* The exact reading is never longer; here it is often shorter. */
        box.periodic[0] = box.periodic[1] = box.periodic[2] = true;
        const isd_snapshot *pa = frame_of(&box, N, a, NULL), *pb = frame_of(&box, N, b, NULL);
        m = match_of(pa, pb, (struct match_options){0});
        assert_true(m->sum_sq <= want * (1 + 1e-12));
        longer += want > m->sum_sq * (1 + 1e-6);
        match_free(m);
        unref(fa, fb);
        unref(pa, pb);
    }
    assert_true(longer > 50);
}

static void test_script_refuses(void **state)
{
    (void)state;
    isd_box box = frame_cube(5), tilted = box;
    const double r[] = {1, 1, 1, 2, 2, 2};
    tilted.xy = 0.5;
    const isd_snapshot *a = frame_of(&box, 2, r, NULL), *b = frame_of(&tilted, 2, r, NULL);
    refused(a, b, (struct match_options){.like = MATCH_LIKE_SCRIPT}, ISD_DATA, "orthogonal");
    refused(a, a, (struct match_options){.like = MATCH_LIKE_SCRIPT, .align = true}, ISD_USAGE, "like=script");
    refused(a, a, (struct match_options){.like = MATCH_LIKE_SCRIPT, .drift_remove = true}, ISD_USAGE, "like=script");
    unref(a, b);
}

/* --- unequal boxes --- */

/* The same fractions in another box: nothing has moved in the mean cell; from there, known displacements. */
static void test_affine(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 22);
    for (int trial = 0; trial < 100; trial++) {
        isd_box box = random_box(&rng), wide = box, mean = box;
        for (int c = 0; c < 3; c++)
            box.periodic[c] = wide.periodic[c] = mean.periodic[c] = true;
        wide.lx *= 1.1;
        wide.xy += 0.3;
        wide.origin[1] += 0.7;
        mean.lx *= 1.05;
        mean.xy += 0.15;
        mean.origin[1] += 0.35;
        double a[3 * N], b[3 * N], s[3 * N], t[3 * N], cost[N * N];
        for (int i = 0; i < N; i++)
            for (int c = 0; c < 3; c++) {
                s[3 * i + c] = rng_double(&rng);
                t[3 * i + c] = s[3 * i + c] + (trial % 2 ? 0.3 * rng_double(&rng) : 0);
            }
        isd_lattice lattice;
        isd_lattice_init(&lattice, &mean);
        for (int i = 0; i < N; i++) {
            isd_box_from_fraction(&box, s + 3 * i, a + 3 * i);
            isd_box_from_fraction(&wide, t + 3 * i, b + 3 * i);
        }
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                double d[3], ds[3] = {t[3 * j] - s[3 * i], t[3 * j + 1] - s[3 * i + 1], t[3 * j + 2] - s[3 * i + 2]};
                isd_box still = mean;
                still.origin[0] = still.origin[1] = still.origin[2] = 0;
                isd_box_from_fraction(&still, ds, d);
                cost[N * i + j] = isd_lattice_shortest(&lattice, d);
            }
        const isd_snapshot *fa = frame_of(&box, N, a, NULL), *fb = frame_of(&wide, N, b, NULL);
        refused(fa, fb, (struct match_options){0}, ISD_DATA, "boxes");
        struct match *m = match_of(fa, fb, (struct match_options){.affine = true});
        double want = dense_optimum(cost, N, NULL, NULL);
        assert_true(fabs(m->sum_sq - want) <= 1e-11 * (1 + want));
        if (trial % 2 == 0)
            assert_true(m->sum_sq < 1e-20 && m->rmsd < 1e-10 && m->exchanged == 0);
        assert_int_equal(m->cell, MATCH_CELL_AFFINE);
        assert_true(fabs(m->a->box.lx - mean.lx) < 1e-12 && fabs(m->b->box.xy - mean.xy) < 1e-12);
        match_free(m);
        unref(fa, fb);
    }
}

/* Edges along open directions follow the atoms (LAMMPS' s and m) and say nothing about distances. */
static void test_open_edges(void **state)
{
    (void)state;
    isd_box box = frame_cube(6), shrunk = box;
    box.periodic[2] = shrunk.periodic[2] = false;
    shrunk.lz = 5;
    shrunk.origin[2] = 0.5;
    const double a[] = {1, 1, 1, 5.5, 3, 5.5}, b[] = {1, 1, 2, 0, 3, 0.5};
    const isd_snapshot *fa = frame_of(&box, 2, a, NULL), *fb = frame_of(&shrunk, 2, b, NULL);
    struct match *m = match_of(fa, fb, (struct match_options){0});
    assert_int_equal(m->cell, MATCH_CELL_EQUAL);
    assert_true(fabs(m->sum_sq - (1 + 4 + 0.25) - (2.25 + 4 + 12.25)) < 1e-12);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.affine = true});
    assert_int_equal(m->cell, MATCH_CELL_EQUAL);
    match_free(m);
    unref(fa, fb);
}

/* --- a uniform shift --- */

static void test_align(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 23);
    for (int trial = 0; trial < 60; trial++) {
        isd_box box = random_box(&rng);
        double a[3 * N], b[3 * N], shift[3] = {0.11, -0.07, box.dim == 3 ? 0.05 : 0};
        random_points(&rng, &box, 0, a, N);
        for (int i = 0; i < 3 * N; i++)
            b[i] = a[i] + shift[i % 3];
        const isd_snapshot *fa = frame_of(&box, N, a, NULL), *fb = frame_of(&box, N, b, NULL);
        struct match *plain = match_of(fa, fb, (struct match_options){0});
        struct match *m = match_of(fa, fb, (struct match_options){.align = true});
        assert_true(m->aligned && m->align_steps >= 1);
        assert_true(m->d_min <= plain->d_min * (1 + 1e-12));
        /* Stationary: what is left has no mean. */
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            double mean = 0;
            for (int i = 0; i < N; i++)
                mean += m->vec_mat[3 * i + c] / N;
            assert_true(fabs(mean) < 1e-9);
            sum += fabs(m->shift[c] - shift[c]);
        }
        /* Sparse points moved a little: the shift itself. */
        if (plain->exchanged == 0)
            assert_true(sum < 1e-9 && m->d_min < 1e-9);
        match_free(plain);
        match_free(m);
        unref(fa, fb);
    }
}

/* --- some atoms only --- */

static void test_choice(void **state)
{
    (void)state;
    isd_box box = frame_cube(8);
    const double a[] = {1, 1, 1, 3, 1, 1, 5, 1, 1, 7, 1, 1}, b[] = {3, 1, 1, 1, 1, 1, 5, 1, 1.5, 7, 2, 1};
    const int32_t type[] = {1, 1, 2, 2};
    const unsigned char select[] = {1, 0, 1, 0}, one[] = {0, 0, 0, 1};
    const isd_snapshot *fa = frame_of(&box, 4, a, type), *fb = frame_of(&box, 4, b, type);
    struct match *m = match_of(fa, fb, (struct match_options){.type = 2});
    assert_int_equal(m->n, 2);
    assert_int_equal(m->n_frame, 4);
    assert_true(fabs(m->sum_sq - 1.25) < 1e-14 && m->labelled);
    assert_true(fabs(m->r0 - cbrt(512 / 4.0)) < 1e-14);
    assert_true(fabs(m->per_type[1].r0 - cbrt(512 / 2.0)) < 1e-14 && m->per_type[0].n == 0);
    assert_int_equal(m->a->id[0], 30);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.select = select, .blind = true});
    assert_int_equal(m->n, 2);
    assert_true(fabs(m->sum_sq - 4.25) < 1e-14 && m->b->id[m->partner[1]] == 30);
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.select = one});
    assert_true(m->n == 1 && m->sum_sq == 1);
    assert_true(fabs(m->per_type[1].r0 - cbrt(512 / 2.0)) < 1e-14); /* the scale of the species, not of the choice */
    match_free(m);
    m = match_of(fa, fb, (struct match_options){.select = one, .type = 1});
    assert_true(m->n == 0 && m->sum_sq == 0 && m->d_min == 0);
    match_free(m);
    /* Without common ids a type can be chosen, single atoms not. */
    isd_snapshot *plain = NULL;
    assert_int_equal(isd_snapshot_with_positions(fb, b, &plain, NULL), ISD_OK);
    plain->id[0] = 7;
    refused(fa, plain, (struct match_options){.select = one}, ISD_DATA, "ids");
    m = match_of(fa, plain, (struct match_options){.type = 1});
    assert_true(!m->labelled && m->sum_sq == 0);
    match_free(m);
    isd_snapshot_unref(plain);
    unref(fa, fb);
}

/* --- near-degenerate atoms --- */

struct permuting {
    const double *cost;
    int n, order[8], best[8];
    double limit;
    bool moves[8];
};

/* Every permutation within the limit: which atoms have another partner than in the optimum. */
static void permute(struct permuting *p, int k, double sum, unsigned used)
{
    if (sum > p->limit)
        return;
    if (k == p->n) {
        for (int i = 0; i < p->n; i++)
            p->moves[i] = p->moves[i] || p->order[i] != p->best[i];
        return;
    }
    for (int j = 0; j < p->n; j++)
        if (!(used & 1u << j)) {
            p->order[k] = j;
            permute(p, k + 1, sum + p->cost[k * p->n + j], used | 1u << j);
        }
}

static void test_degenerate(void **state)
{
    (void)state;
    enum { M = 7 };
    struct rng rng;
    rng_init(&rng, 24);
    int partly = 0, tied = 0;
    for (int trial = 0; trial < 600; trial++) {
        isd_box box = random_box(&rng);
        isd_lattice lattice;
        isd_lattice_init(&lattice, &box);
        double a[3 * M], b[3 * M], cost[M * M], size = isd_box_thickness(&box), eps = 0.3 * size * size * rng_double(&rng);
        random_points(&rng, &box, trial % 3, a, M);
        random_points(&rng, &box, trial % 3, b, M);
        for (int i = 0; i < M; i++)
            for (int j = 0; j < M; j++)
                cost[M * i + j] = cost_of(&lattice, a + 3 * i, b + 3 * j);
        const isd_snapshot *fa = frame_of(&box, M, a, NULL), *fb = frame_of(&box, M, b, NULL);
        struct match *m = match_of(fa, fb, (struct match_options){.alternatives = true, .eps = eps});
        int want = 0, ties = 0;
        for (int which = 0; which < 2; which++) {
            struct permuting p = {.cost = cost, .n = M, .limit = m->sum_sq + (which ? eps : 0) + 1e-10 * m->r0 * m->r0};
            for (int i = 0; i < M; i++)
                p.best[i] = m->partner[i];
            permute(&p, 0, 0, 0);
            for (int i = 0; i < M; i++)
                *(which ? &want : &ties) += p.moves[i];
        }
        if (m->degenerate != want || m->ties != ties)
            fail_msg("trial %d: %d %d instead of %d %d", trial, m->degenerate, m->ties, want, ties);
        partly += want > 0 && want < M;
        tied += ties > 0;
        match_free(m);
        unref(fa, fb);
    }
    assert_true(partly > 100 && tied > 100);
}

/* Two lattices half a cell apart: every atom is tied; a lattice on itself: none. */
static void test_lattice_ties(void **state)
{
    (void)state;
    enum { SIDE = 12, M = SIDE * SIDE * SIDE };
    static double a[3 * M], b[3 * M];
    isd_box box = frame_cube(SIDE);
    for (int i = 0; i < M; i++) {
        int site[] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
        for (int c = 0; c < 3; c++) {
            a[3 * i + c] = site[c];
            b[3 * i + c] = site[c] + 0.5;
        }
    }
    const isd_snapshot *fa = frame_of(&box, M, a, NULL), *fb = frame_of(&box, M, b, NULL);
    struct match *m = match_of(fa, fb, (struct match_options){.alternatives = true});
    assert_int_equal(m->ties, M);
    assert_int_equal(m->degenerate, M);
    match_free(m);
    m = match_of(fa, fa, (struct match_options){.alternatives = true, .eps = 1.99});
    assert_true(m->ties == 0 && m->degenerate == 0);
    match_free(m);
    m = match_of(fa, fa, (struct match_options){.alternatives = true, .eps = 2.01}); /* two neighbours may swap */
    assert_int_equal(m->degenerate, M);
    match_free(m);
    refused(fa, fa, (struct match_options){.alternatives = true, .eps = 100}, ISD_USAGE, "eps");
    unref(fa, fb);
}

/* --- any number of atoms and species, open directions --- */

static void test_few_and_many(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 25);
    double a[3 * ISD_MAX_TYPES * 3], b[3 * ISD_MAX_TYPES * 3];
    int32_t type[ISD_MAX_TYPES * 3];
    for (int trial = 0; trial < 60; trial++) {
        isd_box box = random_box(&rng);
        int n = trial < 10 ? trial / 5 : 3 * ISD_MAX_TYPES;
        random_points(&rng, &box, trial % 3, a, n);
        random_points(&rng, &box, trial % 3, b, n);
        for (int i = 0; i < n; i++)
            type[i] = 1 + i % ISD_MAX_TYPES;
        const isd_snapshot *fa = frame_of(&box, n, a, type), *fb = frame_of(&box, n, b, type);
        struct match *m = match_of(fa, fb, (struct match_options){.alternatives = true, .align = trial % 2});
        isd_lattice lattice;
        isd_lattice_init(&lattice, &box);
        double want = 0;
        for (int t = 0; t < ISD_MAX_TYPES && n > 1; t++) {
            double cost[9];
            for (int k = 0; k < 9; k++) {
                double to[3];
                for (int c = 0; c < 3; c++)
                    to[c] = b[3 * (t + ISD_MAX_TYPES * (k % 3)) + c] - m->shift[c];
                cost[k] = cost_of(&lattice, a + 3 * (t + ISD_MAX_TYPES * (k / 3)), to);
            }
            want += dense_optimum(cost, 3, NULL, NULL);
        }
        if (n == 1 && trial % 2 == 0)
            want = cost_of(&lattice, a, b);
        assert_true(fabs(m->sum_sq - want) <= 1e-11 * (1 + want));
        assert_int_equal(m->n_types, n == 0 ? 0 : n == 1 ? 1 : ISD_MAX_TYPES);
        assert_true(m->labelled && m->degenerate >= 0);
        match_free(m);
        unref(fa, fb);
    }
}

static void test_trim(void **state)
{
    (void)state;
    isd_box box = frame_cube(5);
    const double r[] = {1, 1, 1, 2, 2, 2.5}, s[] = {1, 1, 2, 2, 2, 2.5};
    const isd_snapshot *a = frame_of(&box, 2, r, NULL), *b = frame_of(&box, 2, s, NULL);
    struct match *m = match_of(a, b, (struct match_options){0});
    match_trim(m);
    assert_true(!m->partner && !m->a && !m->u_lab && fabs(m->d_min - sqrt(0.5)) < 1e-15);
    match_free(m);
    unref(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_script),     cmocka_unit_test(test_script_refuses), cmocka_unit_test(test_affine),
        cmocka_unit_test(test_open_edges), cmocka_unit_test(test_align),          cmocka_unit_test(test_choice),
        cmocka_unit_test(test_degenerate), cmocka_unit_test(test_lattice_ties),   cmocka_unit_test(test_few_and_many),
        cmocka_unit_test(test_trim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
