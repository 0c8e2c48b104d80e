/* Embedded atoms, eam/alloy and eam/fs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/eam.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/eam_file.h"
#include "pot/potential.h"

#define BLOCKS_A_POLL 512
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
        for (int32_t k = 0; k < work->n_domain; k++) {
            free(work->share[k].kind);
            free(work->share[k].offset);
            free(work->share[k].rho);
            free(work->share[k].push);
        }
        free(work->share);
        free(work);
        frame->work = NULL;
    }
}

static isd_status share_room(struct eam_share *share, int32_t blocks, isd_error *err)
{
    if (blocks > share->room) {
        const size_t room = (size_t)blocks + (size_t)blocks / 8, slots = room * NEIGH_BLOCK;
        free(share->kind);
        free(share->offset);
        free(share->rho);
        free(share->push);
        share->room = 0;
        share->kind = malloc(slots * sizeof *share->kind);
        share->offset = malloc(slots * sizeof *share->offset);
        share->rho = malloc(slots * sizeof *share->rho);
        share->push = aligned_alloc(64, 4 * slots * sizeof *share->push);
        if (!share->kind || !share->offset || !share->rho || !share->push) {
            return isd_error_memory(err);
        }
        share->room = (int32_t)room;
    }
    return ISD_OK;
}

static isd_status make_work(struct pot_frame *frame, isd_error *err)
{
    struct eam_work *work = calloc(1, sizeof *work);
    struct eam_share *share = calloc((size_t)frame->list->n_domain + 1, sizeof *share);
    if (!work || !share) {
        free(work);
        free(share);
        return isd_error_memory(err);
    }
    work->share = share;
    work->n_domain = frame->list->n_domain;
    frame->work = work;
    return ISD_OK;
}

static isd_status eam_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    const struct eam_tables *tables = tables_of(potential);
    isd_status status = frame->work ? ISD_OK : make_work(frame, err);
    for (int32_t k = 0; k < frame->list->n_domain && !status; k++) {
        const struct neigh_domain *d = &frame->list->domain[k];
        struct eam_share *share = &((struct eam_work *)frame->work)->share[k];
        status = share_room(share, d->n_block, err);
        for (int32_t slot = 0; slot < d->n_block * NEIGH_BLOCK && !status; slot++) {
            const int32_t atom = d->atom[slot];
            share->kind[slot] = atom < 0 ? -1 : tables->element[frame->type[atom] - 1];
            share->offset[slot] = atom < 0 ? 0 : share->kind[slot] * tables->n_r;
        }
    }
    return status;
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

static double distance_sq(const struct neigh_domain *domain, int32_t i, int32_t j, double d[3])
{
    const double *a = domain->r + neigh_at(i), *b = domain->r + neigh_at(j);
    for (int q = 0; q < 3; q++) {
        d[q] = a[q * NEIGH_BLOCK] - b[q * NEIGH_BLOCK];
    }
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

/* Slots from ... to - 1: entry e of the row of slot i; the one before the first is the rest of its own block. */
struct run {
    int32_t from, to;
};

static struct run run_of(const struct neigh_domain *domain, int32_t i, int64_t e, int32_t width)
{
    if (e < domain->inner.start[i]) {
        return (struct run){i + 1, (i / NEIGH_BLOCK + 1) * NEIGH_BLOCK};
    }
    return (struct run){width * domain->inner.entry[e], width * domain->inner.entry[e] + width};
}

double eam_density_plain(const struct neigh_domain *domain, const struct eam_tables *tables, struct eam_share *share,
                         int32_t first, int32_t last)
{
    double closest = INFINITY;
    for (int32_t i = first * NEIGH_BLOCK; i < last * NEIGH_BLOCK && share->kind[i] >= 0; i++) {
        for (int64_t e = domain->inner.start[i] - 1; e < domain->inner.start[i + 1]; e++) {
            const struct run run = run_of(domain, i, e, neigh_unit(ISA_PLAIN));
            for (int32_t j = run.from; j < run.to; j++) {
                double d[3], slope, back, back_slope;
                const double square = distance_sq(domain, i, j, d);
                if (share->kind[j] < 0 || !(square < tables->cutoff_sq)) {
                    continue;
                }
                closest = square < closest ? square : closest;
                const struct eam_place at = place_of(tables, share->kind[i], share->kind[j], sqrt(square));
                share->rho[i] += density(tables, at, &slope, &back, &back_slope);
                share->rho[j] += back;
            }
        }
    }
    return closest;
}

