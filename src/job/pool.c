/* Workers, what they work on, loops that they share. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A computation of few atoms shares a loop every some ten microseconds, and to put a thread to sleep and wake it takes as
 * long. So a worker that has just helped lingers a moment for the next loop, and who waits for a helper does so awake at
 * first. Workers that nobody calls sleep. */
#include "job/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "job/pool_inside.h"

#define LINGER 5e-5 /* seconds: about what sleeping and waking costs */
#define LONG 1e-3   /* seconds of help that are worth the system call which counts them */

/* One isd_control_for in progress. Lives on the stack of the thread that called it, which takes it off the list and
 * waits for its helpers before it returns. */
struct loop {
    struct loop *next;
    const struct job *job;
    _Atomic int64_t taken; /* runs past `chunks`, once a thread: wider than what it counts */
    int32_t chunks;
    isd_chunk_fn *work;
    void *arg;
    atomic_uint helpers; /* grows under the lock; who leaves is not to touch the loop any more */
};

/* --- waiting awake --- */

static inline void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Without the lock: as long as the number is the same as `value`, or is another, but for a moment only. */
static void linger(const atomic_uint *number, unsigned value, bool same)
{
    const double end = clock_now() + LINGER;
    for (int k = 1; (atomic_load_explicit(number, memory_order_relaxed) == value) == same; k++) {
        breathe();
        if (k % 64 == 0 && clock_now() > end) {
            return;
        }
    }
}

void job_pool_call(struct job_pool *pool)
{
    atomic_fetch_add_explicit(&pool->calls, 1, memory_order_relaxed);
}

/* --- loops --- */

/* Chunks of a loop until none is left; without the lock. */
static void work_on(struct loop *loop)
{
    for (int64_t k; (k = atomic_fetch_add_explicit(&loop->taken, 1, memory_order_relaxed)) < loop->chunks;) {
        loop->work(loop->arg, (int32_t)k);
    }
}

static bool chunks_left(const struct loop *loop)
{
    return atomic_load_explicit(&loop->taken, memory_order_relaxed) < loop->chunks;
}

/* The loop of the most urgent job that still has chunks, or NULL. */
static struct loop *urgent_loop(const struct job_pool *pool)
{
    struct loop *best = NULL;
    for (struct loop *loop = pool->loops; loop; loop = loop->next) {
        if (chunks_left(loop) && (!best || job_goes_before(loop->job, best->job))) {
            best = loop;
        }
    }
    return best;
}

/* Never waits for a helper to come, only for those that came to finish the chunk they are at:
 * a chunk that starts a loop of its own works on it alone if need be, so nobody waits in a circle. */
