/* A file layer for SQLite that keeps a log of all that is done to files, and fails on demand. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_VFS_H
#define TEST_VFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/rng.h"

#define VFS_NAME "torture"

/* Registered once; not the default one. */
void vfs_register(void);

/* --- the log ----------------------------------------------------------------------------------------------------------- */
void vfs_log_clear(void);
/* A mark in the log: result `number` was acknowledged. */
void vfs_log_acknowledged(int number);
/* Entries so far, and the last number acknowledged in the first n of them (-1: none). */
int vfs_log_length(void);
int vfs_log_last_acknowledged(int n);

/* The files as they may lie on disk after a power cut behind the first n entries of the log, into `folder`. What was synced is there; of
 * what was not, nothing (VFS_LOST), all (VFS_KEPT), or anything: some writes, some of them in part (VFS_ANY). */
enum vfs_fate { VFS_LOST, VFS_KEPT, VFS_ANY };
void vfs_log_replay(int n, enum vfs_fate fate, struct rng *rng, const char *folder);

/* --- failing ----------------------------------------------------------------------------------------------------------- */
/* Call number `nth` from now on (from 1) fails, with `on` all later ones too; 0: none. */
void vfs_fail(long nth, bool on);
/* Every write fails with this errno (EDQUOT, EIO ...) as the unix layer tells of it; 0: no more. */
void vfs_refuse_writes(int problem);
long vfs_calls(void);
long vfs_failures(void);

#endif
