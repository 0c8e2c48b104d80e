/* Embedded atoms, eam/alloy and eam/fs: evaluations. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/eam.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pot/eam_look.h"

#define BLOCKS_A_POLL 512
#define DEEPEST (-100.0) /* eV: an atom bound deeper than that is falling into its neighbours; real ones: -10 at most */

static const struct eam_tables *tables_of(const isd_potential *potential)
{
    return &((const struct eam_potential *)potential)->tables;
}

static void eam_release(struct pot_frame *frame)
{
    struct eam_work *work = frame->work;
    if (work) {
        for (int32_t k = 0; k < work->n_domain; k++) {
            free(work->share[k].kind);
            free(work->share[k].offset);
            free(work->share[k].rho);
            free(work->share[k].push);
            free(work->share[k].site);
            free(work->share[k].met);
        }
        free(work->share);
        free(work);
        frame->work = NULL;
    }
}

static isd_status share_room(struct eam_share *share, int32_t blocks, isd_error *err)
{
    if (blocks > share->room) {
        const size_t room = (size_t)blocks + (size_t)blocks / 8, slots = room * NEIGH_BLOCK;
        free(share->kind);
        free(share->offset);
        free(share->rho);
        free(share->push);
        free(share->site);
        share->room = 0;
        share->kind = malloc(slots * sizeof *share->kind);
        share->offset = malloc(slots * sizeof *share->offset);
        share->rho = malloc(slots * sizeof *share->rho);
        share->push = aligned_alloc(64, 4 * slots * sizeof *share->push);
        share->site = aligned_alloc(64, 4 * slots * sizeof *share->site);
        if (!share->kind || !share->offset || !share->rho || !share->push || !share->site) {
            return isd_error_memory(err);
        }
        share->room = (int32_t)room;
    }
    return ISD_OK;
}

/* The inner lists may have been made anew. */
static isd_status met_room(const struct neigh_list *list, struct eam_work *work, isd_error *err)
{
    for (int32_t k = 0; k < list->n_domain; k++) {
        const int32_t slots = list->domain[k].n_own * NEIGH_BLOCK;
        struct eam_share *share = &work->share[k];
        const int64_t wanted = slots > 0 ? eam_met(&list->domain[k], slots) : 0;
        if (wanted > share->met_room) {
            free(share->met);
            share->met_room = wanted + wanted / 8;
            share->met = malloc((size_t)share->met_room);
            if (!share->met) {
                share->met_room = 0;
                return isd_error_memory(err);
            }
        }
    }
    return ISD_OK;
}

static isd_status make_work(struct pot_frame *frame, isd_error *err)
{
    struct eam_work *work = calloc(1, sizeof *work);
    struct eam_share *share = calloc((size_t)frame->list->n_domain + 1, sizeof *share);
    if (!work || !share) {
        free(work);
        free(share);
        return isd_error_memory(err);
    }
    work->share = share;
    work->n_domain = frame->list->n_domain;
    frame->work = work;
    return ISD_OK;
}

static isd_status eam_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    const struct eam_tables *tables = tables_of(potential);
    isd_status status = frame->work ? ISD_OK : make_work(frame, err);
    for (int32_t k = 0; k < frame->list->n_domain && !status; k++) {
        const struct neigh_domain *d = &frame->list->domain[k];
        struct eam_share *share = &((struct eam_work *)frame->work)->share[k];
        status = share_room(share, d->n_block, err);
        for (int32_t slot = 0; slot < d->n_block * NEIGH_BLOCK && !status; slot++) {
            const int32_t atom = d->atom[slot];
            share->kind[slot] = atom < 0 ? -1 : tables->element[frame->type[atom] - 1];
            share->offset[slot] = atom < 0 ? 0 : EAM_DENSITY_NODE * share->kind[slot] * tables->n_r;
        }
    }
    return status;
}

/* --- the plain kernel: one pair at a time --- */

