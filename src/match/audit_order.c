/* Points of the checker moved into the cell, put in order, and boxes about them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the cell --- */

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Points in the cell differ by fractions f in (-1,1). In an orthogonal cell the shortest vector has |n + f| <= 1/2. In a reduced basis,
 * taken apart into its orthogonal steps from the last vector to the first, it has at most 1.12, then 0.77 + 1.12/2, then
 * 1/2 + (1.33 + 1.12)/2: |n + f| < 1.73, so |n| <= 2. And it is no longer than half the root of the sum of squares of the basis, which
 * leaves out most of |n| = 2, one spacing of lattice planes away. */
void audit_space_init(struct audit_space *space, const isd_lattice *lattice, double slack)
{
    int reach = lattice->n_image > 0 ? 2 : 1, most[3];
    *space = (struct audit_space){.lattice = *lattice, .slack = slack};
    double longest_sq = 0;
    for (int k = 0; k < lattice->rank; k++)
        longest_sq += (1 + 1e-9) / 4 * dot(lattice->basis[k], lattice->basis[k]);
    for (int k = 0; k < 3; k++) {
        bool periodic = k < lattice->rank;
        most[k] = !periodic ? 0 : reach == 2 && 1 <= longest_sq * dot(lattice->dual[k], lattice->dual[k]) ? 2 : 1;
    }
    for (int i = -most[0]; i <= most[0]; i++)
        for (int j = -most[1]; j <= most[1]; j++)
            for (int l = -most[2]; l <= most[2]; l++) {
                double *image = space->image[space->n_images++];
                for (int c = 0; c < 3; c++)
                    image[c] = i * lattice->basis[0][c] + j * lattice->basis[1][c] + l * lattice->basis[2][c];
            }
}

/* floor without a call into the library of mathematics. */
static inline double whole_below(double x)
{
    if (!(fabs(x) < 1e15))
        return floor(x);
    double whole = (double)(int64_t)x;
    return whole - (whole > x);
}

static inline void wrap(const isd_lattice *lattice, const double r[3], double ret_r[3])
{
    double x = r[0], y = r[1], z = lattice->dim == 2 ? 0 : r[2], whole[3];
    for (int k = 0; k < lattice->rank; k++)
        whole[k] = whole_below(lattice->dual[k][0] * x + lattice->dual[k][1] * y + lattice->dual[k][2] * z);
    for (int k = 0; k < lattice->rank; k++) {
        x -= whole[k] * lattice->basis[k][0];
        y -= whole[k] * lattice->basis[k][1];
        z -= whole[k] * lattice->basis[k][2];
    }
    ret_r[0] = x;
    ret_r[1] = y;
    ret_r[2] = z;
}

void audit_space_wrap(const struct audit_space *space, const double r[3], double ret_r[3])
{
    wrap(&space->lattice, r, ret_r);
}

/* --- the order --- */

/* Runs of points in one cell longer than this are put in order on a finer grid of their own. */
enum { RUN = 4 * AUDIT_FAN, DEPTH = 100, DIGIT_BITS = 9 };

struct ordering {
    const struct audit_space *space;
    const struct audit_kernel *kernel;
    const double *r;
    isd_control *control;
    bool piled;
};

/* A grid over some points, as fine as keeps most cells at less than one point. */
struct grid {
    double lo[3], scale, last;
    int bits;
};

static void extent_of_points(const struct ordering *o, const int32_t *index, int32_t n, double lo[3], double hi[3])
{
    for (int c = 0; c < 3; c++) {
        lo[c] = INFINITY;
        hi[c] = -INFINITY;
    }
    for (int32_t k = 0; k < n; k++) {
        double at[3];
        wrap(&o->space->lattice, o->r + 3 * (size_t)index[k], at);
        for (int c = 0; c < 3; c++) {
            lo[c] = at[c] < lo[c] ? at[c] : lo[c];
            hi[c] = at[c] > hi[c] ? at[c] : hi[c];
        }
    }
}

static void extent_of_cell(const isd_lattice *lattice, double lo[3], double hi[3])
{
    for (int c = 0; c < 3; c++) {
        lo[c] = hi[c] = 0;
        for (int k = 0; k < lattice->rank; k++) {
            lo[c] += fmin(lattice->basis[k][c], 0);
            hi[c] += fmax(lattice->basis[k][c], 0);
        }
    }
}

/* false: they are all in one place. whole: all points there are. */
static bool grid_init(struct grid *grid, const struct ordering *o, const int32_t *index, int32_t n, bool whole)
{
    const isd_lattice *lattice = &o->space->lattice;
    double lo[3], hi[3], extent = 0;
    if (whole && lattice->rank == lattice->dim)
        extent_of_cell(lattice, lo, hi);
    else
        extent_of_points(o, index, n, lo, hi);
    for (int c = 0; c < 3; c++)
        extent = fmax(extent, hi[c] - lo[c]);
    int bits = 2, most = lattice->dim == 2 ? 15 : 10;
    while (bits < most && lattice->dim * bits < 30 && ldexp(1, lattice->dim * bits) < 16.0 * n)
        bits++;
    memcpy(grid->lo, lo, sizeof lo);
    grid->bits = bits;
    grid->last = (1 << bits) - 1;
    grid->scale = ldexp(1, bits) / extent;
    return extent > 0 && isfinite(grid->scale);
}

