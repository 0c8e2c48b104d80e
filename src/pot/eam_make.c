/* Embedded atoms, eam/alloy and eam/fs: a potential from a file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/eam_file.h"
#include "pot/eam_look.h"

#define WALL 1.0 /* eV: what counts as a repulsive wall */

void eam_potential_free(isd_potential *potential)
{
    struct eam_potential *eam = (struct eam_potential *)potential;
    free(eam->element);
    free(eam->embed);
    free(eam->density);
    free(eam->pair);
    free(eam->even);
    free(eam->core);
    free(eam);
}

/* Values and slopes of f[n], every `stride` doubles from out on. */
static void make_nodes(const double *f, int32_t n, double *out, size_t stride)
{
    for (int32_t m = 0; m < n; m++) {
        double slope;
        if (m == 0) {
            slope = f[1] - f[0];
        } else if (m == 1) {
            slope = 0.5 * (f[2] - f[0]);
        } else if (m == n - 2) {
            slope = 0.5 * (f[n - 1] - f[n - 3]);
        } else if (m == n - 1) {
            slope = f[n - 1] - f[n - 2];
        } else {
            slope = ((f[m - 2] - f[m + 2]) + 8 * (f[m + 1] - f[m - 1])) / 12;
        }
        out[(size_t)m * stride] = f[m];
        out[(size_t)m * stride + 1] = slope;
    }
}

/* The distance below which a dimer of these kinds is drawn together: coming closer its energy climbs a wall,
 * and beyond the top of it falls. 0 where the wall never ends. */
static double core_of(const struct eam_tables *t, int32_t a, int32_t b)
{
    const double end = t->n_r - 1;
    double slope, zero_a, zero_b, top = -INFINITY, top_at = 0, innermost = 0;
    bool wall = false;
    zero_a = eam_look_embedding(t, a, 0, &slope);
    zero_b = eam_look_embedding(t, b, 0, &slope);
    for (int32_t k = (int32_t)fmin(end, sqrt(t->cutoff_sq) * t->per_dr); k >= 1; k--) {
        const double r = k / t->per_dr;
        const struct eam_place at = eam_place_of(t, a, b, r);
        double back, back_slope;
        const double rho = eam_look_density(t, at, &slope, &back, &back_slope);
        const double energy = eam_look_pair(t, at, r, &slope) + eam_look_embedding(t, a, rho, &slope) - zero_a +
                              eam_look_embedding(t, b, back, &slope) - zero_b;
        wall = wall || energy > WALL;
        innermost = energy;
        if (wall && !(energy < top)) {
            top = energy;
            top_at = r;
        }
    }
    return wall && innermost < top ? top_at : 0;
}

/* Do the atoms of every pair of elements in use make the same density at each other? So it is in many eam/fs files,
 * and wherever there is one element only. */
static bool is_even(const struct eam_tables *t)
{
    const size_t nodes = (size_t)t->n_elements * (size_t)t->n_elements * (size_t)t->n_r;
    for (size_t k = 0; k < nodes; k++) {
        const double *node = t->density + EAM_DENSITY_NODE * k;
        if (node[0] != node[2] || node[1] != node[3]) {
            return false;
        }
    }
    return true;
}

static isd_status make_even(struct eam_potential *eam, isd_error *err)
{
    struct eam_tables *t = &eam->tables;
    const size_t nodes = (size_t)t->n_elements * (size_t)t->n_elements * (size_t)t->n_r;
    if (!is_even(t)) {
        return ISD_OK;
    }
    eam->even = aligned_alloc(64, (nodes * EAM_DENSITY_NODE * sizeof(double) + 63) / 64 * 64);
    if (!eam->even) {
        return isd_error_memory(err);
    }
    for (size_t k = 0; k < nodes; k++) {
        memcpy(eam->even + EAM_DENSITY_NODE * k, eam->density + EAM_DENSITY_NODE * k, 2 * sizeof *eam->even);
        memcpy(eam->even + EAM_DENSITY_NODE * k + 2, eam->pair + EAM_PAIR_NODE * k, 2 * sizeof *eam->even);
    }
    t->even = eam->even;
    return ISD_OK;
}

static isd_status allocate(struct eam_potential *eam, isd_error *err)
{
    const struct eam_tables *t = &eam->tables;
    const size_t n = (size_t)t->n_elements, nodes = n * n * (size_t)t->n_r;
    eam->embed = malloc(n * (size_t)t->n_rho * 2 * sizeof(double));
    eam->density = aligned_alloc(64, (nodes * EAM_DENSITY_NODE * sizeof(double) + 63) / 64 * 64);
    eam->pair = aligned_alloc(64, (nodes * EAM_PAIR_NODE * sizeof(double) + 63) / 64 * 64);
    eam->core = malloc(n * n * sizeof(double));
    return eam->embed && eam->density && eam->pair && eam->core ? ISD_OK : isd_error_memory(err);
}

