/* Independent check of an assignment: boxes, balls, and plain differences in blocks. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Distances come from isd_lattice_shortest alone, which makes a metric of the periodic box: no point in a ball about c of
 * radius R is nearer to a point of a ball about g of radius S than |c - g| - R - S. With the largest price in a ball that bounds
 * C_ij - v_j from below for any lattice, any dimension, and any arrangement of points.
 *
 * Where |c - g| + R + S is less than half the shortest lattice vector, the translation t that brings c nearest to g does so for all
 * pairs of the two balls: C_ij = |b_j + t - a_i|^2, to rounding. From there on boxes and points are compared as in open space, and
 * what could matter is asked of isd_lattice_shortest. Shares nothing else with the solver but the order that points are put
 * in, on which nothing rests. */
#include "isdmin/match.h"
#include "match/curve.h"
#include "neigh/isa.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAN = 8, BLOCK = 3 * FAN, LEVELS = 12, CHUNK_GROUPS = 64 };

/* Boxes about eight leaves or nodes. Where there are fewer v_max is -INFINITY. */
struct node {
    double center[3][FAN], half[3][FAN], v_max[FAN];
};

/* Points in an order that keeps neighbours together, eight to a leaf. */
struct grove {
    int32_t n, n_leaves;
    int32_t *index;   /* [n] number of the point */
    double *at;       /* [24 n_leaves] x[8] y[8] z[8] of each leaf: images near one point */
    double *v;        /* [8 n_leaves], or NULL */
    struct node *node;
    int n_levels;
    int32_t begin[LEVELS + 1]; /* level 0 has leaves for children; the last has one node */
};

/* A leaf of rows, with the box about it. */
struct group {
    int32_t first, count;
    double r[FAN][3];
    double at[3][FAN]; /* images near one another */
    double center[3], half[3];
    double least[FAN]; /* least C - v seen so far; -INFINITY beyond count */
    double most;       /* of these, at first */
};

struct visit {
    int32_t node;
    int level; /* -1: a leaf */
    bool settled;
    double t[3]; /* if settled: translation of the columns that makes all vectors shortest */
};

struct audit;
typedef void review_fn(const struct audit *audit, struct group *group);

struct audit {
    isd_lattice lattice;
    const double *a, *b, *v;
    const int32_t *partner;
    struct grove rows, columns;
    double safe;     /* half the shortest lattice vector, a little less */
    double slack;    /* rounding of a coordinate or distance */
    double slack_sq; /* and of a squared distance */
    review_fn *review;
    isd_control *control;
    struct share *share;
};

/* What a chunk of groups found. */
struct share {
    double sum, gap, c_max, v_max;
};

