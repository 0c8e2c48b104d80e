/* Points in compact clusters of eight, and a tree of boxes over them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/tree.h"

#include <stdlib.h>

struct builder {
    struct tree_point *points;
    struct tree *tree;
    uint64_t random; /* picks pivots: no input is bad for it, and the same input gives the same order */
};

static void swap(struct tree_point *a, struct tree_point *b)
{
    const struct tree_point t = *a;
    *a = *b;
    *b = t;
}

/* Hoare's selection on p[0..n): the `rank` smallest along `axis` come first. Stops on equal keys, so ties
 * stay balanced. */
static void select_rank(struct builder *b, struct tree_point *p, int32_t n, int32_t rank, int axis)
{
    int32_t lo = 0, hi = n - 1;
    while (lo < hi) {
        b->random = b->random * 6364136223846793005u + 1442695040888963407u;
        const double pivot = p[lo + (int32_t)((b->random >> 33) % (uint64_t)(hi - lo + 1))].r[axis];
        int32_t i = lo, j = hi;
        while (i <= j) {
            while (p[i].r[axis] < pivot) {
                i++;
            }
            while (p[j].r[axis] > pivot) {
                j--;
            }
            if (i <= j) {
                swap(&p[i++], &p[j--]);
            }
        }
        if (rank <= j) {
            hi = j;
        } else if (rank >= i) {
            lo = i;
        } else {
            return;
        }
    }
}

static int bound(const struct tree_point *p, int32_t n, double lo[3], double hi[3])
{
    for (int q = 0; q < 3; q++) {
        lo[q] = hi[q] = p[0].r[q];
    }
    for (int32_t k = 1; k < n; k++) {
        for (int q = 0; q < 3; q++) {
            const double x = p[k].r[q];
            lo[q] = x < lo[q] ? x : lo[q];
            hi[q] = x > hi[q] ? x : hi[q];
        }
    }
    int longest = 0;
    for (int q = 1; q < 3; q++) {
        if (hi[q] - lo[q] > hi[longest] - lo[longest]) {
            longest = q;
        }
    }
    return longest;
}

/* Points first ... first+n-1; first is a multiple of 8. Depth log2(n). */
static void build(struct builder *b, int32_t first, int32_t n)
{
    struct tree *tree = b->tree;
    const int32_t self = tree->n_node++;
    struct tree_node *node = &tree->node[self];
    struct tree_point *p = b->points + first;
    const int longest = bound(p, n, node->lo, node->hi);
    const int32_t clusters = (n + TREE_CLUSTER - 1) / TREE_CLUSTER;
    node->first = first / TREE_CLUSTER;
    node->last = node->first + clusters - 1;
    if (clusters > 1) {
        const int32_t left = (clusters + 1) / 2 * TREE_CLUSTER;
        select_rank(b, p, n, left, longest);
        build(b, first, left);
        build(b, first + left, n - left);
    } else if (n > TREE_CLUSTER / 2) {
        select_rank(b, p, n, TREE_CLUSTER / 2, longest);
    }
    node->skip = tree->n_node;
}

isd_status tree_build(struct tree_point *points, int32_t n, struct tree *ret_tree, isd_error *err)
{
    struct tree tree = {.n_cluster = n / TREE_CLUSTER + (n % TREE_CLUSTER != 0)};
    if (n > 0) {
        tree.node = malloc((2 * (size_t)tree.n_cluster - 1) * sizeof *tree.node);
        if (!tree.node) {
            return isd_error_memory(err);
        }
        build(&(struct builder){.points = points, .tree = &tree, .random = 1}, 0, n);
    }
    *ret_tree = tree;
    return ISD_OK;
}

void tree_done(struct tree *tree)
{
    if (tree) {
        free(tree->node);
        *tree = (struct tree){0};
    }
}

double tree_gap_sq(const struct tree_node *a, const struct tree_node *b)
{
    double sum = 0;
    for (int q = 0; q < 3; q++) {
        const double below = a->lo[q] - b->hi[q], above = b->lo[q] - a->hi[q];
        const double gap = below > above ? below : above;
        sum += gap > 0 ? gap * gap : 0;
    }
    return sum;
}