/* keyed: key in the upper half, number of the point in the lower. */
static void make_keys(const struct ordering *o, const struct grid *grid, const int32_t *index, int32_t n, uint64_t *keyed)
{
    const isd_lattice *lattice = &o->space->lattice;
    for (int32_t first = 0; first < n; first += AUDIT_FAN) {
        int count = n - first < AUDIT_FAN ? n - first : AUDIT_FAN;
        uint32_t cell[3][AUDIT_FAN] = {{0}}, key[AUDIT_FAN];
        for (int k = 0; k < count; k++) {
            double at[3];
            wrap(lattice, o->r + 3 * (size_t)index[first + k], at);
            for (int c = 0; c < lattice->dim; c++) {
                double place = (at[c] - grid->lo[c]) * grid->scale;
                cell[c][k] = place > 0 ? (uint32_t)(place < grid->last ? place : grid->last) : 0;
            }
        }
        o->kernel->keys(cell, grid->bits, lattice->dim, key);
        for (int k = 0; k < count; k++)
            keyed[first + k] = (uint64_t)key[k] << 32 | (uint32_t)index[first + k];
    }
}

/* Sorts by key, which has so many bits; spare is as large. */
static void sort_keys(uint64_t *keyed, uint64_t *spare, int32_t n, int bits)
{
    int passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS, digit = (bits + passes - 1) / passes;
    uint32_t mask = (1u << digit) - 1;
    uint64_t *from = keyed, *to = spare;
    for (int shift = 32; shift < 32 + bits; shift += digit) {
        int32_t start[(1 << DIGIT_BITS) + 1] = {0};
        for (int32_t k = 0; k < n; k++)
            start[(from[k] >> shift & mask) + 1]++;
        for (uint32_t d = 0; d < mask; d++)
            start[d + 1] += start[d];
        for (int32_t k = 0; k < n; k++)
            to[start[from[k] >> shift & mask]++] = from[k];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keyed)
        memcpy(keyed, from, (size_t)n * sizeof *keyed);
}

static void order_some(struct ordering *o, int32_t *index, uint64_t *keyed, uint64_t *spare, int32_t n, int depth)
{
    struct grid grid;
    if (isd_control_cancelled(o->control))
        return;
    if (!grid_init(&grid, o, index, n, depth == 0)) {
        o->piled = true;
        return;
    }
    make_keys(o, &grid, index, n, keyed);
    sort_keys(keyed, spare, n, grid.bits * o->space->lattice.dim);
    for (int32_t k = 0; k < n; k++)
        index[k] = (int32_t)(keyed[k] & UINT32_MAX);
    for (int32_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && keyed[to] >> 32 == keyed[from] >> 32;)
            to++;
        if (to - from > RUN && depth < DEPTH)
            order_some(o, index + from, keyed + from, spare + from, to - from, depth + 1);
    }
}

bool audit_order(const struct audit_space *space, const double *r, int32_t n, isd_control *control, int32_t *ret_index, bool *ret_piled)
{
    struct ordering ordering = {space, audit_kernel_best(), r, control, false};
    uint64_t *keyed = malloc(2 * (size_t)n * sizeof *keyed);
    if (!keyed)
        return false;
    for (int32_t k = 0; k < n; k++)
        ret_index[k] = k;
    order_some(&ordering, ret_index, keyed, keyed + n, n, 0);
    *ret_piled = ordering.piled;
    free(keyed);
    return true;
}

/* --- the tree --- */

enum { CHUNK_LEAVES = 256 };

struct planting {
    struct audit_tree *tree;
    const struct audit_space *space;
    const double *r, *v;
};

static int32_t parents(int32_t n)
{
    return (n + AUDIT_FAN - 1) / AUDIT_FAN;
}

