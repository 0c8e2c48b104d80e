/* Pairs of atoms within reach, as pairs of clusters. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/prune.h"
#include "neigh/tree.h"

#define FAR_AWAY 1e15    /* padding: beyond every cutoff, its square far from overflow */
#define MAX_IMAGES 4e8   /* images made at most; more means a cell that makes no sense with this cutoff */
#define QUADS_A_POLL 128 /* far below a millisecond of work between two questions about a cancel */

/* What a build needs besides the list. */
struct build {
    struct neigh_list *list;
    struct tree_point *own, *images; /* own: id is the atom; images: id is the index into the next two */
    int32_t *image_owner;            /* slot */
    double *image_shift;             /* [3n_images] */
    int32_t n_images, images_room;
    struct tree own_tree, image_tree;
    double *wrap; /* [3n] */
    int32_t *candidate;
    int32_t n_candidate, candidate_room;
};

void neigh_list_init(struct neigh_list *ret_list, const isd_box *box, int32_t n, double cutoff, double skin)
{
    *ret_list = (struct neigh_list){
        .isa = isa_best(), .cutoff = cutoff, .skin = skin, .inner_skin = skin / 3, .n = n};
    cell_init(&ret_list->cell, box);
}

static void free_slots(struct neigh_list *list)
{
    free(list->atom);
    free(list->owner);
    free(list->shift);
    free(list->r);
    list->atom = list->owner = NULL;
    list->shift = list->r = NULL;
    list->slot_room = 0;
}

void neigh_list_done(struct neigh_list *list)
{
    free_slots(list);
    free(list->outer.start);
    free(list->outer.block);
    free(list->inner.start);
    free(list->inner.block);
    free(list->built);
    free(list->pruned);
    *list = (struct neigh_list){0};
}

static bool grow(void **array, size_t count, size_t size)
{
    void *more = realloc(*array, (count ? count : 1) * size);
    if (!more) {
        return false;
    }
    *array = more;
    return true;
}

/* --- atoms and images --- */

static isd_status wrap_atoms(struct build *b, const double *position, isd_error *err)
{
    const struct neigh_list *list = b->list;
    for (int32_t i = 0; i < list->n; i++) {
        b->own[i].id = i;
        if (!cell_wrap(&list->cell, position + 3 * (size_t)i, b->own[i].r, b->wrap + 3 * (size_t)i)) {
            return isd_error_set(
                err, ISD_DATA, "atom with index %d is too far away from the cell: (%g, %g, %g)", (int)i,
                position[3 * (size_t)i], position[3 * (size_t)i + 1], position[3 * (size_t)i + 2]);
        }
    }
    return ISD_OK;
}

static isd_status add_image(struct build *b, const struct tree_point *p, int32_t slot, const int m[3],
                            isd_error *err)
{
    if (b->n_images == b->images_room) {
        const int32_t room = b->images_room < 512 ? 1024 : b->images_room + b->images_room / 2;
        if (!grow((void **)&b->images, (size_t)room, sizeof *b->images) ||
            !grow((void **)&b->image_owner, (size_t)room, sizeof *b->image_owner) ||
            !grow((void **)&b->image_shift, 3 * (size_t)room, sizeof *b->image_shift)) {
            return isd_error_memory(err);
        }
        b->images_room = room;
    }
    const int32_t k = b->n_images++;
    const struct cell *cell = &b->list->cell;
    for (int q = 0; q < 3; q++) {
        double t = 0;
        for (int axis = 0; axis < cell->rank; axis++) {
            t += m[axis] * cell->basis[axis][q];
        }
        b->image_shift[3 * (size_t)k + q] = t;
        b->images[k].r[q] = p->r[q] + t;
    }
    b->images[k].id = k;
    b->image_owner[k] = slot;
    return ISD_OK;
}

