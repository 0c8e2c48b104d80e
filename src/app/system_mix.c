/* Cross terms that nobody gave, mixed as LAMMPS mixes them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdio.h>

/* As pair.cpp of LAMMPS: mix_energy and mix_distance; the cutoff is a distance too. */
static double mix_distance(enum system_mix mix, double a, double b)
{
    switch (mix) {
    case MIX_GEOMETRIC:
        return sqrt(a * b);
    case MIX_ARITHMETIC:
        return 0.5 * (a + b);
    case MIX_SIXTHPOWER:
        break;
    }
    return pow(0.5 * (pow(a, 6.0) + pow(b, 6.0)), 1.0 / 6.0);
}

static double mix_energy(enum system_mix mix, const isd_lj_pair *a, const isd_lj_pair *b)
{
    double geometric = sqrt(a->epsilon * b->epsilon);

    if (mix != MIX_SIXTHPOWER)
        return geometric;
    return 2.0 * geometric * pow(a->sigma, 3.0) * pow(b->sigma, 3.0) /
           (pow(a->sigma, 6.0) + pow(b->sigma, 6.0));
}

/* The pair as it was given, else mixed. */
static isd_status choose_pair(const struct system_settings *system, int i, int j, system_note_fn *note,
                              void *note_arg, isd_lj_pair *ret_pair, isd_error *err)
{
    static const char *const names[] = {"geometric", "arithmetic", "sixthpower"};
    const isd_lj_pair *a = &system->pair[i][i], *b = &system->pair[j][j];
    isd_lj_pair pair = {.epsilon = mix_energy(system->mix, a, b),
                        .sigma = mix_distance(system->mix, a->sigma, b->sigma),
                        .cutoff = mix_distance(system->mix, a->cutoff, b->cutoff),
                        .set = true};
    char text[256];

    if (system->pair[i][j].set) {
        *ret_pair = system->pair[i][j];
        return ISD_OK;
    }
    if (!isfinite(pair.epsilon) || !isfinite(pair.sigma) || !isfinite(pair.cutoff)) {
        isd_error_set(err, ISD_DATA, "the pair %d %d cannot be mixed from pair_coeff %d %d and %d %d", i, j,
                      i, i, j, j);
        isd_error_hint(err, "pair_coeff %d %d EPSILON SIGMA", i, j);
        return ISD_DATA;
    }
    if (note) {
        snprintf(text, sizeof text,
                 "pair_coeff %d %d is not given, mixed (%s): epsilon %.7g sigma %.7g cutoff %.7g", i, j,
                 names[system->mix], pair.epsilon, pair.sigma, pair.cutoff);
        note(note_arg, text);
    }
    *ret_pair = pair;
    return ISD_OK;
}

/* A type of which no pair is known at all, by name where it has one. */
static isd_status refuse_type(const struct system_settings *system, int type, isd_error *err)
{
    if (system->name[0]) {
        char known[256] = "";
        size_t used = 0;
        for (int k = 1, next; k <= ISD_MAX_TYPES && used < sizeof known; k = next) {
            for (next = k + 1; next <= ISD_MAX_TYPES && !system->pair[next][next].set; next++)
                ;
            if (system->pair[k][k].set)
                used += (size_t)snprintf(known + used, sizeof known - used, "%s%d%s%s%s",
                                         used == 0 ? "" : next > ISD_MAX_TYPES ? " and " : ", ", k, system->label[k][0] ? " (" : "",
                                         system->label[k], system->label[k][0] ? ")" : "");
        }
        isd_error_set(err, ISD_DATA, "atoms of type %d are not part of system %s, which has the types %s", type, system->name, known);
        isd_error_hint(err, "info    lists the types of the data");
        return ISD_DATA;
    }
    isd_error_set(err, ISD_DATA, "atoms of type %d have no pair_coeff", type);
    isd_error_hint(err, "pair_coeff %d %d EPSILON SIGMA", type, type);
    return ISD_DATA;
}

isd_status system_pairs(const struct system_settings *system, int n_types, system_note_fn *note,
                        void *note_arg, isd_lj_pair *ret_pairs, isd_error *err)
{
    if (system->style == SYSTEM_NONE || system->style >= SYSTEM_EAM_ALLOY) {
        isd_error_set(err, ISD_USAGE, "no potential is set");
        isd_error_hint(err, "system ka3d    or LAMMPS' own lines: pair_style lj/cut 2.5; pair_coeff 1 1 1 1");
        return ISD_USAGE;
    }
    if (n_types < 1 || n_types > ISD_MAX_TYPES)
        return isd_error_set(err, ISD_DATA, "%d atom types; 1 to %d are expected", n_types, ISD_MAX_TYPES);
    for (int type = 1; type <= n_types; type++)
        if (!system->pair[type][type].set)
            return refuse_type(system, type, err);
    for (int i = 1; i <= n_types; i++)
        for (int j = i; j <= n_types; j++) {
            isd_lj_pair pair;
            isd_status status = choose_pair(system, i, j, NULL, NULL, &pair, err);
            if (status)
                return status;
        }
    for (int i = 1; i <= n_types; i++)
        for (int j = i; j <= n_types; j++) {
            isd_lj_pair pair = {.set = false};
            choose_pair(system, i, j, note, note_arg, &pair, NULL); /* cannot fail: tried above */
            ret_pairs[(i - 1) * n_types + j - 1] = pair;
            ret_pairs[(j - 1) * n_types + i - 1] = pair;
        }
    return ISD_OK;
}
