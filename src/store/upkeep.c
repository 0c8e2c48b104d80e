/* Upkeep of a store: forgetting, copies, a thorough check. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/inside.h"

static const char *const forgetting[] = {
    [STORE_MATCHINGS] = "DELETE FROM matchings",
    [STORE_STRUCTURES] = "DELETE FROM structures",
    [STORE_RESULTS] = "DELETE FROM results",
    [STORE_LOG] = "DELETE FROM log",
    [STORE_ALL] = "DELETE FROM structures; DELETE FROM matchings; DELETE FROM results; DELETE FROM log; DELETE FROM files; "
                  "DELETE FROM set_frames; DELETE FROM frames; DELETE FROM sets; DELETE FROM potentials",
};

static bool rows_kept(struct store *store, int64_t *ret_rows)
{
    struct store_counts counts;
    bool known = store_count(store, &counts);
    if (known)
        *ret_rows = counts.structures + counts.matchings + counts.results + counts.commands;
    return known;
}

isd_status store_forget(struct store *store, enum store_what what, int64_t *ret_rows, isd_error *err)
{
    int64_t before = 0, after = 0;
    if (!store->db || !store->can_write)
        return store_failure(store, store->db ? SQLITE_READONLY : SQLITE_CANTOPEN, err);
    rows_kept(store, &before);
    int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, forgetting[what], NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        if (!sqlite3_get_autocommit(store->db))
            sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        return store_failure(store, code, err);
    }
    rows_kept(store, &after);
    *ret_rows = before - after;
    /* The rows are gone whether or not the room comes back now. */
    sqlite3_exec(store->db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    return ISD_OK;
}

static isd_status refuse(const char *path, const char *what, const char *hint, isd_error *err)
{
    isd_error_set(err, ISD_IO, "the copy cannot be made: %s", what);
    isd_error_at(err, path, 0, 0);
    isd_error_hint(err, "%s", hint);
    return ISD_IO;
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

isd_status store_copy(struct store *store, const char *path, isd_error *err)
{
    char partial[PATH_MAX];
    struct stat there;
    if (!store->db)
        return store_failure(store, SQLITE_CANTOPEN, err);
    if (lstat(path, &there) == 0)
        return refuse(path, "there is a file of this name", "choose another name, or remove it first", err);
    if ((size_t)snprintf(partial, sizeof partial, "%s.part-%ld", path, (long)getpid()) >= sizeof partial)
        return refuse(path, "the path is too long", "store as FILE.isdb", err);
    unlink(partial);
    isd_status status = file_make(partial, err); /* an empty file of our mode is what VACUUM INTO takes too */
    if (status != ISD_OK)
        return status;
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, "VACUUM INTO ?", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, partial, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE && sync_file(partial) && link(partial, path) == 0) { /* a link never replaces anything */
        unlink(partial);
        return ISD_OK;
    }
    int problem = errno;
    unlink(partial);
    if (code != SQLITE_DONE)
        return refuse(path, sqlite3_errstr(code), "is there room and permission?", err);
    return refuse(path, strerror(problem), "choose another place", err);
}

isd_status store_check(struct store *store, isd_error *err)
{
    sqlite3_stmt *statement = NULL;
    char finding[256] = "";
    int code = store->db ? sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &statement, NULL) : SQLITE_CANTOPEN;
    if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        column_text(statement, 0, finding, sizeof finding);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_OK)
        return store_failure(store, code, err);
    if (strcmp(finding, "ok") == 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "the store is damaged: %s", finding);
    isd_error_at(err, store->path, 0, 0);
    return ISD_DATA;
}
