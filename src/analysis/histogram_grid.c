/* Atoms in small cells, and which cells come within a distance. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/histogram_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ATOMS_A_CELL = 8 /* fewer: short inner loops; more: many pairs out of reach */ };

void cell_grid_done(struct cell_grid *grid)
{
    free(grid->start);
    free(grid->x);
    free(grid->y);
    free(grid->z);
    free(grid->type);
    free(grid->offsets);
}

double cell_grid_thickness(const isd_box *box, int k)
{
    double xz = box->dim == 3 ? (box->xy * box->yz - box->ly * box->xz) / (box->ly * box->lz) : 0;
    double yz = box->dim == 3 ? box->yz / box->lz : 0;
    double xy = box->xy / box->ly;
    return k == 2 ? box->lz : k == 1 ? box->ly / sqrt(1 + yz * yz) : box->lx / sqrt(1 + xy * xy + xz * xz);
}

/* The range of fractions that the grid covers. Along an open direction: where the atoms are. */
static void grid_extent(struct cell_grid *grid, const isd_snapshot *snapshot)
{
    double high[3] = {1, 1, 1};
    for (int k = 0; k < 3; k++) {
        grid->periodic[k] = k < grid->dim && snapshot->box.periodic[k];
        grid->low[k] = grid->periodic[k] ? 0 : INFINITY;
        high[k] = grid->periodic[k] ? 1 : -INFINITY;
    }
    for (int32_t i = 0; i < snapshot->n; i++) {
        double s[3];
        isd_box_to_fraction(&snapshot->box, snapshot->position + 3 * (size_t)i, s);
        for (int k = 0; k < grid->dim; k++) {
            if (!grid->periodic[k]) {
                grid->low[k] = fmin(grid->low[k], s[k]);
                high[k] = fmax(high[k], s[k]);
            }
        }
    }
    for (int k = 0; k < 3; k++) {
        grid->extent[k] = k < grid->dim ? high[k] - grid->low[k] : 0;
    }
}

/* How many cells along each direction: about ATOMS_A_CELL in each if the atoms are spread evenly. */
static void grid_shape(struct cell_grid *grid, const isd_box *box)
{
    double cells = fmax(1, grid->n_atoms / (double)ATOMS_A_CELL), volume = 1;
    double length[3] = {0, 0, 0};
    int spread = 0;
    for (int k = 0; k < grid->dim; k++) {
        length[k] = cell_grid_thickness(box, k) * grid->extent[k];
        if (length[k] > 0) {
            volume *= length[k];
            spread++;
        }
    }
    double edge = spread ? pow(volume / cells, 1.0 / spread) : 1;
    double left = 4 * cells; /* a long thin box must not have more than this in all */
    grid->n_cells = 1;
    for (int k = 0; k < 3; k++) {
        double wanted = edge > 0 ? floor(length[k] / edge) : 1;
        grid->n[k] = (int)fmax(1, fmin(wanted, floor(left)));
        left /= grid->n[k];
        grid->n_cells *= grid->n[k];
        grid->width[k] = k < grid->dim ? length[k] / grid->n[k] : 0;
    }
}

static int32_t cell_of(const struct cell_grid *grid, const double s[3])
{
    int32_t cell = 0;
    for (int k = grid->dim - 1; k >= 0; k--) {
        double place = grid->extent[k] > 0 ? (s[k] - grid->low[k]) / grid->extent[k] * grid->n[k] : 0;
        int c = place < 0 ? 0 : place >= grid->n[k] ? grid->n[k] - 1 : (int)place;
        cell = cell * grid->n[k] + c;
    }
    return cell;
}

/* Sort the atoms into their cells (counting sort). */
static isd_status grid_fill(struct cell_grid *grid, const isd_snapshot *snapshot, isd_error *err)
{
    size_t n = (size_t)snapshot->n;
    grid->start = calloc((size_t)grid->n_cells + 2, sizeof *grid->start);
    grid->x = malloc((n + 1) * sizeof *grid->x);
    grid->y = malloc((n + 1) * sizeof *grid->y);
    grid->z = malloc((n + 1) * sizeof *grid->z);
    grid->type = malloc(n + 1);
    int32_t *cell = malloc((n + 1) * sizeof *cell);
    double *wrapped = malloc((3 * n + 1) * sizeof *wrapped);
    isd_status status = ISD_OK;
    if (!grid->start || !grid->x || !grid->y || !grid->z || !grid->type || !cell || !wrapped) {
        status = isd_error_memory(err);
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        double s[3];
        isd_box_wrap(&snapshot->box, snapshot->position + 3 * i, wrapped + 3 * i);
        isd_box_to_fraction(&snapshot->box, wrapped + 3 * i, s);
        cell[i] = cell_of(grid, s);
        grid->start[cell[i] + 2]++;
    }
    for (int32_t c = 2; c <= grid->n_cells; c++) {
        grid->start[c] += grid->start[c - 1];
    }
    for (size_t i = 0; i < n; i++) { /* start[c + 1] runs from the start of cell c to its end */
        int32_t to = grid->start[cell[i] + 1]++;
        grid->x[to] = wrapped[3 * i];
        grid->y[to] = wrapped[3 * i + 1];
        grid->z[to] = grid->dim == 3 ? wrapped[3 * i + 2] : 0;
        grid->type[to] = (uint8_t)snapshot->type[i];
    }
out:
    free(cell);
    free(wrapped);
    return status;
}

