/* Line search along state->step. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By slopes, with a bracket: energies lose their digits long before forces do. Where a pair leaves the cutoff
 * the slope jumps, but only downwards (the attraction vanishes), so a change of sign from - to + always has a
 * zero between. */
#include "quench/line.h"

#include <math.h>
#include <string.h>

#define MOST_TRIALS 40
#define STIFFNESS 1e-4 /* first step along a force of 1, where nothing better is known */

struct bracket {
    double lo, slope_lo; /* downhill here: slope < 0 */
    double hi, slope_hi; /* uphill or too high; hi = INFINITY: none yet; slope_hi NaN: not known */
};

/* Next place to look: the secant's zero where it is sane, else the middle; or further out. */
static double next_scale(const struct bracket *b, double cap)
{
    if (isinf(b->hi)) {
        return fmin(b->lo > 0 ? 3 * b->lo : cap, cap);
    }
    const double width = b->hi - b->lo;
    double t = 0.5;
    if (b->slope_hi > 0) {
        t = b->slope_lo / (b->slope_lo - b->slope_hi);
        t = fmin(fmax(t, 0.1), 0.9);
    } else if (b->lo == 0) {
        t = 0.1;
    }
    return b->lo + t * width;
}

/* Without a bracket: extrapolate the slope from start to here, at most threefold. */
static double further(double slope0, double slope, double scale, double cap)
{
    const double fall = slope - slope0;
    const double zero = fall > 0 ? scale * slope0 / (slope0 - slope) : INFINITY;
    return fmin(fmin(fmax(zero, 1.2 * scale), 3 * scale), cap);
}

enum quench_outcome line_search(struct quench_state *state, double slope0, double share, double *scale,
                                double *ret_slope)
{
    const double cap = quench_longest_scale(state);
    struct bracket b = {.lo = 0, .slope_lo = slope0, .hi = INFINITY, .slope_hi = NAN};
    double a = fmin(*scale, cap);
    if (!(slope0 < 0) || !(a > 0)) {
        return QUENCH_STUCK;
    }
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
        const enum quench_trial found = quench_try(state, a);
        if (found == TRIAL_FAILED) {
            return QUENCH_FAILED;
        }
        const double slope = found == TRIAL_GOOD ? -quench_dot(state, state->trial_f, state->step) : NAN;
        const bool lower = found == TRIAL_GOOD && quench_downhill(state, slope0, slope);
        if (lower &&
            (fabs(slope) <= -share * slope0 || (slope < 0 && a >= cap) || trial >= MOST_TRIALS / 2)) {
            quench_accept(state);
            *scale = a;
            *ret_slope = slope;
            return QUENCH_MOVED;
        }
        if (lower && slope < 0) {
            const double from = a;
            b.lo = a;
            b.slope_lo = slope;
            a = isinf(b.hi) ? further(slope0, slope, from, cap) : next_scale(&b, cap);
        } else {
            b.hi = a;
            b.slope_hi = slope;
            a = next_scale(&b, cap);
        }
        if (!(a > 0) || a == b.lo || a == b.hi) {
            break;
        }
    }
    return QUENCH_STUCK;
}

enum quench_outcome line_steepest(struct quench_state *state)
{
    memcpy(state->step, state->f, state->n3 * sizeof *state->step);
    double scale = STIFFNESS * state->length * state->length, slope;
    return line_search(state, -quench_dot(state, state->f, state->f), 0.5, &scale, &slope);
}
