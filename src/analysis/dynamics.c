/* How atoms move: cages, van Hove, moments, and errors over origins. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "analysis/series.h"
#include "match/near.h"

#define POLL 256 /* atoms between two looks at the cancel flag */

/* --- cages --------------------------------------------------------------------------------------------------------------- */

struct gathering {
    struct cages *cages;
    int32_t self, n, size;
    bool failed;
};

static bool add_neighbour(void *arg, int32_t j, double value)
{
    struct gathering *g = arg;
    (void)value;
    if (j == g->self)
        return true;
    if (g->n == g->size) {
        int32_t size = 2 * g->size + 1024;
        int32_t *grown = size > g->size ? realloc(g->cages->neighbour, (size_t)size * sizeof *grown) : NULL;
        if (!grown) {
            g->failed = true;
            return false;
        }
        g->cages->neighbour = grown;
        g->size = size;
    }
    g->cages->neighbour[g->n++] = j;
    return true;
}

static isd_status gather_neighbours(const isd_snapshot *s, const struct near *near, double reach, isd_control *control, struct cages *cages,
                                    isd_error *err)
{
    struct gathering g = {.cages = cages};
    for (int32_t i = 0; i < s->n; i++) {
        if (i % POLL == 0 && isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        g.self = i;
        cages->start[i] = g.n;
        near_visit(near, s->position + 3 * (size_t)i, reach * reach, add_neighbour, &g);
        if (g.failed)
            return isd_error_memory(err);
    }
    cages->start[s->n] = g.n;
    return ISD_OK;
}

isd_status cages_init(struct cages *cages, const isd_snapshot *snapshot, double reach, isd_control *control, isd_error *err)
{
    struct cages made = {.n = snapshot->n, .start = malloc(((size_t)snapshot->n + 1) * sizeof *made.start)};
    struct near near;
    isd_lattice lattice;
    double half = 0.5 * isd_box_thickness(&snapshot->box);
    isd_lattice_init(&lattice, &snapshot->box);
    isd_status status = made.start ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK && lattice.rank > 0 && reach > half)
        status = isd_error_set(err, ISD_DATA, "cage=%g is beyond half the cell (%g)", reach, half);
    if (status == ISD_OK)
        status = near_init(&near, &lattice, snapshot->position, NULL, snapshot->n, err);
    if (status == ISD_OK) {
        status = gather_neighbours(snapshot, &near, reach, control, &made, err);
        near_done(&near);
    }
    if (status == ISD_OK)
        *cages = made;
    else
        cages_done(&made);
    return status;
}

void cages_done(struct cages *cages)
{
    free(cages->start);
    free(cages->neighbour);
    *cages = (struct cages){0};
}