static void fill_leaf(const struct planting *p, int32_t leaf)
{
    struct audit_tree *tree = p->tree;
    struct audit_leaf *out = &tree->leaf[leaf];
    struct audit_node *node = &tree->node[leaf / AUDIT_FAN];
    const int32_t *index = tree->index + (size_t)leaf * AUDIT_FAN;
    int lane = leaf % AUDIT_FAN, count = tree->n - leaf * AUDIT_FAN < AUDIT_FAN ? tree->n - leaf * AUDIT_FAN : AUDIT_FAN;
    double at[AUDIT_FAN][3], v_max = -INFINITY;
    for (int k = count; k < 2 * AUDIT_FAN && leaf * AUDIT_FAN + k < tree->n; k++) { /* the next, which may be anywhere */
        __builtin_prefetch(p->r + 3 * (size_t)index[k]);
        __builtin_prefetch(p->v + index[k]);
    }
    for (int k = 0; k < count; k++) {
        wrap(&p->space->lattice, p->r + 3 * (size_t)index[k], at[k]);
        v_max = p->v[index[k]] > v_max ? p->v[index[k]] : v_max;
    }
    for (int c = 0; c < 3; c++) {
        double lo = at[0][c], hi = lo;
        for (int k = 1; k < count; k++) {
            lo = at[k][c] < lo ? at[k][c] : lo;
            hi = at[k][c] > hi ? at[k][c] : hi;
        }
        double center = lo + (hi - lo) / 2;
        node->center[c][lane] = center;
        node->half[c][lane] = (hi - lo) / 2 + p->space->slack;
        for (int k = 0; k < AUDIT_FAN; k++)
            out->x[c][k] = k < count ? (float)(at[k][c] - center) : 0;
    }
    for (int k = 0; k < AUDIT_FAN; k++)
        out->w[k] = k < count ? (float)(p->v[index[k]] - v_max) : -INFINITY;
    node->v_max[lane] = v_max;
}

static void fill_leaves(void *arg, int32_t chunk)
{
    const struct planting *p = arg;
    int32_t end = (chunk + 1) * CHUNK_LEAVES < p->tree->n_leaves ? (chunk + 1) * CHUNK_LEAVES : p->tree->n_leaves;
    for (int32_t leaf = chunk * CHUNK_LEAVES; leaf < end; leaf++)
        fill_leaf(p, leaf);
}

static void empty(struct audit_node *node)
{
    *node = (struct audit_node){.v_max = {0}};
    for (int lane = 0; lane < AUDIT_FAN; lane++)
        node->v_max[lane] = -INFINITY;
}

/* The box about the children of a node into its lane of the node above. */
static void enclose(const struct audit_node *child, struct audit_node *node, int lane, double slack)
{
    for (int k = 0; k < AUDIT_FAN; k++)
        node->v_max[lane] = fmax(node->v_max[lane], child->v_max[k]);
    for (int c = 0; c < 3; c++) {
        double lo = INFINITY, hi = -INFINITY;
        for (int k = 0; k < AUDIT_FAN && !isinf(child->v_max[k]); k++) {
            lo = fmin(lo, child->center[c][k] - child->half[c][k]);
            hi = fmax(hi, child->center[c][k] + child->half[c][k]);
        }
        node->center[c][lane] = lo + (hi - lo) / 2;
        node->half[c][lane] = (hi - lo) / 2 + slack;
    }
}

static void grow(struct audit_tree *tree, double slack)
{
    for (int level = 1; level < tree->n_levels; level++)
        for (int32_t k = 0; k < tree->begin[level] - tree->begin[level - 1]; k++)
            enclose(&tree->node[tree->begin[level - 1] + k], &tree->node[tree->begin[level] + k / AUDIT_FAN], k % AUDIT_FAN, slack);
}

static void repeat(struct audit_tree *tree, const struct audit_space *space)
{
    for (int first = 0; first < space->n_images; first += AUDIT_FAN)
        empty(&tree->image[first / AUDIT_FAN]);
    for (int k = 0; k < space->n_images; k++) {
        struct audit_node *image = &tree->image[k / AUDIT_FAN];
        enclose(&tree->node[tree->begin[tree->n_levels - 1]], image, k % AUDIT_FAN, space->slack);
        for (int c = 0; c < 3; c++)
            image->center[c][k % AUDIT_FAN] += space->image[k][c];
    }
}

bool audit_tree_init(struct audit_tree *tree, const struct audit_space *space, const double *r, const double *v, int32_t n,
                     int32_t *index, isd_control *control)
{
    int32_t total = 0, below = parents(n);
    *tree = (struct audit_tree){.n = n, .n_leaves = below, .index = index};
    do {
        below = parents(below);
        tree->begin[tree->n_levels++] = total;
        total += below;
    } while (below > 1);
    tree->begin[tree->n_levels] = total;
    tree->leaf = malloc((size_t)tree->n_leaves * sizeof *tree->leaf);
    tree->node = malloc((size_t)total * sizeof *tree->node);
    if (!tree->leaf || !tree->node)
        return false;
    for (int32_t k = 0; k < total; k++)
        empty(&tree->node[k]);
    struct planting planting = {tree, space, r, v};
    isd_control_for(control, (tree->n_leaves + CHUNK_LEAVES - 1) / CHUNK_LEAVES, fill_leaves, &planting);
    grow(tree, space->slack);
    repeat(tree, space);
    return true;
}

void audit_tree_done(struct audit_tree *tree)
{
    free(tree->index);
    free(tree->leaf);
    free(tree->node);
}
