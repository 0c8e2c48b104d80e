/* The atoms of the pair looked at: rows of the table, which are chosen, which has the mark. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/state.h"
#include "view/table.h"

/* What rows were made for. The references to a and b are kept, so their addresses tell; that of a match may be used again for
 * another match of the same two, so what it says is compared too. */
struct atom_key {
    const struct match *match;
    const isd_snapshot *a, *b;
    double d_min, brush_low, brush_high;
    const struct surroundings *around; /* where the rows depend on it */
    bool blind, matched;
    char sort[sizeof ((struct look *)0)->sort], filter[sizeof ((struct look *)0)->filter], select[sizeof ((struct look *)0)->select];
};

/* The order under way, or one that has come, is not wanted any more. */
static void drop_order(struct atom_rows *atoms)
{
    if (atoms->job)
        job_cancel(atoms->job); /* it is released where jobs are collected */
    atoms->job = NULL;
    free(atoms->made);
    atoms->made = NULL;
    atoms->to_top = false;
}

static void forget(struct atom_rows *atoms)
{
    drop_order(atoms);
    isd_snapshot_unref(atoms->a);
    isd_snapshot_unref(atoms->b);
    atoms->a = atoms->b = NULL;
    atoms->match = NULL;
    atoms->around = NULL;
    atoms->mark = -1;
    atoms->n = atoms->n_chosen = 0;
    if (atoms->key)
        memset(atoms->key, 0, sizeof *atoms->key);
}

void atoms_done(struct atom_rows *atoms)
{
    forget(atoms);
    job_pool_free(atoms->pool);
    free(atoms->row);
    free(atoms->chosen);
    free(atoms->key);
    free(atoms->wanted);
    *atoms = (struct atom_rows){.mark = -1};
}

struct atom_source atoms_source(const struct atom_rows *atoms)
{
    return (struct atom_source){atoms->match, atoms->a, atoms->b, atoms->around};
}

double atoms_u(const struct tui *tui, int32_t atom)
{
    const struct match *match = tui->atoms.match;
    bool matched = tui->sight.look.show == SIGHT_MATCHED || !match->u_lab;
    return matched ? match->u_mat[atom] : match->u_lab[atom];
}

/* Of [n] rows those in the brushed interval; without one, all. */
static int32_t keep_brushed(const struct tui *tui, int32_t *row, int32_t n)
{
    double low = tui->sight.look.brush_low, high = tui->sight.look.brush_high;
    int32_t kept = 0;
    if (isnan(low))
        return n;
    for (int32_t k = 0; k < n; k++) {
        double u = atoms_u(tui, row[k]);
        if (u >= low && u <= high)
            row[kept++] = row[k];
    }
    return kept;
}

/* Selected and in the brushed interval; nothing where there is neither. */
static isd_status choose_atoms(struct tui *tui, uint8_t *chosen, int32_t *ret_n, isd_error *err)
{
    const struct look *look = &tui->sight.look;
    struct atom_rows *atoms = &tui->atoms;
    bool brushed = isfinite(look->brush_low);
    *ret_n = 0;
    memset(chosen, 0, (size_t)atoms->match->n);
    if (!look->select[0] && !brushed)
        return ISD_OK;
    struct atom_source source = atoms_source(atoms);
    isd_status status = atom_filter_pass(tui->session, &source, look->select, chosen, ret_n, err);
    for (int32_t i = 0; status == ISD_OK && brushed && i < atoms->match->n; i++) {
        double u = atoms_u(tui, i);
        if (chosen[i] && !(u >= look->brush_low && u <= look->brush_high)) {
            chosen[i] = 0;
            --*ret_n;
        }
    }
    return status;
}

/* Rows are kept and sorted by what is around the atoms. */
static bool needs_around(const struct tui *tui)
{
    const struct look *look = &tui->sight.look;
    return atom_sort_needs_around(look->sort) || atom_filter_needs_around(tui->session, look->filter)
           || atom_filter_needs_around(tui->session, look->select);
}

/* Neighbours and energies, by a job: only where somebody looks at them or needs them. */
static void ask_around(struct tui *tui, bool needed)
{
    struct structure structure;
    isd_error err;
    tui->atoms.around = NULL;
    if (tui->sight.paused || !(needed || frame_rect_of(tui, VIEW_TABLE).width > 0))
        return;
    structure_defaults(tui->session, !tui->sight.look.raw, &structure);
    session_surroundings(tui->session, tui->sight.pair.a, &structure, ASK_LOOK, &tui->atoms.around, &err);
}

static void make_key(const struct tui *tui, bool needed, struct atom_key *key)
{
    const struct look *look = &tui->sight.look;
    memset(key, 0, sizeof *key);
    key->match = tui->atoms.match;
    key->a = tui->atoms.a;
    key->b = tui->atoms.b;
    key->d_min = key->match->d_min;
    key->brush_low = look->brush_low;
    key->brush_high = look->brush_high;
    key->around = needed ? tui->atoms.around : NULL;
    key->blind = look->blind;
    key->matched = look->show == SIGHT_MATCHED;
    memcpy(key->sort, look->sort, sizeof key->sort);
    memcpy(key->filter, look->filter, sizeof key->filter);
    memcpy(key->select, look->select, sizeof key->select);
}

