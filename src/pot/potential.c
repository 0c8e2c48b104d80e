/* What every potential is to the rest. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/potential.h"

#include <math.h>
#include <stdio.h>

void potential_init(isd_potential *ret_potential, const struct potential_ops *ops, int32_t n_types)
{
    ret_potential->ops = ops;
    atomic_init(&ret_potential->references, 1);
    snprintf(ret_potential->name, sizeof ret_potential->name, "%s", ops->style);
    ret_potential->n_types = n_types;
}

const isd_potential *isd_potential_ref(const isd_potential *potential)
{
    if (potential) {
        atomic_fetch_add(&((isd_potential *)potential)->references, 1);
    }
    return potential;
}

void isd_potential_unref(const isd_potential *potential)
{
    if (potential && atomic_fetch_sub(&((isd_potential *)potential)->references, 1) == 1) {
        potential->ops->free((isd_potential *)potential);
    }
}

const char *isd_potential_name(const isd_potential *potential)
{
    return potential->name;
}

double isd_potential_cutoff(const isd_potential *potential)
{
    return potential->cutoff;
}

int32_t isd_potential_types(const isd_potential *potential)
{
    return potential->n_types;
}

bool isd_potential_continuous(const isd_potential *potential)
{
    return potential->continuous;
}

double isd_potential_mass(const isd_potential *potential, int32_t type)
{
    const bool known = type >= 1 && type <= potential->n_types && potential->mass[type - 1] > 0;
    return known ? potential->mass[type - 1] : NAN;
}

const char *isd_potential_note(const isd_potential *potential)
{
    return potential->note;
}
