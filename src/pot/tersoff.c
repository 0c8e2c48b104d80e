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
    const struct neigh_list *list = frame->list;
    const int32_t slots = list->n_block * NEIGH_BLOCK;
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
        const int32_t atom = list->atom[slot];
        work->element[slot] = atom < 0 ? -1 : t->element[frame->type[atom] - 1];
    }
    return ISD_OK;
}

/* Forces on the atoms of the pairs, from the gradients by their bonds. */
static void scatter(const struct tersoff_pairs *pairs, double *f)
{
    for (int32_t p = 0; p < pairs->n; p++) {
        double *a =
            f + (size_t)(pairs->first[p] / NEIGH_BLOCK) * NEIGH_STRIDE + pairs->first[p] % NEIGH_BLOCK;
        double *b =
            f + (size_t)(pairs->second[p] / NEIGH_BLOCK) * NEIGH_STRIDE + pairs->second[p] % NEIGH_BLOCK;
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
    struct tersoff_work *work = frame->work;
    const isd_status status = tersoff_pairs_update(t, frame->list, work, control, err);
    if (status) {
        return status;
    }
    if (work->fast.ready) {
        return tersoff_fast_compute(frame->list, work, control, frame->f, ret_energy, err);
    }
    double energy = 0;
    for (int32_t slot = 0; slot < frame->list->n_own * NEIGH_BLOCK; slot++) {
        if (slot % ATOMS_A_POLL == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        if (work->element[slot] >= 0) {
            energy += tersoff_atom(t, work, slot);
        }
    }
    scatter(&work->pairs, frame->f);
    *ret_energy = energy;
    return ISD_OK;
}

const struct potential_ops tersoff_ops = {.style = "tersoff",
                                          .free = tersoff_free,
                                          .prepare = tersoff_prepare,
                                          .compute = tersoff_compute,
                                          .release = tersoff_release};
