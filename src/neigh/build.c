/* Making the lists: atoms into domains, and which blocks reach which. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Groups of eight blocks that come near a domain are looked up (reach.h), then their boxes are tested eight at a
 * time. */
#include "neigh/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/reach.h"
#include "neigh/prune.h"

#define MOST_IMAGES 4e6 /* of one atom's worth each, besides those of dense cells; more makes no sense */
#define ATOMS_A_CHUNK 16384
#define DOMAIN_LEAST 3072 /* atoms in a domain at most: an eighth of all, but within these */
#define DOMAIN_MOST 12288

struct build {
    struct neigh_list *list;
    isd_control *control;
    const struct prune_kernel *kernel;
    const double *position;
    struct tree_point *point;
    double *wrap;     /* [3n] translation that brings an atom into the cell */
    int32_t *slot;    /* [n_own][2][8] atom and kind of every slot of the list, as in its domains */
    struct reach_source source;
    double reach;
    int32_t *lost;    /* [chunks] first atom that is nowhere or too far away, or -1 */
    isd_status *done; /* [domains] how its search ended */
};

bool neigh_grow(void **array, size_t count, size_t size)
{
    void *more = realloc(*array, (count ? count : 1) * size);
    if (!more) {
        return false;
    }
    *array = more;
    return true;
}

void neigh_domain_done(struct neigh_domain *domain)
{
    free(domain->kind);
    free(domain->atom);
    free(domain->owner);
    free(domain->shift);
    free(domain->r);
    free(domain->f);
    free(domain->outer.start);
    free(domain->outer.entry);
    free(domain->inner.start);
    free(domain->inner.entry);
    free(domain->built);
    free(domain->pruned);
    *domain = (struct neigh_domain){0};
}

/* --- atoms --- */

static void wrap_chunk(void *arg, int32_t chunk)
{
    struct build *b = arg;
    const struct neigh_list *list = b->list;
    const int32_t first = chunk * ATOMS_A_CHUNK,
                  last = list->n - first < ATOMS_A_CHUNK ? list->n : first + ATOMS_A_CHUNK;
    b->lost[chunk] = -1;
    for (int32_t i = first; i < last; i++) {
        const double *r = b->position + 3 * (size_t)i;
        double nothing = 0;
        for (int q = 0; q < list->cell.dim; q++) {
            nothing += 0 * r[q]; /* NaN as soon as one is not finite */
        }
        b->point[i].id = i;
        if (nothing != 0 || !cell_wrap(&list->cell, r, b->point[i].r, b->wrap + 3 * (size_t)i)) {
            b->lost[chunk] = i;
            return;
        }
    }
}

static isd_status refuse_lost(const struct build *b, int32_t i, isd_error *err)
{
    const double *r = b->position + 3 * (size_t)i;
    int q = 0;
    while (q < b->list->cell.dim && isfinite(r[q])) {
        q++;
    }
    if (q < b->list->cell.dim) {
        isd_error_set(err, ISD_DATA, "coordinate %c of the atom with index %d is not a finite number", 'x' + q, (int)i);
    } else {
        isd_error_set(err, ISD_DATA, "atom with index %d is too far away from the cell: (%g, %g, %g)", (int)i, r[0], r[1], r[2]);
    }
    isd_error_atoms(err, i, -1);
    return ISD_DATA;
}

static isd_status wrap_atoms(struct build *b, isd_error *err)
{
    const int32_t n = b->list->n, chunks = n / ATOMS_A_CHUNK + 1;
    b->point = malloc(((size_t)n + 1) * sizeof *b->point);
    b->wrap = malloc((3 * (size_t)n + 1) * sizeof *b->wrap);
    b->lost = malloc((size_t)chunks * sizeof *b->lost);
    if (!b->point || !b->wrap || !b->lost) {
        return isd_error_memory(err);
    }
    isd_control_for(b->control, chunks, wrap_chunk, b);
    for (int32_t k = 0; k < chunks; k++) {
        if (b->lost[k] >= 0) {
            return refuse_lost(b, b->lost[k], err);
        }
    }
    return ISD_OK;
}

/* Atoms that fill a leaf on one spot: many such leaves would make every list long, so they are found before any
 * is made. */
