/* The potential that the settings of a system describe. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static isd_status from_pairs(const struct system_settings *system, int n_types, system_note_fn *note, void *note_arg,
                             isd_potential **ret_potential, isd_error *err)
{
    isd_lj_pair *pairs = calloc((size_t)ISD_MAX_TYPES * ISD_MAX_TYPES, sizeof *pairs);
    isd_status status;

    if (!pairs)
        return isd_error_memory(err);
    status = system_pairs(system, n_types, note, note_arg, pairs, err);
    if (!status && system->style == SYSTEM_LJ)
        status = isd_potential_lj(pairs, n_types, system->shift, ret_potential, err);
    else if (!status)
        status = isd_potential_pair(system_style_name(system->style), pairs, n_types, ret_potential, err);
    free(pairs);
    return status;
}

static isd_status from_file(const struct system_settings *system, isd_potential **ret_potential, isd_error *err)
{
    const char *elements[ISD_MAX_TYPES];

    for (int k = 0; k < system->n_elements; k++)
        elements[k] = system->element[k];
    switch (system->style) {
    case SYSTEM_EAM_ALLOY:
    case SYSTEM_EAM_FS:
        return isd_potential_eam(system->file, system->style == SYSTEM_EAM_FS, elements, system->n_elements,
                                 ret_potential, err);
    case SYSTEM_TERSOFF:
        return isd_potential_tersoff_file(system->file, elements, system->n_elements, ret_potential, err);
    default:
        return isd_potential_tersoff_sio2(system->rounded, elements, system->n_elements, ret_potential, err);
    }
}

isd_status system_potential(const struct system_settings *system, int n_types, system_note_fn *note,
                            void *note_arg, isd_potential **ret_potential, isd_error *err)
{
    isd_potential *made = NULL;

    if (system->style < SYSTEM_EAM_ALLOY)
        return from_pairs(system, n_types, note, note_arg, ret_potential, err);
    if (system->n_elements == 0) {
        isd_error_set(err, ISD_USAGE, "the potential has no pair_coeff line yet");
        isd_error_hint(err, "pair_coeff * * FILE ELEMENT1 ELEMENT2");
        return ISD_USAGE;
    }
    if (n_types > system->n_elements)
        return isd_error_set(err, ISD_DATA, "the data have %d atom types, the potential has elements for %d", n_types,
                             system->n_elements);
    isd_status status = from_file(system, &made, err);
    if (status)
        return status;
    if (note && isd_potential_note(made)[0])
        note(note_arg, isd_potential_note(made));
    *ret_potential = made;
    return ISD_OK;
}

static enum system_style other_eam(enum system_style style)
{
    return style == SYSTEM_EAM_FS ? SYSTEM_EAM_ALLOY : SYSTEM_EAM_FS;
}

isd_status system_check_file(struct system_settings *system, bool either_eam, system_note_fn *note, void *note_arg,
                             isd_error *err)
{
    isd_potential *made = NULL;

    isd_status status = system_potential(system, system->n_elements, note, note_arg, &made, err);
    if (status == ISD_DATA && either_eam) {
        system->style = other_eam(system->style);
        if (system_potential(system, system->n_elements, note, note_arg, &made, NULL) == ISD_OK)
            status = ISD_OK;
        else
            system->style = other_eam(system->style);
    }
    if (status)
        return status;
    for (int type = 1; type <= system->n_elements; type++) {
        double mass = isd_potential_mass(made, type);
        if (!isfinite(mass) || (system->has_mass[type] && !system->mass_of_file[type]))
            continue;
        system->has_mass[type] = system->mass_of_file[type] = true;
        system->mass[type] = mass;
    }
    isd_potential_unref(made);
    return ISD_OK;
}
