/* Does one power law carry all temperatures and pressures? SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_SCALING_H
#define ANALYSIS_SCALING_H

#include <stdbool.h>
#include <stdint.h>

#include "num/fit_power.h"
#include "num/york.h"

/* y against x with standard errors; `group` numbers the states (T, p) from 0, in one stretch each or not. Without errors (ordinary: se_x
 * and se_y are not looked at) laws are lines of ordinary least squares through the logarithms, of positive y alone (else ISD_DATA), and the
 * scatter about them takes the place of errors. */
struct scaling_points {
    int n;
    const double *x, *se_x, *y, *se_y;
    const int *group;
    bool ordinary;
    const double *dof_y; /* [n] degrees of freedom behind se_y, as cycles less one; 0: it is known exactly. NULL: of all */
};

/* The same points three ways (paper, Eq. 1): weighted non-linear with errors in both, York's line through the logarithms, ordinary least
 * squares through the logarithms (points with y <= 0 are not in these two: n_positive). Ordinary: `power` is the last of them, chi_sq NaN,
 * the interval that of Student's t with 68 %. */
struct scaling_fit {
    struct power_fit power;
    struct line_fit york, ordinary; /* of log y on log x; NaN where they cannot be made */
    int n_positive;
    double x_low, x_high; /* of the points */
    double range;         /* x_high over x_low: below SCALING_MIN_RANGE no exponent can be trusted */
    double widen;         /* by what the errors of the exponent are to be multiplied for intervals that hold the truth in 68 %, because errors of y are
                             themselves estimates (to first order in 1/dof_y); 1 where they are exact */
};
#define SCALING_MIN_RANGE 2.0
isd_status scaling_fit(const struct scaling_points *points, struct scaling_fit *ret_fit, isd_error *err);
/* The same of the points of one group. */
isd_status scaling_fit_group(const struct scaling_points *points, int group, struct scaling_fit *ret_fit, isd_error *err);

/* Is so large a chi-square, of points that lie on their curve within their errors, a matter of less than one in a hundred? */
bool scaling_is_unlikely(double chi_sq, int dof);

/* How well the groups lie on one curve, against each on its own: of groups with at least three points. At fixed T a good line is nearly
 * guaranteed; the content of the law is that all fall on one. */
struct collapse {
    int groups, n;
    double score;           /* (common - separate) / (2 (groups - 1)): about 1 where all lie on one power law within their errors;
                               ordinary: that over the variance about the separate laws, NaN where these leave none */
    double score_low, score_high; /* of resampled points, within the groups: the middle 68 %, less by what resampling adds to the score */
    double p_value; /* the chance of a score as large where all lie on one law within their errors: chi-square, ordinary F */
};
/* ISD_DATA: fewer than two such groups, or one that carries no law of its own. */
isd_status scaling_collapse(const struct scaling_points *points, int resamples, uint64_t seed, struct collapse *ret_collapse,
                            isd_error *err);

/* The law of all groups but one: its exponent, and how far the points of that one lie from it, as the root mean square of their
 * distances over their errors. NaN where the rest carries no fit. */
struct left_out {
    double exponent, se_exponent, misfit;
};
isd_status scaling_leave_out(const struct scaling_points *points, int group, struct left_out *ret_left_out, isd_error *err);

/* Pearson's correlation of n pairs and the two-sided chance of one as large where there is none (Student's t), NaN below three pairs, of which
 * there always is one; its 95 % interval by Fisher's transform, NaN below four. NaN throughout where one of them does not vary. */
struct correlation {
    double r, low, high, p_value;
};
struct correlation scaling_correlation(int n, const double *x, const double *y);

#endif
