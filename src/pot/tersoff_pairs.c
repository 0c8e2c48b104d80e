/* Tersoff: short lists of pairs. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lists of clusters hold many atoms for each that bonds, so the pairs that can bond are kept one by one, each
 * pair of elements with its own reach. */
#include <stdlib.h>
#include <string.h>

#include "neigh/build.h"
#include "pot/tersoff.h"

#define BLOCKS_A_POLL 512
#define MOST_ROWS (INT32_MAX / 8)

void tersoff_pairs_done(struct tersoff_pairs *pairs)
{
    for (int32_t k = 0; k < pairs->n_domain; k++) {
        free(pairs->share[k].first);
        free(pairs->share[k].second);
    }
    free(pairs->share);
    free(pairs->element);
    free(pairs->centre);
    free(pairs->start);
    free(pairs->bond);
    free(pairs->d);
    free(pairs->gradient);
    *pairs = (struct tersoff_pairs){0};
}

/* --- the pairs of one domain --- */

static bool share_room(struct tersoff_share *share, int32_t wanted)
{
    if (wanted > share->room) {
        const int32_t room = share->room < 512 ? 1024 : share->room + share->room / 2;
        if (room > MOST_ROWS || !neigh_grow((void **)&share->first, (size_t)room, sizeof *share->first) ||
            !neigh_grow((void **)&share->second, (size_t)room, sizeof *share->second)) {
            return false;
        }
        share->room = room;
    }
    return true;
}

static int32_t element_of(const struct tersoff_run *run, const struct neigh_domain *domain, int32_t slot)
{
    return domain->atom[slot] < 0 ? -1 : run->potential->element[domain->kind[slot] / NEIGH_BLOCK];
}

/* Pairs of the atom in slot i with those in slots from ... to - 1, eight at most. */
static bool add_pairs(const struct tersoff_run *run, const struct neigh_domain *domain, struct tersoff_share *share,
                      int32_t i, int32_t from, int32_t to)
{
    const double *ri = domain->r + neigh_at(i), skin = run->list->inner_skin;
    const double *reach = run->potential->reach + element_of(run, domain, i) * run->potential->n_elements;
    const double widest = (run->potential->base.cutoff + skin) * (1 + 1e-12);
    if (!share_room(share, share->n + NEIGH_BLOCK)) {
        return false;
    }
    for (int32_t j = from; j < to; j++) {
        const double *rj = domain->r + neigh_at(j);
        const double x = rj[0] - ri[0], y = rj[8] - ri[8], z = rj[16] - ri[16], square = x * x + y * y + z * z;
        if (square < widest * widest && domain->atom[j] >= 0) {
            const double near = (reach[element_of(run, domain, j)] + skin) * (1 + 1e-12);
            share->first[share->n] = i;
            share->second[share->n] = j;
            share->n += square < near * near;
        }
    }
    return true;
}

