/* Embedded atoms, eam/alloy and eam/fs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/eam.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/eam_file.h"
#include "pot/potential.h"

#define QUADS_A_POLL 1024
#define WALL 1.0 /* eV: what counts as a repulsive wall */
#define DEEPEST (-100.0) /* eV: an atom bound deeper than that is falling into its neighbours; real ones: -10 at most */

struct eam_potential {
    isd_potential base;
    struct eam_tables tables;
    int32_t *element;
    double *embed, *density, *pair, *core;
};

static const struct eam_tables *tables_of(const isd_potential *potential)
{
    return &((const struct eam_potential *)potential)->tables;
}

static void eam_free(isd_potential *potential)
{
    struct eam_potential *eam = (struct eam_potential *)potential;
    free(eam->element);
    free(eam->embed);
    free(eam->density);
    free(eam->pair);
    free(eam->core);
    free(eam);
}

static void eam_release(struct pot_frame *frame)
{
    struct eam_work *work = frame->work;
    if (work) {
        free(work->kind);
        free(work->offset);
        free(work->rho);
        free(work);
        frame->work = NULL;
    }
}

static isd_status eam_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    const struct eam_tables *tables = tables_of(potential);
    const struct neigh_list *list = frame->list;
    const int32_t slots = list->n_block * NEIGH_BLOCK;
    if (!frame->work) {
        frame->work = calloc(1, sizeof(struct eam_work));
        if (!frame->work) {
            return isd_error_memory(err);
        }
    }
    struct eam_work *work = frame->work;
    if (slots > work->slots) {
        free(work->kind);
        free(work->offset);
        free(work->rho);
        work->slots = 0;
        work->kind = malloc((size_t)slots * sizeof *work->kind);
        work->offset = malloc((size_t)slots * sizeof *work->offset);
        work->rho = malloc((size_t)slots * sizeof *work->rho);
        if (!work->kind || !work->offset || !work->rho) {
            return isd_error_memory(err);
        }
        work->slots = slots;
    }
    for (int32_t slot = 0; slot < slots; slot++) {
        const int32_t atom = list->atom[slot];
        work->kind[slot] = atom < 0 ? -1 : tables->element[frame->type[atom] - 1];
        work->offset[slot] = atom < 0 ? 0 : work->kind[slot] * tables->n_r;
    }
    return ISD_OK;
}

/* --- the plain kernel: one pair at a time --- */

/* A cubic between two nodes: values f0 f1, slopes s0 s1 per step, at the fraction p of the step. */
static double between(double f0, double s0, double f1, double s1, double p, double *ret_slope)
{
    const double c4 = 3 * (f1 - f0) - 2 * s0 - s1, c3 = s0 + s1 - 2 * (f1 - f0);
    *ret_slope = (3 * c3 * p + 2 * c4) * p + s0;
    return ((c3 * p + c4) * p + s0) * p + f0;
}

struct eam_place {
    size_t node; /* index of the interval's first node, of the pair of kinds */
    double p;
};

static struct eam_place place_of(const struct eam_tables *t, int32_t a, int32_t b, double r)
{
    const double q = r * t->per_dr;
    const int32_t k = q < t->n_r - 2 ? (int32_t)q : t->n_r - 2;
    const double p = q - k;
    return (struct eam_place){.node = (size_t)(a * t->n_elements + b) * (size_t)t->n_r + (size_t)k,
                              .p = p < 1 ? p : 1};
}

/* Density at a from b; ret_back: at b from a; the slopes are by distance. */
static double density(const struct eam_tables *t, struct eam_place at, double *ret_slope, double *ret_back,
                      double *ret_back_slope)
{
    const double *n = t->density + EAM_DENSITY_NODE * at.node;
    const double rho = between(n[0], n[1], n[4], n[5], at.p, ret_slope);
    *ret_back = between(n[2], n[3], n[6], n[7], at.p, ret_back_slope);
    *ret_slope *= t->per_dr;
    *ret_back_slope *= t->per_dr;
    return rho;
}

