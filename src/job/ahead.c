/* A ring of slots under one lock. SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

struct job_ahead {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* whatever the other one may wait for */
    pthread_t thread;
    int slots;
    size_t slot_size;
    unsigned char *slot;
    job_fill_fn *fill;
    void *arg;
    uint64_t filled, given, back; /* slots so far: filled, handed to the caller, returned by it */
    bool ended, stopping;
    isd_status status; /* of the end */
    isd_error err;
};

static void *slot_at(const struct job_ahead *ahead, uint64_t number)
{
    return ahead->slot + ahead->slot_size * (size_t)(number % (unsigned)ahead->slots);
}

static void *work(void *arg)
{
    struct job_ahead *ahead = arg;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->ended) {
        while (!ahead->stopping && ahead->filled - ahead->back == (unsigned)ahead->slots)
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        if (ahead->stopping)
            break;
        void *slot = slot_at(ahead, ahead->filled);
        pthread_mutex_unlock(&ahead->lock);
        bool last = false;
        isd_error err = {.status = ISD_OK};
        isd_status status = ahead->fill(ahead->arg, slot, &last, &err);
        pthread_mutex_lock(&ahead->lock);
        ahead->filled += status == ISD_OK;
        ahead->ended = last || status != ISD_OK;
        ahead->status = status;
        ahead->err = err;
        pthread_cond_signal(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* Signals are for the threads of whoever runs this. */
static int start(struct job_ahead *ahead)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&ahead->thread, NULL, work, ahead);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

isd_status job_ahead_new(int slots, size_t slot_size, job_fill_fn *fill, void *arg, struct job_ahead **ret_ahead,
                         isd_error *err)
{
    struct job_ahead *ahead = calloc(1, sizeof *ahead);
    if (ahead == NULL)
        return isd_error_memory(err);
    ahead->slots = slots;
    ahead->slot_size = slot_size;
    ahead->slot = calloc((size_t)slots, slot_size);
    ahead->fill = fill;
    ahead->arg = arg;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (ahead->slot == NULL || start(ahead) != 0) {
        pthread_cond_destroy(&ahead->changed);
        pthread_mutex_destroy(&ahead->lock);
        free(ahead->slot);
        free(ahead);
        return isd_error_memory(err);
    }
    *ret_ahead = ahead;
    return ISD_OK;
}

isd_status job_ahead_next(struct job_ahead *ahead, void **ret_slot, isd_error *err)
{
    isd_status status = ISD_OK;
    void *slot = NULL;
    pthread_mutex_lock(&ahead->lock);
    ahead->back = ahead->given;
    pthread_cond_signal(&ahead->changed);
    while (ahead->filled == ahead->given && !ahead->ended)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    if (ahead->filled > ahead->given)
        slot = slot_at(ahead, ahead->given++);
    else
        status = ahead->status;
    if (status != ISD_OK && err != NULL)
        *err = ahead->err;
    pthread_mutex_unlock(&ahead->lock);
    if (status == ISD_OK)
        *ret_slot = slot;
    return status;
}

void job_ahead_free(struct job_ahead *ahead, void (*each)(void *slot))
{
    if (ahead == NULL)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stopping = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    for (int k = 0; k < ahead->slots && each != NULL; k++)
        each(slot_at(ahead, (uint64_t)k));
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
    free(ahead->slot);
    free(ahead);
}