/* All images of one atom within `reach` (in fractions, per axis) of the cell, of the translations m > 0. */
static isd_status make_images_of(struct build *b, int32_t slot, const double reach[3], isd_error *err)
{
    const struct tree_point *p = &b->own[slot];
    int lo[3] = {0, 0, 0}, hi[3] = {0, 0, 0};
    for (int axis = 0; axis < b->list->cell.rank; axis++) {
        const double s = cell_fraction(&b->list->cell, axis, p->r);
        lo[axis] = (int)ceil(-reach[axis] - s);
        hi[axis] = (int)floor(1 + reach[axis] - s);
    }
    int m[3];
    for (m[0] = 0; m[0] <= hi[0]; m[0]++) {
        for (m[1] = m[0] > 0 ? lo[1] : 0; m[1] <= hi[1]; m[1]++) {
            for (m[2] = m[0] > 0 || m[1] > 0 ? lo[2] : 1; m[2] <= hi[2]; m[2]++) {
                const isd_status status = add_image(b, p, slot, m, err);
                if (status) {
                    return status;
                }
            }
        }
    }
    return ISD_OK;
}

static isd_status make_images(struct build *b, isd_error *err)
{
    const struct neigh_list *list = b->list;
    double reach[3] = {0, 0, 0}, estimate = list->n;
    for (int axis = 0; axis < list->cell.rank; axis++) {
        /* the margin covers fractions that rounding put a hair outside */
        reach[axis] = (list->cutoff + list->skin) / list->cell.height[axis] * (1 + 1e-9) + 1e-5;
        estimate *= 1 + 2 * reach[axis];
    }
    if (!(estimate < MAX_IMAGES)) {
        return isd_error_set(
            err, ISD_UNSUPPORTED,
            "the cell is too small for the cutoff %g: %.1e images of its atoms lie within reach",
            list->cutoff, estimate);
    }
    isd_status status = ISD_OK;
    for (int32_t slot = 0; slot < list->n && !status; slot++) {
        status = make_images_of(b, slot, reach, err);
    }
    return status;
}

/* --- slots --- */

static bool make_room(struct neigh_list *list, int32_t n_block)
{
    if (n_block <= list->slot_room) {
        return true;
    }
    free_slots(list);
    const size_t blocks = (size_t)n_block + (size_t)n_block / 8 + 1, slots = blocks * NEIGH_BLOCK;
    list->atom = malloc(slots * sizeof *list->atom);
    list->owner = malloc(slots * sizeof *list->owner);
    list->shift = malloc(3 * slots * sizeof *list->shift);
    list->r = aligned_alloc(64, blocks * NEIGH_STRIDE * sizeof *list->r);
    if (!list->atom || !list->owner || !list->shift || !list->r) {
        free_slots(list);
        return false;
    }
    list->slot_room = (int32_t)blocks;
    return true;
}

static void set_slot(struct neigh_list *list, int32_t slot, int32_t atom, int32_t owner,
                     const double shift[3])
{
    list->atom[slot] = atom;
    list->owner[slot] = owner;
    memcpy(list->shift + 3 * (size_t)slot, shift, 3 * sizeof *shift);
}

static isd_status fill_slots(struct build *b, isd_error *err)
{
    struct neigh_list *list = b->list;
    list->n_own = b->own_tree.n_cluster;
    list->n_block = list->n_own + b->image_tree.n_cluster;
    list->n_quad = 2 * list->n_own;
    if (!make_room(list, list->n_block)) {
        return isd_error_memory(err);
    }
    const double none[3] = {FAR_AWAY, FAR_AWAY, FAR_AWAY};
    for (int32_t slot = 0; slot < list->n_own * NEIGH_BLOCK; slot++) {
        if (slot < list->n) {
            const int32_t atom = b->own[slot].id;
            double shift[3];
            for (int q = 0; q < 3; q++) {
                shift[q] = b->wrap[3 * (size_t)atom + q];
            }
            set_slot(list, slot, atom, -1, shift);
        } else {
            set_slot(list, slot, -1, -1, none);
        }
    }
    const int32_t base = list->n_own * NEIGH_BLOCK;
    for (int32_t k = 0; k < b->image_tree.n_cluster * NEIGH_BLOCK; k++) {
        if (k < b->n_images) {
            const int32_t image = b->images[k].id, owner = b->image_owner[image];
            set_slot(list, base + k, list->atom[owner], owner, b->image_shift + 3 * (size_t)image);
        } else {
            set_slot(list, base + k, -1, -1, none);
        }
    }
    return ISD_OK;
}