/* phi(r) and its slope by distance. */
static double pair_energy(const struct eam_tables *t, struct eam_place at, double r, double *ret_slope)
{
    const double *n = t->pair + EAM_PAIR_NODE * at.node;
    double slope;
    const double phi = between(n[0], n[1], n[2], n[3], at.p, &slope) / r;
    *ret_slope = slope * t->per_dr / r - phi / r;
    return phi;
}

/* F(rho) and F'; beyond the table a straight line. */
static double embedding(const struct eam_tables *t, int32_t kind, double rho, double *ret_slope)
{
    const double q = rho * t->per_drho;
    const int32_t k = q >= t->n_rho - 2 ? t->n_rho - 2 : q > 0 ? (int32_t)q : 0;
    const double p = q - k < 1 ? q - k : 1;
    const double *n = t->embed + 2 * ((size_t)kind * (size_t)t->n_rho + (size_t)k);
    double slope, f = between(n[0], n[1], n[2], n[3], p, &slope);
    slope *= t->per_drho;
    if (rho > t->rho_max) {
        f += slope * (rho - t->rho_max);
    }
    *ret_slope = slope;
    return f;
}

static size_t coordinate(int32_t slot)
{
    return (size_t)(slot / NEIGH_BLOCK) * NEIGH_STRIDE + (size_t)(slot % NEIGH_BLOCK);
}

