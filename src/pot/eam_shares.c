/* Embedded atoms: what each atom has of the energy. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * F(rho) is an atom's own, phi belongs to both of a pair by halves, as in LAMMPS. */
#include <math.h>
#include <string.h>

#include "pot/eam_look.h"

struct sharing {
    const struct neigh_list *list;
    const struct eam_tables *tables;
    struct eam_work *work;
    isd_control *control;
};

/* Densities at the slots of a domain, and half of phi of each of its pairs to the x of the forces. */
static void add_pairs(void *arg, int32_t k)
{
    const struct sharing *s = arg;
    const struct neigh_domain *d = &s->list->domain[k];
    struct eam_share *share = &s->work->share[k];
    const int32_t width = neigh_unit(ISA_PLAIN);
    neigh_domain_begin(s->list, k);
    if (d->n_block > 0) {
        memset(share->rho, 0, (size_t)d->n_block * NEIGH_BLOCK * sizeof *share->rho);
    }
    for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK && share->kind[i] >= 0 && !isd_control_cancelled(s->control); i++) {
        const double *a = d->r + neigh_at(i);
        for (int64_t e = d->inner.start[i] - 1; e < d->inner.start[i + 1]; e++) {
            const bool own = e < d->inner.start[i];
            const int32_t from = own ? i + 1 : width * d->inner.entry[e];
            const int32_t to = own ? (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK : from + width;
            for (int32_t j = from; j < to; j++) {
                const double *b = d->r + neigh_at(j);
                const double x = a[0] - b[0], y = a[8] - b[8], z = a[16] - b[16], square = x * x + y * y + z * z;
                if (share->kind[j] < 0 || !(square < s->tables->cutoff_sq)) {
                    continue;
                }
                const double r = sqrt(square);
                const struct eam_place at = eam_place_of(s->tables, share->kind[i], share->kind[j], r);
                double slope, back, back_slope, phi_slope;
                share->rho[i] += eam_look_density(s->tables, at, &slope, &back, &back_slope);
                share->rho[j] += back;
                const double half = 0.5 * eam_look_pair(s->tables, at, r, &phi_slope);
                d->f[neigh_at(i)] += half;
                d->f[neigh_at(j)] += half;
            }
        }
    }
}

/* Densities of copies belong to their owners. */
static void add_embeddings(void *arg, int32_t k)
{
    const struct sharing *s = arg;
    const struct neigh_list *list = s->list;
    const struct neigh_domain *d = &list->domain[k];
    const struct eam_share *share = &s->work->share[k];
    for (int32_t slot = 0; slot < d->n_own * NEIGH_BLOCK && share->kind[slot] >= 0; slot++) {
        const int32_t block = d->first + slot / NEIGH_BLOCK;
        double rho = share->rho[slot], slope;
        for (int32_t e = list->follow_start[block]; e < list->follow_start[block + 1]; e++) {
            const struct neigh_place *copy = &list->follower[e];
            rho += s->work->share[copy->domain].rho[NEIGH_BLOCK * copy->block + slot % NEIGH_BLOCK];
        }
        d->f[neigh_at(slot)] += eam_look_embedding(s->tables, share->kind[slot], rho, &slope);
    }
}

isd_status eam_shares(const isd_potential *potential, struct pot_frame *frame, isd_control *control, isd_error *err)
{
    struct sharing sharing = {frame->list, &((const struct eam_potential *)potential)->tables, frame->work, control};
    (void)err;
    isd_control_for(control, frame->list->n_domain, add_pairs, &sharing);
    isd_control_for(control, frame->list->n_domain, add_embeddings, &sharing);
    return ISD_OK;
}
