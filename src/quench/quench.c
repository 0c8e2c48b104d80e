/* Inherent structures: the driver of all methods. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/quench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pot/evaluator.h"
#include "pot/potential.h"
#include "quench/state.h"

#define LONGEST_STEP 0.1 /* of an atom in one iteration, in units of its size */
#define CHUNK 30000      /* numbers of a vector that are the work of one thread */
#define SAFETY 0.999     /* of ftol: so that a fresh evaluation, which adds in another order, agrees */

static const struct quench_method *const methods[] = {&quench_lbfgs, &quench_cg, &quench_fire, &quench_quickmin,
                                                     &quench_sd};
static const char *const stop_texts[] = {
#define X(name, text) text,
    ISD_STOP_LIST(X)
#undef X
};

void isd_quench_defaults(isd_quench_options *ret_options)
{
    *ret_options =
        (isd_quench_options){.method = methods[0]->name, .ftol = 1e-8, .etol = 0, .max_iterations = 100000};
}

const char *isd_quench_method(int k)
{
    return k >= 0 && k < (int)(sizeof methods / sizeof *methods) ? methods[k]->name : NULL;
}

const char *isd_stop_text(isd_stop stop)
{
    return stop_texts[stop];
}

static const struct quench_method *find_method(const char *name)
{
    for (int k = 0; name && isd_quench_method(k); k++) {
        if (strcmp(name, methods[k]->name) == 0) {
            return methods[k];
        }
    }
    return NULL;
}

static isd_status check_options(const isd_quench_options *options, isd_error *err)
{
    if (!find_method(options->method)) {
        return isd_error_set(err, ISD_USAGE, "no quench method '%s'", options->method ? options->method : "");
    }
    if (!(options->ftol >= 0) || !(options->etol >= 0) || options->max_iterations < 0) {
        return isd_error_set(err, ISD_USAGE, "ftol, etol and the number of iterations cannot be negative");
    }
    return ISD_OK;
}

static isd_status state_init(struct quench_state *state, const double *position, size_t n3)
{
    state->chunks = (int32_t)(1 + n3 / CHUNK);
    state->part = malloc((size_t)state->chunks * QUENCH_SUMS * sizeof *state->part);
    if (!state->part) {
        return isd_error_memory(state->err);
    }
    double **arrays[] = {&state->x, &state->f, &state->trial_x, &state->trial_f, &state->step};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
        *arrays[k] = calloc(n3 + 1, sizeof(double));
        if (!*arrays[k]) {
            return isd_error_memory(state->err);
        }
    }
    state->n3 = n3;
    memcpy(state->x, position, n3 * sizeof *position);
    isd_energy energy;
    const isd_status status =
        isd_evaluator_compute(state->evaluator, state->x, state->control, state->f, &energy, state->err);
    if (!status) {
        state->energy = energy.total;
        state->fmax = quench_largest(state, state->f);
    }
    return status;
}

static void state_done(struct quench_state *state)
{
    isd_evaluator_free(state->evaluator);
    free(state->x);
    free(state->f);
    free(state->trial_x);
    free(state->trial_f);
    free(state->step);
    free(state->part);
}

/* The residual force falls by decades, so progress is counted in them. */
static void report(const struct quench_state *state, double fmax_start, double ftol)
{
    const double floor = fmax(ftol, 1e-14), whole = log10(fmax_start / floor);
    if (whole > 0 && state->fmax > 0) {
        isd_control_report(state->control, fmin(fmax(log10(fmax_start / state->fmax), 0), whole), whole);
    }
}

static void set_noise(struct quench_state *state)
{
    /* some units of the last digit of the energy (its sum is compensated), and of what its terms lose */
    state->noise = 2e-15 * (fabs(state->energy) + (double)state->n3);
}

