/* The atoms of a frame in the axes of a picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LAYERS 1024
#define LARGE_LAYER 4096 /* atoms: only more of them are worth cells */

void slab_vector(const struct slab *slab, const double v[3], double ret_v[3])
{
    double out[3];
    for (int k = 0; k < 3; k++)
        out[k] = (k == SLAB_DEPTH ? slab->sign : 1) * v[slab->axis[k]];
    memcpy(ret_v, out, sizeof out);
}

double slab_depth(const struct slab *slab, double coordinate)
{
    return slab->sign * coordinate;
}

/* x and y are seen with z upwards, so that all three pictures have right-handed axes or their mirror told by `sign`. */
static void choose_axes(struct slab *slab, int normal)
{
    static const int axis[3][3] = {{1, 2, 0}, {0, 2, 1}, {0, 1, 2}};
    memcpy(slab->axis, axis[normal], sizeof slab->axis);
    slab->sign = normal == 1 ? -1 : 1;
}

static void measure_cell(struct slab *slab, const isd_box *box)
{
    const double edge[3][3] = {{box->lx, 0, 0}, {box->xy, box->ly, 0}, {box->xz, box->yz, box->lz}};
    for (int c = 0; c < 3; c++) {
        double origin[3];
        slab_vector(slab, box->origin, origin);
        slab->low[c] = slab->high[c] = origin[c];
    }
    for (int k = 0; k < box->dim; k++) {
        double v[3];
        slab_vector(slab, edge[k], v);
        for (int c = 0; c < 3; c++) {
            slab->low[c] += fmin(v[c], 0);
            slab->high[c] += fmax(v[c], 0);
            slab->vector[k][c] = box->periodic[k] ? v[c] : 0;
        }
    }
    if (box->dim == 2)
        slab->low[SLAB_DEPTH] = slab->high[SLAB_DEPTH] = 0;
}

/* Along open directions atoms may be outside the cell: the picture shows them, too. */
static void place_atoms(const isd_snapshot *frame, struct slab *slab, double *place)
{
    for (int32_t i = 0; i < frame->n; i++) {
        double r[3];
        isd_box_wrap(&frame->box, &frame->position[3 * (size_t)i], r);
        slab_vector(slab, r, &place[3 * (size_t)i]);
        if (frame->box.dim == 2)
            place[3 * (size_t)i + SLAB_DEPTH] = 0;
        for (int c = 0; c < 3; c++) {
            double value = place[3 * (size_t)i + (size_t)c];
            slab->low[c] = fmin(slab->low[c], value);
            slab->high[c] = fmax(slab->high[c], value);
        }
    }
}

/* Which cell along an axis; what is outside belongs to the one at the edge. */
static int cell_of(const struct slab *slab, int axis, double value)
{
    double extent = slab->high[axis] - slab->low[axis];
    double at = extent > 0 ? (value - slab->low[axis]) / extent * slab->cells[axis] : 0;
    return !(at > 0) ? 0 : at >= slab->cells[axis] ? slab->cells[axis] - 1 : (int)at;
}

static size_t cell_at(const struct slab *slab, int across, int up, int layer)
{
    return ((size_t)layer * (size_t)slab->cells[SLAB_UP] + (size_t)up) * (size_t)slab->cells[SLAB_ACROSS] + (size_t)across;
}

static size_t cell_of_place(const struct slab *slab, const double place[3])
{
    return cell_at(slab, cell_of(slab, SLAB_ACROSS, place[SLAB_ACROSS]), cell_of(slab, SLAB_UP, place[SLAB_UP]),
                   cell_of(slab, SLAB_DEPTH, place[SLAB_DEPTH]));
}

static size_t count_cells(const struct slab *slab)
{
    return (size_t)slab->cells[0] * (size_t)slab->cells[1] * (size_t)slab->cells[2];
}

static void choose_cells(struct slab *slab, int dim)
{
    int layers = dim == 2 ? 1 : slab->n / 64 + 1;
    layers = layers > MOST_LAYERS ? MOST_LAYERS : layers;
    int beside = (int)sqrt(slab->n / layers / LARGE_LAYER);
    slab->cells[SLAB_DEPTH] = layers;
    slab->cells[SLAB_ACROSS] = slab->cells[SLAB_UP] = beside < 1 ? 1 : beside;
}

