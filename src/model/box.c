/* The periodic cell and the shortest of all images. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/box.h"

#include <math.h>
#include <string.h>

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

isd_status isd_box_check(const isd_box *box, isd_error *err)
{
    const double length[3] = {box->lx, box->ly, box->lz}, tilt[3] = {box->xy, box->xz, box->yz};
    if (box->dim != 2 && box->dim != 3)
        return isd_error_set(err, ISD_DATA, "the dimension is %d, expected 2 or 3", box->dim);
    for (int k = 0; k < 3; k++) {
        if (!isfinite(box->origin[k]) || !isfinite(length[k]) || !isfinite(tilt[k]))
            return isd_error_set(err, ISD_DATA, "the box is not finite along %c", "xyz"[k]);
        if (k < box->dim && !(length[k] > 0))
            return isd_error_set(err, ISD_DATA, "the box has length %g along %c, expected a positive one", length[k],
                                 "xyz"[k]);
    }
    return ISD_OK;
}

double isd_box_volume(const isd_box *box)
{
    return box->dim == 2 ? box->lx * box->ly : box->lx * box->ly * box->lz;
}

double isd_box_spacing(const isd_box *box, double n)
{
    double each = isd_box_volume(box) / n;
    return box->dim == 2 ? sqrt(each) : cbrt(each);
}

/* Rows of the inverse cell matrix: fraction k = reciprocal[k] . (r - origin). */
static void reciprocal(const isd_box *box, double ret_rows[3][3])
{
    bool flat = box->dim == 2;
    double lz = flat ? 1 : box->lz, xz = flat ? 0 : box->xz, yz = flat ? 0 : box->yz;
    const double rows[3][3] = {
        {1 / box->lx, -box->xy / (box->lx * box->ly), (box->xy * yz / box->ly - xz) / (box->lx * lz)},
        {0, 1 / box->ly, -yz / (box->ly * lz)},
        {0, 0, 1 / lz},
    };
    memcpy(ret_rows, rows, sizeof rows);
}

double isd_box_thickness(const isd_box *box)
{
    double rows[3][3], smallest = INFINITY;
    reciprocal(box, rows);
    for (int k = 0; k < box->dim; k++)
        smallest = fmin(smallest, 1 / sqrt(dot(rows[k], rows[k])));
    return smallest;
}

void isd_box_to_fraction(const isd_box *box, const double r[3], double ret_s[3])
{
    double x = r[0] - box->origin[0], y = r[1] - box->origin[1], z = r[2] - box->origin[2];
    bool flat = box->dim == 2;
    double sz = flat ? (box->lz > 0 ? z / box->lz : 0) : z / box->lz;
    double sy = (y - (flat ? 0 : sz * box->yz)) / box->ly;
    ret_s[0] = (x - sy * box->xy - (flat ? 0 : sz * box->xz)) / box->lx;
    ret_s[1] = sy;
    ret_s[2] = sz;
}

void isd_box_from_fraction(const isd_box *box, const double s[3], double ret_r[3])
{
    bool flat = box->dim == 2;
    double s0 = s[0], s1 = s[1], s2 = s[2];
    ret_r[0] = box->origin[0] + s0 * box->lx + s1 * box->xy + (flat ? 0 : s2 * box->xz);
    ret_r[1] = box->origin[1] + s1 * box->ly + (flat ? 0 : s2 * box->yz);
    ret_r[2] = box->origin[2] + s2 * box->lz;
}

/* r moved by whole cell vectors. */
static void translate(const isd_box *box, const double count[3], double r[3])
{
    r[0] += count[0] * box->lx + count[1] * box->xy + count[2] * box->xz;
    r[1] += count[1] * box->ly + count[2] * box->yz;
    r[2] += count[2] * box->lz;
}

