/* Queued rows and their one transaction. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/file.h"
#include "store/inside.h"

enum row_kind { ROW_SET, ROW_STRUCTURE, ROW_MATCHING, ROW_RESULT, ROW_SETTING, ROW_COMMAND, ROW_POINTS };

struct row {
    struct row *next;
    enum row_kind kind;
    char *text[3]; /* owned; what each is depends on the kind */
    struct store_blob blob[2];
    int64_t number[3];
    union {
        struct store_set set;
        struct store_structure structure;
        struct store_matching matching;
        struct store_result result;
    } of;
};

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

static bool is_result(const struct row *row)
{
    return row->kind == ROW_STRUCTURE || row->kind == ROW_MATCHING || row->kind == ROW_RESULT;
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

/* --- rows into tables; each returns an SQLite code --- */

/* A statement about to be bound; begin.statement NULL: begin.code says why. */
static struct binding begin(struct store *store, enum statement which)
{
    struct binding b = {0};
    b.statement = store_statement(store, which, &b.code);
    return b;
}

static int finish(struct binding *b)
{
    if (b->code != SQLITE_OK)
        return b->code;
    int code = sqlite3_step(b->statement);
    sqlite3_reset(b->statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* The first column of the row found, 0 where there is none. */
static int find_id(struct binding *b, int64_t *ret_id)
{
    *ret_id = 0;
    if (b->code != SQLITE_OK)
        return b->code;
    int code = sqlite3_step(b->statement);
    if (code == SQLITE_ROW)
        *ret_id = sqlite3_column_int64(b->statement, 0);
    sqlite3_reset(b->statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int write_set(struct store *store, const struct store_set *set, int64_t *ret_id)
{
    struct binding b = begin(store, ST_SET);
    bind_text(&b, set->paths);
    bind_text(&b, set->name);
    bind_int(&b, set->bytes);
    bind_int(&b, set->modified);
    bind_int(&b, set->frames);
    int code = finish(&b);
    if (code != SQLITE_OK)
        return code;
    b = begin(store, ST_FIND_SET);
    bind_text(&b, set->paths);
    return find_id(&b, ret_id);
}

static int write_frame(struct store *store, const struct store_frame *frame, int64_t set_id, int64_t *ret_id)
{
    struct binding b = begin(store, ST_FRAME);
    bind_hash(&b, &frame->fingerprint);
    bind_int(&b, frame->atoms);
    int code = finish(&b);
    if (code == SQLITE_OK) {
        b = begin(store, ST_FIND_FRAME);
        bind_hash(&b, &frame->fingerprint);
        code = find_id(&b, ret_id);
    }
    if (code != SQLITE_OK || set_id == 0)
        return code;
    b = begin(store, ST_SET_FRAME);
    bind_int(&b, set_id);
    bind_int(&b, frame->number);
    bind_int(&b, *ret_id);
    return finish(&b);
}

static int find_structure(struct store *store, bool wanted, const struct hash128 *key, int64_t *ret_id)
{
    *ret_id = 0;
    if (!wanted)
        return SQLITE_OK;
    struct binding b = begin(store, ST_FIND_STRUCTURE);
    bind_hash(&b, key);
    return find_id(&b, ret_id);
}

static int write_potential(struct store *store, const struct row *row, int64_t *ret_id)
{
    struct binding b = begin(store, ST_POTENTIAL);
    bind_text(&b, row->text[0] ? row->text[0] : "");
    bind_text(&b, row->text[1] ? row->text[1] : "");
    int code = finish(&b);
    if (code != SQLITE_OK)
        return code;
    b = begin(store, ST_FIND_POTENTIAL);
    bind_text(&b, row->text[0] ? row->text[0] : "");
    return find_id(&b, ret_id);
}

static int insert_structure(struct store *store, const struct store_structure *s, int64_t frame_id, int64_t potential_id)
{
    char periodic[4] = "fff";
    for (int c = 0; c < 3; c++)
        periodic[c] = s->periodic[c] ? 'p' : 'f';
    struct binding b = begin(store, ST_STRUCTURE);
    bind_hash(&b, &s->key);
    bind_int(&b, frame_id);
    bind_int(&b, potential_id);
    bind_int(&b, s->dimension);
    bind_text(&b, periodic);
    bind_text(&b, s->method);
    bind_real(&b, s->ftol);
    bind_real(&b, s->etol);
    bind_int(&b, s->max_iterations);
    bind_text(&b, s->kernel);
    bind_real(&b, s->energy_start);
    bind_real(&b, s->energy);
    for (int k = 0; k < 6; k++)
        bind_real(&b, s->virial[k]);
    bind_real(&b, s->fmax);
    bind_real(&b, s->fnorm);
    bind_int(&b, s->iterations);
    bind_int(&b, s->evaluations);
    bind_int(&b, s->converged);
    bind_text(&b, s->stop);
    bind_real(&b, s->seconds);
    return finish(&b);
}

static int write_structure(struct store *store, const struct row *row, int64_t set_id)
{
    const struct store_structure *s = &row->of.structure;
    int64_t frame_id = 0, potential_id = 0;
    int code = write_frame(store, &s->frame, set_id, &frame_id);
    if (code == SQLITE_OK)
        code = write_potential(store, row, &potential_id);
    if (code == SQLITE_OK)
        code = insert_structure(store, s, frame_id, potential_id);
    int64_t id = sqlite3_last_insert_rowid(store->db);
    if (code == SQLITE_OK && sqlite3_changes(store->db) == 0) { /* known already */
        if (!s->replace)
            return code;
        code = find_structure(store, true, &s->key, &id);
    }
    if (code != SQLITE_OK)
        return code;
    struct binding b = begin(store, ST_STRUCTURE_ARRAYS);
    bind_int(&b, id);
    bind_blob(&b, &row->blob[0]);
    bind_blob(&b, &row->blob[1]);
    return finish(&b);
}

/* Where of what is known already stands: *ret_skip when there is nothing to add; a row that is to be replaced is deleted. */
static int make_way(struct store *store, const struct row *row, bool *ret_skip)
{
    struct binding b = begin(store, ST_HAS_ARRAYS);
    bind_hash(&b, &row->of.matching.key);
    *ret_skip = false;
    if (b.code != SQLITE_OK)
        return b.code;
    int code = sqlite3_step(b.statement);
    bool known = code == SQLITE_ROW;
    int64_t id = known ? sqlite3_column_int64(b.statement, 0) : 0;
    *ret_skip = known && !row->of.matching.replace && (sqlite3_column_int(b.statement, 1) || !row->blob[0].bytes);
    sqlite3_reset(b.statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return code;
    if (!known || *ret_skip)
        return SQLITE_OK;
    b = begin(store, ST_FORGET_MATCHING);
    bind_int(&b, id);
    return finish(&b);
}

static void bind_three(struct binding *b, const double x[3])
{
    for (int c = 0; c < 3; c++)
        bind_real(b, x[c]);
}

/* What it is a matching of: frames and structures. */
struct matching_ids {
    int64_t frame[2], structure[2];
};

static int insert_matching(struct store *store, const struct row *row, const struct matching_ids *ids)
{
    const struct store_matching *m = &row->of.matching;
    struct binding b = begin(store, ST_MATCHING);
    bind_hash(&b, &m->key);
    bind_int(&b, ids->frame[0]);
    bind_int(&b, ids->frame[1]);
    bind_row_id(&b, ids->structure[0]);
    bind_row_id(&b, ids->structure[1]);
    bind_text(&b, m->blind ? "blind" : "resolved");
    bind_text(&b, row->text[0] ? row->text[0] : "");
    bind_int(&b, m->n);
    bind_int(&b, m->n_frame);
    bind_int(&b, m->cell);
    bind_int(&b, m->labelled);
    bind_int(&b, m->unwrapped);
    bind_real(&b, m->sum_sq);
    bind_real(&b, m->d_min);
    bind_real(&b, m->dual);
    bind_real(&b, m->gap_abs);
    bind_real(&b, m->bound);
    bind_int(&b, m->certified);
    bind_real(&b, m->r0);
    bind_real(&b, m->max_u);
    bind_real(&b, m->seconds);
    bind_real(&b, m->edges_per_atom);
    bind_three(&b, m->shift);
    bind_int(&b, m->align_steps);
    bind_int(&b, m->aligned);
    bind_int(&b, m->degenerate);
    bind_int(&b, m->ties);
    bind_int(&b, m->exchanged);
    bind_int(&b, m->exchanged_type);
    bind_real(&b, m->rmsd);
    bind_real(&b, m->rmsd_unwrapped);
    bind_real(&b, m->jump_fraction);
    bind_three(&b, m->drift);
    bind_int(&b, m->n_cycles);
    bind_int(&b, m->fixed);
    bind_int(&b, m->longest);
    return finish(&b);
}

static int insert_parts(struct store *store, const struct row *row, int64_t id)
{
    const struct store_matching *m = &row->of.matching;
    int code = SQLITE_OK;
    for (int k = 0; k < m->n_types && code == SQLITE_OK; k++) {
        const struct store_matching_type *t = &m->per_type[k];
        struct binding b = begin(store, ST_MATCHING_TYPE);
        bind_int(&b, id);
        bind_int(&b, t->type);
        bind_int(&b, t->n);
        bind_real(&b, t->sum_sq);
        bind_real(&b, t->d);
        bind_real(&b, t->r0);
        bind_int(&b, t->exchanged);
        code = finish(&b);
    }
    if (code != SQLITE_OK || !row->blob[0].bytes)
        return code;
    struct binding b = begin(store, ST_MATCHING_ARRAYS);
    bind_int(&b, id);
    bind_blob(&b, &row->blob[0]);
    bind_blob(&b, &row->blob[1]);
    return finish(&b);
}

static int write_matching(struct store *store, const struct row *row, int64_t set_id)
{
    const struct store_matching *m = &row->of.matching;
    struct matching_ids ids = {{0}};
    bool skip = false;
    int code = write_frame(store, &m->a, set_id, &ids.frame[0]);
    if (code == SQLITE_OK)
        code = write_frame(store, &m->b, set_id, &ids.frame[1]);
    if (code == SQLITE_OK)
        code = find_structure(store, m->of_structures, &m->a_structure, &ids.structure[0]);
    if (code == SQLITE_OK)
        code = find_structure(store, m->of_structures, &m->b_structure, &ids.structure[1]);
    if (code != SQLITE_OK || (m->of_structures && (!ids.structure[0] || !ids.structure[1])))
        return code; /* of structures that were forgotten since */
    code = make_way(store, row, &skip);
    if (code != SQLITE_OK || skip)
        return code;
    code = insert_matching(store, row, &ids);
    return code == SQLITE_OK ? insert_parts(store, row, sqlite3_last_insert_rowid(store->db)) : code;
}

static int write_result(struct store *store, const struct row *row, int64_t set_id)
{
    const struct store_result *r = &row->of.result;
    int64_t frame_id = 0, structure_id = 0;
    int code = write_frame(store, &r->frame, set_id, &frame_id);
    if (code == SQLITE_OK)
        code = find_structure(store, r->of_structure, &r->structure, &structure_id);
    if (code != SQLITE_OK || (r->of_structure && !structure_id))
        return code;
    struct binding b = begin(store, ST_RESULT);
    bind_hash(&b, &r->key);
    bind_int(&b, frame_id);
    bind_row_id(&b, structure_id);
    bind_text(&b, row->text[0]);
    bind_text(&b, row->text[1]);
    bind_blob(&b, &row->blob[0]);
    return finish(&b);
}

static int write_plain(struct store *store, const struct row *row)
{
    struct binding b = begin(store, row->kind == ROW_SETTING ? ST_SETTING : row->kind == ROW_COMMAND ? ST_COMMAND : ST_POINTS);
    if (row->kind == ROW_COMMAND) {
        bind_int(&b, row->number[0]);
        bind_int(&b, row->number[1]);
    }
    bind_text(&b, row->text[0]);
    if (row->kind == ROW_POINTS) {
        bind_int(&b, row->number[0]);
        bind_int(&b, row->number[1]);
    }
    bind_text(&b, row->text[1]);
    if (row->kind == ROW_POINTS)
        bind_blob(&b, &row->blob[0]);
    return finish(&b);
}

static int write_row(struct store *store, const struct row *row, int64_t *set_id)
{
    struct store_set set = row->of.set;
    switch (row->kind) {
    case ROW_SET:
        set.paths = row->text[0];
        set.name = row->text[1];
        return write_set(store, &set, set_id);
    case ROW_STRUCTURE:
        return write_structure(store, row, *set_id);
    case ROW_MATCHING:
        return write_matching(store, row, *set_id);
    case ROW_RESULT:
        return write_result(store, row, *set_id);
    default:
        return write_plain(store, row);
    }
}

/* --- the transaction --- */

/* Savepoints keep one row that does not fit (a text with a NUL in it, say) from holding up all others. */
static int write_guarded(struct store *store, const struct row *row, int64_t *set_id)
{
    int code = sqlite3_exec(store->db, "SAVEPOINT one", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = write_row(store, row, set_id);
    if ((code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_TOOBIG) {
        store_note(store, "warning: a result does not fit into the store: %s", sqlite3_errmsg(store->db));
        code = sqlite3_exec(store->db, "ROLLBACK TO one", NULL, NULL, NULL);
    }
    return code == SQLITE_OK ? sqlite3_exec(store->db, "RELEASE one", NULL, NULL, NULL) : code;
}

static int write_all(struct store *store)
{
    int64_t set_id = 0;
    struct binding b = begin(store, ST_BEGIN);
    int code = finish(&b);
    if (code == SQLITE_OK && store->set.paths)
        code = write_set(store, &store->set, &set_id);
    for (const struct row *row = store->first; row && code == SQLITE_OK; row = row->next)
        code = write_guarded(store, row, &set_id);
    if (code == SQLITE_OK) {
        b = begin(store, ST_COMMIT);
        code = finish(&b);
    }
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