void cages_msd(const struct cages *cages, const isd_snapshot *snapshot, const double *vector, double *ret_msd)
{
    double sum[ISD_MAX_TYPES + 1] = {0}, count[ISD_MAX_TYPES + 1] = {0};
    for (int32_t i = 0; i < cages->n; i++) {
        int32_t first = cages->start[i], last = cages->start[i + 1];
        double mean[3] = {0}, sq = 0;
        if (first == last)
            continue;
        for (int32_t k = first; k < last; k++)
            for (int c = 0; c < 3; c++)
                mean[c] += vector[3 * (size_t)cages->neighbour[k] + (size_t)c];
        for (int c = 0; c < snapshot->box.dim; c++) {
            double d = vector[3 * (size_t)i + (size_t)c] - mean[c] / (last - first);
            sq += d * d;
        }
        sum[snapshot->type[i]] += sq;
        count[snapshot->type[i]] += 1;
    }
    for (int t = 1; t <= snapshot->n_types; t++) {
        sum[0] += sum[t];
        count[0] += count[t];
    }
    for (int t = 0; t <= snapshot->n_types; t++)
        ret_msd[t] = count[t] > 0 ? sum[t] / count[t] : NAN;
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

/* --- errors over origins ---------------------------------------------------------------------------------------------------- */

enum { MOST_BLOCKS = 8, LEAST_BLOCKS = 4 };

struct origin_blocks {
    int32_t length, count, overlap; /* of fewer than four no error is told */
};

static struct origin_blocks blocks_of(int32_t n, int32_t overlap)
{
    int32_t least = overlap > 1 ? 2 * overlap : 1; /* once would leave neighbours a quarter alike */
    struct origin_blocks blocks = {.length = least, .count = n / least, .overlap = overlap};
    if (blocks.count > MOST_BLOCKS)
        blocks.count = MOST_BLOCKS;
    if (blocks.count > 0)
        blocks.length = n / blocks.count;
    return blocks;
}

static double factor_of(struct origin_blocks blocks)
{
    return series_block_factor(blocks.length, blocks.count, blocks.overlap);
}

/* From one standard error to the half of the interval that holds the truth in 68 %: Student's t for so few blocks. */
static double widen(double se, struct origin_blocks blocks)
{
    return se * gsl_cdf_tdist_Pinv(0.841344746068543, blocks.count - 1);
}

static double block_mean(const double *x, struct origin_blocks blocks, int32_t b)
{
    double sum = 0;
    for (int32_t k = 0; k < blocks.length; k++)
        sum += x[b * blocks.length + k];
    return sum / blocks.length;
}

/* However few blocks: with two it may be anything, which Student's t knows. */
static double error_of_blocks(const double *x, struct origin_blocks blocks)
{
    double mean[MOST_BLOCKS], all = 0, sq = 0;
    if (blocks.count < 2)
        return NAN;
    for (int32_t b = 0; b < blocks.count; b++) {
        mean[b] = block_mean(x, blocks, b);
        all += mean[b] / blocks.count;
    }
    for (int32_t b = 0; b < blocks.count; b++)
        sq += (mean[b] - all) * (mean[b] - all);
    return sqrt(sq / (blocks.count - 1) / blocks.count * factor_of(blocks));
}

double dynamics_block_error(const double *x, int32_t n, int32_t overlap)
{
    struct origin_blocks blocks = blocks_of(n, overlap);
    return blocks.count < LEAST_BLOCKS ? NAN : widen(error_of_blocks(x, blocks), blocks);
}

double dynamics_jackknife(const double *x, const double *y, int32_t n, int32_t overlap, means_fn *fn, double constant)
{
    struct origin_blocks blocks = blocks_of(n, overlap);
    double mean_x[MOST_BLOCKS], mean_y[MOST_BLOCKS], value[MOST_BLOCKS], sum_x = 0, sum_y = 0, all = 0, sq = 0;
    int32_t count = blocks.count;
    if (count < LEAST_BLOCKS)
        return NAN;
    for (int32_t b = 0; b < count; b++) {
        sum_x += mean_x[b] = block_mean(x, blocks, b);
        sum_y += mean_y[b] = block_mean(y, blocks, b);
    }
    for (int32_t b = 0; b < count; b++) {
        value[b] = fn((sum_x - mean_x[b]) / (count - 1), (sum_y - mean_y[b]) / (count - 1), constant);
        all += value[b] / count;
    }
    for (int32_t b = 0; b < count; b++)
        sq += (value[b] - all) * (value[b] - all);
    return widen(sqrt(sq * (count - 1) / count * factor_of(blocks)), blocks);
}

/* t of Student's distribution, as that of a Gaussian that is as rare. */
static double as_gaussian(double t, double dof)
{
    double tail = gsl_cdf_tdist_Q(fabs(t), dof);
    return copysign(tail > 1e-300 ? gsl_cdf_ugaussian_Qinv(tail) : 37, t);
}

struct halves dynamics_compare(const double *x, int32_t n_x, int32_t overlap_x, const double *y, int32_t n_y, int32_t overlap_y)
{
    struct halves h = {series_mean(x, n_x), series_mean(y, n_y), NAN, NAN, NAN};
    struct origin_blocks of_x = blocks_of(n_x, overlap_x), of_y = blocks_of(n_y, overlap_y);
    double se_x = error_of_blocks(x, of_x), se_y = error_of_blocks(y, of_y);
    double var_x = se_x * se_x, var_y = se_y * se_y;
    h.se = sqrt(var_x + var_y);
    if (!(h.se > 0))
        return h;
    h.dof = h.se * h.se * h.se * h.se / (var_x * var_x / (of_x.count - 1) + var_y * var_y / (of_y.count - 1));
    h.sigmas = as_gaussian((h.second - h.first) / h.se, h.dof);
    return h;
}

/* Least squares through all points but those of one block (-1: through all). */
static double slope_without(const double *time, const double *x, int32_t n, struct origin_blocks blocks, int32_t without)
{
    double sum = 0, sum_t = 0, sum_x = 0, sum_tt = 0, sum_tx = 0;
    for (int32_t k = 0; k < n; k++) {
        if (without >= 0 && k / blocks.length == without)
            continue;
        double t = time[k] - time[0], y = x[k] - x[0];
        sum += 1;
        sum_t += t;
        sum_x += y;
        sum_tt += t * t;
        sum_tx += t * y;
    }
    return (sum * sum_tx - sum_t * sum_x) / (sum * sum_tt - sum_t * sum_t);
}

struct drift dynamics_drift(const double *time, const double *x, int32_t n)
{
    struct drift drift = {NAN, NAN, NAN};
    struct origin_blocks blocks = blocks_of(n, 1);
    double value[MOST_BLOCKS], mean = 0, sq = 0;
    if (n < 3 || !(time[n - 1] > time[0]))
        return drift;
    drift.slope = slope_without(time, x, n, blocks, -1);
    for (int32_t b = 0; b < blocks.count; b++) {
        value[b] = slope_without(time, x, n, blocks, b);
        mean += value[b] / blocks.count;
    }
    for (int32_t b = 0; b < blocks.count; b++)
        sq += (value[b] - mean) * (value[b] - mean);
    double se = sqrt(sq * (blocks.count - 1) / blocks.count);
    if (se > 0 && blocks.count > 2) {
        drift.se = se;
        drift.sigmas = as_gaussian(drift.slope / se, blocks.count - 2);
    }
    return drift;
}
