/* Pair potentials of the common kind: one loop for all. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/pair.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/potential.h"

#define QUADS_A_POLL 1024

static const struct pair_form *const forms[] = {&pair_lj_linear, &pair_lj_quadratic};

struct pair_of_types {
    double cutoff_sq, constants[PAIR_CONSTANTS];
};

struct pair_potential {
    isd_potential base;
    const struct pair_form *form;
    struct pair_of_types pair[]; /* [n_types * n_types] */
};

static void pair_free(isd_potential *potential)
{
    free(potential);
}

static void pair_release(struct pot_frame *frame)
{
    (void)frame;
}

static isd_status pair_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    (void)potential;
    (void)frame;
    (void)err;
    return ISD_OK;
}

static const double *place(const double *array, int32_t slot)
{
    return array + (size_t)(slot / NEIGH_BLOCK) * NEIGH_STRIDE + slot % NEIGH_BLOCK;
}

/* Atom in slot i against a block. */
static double meet(const struct pair_potential *potential, struct pot_frame *frame, int32_t i, int32_t block)
{
    const struct neigh_list *list = frame->list;
    const struct pair_of_types *against =
        potential->pair + (size_t)(frame->type[list->atom[i]] - 1) * (size_t)potential->base.n_types;
    const double *a = place(list->r, i);
    double *fi = frame->f + (a - list->r), energy = 0;
    for (int32_t j = block * NEIGH_BLOCK; j < (block + 1) * NEIGH_BLOCK; j++) {
        if (list->atom[j] < 0 || j <= i) {
            continue;
        }
        const double *b = place(list->r, j);
        const double d[3] = {a[0] - b[0], a[8] - b[8], a[16] - b[16]};
        const double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        const struct pair_of_types *p = &against[frame->type[list->atom[j]] - 1];
        if (square < p->cutoff_sq) {
            double force, *fj = frame->f + (b - list->r);
            energy += potential->form->evaluate(p->constants, square, &force);
            for (int q = 0; q < 3; q++) {
                fi[q * NEIGH_BLOCK] += force * d[q];
                fj[q * NEIGH_BLOCK] -= force * d[q];
            }
        }
    }
    return energy;
}

static isd_status pair_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                               double *ret_energy, isd_error *err)
{
    const struct neigh_list *list = frame->list;
    double energy = 0;
    for (int32_t quad = 0; quad < list->n_quad; quad++) {
        if (quad % QUADS_A_POLL == 0 && isd_control_cancelled(control)) {
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
        for (int32_t i = NEIGH_QUAD * quad; i < NEIGH_QUAD * (quad + 1); i++) {
            for (int64_t e = list->inner.start[quad]; list->atom[i] >= 0 && e < list->inner.start[quad + 1]; e++) {
                energy += meet((const struct pair_potential *)potential, frame, i, list->inner.block[e]);
            }
        }
    }
    *ret_energy = energy;
    return ISD_OK;
}

static const struct potential_ops pair_ops = {
    .style = "pair", .free = pair_free, .prepare = pair_prepare, .compute = pair_compute, .release = pair_release};

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

isd_status pair_coefficients_check(const isd_lj_pair *pairs, int32_t n_types, isd_error *err)
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
    const isd_status status = pair_coefficients_check(pairs, n_types, err);
    if (status) {
        return status;
    }
    const size_t n_pairs = (size_t)n_types * (size_t)n_types;
    struct pair_potential *made = calloc(1, sizeof *made + n_pairs * sizeof *made->pair);
    if (!made) {
        return isd_error_memory(err);
    }
    potential_init(&made->base, &pair_ops, n_types);
    snprintf(made->base.name, sizeof made->base.name, "%s", form->style);
    made->form = form;
    for (size_t k = 0; k < n_pairs; k++) {
        form->prepare(&pairs[k], made->pair[k].constants);
        made->pair[k].cutoff_sq = pairs[k].cutoff * pairs[k].cutoff;
        made->base.cutoff = fmax(made->base.cutoff, pairs[k].cutoff);
        made->base.length = fmax(made->base.length, pairs[k].sigma);
    }
    if (!(made->base.length > 0)) {
        made->base.length = 0.4 * made->base.cutoff; /* all sigma 0: no force at all, any skin will do */
    }
    made->base.continuous = true;
    *ret_potential = &made->base;
    return ISD_OK;
}
