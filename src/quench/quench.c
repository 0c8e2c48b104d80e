/* Inherent structures: the driver of all methods. SPDX-License-Identifier: GPL-3.0-or-later */
#include "isdmin/quench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pot/evaluator.h"
#include "pot/potential.h"
#include "quench/state.h"
#include "quench/tape.h"

#define LONGEST_STEP 0.1 /* of an atom in one iteration, in units of its size */
#define CHUNK 30000      /* numbers of a vector that are the work of one thread */
#define REST_EVERY 64     /* iterations */
#define TAPE_VERSION 1
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
    free(state->x);
    free(state->f);
    free(state->trial_x);
    free(state->trial_f);
    free(state->step);
    free(state->part);
}

/* One call: what the loop needs besides the state. */
struct run {
    struct quench_state state;
    const isd_potential *potential;
    const struct quench_method *method;
    void *memory; /* of the method */
    const isd_quench_options *options;
    isd_quench_result result;
    double fmax_start, lowest, smallest; /* largest force at the start, lowest energy and smallest force so far */
    long fruitful;                       /* evaluations when one of these was new */
    long rested;                         /* iterations at the last rest */
    uint64_t sign;                       /* of everything the result depends on */
};

/* The residual force falls by decades, so progress is counted in them. */
static void report(const struct run *run)
{
    const struct quench_state *state = &run->state;
    const double floor = fmax(SAFETY * run->options->ftol, 1e-14), whole = log10(run->fmax_start / floor);
    if (whole > 0 && state->fmax > 0) {
        isd_control_report(state->control, fmin(fmax(log10(run->fmax_start / state->fmax), 0), whole), whole);
    }
}

static void set_noise(struct quench_state *state)
{
    /* some units of the last digit of the energy (its sum is compensated), and of what its terms lose */
    state->noise = 2e-15 * (fabs(state->energy) + (double)state->n3);
}

/* --- interruptions --- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t k = 0; k < size; k++) {
        hash = (hash ^ byte[k]) * 1099511628211u; /* FNV-1a */
    }
    return hash;
}

static uint64_t signature(const struct run *run, const double *start)
{
    const isd_box *b = run->state.box;
    const isd_quench_options *o = run->options;
    const double numbers[] = {b->origin[0], b->origin[1], b->origin[2], b->lx,   b->ly,   b->lz,
                              b->xy,        b->xz,        b->yz,        o->ftol, o->etol, (double)o->max_iterations};
    const int32_t counts[] = {TAPE_VERSION, (int32_t)isa_best(), b->dim, b->periodic[0], b->periodic[1], b->periodic[2]};
    uint64_t hash = mix(1469598103934665603u, numbers, sizeof numbers);
    hash = mix(hash, counts, sizeof counts);
    hash = mix(hash, run->method->name, strlen(run->method->name));
    hash = mix(hash, run->potential->name, strlen(run->potential->name));
    hash = mix(hash, run->state.type, run->state.n3 / 3 * sizeof *run->state.type);
    return mix(hash, start, run->state.n3 * sizeof *start);
}

/* All there is, to the tape or from it. */
static void tape_run(struct run *run, struct quench_tape *tape)
{
    struct quench_state *state = &run->state;
    TAPE(tape, state->evaluations);
    TAPE(tape, state->energy);
    TAPE(tape, state->fmax);
    TAPE(tape, run->result.energy_start);
    TAPE(tape, run->result.iterations);
    TAPE(tape, run->fmax_start);
    TAPE(tape, run->lowest);
    TAPE(tape, run->smallest);
    TAPE(tape, run->fruitful);
    tape_item(tape, state->x, state->n3 * sizeof *state->x);
    tape_item(tape, state->f, state->n3 * sizeof *state->f);
    run->method->tape(state, run->memory, tape);
}

/* Everything that depends on the way here and not on the place is made anew, with a checkpoint or without: so both go
 * on alike. */
static isd_status rest(struct run *run, isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    isd_evaluator *fresh = NULL;
    const isd_status status =
        isd_evaluator_new(run->potential, state->box, state->type, (int32_t)(state->n3 / 3), &fresh, state->err);
    if (status) {
        return status;
    }
    state->evaluations = quench_evaluations(state);
    isd_evaluator_free(state->evaluator);
    state->evaluator = fresh;
    run->rested = run->result.iterations;
    if (run->method->rest) {
        run->method->rest(run->memory);
    }
    if (checkpoint) {
        struct quench_tape tape = {.bytes = checkpoint->bytes, .room = checkpoint->size};
        TAPE(&tape, run->sign);
        tape_run(run, &tape);
        uint64_t sum = mix(0, tape.bytes, tape.size);
        TAPE(&tape, sum);
        checkpoint->bytes = tape.bytes;
        checkpoint->size = tape.size;
        if (tape.bad) {
            isd_checkpoint_done(checkpoint);
            return isd_error_memory(state->err);
        }
    }
    return ISD_OK;
}

static isd_status resume(struct run *run, const isd_checkpoint *checkpoint)
{
    struct quench_tape tape = {.bytes = checkpoint->bytes, .size = checkpoint->size, .reading = true};
    uint64_t sign = 0, sum = 0;
    bool good = checkpoint->size > sizeof sum;
    if (good) {
        memcpy(&sum, checkpoint->bytes + checkpoint->size - sizeof sum, sizeof sum);
        tape.size -= sizeof sum;
        good = sum == mix(0, tape.bytes, tape.size);
    }
    TAPE(&tape, sign);
    if (!good || tape.bad || sign != run->sign) {
        return isd_error_set(run->state.err, ISD_DATA, "the checkpoint is damaged, or of another quench");
    }
    tape_run(run, &tape);
    run->rested = run->result.iterations;
    if (tape.bad || tape.at != tape.size) {
        return isd_error_set(run->state.err, ISD_DATA, "the checkpoint is damaged");
    }
    return ISD_OK;
}