static double distance_sq(const struct neigh_domain *domain, int32_t i, int32_t j, double d[3])
{
    const double *a = domain->r + neigh_at(i), *b = domain->r + neigh_at(j);
    for (int q = 0; q < 3; q++) {
        d[q] = a[q * NEIGH_BLOCK] - b[q * NEIGH_BLOCK];
    }
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

/* Slots from ... to - 1: entry e of the row of slot i; the one before the first is the rest of its own block. */
struct run {
    int32_t from, to;
};

static struct run run_of(const struct neigh_domain *domain, int32_t i, int64_t e, int32_t width)
{
    if (e < domain->inner.start[i]) {
        return (struct run){i + 1, (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK};
    }
    return (struct run){width * domain->inner.entry[e], width * domain->inner.entry[e] + width};
}

double eam_density_plain(const struct neigh_domain *domain, const struct eam_tables *tables, struct eam_share *share,
                         int32_t first, int32_t last)
{
    double closest = INFINITY;
    for (int32_t i = first * NEIGH_BLOCK; i < last * NEIGH_BLOCK && share->kind[i] >= 0; i++) {
        for (int64_t e = domain->inner.start[i] - 1; e < domain->inner.start[i + 1]; e++) {
            const struct run run = run_of(domain, i, e, neigh_unit(ISA_PLAIN));
            for (int32_t j = run.from; j < run.to; j++) {
                double d[3], slope, back, back_slope;
                const double square = distance_sq(domain, i, j, d);
                if (share->kind[j] < 0 || !(square < tables->cutoff_sq)) {
                    continue;
                }
                closest = square < closest ? square : closest;
                const struct eam_place at = eam_place_of(tables, share->kind[i], share->kind[j], sqrt(square));
                share->rho[i] += eam_look_density(tables, at, &slope, &back, &back_slope);
                share->rho[j] += back;
            }
        }
    }
    return closest;
}

double eam_force_plain(const struct neigh_domain *domain, const struct eam_tables *tables, struct eam_share *share,
                       int32_t first, int32_t last)
{
    double energy = 0;
    for (int32_t i = first * NEIGH_BLOCK; i < last * NEIGH_BLOCK && share->kind[i] >= 0; i++) {
        double *fi = share->push + 4 * (size_t)i;
        for (int64_t e = domain->inner.start[i] - 1; e < domain->inner.start[i + 1]; e++) {
            const struct run run = run_of(domain, i, e, neigh_unit(ISA_PLAIN));
            for (int32_t j = run.from; j < run.to; j++) {
                double d[3], slope, back, back_slope, phi_slope;
                const double square = distance_sq(domain, i, j, d);
                if (share->kind[j] < 0 || !(square < tables->cutoff_sq)) {
                    continue;
                }
                const double r = sqrt(square);
                const struct eam_place at = eam_place_of(tables, share->kind[i], share->kind[j], r);
                eam_look_density(tables, at, &slope, &back, &back_slope);
                energy += eam_look_pair(tables, at, r, &phi_slope);
                const double s = -(share->rho[i] * slope + share->rho[j] * back_slope + phi_slope) / r;
                double *fj = share->push + 4 * (size_t)j;
                for (int q = 0; q < 3; q++) {
                    fi[q] += s * d[q];
                    fj[q] -= s * d[q];
                }
            }
        }
    }
    return energy;
}

/* --- one evaluation --- */

/* Densities of copies belong to their owners; then F of each atom of the domain, and F' in its place. */
static void embed_domain(const struct neigh_list *list, const struct eam_tables *tables, struct eam_work *work, int32_t k)
{
    const struct neigh_domain *d = &list->domain[k];
    struct eam_share *share = &work->share[k];
    share->deepest = -1;
    share->depth = DEEPEST;
    share->energy = 0;
    for (int32_t slot = 0; slot < d->n_own * NEIGH_BLOCK && share->kind[slot] >= 0; slot++) {
        const int32_t block = d->first + slot / NEIGH_BLOCK;
        double rho = share->rho[slot], slope;
        for (int32_t e = list->follow_start[block]; e < list->follow_start[block + 1]; e++) {
            const struct neigh_place *copy = &list->follower[e];
            rho += work->share[copy->domain].rho[NEIGH_BLOCK * copy->block + slot % NEIGH_BLOCK];
        }
        const double f = eam_look_embedding(tables, share->kind[slot], rho, &slope);
        if (f < share->depth) {
            share->deepest = slot;
            share->depth = f;
        }
        share->energy += f;
        share->rho[slot] = slope;
    }
}

/* F' of the halo, from the owners; then positions and F' side by side. */
static void spread_slopes(const struct neigh_list *list, struct eam_work *work, int32_t k)
{
    const struct neigh_domain *d = &list->domain[k];
    for (int32_t block = d->n_own; block < d->n_block; block++) {
        const struct neigh_place *owner = &d->owner[block - d->n_own];
        memcpy(work->share[k].rho + NEIGH_BLOCK * (size_t)block,
               work->share[owner->domain].rho + NEIGH_BLOCK * (size_t)owner->block, NEIGH_BLOCK * sizeof(double));
    }
    for (int32_t slot = 0; slot < d->n_block * NEIGH_BLOCK; slot++) {
        double *site = work->share[k].site + 4 * (size_t)slot;
        for (size_t q = 0; q < 3; q++) {
            site[q] = d->r[neigh_at(slot) + NEIGH_BLOCK * q];
        }
        site[3] = work->share[k].rho[slot];
    }
}

struct close_pair {
    int32_t a, b; /* atoms, a < b */
    double r, core;
};

/* The closest pair below its core; of atom >= 0: the pair of that atom that is closest. */
static void find_close(const struct neigh_list *list, const struct eam_tables *tables, const struct eam_work *work,
                       int32_t k, int32_t atom, struct close_pair *pair)
{
    const struct neigh_domain *d = &list->domain[k];
    const int32_t *kind = work->share[k].kind;
    for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK && kind[i] >= 0; i++) {
        for (int64_t e = d->inner.start[i] - 1; e < d->inner.start[i + 1]; e++) {
            const struct run run = run_of(d, i, e, neigh_unit(list->isa));
            for (int32_t j = run.from; j < run.to; j++) {
                double v[3];
                if (kind[j] < 0 || (atom >= 0 && d->atom[i] != atom && d->atom[j] != atom)) {
                    continue;
                }
                const double r = sqrt(distance_sq(d, i, j, v)), core = tables->core[kind[i] * tables->n_elements + kind[j]];
                if (r < pair->r && (atom >= 0 || r < core)) {
                    const bool order = d->atom[i] < d->atom[j];
                    *pair = (struct close_pair){
                        .a = d->atom[order ? i : j], .b = d->atom[order ? j : i], .r = r, .core = core};
                }
            }
        }
    }
}

static struct close_pair closest_pair(const struct neigh_list *list, const struct eam_tables *tables,
                                      const struct eam_work *work, int32_t atom)
{
    struct close_pair pair = {.r = INFINITY};
    for (int32_t k = 0; k < list->n_domain; k++) {
        find_close(list, tables, work, k, atom, &pair);
    }
    return pair;
}

/* Is a pair so close that the potential no longer pushes it apart? Such atoms would fall into one another. */
static isd_status refuse_fallen(const struct neigh_list *list, const struct eam_tables *tables,
                                const struct eam_work *work, isd_error *err)
{
    const struct close_pair pair = closest_pair(list, tables, work, -1);
    if (isinf(pair.r)) {
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA,
                  "the atoms with index %d and %d are %.4g apart: below %.4g this potential has no repulsion, such "
                  "atoms would fall into one another",
                  (int)pair.a, (int)pair.b, pair.r, pair.core);
    isd_error_atoms(err, pair.a, pair.b);
    return ISD_DATA;
}

/* Several atoms in one place: each pair may repel, but F(rho) of some tables falls faster than that. */
static isd_status refuse_deep(const struct neigh_list *list, const struct eam_tables *tables,
                              const struct eam_work *work, int32_t atom, double depth, isd_error *err)
{
    const struct close_pair pair = closest_pair(list, tables, work, atom);
    if (isinf(pair.r)) {
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA,
                  "the atoms with index %d and %d (%.4g apart) and those about them are packed so densely that this "
                  "potential has no repulsion left (embedding energy %.4g eV): such atoms would fall into one another",
                  (int)pair.a, (int)pair.b, pair.r, depth);
    isd_error_atoms(err, pair.a, pair.b);
    return ISD_DATA;
}

struct kernel {
    eam_pass_fn *density, *force;
};

static struct kernel kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return (struct kernel){eam_density_avx512, eam_force_avx512};
    case ISA_AVX2:
        return (struct kernel){eam_density_avx2, eam_force_avx2};
#endif
    case ISA_VECTOR:
        return (struct kernel){eam_density_vector, eam_force_vector};
    default:
        return (struct kernel){eam_density_plain, eam_force_plain};
    }
}

