/* Weighted points in a periodic box, in a tree that finds the points of least cost - weight. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Points lie along a Hilbert curve, eight to a leaf, eight leaves or nodes to a node: bounds and distances of eight are worked out
 * together by vector kernels. All kernels do the same operations in the same order, so their results are the same bits. */
#ifndef MATCH_CLOUD_H
#define MATCH_CLOUD_H

#include "isdmin/box.h"
#include "isdmin/control.h"

#include <stddef.h>
#include <stdint.h>

enum { CLOUD_LANES = 8, CLOUD_BLOCK = 3 * CLOUD_LANES, CLOUD_LEVELS = 12 };

struct cloud_query;
struct cloud;
struct cloud_patch;
struct cloud_sight;
typedef void cloud_scan_fn(const struct cloud *cloud, struct cloud_query *q);
typedef bool cloud_gather_fn(const struct cloud *cloud, struct cloud_patch *patch);
typedef bool cloud_see_fn(const struct cloud *cloud, struct cloud_patch *patch, const double r[3], const double x[3],
                          struct cloud_sight *sight);
typedef unsigned cloud_any_fn(const struct cloud *cloud, const struct cloud_patch *patch, int leaf, const double limit[8], unsigned open);

/* How distances are found and bounded. In an aligned frame lattice vectors lie along the axes, and images are taken axis by axis. Any
 * other lattice is bounded with spheres. */
struct frame {
    isd_lattice lattice;
    bool aligned;
    double period[3]; /* along an axis of an aligned frame, INFINITY where there is none */
    double turn[3], step[3]; /* aligned: turns along an axis are nearbyint(turn * d), of `step` each */
    double sure_sq;   /* a rounded vector no longer is the shortest */
    double far_sq;    /* where the rounded vector is longer the shortest is no shorter than this */
    double size;      /* no distance is larger */
    double slack;     /* how far a wrapped coordinate may be off */
    cloud_scan_fn *scan;
    cloud_gather_fn *gather;
    cloud_see_fn *see;
    cloud_any_fn *any;
};

/* For points no coordinate of which is larger than `reach`. */
void frame_init(struct frame *frame, const isd_box *box, double reach);

/* floor, where |x| < 2^51; beyond that all numbers are whole. */
static inline double frame_whole(double x)
{
    const double magic = 0x1.8p52;
    double near = (x + magic) - magic;
    return near - (near > x ? 1.0 : 0.0); /* no jump: which it is nobody can foresee */
}

/* For frame_wrap, where the frame is not aligned. */
void frame_wrap_skew(const struct frame *frame, double x[3]);

/* r moved into the cell, as far as rounding lets it; in 2D the third coordinate is 0. */
static inline void frame_wrap(const struct frame *frame, const double r[3], double ret_x[3])
{
    double x[3] = {r[0], r[1], frame->lattice.dim == 2 ? 0 : r[2]};
    if (frame->aligned) {
        for (int c = 0; c < 3; c++)
            x[c] -= frame->step[c] * frame_whole(frame->turn[c] * x[c]);
    } else {
        frame_wrap_skew(frame, x);
    }
    for (int c = 0; c < 3; c++)
        ret_x[c] = x[c];
}

/* Bounds of eight leaves or nodes. Where there are fewer w_max is -INFINITY. */
struct cloud_node {
    double center[3][CLOUD_LANES];
    double half[3][CLOUD_LANES]; /* half widths; half[0] is the radius where the frame is not aligned */
    double w_max[CLOUD_LANES];   /* at least the largest weight inside */
};

/* n >= 1 points in tree order. The shape of the tree depends on n alone, so clouds of one n correspond leaf by leaf. */
struct cloud {
    const struct frame *frame;
    int32_t n, n_leaves;
    int n_levels;                          /* of nodes; the root is the only one of the last */
    int32_t level_begin[CLOUD_LEVELS + 1]; /* the first node of a level; level 0 has leaves for children */
    int32_t *index;          /* [n] the caller's number of the point */
    const double *given;     /* of a bare cloud: [3n] positions, held by the caller; no r, w, node then: it is looked from, never at */
    double *r;               /* [24 n_leaves] blocks x[8] y[8] z[8], positions as the caller gave them */
    double *w;               /* [8 n_leaves] weights, 0 at first; they may only fall, or cloud_weigh must be called */
    struct cloud_node *node; /* child c of node k of level l is 8 k + c of the level below */
};

isd_status cloud_init(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                      isd_control *control, isd_error *err);
/* A bare one. */
isd_status cloud_init_bare(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                           isd_control *control, isd_error *err);
void cloud_done(struct cloud *cloud);
/* Largest weights of all nodes afresh. */
void cloud_weigh(struct cloud *cloud);
/* Set the weight of one point, upwards or downwards. */
void cloud_set_weight(struct cloud *cloud, int32_t i, double w);
/* Centroids of the leaves [3 * n_leaves]. */
void cloud_centroids(const struct cloud *cloud, double *ret_r);

/* The space that wrapped points take up along one axis, and a little more. */
void cloud_extent(const struct cloud *cloud, int axis, double *ret_lo, double *ret_hi);

/* Position of point i, as the caller gave it (z is 0 in 2D). */
static inline void cloud_point(const struct cloud *cloud, int32_t i, double ret_r[3])
{
    if (cloud->given) {
        const double *p = cloud->given + 3 * (size_t)cloud->index[i];
        ret_r[0] = p[0];
        ret_r[1] = p[1];
        ret_r[2] = cloud->frame->lattice.dim == 2 ? 0 : p[2];
        return;
    }
    const double *block = cloud->r + (size_t)(i / CLOUD_LANES) * CLOUD_BLOCK + i % CLOUD_LANES;
    for (int c = 0; c < 3; c++)
        ret_r[c] = block[c * CLOUD_LANES];
}

