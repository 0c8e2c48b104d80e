/* Looking up rows. What cannot be read is not there. SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/inside.h"

/* A statement about one key, stepped to its row; NULL: there is none, or it cannot be read (noted once). */
static sqlite3_stmt *find(struct store *store, enum statement which, const struct hash128 *key)
{
    struct binding b = {0};
    b.statement = store_statement(store, which, &b.code);
    if (!store->db)
        return NULL;
    bind_hash(&b, key);
    int code = b.code == SQLITE_OK ? sqlite3_step(b.statement) : b.code;
    if (code == SQLITE_ROW)
        return b.statement;
    if (b.statement)
        sqlite3_reset(b.statement);
    if (code != SQLITE_DONE && !store->told_unreadable) {
        isd_error err;
        store_failure(store, code, &err);
        store_note(store, "warning: %s: %s; what cannot be read is computed again", err.where, err.what);
        store->told_unreadable = true;
    }
    return NULL;
}

/* Columns read one after the other. */
struct reading {
    sqlite3_stmt *statement;
    int at;
};

static int64_t next_int(struct reading *r)
{
    return sqlite3_column_int64(r->statement, r->at++);
}

static double next_real(struct reading *r)
{
    return column_real(r->statement, r->at++);
}

static void next_text(struct reading *r, char *out, size_t size)
{
    column_text(r->statement, r->at++, out, size);
}

static void next_hash(struct reading *r, struct hash128 *ret_hash)
{
    char text[HASH128_TEXT];
    next_text(r, text, sizeof text);
    *ret_hash = (struct hash128){{0}};
    sscanf(text, "%16" SCNx64 "%16" SCNx64, &ret_hash->word[0], &ret_hash->word[1]);
}

bool store_get_structure(struct store *store, const struct hash128 *key, struct store_structure *ret_row)
{
    char periodic[4];
    struct reading r = {find(store, ST_GET_STRUCTURE, key), 0};
    if (!r.statement)
        return false;
    struct store_structure s = {.key = *key};
    next_hash(&r, &s.frame.fingerprint);
    s.frame.atoms = (int32_t)next_int(&r);
    s.dimension = (int)next_int(&r);
    next_text(&r, periodic, sizeof periodic);
    for (int c = 0; c < 3; c++)
        s.periodic[c] = strlen(periodic) == 3 && periodic[c] == 'p';
    next_text(&r, s.method, sizeof s.method);
    s.ftol = next_real(&r);
    s.etol = next_real(&r);
    s.max_iterations = next_int(&r);
    next_text(&r, s.kernel, sizeof s.kernel);
    s.energy_start = next_real(&r);
    s.energy = next_real(&r);
    for (int k = 0; k < 6; k++)
        s.virial[k] = next_real(&r);
    s.fmax = next_real(&r);
    s.fnorm = next_real(&r);
    s.iterations = next_int(&r);
    s.evaluations = next_int(&r);
    s.converged = next_int(&r) != 0;
    next_text(&r, s.stop, sizeof s.stop);
    s.seconds = next_real(&r);
    s.n_pins = (int32_t)next_int(&r);
    for (int k = 0; k < 2; k++)
        s.pin[k] = (int32_t)next_int(&r);
    s.pin_fmax = next_real(&r);
    s.pin_at = next_real(&r);
    s.pin_inside = next_real(&r);
    s.pin_outside = next_real(&r);
    sqlite3_reset(r.statement);
    *ret_row = s;
    return true;
}

/* Two blobs of a row: all or nothing. */
static bool get_blobs(struct store *store, enum statement which, const struct hash128 *key, struct store_blob *ret_first,
                      struct store_blob *ret_second)
{
    sqlite3_stmt *statement = find(store, which, key);
    if (!statement)
        return false;
    struct store_blob first = {0}, second = {0};
    bool good = column_blob(statement, 0, &first) && (!ret_second || column_blob(statement, 1, &second)) && first.bytes;
    sqlite3_reset(statement);
    if (!good) {
        store_blob_done(&first);
        store_blob_done(&second);
        return false;
    }
    *ret_first = first;
    if (ret_second)
        *ret_second = second;
    return true;
}

