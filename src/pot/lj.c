/* Lennard-Jones, cut, with or without an energy shift. SPDX-License-Identifier: GPL-3.0-or-later */
#include "pot/lj.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pot/pair.h"
#include "pot/potential.h"

#define ROWS_AT_MOST                                                                                         \
    ((size_t)1 << 28) /* bytes of coefficients per slot; beyond it the plain kernel looks them up */
#define QUADS_A_SUM 32
#define ENTRIES_A_POLL 100000 /* some 2 ms of work between two questions about a cancel */

struct lj_potential {
    isd_potential base;
    struct lj_coefficients pair[]; /* [n_types * n_types] */
};

static void lj_free(isd_potential *potential)
{
    free(potential);
}

static void lj_release(struct pot_frame *frame)
{
    struct lj_work *work = frame->work;
    if (work) {
        free(work->rows);
        free(work->row);
        free(work->type);
        free(work);
        frame->work = NULL;
    }
}

static lj_fn *kernel(enum isa isa)
{
    switch (isa) {
#if defined(__x86_64__)
    case ISA_AVX512:
        return lj_avx512;
    case ISA_AVX2:
        return lj_avx2;
#endif
    case ISA_VECTOR:
        return lj_vector;
    default:
        return lj_plain;
    }
}

/* Rows are numbered in the order of types that occur. */
static int32_t number_rows(const struct pot_frame *frame, int32_t n_types, int32_t *ret_row_of_type)
{
    for (int32_t t = 0; t < n_types; t++) {
        ret_row_of_type[t] = -1;
    }
    for (int32_t i = 0; i < frame->list->n; i++) {
        ret_row_of_type[frame->type[i] - 1] = 0;
    }
    int32_t n = 0;
    for (int32_t t = 0; t < n_types; t++) {
        if (ret_row_of_type[t] == 0) {
            ret_row_of_type[t] = n++;
        }
    }
    return n;
}

static isd_status make_room(struct lj_work *work, int32_t slots, size_t rows, isd_error *err)
{
    if (slots > work->slots) {
        free(work->row);
        free(work->type);
        work->slots = 0;
        work->row = malloc((size_t)slots * sizeof *work->row);
        work->type = malloc((size_t)slots * sizeof *work->type);
        if (!work->row || !work->type) {
            return isd_error_memory(err);
        }
        work->slots = slots;
    }
    if (rows > work->room || rows == 0) {
        free(work->rows);
        work->room = 0;
        work->rows = NULL;
        if (rows > 0) {
            work->rows = aligned_alloc(64, rows * sizeof *work->rows);
            if (!work->rows) {
                return isd_error_memory(err);
            }
            work->room = rows;
        }
    }
    return ISD_OK;
}

static void fill_row(struct lj_work *work, int32_t row, int32_t type, int32_t n_block)
{
    const struct lj_coefficients *against = work->pair + (size_t)type * (size_t)work->n_types;
    double *out = work->rows + (size_t)row * (size_t)n_block * LJ_COLUMNS * NEIGH_BLOCK;
    for (int32_t block = 0; block < n_block; block++) {
        for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
            const int32_t other = work->type[NEIGH_BLOCK * block + lane];
            const struct lj_coefficients c = other >= 0 ? against[other] : (struct lj_coefficients){0};
            out[LJ_A * NEIGH_BLOCK + lane] = c.a;
            out[LJ_B * NEIGH_BLOCK + lane] = c.b;
            out[LJ_CUTOFF * NEIGH_BLOCK + lane] = c.cutoff_sq;
            out[LJ_SHIFT * NEIGH_BLOCK + lane] = c.shift;
        }
        out += LJ_COLUMNS * NEIGH_BLOCK;
    }
}

static isd_status lj_prepare(const isd_potential *potential, struct pot_frame *frame, isd_error *err)
{
    const struct neigh_list *list = frame->list;
    if (!frame->work) {
        frame->work = calloc(1, sizeof(struct lj_work));
        if (!frame->work) {
            return isd_error_memory(err);
        }
    }
    struct lj_work *work = frame->work;
    int32_t row_of_type[ISD_MAX_TYPES];
    work->n_types = potential->n_types;
    work->pair = ((const struct lj_potential *)potential)->pair;
    work->n_rows = number_rows(frame, work->n_types, row_of_type);
    size_t size = (size_t)work->n_rows * (size_t)list->n_block * LJ_COLUMNS * NEIGH_BLOCK;
    if (list->isa == ISA_PLAIN || size > ROWS_AT_MOST / sizeof(double)) {
        size = 0;
    }
    const isd_status status = make_room(work, list->n_block * NEIGH_BLOCK, size, err);
    if (status) {
        return status;
    }
    for (int32_t slot = 0; slot < list->n_block * NEIGH_BLOCK; slot++) {
        work->type[slot] = list->atom[slot] < 0 ? -1 : frame->type[list->atom[slot]] - 1;
        work->row[slot] = list->atom[slot] < 0 ? 0 : row_of_type[work->type[slot]];
    }
    for (int32_t t = 0; t < work->n_types && size > 0; t++) {
        if (row_of_type[t] >= 0) {
            fill_row(work, row_of_type[t], t, list->n_block);
        }
    }
    return ISD_OK;
}