double eam_force_plain(const struct neigh_domain *domain, const struct eam_tables *tables, struct eam_share *share,
                       int32_t first, int32_t last)
{
    double energy = 0;
    for (int32_t i = first * NEIGH_BLOCK; i < last * NEIGH_BLOCK && share->kind[i] >= 0; i++) {
        double *fi = share->push + 4 * (size_t)i;
        for (int64_t e = domain->inner.start[i] - 1; e < domain->inner.start[i + 1]; e++) {
            const struct run run = run_of(domain, i, e, neigh_unit(ISA_PLAIN));
            for (int32_t j = run.from; j < run.to; j++) {
                double d[3], slope, back, back_slope, phi_slope;
                const double square = distance_sq(domain, i, j, d);
                if (share->kind[j] < 0 || !(square < tables->cutoff_sq)) {
                    continue;
                }
                const double r = sqrt(square);
                const struct eam_place at = place_of(tables, share->kind[i], share->kind[j], r);
                density(tables, at, &slope, &back, &back_slope);
                energy += pair_energy(tables, at, r, &phi_slope);
                const double s = -(share->rho[i] * slope + share->rho[j] * back_slope + phi_slope) / r;
                double *fj = share->push + 4 * (size_t)j;
                for (int q = 0; q < 3; q++) {
                    fi[q] += s * d[q];
                    fj[q] -= s * d[q];
                }
            }
        }
    }
    return energy;
}

/* --- one evaluation --- */

/* Densities of copies belong to their owners; then F of each atom of the domain, and F' in its place. */
static void embed_domain(const struct neigh_list *list, const struct eam_tables *tables, struct eam_work *work, int32_t k)
{
    const struct neigh_domain *d = &list->domain[k];
    struct eam_share *share = &work->share[k];
    share->deepest = -1;
    share->depth = DEEPEST;
    share->energy = 0;
    for (int32_t slot = 0; slot < d->n_own * NEIGH_BLOCK && share->kind[slot] >= 0; slot++) {
        const int32_t block = d->first + slot / NEIGH_BLOCK;
        double rho = share->rho[slot], slope;
        for (int32_t e = list->follow_start[block]; e < list->follow_start[block + 1]; e++) {
            const struct neigh_place *copy = &list->follower[e];
            rho += work->share[copy->domain].rho[NEIGH_BLOCK * copy->block + slot % NEIGH_BLOCK];
        }
        const double f = embedding(tables, share->kind[slot], rho, &slope);
        if (f < share->depth) {
            share->deepest = slot;
            share->depth = f;
        }
        share->energy += f;
        share->rho[slot] = slope;
    }
}

/* F' of the halo, from the owners. */
static void spread_slopes(const struct neigh_list *list, struct eam_work *work, int32_t k)
{
    const struct neigh_domain *d = &list->domain[k];
    for (int32_t block = d->n_own; block < d->n_block; block++) {
        const struct neigh_place *owner = &d->owner[block - d->n_own];
        memcpy(work->share[k].rho + NEIGH_BLOCK * (size_t)block,
               work->share[owner->domain].rho + NEIGH_BLOCK * (size_t)owner->block, NEIGH_BLOCK * sizeof(double));
    }
}

struct close_pair {
    int32_t a, b; /* atoms, a < b */
    double r, core;
};

/* The closest pair below its core; of atom >= 0: the pair of that atom that is closest. */
static void find_close(const struct neigh_list *list, const struct eam_tables *tables, const struct eam_work *work,
                       int32_t k, int32_t atom, struct close_pair *pair)
{
    const struct neigh_domain *d = &list->domain[k];
    const int32_t *kind = work->share[k].kind;
    for (int32_t i = 0; i < d->n_own * NEIGH_BLOCK && kind[i] >= 0; i++) {
        for (int64_t e = d->inner.start[i] - 1; e < d->inner.start[i + 1]; e++) {
            const struct run run = run_of(d, i, e, neigh_unit(list->isa));
            for (int32_t j = run.from; j < run.to; j++) {
                double v[3];
                if (kind[j] < 0 || (atom >= 0 && d->atom[i] != atom && d->atom[j] != atom)) {
                    continue;
                }
                const double r = sqrt(distance_sq(d, i, j, v)), core = tables->core[kind[i] * tables->n_elements + kind[j]];
                if (r < pair->r && (atom >= 0 || r < core)) {
                    const bool order = d->atom[i] < d->atom[j];
                    *pair = (struct close_pair){
                        .a = d->atom[order ? i : j], .b = d->atom[order ? j : i], .r = r, .core = core};
                }
            }
        }
    }
}

static struct close_pair closest_pair(const struct neigh_list *list, const struct eam_tables *tables,
                                      const struct eam_work *work, int32_t atom)
{
    struct close_pair pair = {.r = INFINITY};
    for (int32_t k = 0; k < list->n_domain; k++) {
        find_close(list, tables, work, k, atom, &pair);
    }
    return pair;
}

