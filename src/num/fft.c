/* Fourier transforms of fields on grids: radix two, eight lines at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, CHUNK_TILES = 16 };

isd_status fft_grid_init(struct fft_grid *grid, const int32_t n[3], isd_error *err)
{
    *grid = (struct fft_grid){.n = {n[0], n[1], n[2]}};
    grid->re = calloc(fft_grid_size(grid), sizeof *grid->re);
    grid->im = calloc(fft_grid_size(grid), sizeof *grid->im);
    if (grid->re && grid->im)
        return ISD_OK;
    fft_grid_done(grid);
    return isd_error_memory(err);
}

void fft_grid_done(struct fft_grid *grid)
{
    free(grid->re);
    free(grid->im);
    *grid = (struct fft_grid){0};
}

/* One axis of a grid: lines of n points, `step` apart. */
struct axis {
    struct fft_grid *grid;
    int32_t n;
    size_t step, lines;
    const isd_control *control;
    const double *cosine, *sine; /* [n / 2] of 2 pi k / n; the sine with the sign of the direction */
    double *tiles;               /* room for 2 n LANES numbers a chunk */
};

/* Lines of eight side by side, in the order of bits reversed, so that they come out in order. */
static void transform_tile(int32_t n, double (*re)[LANES], double (*im)[LANES], const double *cosine, const double *sine)
{
    for (int32_t half = 1; half < n; half *= 2) {
        int32_t turn = n / (2 * half);
        for (int32_t first = 0; first < n; first += 2 * half)
            for (int32_t k = 0; k < half; k++) {
                double c = cosine[k * turn], s = sine[k * turn];
                double *ar = re[first + k], *ai = im[first + k], *br = re[first + k + half], *bi = im[first + k + half];
                for (int l = 0; l < LANES; l++) {
                    double tr = br[l] * c - bi[l] * s, ti = br[l] * s + bi[l] * c;
                    br[l] = ar[l] - tr;
                    bi[l] = ai[l] - ti;
                    ar[l] += tr;
                    ai[l] += ti;
                }
            }
    }
}

/* Where line number k begins. */
static size_t line_begin(const struct axis *axis, size_t k)
{
    return k / axis->step * axis->step * (size_t)axis->n + k % axis->step;
}

static void transform_chunk(void *arg, int32_t chunk)
{
    const struct axis *axis = arg;
    double(*re)[LANES] = (double(*)[LANES])(axis->tiles + (size_t)chunk * 2 * LANES * (size_t)axis->n), (*im)[LANES] = re + axis->n;
    for (size_t tile = (size_t)chunk * CHUNK_TILES; tile < ((size_t)chunk + 1) * CHUNK_TILES; tile++) {
        size_t begin[LANES];
        int lines = 0;
        for (size_t k = tile * LANES; k < axis->lines && lines < LANES; k++)
            begin[lines++] = line_begin(axis, k);
        if (lines == 0 || isd_control_cancelled(axis->control))
            return;
        for (int32_t i = 0, reversed = 0; i < axis->n; i++) {
            for (int l = 0; l < lines; l++) {
                size_t at = begin[l] + (size_t)i * axis->step;
                re[reversed][l] = axis->grid->re[at];
                im[reversed][l] = axis->grid->im[at];
            }
            int32_t bit = axis->n >> 1;
            for (; reversed & bit; bit >>= 1)
                reversed ^= bit;
            reversed |= bit;
        }
        for (int l = lines; l < LANES; l++)
            for (int32_t i = 0; i < axis->n; i++)
                re[i][l] = im[i][l] = 0;
        transform_tile(axis->n, re, im, axis->cosine, axis->sine);
        for (int32_t i = 0; i < axis->n; i++)
            for (int l = 0; l < lines; l++) {
                size_t at = begin[l] + (size_t)i * axis->step;
                axis->grid->re[at] = re[i][l];
                axis->grid->im[at] = im[i][l];
            }
    }
}

static isd_status transform_axis(struct fft_grid *grid, int which, bool back, isd_control *control, isd_error *err)
{
    struct axis axis = {.grid = grid, .n = grid->n[which], .step = 1, .control = control};
    for (int c = 0; c < which; c++)
        axis.step *= (size_t)grid->n[c];
    axis.lines = fft_grid_size(grid) / (size_t)axis.n;
    int32_t chunks = (int32_t)((axis.lines + LANES * CHUNK_TILES - 1) / (LANES * CHUNK_TILES));
    double *table = malloc((size_t)axis.n * sizeof *table);
    axis.tiles = malloc((size_t)chunks * 2 * LANES * (size_t)axis.n * sizeof *axis.tiles);
    isd_status status = table && axis.tiles ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        for (int32_t k = 0; k < axis.n / 2; k++) {
            double angle = 2 * M_PI * k / axis.n;
            table[k] = cos(angle);
            table[axis.n / 2 + k] = back ? sin(angle) : -sin(angle);
        }
        axis.cosine = table;
        axis.sine = table + axis.n / 2;
        isd_control_for(control, chunks, transform_chunk, &axis);
        if (isd_control_cancelled(control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    free(table);
    free(axis.tiles);
    return status;
}

isd_status fft_grid_transform(struct fft_grid *grid, bool back, isd_control *control, isd_error *err)
{
    isd_status status = ISD_OK;
    for (int which = 0; which < 3 && status == ISD_OK; which++)
        if (grid->n[which] > 1)
            status = transform_axis(grid, which, back, control, err);
    return status;
}
