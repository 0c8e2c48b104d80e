/* Queued rows and their one transaction. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/file.h"
#include "store/row.h"

static void row_free(struct row *row)
{
    if (!row)
        return;
    for (int k = 0; k < 3; k++)
        free(row->text[k]);
    store_blob_done(&row->blob[0]);
    store_blob_done(&row->blob[1]);
    free(row);
}

/* --- queue --- */

static struct row *row_new(enum row_kind kind, const char *a, const char *b, const char *c)
{
    struct row *row = calloc(1, sizeof *row);
    const char *from[3] = {a, b, c};
    if (!row)
        return NULL;
    row->kind = kind;
    for (int k = 0; k < 3; k++)
        if (from[k] && !(row->text[k] = strdup(from[k]))) {
            row_free(row);
            return NULL;
        }
    return row;
}

/* What makes it worth writing; the rest goes along. */
static bool is_result(const struct row *row)
{
    return row->kind == ROW_STRUCTURE || row->kind == ROW_MATCHING || row->kind == ROW_RESULT || row->kind == ROW_SET_RESULT
           || row->kind == ROW_NOTE;
}

/* row NULL: out of memory. */
static isd_status queue(struct store *store, struct row *row, isd_error *err)
{
    if (!row)
        return isd_error_memory(err);
    if (store->last)
        store->last->next = row;
    else
        store->first = row;
    store->last = row;
    store->waiting += is_result(row);
    return ISD_OK;
}

static void take_blob(struct row *row, int k, struct store_blob *blob)
{
    if (row)
        row->blob[k] = *blob;
    else
        store_blob_done(blob);
    *blob = (struct store_blob){0};
}

isd_status store_put_set(struct store *store, const struct store_set *set, isd_error *err)
{
    struct row *row = row_new(ROW_SET, set->paths, set->name, NULL);
    if (row)
        row->of.set = *set;
    return queue(store, row, err);
}

isd_status store_put_structure(struct store *store, const struct store_structure *structure, struct store_structure_arrays *arrays,
                               isd_error *err)
{
    struct row *row = row_new(ROW_STRUCTURE, structure->potential, structure->potential_name, NULL);
    take_blob(row, 0, &arrays->positions);
    take_blob(row, 1, &arrays->images);
    if (row)
        row->of.structure = *structure;
    return queue(store, row, err);
}

isd_status store_put_matching(struct store *store, const struct store_matching *matching, struct store_matching_arrays *arrays,
                              isd_error *err)
{
    struct row *row = row_new(ROW_MATCHING, matching->options, NULL, NULL);
    take_blob(row, 0, &arrays->partner);
    take_blob(row, 1, &arrays->duals);
    if (row)
        row->of.matching = *matching;
    return queue(store, row, err);
}

isd_status store_put_result(struct store *store, struct store_result *result, isd_error *err)
{
    struct row *row = row_new(ROW_RESULT, result->kind, result->parameters, NULL);
    take_blob(row, 0, &result->value);
    if (row)
        row->of.result = *result;
    return queue(store, row, err);
}

isd_status store_put_set_result(struct store *store, struct store_set_result *result, isd_error *err)
{
    struct row *row = row_new(ROW_SET_RESULT, result->kind, result->parameters, NULL);
    take_blob(row, 0, &result->value);
    if (row)
        row->of.set_result = *result;
    return queue(store, row, err);
}

isd_status store_put_note(struct store *store, const char *place, const char *text, int64_t at, isd_error *err)
{
    struct row *row = row_new(ROW_NOTE, place, text, NULL);
    if (row)
        row->number[0] = at;
    return queue(store, row, err);
}

isd_status store_put_setting(struct store *store, const char *name, const char *value, isd_error *err)
{
    return queue(store, row_new(ROW_SETTING, name, value, NULL), err);
}