static isd_status refuse_heaps(const struct build *b, isd_error *err)
{
    for (int32_t k = 0; k < b->source.tree.n_node; k++) {
        const struct tree_node *leaf = &b->source.tree.node[k];
        if (leaf->first == leaf->last && memcmp(leaf->lo, leaf->hi, sizeof leaf->lo) == 0 &&
            TREE_CLUSTER * leaf->first + 1 < b->list->n) {
            const struct tree_point *p = &b->point[TREE_CLUSTER * (size_t)leaf->first];
            const int32_t a = p[0].id < p[1].id ? p[0].id : p[1].id, c = p[0].id < p[1].id ? p[1].id : p[0].id;
            isd_error_set(err, ISD_DATA, "the atoms with index %d and %d are on one spot", (int)a, (int)c);
            isd_error_atoms(err, a, c);
            return ISD_DATA;
        }
    }
    return ISD_OK;
}

static isd_status count_images(struct build *b, isd_error *err)
{
    const struct neigh_list *list = b->list;
    double estimate = list->n;
    for (int axis = 0; axis < list->cell.rank; axis++) {
        /* the margin covers atoms that rounding put a hair outside */
        const double cells = b->reach / list->cell.height[axis] * (1 + 1e-9) + 1e-5;
        estimate *= 1 + 2 * cells;
        b->source.most[axis] = (int)fmin(1 + cells, 1e9);
    }
    if (!(estimate < MOST_IMAGES + 27.0 * list->n)) {
        return isd_error_set(err, ISD_UNSUPPORTED,
                             "the cell is too small for the cutoff %g: %.1e images of its atoms lie within reach",
                             list->cutoff, estimate);
    }
    return ISD_OK;
}

/* --- domains --- */

static isd_status cut_domains(struct build *b, isd_error *err)
{
    struct neigh_list *list = b->list;
    const int32_t atoms = list->n / 8 < DOMAIN_LEAST ? DOMAIN_LEAST : list->n / 8 > DOMAIN_MOST ? DOMAIN_MOST : list->n / 8;
    const int32_t most = atoms / NEIGH_BLOCK;
    int32_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        n = 0;
        for (int32_t k = 0; k < b->source.tree.n_node;) {
            const struct tree_node *node = &b->source.tree.node[k];
            if (reach_blocks(node) > most) {
                k++;
                continue;
            }
            if (pass == 1) {
                list->domain[n].first = node->first;
                list->domain[n].n_own = reach_blocks(node);
            }
            n++;
            k = node->skip;
        }
        if (pass == 0 && !list->domain) { /* the first build: it depends on the number of atoms only */
            list->domain = calloc((size_t)n + 1, sizeof *list->domain);
            if (!list->domain) {
                return isd_error_memory(err);
            }
            list->n_domain = n;
        }
    }
    b->done = calloc((size_t)n + 1, sizeof *b->done);
    return b->done ? ISD_OK : isd_error_memory(err);
}

static isd_status make_groups(struct build *b, isd_error *err)
{
    const size_t groups = ((size_t)b->source.tree.n_cluster + TREE_GROUP - 1) / TREE_GROUP;
    b->source.boxes = aligned_alloc(64, (groups + 1) * PRUNE_BOXES * sizeof *b->source.boxes);
    b->source.group = malloc((groups + 1) * sizeof *b->source.group);
    if (!b->source.boxes || !b->source.group) {
        return isd_error_memory(err);
    }
    for (size_t k = 0; k < groups; k++) {
        reach_clear(b->source.boxes + k * PRUNE_BOXES);
    }
    for (int32_t k = b->source.tree.n_node - 1; k >= 0; k--) { /* ancestors come first: the highest node stays */
        const struct tree_node *node = &b->source.tree.node[k];
        if (reach_blocks(node) <= TREE_GROUP) {
            b->source.group[node->first / TREE_GROUP] = k;
        }
        if (node->first == node->last) {
            double *box = b->source.boxes + (size_t)(node->first / TREE_GROUP) * PRUNE_BOXES + node->first % TREE_GROUP;
            for (int q = 0; q < 3; q++) {
                box[NEIGH_BLOCK * q] = node->lo[q];
                box[NEIGH_BLOCK * (3 + q)] = node->hi[q];
            }
        }
    }
    return ISD_OK;
}

