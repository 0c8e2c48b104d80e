/* The atoms of a frame in the axes of a picture. SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/slab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LAYERS 1024

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

static int layer_of(const struct slab *slab, double depth)
{
    double extent = slab->high[SLAB_DEPTH] - slab->low[SLAB_DEPTH];
    double at = extent > 0 ? (depth - slab->low[SLAB_DEPTH]) / extent * slab->layers : 0;
    return !(at > 0) ? 0 : at >= slab->layers ? slab->layers - 1 : (int)at;
}

/* Counting sort: within a layer the order of the frame stays. */
static void sort_by_layer(struct slab *slab, const double *place)
{
    for (int32_t i = 0; i < slab->n; i++)
        slab->layer[layer_of(slab, place[3 * (size_t)i + SLAB_DEPTH]) + 1]++;
    for (int k = 0; k < slab->layers; k++)
        slab->layer[k + 1] += slab->layer[k];
    for (int32_t i = slab->n; i-- > 0;) {
        int32_t at = --slab->layer[layer_of(slab, place[3 * (size_t)i + SLAB_DEPTH]) + 1];
        slab->atom[at] = i;
        slab->where[i] = at;
        memcpy(&slab->place[3 * (size_t)at], &place[3 * (size_t)i], 3 * sizeof *place);
    }
    /* Each entry has moved down to the beginning of the layer before it. */
    memmove(slab->layer, slab->layer + 1, (size_t)slab->layers * sizeof *slab->layer);
    slab->layer[slab->layers] = slab->n;
}

isd_status slab_make(const isd_snapshot *frame, int normal, struct slab *ret_slab, isd_error *err)
{
    struct slab slab = {.n = frame->n, .layers = frame->box.dim == 2 ? 1 : frame->n / 64 + 1};
    size_t n = (size_t)frame->n + 1;
    slab.layers = slab.layers > MOST_LAYERS ? MOST_LAYERS : slab.layers;
    double *place = malloc(3 * n * sizeof *place);
    slab.place = malloc(3 * n * sizeof *slab.place);
    slab.atom = malloc(n * sizeof *slab.atom);
    slab.where = malloc(n * sizeof *slab.where);
    slab.layer = calloc((size_t)slab.layers + 2, sizeof *slab.layer);
    if (!place || !slab.place || !slab.atom || !slab.where || !slab.layer) {
        free(place);
        slab_done(&slab);
        return isd_error_memory(err);
    }
    choose_axes(&slab, frame->box.dim == 2 || normal < 0 || normal > 2 ? 2 : normal);
    measure_cell(&slab, &frame->box);
    place_atoms(frame, &slab, place);
    sort_by_layer(&slab, place);
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
    free(slab->layer);
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

void slab_range(const struct slab *slab, double low, double high, int32_t *ret_first, int32_t *ret_end)
{
    *ret_first = *ret_end = 0;
    if (slab->n == 0 || high < slab->low[SLAB_DEPTH] || low > slab->high[SLAB_DEPTH])
        return;
    *ret_first = slab->layer[layer_of(slab, low)];
    *ret_end = slab->layer[layer_of(slab, high) + 1];
}