static void drop_rows(struct atom_rows *atoms)
{
    free(atoms->row);
    atoms->row = NULL;
    atoms->n = 0;
}

static isd_status choose_anew(struct tui *tui, isd_error *err)
{
    struct atom_rows *atoms = &tui->atoms;
    free(atoms->chosen);
    atoms->n_chosen = 0;
    atoms->chosen = malloc(atoms->match->n > 0 ? (size_t)atoms->match->n : 1);
    return atoms->chosen ? choose_atoms(tui, atoms->chosen, &atoms->n_chosen, err) : isd_error_memory(err);
}

/* Takes them over. */
static void take_rows(struct tui *tui, int32_t *row, int32_t n)
{
    struct atom_rows *atoms = &tui->atoms;
    drop_rows(atoms);
    atoms->row = row;
    atoms->n = keep_brushed(tui, row, n);
}

/* New rows for what is looked at now; the old ones are gone, whatever comes. */
static isd_status make_rows(struct tui *tui, isd_error *err)
{
    const struct look *look = &tui->sight.look;
    struct atom_source source = atoms_source(&tui->atoms);
    int32_t *row, n;
    drop_order(&tui->atoms);
    drop_rows(&tui->atoms);
    isd_status status = choose_anew(tui, err);
    if (status == ISD_OK)
        status = atom_table_rows(tui->session, &source, look->filter[0] ? look->filter : NULL, look->sort[0] ? look->sort : NULL, &row, &n, err);
    if (status == ISD_OK)
        take_rows(tui, row, n);
    return status;
}

/* The same by a job. */
static isd_status ask_rows(struct tui *tui, const struct atom_key *key, isd_error *err)
{
    struct atom_rows *atoms = &tui->atoms;
    const struct look *look = &tui->sight.look;
    struct atom_source source = atoms_source(atoms);
    struct atom_order *order = NULL;
    char label[40];
    const bool same_atoms = atoms->key->match == key->match && atoms->key->a == key->a && atoms->key->b == key->b;
    drop_order(atoms);
    if (!same_atoms)
        drop_rows(atoms);
    if (!atoms->wanted)
        atoms->wanted = malloc(sizeof *atoms->wanted);
    if (!atoms->wanted)
        return isd_error_memory(err);
    *atoms->wanted = *key;
    snprintf(label, sizeof label, "sort %d atoms", (int)atoms->match->n);
    isd_status status = choose_anew(tui, err);
    if (status == ISD_OK && !atoms->pool)
        status = job_pool_new_beside(session_pool(tui->session), &atoms->pool, err);
    if (status == ISD_OK)
        status = atom_order_new(tui->session, &source, look->filter[0] ? look->filter : NULL, look->sort[0] ? look->sort : NULL, &order, err);
    return status == ISD_OK ? job_submit(atoms->pool, label, 0, atom_order_run, atom_order_free, order, &atoms->job, err) : status;
}

bool atoms_collect(struct tui *tui)
{
    struct atom_rows *atoms = &tui->atoms;
    bool any = false;
    for (struct job *job; atoms->pool && (job = job_pool_collect(atoms->pool)) != NULL; job_release(atoms->pool, job)) {
        const isd_error *why = NULL;
        if (job != atoms->job)
            continue; /* of before */
        atoms->job = NULL;
        any = true;
        if (job_result(job, &why) == ISD_OK)
            atoms->made = atom_order_take(job_arg(job), &atoms->n_made);
        else
            tui_say_error(tui, why);
    }
    tui->stale = tui->stale || any;
    return any;
}

bool atoms_cancel(struct tui *tui)
{
    struct atom_rows *atoms = &tui->atoms;
    struct look *look = &tui->sight.look;
    if (!atoms->job && !atoms->made)
        return false;
    drop_order(atoms);
    if (atoms->key->match == atoms->match && atoms->match) {
        memcpy(look->sort, atoms->key->sort, sizeof look->sort);
        memcpy(look->filter, atoms->key->filter, sizeof look->filter);
        memcpy(look->select, atoms->key->select, sizeof look->select);
        look->brush_low = atoms->key->brush_low;
        look->brush_high = atoms->key->brush_high;
    }
    return true;
}

/* Rows for what is looked at, now or later. */
static isd_status renew_rows(struct tui *tui, const struct atom_key *key, isd_error *err)
{
    struct atom_rows *atoms = &tui->atoms;
    const bool asked = (atoms->job || atoms->made) && memcmp(atoms->wanted, key, sizeof *key) == 0;
    if (asked && atoms->job)
        return ISD_OK;
    if (asked) {
        const bool to_top = atoms->to_top;
        take_rows(tui, atoms->made, atoms->n_made);
        atoms->made = NULL;
        *atoms->key = *key;
        if (to_top)
            atoms_to_row(tui, 0);
        atoms->to_top = false;
        return ISD_OK;
    }
    if (atoms->match->n >= atoms->rows_in_job)
        return ask_rows(tui, key, err);
    isd_status status = make_rows(tui, err);
    if (status == ISD_OK)
        *atoms->key = *key;
    else
        memset(atoms->key, 0, sizeof *atoms->key);
    return status;
}

