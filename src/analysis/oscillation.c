/* Oscillatory shear: storage and loss modulus of a stress trace. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/oscillation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/normal.h"

/* Basis functions; the first three are the fit, the harmonics are looked at beside it. */
enum { ONE, SINE, COSINE, SINE2, COSINE2, SINE3, COSINE3, TIME, N_BASIS };

static const int plain_basis[] = {ONE, SINE, COSINE};
static const int slope_basis[] = {ONE, SINE, COSINE, TIME};
static const int harmonic_basis[] = {ONE, SINE, COSINE, SINE2, COSINE2, SINE3, COSINE3};

/* One cycle's rows, or all of them. */
struct sums {
    int number;
    struct normal strain, stress;
};

struct moduli {
    double storage, loss, delta;
    double strain_s, strain_c, stress_s, stress_c, strain0, sigma0, slope;
};

static void sums_init(struct sums *sums, int number)
{
    sums->number = number;
    normal_init(&sums->strain, N_BASIS);
    normal_init(&sums->stress, N_BASIS);
}

static void sums_combine(struct sums *sums, const struct sums *other, double factor)
{
    normal_combine(&sums->strain, &other->strain, factor);
    normal_combine(&sums->stress, &other->stress, factor);
}

static void basis(double phase, double scaled_time, double f[N_BASIS])
{
    f[ONE] = 1;
    f[SINE] = sin(phase);
    f[COSINE] = cos(phase);
    f[SINE2] = sin(2 * phase);
    f[COSINE2] = cos(2 * phase);
    f[SINE3] = sin(3 * phase);
    f[COSINE3] = cos(3 * phase);
    f[TIME] = scaled_time;
}

static int cycle_of(double end, double t_w)
{
    double cycle = ceil(end / t_w * (1 - 1e-12)) - 1;
    return cycle < 0 ? -1 : cycle > 1e9 ? 1000000000 : (int)cycle;
}

/* Sums of each cycle from `skip` on that has rows, in order: *ret_sums[*ret_n]. */
static isd_status sum_cycles(const struct stress_trace *trace, const struct oscillation_options *options, struct sums **ret_sums,
                             int *ret_n, isd_error *err)
{
    struct sums *sums = NULL;
    int n = 0, size = 0;
    double w = 2 * M_PI / options->t_w;
    for (int32_t k = 0; k < trace->n; k++) {
        int cycle = cycle_of(trace->end[k], options->t_w);
        if (cycle < options->skip)
            continue;
        if (n == 0 || sums[n - 1].number != cycle) {
            if (n == size) {
                size = size > 0 ? 2 * size : 64;
                struct sums *grown = realloc(sums, (size_t)size * sizeof *grown);
                if (grown == NULL) {
                    free(sums);
                    return isd_error_memory(err);
                }
                sums = grown;
            }
            sums_init(&sums[n++], cycle);
        }
        double f[N_BASIS];
        basis(w * trace->time[k], trace->time[k] / options->t_w, f);
        normal_add(&sums[n - 1].strain, f, trace->strain[k]);
        normal_add(&sums[n - 1].stress, f, trace->stress[k]);
    }
    *ret_sums = sums;
    *ret_n = n;
    return ISD_OK;
}

static bool solve(const struct sums *sums, bool slope, struct moduli *ret)
{
    double strain[4], stress[4];
    if (!normal_solve(&sums->strain, plain_basis, 3, strain) ||
        !normal_solve(&sums->stress, slope ? slope_basis : plain_basis, slope ? 4 : 3, stress))
        return false;
    double square = strain[1] * strain[1] + strain[2] * strain[2];
    if (!(square > 0))
        return false;
    *ret = (struct moduli){.strain0 = strain[0], .strain_s = strain[1], .strain_c = strain[2], .sigma0 = stress[0],
                           .stress_s = stress[1], .stress_c = stress[2], .slope = slope ? stress[3] : 0};
    ret->storage = (stress[1] * strain[1] + stress[2] * strain[2]) / square;
    ret->loss = (stress[2] * strain[1] - stress[1] * strain[2]) / square;
    ret->delta = atan2(ret->loss, ret->storage);
    return true;
}

