/* Built-in systems. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/system.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/potential_path.h"
#include "app/suggest.h"

void system_init(struct system_settings *ret_system)
{
    memset(ret_system, 0, sizeof *ret_system);
    ret_system->timestep = NAN;
    for (int k = 0; k < 3; k++)
        ret_system->periodic[k] = true;
}

/* A binary Lennard-Jones mixture of species A and B: pairs AA, AB, BB. */
struct builtin {
    const char *name;
    int dimension; /* 0: either */
    double epsilon[3], sigma[3];
    bool at_minimum; /* cut at 2^(1/6) sigma, where the force is 0 */
};

static const struct builtin builtins[] = {
    {"ka3d", 3, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, false},
    {"ka2d", 2, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, false},
    {"wca", 0, {1.0, 1.5, 0.5}, {1.0, 0.8, 0.88}, true},
};
#define N_BUILTINS (int)(sizeof builtins / sizeof builtins[0])

/* Systems of two elements whose potential was published as a file. */
struct published {
    const char *name, *element[2];
    double mass[2];
    const struct potential_source *source; /* NULL: potential= is needed, or the numbers are built in */
};

static const struct potential_source alsm_file = {
    .file = "v2_18_Al3Sm_2016.eam.fs",
    .sha256 = "7b0a232230fbb1b6649c9bb5ccce10a9be91cbe37b909883bf452c2de76ff424",
    .publication = "H. Song, M. I. Mendelev, JOM 73, 2312 (2021)"};
static const struct potential_source nip_file = {
    .file = "NiP.lammps.eam",
    .sha256 = "8b8eb75f6eedcb0ac7ffd65f8e7969169ec5c943008b821d343a3c2c8f3ef4e1",
    .publication = "H. W. Sheng, E. Ma, M. J. Kramer, JOM 64, 856 (2012)"};
static const struct potential_source pdsi_file = {
    .file = "PdSi.lammps.eam",
    .sha256 = "0ce8ec2ed879589a0952b74c7cc8bd429887a942b8fd1af656d6ea69065c5fab",
    .publication = "J. Ding, Y. Q. Cheng, H. Sheng, E. Ma, Phys. Rev. B 85, 060201 (2012)"};

static const struct published published[] = {
    {"sio2", {"Si", "O"}, {28.0855, 15.9994}, NULL},
    {"alsm", {"Al", "Sm"}, {26.98154, 150.36}, &alsm_file},
    {"nip", {"Ni", "P"}, {58.6934, 30.973762}, &nip_file},
    {"pdsi", {"Pd", "Si"}, {106.42, 28.0855}, &pdsi_file},
    {"ycu", {"Y", "Cu"}, {88.90584, 63.546}, NULL},
};
#define N_PUBLISHED (int)(sizeof published / sizeof published[0])

const char *system_builtin_name(int k)
{
    if (k >= N_BUILTINS)
        return k - N_BUILTINS < N_PUBLISHED ? published[k - N_BUILTINS].name : NULL;
    return k >= 0 ? builtins[k].name : NULL;
}

static isd_status refuse_builtin(const char *name, isd_error *err)
{
    struct suggestion nearest = {.word = name};

    for (int k = 0; system_builtin_name(k); k++)
        suggest_try(&nearest, system_builtin_name(k));
    isd_error_set(err, ISD_USAGE, "there is no system '%s'; known are ka3d, ka2d, wca, sio2, alsm, nip, pdsi, ycu",
                  name);
    if (nearest.best)
        isd_error_hint(err, "system %s", nearest.best);
    return ISD_USAGE;
}

/* Everything anew but the time step and the boundary. */
static void start_builtin(struct system_settings *system, const char *name, const char *units)
{
    double timestep = system->timestep;
    bool boundary_set = system->boundary_set;
    bool periodic[3];
    memcpy(periodic, system->periodic, sizeof periodic);
    system_init(system);
    system->timestep = timestep;
    system->boundary_set = boundary_set;
    memcpy(system->periodic, periodic, sizeof periodic);

    system->dimension_said = false;
    snprintf(system->name, sizeof system->name, "%s", name);
    snprintf(system->units, sizeof system->units, "%s", units);
}