/* Where the marked atom is in the frame, and in the table. */
static void follow_mark(struct tui *tui)
{
    struct atom_rows *atoms = &tui->atoms;
    int64_t id = tui->sight.atom;
    int32_t n = atoms->match->n;
    if (id == SIGHT_NO_ATOM) {
        atoms->mark = -1;
        return;
    }
    if (atoms->mark < 0 || atoms->mark >= n || atoms->a->id[atoms->mark] != id) {
        atoms->mark = -1;
        for (int32_t i = 0; i < n && atoms->mark < 0; i++)
            if (atoms->a->id[i] == id)
                atoms->mark = i;
    }
    if (atoms->mark < 0)
        return;
    if (tui->sight.u_of_atom)
        tui->sight.u = atoms_u(tui, atoms->mark);
    if (atoms->cursor >= 0 && atoms->cursor < atoms->n && atoms->row[atoms->cursor] == atoms->mark)
        return;
    for (int32_t k = 0; k < atoms->n; k++)
        if (atoms->row[k] == atoms->mark) {
            atoms->cursor = k;
            return;
        }
}

void atoms_update(struct tui *tui)
{
    struct atom_rows *atoms = &tui->atoms;
    const struct match *match = NULL;
    const isd_snapshot *a = NULL, *b = NULL;
    struct atom_key key;
    atoms->state = tui->sight.n_frames < 2 ? ASK_PENDING : sight_match(&tui->sight, &match, &a, &b, &atoms->err);
    if (atoms->state != ASK_READY) {
        forget(atoms);
        return;
    }
    const isd_snapshot *new_a = isd_snapshot_ref(a), *new_b = isd_snapshot_ref(b);
    isd_snapshot_unref(atoms->a);
    isd_snapshot_unref(atoms->b);
    atoms->a = new_a;
    atoms->b = new_b;
    atoms->match = match;
    if (!atoms->key && !(atoms->key = calloc(1, sizeof *atoms->key))) {
        atoms->state = ASK_FAILED;
        isd_error_memory(&atoms->err);
        return;
    }
    bool needed = needs_around(tui);
    ask_around(tui, needed);
    make_key(tui, needed, &key);
    if (memcmp(atoms->key, &key, sizeof key) == 0)
        drop_order(atoms); /* what is there is what is wanted again */
    else if (renew_rows(tui, &key, &atoms->err) != ISD_OK) {
        atoms->state = ASK_FAILED;
        drop_rows(atoms);
    }
    if (atoms->state == ASK_READY)
        follow_mark(tui);
}

void atoms_settle(struct tui *tui, int height)
{
    struct table table = {.n_rows = tui->atoms.n, .top = tui->atoms.top, .cursor = tui->atoms.cursor};
    if (tui->atoms.n == 0)
        return; /* keep the place while the data come */
    table_settle(&table, &tui->atoms.home, height);
    tui->atoms.top = table.top;
    tui->atoms.cursor = table.cursor;
}

void atoms_to_row(struct tui *tui, long row)
{
    struct atom_rows *atoms = &tui->atoms;
    atoms->cursor = row >= atoms->n ? atoms->n - 1 : row;
    atoms->cursor = atoms->cursor < 0 ? 0 : atoms->cursor;
    if (atoms->n == 0)
        return;
    tui->sight.atom = atoms->a->id[atoms->row[atoms->cursor]];
    tui->sight.u_of_atom = true;
    follow_mark(tui);
}

static bool row_has(const struct tui *tui, int32_t row, const char *text)
{
    const struct atom_rows *atoms = &tui->atoms;
    int32_t atom = atoms->row[row];
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)atoms->a->id[atom]);
    return strcmp(id, text) == 0 || strcmp(session_type_label(tui->session, atoms->a->type[atom]), text) == 0;
}

bool atoms_find(struct tui *tui, const char *text, int direction)
{
    struct atom_rows *atoms = &tui->atoms;
    for (int32_t k = 1; k <= atoms->n; k++) {
        int32_t row = (int32_t)((atoms->cursor + (direction > 0 ? k : atoms->n - k)) % atoms->n);
        if (row_has(tui, row, text)) {
            atoms_to_row(tui, row);
            return true;
        }
    }
    return false;
}

void atoms_nearest_u(struct tui *tui, double u)
{
    struct atom_rows *atoms = &tui->atoms;
    double best = INFINITY;
    long row = -1;
    for (int32_t k = 0; k < atoms->n; k++) {
        double away = fabs(atoms_u(tui, atoms->row[k]) - u);
        if (away < best) {
            best = away;
            row = k;
        }
    }
    if (row >= 0)
        atoms_to_row(tui, row);
}