/* What is in the slots of a run of blocks: looked up once, copied to every domain that has them. */
static void fill_slots(void *arg, int32_t chunk)
{
    struct build *b = arg;
    const int32_t *type = b->list->type, first = chunk * (ATOMS_A_CHUNK / NEIGH_BLOCK),
                  last = b->source.tree.n_cluster - first < ATOMS_A_CHUNK / NEIGH_BLOCK
                             ? b->source.tree.n_cluster
                             : first + ATOMS_A_CHUNK / NEIGH_BLOCK;
    for (int32_t block = first; block < last; block++) {
        int32_t *atom = b->slot + 2 * NEIGH_BLOCK * (size_t)block, *kind = atom + NEIGH_BLOCK;
        for (int32_t lane = 0; lane < NEIGH_BLOCK; lane++) {
            const int32_t at = NEIGH_BLOCK * block + lane;
            atom[lane] = at < b->list->n ? b->point[at].id : -1;
            kind[lane] = atom[lane] < 0 || !type ? 0 : NEIGH_BLOCK * (type[atom[lane]] - 1);
        }
    }
}

static isd_status make_slots(struct build *b, isd_error *err)
{
    b->slot = malloc(((size_t)b->source.tree.n_cluster * 2 * NEIGH_BLOCK + 1) * sizeof *b->slot);
    if (!b->slot) {
        return isd_error_memory(err);
    }
    isd_control_for(b->control, b->list->n / ATOMS_A_CHUNK + 1, fill_slots, b);
    return ISD_OK;
}

/* --- the outer list of a domain --- */

static struct neigh_place place_of(const struct neigh_list *list, int32_t block)
{
    int32_t lo = 0, hi = list->n_domain - 1; /* domains are in the order of their blocks */
    while (lo < hi) {
        const int32_t middle = lo + (hi - lo + 1) / 2;
        if (list->domain[middle].first <= block) {
            lo = middle;
        } else {
            hi = middle - 1;
        }
    }
    return (struct neigh_place){lo, block - list->domain[lo].first};
}

/* Blocks of the halo get their numbers when something reaches them. */
static bool number_halo(const struct build *b, struct neigh_domain *d, struct reach *near, int32_t k, unsigned bits)
{
    for (; bits; bits &= bits - 1) {
        const int lane = __builtin_ctz(bits);
        const int32_t halo = d->n_block - d->n_own;
        if (halo == d->halo_room) {
            const int32_t room = halo < 64 ? 128 : 2 * halo;
            if (!neigh_grow((void **)&d->owner, (size_t)room, sizeof *d->owner) ||
                !neigh_grow((void **)&d->shift, 3 * (size_t)room, sizeof *d->shift)) {
                return false;
            }
            d->halo_room = room;
        }
        d->owner[halo] = place_of(b->list, TREE_GROUP * near->group[k] + lane);
        memcpy(d->shift + 3 * (size_t)halo, near->shift + 3 * (size_t)k, 3 * sizeof *d->shift);
        near->id[8 * (size_t)k + (size_t)lane] = d->n_block++;
        near->fresh[k] = (uint8_t)(near->fresh[k] & ~(1u << lane));
    }
    return true;
}

/* Groups from `own` on that come near that group: near->candidate. */
static int32_t find_candidates(const struct build *b, struct reach *near, int32_t own)
{
    const struct tree_node *node = &b->source.tree.node[b->source.group[near->group[own]]];
    const int32_t first = own / 8, eights = (near->n + 7) / 8 - first;
    int32_t n = 0;
    b->kernel->near(near->eights + first, eights, node->lo, node->hi, b->source.reach_sq, near->bits);
    for (int32_t e = 0; e < eights; e++) {
        for (unsigned bits = near->bits[e]; bits; bits &= bits - 1) {
            const int32_t k = 8 * (first + e) + __builtin_ctz(bits);
            const double *shift = near->shift + 3 * (size_t)k;
            near->number[n] = k;
            near->candidate[n] = (struct prune_group){.boxes = b->source.boxes + (size_t)near->group[k] * PRUNE_BOXES,
                                                      .shift = {shift[0], shift[1], shift[2]}};
            n += k >= own;
        }
    }
    return n;
}

