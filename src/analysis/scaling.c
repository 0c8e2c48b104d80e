/* Does one power law carry all temperatures and pressures? SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/scaling.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/rng.h"

/* Points chosen out of others, in arrays of their own. */
struct chosen {
    double *x, *se_x, *y, *se_y, *dof_y;
    int *group, n;
    bool ordinary;
};

static isd_status chosen_new(struct chosen *chosen, const struct scaling_points *points, isd_error *err)
{
    size_t n = points->n > 0 ? (size_t)points->n : 1;
    double *numbers = malloc(5 * n * sizeof *numbers);
    int *group = malloc(n * sizeof *group);
    if (numbers == NULL || group == NULL) {
        free(numbers);
        free(group);
        return isd_error_memory(err);
    }
    *chosen = (struct chosen){numbers, numbers + n, numbers + 2 * n, numbers + 3 * n, numbers + 4 * n, group, 0, points->ordinary};
    return ISD_OK;
}

static void chosen_done(struct chosen *chosen)
{
    free(chosen->x);
    free(chosen->group);
}

static void choose(struct chosen *chosen, const struct scaling_points *points, int k)
{
    int n = chosen->n++;
    chosen->x[n] = points->x[k];
    chosen->se_x[n] = points->ordinary ? NAN : points->se_x[k];
    chosen->y[n] = points->y[k];
    chosen->se_y[n] = points->ordinary ? NAN : points->se_y[k];
    chosen->dof_y[n] = points->dof_y ? points->dof_y[k] : 0;
    chosen->group[n] = points->group[k];
}

static struct scaling_points points_of(const struct chosen *c)
{
    return (struct scaling_points){c->n, c->x, c->se_x, c->y, c->se_y, c->group, c->ordinary, c->dof_y};
}

/* The line through the logarithms as a law; chi_sq is the sum of squares about it. */
static isd_status fit_ordinary(const struct chosen *c, struct power_fit *ret_fit, isd_error *err)
{
    struct line_fit line;
    isd_status status = c->n > 1 ? ISD_DATA : ISD_OK;
    for (int k = 1; k < c->n && status == ISD_DATA; k++)
        status = c->x[k] == c->x[0] ? ISD_DATA : ISD_OK;
    if (status == ISD_DATA)
        return isd_error_set(err, ISD_DATA, "all abscissae are %g: no exponent", c->x[0]);
    double *log_x = malloc(2 * ((size_t)c->n + 1) * sizeof *log_x);
    if (log_x == NULL)
        return isd_error_memory(err);
    double *log_y = log_x + c->n + 1;
    for (int k = 0; k < c->n && status == ISD_OK; k++) {
        log_x[k] = log(c->x[k]);
        log_y[k] = log(c->y[k]);
        if (!(c->x[k] > 0 && c->y[k] > 0))
            status = isd_error_set(err, ISD_DATA, "the point %g, %g has no logarithm: no power law", c->x[k], c->y[k]);
    }
    if (status == ISD_OK)
        status = line_fit_ordinary(c->n, log_x, log_y, &line, err);
    if (status == ISD_OK) {
        double width = c->n > 2 ? gsl_cdf_tdist_Pinv(0.841344746068543, c->n - 2) * line.se_b : NAN;
        *ret_fit = (struct power_fit){.amplitude = exp(line.a), .exponent = line.b, .se_amplitude = exp(line.a) * line.se_a, .se_exponent = line.se_b,
                                      .exponent_low = line.b - width, .exponent_high = line.b + width, .n = c->n};
        for (int k = 0; k < c->n; k++)
            ret_fit->chi_sq += pow(log_y[k] - line.a - line.b * log_x[k], 2);
    }
    free(log_x);
    return status;
}

static isd_status fit_chosen(const struct chosen *c, struct power_fit *ret_fit, isd_error *err)
{
    return c->ordinary ? fit_ordinary(c, ret_fit, err) : fit_power_alone(c->n, c->x, c->se_x, c->y, c->se_y, ret_fit, err);
}

/* --- one set of points ----------------------------------------------------------------------------------------------- */

static const struct line_fit no_line = {NAN, NAN, NAN, NAN, NAN};