void isd_box_wrap(const isd_box *box, const double r[3], double ret_r[3])
{
    double moved[3] = {r[0], r[1], r[2]};
    /* Rounding can leave an atom a hair outside after one step; an atom inside is never touched. */
    for (int attempt = 0; attempt < 3; attempt++) {
        double s[3], count[3] = {0, 0, 0};
        isd_box_to_fraction(box, moved, s);
        for (int k = 0; k < box->dim; k++)
            if (box->periodic[k])
                count[k] = -floor(s[k]);
        if (count[0] == 0 && count[1] == 0 && count[2] == 0)
            break;
        translate(box, count, moved);
    }
    memcpy(ret_r, moved, sizeof moved);
}

void isd_box_unwrap(const isd_box *box, const double r[3], const int image[3], double ret_r[3])
{
    double moved[3] = {r[0], r[1], r[2]};
    translate(box, (double[3]){image[0], image[1], box->dim == 2 ? 0 : image[2]}, moved);
    memcpy(ret_r, moved, sizeof moved);
}

bool isd_box_equal(const isd_box *a, const isd_box *b)
{
    if (a->dim != b->dim)
        return false;
    const double pa[6] = {a->lx, a->ly, a->xy, a->lz, a->xz, a->yz}, pb[6] = {b->lx, b->ly, b->xy, b->lz, b->xz, b->yz};
    int n = a->dim == 2 ? 3 : 6;
    double longest = 0;
    for (int k = 0; k < n; k++)
        longest = fmax(longest, fmax(fabs(pa[k]), fabs(pb[k])));
    for (int k = 0; k < n; k++)
        if (!(fabs(pa[k] - pb[k]) <= 1e-9 * longest))
            return false;
    for (int k = 0; k < a->dim; k++)
        if (a->periodic[k] != b->periodic[k])
            return false;
    return true;
}

/* Make v as short as it gets by subtracting multiples of p and q (q may be NULL). True if it became shorter. */
static bool shorten(double v[3], const double *p, const double *q)
{
    double best[3] = {v[0], v[1], v[2]}, start = dot(v, v), least = start;
    double pp = dot(p, p), vp = dot(v, p), cp = vp / pp, cq = 0;
    if (q) {
        double qq = dot(q, q), vq = dot(v, q), pq = dot(p, q), det = pp * qq - pq * pq;
        if (!(det > 0))
            return false;
        cp = (vp * qq - vq * pq) / det;
        cq = (vq * pp - vp * pq) / det;
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < (q ? 2 : 1); j++) {
            double mp = floor(cp) + i, mq = q ? floor(cq) + j : 0, w[3];
            for (int k = 0; k < 3; k++)
                w[k] = v[k] - mp * p[k] - (q ? mq * q[k] : 0);
            if (dot(w, w) < least) {
                least = dot(w, w);
                memcpy(best, w, sizeof best);
            }
        }
    if (!(least < start * (1 - 1e-12)))
        return false;
    memcpy(v, best, sizeof best);
    return true;
}

/* Minkowski-reduced basis (greedy reduction, exact up to three vectors: Nguyen and Stehle 2009). */
static void reduce(double basis[3][3], int rank)
{
    for (int round = 0; round < 1000; round++) {
        for (int i = 1; i < rank; i++) /* ascending length */
            for (int j = i; j > 0 && dot(basis[j], basis[j]) < dot(basis[j - 1], basis[j - 1]); j--)
                for (int k = 0; k < 3; k++) {
                    double t = basis[j][k];
                    basis[j][k] = basis[j - 1][k];
                    basis[j - 1][k] = t;
                }
        bool changed = rank > 1 && shorten(basis[1], basis[0], NULL);
        if (!changed && rank > 2)
            changed = shorten(basis[2], basis[0], basis[1]);
        if (!changed)
            return;
    }
}

