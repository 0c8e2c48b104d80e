/* Points along a Hilbert curve under a tree of eight. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cloud.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/curve.h"
#include "neigh/isa.h"

static const double patch_more = 0.6; /* of the margin: how much farther than asked for a patch reaches */

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Fills turn, step and period if every lattice vector lies along an axis of its own. */
static bool frame_align(struct frame *frame)
{
    const isd_lattice *lattice = &frame->lattice;
    for (int c = 0; c < 3; c++)
        frame->period[c] = INFINITY;
    if (lattice->n_image > 0)
        return false;
    for (int i = 0; i < lattice->rank; i++) {
        int axis = -1;
        for (int c = 0; c < 3; c++) {
            if (lattice->basis[i][c] == 0 && lattice->dual[i][c] == 0)
                continue;
            if (axis >= 0)
                return false;
            axis = c;
        }
        if (axis < 0 || !isinf(frame->period[axis]))
            return false;
        frame->turn[axis] = lattice->dual[i][axis];
        frame->step[axis] = lattice->basis[i][axis];
        frame->period[axis] = fabs(frame->step[axis]);
    }
    return true;
}

static void choose_kernels(struct frame *frame)
{
    frame->scan = cloud_scan_vector;
    frame->gather = cloud_gather_vector;
    frame->see = cloud_see_vector;
    frame->any = cloud_any_vector;
#if defined(__x86_64__)
    enum isa isa = isa_best();
    if (isa == ISA_AVX512 || isa == ISA_AVX2) {
        frame->scan = isa == ISA_AVX512 ? cloud_scan_avx512 : cloud_scan_avx2;
        frame->gather = isa == ISA_AVX512 ? cloud_gather_avx512 : cloud_gather_avx2;
        frame->see = isa == ISA_AVX512 ? cloud_see_avx512 : cloud_see_avx2;
        frame->any = isa == ISA_AVX512 ? cloud_any_avx512 : cloud_any_avx2;
    }
#endif
}

void frame_init(struct frame *frame, const isd_box *box, double reach)
{
    *frame = (struct frame){0};
    choose_kernels(frame);
    isd_lattice *lattice = &frame->lattice;
    isd_lattice_init(lattice, box);
    frame->aligned = frame_align(frame);
    double size = 2 * reach, thin_sq = INFINITY;
    for (int k = 0; k < lattice->rank; k++) {
        size += sqrt(dot(lattice->basis[k], lattice->basis[k]));
        thin_sq = fmin(thin_sq, 1 / dot(lattice->dual[k], lattice->dual[k]));
    }
    /* A vector shorter than half the height of the cell between any two faces is what rounding finds. */
    frame->sure_sq = lattice->n_image > 0 ? lattice->safe_sq : INFINITY;
    frame->far_sq = lattice->n_image > 0 ? 0.25 * thin_sq * (1 - 1e-9) : INFINITY;
    frame->size = 2 * size;
    frame->slack = 64 * DBL_EPSILON * size;
}

void frame_wrap_skew(const struct frame *frame, double x[3])
{
    const isd_lattice *lattice = &frame->lattice;
    double turns[3];
    for (int k = 0; k < lattice->rank; k++)
        turns[k] = frame_whole(dot(lattice->dual[k], x));
    for (int k = 0; k < lattice->rank; k++)
        for (int c = 0; c < 3; c++)
            x[c] -= turns[k] * lattice->basis[k][c];
}

/* wrapped: room [3n]. */
static isd_status put_in_order(struct cloud *cloud, const double *r, double *wrapped, isd_error *err)
{
    for (size_t i = 0; i < (size_t)cloud->n; i++)
        frame_wrap(cloud->frame, r + 3 * i, wrapped + 3 * i);
    return curve_order(wrapped, cloud->n, cloud->frame->lattice.dim, cloud->index) ? ISD_OK : isd_error_memory(err);
}

struct bounds {
    double lo[3], hi[3];
};

