/* The loss modulus of a stretched exponential through points. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fit_kww.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "num/fit_nonlinear.h"
#include "num/kww.h"

#define BETA_LOW 0.1
#define BETA_HIGH 1.5

struct points {
    const double *w, *loss, *se;
    double same; /* error of every one where se is NULL: of the size of G'', for the fit's own scale */
    int n;
};

static double error_of(const struct points *p, int k)
{
    return p->se ? p->se[k] : p->same;
}

/* beta from a parameter without bounds, and back. */
static double beta_of(double parameter)
{
    return BETA_LOW + (BETA_HIGH - BETA_LOW) / (1 + exp(-parameter));
}

static double parameter_of(double beta)
{
    double share = (beta - BETA_LOW) / (BETA_HIGH - BETA_LOW);
    return log(share / (1 - share));
}

static void residuals(const double *parameter, double *ret_residual, void *arg)
{
    const struct points *p = arg;
    double plateau = exp(parameter[0]), tau = exp(parameter[1]), beta = beta_of(parameter[2]);
    for (int k = 0; k < p->n; k++)
        ret_residual[k] = (p->loss[k] - plateau * kww_loss(p->w[k] * tau, beta)) / error_of(p, k);
}

static isd_status check_points(struct points *p, isd_error *err)
{
    double most = 0;
    for (int k = 0; k < p->n; k++)
        most = fmax(most, p->loss[k]);
    if (p->n < 4)
        return isd_error_set(err, ISD_DATA, "%d point%s: plateau, tau and beta with errors need four", p->n, p->n == 1 ? "" : "s");
    if (!(most > 0))
        return isd_error_set(err, ISD_DATA, "no loss modulus is positive: no relaxation to fit");
    p->same = 0.01 * most;
    return ISD_OK;
}

/* Where a fit begins: the largest loss is taken for the peak. */
struct start {
    double parameter[3], chi_sq;
};

static void make_start(const struct points *p, double beta, struct start *start)
{
    int top = 0;
    double height, peak = kww_peak(beta, &height);
    for (int k = 1; k < p->n; k++)
        if (p->loss[k] > p->loss[top])
            top = k;
    *start = (struct start){.parameter = {log(p->loss[top] / height), log(peak / p->w[top]), parameter_of(beta)}};
    for (int k = 0; k < p->n; k++) {
        double off = (p->loss[k] - p->loss[top] / height * kww_loss(p->w[k] / p->w[top] * peak, beta)) / error_of(p, k);
        start->chi_sq += off * off;
    }
}

/* The best of fits from several beta, the nearest first: the sum of squares may have more than one hollow. Two that end in the same one are
 * enough. */
static isd_status best_start(struct points *p, double best[3], struct nonlinear_fit *fit, isd_error *err)
{
    static const double betas[] = {0.35, 0.5, 0.65, 0.8, 0.95};
    enum { BETAS = sizeof betas / sizeof betas[0] };
    struct start start[BETAS];
    isd_status found = ISD_DATA;
    bool confirmed = false;
    for (int k = 0; k < BETAS; k++)
        make_start(p, betas[k], &start[k]);
    for (int turn = 0; turn < BETAS && !confirmed; turn++) {
        int nearest = 0;
        for (int k = 1; k < BETAS; k++)
            if (start[k].chi_sq < start[nearest].chi_sq)
                nearest = k;
        double *parameter = start[nearest].parameter;
        struct nonlinear_fit now;
        isd_error trouble;
        isd_status status = nonlinear_fit(p->n, 3, residuals, p, parameter, &now, &trouble);
        if (status == ISD_MEMORY)
            return isd_error_memory(err);
        start[nearest].chi_sq = INFINITY;
        confirmed = status == ISD_OK && found == ISD_OK && fabs(now.chi_sq - fit->chi_sq) < 1e-6 * (1 + fit->chi_sq);
        if (status == ISD_OK && (found != ISD_OK || now.chi_sq < fit->chi_sq)) {
            *fit = now;
            for (int c = 0; c < 3; c++)
                best[c] = parameter[c];
            found = ISD_OK;
        }
        if (status != ISD_OK && found != ISD_OK && err != NULL)
            *err = trouble;
    }
    return found;
}

isd_status fit_kww(int n, const double *w, const double *loss, const double *se, struct kww_fit *ret_fit, isd_error *err)
{
    struct points p = {.w = w, .loss = loss, .se = se, .n = n};
    struct nonlinear_fit fit = {0};
    double best[3] = {0}, height, low = INFINITY, high = 0;
    isd_status status = check_points(&p, err);
    if (status == ISD_OK)
        status = best_start(&p, best, &fit, err);
    if (status != ISD_OK)
        return status;
    struct kww_fit kww = {.plateau = exp(best[0]), .tau = exp(best[1]), .beta = beta_of(best[2]), .chi_sq = fit.chi_sq, .n = n};
    double share = (kww.beta - BETA_LOW) / (BETA_HIGH - BETA_LOW);
    double scatter = se ? 1 : sqrt(fit.chi_sq / (n - 3));
    kww.se_plateau = scatter * kww.plateau * sqrt(fit.covariance[0][0]);
    kww.se_tau = scatter * kww.tau * sqrt(fit.covariance[1][1]);
    kww.se_beta = scatter * (BETA_HIGH - BETA_LOW) * share * (1 - share) * sqrt(fit.covariance[2][2]);
    if (!se)
        kww.chi_sq = NAN;
    kww.w_peak = kww_peak(kww.beta, &height) / kww.tau;
    kww.t_w_peak = 2 * M_PI / kww.w_peak;
    for (int k = 0; k < n; k++) {
        low = fmin(low, w[k]);
        high = fmax(high, w[k]);
    }
    if (!(kww.w_peak > low / 10 && kww.w_peak < 10 * high)) {
        isd_error_set(err, ISD_DATA, "the peak of the loss lies far outside the points (at w = %g): tau and beta cannot be told apart", kww.w_peak);
        isd_error_hint(err, "points on both sides of the peak are needed");
        return ISD_DATA;
    }
    *ret_fit = kww;
    return ISD_OK;
}
