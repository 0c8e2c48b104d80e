/* Pairs of atoms within reach, as pairs of clusters. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Atoms sit in slots, eight compact ones to a block. Periodic images that can reach an atom of the cell get
 * slots of their own behind the atoms, so that a kernel never sees the boundary: an image moves with its
 * owner, and the force on it is its owner's. Every pair is held once: image translations come as +m and -m,
 * and only the half m > 0 (in the order of the reduced basis) is made. A cell smaller than the reach simply
 * has more images, of an atom's own self too.
 *
 * Lists hold pairs (four atoms, block of eight). The outer list reaches the cutoff plus a skin and holds
 * until an atom has moved half the skin; the inner list is pruned from it with a thinner skin, and pruned
 * again when that is used up. */
#ifndef NEIGH_LIST_H
#define NEIGH_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "neigh/cell.h"
#include "neigh/isa.h"

enum { NEIGH_BLOCK = 8, NEIGH_QUAD = 4, NEIGH_STRIDE = 3 * NEIGH_BLOCK };

struct neigh_pairs {
    int64_t *start; /* [n_quad + 1] into block */
    int32_t *block; /* block of eight for each entry; the quad's own block comes first, see below */
    int64_t size;   /* entries there is room for */
};

struct neigh_list {
    struct cell cell;
    enum isa isa;
    double cutoff, skin, inner_skin;
    int32_t n;       /* atoms */
    int32_t n_quad;  /* quads that hold atoms of the cell: 2 a block */
    int32_t n_own;   /* blocks of atoms of the cell */
    int32_t n_block; /* all blocks, images included */
    int32_t *atom;   /* [8 n_block] atom in the caller's order, -1 for padding */
    int32_t *owner;  /* [8 n_block] for images the slot they follow, else -1 */
    double *shift;   /* [3 * 8 n_block] added to the caller's position (own), or to the owner's (image) */
    double *r;       /* [24 n_block] x[8] y[8] z[8] of each block; padding is far away */
    struct neigh_pairs outer, inner;
    double *built, *pruned; /* [3n] positions when the lists were made */
    bool valid;
    long builds;
    int32_t slot_room, build_room; /* allocated, in blocks */
};

/* Entry rule: the first entry of a quad is the block it lies in; there only pairs with a higher slot count (i
 * < j). All other entries count in full. The inner list has the same form. */

void neigh_list_init(struct neigh_list *ret_list, const isd_box *box, int32_t n, double cutoff, double skin);
void neigh_list_done(struct neigh_list *list);

/* Brings r (and when needed the lists) up to date with position[3n], all finite. *ret_rebuilt: slots have
 * changed. Refuses atoms that coincide in a cluster, cells far smaller than the cutoff, and atoms too far
 * away. */
isd_status neigh_list_update(struct neigh_list *list, const double *position, isd_control *control,
                             bool *ret_rebuilt, isd_error *err);

/* Adds the forces on images to their owners and writes force[3n]; virial (xx yy zz xy xz yz) = sum of r f
 * over the slots. f has the shape of r. */
void neigh_list_fold(const struct neigh_list *list, double *f, double *ret_force, double ret_virial[6]);

/* The two atoms that are closest of all pairs listed; false if there is no pair. */
bool neigh_list_closest(const struct neigh_list *list, int32_t *ret_a, int32_t *ret_b, double *ret_distance);

#endif