/* Jackknife over cycles: sqrt((n-1)/n sum (x_k - mean)^2). */
static double spread(const double *x, int n)
{
    double mean = 0, sum = 0;
    for (int k = 0; k < n; k++)
        mean += x[k] / n;
    for (int k = 0; k < n; k++)
        sum += (x[k] - mean) * (x[k] - mean);
    return n < 3 ? NAN : sqrt((n - 1.0) / n * sum);
}

/* delta near the best value: noise may carry an angle across the cut of atan2. */
static double near_angle(double angle, double best)
{
    return best + remainder(angle - best, 2 * M_PI);
}

static isd_status jackknife(const struct sums *all, const struct sums *cycle, int n, bool slope, struct oscillation *fit,
                            isd_error *err)
{
    double *x = n > 0 ? malloc((3 + 2 * OSCILLATION_HARMONICS) * (size_t)n * sizeof *x) : NULL;
    if (x == NULL)
        return isd_error_memory(err);
    bool sound = true;
    for (int k = 0; k < n; k++) {
        struct sums rest = *all;
        struct moduli m;
        double h[7] = {0};
        sums_combine(&rest, &cycle[k], -1);
        sound = sound && solve(&rest, slope, &m) && normal_solve(&rest.stress, harmonic_basis, 7, h);
        if (!sound)
            break;
        x[k] = m.storage;
        x[n + k] = m.loss;
        x[2 * n + k] = near_angle(m.delta, fit->delta);
        for (int c = 0; c < 2 * OSCILLATION_HARMONICS; c++)
            x[(3 + c) * n + k] = h[3 + c];
    }
    fit->se_storage = sound ? spread(x, n) : NAN;
    fit->se_loss = sound ? spread(x + n, n) : NAN;
    fit->se_delta = sound ? spread(x + 2 * n, n) : NAN;
    for (int c = 0; c < OSCILLATION_HARMONICS; c++)
        fit->se_harmonic[c] = sound ? sqrt((pow(spread(x + (3 + 2 * c) * n, n), 2) + pow(spread(x + (4 + 2 * c) * n, n), 2)) / 2) : NAN;
    free(x);
    return ISD_OK;
}

static void closed_form(const struct oscillation_options *options, struct oscillation *fit)
{
    double gamma = isfinite(options->amplitude) ? options->amplitude : fit->strain_amplitude;
    double scale = 2 * options->kT / (M_PI * fit->cycles * options->volume);
    fit->se_formula = fit->se_formula_delta = NAN;
    if (!(fit->loss > 0) || !(scale > 0))
        return;
    fit->se_formula = sqrt(scale * fit->loss) / gamma;
    fit->se_formula_delta = sqrt(scale * sin(fit->delta) / fit->modulus) / gamma;
}

/* Integral of stress over strain, per cycle: trapezoids over rows that follow each other, scaled to whole cycles. */
static double direct_work(const struct stress_trace *trace, const struct oscillation_options *options)
{
    double sum = 0, span = 0;
    for (int32_t k = 1; k < trace->n; k++) {
        if (cycle_of(trace->end[k], options->t_w) < options->skip)
            continue;
        sum += 0.5 * (trace->stress[k] + trace->stress[k - 1]) * (trace->strain[k] - trace->strain[k - 1]);
        span += trace->time[k] - trace->time[k - 1];
    }
    return span > 0 ? sum / span * options->t_w : NAN;
}

