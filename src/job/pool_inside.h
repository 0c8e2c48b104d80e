/* What the pool and its jobs know of each other. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One mutex guards everything but the controls (atomic by themselves), the counter of a shared loop, and the error and
 * status of a finished job, which nobody writes any more. */
#ifndef JOB_POOL_INSIDE_H
#define JOB_POOL_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "job/pool.h"

struct job {
    struct job_pool *pool;
    struct job *next; /* in the finished queue */
    char *label;
    double priority;
    uint64_t order; /* of submission */
    job_run_fn *run;
    job_free_fn *release;
    void *arg;
    isd_control *control;
    enum job_state state;
    double started, ended; /* clock_now() */
    isd_status status;
    isd_error err;
};

struct job_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;        /* there is something to do, or the end */
    pthread_cond_t helper_left; /* some loop lost its last helper */
    pthread_cond_t done;        /* some job is */
    bool stopping, nice;
    bool lingers;      /* there is a processor for every worker */
    atomic_uint n_waiting; /* for helpers to leave, asleep; changed under the lock */
    atomic_uint calls; /* grows with all there is to do, under the lock */
    int n_threads, n_idle;
    pthread_t *threads;
    struct job **running; /* [n_threads], in order of their start */
    int n_running;
    struct job **waiting; /* [head, tail) sorted: the next to start first */
    size_t head, tail, size;
    uint64_t submitted;
    struct loop *loops; /* shared, in progress */
    struct job *done_first, **done_end;
    int wake[2]; /* a pipe that holds one byte exactly while the finished queue is not empty (of pools side by side: of each) */
};

/* With the lock held, all of them. Room for one more; puts one that waits at its place; takes it out. */
bool job_queue_reserve(struct job_pool *pool);
void job_queue_insert(struct job_pool *pool, struct job *job);
void job_queue_remove(struct job_pool *pool, const struct job *job);
/* Is a the more urgent of two? */
bool job_goes_before(const struct job *a, const struct job *b);
/* There is something new to do. */
void job_pool_call(struct job_pool *pool);
/* Into the finished queue. */
void job_finish(struct job_pool *pool, struct job *job);

/* isd_for_fn of a running job; without the lock. */
void job_share_loop(void *arg, int32_t chunks, isd_chunk_fn *work, void *work_arg);
void job_free(struct job *job);

#endif
