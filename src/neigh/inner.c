/* The inner list of a domain, pruned from the outer one. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "neigh/build.h"
#include "neigh/prune.h"

bool neigh_rows_room(struct neigh_rows *rows, int64_t wanted)
{
    if (wanted >= rows->room) {
        const int64_t room = wanted + wanted / 2 + 1; /* one more: lists are written past their end */
        if (!neigh_grow((void **)&rows->entry, (size_t)room, sizeof *rows->entry)) {
            return false;
        }
        rows->room = room;
    }
    return true;
}

/* How far the atoms of a block reach to each kind of atom, squared and negative. */
static void set_reaches(const struct neigh_list *list, const int32_t *kind, double *minus_sq)
{
    const int32_t n_kinds = list->type ? list->n_types : 1;
    for (int32_t other = 0; other < n_kinds; other++) {
        for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
            const double cutoff = list->type ? list->reaches[kind[lane] / NEIGH_BLOCK * n_kinds + other] : list->cutoff;
            const double reach = cutoff + list->inner_skin;
            minus_sq[NEIGH_BLOCK * other + lane] = -reach * reach * (1 + 1e-12);
        }
    }
}

bool neigh_domain_prune(const struct neigh_list *list, int32_t domain)
{
    struct neigh_domain *d = &list->domain[domain];
    const struct prune_kernel *kernel = prune_kernel(list->isa);
    int64_t most = 0, end = 0;
    for (int32_t block = 0; block < d->n_own; block++) {
        const int64_t n = d->outer.start[block + 1] - d->outer.start[block];
        most = n > most ? n : most;
    }
    const size_t n_kinds = list->type ? (size_t)list->n_types : 1;
    const struct prune_met met = {malloc(PRUNE_MET(most)), malloc(PRUNE_MET(most) * sizeof *met.unit)};
    double *minus_sq = aligned_alloc(64, NEIGH_BLOCK * n_kinds * sizeof *minus_sq);
    bool good = met.bits && met.unit && minus_sq;
    d->inner.start[0] = 0;
    for (int32_t block = 0; block < d->n_own && good; block++) {
        const int64_t first = d->outer.start[block];
        int32_t n[NEIGH_BLOCK];
        good = neigh_rows_room(&d->inner, end + PRUNE_ROOM(most));
        if (good) {
            set_reaches(list, d->kind + NEIGH_BLOCK * block, minus_sq);
            kernel->rows(d->r, d->kind, block, d->outer.entry + first, (int32_t)(d->outer.start[block + 1] - first),
                         minus_sq, &met, d->inner.entry + end, n);
        }
        for (int32_t lane = 0; lane < NEIGH_BLOCK && good; lane++) {
            end += n[lane];
            d->inner.start[NEIGH_BLOCK * block + lane + 1] = end;
        }
    }
    free(met.bits);
    free(met.unit);
    free(minus_sq);
    if (good && d->n_own > 0) {
        memcpy(d->pruned, d->r, (size_t)d->n_own * NEIGH_STRIDE * sizeof *d->r);
    }
    return good;
}
