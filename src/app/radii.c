/* How large atoms are drawn. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/radii.h"

#include <math.h>
#include <string.h>

/* Radii in A: metals (12 neighbours) and the covalent ones of silica, as in the CRC Handbook. */
static const struct {
    const char *element;
    double radius;
} elements[] = {{"Al", 1.43}, {"Sm", 1.80}, {"Si", 1.11}, {"O", 0.66},  {"Ni", 1.25}, {"P", 1.10},  {"Pd", 1.37}, {"Cu", 1.28},
                {"Y", 1.80},  {"Zr", 1.60}, {"Fe", 1.26}, {"Mg", 1.60}, {"Ti", 1.47}, {"Ag", 1.44}, {"Au", 1.44}, {"Ca", 1.97}};

static double element_radius(const char *label)
{
    for (size_t k = 0; k < sizeof elements / sizeof *elements; k++)
        if (strcmp(elements[k].element, label) == 0)
            return elements[k].radius;
    return NAN;
}

static double sigma_of(const struct system_settings *system, int type)
{
    bool lj = system->style == SYSTEM_LJ || system->style == SYSTEM_LJ_LINEAR || system->style == SYSTEM_LJ_QUADRATIC;
    return lj && system->pair[type][type].sigma > 0 ? system->pair[type][type].sigma : NAN;
}

/* r0, or 1 where it is not known. */
static double mean_distance(const struct session *session)
{
    isd_box box;
    int32_t n = session_frame_info(session, 0)->n;
    if (n < 1 || session_frame_box(session, 0, &box, NULL) != ISD_OK)
        return 1;
    double r0 = isd_box_spacing(&box, n);
    return isfinite(r0) && r0 > 0 ? r0 : 1;
}

void radii_of(const struct session *session, double ret_radius[ISD_MAX_TYPES + 1], char ret_letter[ISD_MAX_TYPES + 1])
{
    const struct system_settings *system = session_system((struct session *)session);
    double r0 = session_has_data(session) ? mean_distance(session) : 1;
    bool angstrom = strcmp(session_length_unit(session), "A") == 0;
    for (int t = 0; t <= ISD_MAX_TYPES; t++) {
        const char *label = session_type_label(session, t);
        double sigma = t > 0 ? sigma_of(system, t) : NAN, element = angstrom ? element_radius(label) : NAN;
        ret_radius[t] = isfinite(sigma) ? 0.5 * sigma : isfinite(element) ? element : 0.5 * r0;
        char first = label[0];
        ret_letter[t] = first > ' ' && first < 127 ? first : '?';
    }
}
