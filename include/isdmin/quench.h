/* isdmin: inherent structures: minimise the potential energy at fixed cell. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_QUENCH_H
#define ISDMIN_QUENCH_H

#include <stddef.h>

#include "isdmin/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told after every iteration, and before the first: where the atoms are now, the total energy and the largest force component there.
 * position[3n] is borrowed for the call. On the thread that quenches. */
typedef void isd_quench_watch_fn(void *arg, long iteration, double energy, double fmax, const double *position);

typedef struct isd_quench_options {
    const char *method; /* "lbfgs" (default), "cg", "fire", "quickmin" or "sd"; see isd_quench_method */
    double ftol;        /* stop at this largest force component, force units; default 1e-8 */
    double etol;        /* stop at this relative energy change per iteration; default 0: never */
    long max_iterations;/* default 100000 */
    isd_quench_watch_fn *watch; /* default NULL: nobody watches */
    void *watch_arg;
} isd_quench_options;

void isd_quench_defaults(isd_quench_options *ret_options);
/* Name of method k = 0, 1, ... or NULL past the last. */
const char *isd_quench_method(int k);

#define ISD_STOP_LIST(X) \
    X(FORCE, "force") X(ENERGY, "energy") X(MAXITER, "maxiter") X(STALLED, "stalled") X(PINNED, "pinned") \
    X(CANCELLED, "cancelled")
typedef enum isd_stop {
#define X(name, text) ISD_STOP_##name,
    ISD_STOP_LIST(X)
#undef X
} isd_stop;
const char *isd_stop_text(isd_stop stop);

typedef struct isd_quench_result {
    double energy_start, energy; /* total potential energy before and after */
    double virial[6];            /* after, as isd_energy */
    double fmax, fnorm;          /* after: largest absolute component, 2-norm of all */
    long iterations, evaluations;
    bool converged;              /* fmax <= ftol, recomputed afresh at the end, and the potential is continuous */
    isd_stop stop;
    double seconds;              /* CPU seconds of the minimisation */
    int32_t n_pinned;            /* pairs of atoms that rest where the force between them jumps, at the end of a table say: apart
                                    just inside, together just outside, so that the minimum is a kink, where no force is small:
                                    converged is false, fmax that of one side */
    double fmax_pinned;          /* what is left with the force between the two limits that balances all others; fmax without any */
    int32_t pinned[2];           /* of these, the one with the largest jump (by index) */
    double pinned_at, pinned_inside, pinned_outside; /* its distance, and the two limits: outward forces, >= 0 and <= 0 */
} isd_quench_result;

/* position[3n] holds the start and receives the minimum (untouched on failure; on cancel ISD_CANCELLED, untouched too).
 * Atoms are not wrapped: each stays in the image it started in. Not converging is no failure: see the result.
 * fmax is computed by a fresh evaluator at the final positions. */
isd_status isd_quench(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                      const isd_quench_options *options, isd_control *control, double *position,
                      isd_quench_result *ret_result, isd_error *err);

/* A quench that was cancelled, put down on bytes. Begins as {0}; owned by the caller, who may keep the bytes anywhere. */
typedef struct isd_checkpoint {
    unsigned char *bytes;
    size_t size;
} isd_checkpoint;

void isd_checkpoint_done(isd_checkpoint *checkpoint);

/* As isd_quench from the same position, with somewhere to go on from: when cancelled, *checkpoint receives the last of the
 * places that come every 64 iterations, less often where atoms are few (it is left as it was before the first), and the next
 * call with it goes on there and ends with the very bits, and counts, of a quench that was never interrupted. Emptied when the
 * quench ends. Refuses bytes that are damaged, or of another start, potential, method or instruction set (ISD_DATA). `seconds`
 * are of this call. */
isd_status isd_quench_resume(const isd_potential *potential, const isd_box *box, const int32_t *type, int32_t n,
                             const isd_quench_options *options, isd_control *control, double *position,
                             isd_checkpoint *checkpoint, isd_quench_result *ret_result, isd_error *err);

#ifdef __cplusplus
}
#endif
#endif