/* dual[i] . basis[j] = delta_ij, inside the span of the basis: the inverse of the Gram matrix applied to it. */
static void make_dual(isd_lattice *lattice)
{
    double g[3][6] = {{0}};
    int n = lattice->rank;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            g[i][j] = dot(lattice->basis[i], lattice->basis[j]);
        g[i][3 + i] = 1;
    }
    for (int c = 0; c < n; c++) { /* positive definite: no pivoting */
        double pivot = g[c][c];
        for (int j = 0; j < 6; j++)
            g[c][j] /= pivot;
        for (int r = 0; r < n; r++)
            if (r != c) {
                double f = g[r][c];
                for (int j = 0; j < 6; j++)
                    g[r][j] -= f * g[c][j];
            }
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) {
            lattice->dual[i][k] = 0;
            for (int j = 0; j < n; j++)
                lattice->dual[i][k] += g[i][3 + j] * lattice->basis[j][k];
        }
}

static bool orthogonal(const isd_lattice *lattice)
{
    for (int i = 0; i < lattice->rank; i++)
        for (int j = 0; j < i; j++)
            if (dot(lattice->basis[i], lattice->basis[j]) != 0)
                return false;
    return true;
}

void isd_lattice_init(isd_lattice *ret_lattice, const isd_box *box)
{
    isd_lattice lattice = {.dim = box->dim, .safe_sq = INFINITY};
    bool flat = box->dim == 2;
    const double cell[3][3] = {
        {box->lx, 0, 0}, {box->xy, box->ly, 0}, {flat ? 0 : box->xz, flat ? 0 : box->yz, flat ? 0 : box->lz}};
    for (int k = 0; k < box->dim; k++)
        if (box->periodic[k])
            memcpy(lattice.basis[lattice.rank++], cell[k], sizeof cell[k]);
    reduce(lattice.basis, lattice.rank);
    make_dual(&lattice);
    if (lattice.rank > 0)
        lattice.safe_sq = 0.25 * dot(lattice.basis[0], lattice.basis[0]) * (1 - 1e-12);
    if (!orthogonal(&lattice)) {
        int top = lattice.rank > 2 ? 1 : 0;
        for (int i = -1; i <= 1; i++)
            for (int j = -1; j <= 1; j++)
                for (int l = -top; l <= top; l++) {
                    if (i == 0 && j == 0 && l == 0)
                        continue;
                    for (int k = 0; k < 3; k++)
                        lattice.image[lattice.n_image][k] =
                            i * lattice.basis[0][k] + j * lattice.basis[1][k] + (top ? l * lattice.basis[2][k] : 0);
                    lattice.n_image++;
                }
    }
    *ret_lattice = lattice;
}

/* One step to a shorter image, if there is one. All Voronoi-relevant vectors of a Minkowski-reduced basis are among the
 * neighbours tried, so a vector that none of them shortens is the shortest. */
static bool improve(const isd_lattice *lattice, double d[3], double *length_sq)
{
    double least = *length_sq * (1 - 1e-15);
    int best = -1;
    for (int k = 0; k < lattice->n_image; k++) {
        double w[3] = {d[0] + lattice->image[k][0], d[1] + lattice->image[k][1], d[2] + lattice->image[k][2]};
        double sq = dot(w, w);
        if (sq < least) {
            least = sq;
            best = k;
        }
    }
    if (best < 0)
        return false;
    for (int k = 0; k < 3; k++)
        d[k] += lattice->image[best][k];
    *length_sq = dot(d, d);
    return true;
}

double isd_lattice_shortest(const isd_lattice *lattice, double d[3])
{
    if (lattice->dim == 2)
        d[2] = 0;
    double count[3] = {0, 0, 0};
    for (int i = 0; i < lattice->rank; i++)
        count[i] = nearbyint(dot(lattice->dual[i], d));
    for (int i = 0; i < lattice->rank; i++)
        if (count[i] != 0)
            for (int k = 0; k < 3; k++)
                d[k] -= count[i] * lattice->basis[i][k];
    double length_sq = dot(d, d);
    if (length_sq > lattice->safe_sq)
        while (improve(lattice, d, &length_sq))
            ;
    return length_sq;
}
