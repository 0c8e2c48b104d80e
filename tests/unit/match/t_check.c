/* What the checker refuses. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/match.h"
#include "match/audit.h"
#include "neigh/isa.h"
#include "dense.h"

enum { N = 800 };

struct scene {
    isd_box box;
    double a[3 * N], b[3 * N];
    isd_assignment x;
};

/* Poisson points, solved. */
static int scene_new(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    double side = cbrt(N);
    struct rng rng;
    rng_init(&rng, 11);
    scene->box = (isd_box){.dim = 3, .periodic = {true, true, true}, .lx = side, .ly = side, .lz = side};
    for (int k = 0; k < 3 * N; k++) {
        scene->a[k] = side * rng_double(&rng);
        scene->b[k] = side * rng_double(&rng);
    }
    *state = scene;
    return isd_assign(&scene->box, scene->a, scene->b, N, NULL, NULL, &scene->x, NULL) != ISD_OK;
}

static int scene_free(void **state)
{
    struct scene *scene = *state;
    isd_assignment_done(&scene->x);
    free(scene);
    return 0;
}

static isd_certificate check(const struct scene *scene, const int32_t *partner, const double *v)
{
    isd_certificate certificate = {0};
    isd_error err = {0};
    assert_int_equal(isd_assignment_check(&scene->box, scene->a, scene->b, N, partner, v, NULL, &certificate, &err), ISD_OK);
    return certificate;
}

static void test_accepts(void **state)
{
    struct scene *scene = *state;
    isd_certificate c = check(scene, scene->x.partner, scene->x.v);
    assert_true(c.certified);
    assert_true(c.gap_abs >= 0 && c.gap_abs <= 1e-12 * c.sum_sq);
    assert_true(fabs(c.sum_sq - c.dual - c.gap_abs) <= 1e-15 * c.sum_sq);
}

static void test_planted_swap(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i + 1 < N; i += 37) {
        int32_t t = scene->x.partner[i];
        scene->x.partner[i] = scene->x.partner[i + 1];
        scene->x.partner[i + 1] = t;
        isd_certificate c = check(scene, scene->x.partner, scene->x.v);
        assert_false(c.certified);
        assert_true(c.gap_abs >= c.sum_sq - scene->x.sum_sq - 1e-9);
        scene->x.partner[i + 1] = scene->x.partner[i];
        scene->x.partner[i] = t;
    }
}

static void test_no_permutation(void **state)
{
    struct scene *scene = *state;
    int32_t kept = scene->x.partner[5], wrong[] = {scene->x.partner[6], -1, N, INT32_MAX, INT32_MIN};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        scene->x.partner[5] = wrong[k];
        assert_false(check(scene, scene->x.partner, scene->x.v).certified);
    }
    scene->x.partner[5] = kept;
    assert_true(check(scene, scene->x.partner, scene->x.v).certified);
}

static void test_false_duals(void **state)
{
    struct scene *scene = *state;
    double *v = malloc(N * sizeof *v), by[] = {0.3, -0.3, 1e-3, -1e-3, NAN, INFINITY, -INFINITY};
    memcpy(v, scene->x.v, N * sizeof *v);
    for (size_t k = 0; k < sizeof by / sizeof by[0]; k++) {
        v[17] = scene->x.v[17] + by[k];
        assert_false(check(scene, scene->x.partner, v).certified);
        memcpy(v, scene->x.v, N * sizeof *v);
    }
    for (int j = 0; j < N; j++)
        v[j] = 0;
    assert_false(check(scene, scene->x.partner, v).certified);
    /* A constant added to all prices proves the same. */
    for (int j = 0; j < N; j++)
        v[j] = scene->x.v[j] + 2.5;
    assert_true(check(scene, scene->x.partner, v).certified);
    free(v);
}

/* The k-th smallest of a row or column of the costs. */
static double kth_least(const double *cost, int stride, int k)
{
    double least = -INFINITY;
    for (int r = 0; r < k; r++) {
        double next = INFINITY;
        for (int j = 0; j < N; j++)
            if (cost[j * stride] > least && cost[j * stride] < next)
                next = cost[j * stride];
        least = next;
    }
    return least;
}

/* The optimum among edges to the 10 nearest neighbours on both sides, with its own duals: a perfect matching, optimal on its
 * graph, and not the optimum. */