/* Counting sort: within a cell the order of the frame stays. */
static void sort_by_cell(struct slab *slab, const double *place)
{
    size_t cells = count_cells(slab);
    for (int32_t i = 0; i < slab->n; i++)
        slab->first[cell_of_place(slab, &place[3 * (size_t)i]) + 1]++;
    for (size_t k = 0; k < cells; k++)
        slab->first[k + 1] += slab->first[k];
    for (int32_t i = slab->n; i-- > 0;) {
        int32_t at = --slab->first[cell_of_place(slab, &place[3 * (size_t)i]) + 1];
        slab->atom[at] = i;
        slab->where[i] = at;
        memcpy(&slab->place[3 * (size_t)at], &place[3 * (size_t)i], 3 * sizeof *place);
    }
    /* Each entry has moved down to the beginning of the cell before it. */
    memmove(slab->first, slab->first + 1, cells * sizeof *slab->first);
    slab->first[cells] = slab->n;
}

isd_status slab_make(const isd_snapshot *frame, int normal, struct slab *ret_slab, isd_error *err)
{
    struct slab slab = {.n = frame->n};
    size_t n = (size_t)frame->n + 1;
    choose_cells(&slab, frame->box.dim);
    double *place = malloc(3 * n * sizeof *place);
    slab.place = malloc(3 * n * sizeof *slab.place);
    slab.atom = malloc(n * sizeof *slab.atom);
    slab.where = malloc(n * sizeof *slab.where);
    slab.first = calloc(count_cells(&slab) + 2, sizeof *slab.first);
    if (!place || !slab.place || !slab.atom || !slab.where || !slab.first) {
        free(place);
        slab_done(&slab);
        return isd_error_memory(err);
    }
    choose_axes(&slab, frame->box.dim == 2 || normal < 0 || normal > 2 ? 2 : normal);
    measure_cell(&slab, &frame->box);
    place_atoms(frame, &slab, place);
    sort_by_cell(&slab, place);
    free(place);
    *ret_slab = slab;
    return ISD_OK;
}

void slab_done(struct slab *slab)
{
    if (!slab)
        return;
    free(slab->place);
    free(slab->atom);
    free(slab->where);
    free(slab->first);
    *slab = (struct slab){0};
}

double slab_nearest(const struct slab *slab, const double from[3], double to[3])
{
    double best = INFINITY, shift[3] = {0}, moved[3];
    for (int k = 0; k < 27; k++) {
        double sum = 0;
        slab_image(slab, k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1, moved);
        for (int c = 0; c < 3; c++)
            sum += (to[c] + moved[c] - from[c]) * (to[c] + moved[c] - from[c]);
        if (sum < best * (1 - 1e-12)) {
            best = sum;
            memcpy(shift, moved, sizeof shift);
        }
    }
    for (int c = 0; c < 3; c++)
        to[c] += shift[c];
    return best;
}

void slab_image(const struct slab *slab, int i, int j, int k, double ret_shift[3])
{
    for (int c = 0; c < 3; c++)
        ret_shift[c] = i * slab->vector[0][c] + j * slab->vector[1][c] + k * slab->vector[2][c];
}

void slab_ranges(const struct slab *slab, const double low[3], const double high[3], slab_take_fn *take, void *arg)
{
    int from[3], to[3];
    for (int c = 0; c < 3; c++) {
        if (slab->n == 0 || high[c] < slab->low[c] || low[c] > slab->high[c])
            return;
        from[c] = cell_of(slab, c, low[c]);
        to[c] = cell_of(slab, c, high[c]);
    }
    bool whole = from[SLAB_ACROSS] == 0 && from[SLAB_UP] == 0 && to[SLAB_ACROSS] == slab->cells[SLAB_ACROSS] - 1
                 && to[SLAB_UP] == slab->cells[SLAB_UP] - 1;
    if (whole) {
        take(arg, slab->first[cell_at(slab, 0, 0, from[SLAB_DEPTH])], slab->first[cell_at(slab, 0, 0, to[SLAB_DEPTH] + 1)]);
        return;
    }
    for (int layer = from[SLAB_DEPTH]; layer <= to[SLAB_DEPTH]; layer++)
        for (int up = from[SLAB_UP]; up <= to[SLAB_UP]; up++)
            take(arg, slab->first[cell_at(slab, from[SLAB_ACROSS], up, layer)], slab->first[cell_at(slab, to[SLAB_ACROSS], up, layer) + 1]);
}
