/* The files a store is made of: where they lie, who holds them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "store/store.h"

enum file_kind {
    FILE_ABSENT,
    FILE_EMPTY,
    FILE_STORE,   /* a database with our mark, or one too young to have it */
    FILE_OTHER,   /* a database of another program */
    FILE_STRANGE, /* no database */
    FILE_SPECIAL, /* no regular file: a folder, a device */
    FILE_UNREADABLE
};
enum file_kind file_kind_of(const char *path, struct stat *ret_about);

/* Makes an empty file for this user alone, and makes sure the name lasts; errno tells why not. */
isd_status file_make(const char *path, isd_error *err);
/* Renames the store and its journals to PATH.damaged-N, the first N that is free, unless it is no longer the file `about`
 * tells of. */
isd_status file_set_aside(const char *path, const struct stat *about, char *ret_name, size_t size, isd_error *err);
/* The store with its journals. */
isd_status file_remove(const char *path, isd_error *err);
/* `from` gets the name `to`, whole or not at all, and never in the place of another file (false, errno EEXIST). `from` may be left. */
bool file_name_new(const char *from, const char *to);
bool file_is_same(const char *path, const struct stat *about);

/* PATH.lock with host and process, for file systems whose locks cannot be trusted. A lock left behind by a process of this
 * host that is gone is taken over. ISD_IO where it cannot be had; *ret_held: because somebody else, who is named, holds it, else
 * errno tells. */
isd_status file_lock(const char *path, bool *ret_held, isd_error *err);
void file_unlock(const char *path);

#endif
