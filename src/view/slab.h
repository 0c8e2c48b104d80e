/* The atoms of a frame in the axes of a picture, found by their place. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VIEW_SLAB_H
#define VIEW_SLAB_H

#include "isdmin/snapshot.h"

enum { SLAB_ACROSS, SLAB_UP, SLAB_DEPTH };

/* Places are wrapped into the cell; depth grows towards the eye. In 2D the depth of every atom is 0 and one layer holds all. */
struct slab {
    int axis[3];        /* the coordinate that runs across, up and towards the eye */
    double sign;        /* of the last: -1 where the eye looks along it (normal y) */
    double low[3], high[3]; /* the box around the cell, in the picture's axes */
    double vector[3][3];/* [k] lattice vector k in the picture's axes, zero along open directions */
    int32_t n;
    double *place;      /* [3n] by position in `atom` */
    int32_t *atom;      /* [n] indices of the frame, by layers of depth, in large layers by cells of (up, across) */
    int32_t *where;     /* [n] the position of an atom in `atom` */
    int cells[3];       /* across, up, layers */
    int32_t *first;     /* [cells + 1] position of the first atom of each cell, across running fastest, layers slowest */
};

/* normal 0, 1, 2: x, y, z; a 2D frame is seen along z whatever is asked for. */
isd_status slab_make(const isd_snapshot *frame, int normal, struct slab *ret_slab, isd_error *err);
void slab_done(struct slab *slab);

/* A vector of the frame in the picture's axes. */
void slab_vector(const struct slab *slab, const double v[3], double ret_v[3]);
/* The depth of a value of the normal's coordinate, and back. */
double slab_depth(const struct slab *slab, double coordinate);

/* i, j, k lattice vectors. */
void slab_image(const struct slab *slab, int i, int j, int k, double ret_shift[3]);
/* `to` moved to the image nearest to `from` (of its 27 next ones); returns the squared distance. */
double slab_nearest(const struct slab *slab, const double from[3], double to[3]);

/* All atoms whose place may be within the box [low, high], as ranges of positions in `atom` (first ... end - 1), far ones first. */
typedef void slab_take_fn(void *arg, int32_t first, int32_t end);
void slab_ranges(const struct slab *slab, const double low[3], const double high[3], slab_take_fn *take, void *arg);

#endif
