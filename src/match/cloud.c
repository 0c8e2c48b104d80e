/* Balanced tree over points, branch and bound under periodic images. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cloud.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Unit vectors along the lattice vectors, then along what is left of space; false if the lattice is not rectangular. */
static bool frame_axes(struct frame *frame)
{
    const isd_lattice *lattice = &frame->lattice;
    int made = 0;
    for (int k = 0; k < lattice->rank + 3 && made < 3; k++) {
        double e[3] = {0, 0, 0};
        bool periodic = k < lattice->rank;
        if (periodic)
            memcpy(e, lattice->basis[k], sizeof e);
        else
            e[k - lattice->rank] = 1;
        double length = sqrt(dot(e, e));
        for (int i = 0; i < made; i++) {
            double p = dot(e, frame->axis[i]);
            if (periodic && fabs(p) > 1e-13 * length)
                return false;
            for (int c = 0; c < 3; c++)
                e[c] -= p * frame->axis[i][c];
        }
        double left = sqrt(dot(e, e));
        if (!periodic && left < 0.5)
            continue;
        for (int c = 0; c < 3; c++)
            frame->axis[made][c] = e[c] / left;
        frame->length[made++] = periodic ? length : INFINITY;
    }
    return made == 3;
}

void frame_init(struct frame *frame, const isd_box *box, double reach)
{
    *frame = (struct frame){0};
    isd_lattice_init(&frame->lattice, box);
    frame->rectangular = frame->lattice.n_image == 0 && frame_axes(frame);
    double size = 2 * reach;
    for (int k = 0; k < frame->lattice.rank; k++)
        size += sqrt(dot(frame->lattice.basis[k], frame->lattice.basis[k]));
    if (!frame->rectangular)
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                frame->axis[i][c] = i == c;
    frame->slack = 64 * DBL_EPSILON * size;
    frame->slack_sq = 8 * size * frame->slack;
}

/* Frame coordinates of r; in 2D the third is 0. */
static void frame_place(const struct frame *frame, const double r[3], double ret_x[3])
{
    const isd_lattice *lattice = &frame->lattice;
    double p[3] = {r[0], r[1], lattice->dim == 2 ? 0 : r[2]};
    if (frame->rectangular) {
        for (int i = 0; i < 3; i++) {
            double x = dot(frame->axis[i], p), length = frame->length[i];
            ret_x[i] = isinf(length) ? x : x - length * floor(x / length);
        }
        return;
    }
    double turns[3];
    for (int k = 0; k < lattice->rank; k++)
        turns[k] = floor(dot(lattice->dual[k], p));
    for (int k = 0; k < lattice->rank; k++)
        for (int c = 0; c < 3; c++)
            p[c] -= turns[k] * lattice->basis[k][c];
    memcpy(ret_x, p, sizeof p);
}

/* Point numbers order[begin..end) parted so that the first `middle - begin` have the smaller coordinate c. Ties go by
 * number: points on one spot do not degrade it, and the order is always the same. */
static void part(const double *x, int32_t *order, int32_t begin, int32_t end, int32_t middle, int c)
{
    while (end - begin > 1) {
        int32_t pivot = order[begin + (end - begin) / 2];
        double value = x[3 * (size_t)pivot + c];
        int32_t i = begin, j = end - 1;
        while (i <= j) {
#define BEFORE(p, q, xq) (x[3 * (size_t)(p) + c] < (xq) || (x[3 * (size_t)(p) + c] == (xq) && (p) < (q)))
#define AFTER(p, q, xq) (x[3 * (size_t)(p) + c] > (xq) || (x[3 * (size_t)(p) + c] == (xq) && (p) > (q)))
            while (BEFORE(order[i], pivot, value))
                i++;
            while (AFTER(order[j], pivot, value))
                j--;
#undef BEFORE
#undef AFTER
            if (i <= j) {
                int32_t t = order[i];
                order[i++] = order[j];
                order[j--] = t;
            }
        }
        if (middle <= j)
            end = j + 1;
        else if (middle >= i)
            begin = i;
        else
            return;
    }
}

/* Bounds of the points of node k into the pair of its parent; returns the widest direction. */
static int enclose(struct cloud *cloud, int32_t k, const double *x, const int32_t *order)
{
    const struct cloud_node *node = &cloud->node[k];
    double lo[3] = {INFINITY, INFINITY, INFINITY}, hi[3] = {-INFINITY, -INFINITY, -INFINITY}, half[3];
    for (int32_t i = node->begin; i < node->end; i++)
        for (int c = 0; c < 3; c++) {
            double value = x[3 * (size_t)order[i] + (size_t)c];
            lo[c] = value < lo[c] ? value : lo[c];
            hi[c] = value > hi[c] ? value : hi[c];
        }
    int widest = 0;
    for (int c = 0; c < 3; c++) {
        half[c] = (hi[c] - lo[c]) / 2 + cloud->frame->slack;
        if (hi[c] - lo[c] > hi[widest] - lo[widest])
            widest = c;
    }
    if (!cloud->frame->rectangular)
        half[0] = sqrt(dot(half, half)) + cloud->frame->slack;
    if (k > 0) {
        struct cloud_pair *pair = &cloud->pair[(k - 1) / 2];
        int side = (k - 1) % 2;
        for (int c = 0; c < 3; c++) {
            pair->center[c][side] = lo[c] + (hi[c] - lo[c]) / 2;
            pair->half[c][side] = half[c];
        }
        pair->w_max[side] = 0;
    }
    return widest;
}

