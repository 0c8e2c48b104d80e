/* Points in compact clusters of eight, and a tree of boxes over them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/prune.h"

#define BINS 256
#define FEW PRUNE_KEYS /* so many are ranked one against the other */
#define TASK_CLUSTERS 512 /* a subtree of at most so many is built by one thread in one go, a larger one split first */

struct task {
    int32_t self, first, n;
};

struct builder {
    struct tree_point *points, *scratch; /* [n] each */
    struct tree *tree;
    const struct prune_kernel *kernel;
    isd_control *control;
    const struct task *task; /* subtrees in hand */
    struct task *rest;       /* [2 for each] what is left of them */
};

/* Each of a few points goes left if fewer than `rank` come before it; no branches, and ties keep their order.
 */
static void split_few(const struct builder *b, struct tree_point *p, int32_t n, int32_t rank, int axis,
                      struct tree_point *scratch)
{
    double key[FEW] __attribute__((aligned(64)));
    int32_t before[FEW] __attribute__((aligned(64))), left = 0, right = rank;
    memcpy(scratch, p, (size_t)n * sizeof *p);
    for (int32_t k = 0; k < n; k++) {
        key[k] = p[k].r[axis];
    }
    for (int32_t k = n; k < FEW; k++) {
        key[k] = 0; /* its rank is not looked at */
    }
    b->kernel->rank(key, n, before);
    for (int32_t k = 0; k < n; k++) {
        const int32_t to_left = -(before[k] < rank);
        p[right ^ ((left ^ right) & to_left)] = scratch[k];
        left -= to_left;
        right += 1 + to_left;
    }
}

static void range(const struct tree_point *p, int32_t n, int axis, double *ret_lo, double *ret_hi)
{
    double lo = p[0].r[axis], hi = lo;
    for (int32_t k = 1; k < n; k++) {
        const double x = p[k].r[axis];
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
    }
    *ret_lo = lo;
    *ret_hi = hi;
}

static inline int32_t bin_of(double x, double lo, double scale)
{
    const int32_t bin = (int32_t)((0.5 * x - 0.5 * lo) * scale);
    return bin < BINS - 1 ? bin : BINS - 1;
}

/* Reorders p[0..n) so that the `rank` smallest along `axis` come first. Points fall into bins between lo and
 * hi, those below and above the bin of the rank go to their sides, and that bin is looked at again: any
 * distribution is narrowed 256-fold a round. */
static void select_rank(const struct builder *b, struct tree_point *p, int32_t n, int32_t rank, int axis,
                        double lo, double hi, struct tree_point *scratch)
{
    while (n > FEW && rank > 0 && lo < hi) {
        const double scale = BINS / (0.5 * hi - 0.5 * lo); /* halves: the difference may be beyond doubles */
        if (!isfinite(scale)) {
            return; /* nearer together than anything that matters */
        }
        int32_t count[BINS] = {0}, bin = 0, below = 0;
        for (int32_t k = 0; k < n; k++) {
            count[bin_of(p[k].r[axis], lo, scale)]++;
        }
        while (below + count[bin] <= rank) {
            below += count[bin++];
        }
        int32_t left = 0, middle = below, right = below + count[bin];
        for (int32_t k = 0; k < n; k++) {
            const int32_t at = bin_of(p[k].r[axis], lo, scale);
            if (at == bin) { /* seldom */
                scratch[middle++] = p[k];
            } else { /* half of them either way: no branch */
                const int32_t to_left = -(at < bin);
                scratch[right ^ ((left ^ right) & to_left)] = p[k];
                left -= to_left;
                right += 1 + to_left;
            }
        }
        memcpy(p, scratch, (size_t)n * sizeof *p);
        p += below;
        n = count[bin];
        rank -= below;
        range(p, n, axis, &lo, &hi);
    }
    if (n <= FEW && rank > 0) {
        split_few(b, p, n, rank, axis, scratch);
    }
}

static int longest_side(const struct tree_node *node)
{
    int longest = 0;
    for (int q = 1; q < 3; q++) {
        if (node->hi[q] - node->lo[q] > node->hi[longest] - node->lo[longest]) {
            longest = q;
        }
    }
    return longest;
}

