/* Inherent structures: the driver of all methods. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/quench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pot/evaluator.h"
#include "pot/potential.h"
#include "quench/pins.h"
#include "quench/run.h"

#define LONGEST_STEP 0.1 /* of an atom in one iteration, in units of its size */
#define CHUNK 9000       /* numbers of a vector that are the work of one thread */
#define REST_EVERY 64     /* iterations, and as many more as a small system is fast */
#define REST_ATOMS 2000000 /* times atoms: between two rests at least */
#define PINS_FROM 0.1    /* of ftol: jumps of the force that matter */
#define LOOK_AFTER 100   /* evaluations without fruit; twice as many after each look in vain */
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

static isd_status state_init(struct quench_state *state, const double *position)
{
    double **arrays[] = {&state->x, &state->f, &state->trial_x, &state->trial_f, &state->step};
    state->chunks = (int32_t)(1 + state->n3 / CHUNK);
    state->part = malloc((size_t)state->chunks * QUENCH_SUMS * sizeof *state->part);
    bool good = state->part != NULL;
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
        *arrays[k] = calloc(state->n3 + 1, sizeof(double));
        good = good && *arrays[k];
    }
    if (!good) {
        return isd_error_memory(state->err);
    }
    memcpy(state->x, position, state->n3 * sizeof *position);
    return ISD_OK;
}

static void state_done(struct quench_state *state)
{
    isd_evaluator_free(state->evaluator);
    pins_done(&state->pins);
    free(state->x);
    free(state->f);
    free(state->trial_x);
    free(state->trial_f);
    free(state->step);
    free(state->part);
}

/* The residual force falls by decades, so progress is counted in them. */
static void report(const struct run *run)
{
    const struct quench_state *state = &run->state;
    const double floor = fmax(SAFETY * run->options->ftol, 1e-14), whole = log10(run->fmax_start / floor);
    if (whole > 0 && state->fmax > 0) {
        isd_control_report(state->control, fmin(fmax(log10(run->fmax_start / state->fmax), 0), whole), whole);
    }
}

/* What tells downhill from uphill, at the next step. Energies up to some units of their last digit (the sum is compensated), and of
 * what the terms lose; only slopes where the energy jumps, as it may, a little, where a table's force does. */
static void set_measures(struct quench_state *state)
{
    state->noise = 2e-15 * (fabs(state->energy) + (double)state->n3);
    state->energy_tells = isd_potential_continuous(state->potential) && state->pins.n == 0;
}

static void show(const struct run *run)
{
    const struct quench_state *state = &run->state;
    if (run->options->watch) {
        run->options->watch(run->options->watch_arg, run->result.iterations, state->energy, state->fmax, state->x);
    }
}

/* --- the loop --- */

/* Has there been progress? */
static void note_progress(struct run *run)
{
    const struct quench_state *state = &run->state;
    if (state->energy < run->lowest - state->noise || state->fmax < 0.99 * run->smallest) {
        run->fruitful = quench_evaluations(state);
    }
    run->lowest = fmin(run->lowest, state->energy);
    run->smallest = fmin(run->smallest, state->fmax);
}

/* Does the energy change too little to go on, after an iteration that began at `before`? */
static bool settled(const struct run *run, double before)
{
    const struct quench_state *state = &run->state;
    const isd_quench_options *options = run->options;
    return options->etol > 0 && state->fmax > SAFETY * options->ftol &&
           fabs(before - state->energy) <= options->etol * fabs(state->energy);
}

/* No progress: is it since atoms are pinned? If so the method begins anew where it is, with forces that heed the pins. */
static isd_status look_for_pins(struct run *run, bool *ret_found)
{
    struct quench_state *state = &run->state;
    int32_t found = 0;
    enum quench_trial trial = pins_look(state, PINS_FROM * run->options->ftol, &found);
    run->look_after *= 2;
    *ret_found = found > 0;
    if (trial == TRIAL_GOOD && found > 0) {
        run->method->done(run->memory);
        run->memory = NULL;
        trial = quench_evaluate(state, state->x);
        if (trial == TRIAL_GOOD && run->method->init(state, &run->memory)) {
            trial = TRIAL_FAILED;
        }
    }
    if (trial == TRIAL_GOOD && found > 0) {
        memcpy(state->f, state->trial_f, state->n3 * sizeof *state->f);
        quench_measure(state);
        run->smallest = state->fmax;
        run->lowest = state->energy;
        run->fruitful = quench_evaluations(state);
        run->look_after = LOOK_AFTER;
    }
    return trial == TRIAL_FAILED ? state->err->status : ISD_OK;
}

