/* Rows into tables. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/row.h"

struct binding store_write_begin(struct store *store, enum statement which)
{
    struct binding b = {0};
    b.statement = store_statement(store, which, &b.code);
    return b;
}

int store_write_finish(struct binding *b)
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

int store_write_set(struct store *store, const struct store_set *set, int64_t *ret_id)
{
    struct binding b = store_write_begin(store, ST_SET);
    bind_text(&b, set->paths);
    bind_text(&b, set->name);
    bind_int(&b, set->bytes);
    bind_int(&b, set->modified);
    bind_int(&b, set->frames);
    int code = store_write_finish(&b);
    if (code != SQLITE_OK)
        return code;
    b = store_write_begin(store, ST_FIND_SET);
    bind_text(&b, set->paths);
    return find_id(&b, ret_id);
}

static int write_frame(struct store *store, const struct store_frame *frame, int64_t set_id, int64_t *ret_id)
{
    struct binding b = store_write_begin(store, ST_FRAME);
    bind_hash(&b, &frame->fingerprint);
    bind_int(&b, frame->atoms);
    int code = store_write_finish(&b);
    if (code == SQLITE_OK) {
        b = store_write_begin(store, ST_FIND_FRAME);
        bind_hash(&b, &frame->fingerprint);
        code = find_id(&b, ret_id);
    }
    if (code != SQLITE_OK || set_id == 0)
        return code;
    b = store_write_begin(store, ST_SET_FRAME);
    bind_int(&b, set_id);
    bind_int(&b, frame->number);
    bind_int(&b, *ret_id);
    return store_write_finish(&b);
}

static int find_structure(struct store *store, bool wanted, const struct hash128 *key, int64_t *ret_id)
{
    *ret_id = 0;
    if (!wanted)
        return SQLITE_OK;
    struct binding b = store_write_begin(store, ST_FIND_STRUCTURE);
    bind_hash(&b, key);
    return find_id(&b, ret_id);
}

static int write_potential(struct store *store, const struct row *row, int64_t *ret_id)
{
    struct binding b = store_write_begin(store, ST_POTENTIAL);
    bind_text(&b, row->text[0] ? row->text[0] : "");
    bind_text(&b, row->text[1] ? row->text[1] : "");
    int code = store_write_finish(&b);
    if (code != SQLITE_OK)
        return code;
    b = store_write_begin(store, ST_FIND_POTENTIAL);
    bind_text(&b, row->text[0] ? row->text[0] : "");
    return find_id(&b, ret_id);
}

static int insert_structure(struct store *store, const struct store_structure *s, int64_t frame_id, int64_t potential_id)
{
    char periodic[4] = "fff";
    for (int c = 0; c < 3; c++)
        periodic[c] = s->periodic[c] ? 'p' : 'f';
    struct binding b = store_write_begin(store, ST_STRUCTURE);
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
    return store_write_finish(&b);
}

static int write_pins(struct store *store, const struct store_structure *s, int64_t id)
{
    struct binding b = store_write_begin(store, ST_PINS);
    bind_int(&b, id);
    bind_int(&b, s->n_pins);
    bind_real(&b, s->pin_fmax);
    bind_int(&b, s->pin[0]);
    bind_int(&b, s->pin[1]);
    bind_real(&b, s->pin_at);
    bind_real(&b, s->pin_inside);
    bind_real(&b, s->pin_outside);
    return store_write_finish(&b);
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
    struct binding b = store_write_begin(store, ST_STRUCTURE_ARRAYS);
    bind_int(&b, id);
    bind_blob(&b, &row->blob[0]);
    bind_blob(&b, &row->blob[1]);
    code = store_write_finish(&b);
    return code == SQLITE_OK && s->n_pins > 0 ? write_pins(store, s, id) : code;
}

/* Where of what is known already stands: *ret_skip when there is nothing to add; a row that is to be replaced is deleted. */
static int make_way(struct store *store, const struct row *row, bool *ret_skip)
{
    struct binding b = store_write_begin(store, ST_HAS_ARRAYS);
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
    b = store_write_begin(store, ST_FORGET_MATCHING);
    bind_int(&b, id);
    return store_write_finish(&b);
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
    struct binding b = store_write_begin(store, ST_MATCHING);
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
    return store_write_finish(&b);
}

static int insert_parts(struct store *store, const struct row *row, int64_t id)
{
    const struct store_matching *m = &row->of.matching;
    int code = SQLITE_OK;
    for (int k = 0; k < m->n_types && code == SQLITE_OK; k++) {
        const struct store_matching_type *t = &m->per_type[k];
        struct binding b = store_write_begin(store, ST_MATCHING_TYPE);
        bind_int(&b, id);
        bind_int(&b, t->type);
        bind_int(&b, t->n);
        bind_real(&b, t->sum_sq);
        bind_real(&b, t->d);
        bind_real(&b, t->r0);
        bind_int(&b, t->exchanged);
        code = store_write_finish(&b);
    }
    if (code != SQLITE_OK || !row->blob[0].bytes)
        return code;
    struct binding b = store_write_begin(store, ST_MATCHING_ARRAYS);
    bind_int(&b, id);
    bind_blob(&b, &row->blob[0]);
    bind_blob(&b, &row->blob[1]);
    return store_write_finish(&b);
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
    struct binding b = store_write_begin(store, ST_RESULT);
    bind_hash(&b, &r->key);
    bind_int(&b, frame_id);
    bind_row_id(&b, structure_id);
    bind_text(&b, row->text[0]);
    bind_text(&b, row->text[1]);
    bind_blob(&b, &row->blob[0]);
    return store_write_finish(&b);
}

static int write_set_result(struct store *store, const struct row *row, int64_t set_id)
{
    const struct store_set_result *r = &row->of.set_result;
    struct binding b = store_write_begin(store, ST_SET_RESULT);
    bind_hash(&b, &r->key);
    bind_row_id(&b, r->of_table ? 0 : set_id);
    bind_text(&b, row->text[0]);
    bind_int(&b, r->of_structures);
    bind_text(&b, row->text[1]);
    bind_int(&b, (int64_t)r->n);
    bind_blob(&b, &row->blob[0]);
    return store_write_finish(&b);
}

static int write_note(struct store *store, const struct row *row, int64_t set_id)
{
    struct binding b = store_write_begin(store, ST_NOTE);
    bind_row_id(&b, set_id);
    bind_text(&b, row->text[0]);
    bind_text(&b, row->text[1]);
    bind_int(&b, row->number[0]);
    return store_write_finish(&b);
}

static int write_plain(struct store *store, const struct row *row)
{
    struct binding b = store_write_begin(store, row->kind == ROW_SETTING ? ST_SETTING : row->kind == ROW_COMMAND ? ST_COMMAND : ST_POINTS);
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
    return store_write_finish(&b);
}

int store_write_row(struct store *store, const struct row *row, int64_t *set_id)
{
    struct store_set set = row->of.set;
    switch (row->kind) {
    case ROW_SET:
        set.paths = row->text[0];
        set.name = row->text[1];
        return store_write_set(store, &set, set_id);
    case ROW_STRUCTURE:
        return write_structure(store, row, *set_id);
    case ROW_MATCHING:
        return write_matching(store, row, *set_id);
    case ROW_RESULT:
        return write_result(store, row, *set_id);
    case ROW_SET_RESULT:
        return write_set_result(store, row, *set_id);
    case ROW_NOTE:
        return write_note(store, row, *set_id);
    default:
        return write_plain(store, row);
    }
}
