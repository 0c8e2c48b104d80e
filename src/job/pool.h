/* Background work: the only place that makes threads. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs own their inputs by reference, report through an isd_control, and end on one finished queue. The thread that made
 * the pool (the main thread) submits, collects and waits; workers never call back into it, they only wake it. */
#ifndef JOB_POOL_H
#define JOB_POOL_H

#include <stdbool.h>

#include "isdmin/control.h"
#include "isdmin/status.h"

struct job_pool;
struct job;

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

/* What a job does, on a worker. Returns a status; err says why on failure. Polls `control`. */
typedef isd_status job_run_fn(void *arg, isd_control *control, isd_error *err);
/* Frees arg; called on the main thread when the job is collected (or the pool freed). */
typedef void job_free_fn(void *arg);

/* The processors one may use (affinity, cgroup; SLURM_CPUS_PER_TASK is the caller's). */
int job_processors(void);
/* Default number of threads: as many, at most 4. */
int job_default_threads(void);

/* threads >= 1. All signals are blocked in workers; they run at nice +10 if `nice`. */
isd_status job_pool_new(int threads, bool nice, struct job_pool **ret_pool, isd_error *err);
/* One thread more, at full priority, for what must not stand behind computations (the disk): its done jobs make the wake fd of `beside`,
 * which outlives it, readable as well. */
isd_status job_pool_new_beside(const struct job_pool *beside, struct job_pool **ret_pool, isd_error *err);
/* Cancels everything, joins the workers (within the 100 ms that computations promise) and frees all jobs but the collected
 * ones, which are released before. */
void job_pool_free(struct job_pool *pool);
int job_pool_threads(const struct job_pool *pool);

/* Higher priority runs first, equal ones in order of submission. Takes arg over even on failure. label is copied. */
isd_status job_submit(struct job_pool *pool, const char *label, double priority, job_run_fn *run, job_free_fn *release,
                      void *arg, struct job **ret_job, isd_error *err);
/* Main thread only; a job pointer is valid until it is collected. */
void job_raise(struct job_pool *pool, struct job *job, double priority); /* what the user looks at first */
void job_cancel(struct job *job); /* running: asks; waiting: never starts; both still arrive at collect */
enum job_state job_state(const struct job *job);
bool job_wait(const struct job *job, double seconds); /* until it is done; false if it is not by then */
const char *job_label(const struct job *job);
double job_fraction(const struct job *job); /* 0..1 */
double job_elapsed(const struct job *job);  /* seconds since it started, 0 while waiting */
double job_eta(const struct job *job);      /* seconds left, from elapsed and fraction; NaN while unknown */
isd_status job_result(const struct job *job, const isd_error **ret_err); /* of a done job */
void *job_arg(const struct job *job);

/* Becomes readable when a job is done; stays so until all done ones are collected. For poll(). */
int job_pool_wake_fd(const struct job_pool *pool);
/* The next done job in order of finishing, or NULL. Release it with job_release after reading its result. */
struct job *job_pool_collect(struct job_pool *pool);
void job_release(struct job_pool *pool, struct job *job); /* frees it and its arg */

/* Live jobs (waiting and running), for display: running first, then in the order they will start. */
int job_pool_count(const struct job_pool *pool);
struct job *job_pool_at(struct job_pool *pool, int k); /* NULL past the end */

#endif
