/* Upkeep of a store: forgetting, copies, a thorough check. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/inside.h"

static const char *const forgetting[] = {
    [STORE_MATCHINGS] = "DELETE FROM matchings",
    [STORE_STRUCTURES] = "DELETE FROM structures; DELETE FROM set_results WHERE of_structures",
    [STORE_RESULTS] = "DELETE FROM results; DELETE FROM set_results",
    [STORE_LOG] = "DELETE FROM log",
    [STORE_ALL] = ("DELETE FROM structures; DELETE FROM matchings; DELETE FROM results; DELETE FROM set_results; DELETE FROM log; "
                   "DELETE FROM files; DELETE FROM set_frames; DELETE FROM frames; DELETE FROM sets; DELETE FROM potentials"),
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

/* All that is committed into a file that is there and empty. */
static isd_status copy_committed(struct store *store, const char *partial, const char *path, isd_error *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, "VACUUM INTO ?", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, partial, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ISD_OK : refuse(path, sqlite3_errstr(code), "is there room and permission?", err);
}

/* Rows that wait for a store that cannot be written go into the copy; they stay where they are if that fails. */
static isd_status copy_waiting(struct store *store, const char *partial, isd_error *err)
{
    struct store *copy = NULL;
    struct store_options options = {.place = STORE_PLACE_SHARED, .own_folder = true};
    isd_status status = store_open(partial, &options, NULL, NULL, &copy, err);
    if (status != ISD_OK)
        return status;
    store_swap_queues(store, copy);
    status = store_commit(copy, err);
    if (status != ISD_OK)
        store_swap_queues(store, copy);
    store_close(copy);
    return status;
}

isd_status store_copy(struct store *store, const char *path, isd_error *err)
{
    char partial[PATH_MAX];
    struct stat there;
    if (lstat(path, &there) == 0)
        return refuse(path, "there is a file of this name", "choose another name, or remove it first", err);
    if ((size_t)snprintf(partial, sizeof partial, "%s.part-%ld", path, (long)getpid()) >= sizeof partial)
        return refuse(path, "the path is too long", "store as FILE.isdb", err);
    unlink(partial);
    isd_status status = file_make(partial, err); /* an empty file of our mode is what VACUUM INTO takes too */
    if (status == ISD_OK && store->db)
        status = copy_committed(store, partial, path, err);
    if (status == ISD_OK && store->first)
        status = copy_waiting(store, partial, err);
    if (status == ISD_OK && (!sync_file(partial) || !file_name_new(partial, path)))
        status = refuse(path, strerror(errno), "choose another place", err);
    unlink(partial);
    return status;
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

static isd_status refuse_removal(const char *path, const char *what, isd_error *err)
{
    isd_error_set(err, ISD_IO, "the store cannot be removed: %s", what);
    isd_error_at(err, path, 0, 0);
    return ISD_IO;
}

/* Nobody else has the file open: only then SQLite gives it to us for ourselves. */
static bool is_free(const char *path)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL);
    sqlite3_close(db);
    code &= 0xff;
    return code != SQLITE_BUSY && code != SQLITE_LOCKED && code != SQLITE_PROTOCOL;
}

isd_status store_remove(const char *path, isd_error *err)
{
    struct stat about;
    enum file_kind kind = file_kind_of(path, &about);
    if (kind != FILE_STORE && kind != FILE_EMPTY)
        return refuse_removal(path, kind == FILE_ABSENT ? "there is none" : "this is no session store", err);
    bool shared = store_place_of(path, NULL) == STORE_PLACE_SHARED;
    bool held = false;
    isd_status status = shared ? file_lock(path, &held, err) : ISD_OK;
    if (status != ISD_OK)
        return status;
    status = is_free(path) ? file_remove(path, err) : refuse_removal(path, "another program has it open", err);
    if (shared)
        file_unlock(path);
    return status;
}

/* To look into a store that may be anybody's file, closed by the caller; NULL: there is none. For writing, though nothing is written: one
 * that only reads would leave the files of the journal behind. */
static sqlite3 *open_to_look(const char *path)
{
    sqlite3 *db = NULL;
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
        return NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
        sqlite3_exec(db, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON", NULL, NULL, NULL) == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

bool store_peek(const char *path, struct store_counts *ret_counts, char *ret_names, size_t size, int64_t *ret_opened)
{
    struct store store = {.path = (char *)(uintptr_t)path, .db = open_to_look(path)};
    bool good = store.db && store_count(&store, ret_counts) && store_sets(&store, ret_names, size, ret_opened);
    store_finalize(&store);
    sqlite3_close(store.db);
    return good;
}

bool store_peek_paths(const char *path, char **ret_paths)
{
    sqlite3 *db = open_to_look(path);
    sqlite3_stmt *statement = NULL;
    char *paths = NULL;
    bool found = db &&
                 sqlite3_prepare_v2(db, "SELECT paths FROM sets ORDER BY opened DESC, id DESC LIMIT 1", -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    const unsigned char *text = found ? sqlite3_column_text(statement, 0) : NULL;
    if (text && *text)
        paths = strdup((const char *)text);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    if (paths)
        *ret_paths = paths;
    return paths != NULL;
}
