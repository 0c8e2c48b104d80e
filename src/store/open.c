/* Opening a store: who may, how it is journalled, what to do when it is damaged. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "store/file.h"
#include "store/inside.h"
#include "store/schema.h"

enum { BUSY_MILLISECONDS = 2000 };
#define MOST_CHECKED ((off_t)64 << 20) /* of larger files only the tables without arrays are looked through at each start */

void store_note(const struct store *store, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (store->note)
        store->note(store->note_arg, text);
}

bool store_code_is_damage(int code)
{
    code &= 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/* What the system says of a failure; of what errno may hold, only what is about the disk. */
static int system_problem(const struct store *store)
{
    static const int of_disks[] = {EDQUOT, EIO, EFBIG, EROFS, ESTALE};
    int problem = store->db ? sqlite3_system_errno(store->db) : 0;
    for (size_t k = 0; problem == 0 && k < sizeof of_disks / sizeof *of_disks; k++)
        problem = store->problem == of_disks[k] ? of_disks[k] : 0;
    return problem;
}

isd_status store_failure(const struct store *store, int code, isd_error *err)
{
    const char *what = sqlite3_errstr(code), *hint = "store retry tries again; what is not kept yet is in memory";
    const int problem = system_problem(store);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return isd_error_memory(err);
    case SQLITE_FULL:
        what = "the disk is full";
        hint = "make room, then: store retry";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        what = "it may not be written to";
        hint = "store as FILE.isdb    keeps a copy elsewhere";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        what = "another program is writing to it";
        break;
    case SQLITE_IOERR:
        what = "input or output failed";
        if (problem == EDQUOT)
            hint = "your quota of disk space is used up: make room, then: store retry";
        if (problem == EFBIG)
            hint = "a limit on the size of files (ulimit -f) is in force; store retry tries again";
        break;
    case SQLITE_CANTOPEN:
        what = "it cannot be opened";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        what = "it is damaged";
        break;
    default:
        break;
    }
    bool say_problem = problem && (code & 0xff) != SQLITE_FULL && (code & 0xff) != SQLITE_BUSY;
    isd_error_set(err, store_code_is_damage(code) ? ISD_DATA : ISD_IO, "the store cannot be used: %s%s%s%s", what, say_problem ? " (" : "",
                  say_problem ? strerror(problem) : "", say_problem ? ")" : "");
    isd_error_at(err, store->path, 0, 0);
    isd_error_hint(err, "%s", hint);
    return store_code_is_damage(code) ? ISD_DATA : ISD_IO;
}

/* --- settings of a connection --- */

static int run(sqlite3 *db, const char *text)
{
    return sqlite3_exec(db, text, NULL, NULL, NULL);
}

/* The first column of the first row, as text. */
static int ask(sqlite3 *db, const char *text, char *ret_answer, size_t size)
{
    sqlite3_stmt *statement = NULL;
    ret_answer[0] = '\0';
    int code = sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        column_text(statement, 0, ret_answer, size);
    int end = sqlite3_finalize(statement);
    return code != SQLITE_OK ? code : end;
}

static int set_up(struct store *store)
{
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, store->options.busy_milliseconds);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int code = run(store->db, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                              "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;");
    if (code == SQLITE_OK && store->locked)
        code = run(store->db, "PRAGMA locking_mode = EXCLUSIVE"); /* before the first look: no shared memory then */
    return code;
}

/* The mark comes before the journal mode, in a transaction of its own: what a program leaves that is killed here is empty or
 * marked. */
static int mark(sqlite3 *db)
{
    char text[64], answer[16];
    int code = ask(db, "PRAGMA application_id", answer, sizeof answer);
    if (code != SQLITE_OK || strtol(answer, NULL, 10) == STORE_APPLICATION_ID)
        return code;
    snprintf(text, sizeof text, "PRAGMA application_id = %d", STORE_APPLICATION_ID);
    return run(db, text);
}

