/* The relaxation modulus from stress fluctuations at rest. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/green_kubo.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_halfcomplex.h>
#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A single component is cut into this many stretches for its error. */
#define BLOCKS 5

/* Sum over origins of s(k) s(k + lag) for lags below n_lags, by Fourier transform of the series padded with as many zeros. */
static isd_status correlate(const double *s, int32_t n, int32_t n_lags, double *ret_sum, isd_error *err)
{
    size_t size = 1;
    while (size < (size_t)n + (size_t)n_lags)
        size *= 2;
    double *x = calloc(size, sizeof *x);
    if (x == NULL)
        return isd_error_memory(err);
    memcpy(x, s, (size_t)n * sizeof *x);
    gsl_fft_real_radix2_transform(x, 1, size);
    x[0] *= x[0];
    x[size / 2] *= x[size / 2];
    for (size_t k = 1; k < size / 2; k++) {
        x[k] = x[k] * x[k] + x[size - k] * x[size - k];
        x[size - k] = 0;
    }
    gsl_fft_halfcomplex_radix2_inverse(x, 1, size);
    memcpy(ret_sum, x, (size_t)n_lags * sizeof *x);
    free(x);
    return ISD_OK;
}

/* Adds G of the rows from first to before last to row[gk->n]; NaN at lags they do not reach. */
static isd_status add_stretch(const double *s, int32_t first, int32_t last, double scale, const struct green_kubo *gk, double *row, double *scratch,
                              isd_error *err)
{
    int32_t lags = gk->n < last - first ? gk->n : last - first;
    isd_status status = correlate(s + first, last - first, lags, scratch, err);
    for (int32_t k = 0; k < gk->n && status == ISD_OK; k++)
        row[k] += k < lags ? scratch[k] * scale / (last - first - k) : NAN;
    return status;
}

/* Rows of `each`: the components, or stretches averaged over them. */
static isd_status fill_each(const double *const *s, int32_t n_rows, double scale, struct green_kubo *gk, isd_error *err)
{
    double *scratch = malloc(((size_t)gk->n + 1) * sizeof *scratch);
    isd_status status = scratch ? ISD_OK : isd_error_memory(err);
    for (int part = 0; part < gk->parts && status == ISD_OK; part++) {
        double *row = gk->each + (size_t)part * (size_t)gk->n;
        int32_t first = gk->blocks ? (int32_t)((int64_t)n_rows * part / gk->parts) : 0;
        int32_t last = gk->blocks ? (int32_t)((int64_t)n_rows * (part + 1) / gk->parts) : n_rows;
        for (int32_t k = 0; k < gk->n; k++)
            row[k] = 0;
        if (!gk->blocks)
            status = add_stretch(s[part], first, last, scale, gk, row, scratch, err);
        for (int c = 0; c < gk->components && gk->blocks && status == ISD_OK; c++)
            status = add_stretch(s[c], first, last, scale / gk->components, gk, row, scratch, err);
    }
    free(scratch);
    return status;
}

/* G of the whole run, averaged over the components. */
static isd_status fill_mean(const double *const *s, int32_t n_rows, double scale, struct green_kubo *gk, isd_error *err)
{
    double *scratch = malloc(((size_t)gk->n + 1) * sizeof *scratch);
    isd_status status = scratch ? ISD_OK : isd_error_memory(err);
    for (int32_t k = 0; k < gk->n; k++)
        gk->g[k] = 0;
    for (int c = 0; c < gk->components && status == ISD_OK; c++)
        status = add_stretch(s[c], 0, n_rows, scale / gk->components, gk, gk->g, scratch, err);
    free(scratch);
    return status;
}

static double mean_of(const double *each, int parts, size_t stride)
{
    double sum = 0;
    for (int part = 0; part < parts; part++)
        sum += each[(size_t)part * stride];
    return sum / parts;
}