static void test_nearest_neighbours_only(void **state)
{
    struct scene *scene = *state;
    enum { K = 10 };
    size_t n = N;
    double *cost = malloc(n * n * sizeof *cost), *sparse = malloc(n * n * sizeof *sparse), *v = malloc(n * sizeof *v);
    double *row_k = malloc(n * sizeof *row_k), *column_k = malloc(n * sizeof *column_k);
    int32_t *partner = malloc(n * sizeof *partner);
    isd_lattice lattice;
    isd_lattice_init(&lattice, &scene->box);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            cost[i * N + j] = cost_of(&lattice, scene->a + 3 * i, scene->b + 3 * j);
    for (int i = 0; i < N; i++) {
        row_k[i] = kth_least(cost + i * N, 1, K);
        column_k[i] = kth_least(cost + i, N, K);
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sparse[i * N + j] = cost[i * N + j] <= fmax(row_k[i], column_k[j]) ? cost[i * N + j] : INFINITY;
    double sum = dense_optimum(sparse, N, partner, v);
    assert_true(sum < INFINITY);
    assert_true(sum > scene->x.sum_sq * (1 + 1e-6));
    isd_certificate c = check(scene, partner, v);
    assert_false(c.certified);
    assert_true(c.gap_abs >= (sum - scene->x.sum_sq) * (1 - 1e-9));
    free(cost);
    free(sparse);
    free(v);
    free(row_k);
    free(column_k);
    free(partner);
}

/* The gap of any matching and any prices, right or wrong, is that over all pairs. */
static double plain_gap(const isd_box *box, const double *a, const double *b, int n, const int32_t *partner, const double *v)
{
    isd_lattice lattice;
    double gap = 0;
    isd_lattice_init(&lattice, box);
    for (int i = 0; i < n; i++) {
        double own = cost_of(&lattice, a + 3 * i, b + 3 * partner[i]) - v[partner[i]], least = own;
        for (int j = 0; j < n; j++)
            least = fmin(least, cost_of(&lattice, a + 3 * i, b + 3 * j) - v[j]);
        gap += own - least;
    }
    return gap;
}

static void test_gap_is_over_all_pairs(void **state)
{
    (void)state;
    enum { MOST = 300 };
    struct rng rng;
    rng_init(&rng, 21);
    double a[3 * MOST], b[3 * MOST], v[MOST];
    int32_t partner[MOST];
    static const double scales[] = {0, 1e-12, 0.1, 10, 1e9, 1e200};
    for (int trial = 0; trial < 3000; trial++) {
        isd_box box = random_box(&rng);
        int n = trial % 20 == 0 ? MOST : 1 + (int)rng_below(&rng, 60), kind = (int)rng_below(&rng, 3);
        double scale = scales[rng_below(&rng, 6)], size = trial % 7 == 0 ? 1e-9 : trial % 11 == 0 ? 1e12 : 1;
        random_points(&rng, &box, kind, a, n);
        random_points(&rng, &box, kind, b, n);
        for (int i = 0; i < n; i++) {
            partner[i] = i;
            v[i] = scale * size * size * (rng_double(&rng) - 0.5);
            for (int c = 0; c < 3 && trial % 3 == 0; c++) /* all but some in one corner */
                if (i > 4)
                    a[3 * i + c] = b[3 * i + c] = 1e-5 * a[3 * i + c];
        }
        box.lx *= size, box.ly *= size, box.lz *= size, box.xy *= size, box.xz *= size, box.yz *= size;
        for (int k = 0; k < 3 * n; k++) {
            a[k] *= size;
            b[k] *= size;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = (int)rng_below(&rng, (uint32_t)i + 1);
            int32_t t = partner[i];
            partner[i] = partner[j];
            partner[j] = t;
        }
        isd_certificate c;
        assert_int_equal(isd_assignment_check(&box, a, b, n, partner, v, NULL, &c, NULL), ISD_OK);
        double gap = plain_gap(&box, a, b, n, partner, v);
        assert_true(fabs(c.gap_abs - gap) <= 1e-12 * (gap + c.sum_sq + n * scale * size * size));
        assert_true(c.certified == (c.gap_abs <= c.bound));
    }
}

/* A crowd in a huge cell, several duplicates, a thin slab that is periodic across: all found, whatever the order costs. */
static void test_crowds(void **state)
{
    (void)state;
    enum { CROWD = 3000 };
    struct rng rng;
    rng_init(&rng, 22);
    double *a = malloc(3 * CROWD * sizeof *a), *b = malloc(3 * CROWD * sizeof *b);
    for (int kind = 0; kind < 3; kind++) {
        isd_box box = {.dim = 3, .periodic = {true, true, kind == 2}, .lx = 1e6, .ly = 1e6, .lz = kind == 2 ? 0.8 : 1e6};
        double side = kind == 2 ? 50 : 14;
        for (int i = 0; i < CROWD; i++)
            for (int c = 0; c < 3; c++) {
                double at = kind == 1 && i % 3 == 0 ? 0.5 : rng_double(&rng), far = i % 2 ? 0 : 4e5;
                a[3 * i + c] = far + side * at;
                b[3 * i + c] = far + side * (kind == 1 && i % 5 == 0 ? 0.5 : rng_double(&rng));
            }
        isd_assignment x = {0};
        isd_certificate c;
        assert_int_equal(isd_assign(&box, a, b, CROWD, NULL, NULL, &x, NULL), ISD_OK);
        assert_int_equal(isd_assignment_check(&box, a, b, CROWD, x.partner, x.v, NULL, &c, NULL), ISD_OK);
        assert_true(c.certified);
        int32_t t = x.partner[7];
        x.partner[7] = x.partner[CROWD - 2];
        x.partner[CROWD - 2] = t;
        x.v[100] += 0.5;
        assert_int_equal(isd_assignment_check(&box, a, b, CROWD, x.partner, x.v, NULL, &c, NULL), ISD_OK);
        assert_false(c.certified);
        double gap = plain_gap(&box, a, b, CROWD, x.partner, x.v);
        assert_true(fabs(c.gap_abs - gap) <= 1e-10 * gap);
        isd_assignment_done(&x);
    }
    free(a);
    free(b);
}

/* Hundreds of columns in each of few places, at prices of their own: the gap is over all of them. In 2D z is whatever. */
static void test_piles(void **state)
{
    (void)state;
    enum { PILED = 900 };
    static double a[3 * PILED], b[3 * PILED], v[PILED];
    static int32_t partner[PILED];
    struct rng rng;
    rng_init(&rng, 24);
    for (int trial = 0; trial < 60; trial++) {
        isd_box box = random_box(&rng);
        int places = 1 + trial % 4;
        for (int i = 0; i < PILED; i++) {
            double s[3], t[3];
            for (int c = 0; c < 3; c++) {
                s[c] = trial % 2 ? rng_double(&rng) : 0.25 * (int)rng_below(&rng, (uint32_t)places);
                t[c] = 0.1 + 0.3 * (int)rng_below(&rng, (uint32_t)places);
            }
            isd_box_from_fraction(&box, s, a + 3 * i);
            isd_box_from_fraction(&box, t, b + 3 * i);
            if (box.dim == 2)
                b[3 * i + 2] = rng_double(&rng);
            v[i] = rng_double(&rng);
            partner[i] = (i + 7 * trial) % PILED;
        }
        isd_certificate c;
        assert_int_equal(isd_assignment_check(&box, a, b, PILED, partner, v, NULL, &c, NULL), ISD_OK);
        double gap = plain_gap(&box, a, b, PILED, partner, v);
        assert_true(gap > 0 && fabs(c.gap_abs - gap) <= 1e-12 * (gap + c.sum_sq));
        assert_false(c.certified);
    }
}

/* What a search kernel is to find, one column after the other. */
static int plain_columns(const struct audit_leaf *leaf, const struct audit_targets *targets, int dim, const float r[3], float limit,
                         int32_t *ret_place)
{
    int count = 0;
    for (int t = 0; t < targets->count; t++)
        for (int j = 0; j < AUDIT_FAN; j++) {
            float sum = 0, from_box = 0;
            for (int c = 0; c < dim; c++) {
                float d = leaf[targets->leaf[t]].x[c][j] - (r[c] - targets->center[c][t]);
                float gap = fabsf(targets->center[c][t] - r[c]) - targets->half[c][t];
                sum += d * d;
                from_box += gap > 0 ? gap * gap : 0;
            }
            if (from_box <= limit + targets->room[t] && sum <= limit + targets->room[t] + leaf[targets->leaf[t]].w[j])
                ret_place[count++] = targets->leaf[t] * AUDIT_FAN + j;
        }
    return count;
}

static void test_kernels_agree(void **state)
{
    (void)state;
    enum { LEAVES = 40 };
    const struct audit_kernel *kernels[] = {
        &audit_kernel_vector,
#if defined(__x86_64__)
        isa_supported(ISA_AVX2) ? &audit_kernel_avx2 : NULL, isa_supported(ISA_AVX512) ? &audit_kernel_avx512 : NULL,
#endif
    };
    static struct audit_leaf leaf[LEAVES];
    static struct audit_targets targets;
    static int32_t wanted[AUDIT_FAN * AUDIT_TARGETS], found[AUDIT_FAN * AUDIT_TARGETS];
    struct rng rng;
    rng_init(&rng, 23);
    int hits = 0;
    for (int trial = 0; trial < 300; trial++) {
        targets.count = AUDIT_FAN * (1 + (int)rng_below(&rng, 3));
        for (int k = 0; k < LEAVES; k++)
            for (int j = 0; j < AUDIT_FAN; j++) {
                leaf[k].w[j] = rng_below(&rng, 9) ? -(float)rng_double(&rng) : -INFINITY;
                for (int c = 0; c < 3; c++)
                    leaf[k].x[c][j] = (float)(2 * rng_double(&rng) - 1);
            }
        for (int t = 0; t < targets.count; t++) {
            targets.leaf[t] = (int32_t)rng_below(&rng, LEAVES);
            targets.room[t] = t % 5 ? (float)rng_double(&rng) : -INFINITY;
            for (int c = 0; c < 3; c++) {
                targets.half[c][t] = 1;
                targets.center[c][t] = (float)(4 * rng_double(&rng) - 2);
            }
        }
        int dim = 2 + trial % 2;
        const float r[3] = {0.1f, -0.2f, 0.3f};
        int count = plain_columns(leaf, &targets, dim, r, 0.3f, wanted);
        hits += count;
        struct audit_node node;
        uint32_t cell[3][AUDIT_FAN], key[AUDIT_FAN], first_key[AUDIT_FAN];
        const double center[] = {0.1, 0.2, 0.3}, half[] = {0.5, 0.4, 0.3};
        unsigned near = 0;
        for (int k = 0; k < AUDIT_FAN; k++) {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                node.center[c][k] = 4 * rng_double(&rng) - 2;
                node.half[c][k] = rng_double(&rng) / 2;
                double gap = fabs(node.center[c][k] - center[c]) - half[c] - node.half[c][k];
                sum += gap > 0 ? gap * gap : 0;
            }
            node.v_max[k] = k % 6 ? rng_double(&rng) : -INFINITY;
            near |= (unsigned)(sum <= 0.2 + node.v_max[k]) << k;
        }
        for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
            if (!kernels[i])
                continue;
            assert_int_equal(kernels[i]->columns(leaf, &targets, dim, r, 0.3f, found), count);
            assert_memory_equal(found, wanted, (size_t)count * sizeof *found);
            assert_int_equal(kernels[i]->children(&node, center, half, 0.2), near);
            for (int k = 0; k < AUDIT_FAN; k++)
                for (int c = 0; c < 3; c++)
                    cell[c][k] = (uint32_t)(37 * trial + 91 * k * (c + 1)) & 1023;
            kernels[i]->keys(cell, 10, dim, i == 0 ? first_key : key);
            assert_true(i == 0 || memcmp(key, first_key, sizeof key) == 0);
        }
    }
    assert_true(hits > 1000);
}