static double distance_sq(const struct neigh_list *list, int32_t i, int32_t j, double d[3])
{
    const double *a = list->r + coordinate(i), *b = list->r + coordinate(j);
    for (int q = 0; q < 3; q++) {
        d[q] = a[q * NEIGH_BLOCK] - b[q * NEIGH_BLOCK];
    }
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

double eam_density_plain(const struct neigh_list *list, const struct eam_tables *tables, struct eam_work *work,
                         int32_t first, int32_t last)
{
    double closest = INFINITY;
    for (int32_t i = first * NEIGH_QUAD; i < last * NEIGH_QUAD; i++) {
        for (int64_t e = list->inner.start[i / 4]; work->kind[i] >= 0 && e < list->inner.start[i / 4 + 1]; e++) {
            for (int32_t j = NEIGH_BLOCK * list->inner.block[e], end = j + NEIGH_BLOCK; j < end; j++) {
                double d[3], slope, back, back_slope;
                const double square = distance_sq(list, i, j, d);
                if (work->kind[j] < 0 || j <= i || !(square < tables->cutoff_sq)) {
                    continue;
                }
                closest = square < closest ? square : closest;
                const struct eam_place at = place_of(tables, work->kind[i], work->kind[j], sqrt(square));
                work->rho[i] += density(tables, at, &slope, &back, &back_slope);
                work->rho[j] += back;
            }
        }
    }
    return closest;
}

double eam_force_plain(const struct neigh_list *list, const struct eam_tables *tables, struct eam_work *work,
                       int32_t first, int32_t last, double *f)
{
    double energy = 0;
    for (int32_t i = first * NEIGH_QUAD; i < last * NEIGH_QUAD; i++) {
        double *fi = f + coordinate(i);
        for (int64_t e = list->inner.start[i / 4]; work->kind[i] >= 0 && e < list->inner.start[i / 4 + 1]; e++) {
            for (int32_t j = NEIGH_BLOCK * list->inner.block[e], end = j + NEIGH_BLOCK; j < end; j++) {
                double d[3], slope, back, back_slope, phi_slope;
                const double square = distance_sq(list, i, j, d);
                if (work->kind[j] < 0 || j <= i || !(square < tables->cutoff_sq)) {
                    continue;
                }
                const double r = sqrt(square);
                const struct eam_place at = place_of(tables, work->kind[i], work->kind[j], r);
                density(tables, at, &slope, &back, &back_slope);
                energy += pair_energy(tables, at, r, &phi_slope);
                const double s = -(work->rho[i] * slope + work->rho[j] * back_slope + phi_slope) / r;
                double *fj = f + coordinate(j);
                for (int q = 0; q < 3; q++) {
                    fi[q * NEIGH_BLOCK] += s * d[q];
                    fj[q * NEIGH_BLOCK] -= s * d[q];
                }
            }
        }
    }
    return energy;
}

/* --- one evaluation --- */

struct deepest {
    int32_t slot;
    double energy;
};

/* Densities of images belong to their owners; then F of each, and F' in their place, for images too. */
static double embed_all(const struct neigh_list *list, const struct eam_tables *tables, struct eam_work *work,
                        struct deepest *ret_deepest)
{
    const int32_t slots = list->n_block * NEIGH_BLOCK;
    struct deepest deepest = {.slot = -1, .energy = DEEPEST};
    double energy = 0;
    for (int32_t slot = 0; slot < slots; slot++) {
        if (list->owner[slot] >= 0) {
            work->rho[list->owner[slot]] += work->rho[slot];
        }
    }
    for (int32_t slot = 0; slot < slots; slot++) {
        if (list->owner[slot] >= 0) {
            work->rho[slot] = work->rho[list->owner[slot]]; /* owners come first */
        } else if (work->kind[slot] >= 0) {
            double slope;
            const double f = embedding(tables, work->kind[slot], work->rho[slot], &slope);
            if (f < deepest.energy) {
                deepest = (struct deepest){.slot = slot, .energy = f};
            }
            energy += f;
            work->rho[slot] = slope;
        }
    }
    *ret_deepest = deepest;
    return energy;
}

struct close_pair {
    int32_t a, b; /* atoms, a < b */
    double r, core;
};

/* The closest pair below its core; of atom >= 0: the pair of that atom that is closest. False: none. */
static bool find_close(const struct neigh_list *list, const struct eam_tables *tables, const struct eam_work *work,
                       int32_t atom, struct close_pair *ret_pair)
{
    struct close_pair pair = {.r = INFINITY};
    for (int32_t i = 0; i < list->n_quad * NEIGH_QUAD; i++) {
        for (int64_t e = list->inner.start[i / 4]; work->kind[i] >= 0 && e < list->inner.start[i / 4 + 1]; e++) {
            for (int32_t j = NEIGH_BLOCK * list->inner.block[e], end = j + NEIGH_BLOCK; j < end; j++) {
                double d[3];
                if (work->kind[j] < 0 || j <= i || (atom >= 0 && list->atom[i] != atom && list->atom[j] != atom)) {
                    continue;
                }
                const double r = sqrt(distance_sq(list, i, j, d));
                const double core = tables->core[work->kind[i] * tables->n_elements + work->kind[j]];
                if (r < pair.r && (atom >= 0 || r < core)) {
                    const bool order = list->atom[i] < list->atom[j];
                    pair = (struct close_pair){.a = list->atom[order ? i : j],
                                               .b = list->atom[order ? j : i], .r = r, .core = core};
                }
            }
        }
    }
    *ret_pair = pair;
    return pair.r < INFINITY;
}

/* Is a pair so close that the potential no longer pushes it apart? Such atoms would fall into one another. */
static isd_status refuse_fallen(const struct neigh_list *list, const struct eam_tables *tables,
                                const struct eam_work *work, isd_error *err)
{
    struct close_pair pair;
    if (!find_close(list, tables, work, -1, &pair)) {
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA,
                  "the atoms with index %d and %d are %.4g apart: below %.4g this potential has no repulsion, such "
                  "atoms would fall into one another",
                  (int)pair.a, (int)pair.b, pair.r, pair.core);
    isd_error_atoms(err, pair.a, pair.b);
    return ISD_DATA;
}

/* Several atoms in one place: each pair may repel, but F(rho) of some tables falls faster than that. */
static isd_status refuse_deep(const struct neigh_list *list, const struct eam_tables *tables,
                              const struct eam_work *work, struct deepest deepest, isd_error *err)
{
    struct close_pair pair;
    if (!find_close(list, tables, work, list->atom[deepest.slot], &pair)) {
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA,
                  "the atoms with index %d and %d (%.4g apart) and those about them are packed so densely that this "
                  "potential has no repulsion left (embedding energy %.4g eV): such atoms would fall into one another",
                  (int)pair.a, (int)pair.b, pair.r, deepest.energy);
    isd_error_atoms(err, pair.a, pair.b);
    return ISD_DATA;
}

struct kernel {
    eam_density_fn *density;
    eam_force_fn *force;
};

static struct kernel kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return (struct kernel){eam_density_avx512, eam_force_avx512};
    case ISA_AVX2:
        return (struct kernel){eam_density_avx2, eam_force_avx2};
#endif
    case ISA_VECTOR:
        return (struct kernel){eam_density_vector, eam_force_vector};
    default:
        return (struct kernel){eam_density_plain, eam_force_plain};
    }
}

