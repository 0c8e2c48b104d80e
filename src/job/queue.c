/* Jobs that wait, the most urgent first, and jobs that are done. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job/pool_inside.h"

bool job_goes_before(const struct job *a, const struct job *b)
{
    return a->priority > b->priority || (a->priority == b->priority && a->order < b->order);
}

/* Where `job` belongs among those that wait. */
static size_t waiting_place(const struct job_pool *pool, const struct job *job)
{
    size_t low = pool->head, high = pool->tail;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (job_goes_before(pool->waiting[middle], job)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* First by moving down over the gap at the front, then by growing. */
bool job_queue_reserve(struct job_pool *pool)
{
    if (pool->tail < pool->size) {
        return true;
    }
    if (pool->head > pool->size / 2) {
        memmove(pool->waiting, pool->waiting + pool->head, (pool->tail - pool->head) * sizeof *pool->waiting);
        pool->tail -= pool->head;
        pool->head = 0;
        return true;
    }
    size_t size = pool->size ? 2 * pool->size : 64;
    struct job **waiting = realloc(pool->waiting, size * sizeof *waiting);
    if (!waiting) {
        return false;
    }
    pool->waiting = waiting;
    pool->size = size;
    return true;
}

void job_queue_insert(struct job_pool *pool, struct job *job)
{
    size_t k = waiting_place(pool, job);
    memmove(pool->waiting + k + 1, pool->waiting + k, (pool->tail - k) * sizeof *pool->waiting);
    pool->waiting[k] = job;
    pool->tail++;
}

void job_queue_remove(struct job_pool *pool, const struct job *job)
{
    size_t k = waiting_place(pool, job);
    memmove(pool->waiting + k, pool->waiting + k + 1, (pool->tail - k - 1) * sizeof *pool->waiting);
    pool->tail--;
}

void job_finish(struct job_pool *pool, struct job *job)
{
    job->state = JOB_DONE;
    job->next = NULL;
    if (!pool->done_first) {
        while (write(pool->wake[1], "", 1) < 0 && errno == EINTR) {
        }
    }
    *pool->done_end = job;
    pool->done_end = &job->next;
    pthread_cond_broadcast(&pool->done);
}