static isd_status build(struct cloud *cloud, const double *x, int32_t *order, const isd_control *control)
{
    int32_t n_nodes = 2 * cloud_n_leaves(cloud) - 1;
    cloud->node[0].begin = 0;
    cloud->node[0].end = cloud->n;
    for (int32_t k = 0; k < n_nodes; k++) {
        struct cloud_node *node = &cloud->node[k];
        int widest = enclose(cloud, k, x, order);
        if (2 * k + 2 >= n_nodes)
            continue;
        int32_t middle = node->begin + (node->end - node->begin) / 2;
        part(x, order, node->begin, node->end, middle, widest);
        cloud->node[2 * k + 1].begin = node->begin;
        cloud->node[2 * k + 1].end = middle;
        cloud->node[2 * k + 2].begin = middle;
        cloud->node[2 * k + 2].end = node->end;
        if (isd_control_cancelled(control))
            return ISD_CANCELLED;
    }
    return ISD_OK;
}

isd_status cloud_init(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                      const isd_control *control, isd_error *err)
{
    *cloud = (struct cloud){.frame = frame, .n = n};
    while ((n - 1) >> cloud->levels >= CLOUD_LEAF)
        cloud->levels++;
    size_t m = (size_t)n;
    cloud->stride = m + CLOUD_LEAF;
    cloud->index = malloc(m * sizeof *cloud->index);
    cloud->r = malloc(3 * m * sizeof *cloud->r);
    cloud->x = calloc(3 * cloud->stride, sizeof *cloud->x);
    cloud->w = calloc(cloud->stride, sizeof *cloud->w);
    cloud->node = malloc(((size_t)2 << cloud->levels) * sizeof *cloud->node);
    cloud->pair = malloc(((size_t)1 << cloud->levels) * sizeof *cloud->pair);
    if (!cloud->pair || !cloud->index || !cloud->r || !cloud->x || !cloud->w || !cloud->node) {
        cloud_done(cloud);
        return isd_error_memory(err);
    }
    /* The frame coordinates in the caller's order go where the positions will be. */
    for (size_t i = 0; i < m; i++) {
        frame_place(frame, r + 3 * i, cloud->r + 3 * i);
        cloud->index[i] = (int32_t)i;
    }
    if (build(cloud, cloud->r, cloud->index, control) != ISD_OK) {
        cloud_done(cloud);
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (size_t i = 0; i < m; i++)
        for (size_t c = 0; c < 3; c++)
            cloud->x[c * cloud->stride + i] = cloud->r[3 * (size_t)cloud->index[i] + c];
    for (size_t i = 0; i < m; i++)
        memcpy(cloud->r + 3 * i, r + 3 * (size_t)cloud->index[i], 3 * sizeof *cloud->r);
    return ISD_OK;
}

void cloud_done(struct cloud *cloud)
{
    free(cloud->index);
    free(cloud->r);
    free(cloud->x);
    free(cloud->w);
    free(cloud->node);
    free(cloud->pair);
    *cloud = (struct cloud){0};
}

int32_t cloud_n_leaves(const struct cloud *cloud)
{
    return (int32_t)1 << cloud->levels;
}

void cloud_weigh(struct cloud *cloud)
{
    int32_t first_leaf = cloud_n_leaves(cloud) - 1;
    for (int32_t k = 2 * first_leaf; k > 0; k--) {
        double most;
        if (k >= first_leaf) {
            most = cloud->w[cloud->node[k].begin];
            for (int32_t j = cloud->node[k].begin + 1; j < cloud->node[k].end; j++)
                most = fmax(most, cloud->w[j]);
        } else {
            most = fmax(cloud->pair[k].w_max[0], cloud->pair[k].w_max[1]);
        }
        cloud->pair[(k - 1) / 2].w_max[(k - 1) % 2] = most;
    }
}

void cloud_centroids(const struct cloud *cloud, double *ret_r)
{
    int32_t n_leaves = cloud_n_leaves(cloud);
    for (int32_t k = 0; k < n_leaves; k++) {
        const struct cloud_node *node = &cloud->node[n_leaves - 1 + k];
        double sum[3] = {0, 0, 0}, *out = ret_r + 3 * (size_t)k;
        for (int32_t j = node->begin; j < node->end; j++)
            for (int c = 0; c < 3; c++)
                sum[c] += cloud->x[(size_t)c * cloud->stride + (size_t)j];
        out[0] = out[1] = out[2] = 0;
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 3; c++)
                out[c] += sum[i] / (node->end - node->begin) * cloud->frame->axis[i][c];
    }
}