/* Without errors: the one line there is. */
static isd_status fit_points_ordinary(const struct scaling_points *points, struct scaling_fit *ret_fit, isd_error *err)
{
    struct scaling_fit fit = {.york = no_line, .n_positive = points->n, .widen = 1};
    struct chosen all = {0};
    isd_status status = chosen_new(&all, points, err);
    for (int k = 0; k < points->n && status == ISD_OK; k++)
        choose(&all, points, k);
    if (status == ISD_OK)
        status = fit_ordinary(&all, &fit.power, err);
    chosen_done(&all);
    if (status != ISD_OK)
        return status;
    fit.power.chi_sq = NAN;
    fit.ordinary = (struct line_fit){.a = log(fit.power.amplitude), .b = fit.power.exponent, .se_a = fit.power.se_amplitude / fit.power.amplitude,
                                     .se_b = fit.power.se_exponent, .chi_sq = points->n - 2};
    fit.x_low = fit.x_high = points->x[0];
    for (int k = 0; k < points->n; k++) {
        fit.x_low = fmin(fit.x_low, points->x[k]);
        fit.x_high = fmax(fit.x_high, points->x[k]);
    }
    fit.range = fit.x_high / fit.x_low;
    *ret_fit = fit;
    return ISD_OK;
}

/* Weights that are estimates themselves: a fit by them scatters more than its covariance V tells, and V comes out too small, both by
 * D = sum of (2/dof) (1 - h) c^2 over the points, h the leverage and c the share of the exponent's error that a point has: in all 1 + 2 D/V (of a
 * mean: P. Meier, Biometrics 9, 59 (1953)). Only the part of the weight that comes from y counts. */
static double widening(const struct scaling_points *points, const struct power_fit *law)
{
    double normal[2][2] = {{0}}, sum = 0;
    for (int round = 0; round < 2; round++) {
        double det = normal[0][0] * normal[1][1] - normal[0][1] * normal[0][1];
        for (int k = 0; k < points->n; k++) {
            double u = log(points->x[k]), f = law->amplitude * exp(law->exponent * u), slope = law->exponent * f / points->x[k];
            double error = hypot(points->se_y[k], slope * points->se_x[k]), row = f / error;
            if (round == 0) {
                normal[0][0] += row * row;
                normal[0][1] += row * row * u;
                normal[1][1] += row * row * u * u;
            } else if (points->dof_y[k] > 0) {
                double share = row * (normal[0][0] * u - normal[0][1]) / det, of_y = pow(points->se_y[k] / error, 4);
                double leverage = row * row * (normal[1][1] - 2 * u * normal[0][1] + u * u * normal[0][0]) / det;
                sum += 2 / points->dof_y[k] * of_y * (1 - leverage) * share * share * det / normal[0][0];
            }
        }
    }
    return sqrt(1 + 2 * sum);
}

isd_status scaling_fit(const struct scaling_points *points, struct scaling_fit *ret_fit, isd_error *err)
{
    struct scaling_fit fit = {.york = no_line, .ordinary = no_line};
    struct chosen logs = {0};
    if (points->ordinary)
        return fit_points_ordinary(points, ret_fit, err);
    isd_status status = fit_power(points->n, points->x, points->se_x, points->y, points->se_y, &fit.power, err);
    if (status != ISD_OK)
        return status;
    status = chosen_new(&logs, points, err);
    if (status != ISD_OK)
        return status;
    fit.x_low = fit.x_high = points->x[0];
    for (int k = 0; k < points->n; k++) {
        fit.x_low = fmin(fit.x_low, points->x[k]);
        fit.x_high = fmax(fit.x_high, points->x[k]);
        if (!(points->y[k] > 0))
            continue;
        int n = logs.n++;
        logs.x[n] = log(points->x[k]);
        logs.se_x[n] = points->se_x[k] / points->x[k];
        logs.y[n] = log(points->y[k]);
        logs.se_y[n] = points->se_y[k] / points->y[k];
    }
    fit.n_positive = logs.n;
    fit.widen = points->dof_y ? widening(points, &fit.power) : 1;
    fit.range = fit.x_high / fit.x_low;
    if (line_fit_york(logs.n, logs.x, logs.se_x, logs.y, logs.se_y, &fit.york, NULL) != ISD_OK)
        fit.york = no_line;
    if (line_fit_ordinary(logs.n, logs.x, logs.y, &fit.ordinary, NULL) != ISD_OK)
        fit.ordinary = no_line;
    chosen_done(&logs);
    *ret_fit = fit;
    return ISD_OK;
}

isd_status scaling_fit_group(const struct scaling_points *points, int group, struct scaling_fit *ret_fit, isd_error *err)
{
    struct chosen one = {0};
    isd_status status = chosen_new(&one, points, err);
    if (status != ISD_OK)
        return status;
    for (int k = 0; k < points->n; k++)
        if (points->group[k] == group)
            choose(&one, points, k);
    const struct scaling_points alone = points_of(&one);
    status = scaling_fit(&alone, ret_fit, err);
    chosen_done(&one);
    return status;
}

bool scaling_is_unlikely(double chi_sq, int dof)
{
    return dof > 0 && chi_sq > dof && gsl_cdf_chisq_Q(chi_sq, dof) < 0.01;
}

