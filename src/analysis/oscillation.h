/* Oscillatory shear: storage and loss modulus of a stress trace. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ANALYSIS_OSCILLATION_H
#define ANALYSIS_OSCILLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "isdmin/status.h"

/* A trace of n rows: `time` is what stress and strain belong to (the centre of an averaging window), `end` the time up to which
 * the row counts, which says its cycle: cycle k holds end in (k t_w, (k+1) t_w]. Stress is sigma_xy, positive along the strain
 * (LAMMPS' -pxy). Times in the units of t_w, from the start of the first cycle. */
struct stress_trace {
    int32_t n;
    const double *time, *end, *strain, *stress;
};

struct oscillation_options {
    double t_w;        /* period */
    int skip;          /* cycles left out at the start */
    bool slope;        /* a linear drift of the stress beside the constant */
    double volume, kT; /* of the sample, for the closed form of the errors; NaN: not known */
    double amplitude;  /* of the strain, as said, for the closed form; NaN: as fitted */
};

#define OSCILLATION_HARMONICS 2

/* Paper, Eqs. 5 and 6: sigma = sigma0 + sigma_A sin(w t + phase), on the strain that was really there; G* = stress amplitude over strain
 * amplitude = G' + i G''; delta = atan2(G'', G'), which noise may take below 0 or above pi/2: never clamped. Errors of the jackknife
 * leave out one cycle at a time; those of the closed form are those of a system in linear response at kT:
 * SE(G) = sqrt((2/pi) kT G''/(n V))/gamma_A, SE(delta) = sqrt(2 kT sin(delta)/(pi n V |G*|))/gamma_A for n cycles. */
struct oscillation {
    int32_t rows;
    int cycles;             /* used */
    double storage, loss, modulus, delta;
    double se_storage, se_loss, se_delta; /* jackknife; NaN below 3 cycles */
    double se_formula, se_formula_delta;  /* closed form; NaN where G'' <= 0 or volume or kT are not known */
    double sigma0, sigma_amplitude, sigma_slope; /* slope: per time, 0 if not asked for */
    double strain0, strain_amplitude, strain_phase;
    double strain_misfit;   /* rms of the strain's residual over its amplitude */
    double noise;           /* rms of the stress' residual */
    double harmonic[OSCILLATION_HARMONICS], se_harmonic[OSCILLATION_HARMONICS]; /* amplitudes of the stress at 2w, 3w, and the
                               jackknife error of one component */
    double work_fit, work;  /* dissipated per volume and cycle: pi sigma_A gamma_A sin(delta); the integral of stress over strain */
    double *cycle_storage, *cycle_loss; /* [cycles] of each cycle by itself; NaN where it has too few rows */
    int *cycle_number;      /* [cycles] from 0 */
    int32_t *cycle_rows;    /* [cycles] */
};

/* Linear least squares at known frequency of strain and stress alike. ISD_DATA: fewer than one whole cycle is left, or the strain
 * does not oscillate. */
isd_status oscillation_fit(const struct stress_trace *trace, const struct oscillation_options *options,
                           struct oscillation *ret_fit, isd_error *err);
void oscillation_done(struct oscillation *fit);

/* The cycles used laid over each other: means over the rows of each of n equal parts of a period, with the phase (0 ... 1, of the time the rows
 * belong to) they have on average; the drift of the stress is taken off where it was fitted. Parts without rows are left out. */
struct oscillation_profile {
    int n;
    double *phase, *strain, *stress, *se_stress; /* [n]; the standard error of the mean stress, NaN for a single row */
};
isd_status oscillation_profile(const struct stress_trace *trace, const struct oscillation_options *options, const struct oscillation *fit, int parts,
                               struct oscillation_profile *ret_profile, isd_error *err);
void oscillation_profile_done(struct oscillation_profile *profile);

/* The period at which the strain oscillates most, from its rising zero crossings; NaN if there are not two. */
double oscillation_period(const struct stress_trace *trace);

#endif