static double distance_sq(const isd_lattice *lattice, const double from[3], const double to[3])
{
    double d[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
    return isd_lattice_shortest(lattice, d);
}

static void nearest_image(const isd_lattice *lattice, const double *r, const double *origin, double ret_at[3])
{
    double d[3] = {r[0] - origin[0], r[1] - origin[1], r[2] - origin[2]};
    isd_lattice_shortest(lattice, d);
    for (int c = 0; c < 3; c++)
        ret_at[c] = origin[c] + d[c];
    if (lattice->dim == 2)
        ret_at[2] = 0;
}

static bool is_permutation(const int32_t *partner, int32_t n, unsigned char *seen)
{
    for (int32_t i = 0; i < n; i++) {
        if (partner[i] < 0 || partner[i] >= n || seen[partner[i]])
            return false;
        seen[partner[i]] = 1;
    }
    return true;
}

/* grove->index along a curve. Nothing rests on the order, but every point must be there: that is looked at. */
static bool grove_sort(struct grove *grove, const isd_lattice *lattice, const double *r)
{
    size_t n = (size_t)grove->n;
    double *at = malloc(3 * n * sizeof *at);
    unsigned char *seen = calloc(n, 1);
    bool good = at && seen;
    for (size_t i = 0; i < n && good; i++)
        nearest_image(lattice, r + 3 * i, r, at + 3 * i);
    good = good && curve_order(at, grove->n, lattice->dim, grove->index) && is_permutation(grove->index, grove->n, seen);
    free(at);
    free(seen);
    return good;
}

/* The box about count boxes, given by their middles and half widths (NULL: points). */
static void box_about(double center[3][FAN], double half[3][FAN], int count, double slack, double ret_center[3], double ret_half[3])
{
    for (int c = 0; c < 3; c++) {
        double lo = INFINITY, hi = -INFINITY;
        for (int k = 0; k < count; k++) {
            double h = half ? half[c][k] : 0;
            lo = fmin(lo, center[c][k] - h);
            hi = fmax(hi, center[c][k] + h);
        }
        ret_center[c] = lo + (hi - lo) / 2;
        ret_half[c] = (hi - lo) / 2 + slack;
    }
}

static double length(const double d[3])
{
    return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

static int32_t parents(int32_t n)
{
    return (n + FAN - 1) / FAN;
}

/* Boxes of all levels over the leaves. */
static void grove_grow(struct grove *grove, double slack)
{
    int32_t below = grove->n_leaves;
    for (int level = 0; level < grove->n_levels; level++) {
        struct node *nodes = grove->node + grove->begin[level];
        for (int32_t k = 0; k < parents(below) * FAN; k++) {
            struct node *node = &nodes[k / FAN];
            double center[3] = {0, 0, 0}, half[3] = {0, 0, 0}, v_max = -INFINITY, points[3][FAN];
            if (k < below && level == 0) {
                int count = k * FAN + FAN <= grove->n ? FAN : grove->n - k * FAN;
                memcpy(points, grove->at + (size_t)k * BLOCK, sizeof points);
                box_about(points, NULL, count, slack, center, half);
                for (int j = 0; j < FAN; j++)
                    v_max = fmax(v_max, grove->v[(size_t)k * FAN + (size_t)j]);
            } else if (k < below) {
                struct node *child = grove->node + grove->begin[level - 1] + k;
                int count = 1;
                while (count < FAN && !isinf(child->v_max[count]))
                    count++;
                box_about(child->center, child->half, count, slack, center, half);
                for (int j = 0; j < count; j++)
                    v_max = fmax(v_max, child->v_max[j]);
            }
            for (int c = 0; c < 3; c++) {
                node->center[c][k % FAN] = center[c];
                node->half[c][k % FAN] = half[c];
            }
            node->v_max[k % FAN] = v_max;
        }
        below = parents(below);
    }
}

static void grove_done(struct grove *grove)
{
    free(grove->index);
    free(grove->at);
    free(grove->v);
    free(grove->node);
}

/* v: prices for columns; NULL for rows, which need no more than their order. */
static bool grove_plant(struct grove *grove, const isd_lattice *lattice, const double *r, const double *v, int32_t n, double slack)
{
    *grove = (struct grove){.n = n, .n_leaves = parents(n)};
    grove->index = malloc((size_t)n * sizeof *grove->index);
    if (!grove->index || !grove_sort(grove, lattice, r))
        return false;
    if (!v)
        return true;
    int32_t below = grove->n_leaves, total = 0;
    do {
        below = parents(below);
        grove->begin[grove->n_levels++] = total;
        total += below;
    } while (below > 1);
    grove->at = malloc((size_t)grove->n_leaves * BLOCK * sizeof *grove->at);
    grove->v = malloc((size_t)grove->n_leaves * FAN * sizeof *grove->v);
    grove->node = malloc((size_t)total * sizeof *grove->node);
    if (!grove->at || !grove->v || !grove->node)
        return false;
    for (int32_t i = 0; i < grove->n_leaves * FAN; i++) {
        double at[3] = {0, 0, 0};
        if (i < n)
            nearest_image(lattice, r + 3 * (size_t)grove->index[i], r, at);
        for (int c = 0; c < 3; c++)
            grove->at[(size_t)(i / FAN) * BLOCK + (size_t)(c * FAN + i % FAN)] = at[c];
        grove->v[i] = i < n ? v[grove->index[i]] : -INFINITY;
    }
    grove_grow(grove, slack);
    return true;
}

/* What j, a place in the order of columns, means to row k of the group. */
static void ask(const struct audit *audit, struct group *group, int k, int32_t j)
{
    int32_t column = audit->columns.index[j];
    double value = distance_sq(&audit->lattice, group->r[k], audit->b + 3 * (size_t)column) - audit->v[column];
    group->least[k] = fmin(group->least[k], value);
}

/* A leaf for which no one translation is known. */
static void review_apart(const struct audit *audit, struct group *group, int32_t leaf)
{
    for (int k = 0; k < group->count; k++)
        for (int32_t j = leaf * FAN; j < (leaf + 1) * FAN && j < audit->columns.n; j++)
            ask(audit, group, k, j);
}

/* A settled leaf, in lane `lane` of its node: first which rows it could matter to, then which of its columns do. */
static inline __attribute__((always_inline)) void review_leaf(const struct audit *audit, struct group *group, const struct node *node,
                                                              int lane, int32_t leaf, const double t[3])
{
    const double *at = audit->columns.at + (size_t)leaf * BLOCK, *v = audit->columns.v + (size_t)leaf * FAN;
    double room[FAN], value[FAN];
    for (int k = 0; k < FAN; k++)
        room[k] = group->least[k] + node->v_max[lane];
    for (int c = 0; c < 3; c++) {
        double center = node->center[c][lane] + t[c], half = node->half[c][lane];
        for (int k = 0; k < FAN; k++) {
            double gap = fabs(group->at[c][k] - center) - half;
            gap = gap > 0 ? gap : 0;
            room[k] -= gap * gap;
        }
    }
    for (int k = 0; k < group->count; k++) {
        if (room[k] < -audit->slack_sq)
            continue;
        double limit = group->least[k] + audit->slack_sq;
        double x = group->at[0][k] - t[0], y = group->at[1][k] - t[1], z = group->at[2][k] - t[2];
        int64_t hits = 0;
        for (int j = 0; j < FAN; j++) {
            double dx = at[j] - x, dy = at[FAN + j] - y, dz = at[2 * FAN + j] - z;
            value[j] = dx * dx + dy * dy + dz * dz - v[j];
            hits += value[j] <= limit;
        }
        for (int j = 0; hits > 0 && j < FAN; j++) {
            if (!(value[j] <= limit))
                continue;
            ask(audit, group, k, leaf * FAN + j);
            hits--;
        }
    }
}

/* Lower bounds on C - v between the group's box and eight others, all moved by t. */
static inline __attribute__((always_inline)) void box_bounds(const struct group *group, const struct node *node, const double t[3],
                                                             double ret_bound[FAN])
{
    for (int k = 0; k < FAN; k++)
        ret_bound[k] = 0;
    for (int c = 0; c < 3; c++) {
        double at = group->center[c] - t[c], half = group->half[c];
        for (int k = 0; k < FAN; k++) {
            double gap = fabs(node->center[c][k] - at) - half - node->half[c][k];
            gap = gap > 0 ? gap : 0;
            ret_bound[k] += gap * gap;
        }
    }
    for (int k = 0; k < FAN; k++)
        ret_bound[k] -= node->v_max[k];
}

/* Children of a node for which no one translation is known: judged as balls; those that are near and small enough get theirs. */
static int visit_apart(const struct audit *audit, const struct group *group, const struct visit *visit, struct visit *next)
{
    const struct node *node = audit->columns.node + audit->columns.begin[visit->level] + visit->node;
    int count = 0;
    for (int k = 0; k < FAN && !isinf(node->v_max[k]); k++) {
        double d[3], raw[3], half[3];
        for (int c = 0; c < 3; c++) {
            d[c] = raw[c] = node->center[c][k] - group->center[c];
            half[c] = node->half[c][k];
        }
        double far = sqrt(isd_lattice_shortest(&audit->lattice, d)), reach = length(half) + length(group->half) + audit->slack;
        double gap = far > reach ? far - reach : 0;
        if (!(gap * gap - node->v_max[k] <= group->most))
            continue;
        next[count] = (struct visit){.node = visit->node * FAN + k, .level = visit->level - 1, .settled = far + reach < audit->safe};
        for (int c = 0; c < 3; c++)
            next[count].t[c] = d[c] - raw[c];
        count++;
    }
    return count;
}

static inline __attribute__((always_inline)) void review(const struct audit *audit, struct group *group)
{
    struct visit stack[FAN * LEVELS];
    int depth = 1;
    stack[0] = (struct visit){.level = audit->columns.n_levels - 1};
    while (depth > 0) {
        struct visit visit = stack[--depth];
        if (visit.level < 0) {
            if (visit.settled)
                review_leaf(audit, group, &audit->columns.node[visit.node / FAN], visit.node % FAN, visit.node, visit.t);
            else
                review_apart(audit, group, visit.node);
            continue;
        }
        if (!visit.settled) {
            depth += visit_apart(audit, group, &visit, stack + depth);
            continue;
        }
        const struct node *node = audit->columns.node + audit->columns.begin[visit.level] + visit.node;
        double bound[FAN];
        box_bounds(group, node, visit.t, bound);
        for (int k = 0; k < FAN; k++) {
            if (!(bound[k] <= group->most))
                continue;
            if (visit.level == 0) {
                review_leaf(audit, group, node, k, visit.node * FAN + k, visit.t);
                continue;
            }
            stack[depth] = visit;
            stack[depth].node = visit.node * FAN + k;
            stack[depth++].level = visit.level - 1;
        }
    }
}

static void review_plain(const struct audit *audit, struct group *group)
{
    review(audit, group);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void review_avx2(const struct audit *audit, struct group *group)
{
    review(audit, group);
}

__attribute__((target("avx512f,avx512dq"))) static void review_avx512(const struct audit *audit, struct group *group)
{
    review(audit, group);
}
#endif

static review_fn *best_review(void)
{
#if defined(__x86_64__)
    if (isa_best() == ISA_AVX512)
        return review_avx512;
    if (isa_best() == ISA_AVX2)
        return review_avx2;
#endif
    return review_plain;
}

/* Rows first ... first + 7 of the order, with what their matched edges give. */
static void group_fill(const struct audit *audit, int32_t leaf, struct group *group, struct share *share)
{
    *group = (struct group){.first = leaf * FAN};
    group->count = group->first + FAN <= audit->rows.n ? FAN : audit->rows.n - group->first;
    group->most = -INFINITY;
    for (int k = 0; k < FAN; k++)
        group->least[k] = -INFINITY;
    for (int k = 0; k < group->count; k++) {
        int32_t row = audit->rows.index[group->first + k], column = audit->partner[row];
        const double *r = audit->a + 3 * (size_t)row;
        double at[3];
        memcpy(group->r[k], r, sizeof group->r[k]);
        nearest_image(&audit->lattice, r, group->r[0], at);
        for (int c = 0; c < 3; c++)
            group->at[c][k] = at[c];
        double cost = distance_sq(&audit->lattice, r, audit->b + 3 * (size_t)column);
        group->least[k] = cost - audit->v[column];
        group->most = fmax(group->most, group->least[k]);
        share->sum += cost;
        share->c_max = fmax(share->c_max, cost);
        share->v_max = fmax(share->v_max, fabs(audit->v[column]));
    }
    box_about(group->at, NULL, group->count, audit->slack, group->center, group->half);
}

static void review_chunk(void *arg, int32_t chunk)
{
    struct audit *audit = arg;
    struct share share = {0};
    int32_t end = (chunk + 1) * CHUNK_GROUPS < audit->rows.n_leaves ? (chunk + 1) * CHUNK_GROUPS : audit->rows.n_leaves;
    for (int32_t leaf = chunk * CHUNK_GROUPS; leaf < end && !isd_control_cancelled(audit->control); leaf++) {
        struct group group;
        double mine[FAN];
        group_fill(audit, leaf, &group, &share);
        memcpy(mine, group.least, sizeof mine);
        audit->review(audit, &group);
        for (int k = 0; k < group.count; k++)
            share.gap += mine[k] - group.least[k];
    }
    audit->share[chunk] = share;
}

static isd_status add_slacks(struct audit *audit, isd_certificate *certificate, isd_error *err)
{
    int32_t n = audit->rows.n, chunks = (audit->rows.n_leaves + CHUNK_GROUPS - 1) / CHUNK_GROUPS;
    struct share all = {0};
    audit->share = malloc((size_t)chunks * sizeof *audit->share);
    if (!audit->share)
        return isd_error_memory(err);
    isd_control_for(audit->control, chunks, review_chunk, audit);
    for (int32_t k = 0; k < chunks; k++) {
        all.sum += audit->share[k].sum;
        all.gap += audit->share[k].gap;
        all.c_max = fmax(all.c_max, audit->share[k].c_max);
        all.v_max = fmax(all.v_max, audit->share[k].v_max);
    }
    free(audit->share);
    if (isd_control_cancelled(audit->control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    certificate->sum_sq = all.sum;
    certificate->gap_abs = all.gap;
    certificate->dual = all.sum - all.gap;
    certificate->bound = n * 8 * DBL_EPSILON * (all.c_max + all.v_max) + 1e-12 * all.sum;
    certificate->certified = all.gap <= certificate->bound;
    return ISD_OK;
}

/* Sets what depends on the size of the coordinates; false: something is not finite. */
static bool measure(struct audit *audit, int32_t n)
{
    double reach = 0;
    int dim = audit->lattice.dim;
    for (size_t k = 0; k < 3 * (size_t)n; k++) {
        if (dim == 2 && k % 3 == 2)
            continue;
        if (!isfinite(audit->a[k]) || !isfinite(audit->b[k]))
            return false;
        reach = fmax(reach, fmax(fabs(audit->a[k]), fabs(audit->b[k])));
    }
    for (int32_t j = 0; j < n; j++)
        if (!isfinite(audit->v[j]))
            return false;
    double span = 4 * reach, shortest_sq = INFINITY;
    for (int k = 0; k < audit->lattice.rank; k++) {
        const double *e = audit->lattice.basis[k];
        double sq = e[0] * e[0] + e[1] * e[1] + e[2] * e[2];
        span += 2 * sqrt(sq);
        shortest_sq = fmin(shortest_sq, sq);
    }
    audit->slack = 64 * DBL_EPSILON * span;
    audit->slack_sq = 16 * audit->slack * span;
    audit->safe = 0.5 * sqrt(shortest_sq) * (1 - 1e-9) - audit->slack;
    return true;
}

isd_status isd_assignment_check(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *partner,
                                const double *v, isd_control *control, isd_certificate *ret_certificate, isd_error *err)
{
    isd_certificate certificate = {.gap_abs = INFINITY, .dual = -INFINITY};
    struct audit audit = {.a = a, .b = b, .v = v, .partner = partner, .review = best_review(), .control = control};
    isd_status status = ISD_OK;
    if (n < 0)
        return isd_error_set(err, ISD_USAGE, "check of a matching: %d points", (int)n);
    unsigned char *seen = calloc((size_t)n + 1, 1);
    if (!seen)
        return isd_error_memory(err);
    isd_lattice_init(&audit.lattice, box);
    if (n == 0) {
        certificate = (isd_certificate){.certified = true};
    } else if (is_permutation(partner, n, seen) && measure(&audit, n)) {
        if (isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
        else if (!grove_plant(&audit.columns, &audit.lattice, b, v, n, audit.slack)
                 || !grove_plant(&audit.rows, &audit.lattice, a, NULL, n, audit.slack))
            status = isd_error_memory(err);
        else
            status = add_slacks(&audit, &certificate, err);
    }
    if (status == ISD_OK)
        *ret_certificate = certificate;
    free(seen);
    grove_done(&audit.columns);
    grove_done(&audit.rows);
    return status;
}