/* A length that no two points of two cells this far apart fall short of. */
static double least_distance(const struct cell_grid *grid, const int o[3], double diagonal)
{
    double centre[3] = {0, 0, 0}, apart = 0, least = 0;
    bool orthogonal = grid->vector[1][0] == 0 && grid->vector[2][0] == 0 && grid->vector[2][1] == 0;
    for (int k = 0; k < grid->dim; k++) {
        for (int j = 0; j < 3; j++) {
            centre[j] += o[k] * grid->vector[k][j] * grid->extent[k] / grid->n[k];
        }
        double here = (abs(o[k]) - 1) * grid->width[k];
        if (here > 0) {
            least = fmax(least, here);
            apart += here * here;
        }
    }
    double between = sqrt(centre[0] * centre[0] + centre[1] * centre[1] + centre[2] * centre[2]) - diagonal;
    return fmax(fmax(least, between), orthogonal ? sqrt(apart) : 0);
}

/* The longest diagonal of a cell. */
static double cell_diagonal(const struct cell_grid *grid)
{
    double longest = 0;
    for (int sign = 0; sign < 4; sign++) {
        double d[3] = {0, 0, 0};
        for (int k = 0; k < grid->dim; k++) {
            double f = grid->extent[k] / grid->n[k] * (k > 0 && (sign >> (k - 1) & 1) ? -1 : 1);
            for (int j = 0; j < 3; j++) {
                d[j] += f * grid->vector[k][j];
            }
        }
        longest = fmax(longest, sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]));
    }
    return longest;
}

/* How many cells away along k an atom within max can be. */
static int reach(const struct cell_grid *grid, int k, double max)
{
    double cells = k < grid->dim && grid->width[k] > 0 ? ceil(max / grid->width[k] * (1 + 1e-9)) : 0;
    return grid->periodic[k] ? (int)fmin(cells, 1e9) : (int)fmin(cells, grid->n[k] - 1);
}

static bool add_offset(struct cell_grid *grid, size_t *size, struct offset offset)
{
    if (grid->n_offsets == *size) {
        size_t larger = *size ? 2 * *size : 256;
        struct offset *offsets = realloc(grid->offsets, larger * sizeof *offsets);
        if (!offsets) {
            return false;
        }
        grid->offsets = offsets;
        *size = larger;
    }
    grid->offsets[grid->n_offsets++] = offset;
    return true;
}

/* Zero, then one of each pair of opposite offsets whose cells come within max. */
static isd_status grid_offsets(struct cell_grid *grid, double max, isd_error *err)
{
    const int m[3] = {reach(grid, 0, max), reach(grid, 1, max), reach(grid, 2, max)};
    double diagonal = cell_diagonal(grid);
    size_t size = 0;
    for (int c = 0; c <= m[2]; c++) {
        for (int b = c > 0 ? -m[1] : 0; b <= m[1]; b++) {
            for (int a = c > 0 || b > 0 ? -m[0] : 0; a <= m[0]; a++) {
                struct offset offset = {{a, b, c}};
                if (least_distance(grid, offset.o, diagonal) <= max * (1 + 1e-9) && !add_offset(grid, &size, offset)) {
                    return isd_error_memory(err);
                }
            }
        }
    }
    return ISD_OK;
}

int32_t cell_grid_neighbour(const struct cell_grid *grid, const int at[3], const struct offset *offset, double ret_shift[3])
{
    int32_t cell = 0;
    ret_shift[0] = ret_shift[1] = ret_shift[2] = 0;
    for (int k = grid->dim - 1; k >= 0; k--) {
        int n = grid->n[k], to = at[k] + offset->o[k];
        if (to < 0 || to >= n) {
            if (!grid->periodic[k]) {
                return -1;
            }
            int turns = to >= 0 ? to / n : -((n - 1 - to) / n);
            to -= turns * n;
            for (int j = 0; j < 3; j++) {
                ret_shift[j] += turns * grid->vector[k][j];
            }
        }
        cell = cell * n + to;
    }
    return cell;
}

isd_status cell_grid_init(struct cell_grid *grid, const isd_snapshot *snapshot, double max, isd_error *err)
{
    const isd_box *box = &snapshot->box;
    *grid = (struct cell_grid){.dim = box->dim, .n_atoms = snapshot->n};
    const double vector[3][3] = {{box->lx, 0, 0}, {box->xy, box->ly, 0}, {box->xz, box->yz, box->lz}};
    memcpy(grid->vector, vector, sizeof vector);
    grid_extent(grid, snapshot);
    grid_shape(grid, box);
    isd_status status = grid_fill(grid, snapshot, err);
    if (status == ISD_OK) {
        status = grid_offsets(grid, max, err);
    }
    return status;
}