bool store_get_structure_arrays(struct store *store, const struct hash128 *key, struct store_structure_arrays *ret_arrays)
{
    return get_blobs(store, ST_GET_STRUCTURE_ARRAYS, key, &ret_arrays->positions, &ret_arrays->images);
}

static bool get_types(struct store *store, int64_t id, struct store_matching *m)
{
    struct binding b = {0};
    b.statement = store_statement(store, ST_GET_MATCHING_TYPES, &b.code);
    if (!b.statement)
        return false;
    bind_int(&b, id);
    int code = SQLITE_ERROR;
    while (b.code == SQLITE_OK && (code = sqlite3_step(b.statement)) == SQLITE_ROW && m->n_types < ISD_MAX_TYPES) {
        struct reading r = {b.statement, 0};
        struct store_matching_type *t = &m->per_type[m->n_types++];
        t->type = (int)next_int(&r);
        t->n = (int32_t)next_int(&r);
        t->sum_sq = next_real(&r);
        t->d = next_real(&r);
        t->r0 = next_real(&r);
        t->exchanged = (int32_t)next_int(&r);
    }
    sqlite3_reset(b.statement);
    return code == SQLITE_DONE;
}

static void read_matching(struct reading *r, struct store_matching *m)
{
    m->of_structures = next_int(r) != 0;
    m->blind = next_int(r) != 0;
    m->n = (int32_t)next_int(r);
    m->n_frame = (int32_t)next_int(r);
    m->cell = (int)next_int(r);
    m->labelled = next_int(r) != 0;
    m->unwrapped = next_int(r) != 0;
    m->sum_sq = next_real(r);
    m->d_min = next_real(r);
    m->dual = next_real(r);
    m->gap_abs = next_real(r);
    m->bound = next_real(r);
    m->certified = next_int(r) != 0;
    m->r0 = next_real(r);
    m->max_u = next_real(r);
    m->seconds = next_real(r);
    m->edges_per_atom = next_real(r);
    for (int c = 0; c < 3; c++)
        m->shift[c] = next_real(r);
    m->align_steps = (int)next_int(r);
    m->aligned = next_int(r) != 0;
    m->degenerate = (int32_t)next_int(r);
    m->ties = (int32_t)next_int(r);
    m->exchanged = (int32_t)next_int(r);
    m->exchanged_type = (int32_t)next_int(r);
    m->rmsd = next_real(r);
    m->rmsd_unwrapped = next_real(r);
    m->jump_fraction = next_real(r);
    for (int c = 0; c < 3; c++)
        m->drift[c] = next_real(r);
    m->n_cycles = (int32_t)next_int(r);
    m->fixed = (int32_t)next_int(r);
    m->longest = (int32_t)next_int(r);
}

bool store_get_matching(struct store *store, const struct hash128 *key, struct store_matching *ret_row)
{
    struct reading r = {find(store, ST_GET_MATCHING, key), 0};
    if (!r.statement)
        return false;
    struct store_matching m = {.key = *key};
    int64_t id = next_int(&r);
    read_matching(&r, &m);
    sqlite3_reset(r.statement);
    if (!get_types(store, id, &m))
        return false;
    *ret_row = m;
    return true;
}

bool store_get_matching_arrays(struct store *store, const struct hash128 *key, struct store_matching_arrays *ret_arrays)
{
    return get_blobs(store, ST_GET_MATCHING_ARRAYS, key, &ret_arrays->partner, &ret_arrays->duals);
}

bool store_get_result(struct store *store, const struct hash128 *key, struct store_blob *ret_value)
{
    return get_blobs(store, ST_GET_RESULT, key, ret_value, NULL);
}

bool store_get_set_result(struct store *store, const struct hash128 *key, size_t *ret_n, struct store_blob *ret_value)
{
    sqlite3_stmt *statement = find(store, ST_GET_SET_RESULT, key);
    struct store_blob value = {0};
    if (!statement)
        return false;
    bool good = column_blob(statement, 0, &value) && value.bytes;
    int64_t n = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    if (!good || n < 0) {
        store_blob_done(&value);
        return false;
    }
    *ret_n = (size_t)n;
    *ret_value = value;
    return true;
}