void job_share_loop(void *arg, int32_t chunks, isd_chunk_fn *work, void *work_arg)
{
    const struct job *job = arg;
    struct job_pool *pool = job->pool;
    struct loop loop = {.job = job, .chunks = chunks, .work = work, .arg = work_arg};
    if (chunks < 2 || pool->n_threads < 2) {
        work_on(&loop);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    loop.next = pool->loops;
    pool->loops = &loop;
    job_pool_call(pool);
    for (int k = 0; k < pool->n_idle && k < chunks - 1; k++) {
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);

    work_on(&loop);

    pthread_mutex_lock(&pool->lock);
    struct loop **link = &pool->loops;
    while (*link != &loop) {
        link = &(*link)->next;
    }
    *link = loop.next;
    pthread_mutex_unlock(&pool->lock);
    if (pool->lingers) {
        linger(&loop.helpers, 0, false);
    }
    if (loop.helpers > 0) {
        pthread_mutex_lock(&pool->lock);
        pool->n_waiting++;
        while (loop.helpers > 0) {
            pthread_cond_wait(&pool->helper_left, &pool->lock);
        }
        pool->n_waiting--;
        pthread_mutex_unlock(&pool->lock);
    }
}

/* With the lock held on entry and on return. Who waits for the last helper of a loop either sees that it has left, or is seen
 * waiting by it. *exact: what took long last time is counted as processor time, the short by the clock on the wall. */
static void help(struct job_pool *pool, struct loop *loop, bool *exact)
{
    loop->helpers++;
    pthread_mutex_unlock(&pool->lock);
    const double start = *exact ? clock_thread_cpu() : clock_now();
    work_on(loop);
    const double used = (*exact ? clock_thread_cpu() : clock_now()) - start;
    isd_control_add_helped(loop->job->control, used);
    *exact = used > LONG;
    const bool awaited = --loop->helpers == 0 && pool->n_waiting > 0;
    pthread_mutex_lock(&pool->lock);
    if (awaited) {
        pthread_cond_broadcast(&pool->helper_left);
    }
}

/* Takes the first waiting job and runs it. With the lock held on entry and on return. */
static void run_next(struct job_pool *pool)
{
    struct job *job = pool->waiting[pool->head++];
    job->state = JOB_RUNNING;
    job->started = clock_now();
    pool->running[pool->n_running++] = job;
    pthread_mutex_unlock(&pool->lock);

    isd_error err = {0};
    isd_status status = job->run(job->arg, job->control, &err);
    if (status != ISD_OK && err.what[0] == '\0') {
        isd_error_set(&err, status, "%s", isd_status_text(status));
    }
    err.status = status;

    pthread_mutex_lock(&pool->lock);
    int k = 0;
    while (pool->running[k] != job) {
        k++;
    }
    memmove(pool->running + k, pool->running + k + 1, (size_t)(pool->n_running - k - 1) * sizeof *pool->running);
    pool->n_running--;
    job->ended = clock_now();
    job->status = status;
    job->err = err;
    job_finish(pool, job);
}

static void *worker(void *arg)
{
    struct job_pool *pool = arg;
#ifdef __linux__
    if (pool->nice) {
        /* Of this thread alone on Linux; a refusal costs nothing but politeness. */
        (void)!setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
    }
#endif
    bool helped = false, exact = false; /* a moment ago; see help */
    pthread_mutex_lock(&pool->lock);
    while (!pool->stopping) {
        const struct job *next = pool->head < pool->tail ? pool->waiting[pool->head] : NULL;
        struct loop *loop = urgent_loop(pool);
        if (loop && (!next || loop->job->priority > next->priority)) {
            if (next) {
                pthread_cond_signal(&pool->work); /* the call that woke us may have been for that job */
            }
            help(pool, loop, &exact);
            helped = pool->lingers;
        } else if (next) {
            run_next(pool);
            helped = false;
        } else if (helped) {
            const unsigned seen = pool->calls;
            pthread_mutex_unlock(&pool->lock);
            linger(&pool->calls, seen, true);
            pthread_mutex_lock(&pool->lock);
            helped = pool->calls != seen;
        } else {
            pool->n_idle++;
            pthread_cond_wait(&pool->work, &pool->lock);
            pool->n_idle--;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Starts the workers with all signals blocked, which they inherit: none can reach them, not even at their first step. */
static int start_workers(struct job_pool *pool, int threads)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = 0;
    while (!failed && pool->n_threads < threads) {
        pthread_mutex_lock(&pool->lock);
        failed = pthread_create(&pool->threads[pool->n_threads], NULL, worker, pool);
        pool->n_threads += !failed;
        pthread_mutex_unlock(&pool->lock);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* The same pipe serves pools side by side: it holds one byte for each of them that has done jobs. */
static bool make_pipe(const struct job_pool *beside, int ret_ends[2])
{
    if (beside) {
        for (int k = 0; k < 2; k++) {
            ret_ends[k] = fcntl(beside->wake[k], F_DUPFD_CLOEXEC, 0);
        }
        return ret_ends[0] >= 0 && ret_ends[1] >= 0;
    }
    if (pipe(ret_ends) != 0) {
        return false;
    }
    for (int k = 0; k < 2; k++) {
        (void)!fcntl(ret_ends[k], F_SETFD, FD_CLOEXEC);
        (void)!fcntl(ret_ends[k], F_SETFL, O_NONBLOCK);
    }
    return true;
}

/* Held for so short that who comes second better waits awake. */
static void init_lock(pthread_mutex_t *lock)
{
#ifdef __GLIBC__
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(lock, &kind);
    pthread_mutexattr_destroy(&kind);
#else
    pthread_mutex_init(lock, NULL);
#endif
}

static isd_status pool_new(int threads, bool nice, const struct job_pool *beside, struct job_pool **ret_pool, isd_error *err)
{
    struct job_pool *pool = calloc(1, sizeof *pool);
    if (!pool) {
        return isd_error_memory(err);
    }
    pool->nice = nice;
    pool->lingers = threads <= job_processors();
    pool->done_end = &pool->done_first;
    pool->wake[0] = pool->wake[1] = -1;
    init_lock(&pool->lock);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->helper_left, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->threads = calloc((size_t)threads, sizeof(pthread_t));
    pool->running = calloc((size_t)threads, sizeof(struct job *));
    isd_status status = ISD_OK;
    if (!pool->threads || !pool->running) {
        status = isd_error_memory(err);
    } else if (!make_pipe(beside, pool->wake)) {
        status = isd_error_set(err, ISD_IO, "cannot make a pipe: %s", strerror(errno));
    } else {
        int failed = start_workers(pool, threads);
        if (failed) {
            status = isd_error_set(err, ISD_IO, "cannot start thread %d of %d: %s", pool->n_threads + 1, threads,
                                   strerror(failed));
        }
    }
    if (status != ISD_OK) {
        job_pool_free(pool);
        return status;
    }
    *ret_pool = pool;
    return ISD_OK;
}

isd_status job_pool_new(int threads, bool nice, struct job_pool **ret_pool, isd_error *err)
{
    if (threads < 1) {
        return isd_error_set(err, ISD_USAGE, "%d threads, expected at least one", threads);
    }
    return pool_new(threads, nice, NULL, ret_pool, err);
}

isd_status job_pool_new_beside(const struct job_pool *beside, struct job_pool **ret_pool, isd_error *err)
{
    return pool_new(1, false, beside, ret_pool, err);
}

void job_pool_free(struct job_pool *pool)
{
    if (!pool) {
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    job_pool_call(pool);
    for (int k = 0; k < pool->n_running; k++) {
        isd_control_cancel(pool->running[k]->control);
    }
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int k = 0; k < pool->n_threads; k++) {
        pthread_join(pool->threads[k], NULL);
    }
    while (pool->head < pool->tail) {
        job_free(pool->waiting[pool->head++]);
    }
    char byte;
    if (pool->done_first) { /* the pipe may be another pool's too */
        (void)!read(pool->wake[0], &byte, 1);
    }
    for (struct job *job = pool->done_first, *next; job; job = next) {
        next = job->next;
        job_free(job);
    }
    for (int k = 0; k < 2; k++) {
        if (pool->wake[k] >= 0) {
            close(pool->wake[k]);
        }
    }
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->helper_left);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool->waiting);
    free(pool->running);
    free(pool->threads);
    free(pool);
}

int job_pool_threads(const struct job_pool *pool)
{
    return pool->n_threads;
}

int job_pool_wake_fd(const struct job_pool *pool)
{
    return pool->wake[0];
}
