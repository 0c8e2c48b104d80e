/* What a quench came to, by other means than those that found it. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pot/evaluator.h"
#include "quench/pins.h"
#include "quench/run.h"

static void take_pinned(isd_quench_result *result, const struct pinned *pinned, double fmax)
{
    result->fmax_pinned = fmax;
    result->n_pinned = pinned->n;
    result->pinned[0] = pinned->i;
    result->pinned[1] = pinned->j;
    result->pinned_at = pinned->at;
    result->pinned_inside = pinned->inside;
    result->pinned_outside = pinned->outside;
}

isd_status run_judge(struct run *run)
{
    struct quench_state *state = &run->state;
    isd_quench_result *result = &run->result;
    isd_evaluator *fresh = NULL;
    isd_energy energy;
    struct pinned pinned = {.n = 0};
    double balanced = NAN;
    isd_status status = run_evaluator(run, &fresh);
    if (!status) {
        evaluator_set_isa(fresh, ISA_PLAIN); /* the kernel that found the minimum does not judge it */
        status = isd_evaluator_compute(fresh, state->x, state->control, state->trial_f, &energy, state->err);
    }
    if (!status && state->pins.n > 0) {
        memcpy(state->f, state->trial_f, state->n3 * sizeof *state->f);
        status = pins_judge(state, fresh, state->f, &pinned);
        balanced = quench_largest(state, state->f);
    }
    if (!status) {
        result->energy = energy.total;
        memcpy(result->virial, energy.virial, sizeof result->virial);
        result->fmax = quench_largest(state, state->trial_f);
        result->fnorm = sqrt(quench_dot(state, state->trial_f, state->trial_f));
        result->converged = result->fmax <= run->options->ftol && isd_potential_continuous(state->potential);
        take_pinned(result, &pinned, pinned.n > 0 ? balanced : result->fmax);
        if (result->stop == ISD_STOP_FORCE && !(result->fmax <= run->options->ftol)) {
            /* else ftol is below what rounding lets one tell */
            result->stop = pinned.n > 0 && balanced <= run->options->ftol ? ISD_STOP_PINNED : ISD_STOP_STALLED;
        }
    }
    isd_evaluator_free(fresh);
    return status;
}
