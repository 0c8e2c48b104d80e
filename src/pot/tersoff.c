/* Tersoff: the record of functions, and evaluations for any parameters. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/tersoff.h"

#include <stdlib.h>

#define ATOMS_A_POLL 2048

static void tersoff_free(isd_potential *potential)
{
    free(potential);
}

static void tersoff_release(struct pot_frame *frame)
{
    struct tersoff_work *work = frame->work;
    if (work) {
        tersoff_pairs_done(&work->pairs);
        tersoff_fast_done(&work->fast);
        free(work);
        frame->work = NULL;
    }
}

static isd_status tersoff_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    (void)potential;
    if (!frame->work) {
        struct tersoff_work *work = calloc(1, sizeof *work);
        if (!work) {
            return isd_error_memory(err);
        }
        work->pairs.prunes = -1;
        frame->work = work;
    }
    return ISD_OK;
}

/* --- steps of the general kernel --- */

static void set_vectors(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    const struct tersoff_share *share = &run->work->pairs.share[k];
    neigh_domain_begin(run->list, k);
    for (int32_t p = 0; p < share->n; p++) {
        const double *a = domain->r + neigh_at(share->first[p]), *b = domain->r + neigh_at(share->second[p]);
        double *d = run->work->pairs.d + 3 * (size_t)(share->row + p);
        for (int q = 0; q < 3; q++) {
            d[q] = b[NEIGH_BLOCK * q] - a[NEIGH_BLOCK * q];
        }
    }
}

static void add_atoms(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct neigh_domain *domain = &run->list->domain[k];
    struct tersoff_pairs *pairs = &run->work->pairs;
    const int32_t first = tersoff_first_slot(domain), last = first + NEIGH_BLOCK * domain->n_own;
    struct tersoff_neighbour *near = malloc(((size_t)pairs->most + 1) * sizeof *near);
    pairs->share[k].energy = 0;
    pairs->share[k].bad = !near;
    for (int32_t slot = first; slot < last && near; slot++) {
        if (slot % ATOMS_A_POLL == 0 && isd_control_cancelled(run->control)) {
            break;
        }
        if (pairs->element[slot] >= 0) {
            pairs->share[k].energy += tersoff_atom(run->potential, pairs, slot, near);
        }
    }
    free(near);
}

/* --- both kernels --- */

/* Forces on the atoms of a domain's pairs, from the gradients by their bonds. */
static void scatter(void *arg, int32_t k)
{
    const struct tersoff_run *run = arg;
    const struct tersoff_share *share = &run->work->pairs.share[k];
    double *f = run->list->domain[k].f;
    for (int32_t p = 0; p < share->n; p++) {
        double *a = f + neigh_at(share->first[p]), *b = f + neigh_at(share->second[p]);
        const double *g = run->work->pairs.gradient + 6 * (size_t)(share->row + p);
        for (int q = 0; q < 3; q++) {
            const double force = g[q] - g[3 + q];
            a[NEIGH_BLOCK * q] += force;
            b[NEIGH_BLOCK * q] -= force;
        }
    }
}

static isd_status tersoff_compute(const isd_potential *potential, struct pot_frame *frame,
                                  isd_control *control, double *ret_energy, isd_error *err)
{
    struct tersoff_run run = {.potential = (const struct tersoff_potential *)potential,
                              .list = frame->list,
                              .work = frame->work,
                              .control = control};
    const struct tersoff_pairs *pairs = &run.work->pairs;
    const int32_t domains = frame->list->n_domain;
    const isd_status status = tersoff_pairs_update(&run, err);
    double energy = 0;
    if (status) {
        return status;
    }
    if (run.work->fast.ready) {
        tersoff_fast_compute(&run);
    } else {
        isd_control_for(control, domains, set_vectors, &run);
        isd_control_for(control, domains, add_atoms, &run);
        for (int32_t k = 0; k < domains; k++) {
            if (pairs->share[k].bad) {
                return isd_error_memory(err);
            }
        }
    }
    if (isd_control_cancelled(control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    isd_control_for(control, domains, scatter, &run);
    for (int32_t k = 0; k < domains; k++) {
        energy += pairs->share[k].energy;
    }
    if (ret_energy) {
        *ret_energy = energy;
    }
    return ISD_OK;
}

/* --- what each atom has of the energy --- */

struct sharing {
    const struct tersoff_run *run;
    double *bond; /* [2 rows] */
};

static void find_bonds(void *arg, int32_t k)
{
    const struct sharing *sharing = arg;
    const struct tersoff_run *run = sharing->run;
    const struct neigh_domain *domain = &run->list->domain[k];
    struct tersoff_pairs *pairs = &run->work->pairs;
    const int32_t first = tersoff_first_slot(domain), last = first + NEIGH_BLOCK * domain->n_own;
    struct tersoff_neighbour *near = malloc(((size_t)pairs->most + 1) * sizeof *near);
    pairs->share[k].bad = !near;
    for (int32_t slot = first; slot < last && near && !isd_control_cancelled(run->control); slot++) {
        if (pairs->element[slot] >= 0) {
            tersoff_atom_bonds(run->potential, pairs, slot, near, sharing->bond);
        }
    }
    free(near);
}

/* Half of each bond's energy to either end, seen from the atoms of a domain. */
static void add_bonds(void *arg, int32_t k)
{
    const struct sharing *sharing = arg;
    const struct neigh_domain *domain = &sharing->run->list->domain[k];
    const struct tersoff_pairs *pairs = &sharing->run->work->pairs;
    const int32_t first = tersoff_first_slot(domain);
    for (int32_t slot = 0; slot < NEIGH_BLOCK * domain->n_own; slot++) {
        for (int32_t e = pairs->start[first + slot]; e < pairs->start[first + slot + 1]; e++) {
            domain->f[neigh_at(slot)] += 0.5 * (sharing->bond[pairs->bond[e]] + sharing->bond[pairs->bond[e] ^ 1]);
        }
    }
}

static isd_status tersoff_shares(const isd_potential *potential, struct pot_frame *frame, isd_control *control, isd_error *err)
{
    struct tersoff_run run = {.potential = (const struct tersoff_potential *)potential,
                              .list = frame->list,
                              .work = frame->work,
                              .control = control};
    const struct tersoff_pairs *pairs = &run.work->pairs;
    isd_status status = tersoff_pairs_update(&run, err);
    if (status) {
        return status;
    }
    struct sharing sharing = {&run, calloc(2 * (size_t)pairs->rows + 1, sizeof(double))};
    if (!sharing.bond) {
        return isd_error_memory(err);
    }
    isd_control_for(control, frame->list->n_domain, set_vectors, &run);
    isd_control_for(control, frame->list->n_domain, find_bonds, &sharing);
    for (int32_t k = 0; k < frame->list->n_domain && !status; k++) {
        status = pairs->share[k].bad ? isd_error_memory(err) : ISD_OK;
    }
    if (!status) {
        isd_control_for(control, frame->list->n_domain, add_bonds, &sharing);
    }
    free(sharing.bond);
    return status;
}

const struct potential_ops tersoff_ops = {.style = "tersoff",
                                          .free = tersoff_free,
                                          .prepare = tersoff_prepare,
                                          .compute = tersoff_compute,
                                          .release = tersoff_release,
                                          .shares = tersoff_shares};
