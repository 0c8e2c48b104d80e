/* Pairs of atoms within reach, by rows of blocks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/build.h"
#include "neigh/prune.h"

/* One pass over the domains of a list. */
struct pass {
    const struct neigh_list *list;
    double *force;
    bool virial; /* wanted */
    bool fresh;  /* the lists were just made */
};

void neigh_list_init(struct neigh_list *ret_list, const isd_box *box, int32_t n, double cutoff, double skin)
{
    *ret_list = (struct neigh_list){
        .isa = isa_best(), .cutoff = cutoff, .skin = skin, .inner_skin = skin / 3, .n = n};
    cell_init(&ret_list->cell, box);
}

void neigh_list_done(struct neigh_list *list)
{
    for (int32_t k = 0; k < list->n_domain; k++) {
        neigh_domain_done(&list->domain[k]);
    }
    free(list->domain);
    free(list->wrap);
    free(list->follow_start);
    free(list->follower);
    *list = (struct neigh_list){0};
}

/* --- positions --- */

static void place_block(const struct neigh_list *list, const double *position, const int32_t *atom,
                        const double *wrap, double *r)
{
    const double *origin = list->cell.origin;
    for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
        const double *x = position + 3 * (size_t)(atom[lane] < 0 ? 0 : atom[lane]);
        for (int q = 0; q < 3; q++) {
            const double in = q < list->cell.dim ? x[q] - origin[q] + wrap[NEIGH_BLOCK * q + lane] : 0;
            r[NEIGH_BLOCK * q + lane] = atom[lane] < 0 ? NEIGH_FAR_AWAY : in;
        }
    }
}

/* Positions of a domain, and whether its lists still hold. The outer one is looked at only where what its atoms had moved
 * by the last pruning, and since, may add up to more than it allows. */
static void place_domain(void *arg, int32_t k)
{
    const struct pass *pass = arg;
    const struct neigh_list *list = pass->list;
    const struct prune_kernel *kernel = prune_kernel(list->isa);
    struct neigh_domain *d = &list->domain[k];
    for (int32_t block = 0; block < d->n_own; block++) {
        const size_t at = NEIGH_STRIDE * (size_t)block;
        place_block(list, list->position, d->atom + NEIGH_BLOCK * block, list->wrap + NEIGH_STRIDE * (size_t)d->first + at,
                    d->r + at);
    }
    if (!pass->fresh) {
        const double half = 0.5 * list->skin, moved = kernel->displaced(d->r, d->pruned, d->n_own);
        d->inner_holds = moved <= 0.25 * list->inner_skin * list->inner_skin;
        d->outer_holds = sqrt(moved) + d->drift <= half * (1 - 1e-9) ||
                         kernel->displaced(d->r, d->built, d->n_own) <= half * half;
    }
}

void neigh_domain_begin(const struct neigh_list *list, int32_t domain)
{
    struct neigh_domain *d = &list->domain[domain];
    for (int32_t block = d->n_own; block < d->n_block; block++) {
        const struct neigh_place *owner = &d->owner[block - d->n_own];
        const double *from = list->domain[owner->domain].r + NEIGH_STRIDE * (size_t)owner->block;
        const double *shift = d->shift + 3 * (size_t)(block - d->n_own);
        double *to = d->r + NEIGH_STRIDE * (size_t)block;
        for (int q = 0; q < 3; q++) {
            for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
                to[NEIGH_BLOCK * q + lane] = from[NEIGH_BLOCK * q + lane] + shift[q];
            }
        }
    }
    if (d->n_block > 0) {
        memset(d->f, 0, (size_t)d->n_block * NEIGH_STRIDE * sizeof *d->f);
    }
}

static void prune_domain(void *arg, int32_t k)
{
    const struct pass *pass = arg;
    struct neigh_domain *d = &pass->list->domain[k];
    neigh_domain_begin(pass->list, k);
    d->bad = !neigh_domain_prune(pass->list, k);
    if (pass->fresh && d->n_own > 0) {
        memcpy(d->built, d->r, (size_t)d->n_own * NEIGH_STRIDE * sizeof *d->r);
    }
    d->drift = sqrt(prune_kernel(pass->list->isa)->displaced(d->r, d->built, d->n_own));
}

/* --- when is what made anew? --- */

static bool any_bad(const struct neigh_list *list)
{
    for (int32_t k = 0; k < list->n_domain; k++) {
        if (list->domain[k].bad) {
            return true;
        }
    }
    return false;
}

static void used_up(const struct neigh_list *list, bool *ret_outer, bool *ret_inner)
{
    *ret_outer = *ret_inner = false;
    for (int32_t k = 0; k < list->n_domain; k++) {
        *ret_outer = *ret_outer || !list->domain[k].outer_holds;
        *ret_inner = *ret_inner || !list->domain[k].inner_holds;
    }
}