static double *slot_r(double *r, int32_t slot)
{
    return r + (size_t)(slot / NEIGH_BLOCK) * NEIGH_STRIDE + slot % NEIGH_BLOCK;
}

/* Positions of all slots from the caller's. */
static void place(struct neigh_list *list, const double *position)
{
    const double *origin = list->cell.origin;
    for (int32_t slot = 0; slot < list->n_block * NEIGH_BLOCK; slot++) {
        double *r = slot_r(list->r, slot);
        const double *shift = list->shift + 3 * (size_t)slot;
        const int32_t owner = list->owner[slot], atom = list->atom[slot];
        if (owner >= 0) {
            const double *from = slot_r(list->r, owner);
            for (int q = 0; q < 3; q++) {
                r[q * NEIGH_BLOCK] = from[q * NEIGH_BLOCK] + shift[q];
            }
        } else if (atom >= 0) {
            for (int q = 0; q < 3; q++) {
                r[q * NEIGH_BLOCK] =
                    q < list->cell.dim ? position[3 * (size_t)atom + q] - origin[q] + shift[q] : 0;
            }
        } else {
            for (int q = 0; q < 3; q++) {
                r[q * NEIGH_BLOCK] = FAR_AWAY;
            }
        }
    }
}

/* --- lists --- */

static bool add_candidate(struct build *b, int32_t block)
{
    if (b->n_candidate == b->candidate_room) {
        const int32_t room = b->candidate_room < 512 ? 1024 : 2 * b->candidate_room;
        if (!grow((void **)&b->candidate, (size_t)room, sizeof *b->candidate)) {
            return false;
        }
        b->candidate_room = room;
    }
    b->candidate[b->n_candidate++] = block;
    return true;
}

/* Leaves of `tree` within reach of the box of `leaf`, from block number `above` on; numbers are raised by
 * `base`. */
static bool find_blocks(struct build *b, const struct tree *tree, const struct tree_node *leaf, int32_t above,
                        int32_t base, double reach_sq)
{
    for (int32_t k = 0; k < tree->n_node;) {
        const struct tree_node *node = &tree->node[k];
        if (node->last < above || tree_gap_sq(node, leaf) > reach_sq) {
            k = node->skip;
            continue;
        }
        if (node->first == node->last && !add_candidate(b, base + node->first)) {
            return false;
        }
        k++;
    }
    return true;
}

static bool append_quad(struct neigh_list *list, struct neigh_pairs *pairs, int32_t quad,
                        const int32_t *blocks, int32_t n, double reach_sq)
{
    const int64_t start = pairs->start[quad];
    if (start + n + 1 > pairs->size) {
        const int64_t size = (start + n + 1) + (start + n + 1) / 2;
        if (!grow((void **)&pairs->block, (size_t)size, sizeof *pairs->block)) {
            return false;
        }
        pairs->size = size;
    }
    int32_t *out = pairs->block + start;
    out[0] = quad / 2;
    const int32_t kept = prune_kernel(list->isa)(list->r, quad, blocks, n, reach_sq, out + 1);
    pairs->start[quad + 1] = start + 1 + kept;
    return true;
}

