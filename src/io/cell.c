/* Cells turned into LAMMPS' form: a along x, b in the xy plane. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/cell.h"

#include <math.h>
#include <string.h>

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double *a, const double *b, double *ret)
{
    ret[0] = a[1] * b[2] - a[2] * b[1];
    ret[1] = a[2] * b[0] - a[0] * b[2];
    ret[2] = a[0] * b[1] - a[1] * b[0];
}

static void clear(struct file_cell *cell, const double origin[3])
{
    memset(cell, 0, sizeof *cell);
    cell->box.dim = 3;
    for (int d = 0; d < 3; d++) {
        cell->box.periodic[d] = true;
        cell->box.origin[d] = origin[d];
    }
}

bool cell_from_vectors(struct file_cell *cell, const double a[3], const double b[3], const double c[3],
                       const double origin[3])
{
    isd_box *box = &cell->box;
    clear(cell, origin);
    cell->turned = a[1] != 0 || a[2] != 0 || b[2] != 0 || a[0] <= 0 || b[1] <= 0 || c[2] <= 0;
    if (!cell->turned) {
        box->lx = a[0];
        box->xy = b[0];
        box->ly = b[1];
        box->xz = c[0];
        box->yz = c[1];
        box->lz = c[2];
        return true;
    }
    double ex[3], ey[3], ez[3], length = sqrt(dot(a, a));
    for (int d = 0; d < 3; d++)
        ex[d] = a[d] / length;
    cross(a, b, ez);
    double area = sqrt(dot(ez, ez));
    for (int d = 0; d < 3; d++)
        ez[d] /= area;
    cross(ez, ex, ey);
    cell->mirrored = dot(c, ez) < 0;
    for (int d = 0; d < 3 && cell->mirrored; d++)
        ez[d] = -ez[d];
    memcpy(cell->rotation[0], ex, sizeof ex);
    memcpy(cell->rotation[1], ey, sizeof ey);
    memcpy(cell->rotation[2], ez, sizeof ez);
    box->lx = length;
    box->xy = dot(b, ex);
    box->ly = dot(b, ey);
    box->xz = dot(c, ex);
    box->yz = dot(c, ey);
    box->lz = dot(c, ez);
    return length > 0 && area > 0 && box->lz > 0 && isd_box_check(box, NULL) == ISD_OK;
}

void cell_from_bounds(struct file_cell *cell, double row[3][3])
{
    isd_box *box = &cell->box;
    double xy = row[0][2], xz = row[1][2], yz = row[2][2];
    double xlo = row[0][0] - fmin(fmin(0, xy), fmin(xz, xy + xz));
    double xhi = row[0][1] - fmax(fmax(0, xy), fmax(xz, xy + xz));
    double ylo = row[1][0] - fmin(0, yz), yhi = row[1][1] - fmax(0, yz);
    clear(cell, (const double[3]){xlo, ylo, row[2][0]});
    box->lx = xhi - xlo;
    box->ly = yhi - ylo;
    box->lz = row[2][1] - row[2][0];
    box->xy = xy;
    box->xz = xz;
    box->yz = yz;
}

bool cell_from_numbers(struct file_cell *cell, const double *value, int n)
{
    static const double zero[3] = {0, 0, 0};
    if (n == 9)
        return cell_from_vectors(cell, value, value + 3, value + 6, zero);
    if (n != 2 && n != 3 && n != 6)
        return false;
    clear(cell, zero);
    cell->box.lx = value[0];
    cell->box.ly = value[1];
    cell->box.lz = n > 2 ? value[2] : 1; /* two dimensions: nothing depends on it */
    if (n == 6) {
        cell->box.xy = value[3];
        cell->box.xz = value[4];
        cell->box.yz = value[5];
    }
    return isd_box_check(&cell->box, NULL) == ISD_OK;
}

bool cell_is_orthogonal(const struct file_cell *cell)
{
    return cell->box.xy == 0 && cell->box.xz == 0 && cell->box.yz == 0 && !cell->turned;
}

void cell_turn(const struct file_cell *cell, double r[3])
{
    if (!cell->turned)
        return;
    const double *origin = cell->box.origin;
    double s[3] = {r[0] - origin[0], r[1] - origin[1], r[2] - origin[2]};
    for (int d = 0; d < 3; d++)
        r[d] = origin[d] + dot(cell->rotation[d], s);
}

void cell_place(const struct file_cell *cell, const double s[3], double ret_r[3])
{
    const isd_box *box = &cell->box;
    double x = s[0], y = s[1], z = s[2];
    ret_r[0] = box->origin[0] + x * box->lx + y * box->xy + z * box->xz;
    ret_r[1] = box->origin[1] + y * box->ly + z * box->yz;
    ret_r[2] = box->origin[2] + z * box->lz;
}

/* Rounding makes a + b + want miss it now and then: look around. */
double cell_bound(double want, double a, double b)
{
    double guess = want + b + a, low = guess, high = guess;
    for (int k = 0; k < 8; k++) {
        if ((low - a) - b == want)
            return low;
        if ((high - a) - b == want)
            return high;
        low = nextafter(low, -INFINITY);
        high = nextafter(high, INFINITY);
    }
    return guess;
}
