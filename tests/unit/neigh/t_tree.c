/* The tree over clusters of eight. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "neigh/tree.h"

/* Every point in one cluster, boxes tight, nodes in order, groups of eight clusters whole. */
static void check_tree(const struct tree *tree, const struct tree_point *p, int32_t n)
{
    char *seen = calloc((size_t)n + 1, 1);
    assert_non_null(seen);
    assert_int_equal(tree->n_cluster, (n + 7) / 8);
    assert_int_equal(tree->n_node, n > 0 ? 2 * tree->n_cluster - 1 : 0);
    for (int32_t k = 0; k < n; k++) {
        assert_int_equal(seen[p[k].id]++, 0);
    }
    for (int32_t k = 0; k < tree->n_node; k++) {
        const struct tree_node *node = &tree->node[k];
        assert_int_equal(node->skip - k, 2 * (node->last - node->first) + 1);
        if (node->first < node->last) {
            const struct tree_node *left = node + 1, *right = &tree->node[left->skip];
            assert_true(left->first == node->first && right->first == left->last + 1 && right->last == node->last);
            assert_true(node->last - node->first < TREE_GROUP || right->first % TREE_GROUP == 0);
        }
        for (int q = 0; q < 3; q++) {
            double lo = INFINITY, hi = -INFINITY;
            for (int32_t i = 8 * node->first; i < 8 * (node->last + 1) && i < n; i++) {
                lo = fmin(lo, p[i].r[q]);
                hi = fmax(hi, p[i].r[q]);
            }
            assert_true(lo == node->lo[q] && hi == node->hi[q]);
        }
    }
    free(seen);
}

static double coordinate(struct rng *rng, int kind, int q)
{
    switch (kind) {
    case 0:
        return rng_double(rng);
    case 1: /* a layer */
        return q == 2 ? 0.25 : 1000 * rng_double(rng);
    case 2: /* many ties */
        return rng_below(rng, 4);
    case 3: /* all on one spot */
        return -7;
    case 4: /* a drop in the void, of any size */
        return pow(10, 300 * rng_double(rng)) * (rng_below(rng, 2) ? 1 : -1);
    default: /* a few far away */
        return rng_below(rng, 50) ? rng_normal(rng) : 1e12 * rng_double(rng);
    }
}

static void trees(void **state)
{
    (void)state;
    static const int32_t sizes[] = {0, 1, 7, 8, 9, 63, 64, 65, 500, 513, 5000, 40000};
    struct rng rng;
    rng_init(&rng, 8);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const int32_t n = sizes[s];
        struct tree_point *p = malloc(((size_t)n + 1) * sizeof *p), *again = malloc(((size_t)n + 1) * sizeof *p);
        assert_true(p && again);
        for (int kind = 0; kind < 6; kind++) {
            struct tree tree, second;
            for (int32_t k = 0; k < n; k++) {
                p[k].id = k;
                for (int q = 0; q < 3; q++) {
                    p[k].r[q] = coordinate(&rng, kind, q);
                }
            }
            memcpy(again, p, (size_t)n * sizeof *p);
            assert_int_equal(tree_build(p, n, &tree, NULL), ISD_OK);
            check_tree(&tree, p, n);
            assert_int_equal(tree_build(again, n, &second, NULL), ISD_OK);
            for (int32_t k = 0; k < n; k++) {
                assert_int_equal(p[k].id, again[k].id);
            }
            tree_done(&tree);
            tree_done(&second);
        }
        free(p);
        free(again);
    }
}

/* Clusters of a uniform cloud are nearly cubes. */
static void compact(void **state)
{
    (void)state;
    enum { N = 32768 };
    struct tree_point *p = malloc(N * sizeof *p);
    struct tree tree;
    struct rng rng;
    double surface = 0;
    assert_non_null(p);
    rng_init(&rng, 9);
    for (int32_t k = 0; k < N; k++) {
        p[k] = (struct tree_point){.r = {16 * rng_double(&rng), 16 * rng_double(&rng), 16 * rng_double(&rng)}, .id = k};
    }
    assert_int_equal(tree_build(p, N, &tree, NULL), ISD_OK);
    for (int32_t k = 0; k < tree.n_node; k++) {
        const struct tree_node *node = &tree.node[k];
        const double x = node->hi[0] - node->lo[0], y = node->hi[1] - node->lo[1], z = node->hi[2] - node->lo[2];
        surface += node->first == node->last ? x * y + y * z + z * x : 0;
    }
    assert_true(surface / tree.n_cluster < 2.2); /* eight points in a cube of side 1: about 2 */
    tree_done(&tree);
    free(p);
}

static void cancelled(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct tree_point *p = calloc(N, sizeof *p);
    struct tree tree = {.n_node = 42};
    isd_control *control = isd_control_new();
    assert_true(p && control);
    isd_control_cancel(control);
    assert_int_equal(tree_build_shared(p, N, control, &tree, NULL), ISD_CANCELLED);
    assert_int_equal(tree.n_node, 42);
    isd_control_free(control);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(trees), cmocka_unit_test(compact), cmocka_unit_test(cancelled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
