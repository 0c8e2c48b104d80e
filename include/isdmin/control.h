/* isdmin: what a long computation is given: cancel, progress, and helpers. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_CONTROL_H
#define ISDMIN_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Shared between the thread that works and the threads that watch: all functions are thread-safe and accept NULL
 * (never cancelled, progress dropped, chunks run one after the other). */
typedef struct isd_control isd_control;

isd_control *isd_control_new(void); /* NULL when out of memory */
void isd_control_free(isd_control *control);

void isd_control_cancel(isd_control *control);
/* Cheap (one relaxed load). Computations ask at least every 10 ms of work and return ISD_CANCELLED. */
bool isd_control_cancelled(const isd_control *control);

/* Progress: `done` of `total` in units of the method's choice. It never falls: what is less than before is dropped. */
void isd_control_report(isd_control *control, double done, double total);
/* The fraction 0..1 reported last; 0 before the first report. */
double isd_control_fraction(const isd_control *control);

/* A part of a longer computation, which may run beside other parts: cancelled with the whole, helped as it is, its progress
 * added to that of the whole in this share. Free it before the whole. NULL when out of memory. */
isd_control *isd_control_part(isd_control *whole, double share);

/* Run work(arg, k) for k = 0 ... chunks-1, in any order and possibly on several threads, and return when all are done.
 * How work is cut must not depend on the number of threads: then results are the same bits for any number. */
typedef void isd_chunk_fn(void *arg, int32_t k);
void isd_control_for(isd_control *control, int32_t chunks, isd_chunk_fn *work, void *arg);

/* For a thread pool: how isd_control_for runs its chunks. `run` must have the contract above. */
typedef void isd_for_fn(void *pool, int32_t chunks, isd_chunk_fn *work, void *arg);
void isd_control_set_pool(isd_control *control, isd_for_fn *run, void *pool);
/* CPU seconds that other threads than those that called isd_control_for have spent on its chunks; a pool adds them. Parts count
 * for the whole. */
void isd_control_add_helped(isd_control *control, double seconds);
double isd_control_helped(const isd_control *control);

#ifdef __cplusplus
}
#endif
#endif
