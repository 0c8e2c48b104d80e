/* Power laws through points with errors in both coordinates. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fit_power.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "num/fit_nonlinear.h"

struct points {
    int n;
    const double *x, *se_x, *y, *se_y;
    double centre; /* log of the abscissa that the amplitude belongs to while fitting: decouples it from the exponent */
    double exponent; /* where it is held */
    bool no_memory;  /* for a fit with the exponent held */
};

static double residual(const struct points *p, int k, double log_amplitude, double exponent)
{
    double f = exp(log_amplitude + exponent * (log(p->x[k]) - p->centre));
    double slope = exponent * f / p->x[k];
    return (p->y[k] - f) / hypot(p->se_y[k], slope * p->se_x[k]);
}

static void both(const double *parameter, double *ret_residual, void *arg)
{
    const struct points *p = arg;
    for (int k = 0; k < p->n; k++)
        ret_residual[k] = residual(p, k, parameter[0], parameter[1]);
}

static void amplitude_alone(const double *parameter, double *ret_residual, void *arg)
{
    const struct points *p = arg;
    for (int k = 0; k < p->n; k++)
        ret_residual[k] = residual(p, k, parameter[0], p->exponent);
}

/* A line through the logarithms of what is positive, to start from. */
static void start(const struct points *p, double parameter[2])
{
    double n = 0, x_bar = 0, y_bar = 0, xx = 0, xy = 0;
    for (int k = 0; k < p->n; k++)
        if (p->y[k] > 0) {
            n++;
            x_bar += log(p->x[k]) - p->centre;
            y_bar += log(p->y[k]);
        }
    x_bar /= n;
    y_bar /= n;
    for (int k = 0; k < p->n; k++)
        if (p->y[k] > 0) {
            double u = log(p->x[k]) - p->centre - x_bar;
            xx += u * u;
            xy += u * (log(p->y[k]) - y_bar);
        }
    parameter[1] = xx > 0 ? xy / xx : 1;
    parameter[0] = y_bar - parameter[1] * x_bar;
}

static isd_status check_points(int n, const double *x, const double *y, isd_error *err)
{
    int positive = 0, different = 0;
    for (int k = 0; k < n; k++) {
        if (!(x[k] > 0))
            return isd_error_set(err, ISD_DATA, "the abscissa %g of point %d is not positive: no power law", x[k], k + 1);
        positive += y[k] > 0;
        different += x[k] != x[0];
    }
    if (n < 3)
        return isd_error_set(err, ISD_DATA, "%d point%s: an exponent with an error needs three", n, n == 1 ? "" : "s");
    if (different == 0)
        return isd_error_set(err, ISD_DATA, "all abscissae are %g: no exponent", x[0]);
    if (positive < 2)
        return isd_error_set(err, ISD_DATA, "fewer than two positive ordinates: no power law");
    return ISD_OK;
}

/* chi_sq above its least with the exponent held, less 1. */
static double excess(struct points *p, double exponent, double log_amplitude, double least)
{
    struct nonlinear_fit fit;
    p->exponent = exponent;
    double parameter[1] = {log_amplitude};
    isd_status status = nonlinear_fit(p->n, 1, amplitude_alone, p, parameter, &fit, NULL);
    p->no_memory = p->no_memory || status == ISD_MEMORY;
    return status == ISD_OK ? fit.chi_sq - least - 1 : NAN;
}

/* Where the excess changes its sign on one side of the best exponent. */
static double interval_end(struct points *p, const double best[2], double step, double least)
{
    double inside = best[1], outside = best[1] + step;
    int tries = 0;
    while (excess(p, outside, best[0], least) < 0 && tries++ < 40) {
        inside = outside;
        outside += step *= 1.5;
    }
    if (!(excess(p, outside, best[0], least) >= 0))
        return NAN;
    for (int turn = 0; turn < 60; turn++) {
        double middle = 0.5 * (inside + outside);
        if (excess(p, middle, best[0], least) < 0)
            inside = middle;
        else
            outside = middle;
    }
    return 0.5 * (inside + outside);
}

/* The least, at `best`. */
static isd_status find_least(struct points *p, double best[2], struct power_fit *ret_fit, isd_error *err)
{
    struct nonlinear_fit fit;
    isd_status status = check_points(p->n, p->x, p->y, err);
    if (status != ISD_OK)
        return status;
    for (int k = 0; k < p->n; k++)
        p->centre += log(p->x[k]) / p->n;
    start(p, best);
    status = nonlinear_fit(p->n, 2, both, p, best, &fit, err);
    if (status != ISD_OK)
        return status;
    double shift = -p->centre; /* log amplitude = best[0] + exponent * shift */
    double variance = fit.covariance[0][0] + 2 * shift * fit.covariance[0][1] + shift * shift * fit.covariance[1][1];
    *ret_fit = (struct power_fit){.amplitude = exp(best[0] + best[1] * shift), .exponent = best[1], .se_exponent = sqrt(fit.covariance[1][1]),
                                  .exponent_low = NAN, .exponent_high = NAN, .chi_sq = fit.chi_sq, .n = p->n};
    ret_fit->se_amplitude = ret_fit->amplitude * sqrt(variance);
    return ISD_OK;
}

isd_status fit_power_alone(int n, const double *x, const double *se_x, const double *y, const double *se_y,
                           struct power_fit *ret_fit, isd_error *err)
{
    struct points p = {.n = n, .x = x, .se_x = se_x, .y = y, .se_y = se_y};
    double best[2];
    return find_least(&p, best, ret_fit, err);
}

isd_status fit_power(int n, const double *x, const double *se_x, const double *y, const double *se_y,
                     struct power_fit *ret_fit, isd_error *err)
{
    struct points p = {.n = n, .x = x, .se_x = se_x, .y = y, .se_y = se_y};
    struct power_fit found;
    double best[2];
    isd_status status = find_least(&p, best, &found, err);
    if (status != ISD_OK)
        return status;
    found.exponent_low = interval_end(&p, best, -found.se_exponent, found.chi_sq);
    found.exponent_high = interval_end(&p, best, found.se_exponent, found.chi_sq);
    if (p.no_memory)
        return isd_error_memory(err);
    *ret_fit = found;
    return ISD_OK;
}