/* What comes near the blocks of one group of the domain. */
static bool search_group(const struct build *b, struct neigh_domain *d, struct reach *near, int32_t own)
{
    const int32_t candidates = find_candidates(b, near, own);
    const int32_t blocks = reach_blocks(&b->source.tree.node[b->source.group[near->group[own]]]);
    const double *mine = b->source.boxes + (size_t)near->group[own] * PRUNE_BOXES;
    if (!neigh_rows_room(&d->outer, d->outer.start[TREE_GROUP * own] + 8 * (int64_t)blocks * candidates + PRUNE_BEHIND)) {
        return false;
    }
    for (int lane = 0; lane < blocks; lane++) {
        const double lo[3] = {mine[lane], mine[8 + lane], mine[16 + lane]},
                     hi[3] = {mine[24 + lane], mine[32 + lane], mine[40 + lane]};
        int32_t *out = d->outer.entry + d->outer.start[TREE_GROUP * own + lane];
        b->kernel->near(near->candidate, candidates, lo, hi, b->source.reach_sq, near->bits);
        near->bits[0] = (uint8_t)(near->bits[0] >> (lane + 1) << (lane + 1)); /* its own group: those behind */
        for (int32_t c = 0; c < candidates; c++) {
            const unsigned fresh = near->bits[c] & near->fresh[near->number[c]];
            if (fresh && !number_halo(b, d, near, near->number[c], fresh)) {
                return false;
            }
        }
        out += b->kernel->numbers(near->id, near->number, near->bits, candidates, out);
        d->outer.start[TREE_GROUP * own + lane + 1] = out - d->outer.entry;
    }
    return true;
}

static bool domain_room(struct neigh_domain *d)
{
    const size_t own = (size_t)d->n_own;
    if (d->n_own > d->own_room) {
        double *built = aligned_alloc(64, own * NEIGH_STRIDE * sizeof *built);
        double *pruned = aligned_alloc(64, own * NEIGH_STRIDE * sizeof *pruned);
        free(d->built);
        free(d->pruned);
        d->built = built;
        d->pruned = pruned;
        d->own_room = 0;
        if (!built || !pruned || !neigh_grow((void **)&d->outer.start, own + 1, sizeof *d->outer.start) ||
            !neigh_grow((void **)&d->inner.start, NEIGH_BLOCK * own + 1, sizeof *d->inner.start)) {
            return false;
        }
        d->own_room = d->n_own;
    }
    return true;
}

/* After the search: room for the slots of the domain, all empty. */
static bool slots_room(const struct build *b, struct neigh_domain *d)
{
    const size_t slots = (size_t)d->n_block * NEIGH_BLOCK;
    free(d->r);
    free(d->f);
    d->r = aligned_alloc(64, (3 * slots + 1) * sizeof *d->r / 64 * 64 + 64);
    d->f = aligned_alloc(64, (3 * slots + 1) * sizeof *d->f / 64 * 64 + 64);
    if (!d->r || !d->f || !neigh_grow((void **)&d->atom, slots, sizeof *d->atom) ||
        !neigh_grow((void **)&d->kind, slots, sizeof *d->kind)) {
        return false;
    }
    const size_t run = NEIGH_BLOCK * sizeof *b->slot;
    for (int32_t block = 0; block < d->n_block; block++) {
        int32_t of = d->first + block;
        if (block >= d->n_own) {
            const struct neigh_place *owner = &d->owner[block - d->n_own];
            of = b->list->domain[owner->domain].first + owner->block;
        }
        const int32_t *from = b->slot + 2 * NEIGH_BLOCK * (size_t)of;
        memcpy(d->atom + NEIGH_BLOCK * (size_t)block, from, run);
        memcpy(d->kind + NEIGH_BLOCK * (size_t)block, from + NEIGH_BLOCK, run);
    }
    for (size_t k = 0; k < (size_t)d->n_own * NEIGH_BLOCK; k++) {
        double *wrap = b->list->wrap + NEIGH_STRIDE * (size_t)d->first + neigh_at((int32_t)k);
        for (size_t q = 0; q < 3; q++) {
            wrap[NEIGH_BLOCK * q] = d->atom[k] < 0 ? 0 : b->wrap[3 * (size_t)d->atom[k] + q];
        }
    }
    return true;
}

