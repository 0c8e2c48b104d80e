/* A lock for what several threads share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/lock.h"

#include <pthread.h>
#include <stdlib.h>

struct job_lock {
    pthread_mutex_t mutex;
};

struct job_lock *job_lock_new(void)
{
    struct job_lock *lock = malloc(sizeof *lock);
    if (lock && pthread_mutex_init(&lock->mutex, NULL) != 0) {
        free(lock);
        return NULL;
    }
    return lock;
}

void job_lock_free(struct job_lock *lock)
{
    if (!lock)
        return;
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void job_lock_take(struct job_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

void job_lock_give(struct job_lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}