/* Iterates until something stops it. */
static isd_status minimise(struct quench_state *state, const struct quench_method *method, void *memory,
                           const isd_quench_options *options, isd_quench_result *result)
{
    const double ftol = SAFETY * options->ftol, fmax_start = state->fmax;
    double lowest = state->energy, smallest = state->fmax;
    long fruitful = 0;
    result->stop = ISD_STOP_FORCE;
    while (state->fmax > ftol) {
        if (isd_control_cancelled(state->control)) {
            return isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        }
        if (result->iterations >= options->max_iterations) {
            result->stop = ISD_STOP_MAXITER;
            break;
        }
        const double before = state->energy;
        set_noise(state);
        const enum quench_outcome outcome = method->step(state, memory);
        if (outcome == QUENCH_FAILED) {
            return state->err->status;
        }
        if (outcome == QUENCH_STUCK) {
            result->stop = ISD_STOP_STALLED;
            break;
        }
        result->iterations++;
        report(state, fmax_start, ftol);
        if (options->etol > 0 && state->fmax > ftol &&
            fabs(before - state->energy) <= options->etol * fabs(state->energy)) {
            result->stop = ISD_STOP_ENERGY;
            break;
        }
        if (state->energy < lowest - state->noise || state->fmax < 0.99 * smallest) {
            fruitful = quench_evaluations(state);
        }
        lowest = fmin(lowest, state->energy);
        smallest = fmin(smallest, state->fmax);
        if (quench_evaluations(state) - fruitful > method->patience) {
            result->stop = ISD_STOP_STALLED;
            break;
        }
    }
    return ISD_OK;
}

/* The verdict: by an evaluator that has seen nothing of the way. */
static isd_status judge(const isd_potential *potential, const isd_box *box, const int32_t *type,
                        struct quench_state *state, const isd_quench_options *options,
                        isd_quench_result *result)
{
    isd_evaluator *fresh = NULL;
    isd_energy energy;
    isd_status status = isd_evaluator_new(potential, box, type, (int32_t)(state->n3 / 3), &fresh, state->err);
    if (!status) {
        evaluator_set_isa(fresh, ISA_PLAIN); /* the kernel that found the minimum does not judge it */
        status = isd_evaluator_compute(fresh, state->x, state->control, state->trial_f, &energy, state->err);
    }
    if (!status) {
        result->energy = energy.total;
        memcpy(result->virial, energy.virial, sizeof result->virial);
        result->fmax = quench_largest(state, state->trial_f);
        result->fnorm = sqrt(quench_dot(state, state->trial_f, state->trial_f));
        result->converged = result->fmax <= options->ftol && isd_potential_continuous(potential);
        if (result->stop == ISD_STOP_FORCE && result->fmax > options->ftol) {
            result->stop = ISD_STOP_STALLED; /* ftol is below what rounding lets one tell */
        }
    }
    isd_evaluator_free(fresh);
    return status;
}

isd_status isd_quench(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                      const isd_quench_options *options, isd_control *control, double *position,
                      isd_quench_result *ret_result, isd_error *err)
{
    const double cpu = clock_thread_cpu();
    const size_t n3 = 3 * (size_t)(n > 0 ? n : 0);
    isd_error unused;
    struct quench_state state = {.control = control,
                                 .err = err ? err : &unused,
                                 .box = box,
                                 .type = type,
                                 .cutoff = potential->cutoff,
                                 .length = potential->length,
                                 .energy_tells = isd_potential_continuous(potential),
                                 .longest_step = LONGEST_STEP * potential->length};
    isd_quench_result result = {0};
    void *memory = NULL;
    const struct quench_method *method = find_method(options->method);
    isd_status status = check_options(options, state.err);
    if (!status) {
        status = isd_evaluator_new(potential, box, type, n, &state.evaluator, state.err);
    }
    if (!status) {
        status = state_init(&state, position, n3);
    }
    if (!status) {
        result.energy_start = state.energy;
        status = method->init(&state, &memory);
    }
    if (!status) {
        status = minimise(&state, method, memory, options, &result);
    }
    if (!status) {
        result.evaluations = quench_evaluations(&state);
        status = judge(potential, box, type, &state, options, &result);
    }
    if (!status) {
        memcpy(position, state.x, n3 * sizeof *position);
        result.seconds = clock_thread_cpu() - cpu;
        *ret_result = result;
    }
    if (method) {
        method->done(memory);
    }
    state_done(&state);
    return status;
}