/* --- several -------------------------------------------------------------------------------------------------------------- */

static int group_count(const struct scaling_points *points)
{
    int most = -1;
    for (int k = 0; k < points->n; k++)
        most = points->group[k] > most ? points->group[k] : most;
    return most + 1;
}

/* Sum over groups of the least chi_sq of each alone. */
static isd_status separate(const struct chosen *all, int groups, struct chosen *scratch, double *ret_chi_sq, isd_error *err)
{
    const struct scaling_points points = points_of(all);
    double sum = 0;
    for (int g = 0; g < groups; g++) {
        struct power_fit fit;
        scratch->n = 0;
        for (int k = 0; k < all->n; k++)
            if (all->group[k] == g)
                choose(scratch, &points, k);
        if (scratch->n == 0)
            continue;
        isd_status status = fit_chosen(scratch, &fit, err);
        if (status != ISD_OK)
            return status;
        sum += fit.chi_sq;
    }
    *ret_chi_sq = sum;
    return ISD_OK;
}

static isd_status score_of(const struct chosen *all, int groups, int used_groups, struct chosen *scratch, double *ret_score,
                           isd_error *err)
{
    struct power_fit common;
    double apart = 0; /* chi-square of all groups, each on its own law */
    isd_status status = fit_chosen(all, &common, err);
    if (status == ISD_OK)
        status = separate(all, groups, scratch, &apart, err);
    if (status != ISD_OK)
        return status;
    double score = (common.chi_sq - apart) / (2.0 * (used_groups - 1));
    if (all->ordinary) { /* the scatter about the separate laws is the error */
        int left = all->n - 2 * used_groups;
        score = left > 0 && apart > 1e-24 * all->n ? score * left / apart : NAN;
    }
    *ret_score = score;
    return ISD_OK;
}

