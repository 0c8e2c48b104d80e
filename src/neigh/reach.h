/* Which groups of blocks come near a domain. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Groups of eight blocks are nodes of a tree over all atoms. A domain asks the tree, once for itself and once for each
 * translation, which of them it may reach. */
#ifndef NEIGH_REACH_H
#define NEIGH_REACH_H

#include "neigh/list.h"
#include "neigh/prune.h"
#include "neigh/tree.h"

/* Where it is looked for. */
struct reach_source {
    const struct cell *cell;
    struct tree tree;
    double *boxes;  /* [PRUNE_BOXES groups] of the blocks of each group */
    int32_t *group; /* [groups] its node */
    double reach_sq;
    int most[3]; /* translations along each axis */
};

/* Groups near a domain; its own come first. Zero it to begin with. */
struct reach {
    int32_t *group;
    double *shift;        /* [3 room] */
    double *boxes;        /* [PRUNE_BOXES room/8] of the groups themselves, eight of them to one */
    int32_t *id;          /* [8 room] local number of each block */
    uint8_t *fresh, *bits; /* [room] blocks that have no number yet; what a search found */
    struct prune_group *eights, *candidate; /* [room/8], [room] */
    int32_t *number;      /* [room] of the candidates */
    int32_t n, room;
};

static inline int32_t reach_blocks(const struct tree_node *node)
{
    return node->last - node->first + 1;
}

/* Eight boxes that are not there. */
void reach_clear(double *boxes);

/* The groups of a domain that is within `box`, those of later domains near it, and those near it by any translation m > 0.
 * False when out of memory. */
bool reach_all(const struct reach_source *source, struct reach *near, const struct neigh_domain *domain,
              const struct tree_node *box);
void reach_done(struct reach *near);

#endif