static void bounds_add(struct bounds *to, const struct bounds *from)
{
    for (int c = 0; c < 3; c++) {
        to->lo[c] = from->lo[c] < to->lo[c] ? from->lo[c] : to->lo[c];
        to->hi[c] = from->hi[c] > to->hi[c] ? from->hi[c] : to->hi[c];
    }
}

static const struct bounds nowhere = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}};

/* half[0] is the radius where the frame is not aligned. */
static void bounds_middle(const struct frame *frame, const struct bounds *box, double ret_center[3], double ret_half[3])
{
    for (int c = 0; c < 3; c++) {
        ret_half[c] = (box->hi[c] - box->lo[c]) / 2 + frame->slack;
        ret_center[c] = box->lo[c] + (box->hi[c] - box->lo[c]) / 2;
    }
    if (!frame->aligned)
        ret_half[0] = sqrt(dot(ret_half, ret_half)) + frame->slack;
}

static void node_set(const struct cloud *cloud, struct cloud_node *node, int lane, const struct bounds *box)
{
    double center[3], half[3];
    bounds_middle(cloud->frame, box, center, half);
    for (int c = 0; c < 3; c++) {
        node->center[c][lane] = center[c];
        node->half[c][lane] = half[c];
    }
    node->w_max[lane] = 0;
}

/* Bounds of all nodes of one level into the level above (or of all leaves into level 0), box[k] being those of child k; those of
 * the parents come out in the same array. */
static void enclose(const struct cloud *cloud, int level, int32_t n_children, struct bounds *box)
{
    for (int32_t parent = 0; parent * CLOUD_LANES < n_children; parent++) {
        struct cloud_node *node = &cloud->node[cloud->level_begin[level] + parent];
        struct bounds all = nowhere;
        for (int lane = 0; lane < CLOUD_LANES; lane++) {
            int32_t child = parent * CLOUD_LANES + lane;
            if (child < n_children) {
                node_set(cloud, node, lane, &box[child]);
                bounds_add(&all, &box[child]);
            } else {
                for (int c = 0; c < 3; c++)
                    node->center[c][lane] = node->half[c][lane] = 0;
                node->w_max[lane] = -INFINITY;
            }
        }
        box[parent] = all;
    }
}

static int32_t n_parents(int32_t n)
{
    return (n - 1) / CLOUD_LANES + 1;
}

static isd_status cloud_allocate(struct cloud *cloud, isd_error *err)
{
    int32_t count = cloud->n_leaves, total = 0;
    do {
        count = n_parents(count);
        cloud->level_begin[cloud->n_levels++] = total;
        total += count;
    } while (count > 1);
    size_t padded = (size_t)cloud->n_leaves * CLOUD_LANES;
    cloud->index = malloc((size_t)cloud->n * sizeof *cloud->index);
    cloud->r = malloc(3 * padded * sizeof *cloud->r);
    cloud->w = malloc(padded * sizeof *cloud->w);
    cloud->node = malloc((size_t)total * sizeof *cloud->node);
    return cloud->index && cloud->r && cloud->w && cloud->node ? ISD_OK : isd_error_memory(err);
}

/* Bounds of eight points as they are wrapped. */
static struct bounds enclose_block(const struct frame *frame, const double *block)
{
    double lo[3][CLOUD_LANES], hi[3][CLOUD_LANES];
    struct bounds box;
    if (frame->aligned) {
        for (int c = 0; c < 3; c++)
            for (int lane = 0; lane < CLOUD_LANES; lane++) {
                double x = block[c * CLOUD_LANES + lane];
                lo[c][lane] = x - frame->step[c] * frame_whole(frame->turn[c] * x);
            }
    } else {
        for (int lane = 0; lane < CLOUD_LANES; lane++) {
            double r[3] = {block[lane], block[CLOUD_LANES + lane], block[2 * CLOUD_LANES + lane]};
            frame_wrap_skew(frame, r);
            for (int c = 0; c < 3; c++)
                lo[c][lane] = r[c];
        }
    }
    memcpy(hi, lo, sizeof hi);
    for (int c = 0; c < 3; c++) {
        for (int half = CLOUD_LANES / 2; half > 0; half /= 2)
            for (int lane = 0; lane < half; lane++) {
                lo[c][lane] = lo[c][lane + half] < lo[c][lane] ? lo[c][lane + half] : lo[c][lane];
                hi[c][lane] = hi[c][lane + half] > hi[c][lane] ? hi[c][lane + half] : hi[c][lane];
            }
        box.lo[c] = lo[c][0];
        box.hi[c] = hi[c][0];
    }
    return box;
}