static void fill(struct eam_potential *eam, const struct eam_file *file, const int32_t *used)
{
    struct eam_tables *t = &eam->tables;
    t->element = eam->element;
    t->embed = eam->embed;
    t->density = eam->density;
    t->pair = eam->pair;
    t->core = eam->core;
    for (int32_t a = 0; a < t->n_elements; a++) {
        make_nodes(file->embed + (size_t)used[a] * (size_t)t->n_rho, t->n_rho,
                   eam->embed + 2 * (size_t)a * (size_t)t->n_rho, 2);
        for (int32_t b = 0; b < t->n_elements; b++) {
            const size_t first = (size_t)(a * t->n_elements + b) * (size_t)t->n_r;
            double *nodes = eam->density + EAM_DENSITY_NODE * first;
            make_nodes(eam_file_density(file, used[b], used[a]), t->n_r, nodes, EAM_DENSITY_NODE);
            make_nodes(eam_file_density(file, used[a], used[b]), t->n_r, nodes + 2, EAM_DENSITY_NODE);
            make_nodes(eam_file_pair(file, used[a], used[b]), t->n_r, eam->pair + EAM_PAIR_NODE * first,
                       EAM_PAIR_NODE);
        }
    }
    for (int32_t a = 0; a < t->n_elements; a++) {
        for (int32_t b = 0; b < t->n_elements; b++) {
            const double core = core_of(t, a, b);
            eam->core[a * t->n_elements + b] = core;
            t->core_sq = fmax(t->core_sq, core * core);
        }
    }
}

static isd_status refuse_element(const struct eam_file *file, const char *path, const char *element,
                                 isd_error *err)
{
    char names[200] = "";
    size_t length = 0;
    for (int32_t k = 0; k < file->n_elements && length < sizeof names - ISD_LABEL_SIZE - 1; k++) {
        length += (size_t)snprintf(names + length, sizeof names - length, " %s", file->element[k]);
    }
    isd_error_set(err, ISD_USAGE, "there is no element '%s' in this file, it has:%s", element, names);
    isd_error_at(err, path, 0, 0);
    return ISD_USAGE;
}

/* Which elements of the file are used, each once; eam->element counts those. */
static isd_status map_elements(struct eam_potential *eam, const struct eam_file *file, const char *path,
                               const char *const *elements, int32_t *ret_used, isd_error *err)
{
    struct eam_tables *t = &eam->tables;
    for (int32_t type = 0; type < t->n_types; type++) {
        const int32_t found = eam_file_find(file, elements[type]);
        int32_t k = 0;
        if (found < 0) {
            return refuse_element(file, path, elements[type], err);
        }
        while (k < t->n_elements && ret_used[k] != found) {
            k++;
        }
        if (k == t->n_elements) {
            ret_used[t->n_elements++] = found;
        }
        eam->element[type] = k;
        eam->base.mass[type] = file->mass[found];
    }
    return ISD_OK;
}

/* Size of an atom, for skins and steps: the distance at which the dimer of the first kind is lowest would do;
 * half a cutoff is never far off and needs no search. */
static double size_of(const struct eam_file *file)
{
    return 0.4 * file->cutoff;
}

static void make_note(const struct eam_file *file, const char *name, char *out, size_t size)
{
    if (file->d_exponents > 0) {
        snprintf(out, size, "note: %s: %ld numbers with a Fortran exponent (1.0D+00) are read as 1.0E+00; LAMMPS refuses them",
                 name, file->d_exponents);
    } else if (file->dropped > 0) {
        snprintf(out, size, "note: %s: %ld values too many at the ends of tables are left out, as LAMMPS leaves them out",
                 name, file->dropped);
    }
}

isd_status isd_potential_eam(const char *path, bool fs, const char *const *elements, int32_t n_types,
                             isd_potential **ret_potential, isd_error *err)
{
    int32_t used[ISD_MAX_TYPES];
    struct eam_file file;
    if (n_types < 1 || n_types > ISD_MAX_TYPES) {
        return isd_error_set(err, ISD_USAGE, "%d types of atoms, expected 1 to %d", (int)n_types, ISD_MAX_TYPES);
    }
    isd_status status = eam_file_read(path, fs, &file, err);
    if (status) {
        return status;
    }
    struct eam_potential *eam = calloc(1, sizeof *eam);
    int32_t *element = calloc((size_t)n_types, sizeof *element);
    if (!eam || !element) {
        free(eam);
        free(element);
        eam_file_done(&file);
        return isd_error_memory(err);
    }
    eam->element = element;
    potential_init(&eam->base, fs ? &eam_fs_ops : &eam_alloy_ops, n_types);
    const char *slash = strrchr(path, '/');
    snprintf(eam->base.name, sizeof eam->base.name, "%s, %s", fs ? "eam/fs" : "eam/alloy", slash ? slash + 1 : path);
    eam->tables = (struct eam_tables){.n_types = n_types,
                                      .n_r = file.n_r,
                                      .n_rho = file.n_rho,
                                      .per_dr = 1 / file.d_r,
                                      .per_drho = 1 / file.d_rho,
                                      .cutoff_sq = file.cutoff * file.cutoff,
                                      .rho_max = (file.n_rho - 1) * file.d_rho};
    eam->base.cutoff = file.cutoff;
    eam->base.length = size_of(&file);
    eam->base.continuous = true;
    make_note(&file, slash ? slash + 1 : path, eam->base.note, sizeof eam->base.note);
    status = map_elements(eam, &file, path, elements, used, err);
    status = status ? status : allocate(eam, err);
    if (!status) {
        fill(eam, &file, used);
        status = make_even(eam, err);
    }
    eam_file_done(&file);
    if (status) {
        eam_potential_free(&eam->base);
        return status;
    }
    *ret_potential = &eam->base;
    return ISD_OK;
}
