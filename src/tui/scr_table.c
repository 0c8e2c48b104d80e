/* The table of atoms of the pair looked at. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/state.h"
#include "view/table.h"

/* In the order of enum atom_column, which is that of the JSON keys. */
static const struct table_column columns[ATOM_COLUMNS] = {
    [ATOM_ID] = {"id", 8, false},         [ATOM_TYPE] = {"type", 5, true},        [ATOM_X] = {"x", 9, false},
    [ATOM_Y] = {"y", 9, false},           [ATOM_Z] = {"z", 9, false},             [ATOM_U_LAB] = {"u_lab", 8, false},
    [ATOM_U_MAT] = {"u_mat", 8, false},   [ATOM_PARTNER] = {"partner", 8, false}, [ATOM_CYCLE] = {"cycle", 7, false},
    [ATOM_CYCLE_LENGTH] = {"length", 7, false}};

/* On narrow screens displacements matter more than places. */
static const enum atom_column order[ATOM_COLUMNS] = {ATOM_ID,    ATOM_TYPE,         ATOM_U_LAB, ATOM_U_MAT, ATOM_PARTNER,
                                                     ATOM_CYCLE, ATOM_CYCLE_LENGTH, ATOM_X,     ATOM_Y,     ATOM_Z};

void atoms_forget(struct atom_rows *atoms)
{
    isd_snapshot_unref(atoms->a);
    isd_snapshot_unref(atoms->b);
    atoms->a = atoms->b = NULL;
    atoms->match = NULL;
}

void atoms_update(struct tui *tui)
{
    struct atom_rows *atoms = &tui->atoms;
    int32_t *row = NULL, n = 0;
    /* The old pointers may be gone by now. */
    atoms_forget(atoms);
    const isd_snapshot *a = NULL, *b = NULL;
    atoms->state =
        tui->sight.n_frames < 2 ? ASK_PENDING : sight_match(&tui->sight, &atoms->match, &a, &b, &atoms->err);
    if (atoms->state != ASK_READY) {
        atoms->n = 0;
        return;
    }
    atoms->a = isd_snapshot_ref(a);
    atoms->b = isd_snapshot_ref(b);
    isd_status status = atom_table_rows(tui->session, atoms->match, atoms->a, atoms->b, NULL, atoms->sort[0] ? atoms->sort : NULL,
                                        &row, &n, &atoms->err);
    if (status != ISD_OK) {
        atoms->state = ASK_FAILED;
        return;
    }
    free(atoms->row);
    atoms->row = row;
    atoms->n = n;
}

void atoms_settle(struct tui *tui, int height)
{
    struct table table = {.n_rows = tui->atoms.n, .top = tui->atoms.top, .cursor = tui->atoms.cursor};
    if (tui->atoms.n == 0)
        return; /* keep the place while the data come */
    table_scroll(&table, height);
    tui->atoms.top = table.top;
    tui->atoms.cursor = table.cursor;
}

static bool row_has(const struct tui *tui, int32_t row, const char *text)
{
    const struct atom_rows *atoms = &tui->atoms;
    int32_t atom = atoms->row[row];
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)atoms->a->id[atom]);
    return strcmp(id, text) == 0 || strcmp(session_type_label(tui->session, atoms->a->type[atom]), text) == 0;
}

bool atoms_find(struct tui *tui, const char *text)
{
    struct atom_rows *atoms = &tui->atoms;
    for (int32_t k = 1; k <= atoms->n; k++) {
        int32_t row = (int32_t)((atoms->cursor + k) % atoms->n);
        if (row_has(tui, row, text)) {
            atoms->cursor = row;
            return true;
        }
    }
    return false;
}

void atoms_nearest_u(struct tui *tui, double u)
{
    struct atom_rows *atoms = &tui->atoms;
    double best = INFINITY;
    for (int32_t k = 0; k < atoms->n; k++) {
        double value = atom_value(atoms->match, atoms->a, atoms->b, atoms->row[k], ATOM_U_LAB);
        if (isnan(value))
            value = atom_value(atoms->match, atoms->a, atoms->b, atoms->row[k], ATOM_U_MAT);
        if (fabs(value - u) < best) {
            best = fabs(value - u);
            atoms->cursor = k;
        }
    }
}

static void cell(void *arg, long row, int column, char *out, size_t size)
{
    const struct tui *tui = arg;
    const struct atom_rows *atoms = &tui->atoms;
    int32_t atom = atoms->row[row];
    enum atom_column which = order[column];
    double value = atom_value(atoms->match, atoms->a, atoms->b, atom, which);
    if (which == ATOM_TYPE)
        snprintf(out, size, "%s", session_type_label(tui->session, atoms->a->type[atom]));
    else if (isnan(value))
        snprintf(out, size, "-");
    else if (which == ATOM_ID || which == ATOM_PARTNER || which == ATOM_CYCLE || which == ATOM_CYCLE_LENGTH)
        snprintf(out, size, "%.0f", value);
    else
        snprintf(out, size, which == ATOM_U_LAB || which == ATOM_U_MAT ? "%.4f" : "%.3f", value);
}

static int sorted_column(const struct tui *tui, bool *ret_descending)
{
    int column = tui->atoms.sort[0] ? atom_column_find(tui->atoms.sort, ret_descending) : ATOM_ID;
    for (int k = 0; k < ATOM_COLUMNS; k++)
        if ((int)order[k] == column)
            return k;
    return -1;
}

static void draw_notice(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct atom_rows *atoms = &tui->atoms;
    if (atoms->state == ASK_FAILED) {
        grid_text(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_ERROR, atoms->err.what);
        grid_text(grid, rect.x + 2, rect.y + 2, rect.width - 2, ROLE_NORMAL, atoms->err.hint);
    } else if (session_is_partial(tui->session))
        put_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, "pairs come when all frames are read");
    else if (tui->sight.n_frames < 2)
        put_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, "one frame: nothing to match it with");
    else
        put_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, tui->sight.paused ? "cancelled; the next step looks again"
                   : "waiting for the match of %d:%d", tui->sight.pair.a, tui->sight.pair.b);
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    const struct atom_rows *atoms = &tui->atoms;
    struct table_column shown[ATOM_COLUMNS];
    bool descending = false;
    if (atoms->state != ASK_READY) {
        draw_notice(tui, grid, rect);
        return;
    }
    for (int k = 0; k < ATOM_COLUMNS; k++)
        shown[k] = columns[order[k]];
    struct table table = {.columns = shown, .n_columns = ATOM_COLUMNS, .n_rows = atoms->n, .top = atoms->top,
                          .cursor = atoms->cursor, .ascii = tui->tier == GLYPH_ASCII, .cell = cell, .arg = (void *)tui};
    table.sorted = sorted_column(tui, &descending);
    table.descending = descending;
    table_scroll(&table, rect.height);
    table_draw(grid, rect.x, rect.y, rect.width, rect.height, &table);
}

static const struct key_hint hints[] = {{"j k", "row"},     {"s", "sort by next"}, {"S", "reverse"}, {"/", "find"}, {"?", "keys"},
                                        {"[ ]", "tw"},      {", .", "pair"},       {":", "command"}, {"B", "blind"},
                                        {"Enter", "p(u) here"}, {"e", "export"},   {"q", "leave"}};

const struct screen screen_table = {
    .name = "table", .title = "atoms", .digit = '4', .draw = draw, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