/* Point i will be looked from soon. */
static inline void cloud_expect(const struct cloud *cloud, int32_t i)
{
    if (cloud->given && i < cloud->n)
        __builtin_prefetch(cloud->given + 3 * (size_t)cloud->index[i]);
}

struct cloud_hit {
    double value; /* cost - weight */
    double cost;
    int32_t point;
};

/* Up to so many are kept in order of their values. */
enum { CLOUD_FEW = 4 };

/* Room that `hits` must have for the k best. */
static inline int32_t cloud_room(int32_t k)
{
    return 2 * k + 2 * CLOUD_LANES;
}

/* A search under way: what the kernels work on. */
struct cloud_query {
    double r[3], x[3]; /* as given, wrapped */
    double limit;
    uint32_t turn;     /* among points on one spot each query begins at another */
    int32_t k, count, room;
    struct cloud_hit *hits;
};

/* The (at most) k points of least cost - weight below `limit`, in any order, seen from point i of another cloud in the same frame.
 * hits: room for cloud_room(k). Returns how many; *ret_beyond: no point left out has less. */
int32_t cloud_best(const struct cloud *cloud, const struct cloud *from, int32_t i, double limit, int32_t k,
                   struct cloud_hit *hits, double *ret_beyond);

/* Parts the hits so that the k of least value come first; 0 < k < count. Returns the largest value of these. */
double cloud_select(struct cloud_hit *hits, int32_t count, int32_t k);

/* For the kernels: make room in q->hits by keeping the best k. */
void cloud_query_trim(struct cloud_query *q);

cloud_scan_fn cloud_scan_vector, cloud_scan_avx2, cloud_scan_avx512;

/* Some leaves of another cloud in a row, and what of this one is within reach of them: from there their points look. */
enum { PATCH_LEAVES = 4, PATCH_SEEN = 512, PATCH_STRIDE = PATCH_SEEN + CLOUD_LANES, PATCH_ROOM = 64, PATCH_SPARE = 2 * CLOUD_LANES };

struct cloud_patch {
    const struct cloud *cloud, *from;
    int32_t first;     /* leaf of `from` */
    double reach;      /* no point of a leaf not taken down has less cost - weight, seen from any point of the patch */
    double most;       /* reach that points looking from here needed */
    bool crowded;      /* there are too many leaves within reach */
    double block[PATCH_LEAVES][CLOUD_BLOCK];
    double leaf_center[PATCH_LEAVES][3], leaf_half[PATCH_LEAVES][3]; /* bounds of them, and of all */
    double center[3], half[3];
    int32_t n_seen;    /* leaves taken down */
    int32_t seen[PATCH_STRIDE], near[PATCH_STRIDE + CLOUD_LANES];
    double seen_center[3][PATCH_STRIDE], seen_half[3][PATCH_STRIDE], seen_w[PATCH_STRIDE], bound[PATCH_STRIDE];
};

/* What a point sees. */
struct cloud_sight {
    double limit;  /* in: as of cloud_best. Out: no point left out has less */
    double margin; /* the limit comes down to the least value found plus this */
    int32_t most;  /* so many hits are enough, the best ones: then no point left out has less than the limit, or any of them */
    int32_t count; /* out: hits, -1 where there was no room for them */
    struct cloud_hit hits[PATCH_ROOM + PATCH_SPARE];
    int32_t n_met; /* for the kernels, as what follows */
    double value[PATCH_ROOM + PATCH_SPARE], sq[PATCH_ROOM + PATCH_SPARE];
    int32_t point[PATCH_ROOM + PATCH_SPARE];
};

/* The patch of `from`, in the same frame, that begins with a leaf whose number is a multiple of PATCH_LEAVES. If more reach than expected is
 * needed it is made larger. */
void cloud_patch_begin(struct cloud_patch *patch, const struct cloud *cloud, const struct cloud *from, int32_t first, double reach);
/* From point i of the patch. */
void cloud_patch_see(struct cloud_patch *patch, int32_t i, struct cloud_sight *sight);

/* Which points of a leaf of the patch have any point of the cloud below their limits, one bit each; 0 also where there is too much to tell.
 * Those whose limit is -INFINITY are left out. *ret_known: those of which this is known. */
unsigned cloud_patch_any(struct cloud_patch *patch, int32_t leaf, const double limit[CLOUD_LANES], unsigned *ret_known);

cloud_gather_fn cloud_gather_vector, cloud_gather_avx2, cloud_gather_avx512;
cloud_see_fn cloud_see_vector, cloud_see_avx2, cloud_see_avx512;
cloud_any_fn cloud_any_vector, cloud_any_avx2, cloud_any_avx512;

/* Squared distance of two points: the definition, of the vector to - from. In an aligned frame as the kernels do it, to the same bits. */
static inline double cloud_cost(const struct cloud *from, int32_t i, const struct cloud *to, int32_t j)
{
    const struct frame *frame = from->frame;
    const double magic = 0x1.8p52; /* x + magic - magic is nearbyint(x) where |x| < 2^51 */
    double p[3], q[3], sum = 0;
    cloud_point(from, i, p);
    cloud_point(to, j, q);
    double d[3] = {q[0] - p[0], q[1] - p[1], q[2] - p[2]};
    if (!frame->aligned)
        return isd_lattice_shortest(&frame->lattice, d);
    for (int c = 0; c < 3; c++) {
        d[c] -= ((frame->turn[c] * d[c] + magic) - magic) * frame->step[c];
        sum += d[c] * d[c];
    }
    return sum;
}

#endif
