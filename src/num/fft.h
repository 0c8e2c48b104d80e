/* Fourier transforms of fields on grids. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_FFT_H
#define NUM_FFT_H

#include "isdmin/control.h"
#include "isdmin/status.h"

#include <stddef.h>

/* A complex field on n[0] n[1] n[2] points, powers of two, the first running fastest. */
struct fft_grid {
    int32_t n[3];
    double *re, *im;
};

/* re and im of a new field are 0. */
isd_status fft_grid_init(struct fft_grid *grid, const int32_t n[3], isd_error *err);
void fft_grid_done(struct fft_grid *grid);
static inline size_t fft_grid_size(const struct fft_grid *grid)
{
    return (size_t)grid->n[0] * (size_t)grid->n[1] * (size_t)grid->n[2];
}

/* In place: F_k = sum over x of f_x exp(-2 pi i k x / n) along all three axes, or without the minus. There and back multiplies by the
 * number of points. The same bits for any number of threads. */
isd_status fft_grid_transform(struct fft_grid *grid, bool back, isd_control *control, isd_error *err);

#endif
