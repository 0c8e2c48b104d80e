/* Pair potentials: one driver for all. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/pair.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/potential.h"

#define BLOCKS_A_SUM 16
#define BLOCKS_A_POLL 1024 /* some milliseconds of work of the slowest kernel */

static const struct pair_form *const forms[] = {&pair_lj_linear, &pair_lj_quadratic};

struct pair_potential {
    isd_potential base;
    const struct pair_form *form;
    double *cutoffs;
    struct pair_of_kinds pair[]; /* [n_types * n_types] */
};

static void pair_free(isd_potential *potential)
{
    free(((struct pair_potential *)potential)->cutoffs);
    free(potential);
}

static void pair_release(struct pot_frame *frame)
{
    struct pair_work *work = frame->work;
    if (work) {
        for (int32_t k = 0; k < work->n_domain; k++) {
            free(work->kind[k]);
        }
        free(work->kind);
        free(work->room);
        free((void *)work->table);
        free(work);
        frame->work = NULL;
    }
}

/* Types that occur are kinds, in their order. */
static int32_t number_kinds(const struct pot_frame *frame, int32_t n_types, int32_t ret_kind_of_type[ISD_MAX_TYPES],
                            int32_t ret_type_of_kind[ISD_MAX_TYPES])
{
    bool occurs[ISD_MAX_TYPES] = {false};
    int32_t n = 0;
    for (int32_t i = 0; i < frame->list->n; i++) {
        occurs[frame->type[i] - 1] = true;
    }
    for (int32_t t = 0; t < n_types; t++) {
        ret_kind_of_type[t] = n;
        ret_type_of_kind[n] = t;
        n += occurs[t];
    }
    return n;
}

/* Tables of the kinds, and room for those of every slot. The atoms of a frame never change, nor do its domains. */
static isd_status make_work(const struct pair_potential *potential, struct pot_frame *frame,
                            const int32_t *type_of_kind, int32_t n_kinds, isd_error *err)
{
    struct pair_work *work = calloc(1, sizeof *work);
    const int32_t n_domain = frame->list->n_domain, n_types = potential->base.n_types;
    struct pair_of_kinds *table = malloc(((size_t)n_kinds * (size_t)n_kinds + 1) * sizeof *table);
    frame->work = work;
    if (work) {
        work->table = table;
        work->n_kinds = n_kinds;
        work->kind = calloc((size_t)n_domain + 1, sizeof *work->kind);
        work->room = calloc((size_t)n_domain + 1, sizeof *work->room);
    }
    if (!work || !table || !work->kind || !work->room) {
        if (!work) {
            free(table);
        }
        pair_release(frame);
        return isd_error_memory(err);
    }
    work->n_domain = n_domain;
    for (int32_t a = 0; a < n_kinds; a++) {
        for (int32_t b = 0; b < n_kinds; b++) {
            table[a * n_kinds + b] = potential->pair[type_of_kind[a] * n_types + type_of_kind[b]];
        }
    }
    return ISD_OK;
}

static isd_status pair_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    int32_t kind_of_type[ISD_MAX_TYPES], type_of_kind[ISD_MAX_TYPES];
    const int32_t n_kinds = number_kinds(frame, potential->n_types, kind_of_type, type_of_kind);
    isd_status status = ISD_OK;
    if (!frame->work) {
        status = make_work((const struct pair_potential *)potential, frame, type_of_kind, n_kinds, err);
    }
    struct pair_work *work = frame->work;
    for (int32_t k = 0; k < frame->list->n_domain && !status; k++) {
        const struct neigh_domain *d = &frame->list->domain[k];
        const size_t blocks = (size_t)d->n_block;
        if (blocks > work->room[k]) {
            free(work->kind[k]);
            work->room[k] = blocks + blocks / 8;
            work->kind[k] = aligned_alloc(64, work->room[k] * NEIGH_BLOCK * sizeof **work->kind);
            if (!work->kind[k]) {
                work->room[k] = 0;
                return isd_error_memory(err);
            }
        }
        for (size_t slot = 0; slot < blocks * NEIGH_BLOCK; slot++) {
            work->kind[k][slot] = d->atom[slot] < 0 ? 0 : kind_of_type[frame->type[d->atom[slot]] - 1];
        }
    }
    return status;
}

/* One evaluation. */
struct run {
    struct pot_frame *frame;
    const struct pair_work *work;
    isd_control *control;
    pair_fn *kernel;
    bool energy;
};

/* Compensated: a quench compares energies down to their last digits. */
static void add(double *sum, double *lost, double x)
{
    const double part = x - *lost, more = *sum + part;
    *lost = (more - *sum) - part;
    *sum = more;
}

static void run_domain(void *arg, int32_t k)
{
    const struct run *run = arg;
    struct neigh_domain *d = &run->frame->list->domain[k];
    double energy = 0, lost = 0;
    neigh_domain_begin(run->frame->list, k);
    for (int32_t first = 0; first < d->n_own; first += BLOCKS_A_SUM) {
        const int32_t last = d->n_own - first < BLOCKS_A_SUM ? d->n_own : first + BLOCKS_A_SUM;
        if (first % BLOCKS_A_POLL == 0 && isd_control_cancelled(run->control)) {
            return;
        }
        add(&energy, &lost, run->kernel(d, run->work, run->work->kind[k], first, last, run->energy));
    }
    d->energy = energy;
}

