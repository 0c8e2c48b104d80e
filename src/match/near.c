/* Weighted points in a periodic cell, found by value. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* r with fractions in [0,1) along the reduced basis; in 2D without z. */
static void wrap(const isd_lattice *lattice, const double r[3], double ret_r[3])
{
    double out[3] = {r[0], r[1], lattice->dim == 2 ? 0 : r[2]}, whole[3];
    for (int k = 0; k < lattice->rank; k++)
        whole[k] = floor(lattice->dual[k][0] * out[0] + lattice->dual[k][1] * out[1] + lattice->dual[k][2] * out[2]);
    for (int k = 0; k < lattice->rank; k++)
        for (int c = 0; c < 3; c++)
            out[c] -= whole[k] * lattice->basis[k][c];
    memcpy(ret_r, out, sizeof out);
}

/* Differences of wrapped points have fractions in (-1,1). Rounding is then off by one cell, and in cells that are not
 * orthogonal the shortest image may be one more away. */
static void make_images(struct near *near)
{
    const isd_lattice *lattice = &near->lattice;
    int reach = lattice->n_image > 0 ? 2 : 1, most[3];
    for (int k = 0; k < 3; k++)
        most[k] = k < lattice->rank ? reach : 0;
    for (int i = -most[0]; i <= most[0]; i++)
        for (int j = -most[1]; j <= most[1]; j++)
            for (int l = -most[2]; l <= most[2]; l++) {
                double *image = near->image[near->n_image++];
                for (int c = 0; c < 3; c++)
                    image[c] = (most[0] ? i * lattice->basis[0][c] : 0) + (most[1] ? j * lattice->basis[1][c] : 0) +
                               (most[2] ? l * lattice->basis[2][c] : 0);
            }
}

static void make_weights(struct near *near, const double *weight)
{
    for (int32_t k = 0; k < near->n; k++)
        near->weight[k] = weight ? weight[near->point[k].id] : 0;
    for (int32_t at = 0; at < near->tree.n_node; at++) {
        const struct tree_node *node = &near->tree.node[at];
        int64_t end = ((int64_t)node->last + 1) * TREE_CLUSTER;
        double largest = -INFINITY;
        for (int64_t k = (int64_t)node->first * TREE_CLUSTER; k < end && k < near->n; k++)
            largest = fmax(largest, near->weight[k]);
        near->node_weight[at] = largest;
    }
}

isd_status near_init(struct near *near, const isd_lattice *lattice, const double *r, const double *weight, int32_t n, isd_error *err)
{
    *near = (struct near){.lattice = *lattice, .n = n};
    size_t room = (size_t)n + 1;
    near->point = malloc(room * sizeof *near->point);
    near->weight = malloc(room * sizeof *near->weight);
    isd_status status = near->point && near->weight ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        for (int32_t k = 0; k < n; k++) {
            wrap(lattice, r + 3 * (size_t)k, near->point[k].r);
            near->point[k].id = k;
        }
        status = tree_build(near->point, n, &near->tree, err);
    }
    if (status == ISD_OK) {
        near->node_weight = malloc(((size_t)near->tree.n_node + 1) * sizeof *near->node_weight);
        status = near->node_weight ? ISD_OK : isd_error_memory(err);
    }
    if (status != ISD_OK) {
        near_done(near);
        return status;
    }
    make_images(near);
    make_weights(near, weight);
    return ISD_OK;
}

void near_done(struct near *near)
{
    tree_done(&near->tree);
    free(near->point);
    free(near->weight);
    free(near->node_weight);
    *near = (struct near){0};
}

static double gap_sq(const struct tree_node *node, const double q[3])
{
    double sq = 0;
    for (int c = 0; c < 3; c++) {
        double gap = fmax(fmax(node->lo[c] - q[c], q[c] - node->hi[c]), 0);
        sq += gap * gap;
    }
    return sq;
}

static bool visit_cluster(const struct near *near, int32_t cluster, const double q[3], double limit, near_fn *visit, void *arg)
{
    int64_t end = ((int64_t)cluster + 1) * TREE_CLUSTER;
    for (int64_t k = (int64_t)cluster * TREE_CLUSTER; k < end && k < near->n; k++) {
        const double *r = near->point[k].r;
        double d[3] = {r[0] - q[0], r[1] - q[1], r[2] - q[2]};
        double value = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - near->weight[k];
        if (value <= limit && !visit(arg, near->point[k].id, value))
            return false;
    }
    return true;
}

bool near_visit(const struct near *near, const double q[3], double limit, near_fn *visit, void *arg)
{
    double home[3];
    wrap(&near->lattice, q, home);
    for (int32_t k = 0; k < near->n_image; k++) {
        const double *image = near->image[k];
        double p[3] = {home[0] - image[0], home[1] - image[1], home[2] - image[2]};
        for (int32_t at = 0; at < near->tree.n_node;) {
            const struct tree_node *node = &near->tree.node[at];
            if (gap_sq(node, p) - near->node_weight[at] > limit) {
                at = node->skip;
                continue;
            }
            if (node->first == node->last && !visit_cluster(near, node->first, p, limit, visit, arg))
                return false;
            at++;
        }
    }
    return true;
}
