/* Which groups of blocks come near a domain. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/build.h"

void reach_clear(double *boxes)
{
    for (int k = 0; k < PRUNE_BOXES / 2; k++) {
        boxes[k] = INFINITY;
        boxes[PRUNE_BOXES / 2 + k] = -INFINITY;
    }
}

void reach_done(struct reach *near)
{
    free(near->group);
    free(near->shift);
    free(near->boxes);
    free(near->id);
    free(near->fresh);
    free(near->bits);
    free(near->eights);
    free(near->candidate);
    free(near->number);
}

static bool reach_room(struct reach *near)
{
    if (near->n < near->room) {
        return true;
    }
    const int32_t room = near->room ? 2 * near->room : 256;
    double *boxes = aligned_alloc(64, (size_t)room / 8 * PRUNE_BOXES * sizeof *boxes);
    if (!boxes || !neigh_grow((void **)&near->group, (size_t)room, sizeof *near->group) ||
        !neigh_grow((void **)&near->shift, 3 * (size_t)room, sizeof *near->shift) ||
        !neigh_grow((void **)&near->id, 8 * (size_t)room, sizeof *near->id) ||
        !neigh_grow((void **)&near->fresh, (size_t)room, sizeof *near->fresh) ||
        !neigh_grow((void **)&near->bits, (size_t)room, sizeof *near->bits) ||
        !neigh_grow((void **)&near->eights, (size_t)room / 8, sizeof *near->eights) ||
        !neigh_grow((void **)&near->candidate, (size_t)room, sizeof *near->candidate) ||
        !neigh_grow((void **)&near->number, (size_t)room, sizeof *near->number)) {
        free(boxes);
        return false;
    }
    if (near->boxes) {
        memcpy(boxes, near->boxes, (size_t)near->room / 8 * PRUNE_BOXES * sizeof *boxes);
    }
    free(near->boxes);
    near->boxes = boxes;
    near->room = room;
    for (int32_t k = 0; k < room / 8; k++) {
        near->eights[k] = (struct prune_group){.boxes = boxes + (size_t)k * PRUNE_BOXES};
    }
    return true;
}

/* own: the number of its first block in the domain, or -1 for a group of the halo. */
static bool reach_add(const struct reach_source *source, struct reach *near, int32_t group, const double shift[3], int32_t own)
{
    if (!reach_room(near)) {
        return false;
    }
    const struct tree_node *node = &source->tree.node[source->group[group]];
    const int32_t k = near->n++;
    double *box = near->boxes + (size_t)(k / 8) * PRUNE_BOXES + k % 8;
    if (k % 8 == 0) {
        reach_clear(near->boxes + (size_t)(k / 8) * PRUNE_BOXES);
    }
    near->group[k] = group;
    near->fresh[k] = own < 0 ? 0xff : 0;
    for (int q = 0; q < 3; q++) {
        near->shift[3 * (size_t)k + (size_t)q] = shift[q];
        box[NEIGH_BLOCK * q] = node->lo[q] + shift[q];
        box[NEIGH_BLOCK * (3 + q)] = node->hi[q] + shift[q];
    }
    for (int lane = 0; lane < 8; lane++) {
        near->id[8 * (size_t)k + (size_t)lane] = own + lane;
    }
    return true;
}

/* Groups from `above` on, displaced by `shift`, that reach a box. */
static bool reach_find(const struct reach_source *source, struct reach *near, const struct tree_node *box, const double shift[3],
                      int32_t above)
{
    struct tree_node back = *box;
    for (int q = 0; q < 3; q++) {
        back.lo[q] -= shift[q];
        back.hi[q] -= shift[q];
    }
    for (int32_t k = 0; k < source->tree.n_node;) {
        const struct tree_node *node = &source->tree.node[k];
        const bool out = node->last / TREE_GROUP < above || tree_gap_sq(node, &back) > source->reach_sq;
        if (!out && reach_blocks(node) <= TREE_GROUP && !reach_add(source, near, node->first / TREE_GROUP, shift, -1)) {
            return false;
        }
        k = out || reach_blocks(node) <= TREE_GROUP ? node->skip : k + 1;
    }
    return true;
}

bool reach_all(const struct reach_source *source, struct reach *near, const struct neigh_domain *d, const struct tree_node *box)
{
    const struct cell *cell = source->cell;
    const int32_t first = d->first / TREE_GROUP, end = (d->first + d->n_own + TREE_GROUP - 1) / TREE_GROUP;
    bool good = true;
    for (int32_t group = first; group < end && good; group++) {
        good = reach_add(source, near, group, (const double[3]){0, 0, 0}, TREE_GROUP * (group - first));
    }
    good = good && reach_find(source, near, box, (const double[3]){0, 0, 0}, end);
    const int *most = source->most;
    int m[3];
    for (m[0] = 0; m[0] <= most[0]; m[0]++) {
        for (m[1] = m[0] > 0 ? -most[1] : 0; m[1] <= most[1]; m[1]++) {
            for (m[2] = m[0] > 0 || m[1] > 0 ? -most[2] : 1; m[2] <= most[2] && good; m[2]++) {
                double shift[3] = {0, 0, 0};
                for (int axis = 0; axis < cell->rank; axis++) {
                    for (int q = 0; q < 3; q++) {
                        shift[q] += m[axis] * cell->basis[axis][q];
                    }
                }
                good = reach_find(source, near, box, shift, 0);
            }
        }
    }
    return good;
}