static void search_domain(void *arg, int32_t number)
{
    struct build *b = arg;
    struct neigh_domain *d = &b->list->domain[number];
    struct reach near = {0};
    struct tree_node box = {.lo = {INFINITY, INFINITY, INFINITY}, .hi = {-INFINITY, -INFINITY, -INFINITY}};
    const int32_t groups = (d->n_own + TREE_GROUP - 1) / TREE_GROUP;
    for (int32_t k = 0; k < groups; k++) {
        const struct tree_node *node = &b->source.tree.node[b->source.group[d->first / TREE_GROUP + k]];
        for (int q = 0; q < 3; q++) {
            box.lo[q] = fmin(box.lo[q], node->lo[q]);
            box.hi[q] = fmax(box.hi[q], node->hi[q]);
        }
    }
    d->n_block = d->n_own;
    bool good = domain_room(d) && reach_all(&b->source, &near, d, &box), stop = false;
    if (good) {
        d->outer.start[0] = 0;
    }
    for (int32_t k = 0; k < groups && good && !stop; k++) {
        good = search_group(b, d, &near, k);
        stop = isd_control_cancelled(b->control);
    }
    good = good && (stop || slots_room(b, d));
    b->done[number] = !good ? ISD_MEMORY : stop ? ISD_CANCELLED : ISD_OK;
    reach_done(&near);
}

static isd_status search(struct build *b, isd_error *err)
{
    isd_control_for(b->control, b->list->n_domain, search_domain, b);
    for (int32_t k = 0; k < b->list->n_domain; k++) {
        if (b->done[k] == ISD_CANCELLED) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        if (b->done[k]) {
            return isd_error_memory(err);
        }
    }
    return ISD_OK;
}

/* Who follows each block, in the order of domains. */
static isd_status list_followers(struct neigh_list *list, isd_error *err)
{
    size_t all = 0;
    for (int32_t k = 0; k < list->n_domain; k++) {
        all += (size_t)(list->domain[k].n_block - list->domain[k].n_own);
    }
    if (!neigh_grow((void **)&list->follow_start, (size_t)list->n_own + 2, sizeof *list->follow_start) ||
        !neigh_grow((void **)&list->follower, all, sizeof *list->follower)) {
        return isd_error_memory(err);
    }
    int32_t *start = list->follow_start;
    memset(start, 0, ((size_t)list->n_own + 2) * sizeof *start);
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t k = 0; k < list->n_domain; k++) {
            const struct neigh_domain *d = &list->domain[k];
            for (int32_t block = d->n_own; block < d->n_block; block++) {
                const struct neigh_place *owner = &d->owner[block - d->n_own];
                const int32_t of = list->domain[owner->domain].first + owner->block;
                if (pass == 0) {
                    start[of + 2]++;
                } else { /* start[of + 1] is where the next one goes, in the end where they end */
                    list->follower[start[of + 1]++] = (struct neigh_place){k, block};
                }
            }
        }
        for (int32_t k = 0; k < list->n_own && pass == 0; k++) {
            start[k + 2] += start[k + 1];
        }
    }
    return ISD_OK;
}

isd_status neigh_build(struct neigh_list *list, const double *position, isd_control *control, isd_error *err)
{
    struct build b = {.list = list,
                      .control = control,
                      .kernel = prune_kernel(list->isa),
                      .position = position,
                      .reach = list->cutoff + list->skin};
    b.source.cell = &list->cell;
    b.source.reach_sq = b.reach * b.reach * (1 + 1e-12);
    isd_status status = wrap_atoms(&b, err);
    status = status ? status : count_images(&b, err);
    status = status ? status : tree_build_shared(b.point, list->n, control, &b.source.tree, err);
    status = status ? status : refuse_heaps(&b, err);
    status = status ? status : make_groups(&b, err);
    status = status ? status : cut_domains(&b, err);
    status = status ? status : make_slots(&b, err);
    if (!status && !list->wrap) {
        list->wrap = malloc(((size_t)b.source.tree.n_cluster * NEIGH_STRIDE + 1) * sizeof *list->wrap);
        status = list->wrap ? ISD_OK : isd_error_memory(err);
    }
    if (!status) {
        list->n_own = b.source.tree.n_cluster;
        status = search(&b, err);
    }
    status = status ? status : list_followers(list, err);
    free(b.point);
    free(b.wrap);
    free(b.slot);
    free(b.source.boxes);
    free(b.source.group);
    free(b.lost);
    free(b.done);
    tree_done(&b.source.tree);
    return status;
}