static int choose_journal(struct store *store)
{
    bool local = store->place == STORE_PLACE_LOCAL;
    int code = ask(store->db, local ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE", store->journal, sizeof store->journal);
    if (code == SQLITE_OK)
        code = run(store->db, strcmp(store->journal, "wal") == 0 ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = EXTRA");
    return code;
}

/* SQLITE_CORRUPT where a look through finds anything wrong. */
static int look_through(struct store *store)
{
    static const char *const all = "PRAGMA quick_check(1)";
    static const char *const numbers = "SELECT q.quick_check FROM sqlite_schema s, pragma_quick_check(s.name) q "
                                       "WHERE s.type = 'table' AND s.name NOT LIKE '%\\_arrays' ESCAPE '\\' "
                                       "AND s.name NOT IN ('files', 'results') AND q.quick_check <> 'ok'";
    char answer[256];
    bool small = store->about.st_size <= MOST_CHECKED;
    int code = ask(store->db, small ? all : numbers, answer, sizeof answer);
    if (code == SQLITE_OK && strcmp(answer, small ? "ok" : "") != 0)
        code = SQLITE_CORRUPT;
    return code;
}

/* --- opening --- */

void store_close_file(struct store *store)
{
    store_finalize(store);
    sqlite3_close(store->db);
    store->db = NULL;
    if (store->locked)
        file_unlock(store->path);
    store->locked = false;
}

/* Only reading: beside what others write, or, where not even shared memory can be made, as it lies there. */
static int open_for_reading(struct store *store)
{
    char uri[3 * PATH_MAX + 32], journal[PATH_MAX + 8], version[16];
    sqlite3_close(store->db);
    store->db = NULL;
    int code = sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READONLY, store->options.vfs);
    if (code == SQLITE_OK)
        code = set_up(store);
    if (code == SQLITE_OK)
        code = ask(store->db, "PRAGMA schema_version", version, sizeof version);
    snprintf(journal, sizeof journal, "%s-wal", store->path);
    if (code == SQLITE_OK || store_code_is_damage(code) || access(journal, F_OK) == 0)
        return code;
    sqlite3_close(store->db);
    store->db = NULL;
    size_t length = (size_t)snprintf(uri, sizeof uri, "file:");
    for (const char *p = store->path; *p && length + 4 < sizeof uri - 16; p++)
        length += (size_t)snprintf(uri + length, sizeof uri - length, strchr("%?#", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    snprintf(uri + length, sizeof uri - length, "?immutable=1");
    code = sqlite3_open_v2(uri, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, store->options.vfs);
    return code == SQLITE_OK ? set_up(store) : code;
}

/* The file is there: opens it as far as it lets us. */
static int open_file(struct store *store)
{
    int code = sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE, store->options.vfs);
    if (code == SQLITE_OK)
        code = set_up(store);
    store->can_write = code == SQLITE_OK && sqlite3_db_readonly(store->db, "main") == 0 &&
                       (store->locked || store->place == STORE_PLACE_LOCAL);
    if (store->can_write) {
        code = mark(store->db);
        if (code == SQLITE_OK)
            code = choose_journal(store);
        if ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN)
            store->can_write = false; /* the file may be written, but no journal beside it */
    }
    if (!store->can_write && !store_code_is_damage(code))
        code = open_for_reading(store);
    if (!store->can_write)
        snprintf(store->journal, sizeof store->journal, "none");
    return code;
}

static isd_status refuse_newer(const struct store *store, int version, isd_error *err)
{
    isd_error_set(err, ISD_UNSUPPORTED, "the store was made by a newer isdmin: its schema is %d, this program knows %d", version,
                  store_schema_version());
    isd_error_at(err, store->path, 0, 0);
    isd_error_hint(err, "use that program, or another file: -s FILE.isdb");
    return ISD_UNSUPPORTED;
}

/* Checks and brings up to date what is open. *ret_code: SQLite's. */
static isd_status bring_up(struct store *store, int *ret_code, isd_error *err)
{
    int version = 0;
    int code = look_through(store);
    if (code == SQLITE_OK)
        code = schema_version(store->db, &version);
    if (code == SQLITE_OK && version > store_schema_version())
        return refuse_newer(store, version, err);
    if (code == SQLITE_OK && version < store_schema_version() && !store->can_write) {
        isd_error_set(err, ISD_IO, "the store is of an older isdmin and cannot be brought up to date: it may not be written to");
        isd_error_at(err, store->path, 0, 0);
        return ISD_IO;
    }
    if (code == SQLITE_OK && version < store_schema_version())
        code = schema_update(store->db, 0);
    if (code == SQLITE_ERROR)
        code = SQLITE_CORRUPT; /* the steps do not fit what is there: it is no store of the version it says */
    *ret_code = code;
    store->problem = code == SQLITE_OK ? 0 : errno;
    return code == SQLITE_OK ? ISD_OK : store_failure(store, code, err);
}

static isd_status set_aside(struct store *store, const char *why, isd_error *err)
{
    char name[PATH_MAX + 64] = "", shown[PATH_MAX + 64];
    isd_status status = file_set_aside(store->path, &store->about, name, sizeof name, err);
    if (status != ISD_OK || !name[0])
        return status;
    text_escape(name, strlen(name), shown, sizeof shown);
    store_note(store, "warning: the store was %s: it is kept as %s, and a new one is made", why, shown);
    return ISD_OK;
}

static isd_status refuse_kind(const struct store *store, enum file_kind kind, isd_error *err)
{
    int problem = errno;
    isd_error_set(err, kind == FILE_UNREADABLE ? ISD_IO : ISD_DATA, "this is no session store: %s",
                  kind == FILE_UNREADABLE ? strerror(problem)
                  : kind == FILE_SPECIAL  ? "it is no regular file"
                  : kind == FILE_OTHER    ? "it is a database of another program"
                                          : "it is no database");
    isd_error_at(err, store->path, 0, 0);
    isd_error_hint(err, "name a new file or a store: -s FILE.isdb");
    return kind == FILE_UNREADABLE ? ISD_IO : ISD_DATA;
}

/* Need what hindered us last? */
static bool may_pass(int code, int problem)
{
    code &= 0xff;
    return code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_FULL || code == SQLITE_IOERR || problem == ENOSPC ||
           problem == EDQUOT || problem == EFBIG;
}

static bool is_named_as_store(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".isdb") == 0;
}