/* No point in the children has less cost - weight, seen from x. */
static inline void pair_bounds(const struct frame *frame, const struct cloud_pair *pair, const double x[3], double ret_bound[2])
{
    double sum[2] = {0, 0};
    if (!frame->rectangular) {
        for (int k = 0; k < 2; k++) {
            double center[3] = {pair->center[0][k], pair->center[1][k], pair->center[2][k]};
            double d = sqrt(cloud_cost(frame, x, center)) - pair->half[0][k];
            sum[k] = d > 0 ? d * d : 0;
        }
    } else {
        for (int c = 0; c < 3; c++)
            for (int k = 0; k < 2; k++) {
                double d = fabs(x[c] - pair->center[c][k]), image = frame->length[c] - d;
                d = (image < d ? image : d) - pair->half[c][k];
                d = d > 0 ? d : 0;
                sum[k] += d * d;
            }
    }
    for (int k = 0; k < 2; k++)
        ret_bound[k] = sum[k] - pair->w_max[k];
}

/* Squared distances less weights of CLOUD_LEAF points from `begin` on, good to slack_sq; of fixed length to be vectorised. */
static inline void rough_values(const struct cloud *cloud, int32_t begin, const double x[3], double *ret_value)
{
    const double *w = cloud->w + begin;
    for (int k = 0; k < CLOUD_LEAF; k++)
        ret_value[k] = -w[k];
    for (int c = 0; c < 3; c++) {
        const double *y = cloud->x + (size_t)c * cloud->stride + (size_t)begin;
        double length = cloud->frame->length[c], at = x[c];
        for (int k = 0; k < CLOUD_LEAF; k++) {
            double d = fabs(at - y[k]), image = length - d;
            d = image < d ? image : d;
            ret_value[k] += d * d;
        }
    }
}

/* hits[0..k) is a heap with the worst at the top: put `hit` in place of the top. */
static void replace_top(struct cloud_hit *hits, int32_t k, struct cloud_hit hit)
{
    int32_t at = 0;
    for (int32_t child; (child = 2 * at + 1) < k; at = child) {
        if (child + 1 < k && hits[child + 1].value > hits[child].value)
            child++;
        if (hits[child].value <= hit.value)
            break;
        hits[at] = hits[child];
    }
    hits[at] = hit;
}

static void push_hit(struct cloud_hit *hits, int32_t count, struct cloud_hit hit)
{
    int32_t at = count;
    while (at > 0 && hits[(at - 1) / 2].value < hit.value) {
        hits[at] = hits[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    hits[at] = hit;
}

struct query {
    const double *r;
    double x[3];
    double limit;
    int32_t k, count;
    struct cloud_hit *hits;
};

static void scan_leaf(const struct cloud *cloud, const struct cloud_node *leaf, struct query *q)
{
    const struct frame *frame = cloud->frame;
    double rough[CLOUD_LEAF];
    if (frame->rectangular)
        rough_values(cloud, leaf->begin, q->x, rough);
    for (int32_t j = leaf->begin; j < leaf->end; j++) {
        if (frame->rectangular && rough[j - leaf->begin] - frame->slack_sq >= q->limit)
            continue;
        double w = cloud->w[j];
        double cost = cloud_cost(frame, q->r, cloud->r + 3 * (size_t)j);
        struct cloud_hit hit = {cost - w, cost, j};
        if (!(hit.value < q->limit))
            continue;
        if (q->count < q->k)
            push_hit(q->hits, q->count++, hit);
        else
            replace_top(q->hits, q->k, hit);
        if (q->count == q->k)
            q->limit = q->hits[0].value;
    }
}

int32_t cloud_best(const struct cloud *cloud, const struct cloud *from, int32_t i, double limit, int32_t k,
                   struct cloud_hit *hits, double *ret_beyond)
{
    struct {
        double bound;
        int32_t node;
    } stack[64], near;
    struct query q = {.r = from->r + 3 * (size_t)i, .limit = limit, .k = k, .hits = hits};
    cloud_place(from, i, q.x);
    int32_t first_leaf = cloud_n_leaves(cloud) - 1;
    /* Among many points on one spot each query begins at another. */
    uint32_t turn = (uint32_t)i * 2654435761u;
    int depth = 0;
    stack[depth].bound = -INFINITY;
    stack[depth++].node = 0;
    while (depth > 0) {
        near = stack[--depth];
        while (near.bound < q.limit && near.node < first_leaf) {
            double bound[2];
            pair_bounds(cloud->frame, &cloud->pair[near.node], q.x, bound);
            int32_t second = bound[1] < bound[0] || (bound[1] == bound[0] && (turn >> near.node % 32 & 1));
            stack[depth].bound = bound[1 - second];
            stack[depth].node = 2 * near.node + 2 - second;
            near.bound = bound[second];
            near.node = 2 * near.node + 1 + second;
            if (stack[depth].bound < q.limit)
                depth++;
        }
        if (near.bound < q.limit)
            scan_leaf(cloud, &cloud->node[near.node], &q);
    }
    *ret_beyond = q.limit;
    return q.count;
}