/* Positions in tree order, and the bounds of the leaves. */
static void fill_leaves(struct cloud *cloud, const double *r, struct bounds *box)
{
    bool flat = cloud->frame->lattice.dim == 2;
    for (int32_t leaf = 0; leaf < cloud->n_leaves; leaf++) {
        double *block = cloud->r + (size_t)leaf * CLOUD_BLOCK;
        for (int lane = 0; lane < CLOUD_LANES; lane++) {
            int32_t i = leaf * CLOUD_LANES + lane;
            bool real = i < cloud->n;
            const double *p = r + 3 * (size_t)cloud->index[real ? i : cloud->n - 1];
            for (int c = 0; c < 3; c++)
                block[c * CLOUD_LANES + lane] = flat && c == 2 ? 0 : p[c];
            cloud->w[i] = real ? 0 : -INFINITY;
        }
        box[leaf] = enclose_block(cloud->frame, block);
    }
}

isd_status cloud_init(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                      isd_control *control, isd_error *err)
{
    *cloud = (struct cloud){.frame = frame, .n = n, .n_leaves = n_parents(n)};
    struct bounds *box = malloc((size_t)cloud->n_leaves * sizeof *box);
    isd_status status = box ? cloud_allocate(cloud, err) : isd_error_memory(err);
    if (status == ISD_OK && isd_control_cancelled(control))
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    if (status == ISD_OK)
        status = put_in_order(cloud, r, cloud->r, err); /* there is room where positions will be */
    if (status == ISD_OK && isd_control_cancelled(control))
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    if (status == ISD_OK) {
        fill_leaves(cloud, r, box);
        int32_t children = cloud->n_leaves;
        for (int level = 0; level < cloud->n_levels; level++) {
            enclose(cloud, level, children, box);
            children = n_parents(children);
        }
    }
    free(box);
    if (status != ISD_OK)
        cloud_done(cloud);
    return status;
}

isd_status cloud_init_bare(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                           isd_control *control, isd_error *err)
{
    *cloud = (struct cloud){.frame = frame, .n = n, .n_leaves = n_parents(n), .given = r};
    double *wrapped = malloc(3 * (size_t)n * sizeof *wrapped);
    cloud->index = malloc((size_t)n * sizeof *cloud->index);
    isd_status status = wrapped && cloud->index ? put_in_order(cloud, r, wrapped, err) : isd_error_memory(err);
    if (status == ISD_OK && isd_control_cancelled(control))
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    free(wrapped);
    if (status != ISD_OK)
        cloud_done(cloud);
    return status;
}

/* A leaf as it is in r, and the bounds of its points as they are wrapped. */
static struct bounds read_leaf(const struct cloud *cloud, int32_t leaf, double ret_block[CLOUD_BLOCK])
{
    for (int lane = 0; lane < CLOUD_LANES; lane++) {
        int32_t i = leaf * CLOUD_LANES + lane;
        double r[3];
        cloud_expect(cloud, i + 2 * CLOUD_LANES);
        cloud_point(cloud, i < cloud->n ? i : cloud->n - 1, r);
        for (int c = 0; c < 3; c++)
            ret_block[c * CLOUD_LANES + lane] = r[c];
    }
    return enclose_block(cloud->frame, ret_block);
}

static void patch_extend(struct cloud_patch *patch, double reach)
{
    patch->reach = reach;
    patch->crowded = !patch->cloud->frame->gather(patch->cloud, patch);
}