static isd_status eam_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                              double *ret_energy, isd_error *err)
{
    const struct eam_tables *tables = tables_of(potential);
    const struct neigh_list *list = frame->list;
    struct eam_work *work = frame->work;
    const struct kernel run = kernel(list->isa);
    double energy = 0, closest = INFINITY;
    if (list->n_block > 0) {
        memset(work->rho, 0, (size_t)list->n_block * NEIGH_BLOCK * sizeof *work->rho);
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t first = 0; first < list->n_quad; first += QUADS_A_POLL) {
            if (isd_control_cancelled(control)) {
                return isd_error_set(err, ISD_CANCELLED, "cancelled");
            }
            const int32_t last = list->n_quad - first < QUADS_A_POLL ? list->n_quad : first + QUADS_A_POLL;
            if (pass == 0) {
                closest = fmin(closest, run.density(list, tables, work, first, last));
            } else {
                energy += run.force(list, tables, work, first, last, frame->f);
            }
        }
        if (pass == 0) {
            struct deepest deepest;
            isd_status status = closest < tables->core_sq ? refuse_fallen(list, tables, work, err) : ISD_OK;
            energy += embed_all(list, tables, work, &deepest);
            if (!status && deepest.slot >= 0) {
                status = refuse_deep(list, tables, work, deepest, err);
            }
            if (status) {
                return status;
            }
        }
    }
    *ret_energy = energy;
    return ISD_OK;
}

static const struct potential_ops alloy_ops = {
    .style = "eam/alloy", .free = eam_free, .prepare = eam_prepare, .compute = eam_compute, .release = eam_release};
static const struct potential_ops fs_ops = {
    .style = "eam/fs", .free = eam_free, .prepare = eam_prepare, .compute = eam_compute, .release = eam_release};

/* --- making one --- */

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
    zero_a = embedding(t, a, 0, &slope);
    zero_b = embedding(t, b, 0, &slope);
    for (int32_t k = (int32_t)fmin(end, sqrt(t->cutoff_sq) * t->per_dr); k >= 1; k--) {
        const double r = k / t->per_dr;
        const struct eam_place at = place_of(t, a, b, r);
        double back, back_slope;
        const double rho = density(t, at, &slope, &back, &back_slope);
        const double energy = pair_energy(t, at, r, &slope) + embedding(t, a, rho, &slope) - zero_a +
                              embedding(t, b, back, &slope) - zero_b;
        wall = wall || energy > WALL;
        innermost = energy;
        if (wall && !(energy < top)) {
            top = energy;
            top_at = r;
        }
    }
    return wall && innermost < top ? top_at : 0;
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
    potential_init(&eam->base, fs ? &fs_ops : &alloy_ops, n_types);
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
    }
    eam_file_done(&file);
    if (status) {
        eam_free(&eam->base);
        return status;
    }
    *ret_potential = &eam->base;
    return ISD_OK;
}
