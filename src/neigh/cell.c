/* The periodic cell in a reduced basis. SPDX-License-Identifier: GPL-3.0-or-later */
#include "neigh/cell.h"

#include <math.h>
#include <string.h>

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

/* Gram-Schmidt: the unit vector of x, y, z that is freest of the first `known` vectors, made orthogonal to
 * them. */
static void complete(struct cell *cell, int known)
{
    double unit[3][3];
    int n = 0;
    for (int k = 0; k < known; k++) {
        memcpy(unit[n], cell->basis[k], sizeof unit[n]);
        for (int twice = 0; twice < 2; twice++) {
            for (int m = 0; m < n; m++) {
                const double c = dot(unit[n], unit[m]);
                for (int q = 0; q < 3; q++) {
                    unit[n][q] -= c * unit[m][q];
                }
            }
        }
        const double length = sqrt(dot(unit[n], unit[n]));
        for (int q = 0; q < 3; q++) {
            unit[n][q] /= length;
        }
        n++;
    }
    double best = -1;
    for (int axis = 0; axis < 3; axis++) {
        double v[3] = {axis == 0, axis == 1, axis == 2};
        for (int m = 0; m < n; m++) {
            const double c = dot(v, unit[m]);
            for (int q = 0; q < 3; q++) {
                v[q] -= c * unit[m][q];
            }
        }
        const double length = sqrt(dot(v, v));
        if (length > best + 1e-9) {
            best = length;
            for (int q = 0; q < 3; q++) {
                cell->basis[known][q] = v[q] / length;
            }
        }
    }
}

void cell_init(struct cell *ret_cell, const isd_box *box)
{
    isd_lattice lattice;
    isd_lattice_init(&lattice, box);
    *ret_cell = (struct cell){.dim = box->dim, .rank = lattice.rank};
    memcpy(ret_cell->origin, box->origin, sizeof ret_cell->origin);
    for (int k = 0; k < lattice.rank; k++) {
        memcpy(ret_cell->basis[k], lattice.basis[k], sizeof ret_cell->basis[k]);
    }
    for (int k = lattice.rank; k < 3; k++) {
        complete(ret_cell, k);
    }
    for (int k = 0; k < 3; k++) {
        double *d = ret_cell->dual[k];
        cross(ret_cell->basis[(k + 1) % 3], ret_cell->basis[(k + 2) % 3], d);
        const double volume = dot(d, ret_cell->basis[k]);
        for (int q = 0; q < 3; q++) {
            d[q] /= volume;
        }
        ret_cell->height[k] = 1 / sqrt(dot(d, d));
    }
}

bool cell_wrap(const struct cell *cell, const double r[3], double ret_r[3], double ret_shift[3])
{
    double shift[3] = {0, 0, 0};
    double start[3], x[3];
    for (int q = 0; q < 3; q++) {
        start[q] = x[q] = q < cell->dim ? r[q] - cell->origin[q] : 0;
    }
    /* a second round mends what rounding of a large first step left */
    bool inside = false;
    for (int round = 0; round < 3 && !inside; round++) {
        inside = true;
        for (int k = 0; k < cell->rank; k++) {
            const double at = cell_fraction(cell, k, x);
            if (!(at >= 0 && at < 1)) {
                const double m = floor(at);
                inside = false;
                for (int q = 0; q < cell->dim; q++) {
                    shift[q] -= m * cell->basis[k][q];
                    x[q] = start[q] + shift[q];
                }
            }
        }
    }
    for (int k = 0; k < cell->rank && !inside; k++) {
        const double s = cell_fraction(cell, k, x);
        if (!(s > -1e-6 && s < 1 + 1e-6)) {
            return false;
        }
    }
    memcpy(ret_r, x, sizeof x);
    memcpy(ret_shift, shift, sizeof shift);
    return true;
}