void cloud_patch_begin(struct cloud_patch *patch, const struct cloud *cloud, const struct cloud *from, int32_t first, double reach)
{
    struct bounds all = nowhere;
    patch->cloud = cloud;
    patch->from = from;
    patch->first = first;
    patch->most = -INFINITY;
    for (int32_t k = 0; k < PATCH_LEAVES && first + k < from->n_leaves; k++) {
        struct bounds box = read_leaf(from, first + k, patch->block[k]);
        bounds_middle(cloud->frame, &box, patch->leaf_center[k], patch->leaf_half[k]);
        bounds_add(&all, &box);
    }
    bounds_middle(cloud->frame, &all, patch->center, patch->half);
    patch_extend(patch, reach);
}

void cloud_patch_see(struct cloud_patch *patch, int32_t i, struct cloud_sight *sight)
{
    const struct frame *frame = patch->cloud->frame;
    const double *block = patch->block[i / CLOUD_LANES - patch->first] + i % CLOUD_LANES, given = sight->limit;
    const double r[3] = {block[0], block[CLOUD_LANES], block[2 * CLOUD_LANES]};
    double x[3];
    frame_wrap(frame, r, x);
    bool seen = false;
    while (!patch->crowded && !(seen = frame->see(patch->cloud, patch, r, x, sight))) {
        if (sight->limit == INFINITY) { /* nothing has come in sight */
            struct cloud_hit hit[2 + 2 * CLOUD_LANES];
            double beyond;
            if (cloud_best(patch->cloud, patch->from, i, INFINITY, 1, hit, &beyond) == 0)
                break;
            sight->limit = hit[0].value + sight->margin;
        }
        const double reach = sight->limit + patch_more * sight->margin;
        sight->limit = given;
        if (!(reach > patch->reach)) /* there is no margin to speak of */
            break;
        patch_extend(patch, reach);
    }
    if (seen) {
        patch->most = fmax(patch->most, sight->limit);
    } else {
        sight->count = -1;
        sight->limit = given;
    }
}

unsigned cloud_patch_any(struct cloud_patch *patch, int32_t leaf, const double limit[CLOUD_LANES], unsigned *ret_known)
{
    const struct cloud *cloud = patch->cloud;
    unsigned found = 0, open = 0;
    for (int lane = 0; lane < CLOUD_LANES; lane++)
        open |= (unsigned)(limit[lane] > -INFINITY) << lane;
    *ret_known = open;
    while (open && !patch->crowded) {
        double most = -INFINITY;
        found |= cloud->frame->any(cloud, patch, leaf - patch->first, limit, open);
        open &= ~found;
        for (int lane = 0; lane < CLOUD_LANES; lane++) {
            most = open >> lane & 1 && limit[lane] > most ? limit[lane] : most;
            open &= ~((unsigned)(limit[lane] <= patch->reach) << lane);
        }
        if (open)
            patch_extend(patch, most);
    }
    *ret_known &= ~open;
    return found;
}

void cloud_done(struct cloud *cloud)
{
    free(cloud->index);
    free(cloud->r);
    free(cloud->w);
    free(cloud->node);
    *cloud = (struct cloud){0};
}

static double largest(const double w[CLOUD_LANES])
{
    double most = w[0];
    for (int lane = 1; lane < CLOUD_LANES; lane++)
        most = w[lane] > most ? w[lane] : most;
    return most;
}

void cloud_weigh(struct cloud *cloud)
{
    int32_t children = cloud->n_leaves;
    for (int level = 0; level < cloud->n_levels; level++) {
        struct cloud_node *node = cloud->node + cloud->level_begin[level];
        for (int32_t k = 0; k < children; k++) {
            const double *w = level == 0 ? cloud->w + (size_t)k * CLOUD_LANES : cloud->node[cloud->level_begin[level - 1] + k].w_max;
            node[k / CLOUD_LANES].w_max[k % CLOUD_LANES] = largest(w);
        }
        children = n_parents(children);
    }
}

void cloud_set_weight(struct cloud *cloud, int32_t i, double w)
{
    cloud->w[i] = w;
    int32_t k = i / CLOUD_LANES;
    double most = largest(cloud->w + (size_t)k * CLOUD_LANES);
    for (int level = 0; level < cloud->n_levels; level++, k /= CLOUD_LANES) {
        double *w_max = cloud->node[cloud->level_begin[level] + k / CLOUD_LANES].w_max;
        if (w_max[k % CLOUD_LANES] == most)
            return;
        w_max[k % CLOUD_LANES] = most;
        most = largest(w_max);
    }
}

