/* Small linear least squares by normal equations. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/normal.h"

#include <math.h>
#include <string.h>

void normal_init(struct normal *normal, int n)
{
    memset(normal, 0, sizeof *normal);
    normal->n = n;
}

void normal_add(struct normal *normal, const double *f, double y)
{
    normal->rows += 1;
    normal->yy += y * y;
    for (int i = 0; i < normal->n; i++) {
        normal->fy[i] += f[i] * y;
        for (int j = 0; j <= i; j++)
            normal->ff[i][j] += f[i] * f[j];
    }
}

void normal_combine(struct normal *normal, const struct normal *other, double factor)
{
    normal->rows += factor * other->rows;
    normal->yy += factor * other->yy;
    for (int i = 0; i < normal->n; i++) {
        normal->fy[i] += factor * other->fy[i];
        for (int j = 0; j <= i; j++)
            normal->ff[i][j] += factor * other->ff[i][j];
    }
}

static double element(const struct normal *normal, int i, int j)
{
    return i >= j ? normal->ff[i][j] : normal->ff[j][i];
}

bool normal_solve(const struct normal *normal, const int *chosen, int n_chosen, double *ret_coefficients)
{
    double l[NORMAL_MAX][NORMAL_MAX], x[NORMAL_MAX];
    for (int i = 0; i < n_chosen; i++)
        for (int j = 0; j <= i; j++) {
            double sum = element(normal, chosen[i], chosen[j]);
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i != j) {
                l[i][j] = sum / l[j][j];
                continue;
            }
            if (!(sum > 1e-12 * normal->ff[chosen[i]][chosen[i]]))
                return false;
            l[i][i] = sqrt(sum);
        }
    for (int i = 0; i < n_chosen; i++) {
        x[i] = normal->fy[chosen[i]];
        for (int k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (int i = n_chosen - 1; i >= 0; i--) {
        for (int k = i + 1; k < n_chosen; k++)
            x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
    memcpy(ret_coefficients, x, (size_t)n_chosen * sizeof *x);
    return true;
}

double normal_residual(const struct normal *normal, const int *chosen, int n_chosen, const double *coefficients)
{
    double sum = normal->yy;
    for (int i = 0; i < n_chosen; i++) {
        sum -= 2 * coefficients[i] * normal->fy[chosen[i]];
        for (int j = 0; j < n_chosen; j++)
            sum += coefficients[i] * coefficients[j] * element(normal, chosen[i], chosen[j]);
    }
    return sum > 0 ? sum : 0;
}