static isd_status prune(struct neigh_list *list, bool fresh, isd_control *control, isd_error *err)
{
    list->prunes++;
    isd_control_for(control, list->n_domain, prune_domain, &(struct pass){.list = list, .fresh = fresh});
    if (any_bad(list)) {
        list->valid = false;
        return isd_error_memory(err);
    }
    return ISD_OK;
}

static isd_status rebuild(struct neigh_list *list, isd_control *control, isd_error *err)
{
    list->valid = false;
    isd_status status = neigh_build(list, list->position, control, err);
    if (!status) {
        isd_control_for(control, list->n_domain, place_domain, &(struct pass){.list = list, .fresh = true});
        status = prune(list, true, control, err);
    }
    if (!status) {
        list->valid = true;
        list->builds++;
    }
    return status;
}

isd_status neigh_list_update(struct neigh_list *list, const double *position, isd_control *control,
                             bool *ret_rebuilt, isd_error *err)
{
    isd_status status = ISD_OK;
    bool stale = true, thin = false;
    list->position = position;
    if (isd_control_cancelled(control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    if (list->valid) {
        isd_control_for(control, list->n_domain, place_domain, &(struct pass){.list = list});
        used_up(list, &stale, &thin);
    }
    if (stale) {
        status = rebuild(list, control, err);
    } else if (thin) {
        status = prune(list, false, control, err);
    }
    if (!status) {
        *ret_rebuilt = stale;
    }
    return status;
}

/* --- forces --- */

static void fold_domain(void *arg, int32_t k)
{
    const struct pass *pass = arg;
    const struct neigh_list *list = pass->list;
    struct neigh_domain *d = &list->domain[k];
    double nothing = 0;
    if (pass->virial) {
        prune_kernel(list->isa)->virial(d->r, d->f, d->n_block, d->virial);
    }
    for (int32_t block = 0; block < d->n_own; block++) {
        double f[NEIGH_STRIDE];
        memcpy(f, d->f + NEIGH_STRIDE * (size_t)block, sizeof f);
        for (int32_t e = list->follow_start[d->first + block]; e < list->follow_start[d->first + block + 1]; e++) {
            const struct neigh_place *copy = &list->follower[e];
            const double *g = list->domain[copy->domain].f + NEIGH_STRIDE * (size_t)copy->block;
            for (int q = 0; q < NEIGH_STRIDE; q++) {
                f[q] += g[q];
            }
        }
        for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
            const int32_t atom = d->atom[NEIGH_BLOCK * block + lane];
            if (atom >= 0) {
                double *to = pass->force + 3 * (size_t)atom;
                to[0] = f[lane];
                to[1] = f[8 + lane];
                to[2] = list->cell.dim == 3 ? f[16 + lane] : 0;
            }
        }
        for (int q = 0; q < NEIGH_STRIDE; q++) {
            nothing += 0 * f[q]; /* NaN as soon as one is not finite */
        }
    }
    d->bad = nothing != 0;
}

bool neigh_list_fold(const struct neigh_list *list, isd_control *control, double *ret_force, double *ret_virial)
{
    double virial[6] = {0};
    isd_control_for(control, list->n_domain, fold_domain,
                    &(struct pass){.list = list, .force = ret_force, .virial = ret_virial != NULL});
    if (ret_virial) {
        for (int32_t k = 0; k < list->n_domain; k++) {
            for (int q = 0; q < 6; q++) {
                virial[q] += list->domain[k].virial[q];
            }
        }
        memcpy(ret_virial, virial, sizeof virial);
    }
    return !any_bad(list);
}

bool neigh_list_closest(const struct neigh_list *list, int32_t *ret_a, int32_t *ret_b, double *ret_distance)
{
    double best = INFINITY;
    const int32_t width = neigh_unit(list->isa);
    for (int32_t k = 0; k < list->n_domain; k++) {
        const struct neigh_domain *d = &list->domain[k];
        for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK; i++) {
            /* the rest of its block, then the units of its row */
            for (int64_t e = d->inner.start[i] - 1; d->atom[i] >= 0 && e < d->inner.start[i + 1]; e++) {
                const bool own = e < d->inner.start[i];
                const int32_t first = own ? i + 1 : width * d->inner.entry[e];
                const int32_t last = own ? (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK : first + width;
                for (int32_t j = first; j < last; j++) {
                    const double *a = d->r + neigh_at(i), *b = d->r + neigh_at(j);
                    const double x = a[0] - b[0], y = a[8] - b[8], z = a[16] - b[16], square = x * x + y * y + z * z;
                    if (d->atom[j] >= 0 && square < best) {
                        best = square;
                        *ret_a = d->atom[i] < d->atom[j] ? d->atom[i] : d->atom[j];
                        *ret_b = d->atom[i] < d->atom[j] ? d->atom[j] : d->atom[i];
                    }
                }
            }
        }
    }
    *ret_distance = sqrt(best);
    return best < INFINITY;
}
