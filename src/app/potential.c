/* The potential that the settings of a system describe. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <stdlib.h>

isd_status system_potential(const struct system_settings *system, int n_types, system_note_fn *note,
                            void *note_arg, isd_potential **ret_potential, isd_error *err)
{
    isd_lj_pair *pairs = calloc((size_t)ISD_MAX_TYPES * ISD_MAX_TYPES, sizeof *pairs);
    isd_status status;

    if (!pairs)
        return isd_error_memory(err);
    status = system_pairs(system, n_types, note, note_arg, pairs, err);
    if (!status)
        status = isd_potential_lj(pairs, n_types, system->shift, ret_potential, err);
    free(pairs);
    return status;
}