void cloud_centroids(const struct cloud *cloud, double *ret_r)
{
    for (int32_t leaf = 0; leaf < cloud->n_leaves; leaf++) {
        double sum[3] = {0, 0, 0};
        int32_t begin = leaf * CLOUD_LANES, end = begin + CLOUD_LANES < cloud->n ? begin + CLOUD_LANES : cloud->n;
        for (int32_t i = begin; i < end; i++) {
            double r[3], x[3];
            cloud_point(cloud, i, r);
            frame_wrap(cloud->frame, r, x);
            for (int c = 0; c < 3; c++)
                sum[c] += x[c];
        }
        for (int c = 0; c < 3; c++)
            ret_r[3 * (size_t)leaf + (size_t)c] = sum[c] / (end - begin);
    }
}

void cloud_extent(const struct cloud *cloud, int axis, double *ret_lo, double *ret_hi)
{
    double lo = INFINITY, hi = -INFINITY;
    for (int32_t leaf = 0; leaf < cloud->n_leaves; leaf++) {
        double block[CLOUD_BLOCK], center[3], half[3];
        struct bounds box = read_leaf(cloud, leaf, block);
        bounds_middle(cloud->frame, &box, center, half);
        lo = fmin(lo, center[axis] - half[axis]);
        hi = fmax(hi, center[axis] + half[axis]);
    }
    *ret_lo = lo;
    *ret_hi = hi;
}

/* So many too many are taken out one by one. */
enum { SELECT_FEW = 4 };

/* Quickselect. */
static void part_hits(struct cloud_hit *hits, int32_t count, int32_t k)
{
    int32_t lo = 0, hi = count - 1;
    while (lo < hi) {
        double pivot = hits[lo + (hi - lo) / 2].value;
        int32_t i = lo, j = hi;
        while (i <= j) {
            while (hits[i].value < pivot)
                i++;
            while (hits[j].value > pivot)
                j--;
            if (i <= j) {
                struct cloud_hit t = hits[i];
                hits[i++] = hits[j];
                hits[j--] = t;
            }
        }
        if (k - 1 <= j)
            hi = j;
        else if (k - 1 >= i)
            lo = i;
        else
            return;
    }
}

/* The worst goes behind the others. */
static void set_worst_aside(struct cloud_hit *hits, int32_t count)
{
    int32_t at = 0;
    double worst = hits[0].value;
    for (int32_t e = 1; e < count; e++) {
        at = hits[e].value > worst ? e : at;
        worst = hits[e].value > worst ? hits[e].value : worst;
    }
    struct cloud_hit t = hits[at];
    hits[at] = hits[count - 1];
    hits[count - 1] = t;
}

double cloud_select(struct cloud_hit *hits, int32_t count, int32_t k)
{
    if (count - k > SELECT_FEW)
        part_hits(hits, count, k);
    else
        for (; count > k; count--)
            set_worst_aside(hits, count);
    double worst = hits[0].value;
    for (int32_t e = 1; e < k; e++)
        worst = hits[e].value > worst ? hits[e].value : worst;
    return worst;
}

void cloud_query_trim(struct cloud_query *q)
{
    if (q->count <= q->k)
        return;
    q->limit = cloud_select(q->hits, q->count, q->k);
    q->count = q->k;
}

int32_t cloud_best(const struct cloud *cloud, const struct cloud *from, int32_t i, double limit, int32_t k,
                   struct cloud_hit *hits, double *ret_beyond)
{
    struct cloud_query q = {.limit = limit, .turn = (uint32_t)i * 2654435761u, .k = k, .room = cloud_room(k), .hits = hits};
    cloud_point(from, i, q.r);
    frame_wrap(cloud->frame, q.r, q.x);
    cloud->frame->scan(cloud, &q);
    cloud_query_trim(&q);
    *ret_beyond = q.limit;
    return q.count;
}