/* Stuck, or long without progress: whether to go on all the same. */
static isd_status consider(struct run *run, bool stuck, bool *ret_stalled)
{
    const long idle = quench_evaluations(&run->state) - run->fruitful;
    bool found = false;
    isd_status status = ISD_OK;
    if (stuck || idle > run->look_after) {
        status = look_for_pins(run, &found);
    }
    *ret_stalled = !found && (stuck || idle > run->method->patience);
    return status;
}

/* Iterates until something stops it. */
static isd_status minimise(struct run *run, isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    isd_quench_result *result = &run->result;
    isd_status status = ISD_OK;
    bool stalled = false;
    result->stop = ISD_STOP_FORCE;
    show(run);
    while (!status && state->fmax > SAFETY * run->options->ftol && result->stop == ISD_STOP_FORCE) {
        if (isd_control_cancelled(state->control)) {
            return isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        }
        if (result->iterations >= run->options->max_iterations) {
            result->stop = ISD_STOP_MAXITER;
            break;
        }
        status = result->iterations - run->rested >= run->rest_every ? run_rest(run, checkpoint) : ISD_OK;
        if (status) {
            break;
        }
        const double before = state->energy;
        set_measures(state);
        const enum quench_outcome outcome = run->method->step(state, run->memory);
        if (outcome == QUENCH_FAILED) {
            return state->err->status;
        }
        if (outcome == QUENCH_MOVED) {
            result->iterations++;
            report(run);
            show(run);
            note_progress(run);
        }
        if (outcome == QUENCH_MOVED && settled(run, before)) {
            result->stop = ISD_STOP_ENERGY;
        } else {
            status = consider(run, outcome == QUENCH_STUCK, &stalled);
            result->stop = stalled ? ISD_STOP_STALLED : ISD_STOP_FORCE;
        }
    }
    return status;
}

/* Goes on where the checkpoint is. The energy of the start tells whether the potential is the one of then. */
static isd_status go_on(struct run *run, const isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    const double start = state->energy;
    isd_status status = run_resume(run, checkpoint);
    if (!status && run->result.energy_start != start) {
        status = isd_error_set(state->err, ISD_DATA, "the checkpoint is of another potential");
    }
    if (!status) { /* the one that told has seen the start, which the one of then had not */
        status = run_renew(run);
    }
    return status;
}

/* Evaluator, state and method at the start, or where the checkpoint is. */
static isd_status begin(struct run *run, const double *position, const isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    isd_energy energy;
    isd_status status = run_evaluator(run, &state->evaluator);
    if (!status) {
        status = state_init(state, position);
    }
    if (!status) {
        status = run->method->init(state, &run->memory);
    }
    if (!status) {
        status = isd_evaluator_compute(state->evaluator, state->x, state->control, state->f, &energy, state->err);
    }
    if (!status) {
        run->sign = checkpoint ? run_signature(run, position) : 0;
        state->energy = run->result.energy_start = run->lowest = energy.total;
        quench_measure(state);
        run->fmax_start = run->smallest = state->fmax;
        status = checkpoint && checkpoint->size > 0 ? go_on(run, checkpoint) : ISD_OK;
    }
    return status;
}

isd_status isd_quench_resume(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                             const isd_quench_options *options, isd_control *control, double *position,
                             isd_checkpoint *checkpoint, isd_quench_result *ret_result, isd_error *err)
{
    const double cpu = clock_thread_cpu();
    isd_error unused;
    struct run run = {.method = find_method(options->method), .options = options, .look_after = LOOK_AFTER,
                      .rest_every = n > REST_ATOMS / REST_EVERY ? REST_EVERY : REST_ATOMS / (n > 0 ? n : 1)};
    run.state = (struct quench_state){.control = control,
                                      .err = err ? err : &unused,
                                      .n3 = 3 * (size_t)(n > 0 ? n : 0),
                                      .box = box,
                                      .type = type,
                                      .potential = potential,
                                      .length = potential->length,
                                      .longest_step = LONGEST_STEP * potential->length};
    isd_lattice_init(&run.state.lattice, box);
    isd_status status = check_options(options, run.state.err);
    if (!status) {
        status = begin(&run, position, checkpoint);
    }
    if (!status) {
        status = minimise(&run, checkpoint);
    }
    if (!status) {
        run.result.evaluations = quench_evaluations(&run.state);
        status = run_judge(&run);
    }
    if (!status) {
        memcpy(position, run.state.x, run.state.n3 * sizeof *position);
        run.result.seconds = clock_thread_cpu() - cpu;
        *ret_result = run.result;
        isd_checkpoint_done(checkpoint);
    }
    if (run.method) {
        run.method->done(run.memory);
    }
    state_done(&run.state);
    return status;
}

isd_status isd_quench(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                      const isd_quench_options *options, isd_control *control, double *position,
                      isd_quench_result *ret_result, isd_error *err)
{
    return isd_quench_resume(potential, box, type, n, options, control, position, NULL, ret_result, err);
}
