/* Tersoff: the record of functions. SPDX-License-Identifier: GPL-3.0-or-later */
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
        free(work->element);
        free(work->near);
        free(work);
        frame->work = NULL;
    }
}

static isd_status tersoff_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    const struct tersoff_potential *t = (const struct tersoff_potential *)potential;
    const struct neigh_domain *domain = frame->list->domain;
    const int32_t slots = domain->n_block * NEIGH_BLOCK;
    if (!frame->work) {
        frame->work = calloc(1, sizeof(struct tersoff_work));
        if (!frame->work) {
            return isd_error_memory(err);
        }
    }
    struct tersoff_work *work = frame->work;
    work->pairs.valid = false;
    if (slots > work->slots) {
        free(work->element);
        work->slots = 0;
        work->element = malloc((size_t)slots * sizeof *work->element);
        if (!work->element) {
            return isd_error_memory(err);
        }
        work->slots = slots;
    }
    for (int32_t slot = 0; slot < slots; slot++) {
        const int32_t atom = domain->atom[slot];
        work->element[slot] = atom < 0 ? -1 : t->element[frame->type[atom] - 1];
    }
    return ISD_OK;
}

/* Forces on the atoms of the pairs, from the gradients by their bonds. */
static void scatter(const struct tersoff_pairs *pairs, double *f)
{
    for (int32_t p = 0; p < pairs->n; p++) {
        double *a = f + neigh_at(pairs->first[p]), *b = f + neigh_at(pairs->second[p]);
        const double *g = pairs->gradient + 6 * (size_t)p;
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
    const struct tersoff_potential *t = (const struct tersoff_potential *)potential;
    const struct neigh_domain *domain = frame->list->domain;
    struct tersoff_work *work = frame->work;
    double energy = 0;
    if (frame->list->n_domain > 0) {
        neigh_domain_begin(frame->list, 0);
    }
    isd_status status = tersoff_pairs_update(t, frame->list, work, control, err);
    if (!status && work->fast.ready) {
        status = tersoff_fast_compute(frame->list, work, control, &energy, err);
        if (!status && ret_energy) {
            *ret_energy = energy;
        }
        return status;
    }
    if (status) {
        return status;
    }
    for (int32_t slot = 0; slot < domain->n_own * NEIGH_BLOCK; slot++) {
        if (slot % ATOMS_A_POLL == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        if (work->element[slot] >= 0) {
            energy += tersoff_atom(t, work, slot);
        }
    }
    scatter(&work->pairs, domain->f);
    if (ret_energy) {
        *ret_energy = energy;
    }
    return ISD_OK;
}

const struct potential_ops tersoff_ops = {.style = "tersoff",
                                          .whole = true,
                                          .free = tersoff_free,
                                          .prepare = tersoff_prepare,
                                          .compute = tersoff_compute,
                                          .release = tersoff_release};