/* Makes the file if there is none, sets aside what is certainly broken. */
static isd_status prepare_file(struct store *store, isd_error *err)
{
    isd_status status = ISD_OK;
    char journal[PATH_MAX + 16];
    enum file_kind kind = file_kind_of(store->path, &store->about);
    snprintf(journal, sizeof journal, "%s-journal", store->path);
    if ((kind == FILE_STRANGE || kind == FILE_OTHER) && access(journal, F_OK) == 0)
        kind = FILE_STORE; /* half written: SQLite puts it right before anybody can judge it */
    if (kind == FILE_STRANGE && (store->options.own_folder || is_named_as_store(store->path))) {
        status = set_aside(store, "damaged", err);
        kind = FILE_ABSENT;
    } else if (kind == FILE_OTHER || kind == FILE_STRANGE || kind == FILE_SPECIAL || kind == FILE_UNREADABLE) {
        return refuse_kind(store, kind, err);
    }
    if (status == ISD_OK && kind == FILE_ABSENT)
        status = file_make(store->path, err);
    if (status != ISD_OK && kind == FILE_ABSENT && errno != ENOSPC && errno != EDQUOT)
        isd_error_hint(err, "name a file in a folder that you may write to: -s FILE.isdb; --no-cache keeps nothing");
    if (status == ISD_OK && stat(store->path, &store->about) != 0)
        status = refuse_kind(store, FILE_UNREADABLE, err);
    return status;
}

/* Where no lock may be made what is there can still be read. */
static isd_status lock(struct store *store, isd_error *err)
{
    struct stat about;
    isd_status status = file_lock(store->path, &store->may_pass, err);
    int problem = errno;
    store->locked = status == ISD_OK;
    bool forbidden = !store->may_pass && (problem == EROFS || problem == EACCES || problem == EPERM);
    return status != ISD_OK && forbidden && file_kind_of(store->path, &about) == FILE_STORE ? ISD_OK : status;
}

/* once: a damaged file may be set aside. */
static isd_status open_all(struct store *store, bool once, isd_error *err)
{
    int code = SQLITE_OK;
    store->may_pass = false;
    store->problem = 0;
    store->place = store->options.place != STORE_PLACE_ASK ? store->options.place : store_place_of(store->path, NULL);
    isd_status status = store->place == STORE_PLACE_SHARED ? lock(store, err) : ISD_OK;
    errno = 0;
    if (status == ISD_OK && (status = prepare_file(store, err)) != ISD_OK)
        store->may_pass = may_pass(SQLITE_OK, errno);
    if (status == ISD_OK && (code = open_file(store)) != SQLITE_OK) {
        store->problem = errno;
        status = store_failure(store, code, err);
    }
    if (status == ISD_OK && (status = bring_up(store, &code, err)) == ISD_OK)
        return ISD_OK;
    store->may_pass = store->may_pass || may_pass(code, store->problem);
    store_close_file(store);
    if (!store_code_is_damage(code) || !once)
        return status;
    status = set_aside(store, "damaged", err);
    return status == ISD_OK ? open_all(store, false, err) : status;
}

isd_status store_open(const char *path, const struct store_options *options, store_note_fn *note, void *note_arg,
                      struct store **ret_store, isd_error *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        free(store);
        return isd_error_memory(err);
    }
    store->options = *options;
    if (options->vfs) {
        snprintf(store->vfs, sizeof store->vfs, "%s", options->vfs);
        store->options.vfs = store->vfs;
    }
    if (store->options.busy_milliseconds <= 0)
        store->options.busy_milliseconds = BUSY_MILLISECONDS;
    store->note = note;
    store->note_arg = note_arg;
    isd_error why;
    isd_status status = strlen(path) < PATH_MAX - 64 ? open_all(store, true, &why)
                                                     : isd_error_set(&why, ISD_USAGE, "the path of the store is too long");
    if (status == ISD_IO && (options->patience == STORE_PATIENT || (options->patience == STORE_PATIENT_IF_IT_MAY_PASS && store->may_pass))) {
        store_note(store, "note: %s: %s; results are kept in memory until it can%s%s%s", why.where, why.what, why.hint[0] ? " (" : "",
                   why.hint, why.hint[0] ? ")" : "");
        status = ISD_OK;
    }
    if (status != ISD_OK) {
        if (err)
            *err = why;
        store_close(store);
        return status;
    }
    if (store->db && !store->can_write)
        store_note(store, "note: the store %s can only be read: what is new is kept in memory alone", path);
    *ret_store = store;
    return ISD_OK;
}

isd_status store_reopen(struct store *store, bool damaged, isd_error *err)
{
    store_close_file(store);
    store->told_unreadable = false;
    isd_status status = damaged ? set_aside(store, "damaged", err) : ISD_OK;
    return status == ISD_OK ? open_all(store, true, err) : status;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

bool store_can_write(const struct store *store)
{
    return store->db && store->can_write;
}

const char *store_journal(const struct store *store)
{
    return store->journal;
}