/* As many points of each group as there are, drawn with replacement. */
static void resample(struct chosen *drawn, const struct scaling_points *points, const int *first, const int *size, const int *order, int groups,
                     struct rng *rng)
{
    drawn->n = 0;
    for (int g = 0; g < groups; g++)
        for (int k = 0; k < size[g]; k++)
            choose(drawn, points, order[first[g] + (int)rng_below(rng, (uint32_t)size[g])]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the points of each group stand; groups with fewer than three are emptied. Returns how many are left. */
static int sort_groups(const struct scaling_points *points, int groups, int *first, int *size, int *order)
{
    int n = 0, used = 0;
    for (int g = 0; g < groups; g++) {
        first[g] = n;
        for (int k = 0; k < points->n; k++)
            if (points->group[k] == g)
                order[n++] = k;
        size[g] = n - first[g];
        if (size[g] < 3)
            size[g] = 0;
        used += size[g] > 0;
    }
    return used;
}

static double chance_of(const struct collapse *c, bool ordinary)
{
    int differences = 2 * (c->groups - 1), left = c->n - 2 * c->groups;
    if (!isfinite(c->score) || (ordinary && left < 1))
        return NAN;
    double score = fmax(c->score, 0);
    return ordinary ? gsl_cdf_fdist_Q(score, differences, left) : gsl_cdf_chisq_Q(score * differences, differences);
}

/* Scores of resampled points are larger than the score by about what the noise is worth, for they have it twice: that is taken off, as the
 * median tells it. */
static void take_interval(double *score, int n, struct collapse *found)
{
    found->score_low = found->score_high = NAN;
    if (n <= 10 || !isfinite(found->score))
        return;
    qsort(score, (size_t)n, sizeof *score, by_size);
    double excess = score[n / 2] - found->score;
    found->score_low = fmax(score[(int)(0.16 * n)] - excess, 0);
    found->score_high = fmax(score[(int)(0.84 * n)] - excess, 0);
}

/* Room for the points and where those of each group stand. */
struct collapsing {
    struct chosen all, drawn, scratch;
    int *first, *size, *order;
    double *score;
};

static void collapsing_done(struct collapsing *c)
{
    chosen_done(&c->all);
    chosen_done(&c->drawn);
    chosen_done(&c->scratch);
    free(c->first);
    free(c->score);
}

static isd_status collapsing_init(struct collapsing *c, const struct scaling_points *points, int groups, int resamples, isd_error *err)
{
    *c = (struct collapsing){.first = malloc((2 * (size_t)groups + (size_t)points->n + 1) * sizeof *c->first),
                             .score = malloc(((size_t)resamples + 1) * sizeof *c->score)};
    isd_status status = c->first && c->score ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK)
        status = chosen_new(&c->all, points, err);
    if (status == ISD_OK)
        status = chosen_new(&c->drawn, points, err);
    if (status == ISD_OK)
        status = chosen_new(&c->scratch, points, err);
    if (status != ISD_OK) {
        collapsing_done(c);
        return status;
    }
    c->size = c->first + groups;
    c->order = c->size + groups;
    return ISD_OK;
}

/* *ret_n scores of resampled points, where they have one. */
static isd_status score_resamples(struct collapsing *c, const struct scaling_points *points, int groups, const struct collapse *found,
                                  int resamples, uint64_t seed, int *ret_n, isd_error *err)
{
    struct rng rng;
    *ret_n = 0;
    rng_init(&rng, seed);
    for (int k = 0; k < resamples; k++) {
        double again = NAN;
        resample(&c->drawn, points, c->first, c->size, c->order, groups, &rng);
        isd_status status = score_of(&c->drawn, groups, found->groups, &c->scratch, &again, NULL);
        if (status == ISD_MEMORY)
            return isd_error_memory(err);
        if (status == ISD_OK && isfinite(again))
            c->score[(*ret_n)++] = again;
    }
    return ISD_OK;
}

isd_status scaling_collapse(const struct scaling_points *points, int resamples, uint64_t seed, struct collapse *ret_collapse,
                            isd_error *err)
{
    int groups = group_count(points), n_scores = 0;
    struct collapse found = {0};
    struct collapsing c;
    isd_status status = collapsing_init(&c, points, groups, resamples, err);
    if (status != ISD_OK)
        return status;
    found.groups = sort_groups(points, groups, c.first, c.size, c.order);
    for (int g = 0; g < groups; g++)
        for (int k = 0; k < c.size[g]; k++)
            choose(&c.all, points, c.order[c.first[g] + k]);
    found.n = c.all.n;
    if (found.groups < 2)
        status = isd_error_set(err, ISD_DATA, "a collapse needs two states with three points each");
    else
        status = score_of(&c.all, groups, found.groups, &c.scratch, &found.score, err);
    if (status == ISD_OK)
        status = score_resamples(&c, points, groups, &found, resamples, seed, &n_scores, err);
    if (status == ISD_OK) {
        take_interval(c.score, n_scores, &found);
        found.p_value = chance_of(&found, points->ordinary);
        *ret_collapse = found;
    }
    collapsing_done(&c);
    return status;
}

isd_status scaling_leave_out(const struct scaling_points *points, int group, struct left_out *ret_left_out, isd_error *err)
{
    struct chosen rest = {0};
    struct power_fit fit;
    isd_status status = chosen_new(&rest, points, err);
    if (status != ISD_OK)
        return status;
    for (int k = 0; k < points->n; k++)
        if (points->group[k] != group)
            choose(&rest, points, k);
    status = fit_chosen(&rest, &fit, err);
    chosen_done(&rest);
    if (status == ISD_DATA)
        *ret_left_out = (struct left_out){NAN, NAN, NAN};
    if (status != ISD_OK)
        return status == ISD_DATA ? ISD_OK : status;
    double sum = 0, n = 0;
    for (int k = 0; k < points->n; k++) {
        if (points->group[k] != group)
            continue;
        double law = fit.amplitude * pow(points->x[k], fit.exponent), slope = fit.exponent * law / points->x[k];
        double error = points->ordinary ? sqrt(fit.chi_sq / (fit.n - 2)) : hypot(points->se_y[k], slope * points->se_x[k]);
        double away = points->ordinary ? log(points->y[k] / law) : points->y[k] - law;
        sum += away * away / (error * error);
        n++;
    }
    *ret_left_out = (struct left_out){fit.exponent, fit.se_exponent, n > 0 ? sqrt(sum / n) : NAN};
    return ISD_OK;
}

/* --- two exponents --- */

struct correlation scaling_correlation(int n, const double *x, const double *y)
{
    struct correlation c = {NAN, NAN, NAN, NAN};
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (int k = 0; k < n; k++) {
        mean_x += x[k] / n;
        mean_y += y[k] / n;
    }
    for (int k = 0; k < n; k++) {
        xx += (x[k] - mean_x) * (x[k] - mean_x);
        yy += (y[k] - mean_y) * (y[k] - mean_y);
        xy += (x[k] - mean_x) * (y[k] - mean_y);
    }
    if (n < 3 || !(xx > 0 && yy > 0))
        return c;
    c.r = fmin(fmax(xy / sqrt(xx * yy), -1), 1);
    if (n >= 4) {
        double width = 1.959963984540054 / sqrt(n - 3.0);
        c.low = tanh(atanh(c.r) - width);
        c.high = tanh(atanh(c.r) + width);
    }
    c.p_value = fabs(c.r) < 1 ? 2 * gsl_cdf_tdist_Q(fabs(c.r) * sqrt((n - 2) / (1 - c.r * c.r)), n - 2) : 0;
    return c;
}
