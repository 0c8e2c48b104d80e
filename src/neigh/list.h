/* Pairs of atoms within reach, by rows of blocks. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Atoms sit in slots, eight compact ones to a block; runs of blocks that lie together form a domain, the share
 * of work of one thread. A domain has copies ("halo") of the blocks of others, and of periodic images of
 * blocks, that its atoms can reach: so a kernel sees one array of positions and one of forces, no boundary and
 * no other thread. Every pair is held once, by one domain: image translations come as +m and -m, and only the
 * half m > 0 (in the order of the reduced basis) is made; of two domains the first holds the pair. A cell
 * smaller than the reach simply has more images, of a block's own self too.
 *
 * The outer list says which blocks reach which; it goes to the cutoff plus a skin and holds until an atom has
 * moved half the skin. The inner list is pruned from it, atom by atom, with a thinner skin, and pruned again
 * when that is used up. How atoms are cut into domains depends on their number only. */
#ifndef NEIGH_LIST_H
#define NEIGH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isdmin/control.h"
#include "neigh/cell.h"
#include "neigh/isa.h"

enum { NEIGH_BLOCK = 8, NEIGH_STRIDE = 3 * NEIGH_BLOCK };

struct neigh_rows {
    int64_t *start; /* [rows + 1] into entry */
    int32_t *entry;
    int64_t room;   /* entries allocated */
};

/* A block, by the domain that owns it or has a copy of it. */
struct neigh_place {
    int32_t domain, block;
};

struct neigh_domain {
    int32_t first;     /* number of its first block among those of the list */
    int32_t n_own;     /* blocks of its own; only the last one of the list can have empty slots */
    int32_t n_block;   /* those and the halo behind them */
    int32_t *kind;     /* [8 n_block] 8 times the kind of the atom in a slot (from 0), 0 for an empty one */
    int32_t *atom;     /* [8 n_block] atom in the caller's order, -1 for an empty slot */
    struct neigh_place *owner; /* [n_block - n_own] whom a block of the halo follows */
    double *shift;     /* [3 (n_block - n_own)] by how much it is displaced */
    double *r;         /* [24 n_block] x[8] y[8] z[8] of each block; empty slots are far away */
    double *f;         /* [24 n_block] forces, added to by the kernels */
    /* Both lists leave out the pairs within a block. The outer one goes by block and holds blocks behind it.
     * The inner one goes by slot and holds units of blocks, see neigh_unit. */
    struct neigh_rows outer, inner;
    double *built, *pruned; /* [24 n_own] positions when the lists were made */
    int32_t own_room, halo_room; /* allocated, in blocks */
    /* What the thread that worked on it has to tell. */
    double drift; /* the largest displacement between the two */
    bool outer_holds, inner_holds;
    double energy, virial[6];
    bool bad; /* out of memory, or a force is not finite */
};

struct neigh_list {
    struct cell cell;
    enum isa isa;
    double cutoff, skin, inner_skin;
    /* To be set before the first update, where wanted; borrowed. */
    const int32_t *type;     /* [n] of each atom, from 1; NULL: all the same */
    const double *reaches;   /* [n_types * n_types] cutoffs between types, at most `cutoff` each; with `type` */
    int32_t n_types;
    int32_t n, n_own;        /* atoms, blocks of atoms */
    struct neigh_domain *domain;
    int32_t n_domain;
    double *wrap;            /* [24 n_own] translation of each own slot, as r */
    int32_t *follow_start;   /* [n_own + 1] */
    struct neigh_place *follower; /* copies of each block, in the order of domains */
    const double *position;  /* the caller's, during one evaluation */
    bool valid;
    long builds, prunes; /* how often the lists were made, and the inner ones */
};

/* Slots in a unit of the inner list: 8 where a vector holds as many, else 4. */
static inline int32_t neigh_unit(enum isa isa)
{
    return isa == ISA_AVX512 ? 8 : 4;
}

/* Where the first x of a slot is in r and f. */
static inline size_t neigh_at(int32_t slot)
{
    return (size_t)(slot / NEIGH_BLOCK) * NEIGH_STRIDE + (size_t)(slot % NEIGH_BLOCK);
}

void neigh_list_init(struct neigh_list *ret_list, const isd_box *box, int32_t n, double cutoff, double skin);
void neigh_list_done(struct neigh_list *list);

/* Brings the own slots of all domains (and when needed the lists) up to date with position[3n], which must stay
 * until the forces are folded. *ret_rebuilt: slots have changed. Refuses positions that are not finite, atoms that
 * coincide in a cluster, cells far smaller than the cutoff, and atoms too far away. */
isd_status neigh_list_update(struct neigh_list *list, const double *position, isd_control *control,
                             bool *ret_rebuilt, isd_error *err);

/* To be called for each domain, by the thread that works on it, before its positions are used: moves the halo
 * and clears the forces. */
void neigh_domain_begin(const struct neigh_list *list, int32_t domain);

/* Writes force[3n]: the forces on halos belong to their owners. virial (xx yy zz xy xz yz) = sum of r f over the
 * slots; NULL: not wanted. False: some force is not finite. */
bool neigh_list_fold(const struct neigh_list *list, isd_control *control, double *ret_force, double *ret_virial);

/* The two atoms that are closest of all pairs listed; false if there is no pair. */
bool neigh_list_closest(const struct neigh_list *list, int32_t *ret_a, int32_t *ret_b, double *ret_distance);

#endif