/* Is a pair so close that the potential no longer pushes it apart? Such atoms would fall into one another. */
static isd_status refuse_fallen(const struct neigh_list *list, const struct eam_tables *tables,
                                const struct eam_work *work, isd_error *err)
{
    const struct close_pair pair = closest_pair(list, tables, work, -1);
    if (isinf(pair.r)) {
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
                              const struct eam_work *work, int32_t atom, double depth, isd_error *err)
{
    const struct close_pair pair = closest_pair(list, tables, work, atom);
    if (isinf(pair.r)) {
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA,
                  "the atoms with index %d and %d (%.4g apart) and those about them are packed so densely that this "
                  "potential has no repulsion left (embedding energy %.4g eV): such atoms would fall into one another",
                  (int)pair.a, (int)pair.b, pair.r, depth);
    isd_error_atoms(err, pair.a, pair.b);
    return ISD_DATA;
}

struct kernel {
    eam_pass_fn *density, *force;
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

struct evaluation {
    const struct neigh_list *list;
    const struct eam_tables *tables;
    struct eam_work *work;
    isd_control *control;
    struct kernel run;
};

static void densities(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    const struct neigh_domain *d = &e->list->domain[k];
    struct eam_share *share = &e->work->share[k];
    neigh_domain_begin(e->list, k);
    share->closest = INFINITY;
    if (d->n_block > 0) {
        memset(share->rho, 0, (size_t)d->n_block * NEIGH_BLOCK * sizeof *share->rho);
    }
    for (int32_t first = 0; first < d->n_own && !isd_control_cancelled(e->control); first += BLOCKS_A_POLL) {
        const int32_t last = d->n_own - first < BLOCKS_A_POLL ? d->n_own : first + BLOCKS_A_POLL;
        share->closest = fmin(share->closest, e->run.density(d, e->tables, share, first, last));
    }
}

static void embeddings(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    embed_domain(e->list, e->tables, e->work, k);
}

static void forces(void *arg, int32_t k)
{
    const struct evaluation *e = arg;
    const struct neigh_domain *d = &e->list->domain[k];
    struct eam_share *share = &e->work->share[k];
    spread_slopes(e->list, e->work, k);
    if (d->n_block > 0) {
        memset(share->push, 0, 4 * (size_t)d->n_block * NEIGH_BLOCK * sizeof *share->push);
    }
    for (int32_t first = 0; first < d->n_own && !isd_control_cancelled(e->control); first += BLOCKS_A_POLL) {
        const int32_t last = d->n_own - first < BLOCKS_A_POLL ? d->n_own : first + BLOCKS_A_POLL;
        share->energy += e->run.force(d, e->tables, share, first, last);
    }
    for (int32_t slot = 0; slot < d->n_block * NEIGH_BLOCK; slot++) {
        for (size_t q = 0; q < 3; q++) {
            d->f[neigh_at(slot) + NEIGH_BLOCK * q] = share->push[4 * (size_t)slot + q];
        }
    }
}

/* Between the passes: are there atoms that no tables hold apart? */
static isd_status refuse(const struct evaluation *e, isd_error *err)
{
    const struct eam_share *share = e->work->share;
    double closest = INFINITY, depth = DEEPEST;
    int32_t deepest = -1;
    for (int32_t k = 0; k < e->list->n_domain; k++) {
        closest = fmin(closest, share[k].closest);
        if (share[k].deepest >= 0 && share[k].depth < depth) {
            depth = share[k].depth;
            deepest = e->list->domain[k].atom[share[k].deepest];
        }
    }
    isd_status status = closest < e->tables->core_sq ? refuse_fallen(e->list, e->tables, e->work, err) : ISD_OK;
    if (!status && deepest >= 0) {
        status = refuse_deep(e->list, e->tables, e->work, deepest, depth, err);
    }
    return status;
}

static isd_status eam_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                              double *ret_energy, isd_error *err)
{
    struct evaluation e = {.list = frame->list,
                           .tables = tables_of(potential),
                           .work = frame->work,
                           .control = control,
                           .run = kernel(frame->list->isa)};
    const int32_t domains = frame->list->n_domain;
    isd_control_for(control, domains, densities, &e);
    if (!isd_control_cancelled(control)) {
        isd_control_for(control, domains, embeddings, &e);
        const isd_status status = refuse(&e, err);
        if (status) {
            return status;
        }
        isd_control_for(control, domains, forces, &e);
    }
    if (isd_control_cancelled(control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    double energy = 0;
    for (int32_t k = 0; k < domains; k++) {
        energy += e.work->share[k].energy;
    }
    if (ret_energy) {
        *ret_energy = energy;
    }
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