static isd_status pair_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                               double *ret_energy, isd_error *err)
{
    const struct pair_potential *pair = (const struct pair_potential *)potential;
    struct run run = {.frame = frame,
                      .work = frame->work,
                      .control = control,
                      .kernel = pair->form->kernel[frame->list->isa],
                      .energy = ret_energy != NULL};
    double energy = 0, lost = 0;
    isd_control_for(control, frame->list->n_domain, run_domain, &run);
    if (isd_control_cancelled(control)) {
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (int32_t k = 0; k < frame->list->n_domain && ret_energy; k++) {
        add(&energy, &lost, frame->list->domain[k].energy);
    }
    if (ret_energy) {
        *ret_energy = energy;
    }
    return ISD_OK;
}

struct sharing {
    const struct pot_frame *frame;
    const struct pair_form *form;
    isd_control *control;
};

static void share_domain(void *arg, int32_t k)
{
    const struct sharing *sharing = arg;
    const struct pair_work *work = sharing->frame->work;
    const struct neigh_domain *d = &sharing->frame->list->domain[k];
    neigh_domain_begin(sharing->frame->list, k);
    for (int32_t first = 0; first < d->n_own && !isd_control_cancelled(sharing->control); first += BLOCKS_A_POLL) {
        sharing->form->shares(d, work, work->kind[k], first, d->n_own - first < BLOCKS_A_POLL ? d->n_own : first + BLOCKS_A_POLL);
    }
}

static isd_status pair_shares_of(const isd_potential *potential, struct pot_frame *frame, isd_control *control, isd_error *err)
{
    struct sharing sharing = {frame, ((const struct pair_potential *)potential)->form, control};
    (void)err;
    isd_control_for(control, frame->list->n_domain, share_domain, &sharing);
    return ISD_OK;
}

static const struct potential_ops pair_ops = {.style = "pair",
                                              .free = pair_free,
                                              .prepare = pair_prepare,
                                              .compute = pair_compute,
                                              .release = pair_release,
                                              .shares = pair_shares_of};

static isd_status check_one(const isd_lj_pair *pairs, int32_t n_types, int32_t i, int32_t j, isd_error *err)
{
    const isd_lj_pair *p = &pairs[i * n_types + j], *mirror = &pairs[j * n_types + i];
    const int a = (int)(i < j ? i : j) + 1, b = (int)(i < j ? j : i) + 1;
    if (!p->set || !mirror->set) {
        isd_error_set(err, ISD_USAGE, "no coefficients for the pair of types %d and %d", a, b);
        isd_error_hint(err, "pair_coeff %d %d EPSILON SIGMA CUTOFF", a, b);
        return ISD_USAGE;
    }
    if (!isfinite(p->epsilon) || !isfinite(p->sigma) || !isfinite(p->cutoff) || p->sigma < 0 ||
        !(p->cutoff > 0)) {
        return isd_error_set(err, ISD_USAGE,
                             "coefficients of the pair of types %d and %d: epsilon %g, sigma %g, cutoff %g "
                             "(finite numbers wanted, sigma not negative, cutoff positive)",
                             a, b, p->epsilon, p->sigma, p->cutoff);
    }
    if (p->epsilon != mirror->epsilon || p->sigma != mirror->sigma || p->cutoff != mirror->cutoff) {
        return isd_error_set(err, ISD_USAGE,
                             "the pair of types %d and %d has two different sets of coefficients", a, b);
    }
    return ISD_OK;
}

static isd_status check_all(const isd_lj_pair *pairs, int32_t n_types, isd_error *err)
{
    if (n_types < 1 || n_types > ISD_MAX_TYPES) {
        return isd_error_set(err, ISD_USAGE, "%d types of atoms, expected 1 to %d", (int)n_types,
                             ISD_MAX_TYPES);
    }
    for (int32_t k = 0; k < n_types * n_types; k++) {
        const isd_status status = check_one(pairs, n_types, k / n_types, k % n_types, err);
        if (status) {
            return status;
        }
    }
    return ISD_OK;
}

isd_status pair_potential_new(const struct pair_form *form, const char *name, bool continuous, const isd_lj_pair *pairs,
                              int32_t n_types, isd_potential **ret_potential, isd_error *err)
{
    const isd_status status = check_all(pairs, n_types, err);
    if (status) {
        return status;
    }
    const size_t n_pairs = (size_t)n_types * (size_t)n_types;
    struct pair_potential *made = calloc(1, sizeof *made + n_pairs * sizeof *made->pair);
    double *cutoffs = malloc(n_pairs * sizeof *cutoffs);
    if (!made || !cutoffs) {
        free(made);
        free(cutoffs);
        return isd_error_memory(err);
    }
    potential_init(&made->base, &pair_ops, n_types);
    snprintf(made->base.name, sizeof made->base.name, "%s", name);
    made->form = form;
    made->base.cutoffs = made->cutoffs = cutoffs;
    for (size_t k = 0; k < n_pairs; k++) {
        form->prepare(&pairs[k], made->pair[k].constants);
        cutoffs[k] = pairs[k].cutoff;
        made->pair[k].cutoff_sq = pairs[k].cutoff * pairs[k].cutoff;
        made->base.cutoff = fmax(made->base.cutoff, pairs[k].cutoff);
        made->base.length = fmax(made->base.length, pairs[k].sigma);
    }
    if (!(made->base.length > 0)) {
        made->base.length = 0.4 * made->base.cutoff; /* all sigma 0: no force at all, any skin will do */
    }
    made->base.continuous = continuous;
    *ret_potential = &made->base;
    return ISD_OK;
}

static const struct pair_form *find(const char *style)
{
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        if (strcmp(forms[k]->style, style) == 0) {
            return forms[k];
        }
    }
    return NULL;
}

isd_status isd_potential_pair(const char *style, const isd_lj_pair *pairs, int32_t n_types,
                              isd_potential **ret_potential, isd_error *err)
{
    const struct pair_form *form = find(style);
    if (!form) {
        return isd_error_set(err, ISD_USAGE, "there is no pair potential '%s'", style);
    }
    return pair_potential_new(form, form->style, true, pairs, n_types, ret_potential, err);
}
