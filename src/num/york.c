/* A straight line through points with errors in both coordinates. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/york.h"

#include <math.h>
#include <stdbool.h>

struct york_sums {
    double b;              /* slope this one leads to */
    double x_bar, y_bar, x_adjusted;
    double weight, spread; /* sums of W and of W u^2, u the adjusted x from its mean */
};

static isd_status refuse_points(int n, const double *x, isd_error *err)
{
    bool alike = true;
    for (int k = 1; k < n; k++)
        alike = alike && x[k] == x[0];
    if (n < 3)
        return isd_error_set(err, ISD_DATA, "%d points, a line with an error needs three", n);
    if (alike)
        return isd_error_set(err, ISD_DATA, "all abscissae are %g: no slope", x[0]);
    return ISD_OK;
}

static double weight_of(double se_x, double se_y, double b)
{
    return 1 / (se_y * se_y + b * b * se_x * se_x);
}

/* One turn of York's iteration (their Eqs. 13). */
static struct york_sums york_turn(int n, const double *x, const double *se_x, const double *y, const double *se_y, double b)
{
    struct york_sums s = {0};
    double above = 0, below = 0, adjusted = 0;
    for (int k = 0; k < n; k++) {
        double w = weight_of(se_x[k], se_y[k], b);
        s.weight += w;
        s.x_bar += w * x[k];
        s.y_bar += w * y[k];
    }
    s.x_bar /= s.weight;
    s.y_bar /= s.weight;
    for (int k = 0; k < n; k++) {
        double w = weight_of(se_x[k], se_y[k], b), u = x[k] - s.x_bar, v = y[k] - s.y_bar;
        double beta = w * (u * se_y[k] * se_y[k] + b * v * se_x[k] * se_x[k]);
        above += w * beta * v;
        below += w * beta * u;
        adjusted += w * beta;
    }
    adjusted /= s.weight;
    s.b = above / below;
    s.x_adjusted = s.x_bar + adjusted;
    for (int k = 0; k < n; k++) {
        double w = weight_of(se_x[k], se_y[k], b), u = x[k] - s.x_bar, v = y[k] - s.y_bar;
        double beta = w * (u * se_y[k] * se_y[k] + b * v * se_x[k] * se_x[k]);
        s.spread += w * (beta - adjusted) * (beta - adjusted);
    }
    return s;
}

isd_status line_fit_york(int n, const double *x, const double *se_x, const double *y, const double *se_y, struct line_fit *ret_fit,
                         isd_error *err)
{
    struct line_fit start;
    isd_status status = line_fit_ordinary(n, x, y, &start, err);
    if (status != ISD_OK)
        return status;
    double b = start.b;
    for (int turn = 0; turn < 1000; turn++) {
        struct york_sums s = york_turn(n, x, se_x, y, se_y, b);
        bool settled = fabs(s.b - b) <= 1e-14 * fabs(s.b);
        if (!isfinite(s.b))
            break;
        b = s.b;
        if (!settled)
            continue;
        struct line_fit fit = {.b = b, .a = s.y_bar - b * s.x_bar, .se_b = 1 / sqrt(s.spread)};
        fit.se_a = sqrt(1 / s.weight + s.x_adjusted * s.x_adjusted * fit.se_b * fit.se_b);
        for (int k = 0; k < n; k++) {
            double r = y[k] - fit.a - b * x[k];
            fit.chi_sq += r * r * weight_of(se_x[k], se_y[k], b);
        }
        *ret_fit = fit;
        return ISD_OK;
    }
    return isd_error_set(err, ISD_DATA, "no straight line: the slope does not settle");
}

isd_status line_fit_ordinary(int n, const double *x, const double *y, struct line_fit *ret_fit, isd_error *err)
{
    isd_status status = refuse_points(n, x, err);
    if (status != ISD_OK)
        return status;
    double x_bar = 0, y_bar = 0, xx = 0, xy = 0, rest = 0;
    for (int k = 0; k < n; k++) {
        x_bar += x[k] / n;
        y_bar += y[k] / n;
    }
    for (int k = 0; k < n; k++) {
        xx += (x[k] - x_bar) * (x[k] - x_bar);
        xy += (x[k] - x_bar) * (y[k] - y_bar);
    }
    struct line_fit fit = {.b = xy / xx, .chi_sq = n - 2};
    fit.a = y_bar - fit.b * x_bar;
    for (int k = 0; k < n; k++)
        rest += (y[k] - fit.a - fit.b * x[k]) * (y[k] - fit.a - fit.b * x[k]);
    double variance = rest / (n - 2);
    fit.se_b = sqrt(variance / xx);
    fit.se_a = sqrt(variance * (1.0 / n + x_bar * x_bar / xx));
    *ret_fit = fit;
    return ISD_OK;
}
