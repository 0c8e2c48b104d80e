/* Prices from the densities of the two sets, by Poisson's equation. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For squared distances the dual that moves one nearly uniform density onto another is v = 2 psi with lap psi = (rho_a - rho_b) / rho
 * (linearised Monge-Ampere equation; Caracciolo, Lucibello, Parisi & Sicuro 2014). It holds at long wavelengths, which is what auctions
 * are slow to find. In an open direction nothing flows through the ends of the space that the points take up: the densities are
 * mirrored there. */
#include "match/solve.h"

#ifdef __linux__
#include <malloc.h>
#endif
#include <math.h>

#include "num/fft.h"

enum { BLOCK = 4, POINTS = 4 }; /* of the grid for a point of each set, at most, with mirror images: that takes less than lists will */
static const double spacing_most = 1.5, smoothing = 0.5; /* of the grid and the densities, in mean distances between points */
static const double variance_most = 4, contrast_most = 0.25; /* of the density in blocks of the grid: of Poisson's, and of the mean squared */

/* Grid coordinates along three axes: fractions of the cell, or of the space taken up and its mirror image. */
struct mesh {
    const struct frame *frame;
    struct fft_grid grid;
    bool open[3];
    double dual[3][3], origin[3];
    int dim;
};

/* Axes of the mesh, and their lengths in the units of the box. false: this lattice has open directions that are not along axes. */
static bool mesh_axes(struct mesh *mesh, const struct solve *s, double length[3])
{
    const isd_lattice *lattice = &s->frame->lattice;
    mesh->dim = lattice->dim;
    if (lattice->rank < lattice->dim && !s->frame->aligned)
        return false;
    for (int i = 0; i < mesh->dim; i++) {
        length[i] = 0;
        for (int c = 0; c < 3; c++)
            mesh->dual[i][c] = lattice->rank == lattice->dim && !s->frame->aligned ? lattice->dual[i][c] : 0;
    }
    if (!s->frame->aligned) {
        for (int i = 0; i < mesh->dim; i++)
            for (int c = 0; c < 3; c++)
                length[i] += mesh->dual[i][c] * mesh->dual[i][c];
        for (int i = 0; i < mesh->dim; i++)
            length[i] = 1 / sqrt(length[i]);
        return true;
    }
    for (int c = 0; c < mesh->dim; c++) {
        mesh->open[c] = isinf(s->frame->period[c]);
        length[c] = s->frame->period[c];
        if (mesh->open[c]) {
            double lo[2], hi[2];
            cloud_extent(&s->rows, c, &lo[0], &hi[0]);
            cloud_extent(&s->columns, c, &lo[1], &hi[1]);
            mesh->origin[c] = fmin(lo[0], lo[1]);
            length[c] = 2 * (fmax(hi[0], hi[1]) - mesh->origin[c]);
        }
        mesh->dual[c][c] = 1 / length[c];
    }
    return true;
}

static double cell_volume(const isd_lattice *lattice)
{
    const double(*b)[3] = lattice->basis;
    double z = b[0][0] * b[1][1] - b[0][1] * b[1][0];
    if (lattice->dim == 2)
        return fabs(z);
    return fabs((b[0][1] * b[1][2] - b[0][2] * b[1][1]) * b[2][0] + (b[0][2] * b[1][0] - b[0][0] * b[1][2]) * b[2][1] + z * b[2][2]);
}

/* The axis along which the grid is finest. */
static int finest(const double length[3], const int32_t size[3], int dim)
{
    int axis = 0;
    for (int c = 1; c < dim; c++)
        axis = size[c] > 1 && (size[axis] == 1 || length[c] / size[c] < length[axis] / size[axis]) ? c : axis;
    return axis;
}

