/* What the minimisers work on. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A method is one file with one quench_method record; the driver (quench.c) owns the loop, the stopping rules
 * and the report. */
#ifndef QUENCH_STATE_H
#define QUENCH_STATE_H

#include <stddef.h>

#include "isdmin/quench.h"

enum { QUENCH_SUMS = 32 }; /* sums made in one pass at most */

/* Pairs held where their force jumps: pins.h. */
struct pins {
    struct pin *pin;
    int32_t n, room;
};

struct quench_state {
    isd_evaluator *evaluator;
    long evaluations;    /* of evaluators before this one */
    const isd_box *box;
    const int32_t *type;
    const isd_potential *potential;
    isd_lattice lattice; /* of the box */
    struct pins pins;    /* what the forces heed besides the potential */
    isd_control *control;
    isd_error *err;
    size_t n3;           /* 3n */
    int32_t chunks;      /* into which work on vectors is cut: by n3 alone */
    double *part;        /* [chunks * QUENCH_SUMS] sums of the chunks */
    double longest_step; /* of one atom in one step */
    double length;       /* size of an atom */
    /* Where we are: always finite; methods that descend never go uphill (quench_downhill). fmax, rms: the largest component
     * of a force, the root mean square of the forces on the atoms. */
    double *x, *f, energy, fmax, rms;
    /* Where we try. */
    double *trial_x, *trial_f, trial_energy;
    double *step;      /* trial_x - x as wanted; methods fill it */
    double noise;      /* energy differences below this are rounding */
    bool energy_tells; /* false: the energy jumps at the cutoff, and only slopes say what is downhill */
};

enum quench_outcome {
    QUENCH_MOVED, /* a step was taken */
    QUENCH_STUCK, /* no step along any direction the method knows leads down */
    QUENCH_FAILED /* state->err says why, or cancelled */
};

struct quench_tape;

struct quench_method {
    const char *name;
    long patience; /* evaluations without a new lowest energy or force: stalled */
    isd_status (*init)(struct quench_state *state, void **ret_memory);
    enum quench_outcome (*step)(struct quench_state *state, void *memory);
    void (*done)(void *memory);
    /* Forget what can be made anew from x and f and the rest: called every so many iterations, so that a quench
     * that goes on from its tape does what one does that was never interrupted. NULL: nothing. */
    void (*rest)(void *memory);
    /* All of the memory that is left then, item by item, to the tape or from it. */
    void (*tape)(struct quench_state *state, void *memory, struct quench_tape *tape);
};

extern const struct quench_method quench_lbfgs, quench_cg, quench_fire, quench_quickmin, quench_sd;

enum quench_trial {
    TRIAL_GOOD,  /* finite */
    TRIAL_WILD,  /* not finite, or atoms on one spot: a step too far */
    TRIAL_FAILED /* out of memory or cancelled: give up */
};

/* Evaluates at any place: trial_f and trial_energy are of there. */
enum quench_trial quench_evaluate(struct quench_state *state, const double *x);
/* The forces alone, which is faster: trial_f. */
enum quench_trial quench_forces(struct quench_state *state, const double *x);

/* Evaluates at x + scale * step. */
enum quench_trial quench_try(struct quench_state *state, double scale);

/* The trial becomes where we are. */
void quench_accept(struct quench_state *state);

/* Sets fmax and rms from f. */
void quench_measure(struct quench_state *state);

/* Takes the mean out of `step`, so that the centre of mass stays. */
void quench_center(struct quench_state *state);

/* Cuts every atom's share of `step` to longest_step, then centers it. */
void quench_limit(struct quench_state *state);

/* quench_limit, and trial_x = x + step, in fewer passes; returns f . step. */
double quench_aim(struct quench_state *state);

/* Largest scale at which no atom moves further than longest_step along `step`, INFINITY for a zero step. */
double quench_longest_scale(const struct quench_state *state);

long quench_evaluations(const struct quench_state *state);

/* Work on vectors of 3n numbers, shared between threads: fn(arg, chunk, first, last) for each chunk; a chunk holds
 * whole atoms. */
typedef void quench_part_fn(void *arg, int32_t chunk, size_t first, size_t last);
void quench_each(const struct quench_state *state, quench_part_fn *fn, void *arg);
/* Sum over the chunks of part[chunk * QUENCH_SUMS + k], in their order. */
double quench_total(const struct quench_state *state, int k);
/* The largest of part[chunk * QUENCH_SUMS]. */
double quench_most(const struct quench_state *state);

double quench_dot(const struct quench_state *state, const double *a, const double *b);
double quench_largest(const struct quench_state *state, const double *a);

/* In a long loop over atoms or pairs: is it the k-th's turn to ask, and cancelled? */
static inline bool quench_interrupted(const struct quench_state *state, size_t k)
{
    return (k & 0x7fff) == 0x7fff && isd_control_cancelled(state->control);
}

/* Is the trial, at slope0 = -f.step < 0 and slope1 = -trial_f.step (both for the whole scaled step),
 * downhill? By energy where energies tell, by the slopes where their difference is rounding. */
bool quench_downhill(const struct quench_state *state, double slope0, double slope1);

#endif