static isd_status take_mixture(struct system_settings *system, const struct builtin *found, isd_error *err)
{
    static const int first[3] = {1, 1, 2}, second[3] = {1, 2, 2};

    start_builtin(system, found->name, "lj");
    system->dimension = found->dimension;
    for (int type = 1; type <= 2; type++) {
        system->has_mass[type] = true;
        system->mass[type] = 1.0;
        snprintf(system->label[type], sizeof system->label[type], "%c", 'A' + type - 1);
    }
    system->style = SYSTEM_LJ;
    system->shift = true;
    for (int k = 0; k < 3; k++)
        system->pair[first[k]][second[k]] = (isd_lj_pair){.epsilon = found->epsilon[k], .sigma = found->sigma[k], .set = true};
    return system_builtin_cutoff(system, found->at_minimum ? pow(2.0, 1.0 / 6.0) : 2.5, err);
}

static isd_status take_published(struct system_settings *system, const struct published *found, const char *file,
                                 bool rounded, system_note_fn *note, void *note_arg, isd_error *err)
{
    struct system_settings made = *system;

    start_builtin(&made, found->name, "metal");
    made.dimension = 3;
    made.n_elements = 2;
    for (int k = 0; k < 2; k++) {
        snprintf(made.element[k], sizeof made.element[k], "%s", found->element[k]);
        snprintf(made.label[k + 1], sizeof made.label[k + 1], "%s", found->element[k]);
        made.has_mass[k + 1] = true;
        made.mass[k + 1] = found->mass[k];
    }
    bool sio2 = strcmp(found->name, "sio2") == 0;
    made.style = sio2 ? file ? SYSTEM_TERSOFF : SYSTEM_SIO2 : SYSTEM_EAM_FS;
    made.rounded = rounded;
    if (made.style != SYSTEM_SIO2) {
        isd_status status = potential_path_published(found->name, file, found->source, made.file, sizeof made.file,
                                                     note, note_arg, err);
        if (!status)
            status = system_check_file(&made, !sio2, note, note_arg, err);
        if (status)
            return status;
    }
    *system = made;
    return ISD_OK;
}

isd_status system_builtin_from(struct system_settings *system, const char *name, const char *file, bool rounded,
                               system_note_fn *note, void *note_arg, isd_error *err)
{
    for (int k = 0; k < N_BUILTINS; k++)
        if (strcmp(builtins[k].name, name) == 0)
            return take_mixture(system, &builtins[k], err);
    for (int k = 0; k < N_PUBLISHED; k++)
        if (strcmp(published[k].name, name) == 0)
            return take_published(system, &published[k], file, rounded, note, note_arg, err);
    return refuse_builtin(name, err);
}

isd_status system_builtin(struct system_settings *system, const char *name, isd_error *err)
{
    return system_builtin_from(system, name, NULL, false, NULL, NULL, err);
}

isd_status system_builtin_cutoff(struct system_settings *system, double factor, isd_error *err)
{
    if (!system->name[0] || system->style != SYSTEM_LJ)
        return isd_error_set(err, ISD_USAGE, "rc= belongs to a built-in Lennard-Jones system");
    if (!(factor > 0.0) || !isfinite(factor))
        return isd_error_set(err, ISD_USAGE,
                             "rc= must be positive: the cutoff in units of each pair's sigma");
    for (int i = 1; i <= 2; i++)
        for (int j = i; j <= 2; j++)
            system->pair[i][j].cutoff = factor * system->pair[i][j].sigma;
    system->lj_cutoff = system->pair[1][1].cutoff;
    return ISD_OK;
}

bool system_has_potential(const struct system_settings *system)
{
    return system->style != SYSTEM_NONE;
}
