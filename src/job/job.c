/* Jobs as who submits them sees them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/pool.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "job/pool_inside.h"

void job_free(struct job *job)
{
    if (job->release) {
        job->release(job->arg);
    }
    isd_control_free(job->control);
    free(job->label);
    free(job);
}

/* A NaN would break the sorting. */
static double in_order(double priority)
{
    return isnan(priority) ? -HUGE_VAL : priority;
}

isd_status job_submit(struct job_pool *pool, const char *label, double priority, job_run_fn *run, job_free_fn *release,
                      void *arg, struct job **ret_job, isd_error *err)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job) {
        if (release) {
            release(arg);
        }
        return isd_error_memory(err);
    }
    *job = (struct job){.pool = pool, .priority = in_order(priority), .run = run, .release = release, .arg = arg};
    job->label = strdup(label ? label : "");
    job->control = isd_control_new();
    if (!job->label || !job->control) {
        job_free(job);
        return isd_error_memory(err);
    }
    isd_control_set_pool(job->control, job_share_loop, job);

    pthread_mutex_lock(&pool->lock);
    bool room = job_queue_reserve(pool);
    if (room) {
        job->order = pool->submitted++;
        job_queue_insert(pool, job);
        job_pool_call(pool);
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    if (!room) {
        job_free(job);
        return isd_error_memory(err);
    }
    if (ret_job) {
        *ret_job = job;
    }
    return ISD_OK;
}

void job_raise(struct job_pool *pool, struct job *job, double priority)
{
    pthread_mutex_lock(&pool->lock);
    if (job->state == JOB_WAITING) {
        job_queue_remove(pool, job);
        job->priority = in_order(priority);
        job_queue_insert(pool, job);
    } else {
        job->priority = in_order(priority); /* its loops draw helpers first */
    }
    pthread_mutex_unlock(&pool->lock);
}

void job_cancel(struct job *job)
{
    struct job_pool *pool = job->pool;
    pthread_mutex_lock(&pool->lock);
    if (job->state == JOB_WAITING) {
        job_queue_remove(pool, job);
        job->status = isd_error_set(&job->err, ISD_CANCELLED, "cancelled before it started");
        job_finish(pool, job);
    } else {
        isd_control_cancel(job->control);
    }
    pthread_mutex_unlock(&pool->lock);
}

enum job_state job_state(const struct job *job)
{
    pthread_mutex_lock(&job->pool->lock);
    enum job_state state = job->state;
    pthread_mutex_unlock(&job->pool->lock);
    return state;
}

bool job_wait(const struct job *job, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until); /* what the condition goes by */
    int64_t nanoseconds = until.tv_nsec + (int64_t)(fmin(fmax(seconds, 0), 1e9) * 1e9);
    until.tv_sec += nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&job->pool->lock);
    int late = 0;
    while (job->state != JOB_DONE && late != ETIMEDOUT) {
        late = pthread_cond_timedwait(&job->pool->done, &job->pool->lock, &until);
    }
    bool done = job->state == JOB_DONE;
    pthread_mutex_unlock(&job->pool->lock);
    return done;
}

const char *job_label(const struct job *job)
{
    return job->label;
}

double job_fraction(const struct job *job)
{
    pthread_mutex_lock(&job->pool->lock);
    bool complete = job->state == JOB_DONE && job->status == ISD_OK;
    pthread_mutex_unlock(&job->pool->lock);
    return complete ? 1.0 : isd_control_fraction(job->control);
}

double job_elapsed(const struct job *job)
{
    pthread_mutex_lock(&job->pool->lock);
    double elapsed = job->state == JOB_WAITING   ? 0.0
                     : job->state == JOB_RUNNING ? clock_now() - job->started
                                                 : job->ended - job->started;
    pthread_mutex_unlock(&job->pool->lock);
    return elapsed;
}

double job_eta(const struct job *job)
{
    enum job_state state = job_state(job);
    if (state == JOB_DONE) {
        return 0.0;
    }
    double fraction = job_fraction(job);
    if (state == JOB_WAITING || !(fraction > 0.0)) {
        return NAN;
    }
    return job_elapsed(job) * (1.0 - fraction) / fraction;
}

isd_status job_result(const struct job *job, const isd_error **ret_err)
{
    if (job_state(job) != JOB_DONE) {
        return ISD_INTERNAL;
    }
    if (ret_err) {
        *ret_err = &job->err;
    }
    return job->status;
}

void *job_arg(const struct job *job)
{
    return job->arg;
}

struct job *job_pool_collect(struct job_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct job *job = pool->done_first;
    if (job) {
        pool->done_first = job->next;
        if (!pool->done_first) {
            pool->done_end = &pool->done_first;
            char byte;
            while (read(pool->wake[0], &byte, 1) < 0 && errno == EINTR) {
            }
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

void job_release(struct job_pool *pool, struct job *job)
{
    (void)pool;
    job_free(job);
}

int job_pool_count(const struct job_pool *pool)
{
    struct job_pool *locked = (struct job_pool *)pool;
    pthread_mutex_lock(&locked->lock);
    int count = pool->n_running + (int)(pool->tail - pool->head);
    pthread_mutex_unlock(&locked->lock);
    return count;
}

struct job *job_pool_at(struct job_pool *pool, int k)
{
    struct job *job = NULL;
    pthread_mutex_lock(&pool->lock);
    if (k >= 0 && k < pool->n_running) {
        job = pool->running[k];
    } else if (k >= 0 && (size_t)(k - pool->n_running) < pool->tail - pool->head) {
        job = pool->waiting[pool->head + (size_t)(k - pool->n_running)];
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}