static double error_of(const double *each, int parts, size_t stride)
{
    double mean = mean_of(each, parts, stride), sum = 0;
    for (int part = 0; part < parts; part++)
        sum += (each[(size_t)part * stride] - mean) * (each[(size_t)part * stride] - mean);
    return sqrt(sum / (parts - 1) / parts);
}

static isd_status fill(const double *const *s, int32_t n_rows, double scale, struct green_kubo *gk, isd_error *err)
{
    size_t n = (size_t)gk->n;
    gk->g = malloc(n * sizeof *gk->g);
    gk->se = malloc(n * sizeof *gk->se);
    gk->each = malloc((size_t)gk->parts * n * sizeof *gk->each);
    if (gk->g == NULL || gk->se == NULL || gk->each == NULL)
        return isd_error_memory(err);
    isd_status status = fill_each(s, n_rows, scale, gk, err);
    if (status == ISD_OK && gk->blocks)
        status = fill_mean(s, n_rows, scale, gk, err);
    for (size_t k = 0; status == ISD_OK && k < n; k++) {
        if (!gk->blocks)
            gk->g[k] = mean_of(gk->each + k, gk->parts, n);
        gk->se[k] = error_of(gk->each + k, gk->parts, n);
    }
    return status;
}

isd_status green_kubo_new(const double *const *s, int components, int32_t n_rows, double dt, double volume, double kT, double t_cut, int blocks,
                          struct green_kubo **ret_gk, isd_error *err)
{
    double lags = floor(t_cut / dt * (1 + 1e-12)) + 1;
    if (!(lags >= 2) || lags > n_rows) {
        isd_error_set(err, ISD_DATA, "%d rows of %g each do not reach to %g", (int)n_rows, dt, t_cut);
        isd_error_hint(err, "tcut= chooses how far G(t) is followed");
        return ISD_DATA;
    }
    struct green_kubo *gk = calloc(1, sizeof *gk);
    if (gk == NULL)
        return isd_error_memory(err);
    *gk = (struct green_kubo){.n = (int32_t)lags, .components = components, .dt = dt, .t_cut = t_cut,
                               .blocks = blocks > 0 || components == 1};
    gk->parts = blocks > 0 ? blocks : gk->blocks ? BLOCKS : components;
    isd_status status = fill(s, n_rows, volume / kT, gk, err);
    if (status == ISD_OK)
        *ret_gk = gk;
    else
        green_kubo_free(gk);
    return status;
}

void green_kubo_free(struct green_kubo *gk)
{
    if (gk == NULL)
        return;
    free(gk->g);
    free(gk->se);
    free(gk->each);
    free(gk);
}

/* Both transforms of one G(t). */
static void transform(const double *g, const struct green_kubo *gk, double w, double *ret_storage, double *ret_loss)
{
    double sine = 0, cosine = -0.5 * g[0];
    for (int32_t k = 0; k < gk->n; k++) {
        double t = k * gk->dt, tapered = g[k] * 0.5 * (1 + cos(M_PI * t / gk->t_cut));
        sine += tapered * sin(w * t);
        cosine += tapered * cos(w * t);
    }
    *ret_storage = w * gk->dt * sine;
    *ret_loss = w * gk->dt * cosine;
}

struct green_kubo_moduli green_kubo_moduli(const struct green_kubo *gk, double w)
{
    double storage[GREEN_KUBO_PARTS], loss[GREEN_KUBO_PARTS];
    int parts = gk->parts < GREEN_KUBO_PARTS ? gk->parts : GREEN_KUBO_PARTS;
    struct green_kubo_moduli m = {NAN, NAN, NAN, NAN};
    double period = 2 * M_PI / w;
    if (period > gk->t_cut * (1 + 1e-9) || period < 4 * gk->dt * (1 - 1e-9))
        return m;
    for (int part = 0; part < parts; part++)
        transform(gk->each + (size_t)part * (size_t)gk->n, gk, w, &storage[part], &loss[part]);
    transform(gk->g, gk, w, &m.storage, &m.loss);
    m.se_storage = error_of(storage, parts, 1);
    m.se_loss = error_of(loss, parts, 1);
    return m;
}