static void describe(const struct stress_trace *trace, const struct oscillation_options *options, const struct sums *all,
                     const struct moduli *m, struct oscillation *fit)
{
    double strain[3] = {m->strain0, m->strain_s, m->strain_c}, stress[4] = {m->sigma0, m->stress_s, m->stress_c, m->slope}, h[7];
    fit->rows = (int32_t)all->stress.rows;
    fit->storage = m->storage;
    fit->loss = m->loss;
    fit->modulus = hypot(m->storage, m->loss);
    fit->delta = m->delta;
    fit->sigma0 = m->sigma0;
    fit->sigma_amplitude = hypot(m->stress_s, m->stress_c);
    fit->sigma_slope = m->slope / options->t_w;
    fit->strain0 = m->strain0;
    fit->strain_amplitude = hypot(m->strain_s, m->strain_c);
    fit->strain_phase = atan2(m->strain_c, m->strain_s);
    fit->strain_misfit = sqrt(normal_residual(&all->strain, plain_basis, 3, strain) / all->strain.rows) / fit->strain_amplitude;
    fit->noise = sqrt(normal_residual(&all->stress, slope_basis, options->slope ? 4 : 3, stress) / all->stress.rows);
    bool sound = normal_solve(&all->stress, harmonic_basis, 7, h);
    for (int c = 0; c < OSCILLATION_HARMONICS; c++)
        fit->harmonic[c] = sound ? hypot(h[3 + 2 * c], h[4 + 2 * c]) : NAN;
    fit->work_fit = M_PI * fit->sigma_amplitude * fit->strain_amplitude * sin(fit->delta);
    fit->work = direct_work(trace, options);
}

static isd_status describe_cycles(const struct sums *cycle, int n, struct oscillation *fit, isd_error *err)
{
    fit->cycles = n;
    fit->cycle_storage = malloc((size_t)n * sizeof *fit->cycle_storage);
    fit->cycle_loss = malloc((size_t)n * sizeof *fit->cycle_loss);
    fit->cycle_number = malloc((size_t)n * sizeof *fit->cycle_number);
    fit->cycle_rows = malloc((size_t)n * sizeof *fit->cycle_rows);
    if (!fit->cycle_storage || !fit->cycle_loss || !fit->cycle_number || !fit->cycle_rows)
        return isd_error_memory(err);
    for (int k = 0; k < n; k++) {
        struct moduli m;
        bool sound = solve(&cycle[k], false, &m);
        fit->cycle_storage[k] = sound ? m.storage : NAN;
        fit->cycle_loss[k] = sound ? m.loss : NAN;
        fit->cycle_number[k] = cycle[k].number;
        fit->cycle_rows[k] = (int32_t)cycle[k].stress.rows;
    }
    return ISD_OK;
}

/* Does the trace reach the end of this cycle, but for a row? */
static bool last_is_whole(const struct stress_trace *trace, double t_w, int number)
{
    double end = trace->end[trace->n - 1], spacing = end - trace->end[trace->n - 2];
    return end + 1.5 * spacing > (number + 1.0) * t_w;
}

static isd_status fit_sums(const struct stress_trace *trace, const struct oscillation_options *options, const struct sums *cycle,
                           int n, struct oscillation *fit, isd_error *err)
{
    struct sums all;
    struct moduli m;
    if (n > 1 && !last_is_whole(trace, options->t_w, cycle[n - 1].number))
        n--;
    sums_init(&all, -1);
    for (int k = 0; k < n; k++)
        sums_combine(&all, &cycle[k], 1);
    double spacing = (trace->end[trace->n - 1] - trace->end[0]) / (trace->n - 1);
    if (n == 0 || all.stress.rows < 8 || (n == 1 && all.stress.rows * spacing < 0.9 * options->t_w)) {
        isd_error_set(err, ISD_DATA, "less than one cycle of %g is left after leaving out %d", options->t_w, options->skip);
        isd_error_hint(err, "is t_w right, and the time step? skip=0 keeps the first cycle");
        return ISD_DATA;
    }
    if (!solve(&all, options->slope, &m))
        return isd_error_set(err, ISD_DATA, "the strain does not oscillate with the period %g", options->t_w);
    describe(trace, options, &all, &m, fit);
    isd_status status = describe_cycles(cycle, n, fit, err);
    if (status == ISD_OK)
        status = jackknife(&all, cycle, n, options->slope, fit, err);
    closed_form(options, fit);
    return status;
}