static void find_pairs(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    struct tersoff_share *share = &run->work->pairs.share[k];
    const int32_t width = neigh_unit(run->list->isa);
    bool good = true;
    neigh_domain_begin(run->list, k);
    share->n = 0;
    for (int32_t i = 0; i < NEIGH_BLOCK * domain->n_own && domain->atom[i] >= 0 && good; i++) {
        if (i % (NEIGH_BLOCK * BLOCKS_A_POLL) == 0 && isd_control_cancelled(run->control)) {
            break;
        }
        good = add_pairs(run, domain, share, i, i + 1, (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK);
        for (int64_t e = domain->inner.start[i]; e < domain->inner.start[i + 1] && good; e++) {
            const int32_t from = width * domain->inner.entry[e];
            good = add_pairs(run, domain, share, i, from, from + width);
        }
    }
    share->bad = !good;
}

/* --- those of all --- */

/* Where the rows of each domain begin, and room for them. */
static isd_status make_rows(struct tersoff_pairs *pairs, int32_t slots, isd_error *err)
{
    int64_t rows = 0;
    for (int32_t k = 0; k < pairs->n_domain; k++) {
        if (pairs->share[k].bad) {
            return isd_error_memory(err);
        }
        pairs->share[k].row = (int32_t)rows;
        rows += tersoff_rows(&pairs->share[k]);
        if (rows > MOST_ROWS) {
            return isd_error_set(err, ISD_UNSUPPORTED, "more than %d pairs of atoms within reach of their bonds", MOST_ROWS);
        }
    }
    if (rows > pairs->room || !pairs->centre) {
        const size_t room = (size_t)(rows + rows / 8);
        pairs->room = 0;
        if (!neigh_grow((void **)&pairs->centre, 2 * room, sizeof *pairs->centre) ||
            !neigh_grow((void **)&pairs->bond, 2 * room, sizeof *pairs->bond) ||
            !neigh_grow((void **)&pairs->d, 3 * room, sizeof *pairs->d) ||
            !neigh_grow((void **)&pairs->gradient, 6 * room, sizeof *pairs->gradient)) {
            return isd_error_memory(err);
        }
        pairs->room = (int32_t)room;
    }
    if (slots > pairs->slot_room || !pairs->start) {
        if (!neigh_grow((void **)&pairs->start, (size_t)slots + 2, sizeof *pairs->start) ||
            !neigh_grow((void **)&pairs->element, (size_t)slots, sizeof *pairs->element)) {
            return isd_error_memory(err);
        }
        pairs->slot_room = slots;
    }
    pairs->rows = (int32_t)rows;
    pairs->slots = slots;
    return ISD_OK;
}

static int32_t centre_of(const struct neigh_list *list, const struct neigh_domain *domain, int32_t slot)
{
    const int32_t halo = slot / NEIGH_BLOCK - domain->n_own;
    if (halo < 0) {
        return tersoff_first_slot(domain) + slot;
    }
    const struct neigh_place *owner = &domain->owner[halo];
    return tersoff_first_slot(&list->domain[owner->domain]) + NEIGH_BLOCK * owner->block + slot % NEIGH_BLOCK;
}

static void set_centres(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    struct tersoff_pairs *pairs = &run->work->pairs;
    const struct tersoff_share *share = &pairs->share[k];
    const int32_t rows = tersoff_rows(share);
    for (int32_t slot = 0; slot < NEIGH_BLOCK * domain->n_own; slot++) {
        pairs->element[tersoff_first_slot(domain) + slot] = element_of(run, domain, slot);
    }
    for (int32_t p = 0; p < rows; p++) {
        const int32_t row = share->row + p;
        pairs->centre[2 * row] = p < share->n ? centre_of(run->list, domain, share->first[p]) : -1;
        pairs->centre[2 * row + 1] = p < share->n ? centre_of(run->list, domain, share->second[p]) : -1;
    }
}

/* Bonds by atom, in the order of the pairs. */
static void sort_bonds(struct tersoff_pairs *pairs)
{
    int32_t *start = pairs->start;
    memset(start, 0, ((size_t)pairs->slots + 2) * sizeof *start);
    for (int32_t bond = 0; bond < 2 * pairs->rows; bond++) {
        if (pairs->centre[bond] >= 0) {
            start[pairs->centre[bond] + 2]++;
        }
    }
    pairs->most = 0;
    for (int32_t i = 0; i < pairs->slots; i++) {
        pairs->most = start[i + 2] > pairs->most ? start[i + 2] : pairs->most;
        start[i + 2] += start[i + 1];
    }
    for (int32_t bond = 0; bond < 2 * pairs->rows; bond++) { /* start[i + 1] is where the next bond of i goes, in the end where i's end */
        if (pairs->centre[bond] >= 0) {
            pairs->bond[start[pairs->centre[bond] + 1]++] = bond;
        }
    }
}

isd_status tersoff_pairs_update(const struct tersoff_run *run, isd_error *err)
{
    struct tersoff_pairs *pairs = &run->work->pairs;
    const struct neigh_list *list = run->list;
    if (pairs->prunes == list->prunes) {
        return ISD_OK;
    }
    pairs->prunes = -1;
    if (!pairs->share) { /* how many domains there are depends on the number of atoms only */
        pairs->share = calloc((size_t)list->n_domain + 1, sizeof *pairs->share);
        if (!pairs->share) {
            return isd_error_memory(err);
        }
        pairs->n_domain = list->n_domain;
    }
    isd_control_for(run->control, list->n_domain, find_pairs, (void *)run);
    if (isd_control_cancelled(run->control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    isd_status status = make_rows(pairs, NEIGH_BLOCK * list->n_own, err);
    if (!status) {
        isd_control_for(run->control, list->n_domain, set_centres, (void *)run);
        sort_bonds(pairs);
        status = tersoff_fast_prepare(run, err);
    }
    pairs->prunes = status ? -1 : list->prunes;
    return status;
}
