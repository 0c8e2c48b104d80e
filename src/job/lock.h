/* A lock for what several threads share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JOB_LOCK_H
#define JOB_LOCK_H

struct job_lock;

struct job_lock *job_lock_new(void); /* NULL when out of memory */
void job_lock_free(struct job_lock *lock);
/* Held for moments only: never while anything is read, computed or waited for. Not recursive. */
void job_lock_take(struct job_lock *lock);
void job_lock_give(struct job_lock *lock);

#endif
