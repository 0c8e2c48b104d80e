/* Weighted points in a periodic box, in a tree that finds the pairs of least cost - weight. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MATCH_CLOUD_H
#define MATCH_CLOUD_H

#include "isdmin/box.h"
#include "isdmin/control.h"

#include <stddef.h>
#include <stdint.h>

/* Coordinates to bound distances with. Rectangular lattices have axes of their own along which images are taken one by one;
 * any other lattice is bounded with spheres. */
struct frame {
    isd_lattice lattice;
    bool rectangular;
    double axis[3][3];
    double length[3]; /* period along an axis, INFINITY where there is none */
    double slack;     /* how far a coordinate here may be off */
    double slack_sq;  /* how far a squared distance from these coordinates may be off */
};

/* For points no coordinate of which is larger than `reach`. */
void frame_init(struct frame *frame, const isd_box *box, double reach);

struct cloud_node {
    int32_t begin, end;
};

/* Bounds of the two children of a node, side by side to be looked at together. */
struct cloud_pair {
    double center[3][2];
    double half[3][2]; /* half widths; half[0] is the radius where the frame is not rectangular */
    double w_max[2];   /* at least the largest weight inside */
};

/* n >= 1 points in tree order. The shape of the tree depends on n alone, so clouds of one n correspond leaf by leaf. */
struct cloud {
    const struct frame *frame;
    int32_t n;
    int levels;     /* 2^levels leaves, of at most CLOUD_LEAF points */
    int32_t *index; /* [n] the caller's number of the point */
    double *r;      /* [3n] positions as the caller gave them */
    size_t stride;  /* n and room to read a whole leaf past the end */
    double *x;      /* [3 * stride] the same in the frame: all first coordinates, all second, all third */
    double *w;      /* [stride] weights, 0 at first; they may only fall, or cloud_weigh must be called */
    struct cloud_node *node; /* [2^(levels+1) - 1] children of k: 2k+1, 2k+2 */
    struct cloud_pair *pair; /* [2^levels - 1] of the nodes that have children */
};

#define CLOUD_LEAF 8

isd_status cloud_init(struct cloud *cloud, const struct frame *frame, const double *r, int32_t n,
                      const isd_control *control, isd_error *err);
void cloud_done(struct cloud *cloud);
/* Largest weights of all nodes afresh. */
void cloud_weigh(struct cloud *cloud);
int32_t cloud_n_leaves(const struct cloud *cloud);
/* Centroids of the leaves, Cartesian [3 * cloud_n_leaves]. */
void cloud_centroids(const struct cloud *cloud, double *ret_r);

/* Frame coordinates of point i. */
static inline void cloud_place(const struct cloud *cloud, int32_t i, double ret_x[3])
{
    for (int c = 0; c < 3; c++)
        ret_x[c] = cloud->x[(size_t)c * cloud->stride + (size_t)i];
}

struct cloud_hit {
    double value; /* cost - weight */
    double cost;
    int32_t point;
};

/* The (at most) k points of least cost - weight below `limit`, in any order, seen from point i of another cloud in the same frame.
 * Returns how many; *ret_beyond: no point left out has less. */
int32_t cloud_best(const struct cloud *cloud, const struct cloud *from, int32_t i, double limit, int32_t k,
                   struct cloud_hit *hits, double *ret_beyond);

/* Squared distance of two points: the definition, of the vector to - from. */
static inline double cloud_cost(const struct frame *frame, const double from[3], const double to[3])
{
    double d[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
    return isd_lattice_shortest(&frame->lattice, d);
}

#endif