/* The node of some points, and what is below it: 0, or 2 subtrees of the points it has put in order. */
static int32_t split(const struct builder *b, struct task task, struct task ret_rest[2])
{
    const int32_t clusters = (task.n + TREE_CLUSTER - 1) / TREE_CLUSTER;
    struct tree_node *node = &b->tree->node[task.self];
    struct tree_point *p = b->points + task.first;
    b->kernel->bound(p, task.n, node->lo, node->hi);
    const int longest = longest_side(node);
    node->first = task.first / TREE_CLUSTER;
    node->last = node->first + clusters - 1;
    node->skip = task.self + 2 * clusters - 1;
    if (clusters == 1) {
        if (task.n > TREE_CLUSTER / 2) {
            split_few(b, p, task.n, TREE_CLUSTER / 2, longest, b->scratch + task.first);
        }
        return 0;
    }
    const int32_t piece = clusters > TREE_GROUP ? TREE_GROUP : 1;
    const int32_t left = (clusters + 2 * piece - 1) / (2 * piece) * piece * TREE_CLUSTER;
    select_rank(b, p, task.n, left, longest, node->lo[longest], node->hi[longest], b->scratch + task.first);
    ret_rest[0] = (struct task){task.self + 1, task.first, left};
    ret_rest[1] = (struct task){task.self + 2 * left / TREE_CLUSTER, task.first + left, task.n - left};
    return 2;
}

/* A whole subtree. Depth log2(n). */
static void build(const struct builder *b, struct task task)
{
    struct task rest[2];
    const int32_t n = split(b, task, rest);
    for (int32_t k = 0; k < n; k++) {
        build(b, rest[k]);
    }
}

static void build_task(void *arg, int32_t k)
{
    const struct builder *b = arg;
    const struct task task = b->task[k];
    struct task *rest = b->rest + 2 * (size_t)k;
    rest[0].n = rest[1].n = 0;
    if (task.n <= TASK_CLUSTERS * TREE_CLUSTER) {
        build(b, task);
    } else {
        split(b, task, rest);
    }
}

/* Generation by generation: all subtrees of one are taken at once. room: `half` for tasks, behind it twice as much for the rest. */
static void build_all(struct builder *b, int32_t n, struct task *room, size_t half)
{
    int32_t n_task = 1;
    room[0] = (struct task){0, 0, n};
    b->task = room;
    b->rest = room + half;
    while (n_task > 0 && !isd_control_cancelled(b->control)) {
        int32_t left = 0;
        isd_control_for(b->control, n_task, build_task, b);
        for (int32_t k = 0; k < 2 * n_task; k++) {
            if (b->rest[k].n > 0) {
                room[left++] = b->rest[k];
            }
        }
        n_task = left;
    }
}

isd_status tree_build_shared(struct tree_point *points, int32_t n, isd_control *control, struct tree *ret_tree,
                             isd_error *err)
{
    struct tree tree = {.n_cluster = n / TREE_CLUSTER + (n % TREE_CLUSTER != 0)};
    struct builder b = {.points = points, .tree = &tree, .kernel = prune_kernel(isa_best()), .control = control};
    struct task *room = NULL;
    isd_status status = ISD_OK;
    if (n > 0) {
        /* more than a quarter of the limit in each, by the way nodes are split; two left of each */
        const size_t half = (size_t)tree.n_cluster / (TASK_CLUSTERS / 4) + 2;
        tree.n_node = 2 * tree.n_cluster - 1;
        tree.node = malloc((size_t)tree.n_node * sizeof *tree.node);
        b.scratch = malloc((size_t)n * sizeof *b.scratch);
        room = malloc(3 * half * sizeof *room);
        if (tree.node && b.scratch && room) {
            build_all(&b, n, room, half);
        } else {
            status = isd_error_memory(err);
        }
        if (!status && isd_control_cancelled(control)) {
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
    }
    free(b.scratch);
    free(room);
    if (status) {
        free(tree.node);
        return status;
    }
    *ret_tree = tree;
    return ISD_OK;
}

isd_status tree_build(struct tree_point *points, int32_t n, struct tree *ret_tree, isd_error *err)
{
    return tree_build_shared(points, n, NULL, ret_tree, err);
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