void store_get_notes(struct store *store, store_note_row_fn *take, void *arg)
{
    int code;
    sqlite3_stmt *statement = store_statement(store, ST_GET_NOTES, &code);
    while (statement && sqlite3_step(statement) == SQLITE_ROW) {
        const char *place = (const char *)sqlite3_column_text(statement, 0), *text = (const char *)sqlite3_column_text(statement, 1);
        take(arg, place ? place : "", text ? text : "");
    }
    sqlite3_reset(statement);
}

bool store_get_setting(struct store *store, const char *name, char *ret_value, size_t size)
{
    struct binding b = {0};
    b.statement = store_statement(store, ST_GET_SETTING, &b.code);
    if (!b.statement)
        return false;
    bind_text(&b, name);
    bool found = b.code == SQLITE_OK && sqlite3_step(b.statement) == SQLITE_ROW;
    if (found)
        column_text(b.statement, 0, ret_value, size);
    sqlite3_reset(b.statement);
    return found;
}

bool store_get_points(struct store *store, const char *path, int64_t bytes, int64_t modified, const char *sum,
                      struct store_blob *ret_points)
{
    struct binding b = {0};
    struct store_blob points = {0};
    b.statement = store_statement(store, ST_GET_POINTS, &b.code);
    if (!b.statement)
        return false;
    bind_text(&b, path);
    bind_int(&b, bytes);
    bind_int(&b, modified);
    bind_text(&b, sum);
    bool found = b.code == SQLITE_OK && sqlite3_step(b.statement) == SQLITE_ROW && column_blob(b.statement, 0, &points);
    sqlite3_reset(b.statement);
    if (found)
        *ret_points = points;
    return found;
}

/* --- counts --- */

static bool count(struct store *store, const char *text, int64_t *ret_count)
{
    sqlite3_stmt *statement = NULL;
    bool found = store->db && sqlite3_prepare_v2(store->db, text, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    if (found)
        *ret_count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found;
}

bool store_count(struct store *store, struct store_counts *ret_counts)
{
    struct store_counts c = {0};
    bool good = count(store, "SELECT count(*) FROM sets", &c.sets) && count(store, "SELECT count(*) FROM frames", &c.frames) &&
                count(store, "SELECT count(*) FROM structures", &c.structures) &&
                count(store, "SELECT count(*) FROM matchings", &c.matchings) &&
                count(store, "SELECT count(*) FROM results", &c.results) &&
                count(store, "SELECT count(*) FROM log", &c.commands) &&
                count(store, "SELECT count(DISTINCT frame_id) FROM structures", &c.frames_quenched);
    int64_t of_sets = 0; /* a store of an older program, looked into without being brought up to date, has no such table */
    if (good && count(store, "SELECT count(*) FROM set_results", &of_sets))
        c.results += of_sets;
    if (good)
        *ret_counts = c;
    return good;
}

bool store_count_frames(struct store *store, const struct hash128 *fingerprints, int32_t n, struct store_counts *ret_counts)
{
    struct store_counts c = {0};
    for (int32_t k = 0; k < n; k++) {
        sqlite3_stmt *statement = find(store, ST_FRAME_COUNTS, &fingerprints[k]);
        if (!statement)
            continue;
        c.frames++;
        c.frames_quenched += sqlite3_column_int64(statement, 0) > 0;
        c.structures += sqlite3_column_int64(statement, 0);
        c.matchings += sqlite3_column_int64(statement, 1);
        c.results += sqlite3_column_int64(statement, 2);
        sqlite3_reset(statement);
    }
    *ret_counts = c;
    return store->db != NULL;
}

bool store_sets(struct store *store, char *ret_names, size_t size, int64_t *ret_opened)
{
    sqlite3_stmt *statement = NULL;
    bool found = store->db &&
                 sqlite3_prepare_v2(store->db, "SELECT coalesce(group_concat(name, ' '), ''), coalesce(max(opened), 0) FROM sets", -1,
                                    &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        column_text(statement, 0, ret_names, size);
        *ret_opened = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return found;
}