isd_status store_put_command(struct store *store, int64_t session, int64_t at, const char *command, bool done, isd_error *err)
{
    struct row *row = row_new(ROW_COMMAND, command, done ? "done" : "failed", NULL);
    if (row) {
        row->number[0] = session;
        row->number[1] = at;
    }
    return queue(store, row, err);
}

isd_status store_put_points(struct store *store, const char *path, int64_t bytes, int64_t modified, const char *sum,
                            struct store_blob *points, isd_error *err)
{
    struct row *row = row_new(ROW_POINTS, path, sum, NULL);
    take_blob(row, 0, points);
    if (row) {
        row->number[0] = bytes;
        row->number[1] = modified;
    }
    return queue(store, row, err);
}

int store_waiting(const struct store *store)
{
    return store->waiting;
}

/* --- the transaction --- */

/* Savepoints keep one row that does not fit (a text with a NUL in it, say) from holding up all others. */
static int write_guarded(struct store *store, const struct row *row, int64_t *set_id)
{
    int code = sqlite3_exec(store->db, "SAVEPOINT one", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = store_write_row(store, row, set_id);
    if ((code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_TOOBIG) {
        store_note(store, "warning: a result does not fit into the store: %s", sqlite3_errmsg(store->db));
        code = sqlite3_exec(store->db, "ROLLBACK TO one", NULL, NULL, NULL);
    }
    return code == SQLITE_OK ? sqlite3_exec(store->db, "RELEASE one", NULL, NULL, NULL) : code;
}

static int write_all(struct store *store)
{
    int64_t set_id = 0;
    errno = 0;
    struct binding b = store_write_begin(store, ST_BEGIN);
    int code = store_write_finish(&b);
    if (code == SQLITE_OK && store->set.paths)
        code = store_write_set(store, &store->set, &set_id);
    for (const struct row *row = store->first; row && code == SQLITE_OK; row = row->next)
        code = write_guarded(store, row, &set_id);
    if (code == SQLITE_OK) {
        b = store_write_begin(store, ST_COMMIT);
        code = store_write_finish(&b);
    }
    store->problem = code != SQLITE_OK ? errno : 0; /* SQLite tells of it only where it fails before the end */
    if (code != SQLITE_OK && store->db && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

static void take_set(struct store *store, struct row *row)
{
    free((char *)(uintptr_t)store->set.paths);
    free((char *)(uintptr_t)store->set.name);
    store->set = row->of.set;
    store->set.paths = row->text[0];
    store->set.name = row->text[1];
    row->text[0] = row->text[1] = NULL;
}

static void drop_queue(struct store *store)
{
    while (store->first) {
        struct row *row = store->first;
        store->first = row->next;
        if (row->kind == ROW_SET)
            take_set(store, row);
        row_free(row);
    }
    store->last = NULL;
    store->waiting = 0;
}

isd_status store_commit(struct store *store, isd_error *err)
{
    if (!store->first)
        return ISD_OK;
    isd_status status = ISD_OK;
    if (!store->db || !file_is_same(store->path, &store->about))
        status = store_reopen(store, false, err); /* the file was not to be had, or has been replaced */
    if (status != ISD_OK)
        return status;
    int code = store->can_write ? write_all(store) : SQLITE_READONLY;
    if (store_code_is_damage(code)) {
        status = store_reopen(store, true, err);
        if (status != ISD_OK)
            return status;
        code = write_all(store);
    }
    if (code != SQLITE_OK)
        return store_failure(store, code, err);
    drop_queue(store);
    return ISD_OK;
}

void store_swap_queues(struct store *a, struct store *b)
{
    struct row *first = a->first, *last = a->last;
    int waiting = a->waiting;
    a->first = b->first;
    a->last = b->last;
    a->waiting = b->waiting;
    b->first = first;
    b->last = last;
    b->waiting = waiting;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    drop_queue(store);
    free((char *)(uintptr_t)store->set.paths);
    free((char *)(uintptr_t)store->set.name);
    store_close_file(store);
    free(store->path);
    free(store);
}