/* --- the loop --- */

/* Is there a reason to stop after an iteration that began at energy `before`? */
static bool ends(struct run *run, double before)
{
    struct quench_state *state = &run->state;
    const isd_quench_options *options = run->options;
    if (options->etol > 0 && state->fmax > SAFETY * options->ftol &&
        fabs(before - state->energy) <= options->etol * fabs(state->energy)) {
        run->result.stop = ISD_STOP_ENERGY;
        return true;
    }
    if (state->energy < run->lowest - state->noise || state->fmax < 0.99 * run->smallest) {
        run->fruitful = quench_evaluations(state);
    }
    run->lowest = fmin(run->lowest, state->energy);
    run->smallest = fmin(run->smallest, state->fmax);
    if (quench_evaluations(state) - run->fruitful > run->method->patience) {
        run->result.stop = ISD_STOP_STALLED;
        return true;
    }
    return false;
}

/* Iterates until something stops it. */
static isd_status minimise(struct run *run, isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    run->result.stop = ISD_STOP_FORCE;
    while (state->fmax > SAFETY * run->options->ftol) {
        if (isd_control_cancelled(state->control)) {
            return isd_error_set(state->err, ISD_CANCELLED, "cancelled");
        }
        if (run->result.iterations >= run->options->max_iterations) {
            run->result.stop = ISD_STOP_MAXITER;
            break;
        }
        const isd_status status = run->result.iterations - run->rested >= REST_EVERY ? rest(run, checkpoint) : ISD_OK;
        if (status) {
            return status;
        }
        const double before = state->energy;
        set_noise(state);
        const enum quench_outcome outcome = run->method->step(state, run->memory);
        if (outcome == QUENCH_FAILED) {
            return state->err->status;
        }
        if (outcome == QUENCH_STUCK) {
            run->result.stop = ISD_STOP_STALLED;
            break;
        }
        run->result.iterations++;
        report(run);
        if (ends(run, before)) {
            break;
        }
    }
    return ISD_OK;
}

/* The verdict: by an evaluator that has seen nothing of the way. */
static isd_status judge(struct run *run)
{
    struct quench_state *state = &run->state;
    isd_quench_result *result = &run->result;
    isd_evaluator *fresh = NULL;
    isd_energy energy;
    isd_status status =
        isd_evaluator_new(run->potential, state->box, state->type, (int32_t)(state->n3 / 3), &fresh, state->err);
    if (!status) {
        evaluator_set_isa(fresh, ISA_PLAIN); /* the kernel that found the minimum does not judge it */
        status = isd_evaluator_compute(fresh, state->x, state->control, state->trial_f, &energy, state->err);
    }
    if (!status) {
        result->energy = energy.total;
        memcpy(result->virial, energy.virial, sizeof result->virial);
        result->fmax = quench_largest(state, state->trial_f);
        result->fnorm = sqrt(quench_dot(state, state->trial_f, state->trial_f));
        result->converged = result->fmax <= run->options->ftol && isd_potential_continuous(run->potential);
        if (result->stop == ISD_STOP_FORCE && result->fmax > run->options->ftol) {
            result->stop = ISD_STOP_STALLED; /* ftol is below what rounding lets one tell */
        }
    }
    isd_evaluator_free(fresh);
    return status;
}

void isd_checkpoint_done(isd_checkpoint *checkpoint)
{
    if (checkpoint) {
        free(checkpoint->bytes);
        *checkpoint = (isd_checkpoint){0};
    }
}

/* Evaluator, state and method at the start, or where the checkpoint is. */
static isd_status begin(struct run *run, const double *position, const isd_checkpoint *checkpoint)
{
    struct quench_state *state = &run->state;
    isd_status status =
        isd_evaluator_new(run->potential, state->box, state->type, (int32_t)(state->n3 / 3), &state->evaluator, state->err);
    if (!status) {
        status = state_init(state, position);
    }
    if (!status) {
        status = run->method->init(state, &run->memory);
    }
    run->sign = checkpoint && !status ? signature(run, position) : 0;
    if (!status && checkpoint && checkpoint->size > 0) {
        return resume(run, checkpoint);
    }
    if (!status) {
        isd_energy energy;
        status = isd_evaluator_compute(state->evaluator, state->x, state->control, state->f, &energy, state->err);
        state->energy = energy.total;
    }
    if (!status) {
        state->fmax = quench_largest(state, state->f);
        run->result.energy_start = run->lowest = state->energy;
        run->fmax_start = run->smallest = state->fmax;
    }
    return status;
}

isd_status isd_quench_resume(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                             const isd_quench_options *options, isd_control *control, double *position,
                             isd_checkpoint *checkpoint, isd_quench_result *ret_result, isd_error *err)
{
    const double cpu = clock_thread_cpu();
    isd_error unused;
    struct run run = {.potential = potential, .method = find_method(options->method), .options = options};
    run.state = (struct quench_state){.control = control,
                                      .err = err ? err : &unused,
                                      .n3 = 3 * (size_t)(n > 0 ? n : 0),
                                      .box = box,
                                      .type = type,
                                      .cutoff = potential->cutoff,
                                      .length = potential->length,
                                      .energy_tells = isd_potential_continuous(potential),
                                      .longest_step = LONGEST_STEP * potential->length};
    isd_status status = check_options(options, run.state.err);
    if (!status) {
        status = begin(&run, position, checkpoint);
    }
    if (!status) {
        status = minimise(&run, checkpoint);
    }
    if (!status) {
        run.result.evaluations = quench_evaluations(&run.state);
        status = judge(&run);
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