/* A grid fine enough, but with not many more points than there are in each set. */
static bool mesh_size(const struct mesh *mesh, const double length[3], double volume, int32_t n, int32_t size[3])
{
    double spacing = pow(volume / n, 1.0 / mesh->dim), points = 1;
    for (int c = 0; c < 3; c++)
        size[c] = 1;
    for (int c = 0; c < mesh->dim; c++) {
        if (!(length[c] > 0 && length[c] / spacing < 1e6))
            return false;
        while (size[c] * spacing_most * spacing < length[c])
            size[c] *= 2;
        points *= size[c];
    }
    for (; points > (double)POINTS * n; points /= 2) {
        int axis = finest(length, size, mesh->dim);
        if (size[axis] == 1)
            return false;
        size[axis] /= 2;
    }
    return true;
}

/* A point between grid points: the 2^dim around it and their shares. */
struct corner {
    int32_t at[3][2];
    double share[3][2];
};

static void corner_find(const struct mesh *mesh, const double x[3], struct corner *ret)
{
    for (int i = 0; i < 3; i++) {
        int32_t n = mesh->grid.n[i];
        double s = 0;
        for (int c = 0; c < 3; c++)
            s += i < mesh->dim ? mesh->dual[i][c] * (x[c] - mesh->origin[c]) : 0;
        s = (s - floor(s)) * n;
        int32_t k = (int32_t)s;
        ret->share[i][1] = s - k;
        ret->share[i][0] = 1 - ret->share[i][1];
        ret->at[i][0] = k & (n - 1);
        ret->at[i][1] = (k + 1) & (n - 1);
    }
}

static size_t corner_place(const struct mesh *mesh, const struct corner *corner, int which, double *ret_share)
{
    size_t at = 0;
    double share = 1;
    for (int i = 2; i >= 0; i--) {
        at = at * (size_t)mesh->grid.n[i] + (size_t)corner->at[i][which >> i & 1];
        share *= corner->share[i][which >> i & 1];
    }
    *ret_share = share;
    return at;
}