static isd_status lj_compute(const isd_potential *potential, struct pot_frame *frame, isd_control *control,
                             double *ret_energy, isd_error *err)
{
    (void)potential;
    const struct neigh_list *list = frame->list;
    const struct lj_work *work = frame->work;
    lj_fn *run = kernel(work->rows ? list->isa : ISA_PLAIN);
    const int64_t *start = list->inner.start;
    int64_t asked = -ENTRIES_A_POLL;
    double energy = 0, lost = 0;
    for (int32_t first = 0; first < list->n_quad; first += QUADS_A_SUM) {
        if (start[first] - asked >= ENTRIES_A_POLL) {
            asked = start[first];
            if (isd_control_cancelled(control)) {
                return isd_error_set(err, ISD_CANCELLED, "cancelled");
            }
        }
        const int32_t last = list->n_quad - first < QUADS_A_SUM ? list->n_quad : first + QUADS_A_SUM;
        /* compensated: a quench compares energies down to their last digits */
        const double part = run(list, work, first, last, frame->f) - lost, sum = energy + part;
        lost = (sum - energy) - part;
        energy = sum;
    }
    *ret_energy = energy;
    return ISD_OK;
}

static const struct potential_ops lj_ops = {
    .style = "lj/cut", .free = lj_free, .prepare = lj_prepare, .compute = lj_compute, .release = lj_release};

/* The reference: one pair at a time. */
double lj_plain(const struct neigh_list *list, const struct lj_work *work, int32_t first, int32_t last,
                double *f)
{
    double energy = 0;
    for (int32_t i = first * NEIGH_QUAD; i < last * NEIGH_QUAD; i++) {
        if (work->type[i] < 0) {
            continue;
        }
        const struct lj_coefficients *against = work->pair + (size_t)work->type[i] * (size_t)work->n_types;
        const size_t at = (size_t)(i / 8) * NEIGH_STRIDE + (size_t)(i % 8);
        const double *ri = list->r + at;
        double *fi = f + at;
        for (int64_t e = list->inner.start[i / 4]; e < list->inner.start[i / 4 + 1]; e++) {
            const int32_t block = list->inner.block[e];
            for (int lane = 0; lane < NEIGH_BLOCK; lane++) {
                const int32_t j = NEIGH_BLOCK * block + lane;
                if (work->type[j] < 0 || j <= i) {
                    continue;
                }
                const double *rj = list->r + (size_t)block * NEIGH_STRIDE + lane;
                double *fj = f + (size_t)block * NEIGH_STRIDE + lane;
                const double d[3] = {ri[0] - rj[0], ri[8] - rj[8], ri[16] - rj[16]};
                const double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
                const struct lj_coefficients *c = &against[work->type[j]];
                if (square < c->cutoff_sq) {
                    const double u = 1 / square, u3 = u * u * u;
                    energy += u3 * (c->a * u3 - c->b) - c->shift;
                    const double s = 6 * u3 * u * (2 * c->a * u3 - c->b);
                    for (int q = 0; q < 3; q++) {
                        fi[8 * q] += s * d[q];
                        fj[8 * q] -= s * d[q];
                    }
                }
            }
        }
    }
    return energy;
}

static struct lj_coefficients coefficients(const isd_lj_pair *p, bool shift)
{
    const double s6 = pow(p->sigma, 6.0), x6 = pow(p->sigma / p->cutoff, 6.0);
    return (struct lj_coefficients){.a = 4 * p->epsilon * s6 * s6,
                                    .b = 4 * p->epsilon * s6,
                                    .cutoff_sq = p->cutoff * p->cutoff,
                                    .shift = shift ? 4 * p->epsilon * (x6 * x6 - x6) : 0};
}

isd_status isd_potential_lj(const isd_lj_pair *pairs, int32_t n_types, bool shift,
                            isd_potential **ret_potential, isd_error *err)
{
    const isd_status status = pair_coefficients_check(pairs, n_types, err);
    if (status) {
        return status;
    }
    const size_t n_pairs = (size_t)n_types * (size_t)n_types;
    struct lj_potential *lj = calloc(1, sizeof *lj + n_pairs * sizeof *lj->pair);
    if (!lj) {
        return isd_error_memory(err);
    }
    potential_init(&lj->base, &lj_ops, n_types);
    snprintf(lj->base.name, sizeof lj->base.name, "lj/cut%s", shift ? ", energy-shifted" : ", not shifted");
    bool jumps = false;
    for (int32_t i = 0; i < n_types; i++) {
        for (int32_t j = 0; j < n_types; j++) {
            const isd_lj_pair *p = &pairs[i * n_types + j];
            lj->pair[i * n_types + j] = coefficients(p, shift);
            lj->base.cutoff = fmax(lj->base.cutoff, p->cutoff);
            lj->base.length = fmax(lj->base.length, p->sigma);
            const double x = p->sigma / p->cutoff;
            jumps = jumps || (!shift && p->epsilon * (pow(x, 12) - pow(x, 6)) != 0);
        }
    }
    if (!(lj->base.length > 0)) {
        lj->base.length = 0.4 * lj->base.cutoff; /* all sigma 0: no force at all, any skin will do */
    }
    lj->base.continuous = !jumps;
    *ret_potential = &lj->base;
    return ISD_OK;
}
