/* Points in compact clusters of eight, and a tree of boxes over them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Splitting at the median of the longest side needs neither a grid nor a density: O(n log n) time and O(n)
 * memory for a droplet in a huge box as for a liquid. */
#ifndef NEIGH_TREE_H
#define NEIGH_TREE_H

#include <stdint.h>

#include "isdmin/control.h"
#include "isdmin/status.h"

enum { TREE_CLUSTER = 8, TREE_GROUP = 8 };

struct tree_point {
    double r[3];
    int32_t id;
};

/* Nodes in depth-first order: the next node is the first child (if inner), `skip` the first node behind the
 * subtree. A node of more than TREE_GROUP clusters is split at a multiple of so many: clusters 8g ... 8g+7
 * are always one node, a group. */
struct tree_node {
    double lo[3], hi[3];
    int32_t first, last; /* clusters of the subtree, inclusive; a leaf has one */
    int32_t skip;
};

struct tree {
    struct tree_node *node;
    int32_t n_node, n_cluster;
};

/* Reorders the points: cluster k is points 8k ... 8k+7 (the last may be short), and the first four and last
 * four of a cluster are compact, too. n = 0 gives an empty tree. Coordinates must be finite. */
isd_status tree_build(struct tree_point *points, int32_t n, struct tree *ret_tree, isd_error *err);
/* The same tree, with the threads of `control`; ISD_CANCELLED when asked to stop. */
isd_status tree_build_shared(struct tree_point *points, int32_t n, isd_control *control, struct tree *ret_tree,
                             isd_error *err);
void tree_done(struct tree *tree);

/* Squared distance of two boxes, 0 where they overlap. */
double tree_gap_sq(const struct tree_node *a, const struct tree_node *b);

#endif