struct evaluation {
    const struct neigh_list *list;
    const struct eam_tables *tables;
    struct eam_work *work;
    isd_control *control;
    struct kernel run;
};

static void densities(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    const struct neigh_domain *d = &e->list->domain[k];
    struct eam_share *share = &e->work->share[k];
    neigh_domain_begin(e->list, k);
    share->closest = INFINITY;
    if (d->n_block > 0) {
        memset(share->rho, 0, (size_t)d->n_block * NEIGH_BLOCK * sizeof *share->rho);
    }
    for (int32_t first = 0; first < d->n_own && !isd_control_cancelled(e->control); first += BLOCKS_A_POLL) {
        const int32_t last = d->n_own - first < BLOCKS_A_POLL ? d->n_own : first + BLOCKS_A_POLL;
        share->closest = fmin(share->closest, e->run.density(d, e->tables, share, first, last));
    }
}

static void embeddings(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    embed_domain(e->list, e->tables, e->work, k);
}

static void forces(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    const struct neigh_domain *d = &e->list->domain[k];
    struct eam_share *share = &e->work->share[k];
    spread_slopes(e->list, e->work, k);
    if (d->n_block > 0) {
        memset(share->push, 0, 4 * (size_t)d->n_block * NEIGH_BLOCK * sizeof *share->push);
    }
    for (int32_t first = 0; first < d->n_own && !isd_control_cancelled(e->control); first += BLOCKS_A_POLL) {
        const int32_t last = d->n_own - first < BLOCKS_A_POLL ? d->n_own : first + BLOCKS_A_POLL;
        share->energy += e->run.force(d, e->tables, share, first, last);
    }
    for (int32_t slot = 0; slot < d->n_block * NEIGH_BLOCK; slot++) {
        for (size_t q = 0; q < 3; q++) {
            d->f[neigh_at(slot) + NEIGH_BLOCK * q] = share->push[4 * (size_t)slot + q];
        }
    }
}