static isd_status make_outer(struct build *b, isd_control *control, isd_error *err)
{
    struct neigh_list *list = b->list;
    const double reach = list->cutoff + list->skin, reach_sq = reach * reach * (1 + 1e-12);
    list->outer.start[0] = 0;
    for (int32_t k = 0; k < b->own_tree.n_node; k++) {
        const struct tree_node *leaf = &b->own_tree.node[k];
        if (leaf->first != leaf->last) {
            continue;
        }
        const int32_t block = leaf->first;
        if (block % (QUADS_A_POLL / 8) == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        b->n_candidate = 0;
        if (!find_blocks(b, &b->own_tree, leaf, block + 1, 0, reach_sq) ||
            !find_blocks(b, &b->image_tree, leaf, 0, list->n_own, reach_sq) ||
            !append_quad(list, &list->outer, 2 * block, b->candidate, b->n_candidate, reach_sq) ||
            !append_quad(list, &list->outer, 2 * block + 1, b->candidate, b->n_candidate, reach_sq)) {
            return isd_error_memory(err);
        }
    }
    return ISD_OK;
}

static isd_status make_inner(struct neigh_list *list, const double *position, isd_control *control,
                             isd_error *err)
{
    const double reach = list->cutoff + list->inner_skin, reach_sq = reach * reach * (1 + 1e-12);
    const struct neigh_pairs *outer = &list->outer;
    list->inner.start[0] = 0;
    for (int32_t quad = 0; quad < list->n_quad; quad++) {
        if (quad % QUADS_A_POLL == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        const int64_t start = outer->start[quad] + 1;
        if (!append_quad(list, &list->inner, quad, outer->block + start,
                         (int32_t)(outer->start[quad + 1] - start), reach_sq)) {
            return isd_error_memory(err);
        }
    }
    memcpy(list->pruned, position, 3 * (size_t)list->n * sizeof *position);
    return ISD_OK;
}

static isd_status allocate(struct neigh_list *list, isd_error *err)
{
    if (list->built) {
        return ISD_OK;
    }
    const size_t quads = (size_t)list->n / NEIGH_QUAD + 4, coordinates = 3 * (size_t)list->n + 1;
    list->outer.start = calloc(quads, sizeof *list->outer.start);
    list->inner.start = calloc(quads, sizeof *list->inner.start);
    list->pruned = malloc(coordinates * sizeof *list->pruned);
    if (!list->outer.start || !list->inner.start || !list->pruned) {
        goto memory;
    }
    list->built = malloc(coordinates * sizeof *list->built);
    if (list->built) {
        return ISD_OK;
    }
memory:
    free(list->outer.start);
    free(list->inner.start);
    free(list->pruned);
    list->outer.start = list->inner.start = NULL;
    list->pruned = NULL;
    return isd_error_memory(err);
}

/* Atoms that fill a leaf on one spot: many such leaves would make every list long, so they are found before any is made. */
static isd_status refuse_heaps(const struct build *b, isd_error *err)
{
    for (int32_t k = 0; k < b->own_tree.n_node; k++) {
        const struct tree_node *leaf = &b->own_tree.node[k];
        if (leaf->first == leaf->last && memcmp(leaf->lo, leaf->hi, sizeof leaf->lo) == 0 &&
            8 * leaf->first + 1 < b->list->n) {
            const struct tree_point *p = &b->own[8 * (size_t)leaf->first];
            const int32_t a = p[0].id < p[1].id ? p[0].id : p[1].id,
                          c = p[0].id < p[1].id ? p[1].id : p[0].id;
            isd_error_set(err, ISD_DATA, "the atoms with index %d and %d are on one spot", (int)a, (int)c);
            isd_error_atoms(err, a, c);
            return ISD_DATA;
        }
    }
    return ISD_OK;
}

static isd_status rebuild(struct neigh_list *list, const double *position, isd_control *control,
                          isd_error *err)
{
    struct build b = {.list = list};
    const size_t n = (size_t)list->n;
    isd_status status = allocate(list, err);
    list->valid = false;
    if (!status) {
        b.own = malloc((n + 1) * sizeof *b.own);
        b.wrap = malloc((3 * n + 1) * sizeof *b.wrap);
        status = b.own && b.wrap ? wrap_atoms(&b, position, err) : isd_error_memory(err);
    }
    if (!status) {
        status = tree_build(b.own, list->n, &b.own_tree, err);
    }
    if (!status) {
        status = refuse_heaps(&b, err);
    }
    if (!status) {
        status = make_images(&b, err);
    }
    if (!status) {
        status = tree_build(b.images, b.n_images, &b.image_tree, err);
    }
    if (!status) {
        status = fill_slots(&b, err);
    }
    if (!status) {
        place(list, position);
        status = make_outer(&b, control, err);
    }
    if (!status) {
        status = make_inner(list, position, control, err);
    }
    if (!status) {
        memcpy(list->built, position, 3 * n * sizeof *position);
        list->valid = true;
        list->builds++;
    }
    free(b.own);
    free(b.images);
    free(b.image_owner);
    free(b.image_shift);
    free(b.wrap);
    free(b.candidate);
    tree_done(&b.own_tree);
    tree_done(&b.image_tree);
    return status;
}

/* Has any atom moved further than `limit` since? */
static bool moved(const struct neigh_list *list, const double *since, const double *position, double limit)
{
    const double limit_sq = limit * limit;
    for (int32_t i = 0; i < list->n; i++) {
        const double *a = since + 3 * (size_t)i, *b = position + 3 * (size_t)i;
        double sum = 0;
        for (int q = 0; q < list->cell.dim; q++) {
            sum += (b[q] - a[q]) * (b[q] - a[q]);
        }
        if (!(sum <= limit_sq)) {
            return true;
        }
    }
    return false;
}

isd_status neigh_list_update(struct neigh_list *list, const double *position, isd_control *control,
                             bool *ret_rebuilt, isd_error *err)
{
    const bool stale = !list->valid || moved(list, list->built, position, 0.5 * list->skin);
    if (stale) {
        const isd_status status = rebuild(list, position, control, err);
        if (status) {
            return status;
        }
    } else {
        place(list, position);
        if (moved(list, list->pruned, position, 0.5 * list->inner_skin)) {
            const isd_status status = make_inner(list, position, control, err);
            if (status) {
                list->valid = false; /* the inner list may be half made */
                return status;
            }
        }
    }
    *ret_rebuilt = stale;
    return ISD_OK;
}

void neigh_list_fold(const struct neigh_list *list, double *f, double *ret_force, double ret_virial[6])
{
    double virial[6] = {0};
    for (int32_t slot = 0; slot < list->n_block * NEIGH_BLOCK; slot++) {
        if (list->atom[slot] < 0) {
            continue;
        }
        const double *r = slot_r(list->r, slot);
        double *g = slot_r(f, slot);
        const double x = r[0], y = r[NEIGH_BLOCK], z = r[2 * NEIGH_BLOCK];
        const double fx = g[0], fy = g[NEIGH_BLOCK], fz = g[2 * NEIGH_BLOCK];
        virial[0] += x * fx;
        virial[1] += y * fy;
        virial[2] += z * fz;
        virial[3] += x * fy;
        virial[4] += x * fz;
        virial[5] += y * fz;
        if (list->owner[slot] >= 0) {
            double *to = slot_r(f, list->owner[slot]);
            to[0] += fx;
            to[NEIGH_BLOCK] += fy;
            to[2 * NEIGH_BLOCK] += fz;
        }
    }
    for (int32_t slot = 0; slot < list->n; slot++) {
        const double *g = slot_r(f, slot);
        double *to = ret_force + 3 * (size_t)list->atom[slot];
        to[0] = g[0];
        to[1] = g[NEIGH_BLOCK];
        to[2] = list->cell.dim == 3 ? g[2 * NEIGH_BLOCK] : 0;
    }
    memcpy(ret_virial, virial, sizeof virial);
}

bool neigh_list_closest(const struct neigh_list *list, int32_t *ret_a, int32_t *ret_b, double *ret_distance)
{
    double best = INFINITY;
    for (int32_t quad = 0; quad < list->n_quad; quad++) {
        for (int64_t e = list->inner.start[quad]; e < list->inner.start[quad + 1]; e++) {
            for (int32_t i = 4 * quad; i < 4 * quad + 4; i++) {
                const double *a = slot_r(list->r, i);
                for (int32_t j = 8 * list->inner.block[e]; j < 8 * list->inner.block[e] + 8; j++) {
                    const double *b = slot_r(list->r, j);
                    const double x = a[0] - b[0], y = a[8] - b[8], z = a[16] - b[16],
                                 d = x * x + y * y + z * z;
                    if (j > i && list->atom[i] >= 0 && list->atom[j] >= 0 && d < best) {
                        best = d;
                        *ret_a = list->atom[i] < list->atom[j] ? list->atom[i] : list->atom[j];
                        *ret_b = list->atom[i] < list->atom[j] ? list->atom[j] : list->atom[i];
                    }
                }
            }
        }
    }
    *ret_distance = sqrt(best);
    return best < INFINITY;
}
