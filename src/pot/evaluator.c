/* One potential, one set of atoms, one cell: energies and forces again and again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/evaluator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pot/potential.h"

#define SKIN 0.3 /* in units of the potential's length: some tens of steps of a quench between builds */

struct isd_evaluator {
    const isd_potential *potential;
    struct neigh_list list;
    struct pot_frame frame;
    int32_t *type;
    long evaluations;
};

isd_status isd_evaluator_new(const isd_potential *potential, const isd_box *box, const int32_t *type,
                             int32_t n, isd_evaluator **ret_evaluator, isd_error *err)
{
    const isd_status status = isd_box_check(box, err);
    if (status) {
        return status;
    }
    if (n < 0) {
        return isd_error_set(err, ISD_USAGE, "%d atoms", (int)n);
    }
    for (int32_t i = 0; i < n; i++) {
        if (type[i] < 1 || type[i] > potential->n_types) {
            return isd_error_set(err, ISD_DATA,
                                 "atom with index %d has type %d, the potential %s knows 1 to %d", (int)i,
                                 (int)type[i], potential->name, (int)potential->n_types);
        }
    }
    isd_evaluator *e = calloc(1, sizeof *e);
    int32_t *types = malloc(((size_t)n + 1) * sizeof *types);
    if (!e || !types) {
        free(e);
        free(types);
        return isd_error_memory(err);
    }
    if (n > 0) {
        memcpy(types, type, (size_t)n * sizeof *types);
    }
    e->type = types;
    e->potential = isd_potential_ref(potential);
    neigh_list_init(&e->list, box, n, potential->cutoff, SKIN * potential->length);
    if (potential->cutoffs) {
        e->list.type = types;
        e->list.reaches = potential->cutoffs;
        e->list.n_types = potential->n_types;
    }
    e->frame = (struct pot_frame){.list = &e->list, .type = types};
    *ret_evaluator = e;
    return ISD_OK;
}

void isd_evaluator_free(isd_evaluator *evaluator)
{
    if (evaluator) {
        evaluator->potential->ops->release(&evaluator->frame);
        isd_potential_unref(evaluator->potential);
        neigh_list_done(&evaluator->list);
        free(evaluator->type);
        free(evaluator);
    }
}

void evaluator_set_isa(isd_evaluator *evaluator, enum isa isa)
{
    evaluator->list.isa = isa;
    evaluator->list.valid = false;
}

/* Energy or a force is not finite: who is to blame? */
static isd_status blame(const isd_evaluator *e, isd_error *err)
{
    int32_t a = 0, b = 0;
    double distance = 0;
    if (neigh_list_closest(&e->list, &a, &b, &distance)) {
        if (distance == 0) {
            isd_error_set(err, ISD_DATA, "the atoms with index %d and %d are on one spot", (int)a, (int)b);
        } else {
            isd_error_set(err, ISD_DATA, "the atoms with index %d and %d are so close (%g) that their force is not a finite number",
                          (int)a, (int)b, distance);
        }
        isd_error_atoms(err, a, b);
        return ISD_DATA;
    }
    return isd_error_set(err, ISD_DATA, "the energy is not a finite number");
}

isd_status evaluator_compute(isd_evaluator *evaluator, const double *position, isd_control *control, double *force,
                             double *ret_energy, double *ret_virial, isd_error *err)
{
    isd_evaluator *e = evaluator;
    struct neigh_list *list = &e->list;
    double energy = 0;
    bool rebuilt = false;
    isd_status status = neigh_list_update(list, position, control, &rebuilt, err);
    if (!status && rebuilt) {
        status = e->potential->ops->prepare(e->potential, &e->frame, err);
    }
    if (!status) {
        status = e->potential->ops->compute(e->potential, &e->frame, control, ret_energy ? &energy : NULL, err);
    }
    if (status) {
        /* broken off: what the potential keeps may be of other places than the lists are. Data it refuses it has seen whole */
        list->valid = list->valid && status == ISD_DATA;
        return status;
    }
    e->evaluations++;
    if (!neigh_list_fold(list, control, force, ret_virial) || !isfinite(energy)) {
        return blame(e, err);
    }
    if (ret_energy) {
        *ret_energy = energy;
    }
    return ISD_OK;
}

isd_status isd_evaluator_compute(isd_evaluator *evaluator, const double *position, isd_control *control,
                                 double *force, isd_energy *ret_energy, isd_error *err)
{
    isd_energy energy = {0};
    const isd_status status = evaluator_compute(evaluator, position, control, force, ret_energy ? &energy.total : NULL,
                                                ret_energy ? energy.virial : NULL, err);
    if (!status && ret_energy) {
        *ret_energy = energy;
    }
    return status;
}

isd_status isd_evaluator_energies(isd_evaluator *evaluator, const double *position, isd_control *control, double *ret_energy,
                                  isd_error *err)
{
    isd_evaluator *e = evaluator;
    const int32_t n = e->list.n;
    const enum isa isa = e->list.isa;
    bool rebuilt = false;
    double *shares = malloc((3 * (size_t)n + 1) * sizeof *shares);
    if (!shares) {
        return isd_error_memory(err);
    }
    evaluator_set_isa(e, ISA_PLAIN);
    isd_status status = neigh_list_update(&e->list, position, control, &rebuilt, err);
    if (!status) {
        status = e->potential->ops->prepare(e->potential, &e->frame, err);
    }
    if (!status) {
        status = e->potential->ops->shares(e->potential, &e->frame, control, err);
    }
    if (!status && isd_control_cancelled(control)) {
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    if (!status && !neigh_list_fold(&e->list, control, shares, NULL)) {
        status = blame(e, err);
    }
    for (int32_t i = 0; i < n && !status; i++) {
        ret_energy[i] = shares[3 * (size_t)i];
    }
    evaluator_set_isa(e, isa);
    free(shares);
    return status;
}

long isd_evaluator_evaluations(const isd_evaluator *evaluator)
{
    return evaluator->evaluations;
}

long isd_evaluator_builds(const isd_evaluator *evaluator)
{
    return evaluator->list.builds;
}
