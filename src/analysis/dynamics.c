/* How far atoms have moved: MSD, F_s, Q, alpha_2, van Hove. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/near.h"

#define POLL 256 /* atoms between two looks at the cancel flag */

static double phase_average(double ku, int dim)
{
    if (dim == 2)
        return j0(ku);
    return ku < 1e-4 ? 1 - ku * ku / 6 : sin(ku) / ku;
}

/* --- the cage ---------------------------------------------------------------------------------------------------------- */

struct cage {
    const double *vector;
    int32_t self, count;
    double sum[3];
};

static bool add_neighbour(void *arg, int32_t j, double value)
{
    struct cage *cage = arg;
    (void)value;
    if (j == cage->self)
        return true;
    cage->count++;
    for (int c = 0; c < 3; c++)
        cage->sum[c] += cage->vector[3 * (size_t)j + c];
    return true;
}

/* Adds |u - mean of the neighbours' u|^2 to the sums of atom i's type and of all. */
static void add_cage(const struct near *near, const isd_snapshot *s, const double *vector, double reach, int32_t i, double *sum, double *count)
{
    struct cage cage = {.vector = vector, .self = i};
    double sq = 0;
    near_visit(near, s->position + 3 * (size_t)i, reach * reach, add_neighbour, &cage);
    if (cage.count == 0)
        return;
    for (int c = 0; c < s->box.dim; c++) {
        double d = vector[3 * (size_t)i + c] - cage.sum[c] / cage.count;
        sq += d * d;
    }
    sum[0] += sq;
    count[0] += 1;
    sum[s->type[i]] += sq;
    count[s->type[i]] += 1;
}

static isd_status cage_relative(const isd_snapshot *s, const double *vector, double reach, isd_control *control,
                                struct dynamics_sample *sample, isd_error *err)
{
    double sum[ISD_MAX_TYPES + 1] = {0}, count[ISD_MAX_TYPES + 1] = {0};
    isd_lattice lattice;
    struct near near;
    isd_lattice_init(&lattice, &s->box);
    isd_status status = near_init(&near, &lattice, s->position, NULL, s->n, err);
    if (status != ISD_OK)
        return status;
    for (int32_t i = 0; i < s->n && status == ISD_OK; i++) {
        if (i % POLL == 0 && isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
        add_cage(&near, s, vector, reach, i, sum, count);
    }
    near_done(&near);
    for (int t = 0; t <= s->n_types; t++)
        sample[t].msd_cage = count[t] > 0 ? sum[t] / count[t] : NAN;
    return status;
}

/* --- moments ------------------------------------------------------------------------------------------------------------- */

isd_status dynamics_between(const isd_snapshot *first, const double *vector, const struct dynamics_options *options, isd_control *control,
                            struct dynamics_sample *ret_sample, isd_error *err)
{
    struct dynamics_sample sample[ISD_MAX_TYPES + 1] = {{0}};
    int dim = first->box.dim;
    for (int32_t i = 0; i < first->n; i++) {
        struct dynamics_sample *own = &sample[first->type[i]];
        double sq = 0;
        for (int c = 0; c < dim; c++)
            sq += vector[3 * (size_t)i + c] * vector[3 * (size_t)i + c];
        double u = sqrt(sq);
        own->n++;
        own->msd += sq;
        own->u4 += sq * sq;
        own->fs += phase_average(options->k * u, dim);
        own->q += u < options->a;
    }
    for (int t = 1; t <= first->n_types; t++) {
        sample[0].n += sample[t].n;
        sample[0].msd += sample[t].msd;
        sample[0].u4 += sample[t].u4;
        sample[0].fs += sample[t].fs;
        sample[0].q += sample[t].q;
    }
    for (int t = 0; t <= first->n_types; t++) {
        double n = sample[t].n > 0 ? sample[t].n : NAN;
        sample[t].msd /= n;
        sample[t].u4 /= n;
        sample[t].fs /= n;
        sample[t].q /= n;
        sample[t].msd_cage = NAN;
    }
    isd_status status = ISD_OK;
    if (options->cage > 0)
        status = cage_relative(first, vector, options->cage, control, sample, err);
    if (status == ISD_OK)
        memcpy(ret_sample, sample, ((size_t)first->n_types + 1) * sizeof *sample);
    return status;
}

double dynamics_alpha2(double msd, double u4, int dim)
{
    return dim * u4 / ((dim + 2) * msd * msd) - 1;
}

/* --- pairs of different atoms --------------------------------------------------------------------------------------------- */

struct distinct {
    const isd_snapshot *b;
    int type, bins;
    int32_t self;
    double max, *counts;
};

static bool add_pair(void *arg, int32_t j, double value)
{
    struct distinct *d = arg;
    if (j == d->self || (d->type != 0 && d->b->type[j] != d->type))
        return true;
    int bin = (int)(sqrt(value) / d->max * d->bins);
    if (bin < d->bins)
        d->counts[bin] += 1;
    return true;
}

isd_status dynamics_distinct(const isd_snapshot *a, const isd_snapshot *b, int type_a, int type_b, int bins, double max,
                             isd_control *control, double *counts, double *ret_pairs, isd_error *err)
{
    struct distinct d = {.b = b, .type = type_b, .bins = bins, .max = max, .counts = counts};
    struct near near;
    isd_lattice lattice;
    double pairs = 0, partners = 0;
    isd_lattice_init(&lattice, &a->box);
    isd_status status = near_init(&near, &lattice, b->position, NULL, b->n, err);
    if (status != ISD_OK)
        return status;
    for (int32_t j = 0; j < b->n; j++)
        partners += type_b == 0 || b->type[j] == type_b;
    for (int32_t i = 0; i < a->n && status == ISD_OK; i++) {
        if (type_a != 0 && a->type[i] != type_a)
            continue;
        if (i % POLL == 0 && isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
        d.self = i;
        pairs += partners - (type_b == 0 || b->type[i] == type_b);
        near_visit(&near, a->position + 3 * (size_t)i, max * max, add_pair, &d);
    }
    near_done(&near);
    if (status == ISD_OK)
        *ret_pairs = pairs;
    return status;
}

double dynamics_block_error(const double *x, int32_t n, int32_t overlap)
{
    int32_t length = overlap > 1 ? overlap : 1, blocks = n / length;
    if (blocks > 8) {
        length = n / 8;
        blocks = n / length;
    }
    if (blocks < 2)
        return NAN;
    double sum = 0, sq = 0;
    for (int32_t b = 0; b < blocks; b++) {
        double mean = 0;
        for (int32_t k = 0; k < length; k++)
            mean += x[b * length + k] / length;
        sum += mean;
        sq += mean * mean;
    }
    double variance = (sq - sum * sum / blocks) / (blocks - 1);
    return sqrt(fmax(variance, 0) / blocks);
}