isd_status oscillation_fit(const struct stress_trace *trace, const struct oscillation_options *options,
                           struct oscillation *ret_fit, isd_error *err)
{
    struct sums *cycle = NULL;
    struct oscillation fit = {0};
    int n = 0;
    isd_status status = sum_cycles(trace, options, &cycle, &n, err);
    if (status == ISD_OK)
        status = fit_sums(trace, options, cycle, n, &fit, err);
    free(cycle);
    if (status == ISD_OK)
        *ret_fit = fit;
    else
        oscillation_done(&fit);
    return status;
}

void oscillation_done(struct oscillation *fit)
{
    if (fit == NULL)
        return;
    free(fit->cycle_storage);
    free(fit->cycle_loss);
    free(fit->cycle_number);
    free(fit->cycle_rows);
    *fit = (struct oscillation){0};
}

/* --- cycles laid over each other --- */

struct part {
    double n, phase, strain, stress, square;
};

static void add_rows(const struct stress_trace *trace, const struct oscillation_options *options, const struct oscillation *fit, int parts,
                     struct part *part)
{
    for (int32_t k = 0; k < trace->n; k++) {
        int cycle = cycle_of(trace->end[k], options->t_w);
        if (cycle < fit->cycle_number[0] || cycle > fit->cycle_number[fit->cycles - 1])
            continue;
        double phase = trace->time[k] / options->t_w, stress = trace->stress[k] - fit->sigma_slope * trace->time[k] - fit->sigma0;
        phase -= floor(phase + 1e-9); /* rows at the very edge of a part stay together */
        struct part *p = &part[(int)((phase + 1e-9) * parts) % parts];
        p->n++;
        p->phase += phase;
        p->strain += trace->strain[k];
        p->stress += stress;
        p->square += stress * stress;
    }
}

isd_status oscillation_profile(const struct stress_trace *trace, const struct oscillation_options *options, const struct oscillation *fit, int parts,
                               struct oscillation_profile *ret_profile, isd_error *err)
{
    struct part *part = calloc((size_t)parts, sizeof *part);
    double *numbers = malloc(4 * (size_t)parts * sizeof *numbers);
    if (!part || !numbers) {
        free(part);
        free(numbers);
        return isd_error_memory(err);
    }
    struct oscillation_profile profile = {0, numbers, numbers + parts, numbers + 2 * parts, numbers + 3 * parts};
    add_rows(trace, options, fit, parts, part);
    for (int k = 0; k < parts; k++) {
        double n = part[k].n, mean = part[k].stress / n;
        if (n == 0)
            continue;
        profile.phase[profile.n] = part[k].phase / n;
        profile.strain[profile.n] = part[k].strain / n;
        profile.stress[profile.n] = mean + fit->sigma0;
        profile.se_stress[profile.n++] = n > 1 ? sqrt(fmax(part[k].square / n - mean * mean, 0) / (n - 1)) : NAN;
    }
    free(part);
    *ret_profile = profile;
    return ISD_OK;
}

void oscillation_profile_done(struct oscillation_profile *profile)
{
    free(profile->phase);
}

double oscillation_period(const struct stress_trace *trace)
{
    double first = NAN, last = NAN;
    int crossings = 0;
    for (int32_t k = 1; k < trace->n; k++) {
        double a = trace->strain[k - 1], b = trace->strain[k];
        if (!(a < 0 && b >= 0))
            continue;
        last = trace->time[k - 1] + (trace->time[k] - trace->time[k - 1]) * a / (a - b);
        if (crossings++ == 0)
            first = last;
    }
    return crossings > 1 ? (last - first) / (crossings - 1) : NAN;
}
