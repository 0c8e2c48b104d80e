/* Interruptions: a run put down and taken up again. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "neigh/isa.h"
#include "quench/pins.h"
#include "quench/run.h"
#include "quench/tape.h"

#define TAPE_VERSION 3

void isd_checkpoint_done(isd_checkpoint *checkpoint)
{
    if (checkpoint) {
        free(checkpoint->bytes);
        *checkpoint = (isd_checkpoint){0};
    }
}

uint64_t run_signature(const struct run *run, const double *start)
{
    const isd_box *b = run->state.box;
    const char *name = isd_potential_name(run->state.potential);
    const isd_quench_options *o = run->options;
    const double numbers[] = {b->origin[0], b->origin[1], b->origin[2], b->lx,   b->ly,   b->lz,
                              b->xy,        b->xz,        b->yz,        o->ftol, o->etol, (double)o->max_iterations};
    const int32_t counts[] = {TAPE_VERSION, (int32_t)isa_best(), b->dim, b->periodic[0], b->periodic[1], b->periodic[2]};
    uint64_t hash = tape_sum(1469598103934665603u, numbers, sizeof numbers);
    hash = tape_sum(hash, counts, sizeof counts);
    hash = tape_sum(hash, run->method->name, strlen(run->method->name));
    hash = tape_sum(hash, name, strlen(name));
    hash = tape_sum(hash, run->state.type, run->state.n3 / 3 * sizeof *run->state.type);
    return tape_sum(hash, start, run->state.n3 * sizeof *start);
}

/* All there is, to the tape or from it. */
static void tape_run(struct run *run, struct quench_tape *tape)
{
    struct quench_state *state = &run->state;
    TAPE(tape, state->evaluations);
    TAPE(tape, state->energy);
    TAPE(tape, state->fmax);
    TAPE(tape, state->rms);
    TAPE(tape, run->result.energy_start);
    TAPE(tape, run->result.iterations);
    TAPE(tape, run->fmax_start);
    TAPE(tape, run->lowest);
    TAPE(tape, run->smallest);
    TAPE(tape, run->fruitful);
    TAPE(tape, run->look_after);
    pins_tape(&state->pins, state->n3, tape);
    tape_item(tape, state->x, state->n3 * sizeof *state->x);
    tape_item(tape, state->f, state->n3 * sizeof *state->f);
    run->method->tape(state, run->memory, tape);
}

/* The old checkpoint stays until the new one is whole: whoever cancels meanwhile still has it. */
static isd_status put_down(struct run *run, isd_checkpoint *checkpoint)
{
    struct quench_tape tape = {.bytes = malloc(checkpoint->size + 1), .room = checkpoint->size, .control = run->state.control};
    uint64_t sum = 0;
    tape.room = tape.bytes ? tape.room : 0;
    TAPE(&tape, run->sign);
    tape_run(run, &tape);
    for (size_t at = 0; at < tape.size && !tape.bad; at += TAPE_PORTION) {
        sum = tape_sum(sum, tape.bytes + at, tape.size - at < TAPE_PORTION ? tape.size - at : TAPE_PORTION);
        tape.bad = isd_control_cancelled(run->state.control);
    }
    TAPE(&tape, sum);
    if (tape.bad) {
        free(tape.bytes);
        return isd_control_cancelled(run->state.control) ? isd_error_set(run->state.err, ISD_CANCELLED, "cancelled")
                                                         : isd_error_memory(run->state.err);
    }
    isd_checkpoint_done(checkpoint);
    *checkpoint = (isd_checkpoint){tape.bytes, tape.size};
    return ISD_OK;
}

isd_status run_evaluator(const struct run *run, isd_evaluator **ret_evaluator)
{
    const struct quench_state *state = &run->state;
    return isd_evaluator_new(state->potential, state->box, state->type, (int32_t)(state->n3 / 3), ret_evaluator, state->err);
}

isd_status run_renew(struct run *run)
{
    struct quench_state *state = &run->state;
    isd_evaluator *fresh = NULL;
    const isd_status status = run_evaluator(run, &fresh);
    if (!status) {
        isd_evaluator_free(state->evaluator);
        state->evaluator = fresh;
    }
    return status;
}

isd_status run_rest(struct run *run, isd_checkpoint *checkpoint)
{
    const long evaluations = quench_evaluations(&run->state);
    const isd_status status = run_renew(run);
    if (status) {
        return status;
    }
    run->state.evaluations = evaluations;
    run->rested = run->result.iterations;
    if (run->method->rest) {
        run->method->rest(run->memory);
    }
    return checkpoint ? put_down(run, checkpoint) : ISD_OK;
}

isd_status run_resume(struct run *run, const isd_checkpoint *checkpoint)
{
    struct quench_tape tape = {.bytes = checkpoint->bytes, .size = checkpoint->size, .reading = true};
    uint64_t sign = 0, sum = 0;
    bool good = checkpoint->size > sizeof sum;
    if (good) {
        memcpy(&sum, checkpoint->bytes + checkpoint->size - sizeof sum, sizeof sum);
        tape.size -= sizeof sum;
        good = sum == tape_sum(0, tape.bytes, tape.size);
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
