/* Non-linear least squares, by GSL. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fit_nonlinear.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdlib.h>

struct problem {
    residual_fn *residual;
    void *arg;
    double *values; /* of the residuals, in a row: GSL's vectors may be columns of a matrix */
    double *columns; /* of the derivatives */
};

static int evaluate(const gsl_vector *x, void *arg, gsl_vector *f)
{
    const struct problem *problem = arg;
    double parameter[NONLINEAR_MAX];
    for (size_t k = 0; k < x->size; k++)
        parameter[k] = gsl_vector_get(x, k);
    problem->residual(parameter, problem->values, problem->arg);
    for (size_t k = 0; k < f->size; k++) {
        if (!isfinite(problem->values[k]))
            return GSL_EDOM;
        gsl_vector_set(f, k, problem->values[k]);
    }
    return GSL_SUCCESS;
}

/* How far the sum of squares may still fall, in the parabola that the derivatives tell of: gradient, covariance, gradient. */
static double still_to_go(const gsl_multifit_nlinear_workspace *work, const gsl_matrix *covariance)
{
    double gradient[NONLINEAR_MAX], turned[NONLINEAR_MAX], distance = NAN;
    gsl_vector_view g = gsl_vector_view_array(gradient, covariance->size1), h = gsl_vector_view_array(turned, covariance->size1);
    gsl_blas_dgemv(CblasTrans, 1, work->J, work->f, 0, &g.vector);
    gsl_blas_dgemv(CblasNoTrans, 1, covariance, &g.vector, 0, &h.vector);
    gsl_blas_ddot(&g.vector, &h.vector, &distance);
    return distance;
}

/* (J^T J)^-1 through the triangle of a QR decomposition by Gram and Schmidt. GSL's own (gsl_multifit_nlinear_covar) takes memory that it does
 * not look at. Parameters that nothing depends on have no covariance: infinite. */
static void find_covariance(const gsl_matrix *jacobian, double *q, gsl_matrix *covariance)
{
    size_t n = jacobian->size1, p = jacobian->size2;
    double r[NONLINEAR_MAX][NONLINEAR_MAX] = {{0}}, inverse[NONLINEAR_MAX][NONLINEAR_MAX] = {{0}};
    for (size_t c = 0; c < p; c++) {
        for (size_t k = 0; k < n; k++)
            q[c * n + k] = gsl_matrix_get(jacobian, k, c);
        for (int pass = 0; pass < 2; pass++) /* twice is enough */
            for (size_t b = 0; b < c; b++) {
                double share = 0;
                for (size_t k = 0; k < n; k++)
                    share += q[b * n + k] * q[c * n + k];
                for (size_t k = 0; k < n; k++)
                    q[c * n + k] -= share * q[b * n + k];
                r[b][c] += share;
            }
        for (size_t k = 0; k < n; k++)
            r[c][c] += q[c * n + k] * q[c * n + k];
        r[c][c] = sqrt(r[c][c]);
        for (size_t k = 0; k < n; k++)
            q[c * n + k] /= r[c][c] > 0 ? r[c][c] : 1;
    }
    for (size_t c = 0; c < p; c++) {
        inverse[c][c] = 1 / r[c][c];
        for (size_t b = c; b-- > 0;) {
            double sum = 0;
            for (size_t k = b + 1; k <= c; k++)
                sum += r[b][k] * inverse[k][c];
            inverse[b][c] = -sum / r[b][b];
        }
    }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t k = i > j ? i : j; k < p; k++)
                sum += inverse[i][k] * inverse[j][k];
            gsl_matrix_set(covariance, i, j, sum);
        }
}

static isd_status work_out(gsl_multifit_nlinear_workspace *work, gsl_multifit_nlinear_fdf *fdf, double *parameter,
                           struct nonlinear_fit *ret_fit, isd_error *err)
{
    int info = 0;
    gsl_vector_view start = gsl_vector_view_array(parameter, fdf->p);
    double covariance[NONLINEAR_MAX * NONLINEAR_MAX];
    gsl_matrix_view c = gsl_matrix_view_array(covariance, fdf->p, fdf->p);
    if (gsl_multifit_nlinear_init(&start.vector, fdf, work) != GSL_SUCCESS)
        return isd_error_set(err, ISD_DATA, "the fit cannot start: the points do not go with this law");
    int code = gsl_multifit_nlinear_driver(200, 1e-10, 1e-9, 0, NULL, NULL, &info, work);
    for (size_t k = 0; k < fdf->p; k++)
        parameter[k] = gsl_vector_get(work->x, k);
    find_covariance(gsl_multifit_nlinear_jac(work), ((struct problem *)fdf->params)->columns, &c.matrix);
    if (code != GSL_SUCCESS && !(still_to_go(work, &c.matrix) < 1e-8))
        return isd_error_set(err, ISD_DATA, "the fit does not converge (%s)", gsl_strerror(code));
    gsl_blas_ddot(work->f, work->f, &ret_fit->chi_sq);
    ret_fit->iterations = (int)gsl_multifit_nlinear_niter(work);
    for (size_t i = 0; i < fdf->p; i++)
        for (size_t j = 0; j < fdf->p; j++)
            ret_fit->covariance[i][j] = gsl_matrix_get(&c.matrix, i, j);
    return ISD_OK;
}

isd_status nonlinear_fit(int n, int n_parameters, residual_fn *residual, void *arg, double *parameter, struct nonlinear_fit *ret_fit,
                         isd_error *err)
{
    gsl_set_error_handler_off();
    double *numbers = malloc((size_t)n * (1 + (size_t)n_parameters) * sizeof *numbers);
    struct problem problem = {residual, arg, numbers, numbers ? numbers + n : NULL};
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    how.fdtype = GSL_MULTIFIT_NLINEAR_CTRDIFF;
    how.h_df = 6e-6; /* cube root of the rounding: best for central differences */
    gsl_multifit_nlinear_fdf fdf = {.f = evaluate, .n = (size_t)n, .p = (size_t)n_parameters, .params = &problem};
    gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, fdf.n, fdf.p);
    isd_status status = work != NULL && numbers != NULL ? work_out(work, &fdf, parameter, ret_fit, err) : isd_error_memory(err);
    if (work != NULL)
        gsl_multifit_nlinear_free(work);
    free(numbers);
    return status;
}
