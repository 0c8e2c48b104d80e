/* Tersoff: short lists of pairs. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lists of clusters hold some thirty atoms for each that bonds, so the pairs that can bond are kept one
 * by one, each pair of elements with its own reach. */
#include <stdlib.h>
#include <string.h>

#include "pot/tersoff.h"

#define BLOCKS_A_POLL 512
#define MOST_PAIRS (INT32_MAX / 8)

void tersoff_pairs_done(struct tersoff_pairs *pairs)
{
    free(pairs->first);
    free(pairs->second);
    free(pairs->start);
    free(pairs->bond);
    free(pairs->d);
    free(pairs->gradient);
    free(pairs->since);
    *pairs = (struct tersoff_pairs){0};
}

static bool grow(void **array, size_t count, size_t size)
{
    void *more = realloc(*array, count * size);
    if (!more) {
        return false;
    }
    *array = more;
    return true;
}

static isd_status add_pair(struct tersoff_pairs *pairs, int32_t i, int32_t j, isd_error *err)
{
    if (pairs->n == pairs->room) {
        if (pairs->room > MOST_PAIRS) {
            return isd_error_set(err, ISD_UNSUPPORTED,
                                 "more than %d pairs of atoms within reach of their bonds", MOST_PAIRS);
        }
        const int32_t room = pairs->room < 512 ? 1024 : pairs->room + pairs->room / 2;
        if (!grow((void **)&pairs->first, (size_t)room, sizeof *pairs->first) ||
            !grow((void **)&pairs->second, (size_t)room, sizeof *pairs->second) ||
            !grow((void **)&pairs->bond, 2 * (size_t)room, sizeof *pairs->bond) ||
            !grow((void **)&pairs->d, 3 * (size_t)room, sizeof *pairs->d) ||
            !grow((void **)&pairs->gradient, 6 * (size_t)room, sizeof *pairs->gradient)) {
            return isd_error_memory(err);
        }
        pairs->room = room;
    }
    pairs->first[pairs->n] = i;
    pairs->second[pairs->n++] = j;
    return ISD_OK;
}

/* Pairs of the atom in slot i with the atoms of a block. */
static isd_status add_block(const struct tersoff_potential *potential, const struct neigh_domain *domain,
                            struct tersoff_work *work, int32_t i, int32_t block, bool own, isd_error *err)
{
    const double *ri = domain->r + neigh_at(i), *rj = domain->r + (size_t)block * NEIGH_STRIDE;
    const double *reach = potential->reach + work->element[i] * potential->n_elements;
    const double widest = potential->base.cutoff + work->pairs.skin;
    double square[NEIGH_BLOCK];
    for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
        const double x = rj[lane] - ri[0], y = rj[8 + lane] - ri[8], z = rj[16 + lane] - ri[16];
        square[lane] = x * x + y * y + z * z;
    }
    for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
        const int32_t j = NEIGH_BLOCK * block + lane;
        if (square[lane] > widest * widest || work->element[j] < 0 || (own && j <= i)) {
            continue;
        }
        const double near = (reach[work->element[j]] + work->pairs.skin) * (1 + 1e-12);
        if (square[lane] < near * near) {
            const isd_status status = add_pair(&work->pairs, i, j, err);
            if (status) {
                return status;
            }
        }
    }
    return ISD_OK;
}

static int32_t centre(const struct neigh_domain *domain, int32_t slot)
{
    const int32_t halo = slot / NEIGH_BLOCK - domain->n_own;
    return halo < 0 ? slot : NEIGH_BLOCK * domain->owner[halo].block + slot % NEIGH_BLOCK;
}

/* Bonds by atom, in the order of the pairs. */
static void sort_bonds(const struct neigh_domain *domain, struct tersoff_pairs *pairs)
{
    const int32_t slots = domain->n_own * NEIGH_BLOCK;
    int32_t *start = pairs->start;
    memset(start, 0, ((size_t)slots + 2) * sizeof *start);
    for (int32_t p = 0; p < pairs->n; p++) {
        start[pairs->first[p] + 2]++;
        start[centre(domain, pairs->second[p]) + 2]++;
    }
    for (int32_t i = 0; i < slots; i++) {
        start[i + 2] += start[i + 1];
    }
    for (int32_t p = 0; p < pairs->n;
         p++) { /* start[i + 1] is where the next bond of i goes, in the end where i's end */
        pairs->bond[start[pairs->first[p] + 1]++] = 2 * p;
        pairs->bond[start[centre(domain, pairs->second[p]) + 1]++] = 2 * p + 1;
    }
}