/* Of all points: their difference into re, their sum into im. */
static isd_status deposit(struct mesh *mesh, struct solve *s, const struct cloud *cloud, double sign, isd_error *err)
{
    int mirrors = 1;
    for (int c = 0; c < mesh->dim; c++)
        mirrors *= mesh->open[c] ? 2 : 1;
    for (int32_t i = 0; i < cloud->n; i++) {
        double r[3], x[3];
        cloud_point(cloud, i, r);
        frame_wrap(mesh->frame, r, x);
        for (int m = 0; m < mirrors; m++) {
            double y[3];
            for (int c = 0, bit = 0; c < 3; c++)
                y[c] = mesh->open[c] && (m >> bit++ & 1) ? 2 * mesh->origin[c] - x[c] : x[c];
            struct corner corner;
            corner_find(mesh, y, &corner);
            for (int which = 0; which < 1 << mesh->dim; which++) {
                double share;
                size_t at = corner_place(mesh, &corner, which, &share);
                mesh->grid.re[at] += sign * share;
                mesh->grid.im[at] += share;
            }
        }
        isd_status status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

/* Whether the points are spread evenly enough over the grid, as chance would. */
static bool is_even(const struct mesh *mesh)
{
    const int32_t *n = mesh->grid.n;
    double sum = 0, squares = 0, blocks = 0;
    int32_t step[3];
    for (int c = 0; c < 3; c++)
        step[c] = n[c] < BLOCK ? n[c] : BLOCK;
    for (int32_t z = 0; z < n[2]; z += step[2])
        for (int32_t y = 0; y < n[1]; y += step[1])
            for (int32_t x = 0; x < n[0]; x += step[0]) {
                double count = 0;
                for (int32_t k = z; k < z + step[2]; k++)
                    for (int32_t j = y; j < y + step[1]; j++)
                        for (int32_t i = x; i < x + step[0]; i++)
                            count += mesh->grid.im[((size_t)k * (size_t)n[1] + (size_t)j) * (size_t)n[0] + (size_t)i];
                sum += count;
                squares += count * count;
                blocks++;
            }
    double mean = sum / blocks, variance = squares / blocks - mean * mean;
    return variance <= variance_most * mean || variance <= contrast_most * mean * mean;
}

/* The field from its sources, k by k. */
static void invert(struct mesh *mesh, double spacing, double scale)
{
    const int32_t *n = mesh->grid.n;
    for (int32_t z = 0; z < n[2]; z++)
        for (int32_t y = 0; y < n[1]; y++)
            for (int32_t x = 0; x < n[0]; x++) {
                const int32_t turns[3] = {x > n[0] / 2 ? x - n[0] : x, y > n[1] / 2 ? y - n[1] : y, z > n[2] / 2 ? z - n[2] : z};
                size_t at = ((size_t)z * (size_t)n[1] + (size_t)y) * (size_t)n[0] + (size_t)x;
                double k_sq = 0;
                for (int c = 0; c < 3; c++) {
                    double k = 0;
                    for (int i = 0; i < mesh->dim; i++)
                        k += 2 * M_PI * turns[i] * mesh->dual[i][c];
                    k_sq += k * k;
                }
                double factor = k_sq > 0 ? -scale * exp(-0.5 * k_sq * smoothing * smoothing * spacing * spacing) / k_sq : 0;
                mesh->grid.re[at] *= factor;
                mesh->grid.im[at] *= factor;
            }
}

static void take_prices(const struct mesh *mesh, struct solve *s)
{
    for (int32_t j = 0; j < s->n; j++) {
        double r[3], x[3], v = 0;
        cloud_point(&s->columns, j, r);
        frame_wrap(mesh->frame, r, x);
        struct corner corner;
        corner_find(mesh, x, &corner);
        for (int which = 0; which < 1 << mesh->dim; which++) {
            double share;
            size_t at = corner_place(mesh, &corner, which, &share);
            v += share * mesh->grid.re[at];
        }
        s->columns.w[j] = v;
    }
}

/* A large grid that is freed goes back to the system: kept by malloc it would count beside the lists. */
static void give_back(size_t points)
{
#ifdef __GLIBC__
    enum { LARGE = 1 << 14 };
    if (points >= LARGE)
        malloc_trim(0);
#else
    (void)points;
#endif
}

isd_status solve_poisson(struct solve *s, bool *ret_used, isd_error *err)
{
    struct mesh mesh = {.frame = s->frame};
    double length[3], volume = 1, mirrors = 1;
    int32_t size[3];
    *ret_used = false;
    if (!mesh_axes(&mesh, s, length))
        return ISD_OK;
    for (int c = 0; c < mesh.dim; c++) {
        mirrors *= mesh.open[c] ? 2 : 1;
        volume *= s->frame->aligned ? length[c] : 1;
    }
    if (!s->frame->aligned)
        volume = cell_volume(&s->frame->lattice);
    volume /= mirrors;
    if (!mesh_size(&mesh, length, volume, s->n, size))
        return ISD_OK;
    isd_status status = fft_grid_init(&mesh.grid, size, err);
    if (status != ISD_OK)
        return status;
    status = deposit(&mesh, s, &s->rows, 1, err);
    if (status == ISD_OK)
        status = deposit(&mesh, s, &s->columns, -1, err);
    bool even = status == ISD_OK && is_even(&mesh);
    size_t points = fft_grid_size(&mesh.grid);
    if (even) {
        for (size_t k = 0; k < points; k++)
            mesh.grid.im[k] = 0;
        status = fft_grid_transform(&mesh.grid, false, s->progress.control, err);
    }
    if (even && status == ISD_OK) {
        /* Points in a cell of the grid to density over the mean; v = 2 psi; the transforms multiply by the number of grid points. */
        double per_cell = s->n * mirrors / (double)points;
        invert(&mesh, pow(volume / s->n, 1.0 / mesh.dim), 2 / per_cell / (double)points);
        status = fft_grid_transform(&mesh.grid, true, s->progress.control, err);
    }
    if (even && status == ISD_OK) {
        take_prices(&mesh, s);
        *ret_used = true;
    }
    fft_grid_done(&mesh.grid);
    give_back(points);
    return status;
}