/* Between the passes: are there atoms that no tables hold apart? */
static isd_status refuse(const struct evaluation *e, isd_error *err)
{
    const struct eam_share *share = e->work->share;
    double closest = INFINITY, depth = DEEPEST;
    int32_t deepest = -1;
    for (int32_t k = 0; k < e->list->n_domain; k++) {
        closest = fmin(closest, share[k].closest);
        if (share[k].deepest >= 0 && share[k].depth < depth) {
            depth = share[k].depth;
            deepest = e->list->domain[k].atom[share[k].deepest];
        }
    }
    isd_status status = closest < e->tables->core_sq ? refuse_fallen(e->list, e->tables, e->work, err) : ISD_OK;
    if (!status && deepest >= 0) {
        status = refuse_deep(e->list, e->tables, e->work, deepest, depth, err);
    }
    return status;
}

static isd_status eam_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                              double *ret_energy, isd_error *err)
{
    struct evaluation e = {.list = frame->list,
                           .tables = tables_of(potential),
                           .work = frame->work,
                           .control = control,
                           .run = kernel(frame->list->isa)};
    const int32_t domains = frame->list->n_domain;
    isd_status status = met_room(frame->list, frame->work, err);
    if (status) {
        return status;
    }
    isd_control_for(control, domains, densities, &e);
    if (!isd_control_cancelled(control)) {
        isd_control_for(control, domains, embeddings, &e);
        status = refuse(&e, err);
        if (status) {
            return status;
        }
        isd_control_for(control, domains, forces, &e);
    }
    if (isd_control_cancelled(control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    double energy = 0;
    for (int32_t k = 0; k < domains; k++) {
        energy += e.work->share[k].energy;
    }
    if (ret_energy) {
        *ret_energy = energy;
    }
    return ISD_OK;
}

const struct potential_ops eam_alloy_ops = {.style = "eam/alloy",
                                            .free = eam_potential_free,
                                            .prepare = eam_prepare,
                                            .compute = eam_compute,
                                            .release = eam_release,
                                            .shares = eam_shares};
const struct potential_ops eam_fs_ops = {.style = "eam/fs",
                                         .free = eam_potential_free,
                                         .prepare = eam_prepare,
                                         .compute = eam_compute,
                                         .release = eam_release,
                                         .shares = eam_shares};
