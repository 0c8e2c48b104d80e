/* How stiff the spring between two near atoms is. Inside of springs. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef QUENCH_SPRINGS_FIT_H
#define QUENCH_SPRINGS_FIT_H

#include "quench/state.h"

#define FIT_KNOTS 8       /* of the stiffness as a function of the distance, for one class of pairs */
#define FIT_MOST_TYPES 4  /* pairs of types are a class each; where there are more types, all are one class */
#define FIT_MOST_CLASSES (FIT_MOST_TYPES * (FIT_MOST_TYPES + 1) / 2)

/* A pair within reach: `place` is of the share. */
struct near {
    int32_t place, other;
    float u[3], r, stiffness; /* the last once it is fitted */
};

/* The pairs of a share, in order: those across its border, too, which are also the other share's. */
struct near_part {
    struct near *near;
    size_t n, room;
};

struct springs_fit {
    const struct quench_state *state;
    const int32_t *atom, *first; /* the order of the atoms, and the places where shares begin: as of near_find */
    struct near_part *part;      /* [shares] */
    int32_t shares;
    size_t n_near;
    int classes; /* 0: one class for all */
    double knot[FIT_MOST_CLASSES][FIT_KNOTS], stiffness[FIT_MOST_CLASSES][FIT_KNOTS];
};

/* The smallest first. */
void springs_fit_sort(float *numbers, size_t n);

/* Are both atoms of a pair of the share in it? */
static inline bool springs_fit_inside(const struct springs_fit *fit, int32_t share, const struct near *near)
{
    return near->other >= fit->first[share] && near->other < fit->first[share + 1];
}

/* All near pairs in so many shares, and the order of the atoms, as near_find gives it, in ret_atom[n] and ret_first[shares + 1],
 * which are borrowed. Begins as {0} with state. */
bool springs_fit_pairs(struct springs_fit *fit, int32_t shares, int32_t *ret_atom, int32_t *ret_first);
void springs_fit_done(struct springs_fit *fit);
/* The stiffness of each class such that the springs do to v what the Hessian did: y = H v, by atoms; then of each pair. False:
 * no sensible fit, out of memory, or cancelled. */
bool springs_fit_solve(struct springs_fit *fit, const double *v, const double *y);

#endif