/* The curve goes through every cell of a grid once, from neighbour to neighbour. */
static void test_curve(void **state)
{
    (void)state;
    enum { BITS = 4, SIDE = 1 << BITS };
    for (int dim = 2; dim <= 3; dim++) {
        int total = dim == 2 ? SIDE * SIDE : SIDE * SIDE * SIDE;
        int *at = malloc((size_t)total * sizeof *at);
        for (int k = 0; k < total; k++)
            at[k] = -1;
        for (int first = 0; first < total; first += AUDIT_FAN) {
            uint32_t cell[3][AUDIT_FAN] = {{0}}, key[AUDIT_FAN];
            for (int k = 0; k < AUDIT_FAN; k++)
                for (int c = 0; c < dim; c++)
                    cell[c][k] = (uint32_t)(first + k) >> (c * BITS) & (SIDE - 1);
            audit_kernel_best()->keys(cell, BITS, dim, key);
            for (int k = 0; k < AUDIT_FAN; k++) {
                assert_true(key[k] < (uint32_t)total && at[key[k]] == -1);
                at[key[k]] = first + k;
            }
        }
        for (int k = 0; k + 1 < total; k++) {
            int steps = 0;
            for (int c = 0; c < dim; c++)
                steps += abs((at[k] >> (c * BITS) & (SIDE - 1)) - (at[k + 1] >> (c * BITS) & (SIDE - 1)));
            assert_int_equal(steps, 1);
        }
        free(at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_planted_swap),
        cmocka_unit_test(test_no_permutation),
        cmocka_unit_test(test_false_duals),
        cmocka_unit_test(test_nearest_neighbours_only),
        cmocka_unit_test(test_gap_is_over_all_pairs),
        cmocka_unit_test(test_crowds),
        cmocka_unit_test(test_piles),
        cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_curve),
    };
    return cmocka_run_group_tests(tests, scene_new, scene_free);
}