static isd_status make_room(const struct neigh_domain *domain, struct tersoff_pairs *pairs, isd_error *err)
{
    if (domain->n_own <= pairs->blocks && pairs->start) {
        return ISD_OK;
    }
    const size_t slots = (size_t)domain->n_own * NEIGH_BLOCK;
    if (!grow((void **)&pairs->start, slots + 2, sizeof *pairs->start) ||
        !grow((void **)&pairs->since, 3 * slots + 1, sizeof *pairs->since)) {
        return isd_error_memory(err);
    }
    pairs->blocks = domain->n_own;
    return ISD_OK;
}

static isd_status make_near_room(struct tersoff_work *work, int32_t slots, isd_error *err)
{
    int32_t most = 1;
    for (int32_t i = 0; i < slots; i++) {
        const int32_t count = work->pairs.start[i + 1] - work->pairs.start[i];
        most = count > most ? count : most;
    }
    if (most > work->near_room) {
        if (!grow((void **)&work->near, (size_t)most, sizeof *work->near)) {
            return isd_error_memory(err);
        }
        work->near_room = most;
    }
    return ISD_OK;
}

static isd_status find_pairs(const struct tersoff_potential *potential, const struct neigh_list *list,
                             struct tersoff_work *work, isd_control *control, isd_error *err)
{
    const struct neigh_domain *domain = list->domain;
    struct tersoff_pairs *pairs = &work->pairs;
    isd_status status = make_room(domain, pairs, err);
    pairs->valid = false;
    pairs->n = 0;
    pairs->skin = list->inner_skin;
    for (int32_t block = 0; block < domain->n_own && !status; block++) {
        if (block % BLOCKS_A_POLL == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        for (int32_t i = NEIGH_BLOCK * block; i < NEIGH_BLOCK * (block + 1) && work->element[i] >= 0 && !status; i++) {
            status = add_block(potential, domain, work, i, block, true, err);
            for (int64_t e = domain->outer.start[block]; e < domain->outer.start[block + 1] && !status; e++) {
                status = add_block(potential, domain, work, i, domain->outer.entry[e], false, err);
            }
        }
    }
    if (status) {
        return status;
    }
    if (pairs->n > 0) {
        sort_bonds(domain, pairs);
    } else {
        memset(pairs->start, 0, ((size_t)domain->n_own * NEIGH_BLOCK + 2) * sizeof *pairs->start);
    }
    status = make_near_room(work, domain->n_own * NEIGH_BLOCK, err);
    if (!status && domain->n_own > 0) {
        memcpy(pairs->since, domain->r, (size_t)domain->n_own * NEIGH_STRIDE * sizeof *domain->r);
    }
    if (!status) {
        work->fast.ready = false;
        status = tersoff_fast_prepare(potential, list, work, err);
    }
    pairs->valid = !status;
    return status;
}

/* Has an atom used up its share of the skin? */
static bool stale(const struct neigh_domain *domain, const struct tersoff_pairs *pairs)
{
    const double limit_sq = 0.25 * pairs->skin * pairs->skin;
    if (!pairs->valid) {
        return true;
    }
    for (int32_t block = 0; block < domain->n_own; block++) {
        const double *now = domain->r + (size_t)block * NEIGH_STRIDE,
                     *then = pairs->since + (size_t)block * NEIGH_STRIDE;
        double largest = 0;
        for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
            const double x = now[lane] - then[lane], y = now[8 + lane] - then[8 + lane],
                         z = now[16 + lane] - then[16 + lane];
            const double square = x * x + y * y + z * z;
            largest = square > largest ? square : largest;
        }
        if (largest > limit_sq) {
            return true;
        }
    }
    return false;
}

isd_status tersoff_pairs_update(const struct tersoff_potential *potential, const struct neigh_list *list,
                                struct tersoff_work *work, isd_control *control, isd_error *err)
{
    struct tersoff_pairs *pairs = &work->pairs;
    if (stale(list->domain, pairs)) {
        const isd_status status = find_pairs(potential, list, work, control, err);
        if (status) {
            return status;
        }
    }
    for (int32_t p = 0; p < pairs->n && !work->fast.ready; p++) {
        const double *a = list->domain->r + neigh_at(pairs->first[p]), *b = list->domain->r + neigh_at(pairs->second[p]);
        for (int q = 0; q < 3; q++) {
            pairs->d[3 * (size_t)p + (size_t)q] = b[NEIGH_BLOCK * q] - a[NEIGH_BLOCK * q];
        }
    }
    return ISD_OK;
}
