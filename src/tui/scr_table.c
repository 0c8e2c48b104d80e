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
    [ATOM_CYCLE_LENGTH] = {"length", 7, false}, [ATOM_NEIGHBOURS] = {"neigh", 6, false}, [ATOM_ENERGY] = {"energy", 9, false}};

/* On narrow screens displacements matter more than places. */
static const enum atom_column order[ATOM_COLUMNS] = {ATOM_ID,    ATOM_TYPE,         ATOM_U_LAB, ATOM_U_MAT, ATOM_PARTNER,
                                                     ATOM_CYCLE, ATOM_CYCLE_LENGTH, ATOM_NEIGHBOURS, ATOM_ENERGY, ATOM_X, ATOM_Y, ATOM_Z};

static int count_columns(const struct look *look)
{
    return look->n_columns > 0 ? look->n_columns : ATOM_COLUMNS;
}

/* The k-th of those that were chosen. */
static enum atom_column chosen_column(const struct look *look, int k)
{
    return look->n_columns > 0 ? (enum atom_column)look->column[k] : order[k];
}

int table_first_column(const struct tui *tui, int *ret_most)
{
    const int n = count_columns(&tui->sight.look), most = n > 2 ? n - 2 : 0;
    if (ret_most)
        *ret_most = most;
    return tui->atoms.column < most ? tui->atoms.column : most;
}

/* The first stays at the left (the id, where nothing else was chosen); other columns begin with the one scrolled to. */
static enum atom_column column_at(const struct tui *tui, int k)
{
    return chosen_column(&tui->sight.look, k == 0 ? 0 : k + table_first_column(tui, NULL));
}

static bool chosen(void *arg, long row)
{
    const struct tui *tui = arg;
    return tui->sight.look.select[0] && tui->atoms.chosen[tui->atoms.row[row]];
}

static void cell(void *arg, long row, int column, char *out, size_t size)
{
    const struct tui *tui = arg;
    const struct atom_rows *atoms = &tui->atoms;
    int32_t atom = atoms->row[row];
    enum atom_column which = column_at(tui, column);
    struct atom_source source = atoms_source(atoms);
    double value = atom_value(&source, atom, which);
    if (which == ATOM_TYPE)
        snprintf(out, size, "%s", session_type_label(tui->session, atoms->a->type[atom]));
    else if (isnan(value)) /* ... comes, - never does */
        snprintf(out, size, (which == ATOM_NEIGHBOURS || which == ATOM_ENERGY) && !atoms->around ? "..." : "-");
    else if (which == ATOM_ID || which == ATOM_PARTNER || which == ATOM_CYCLE || which == ATOM_CYCLE_LENGTH
             || which == ATOM_NEIGHBOURS)
        snprintf(out, size, "%.0f", value);
    else
        snprintf(out, size, which == ATOM_U_LAB || which == ATOM_U_MAT ? "%.4f" : "%.3f", value);
}

static int sorted_column(const struct tui *tui, bool *ret_descending)
{
    int column = tui->sight.look.sort[0] ? atom_column_find(tui->sight.look.sort, ret_descending) : ATOM_ID;
    for (int k = 0; k < count_columns(&tui->sight.look); k++)
        if ((int)chosen_column(&tui->sight.look, k) == column)
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
        grid_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, "pairs come when all frames are read");
    else if (tui->sight.n_frames < 2)
        grid_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, "one frame: nothing to match it with");
    else
        grid_format(grid, rect.x + 2, rect.y + 1, rect.width - 2, ROLE_WARN, tui->sight.paused ? "cancelled; the next step looks again"
                    : "waiting for the match of %d:%d", tui->sight.pair.a, tui->sight.pair.b);
}

static void make_table(const struct tui *tui, struct table *table, struct table_column *shown)
{
    const struct atom_rows *atoms = &tui->atoms;
    bool descending = false;
    const int first = table_first_column(tui, NULL), n = count_columns(&tui->sight.look) - first, sorted = sorted_column(tui, &descending);
    for (int k = 0; k < n; k++)
        shown[k] = columns[column_at(tui, k)];
    *table = (struct table){.columns = shown, .n_columns = n, .n_rows = atoms->n, .top = atoms->top, .cursor = atoms->cursor,
                            .ascii = tui->tier == GLYPH_ASCII, .descending = descending, .cell = cell, .chosen = chosen,
                            .arg = (void *)tui};
    table->sorted = sorted > 0 ? sorted - first : sorted;
    if (sorted > 0 && table->sorted < 1)
        table->sorted = -1;
}

static void draw(const struct tui *tui, struct grid *grid, struct rect rect)
{
    struct table_column shown[ATOM_COLUMNS];
    struct table table;
    if (tui->atoms.state != ASK_READY) {
        draw_notice(tui, grid, rect);
        return;
    }
    make_table(tui, &table, shown);
    table_scroll(&table, rect.height);
    table_draw(grid, rect.x, rect.y, rect.width, rect.height, &table);
}

static void heading(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    const struct atom_rows *atoms = &tui->atoms;
    bool down = look->sort[0] == '-', ascii = tui->tier == GLYPH_ASCII;
    int used = snprintf(out, size, "table  sort %s %s", look->sort + down, ascii ? (down ? "down" : "up") : down ? "\u25bc" : "\u25b2");
    if (atoms->job && used > 0 && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "  under way");
    if (atoms->state == ASK_READY && used > 0 && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "  %d/%d", (int)atoms->n, (int)atoms->match->n);
    if (isfinite(look->brush_low) && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "  u %.3g...%.3g", look->brush_low, look->brush_high);
    if (look->filter[0] && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, "  %s", look->filter);
}

/* How many rows, and what was left out, always in words. */
static void footing(const struct tui *tui, char *out, size_t size)
{
    const struct look *look = &tui->sight.look;
    const struct atom_rows *atoms = &tui->atoms;
    *out = '\0';
    if (atoms->state != ASK_READY)
        return;
    int used = snprintf(out, size, "row %ld of %d", atoms->n > 0 ? atoms->cursor + 1 : 0, (int)atoms->n);
    if (atoms->n < atoms->match->n && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, " (%d atoms)", (int)atoms->match->n);
    if (isfinite(look->brush_low) && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "   u %.3g to %.3g", look->brush_low, look->brush_high);
    if (look->filter[0] && (size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "   filter %s", look->filter);
    if (look->select[0] && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, "   %d selected: %s", (int)atoms->n_chosen, look->select);
}

static bool cursor(const struct tui *tui, int right, int down, char *command, size_t size)
{
    (void)tui;
    if (down)
        snprintf(command, size, "step atom %+d", down);
    else
        snprintf(command, size, "step column %+d", right);
    return true;
}

static bool click(const struct tui *tui, struct rect rect, int x, int y, char *command, size_t size)
{
    struct table_column shown[ATOM_COLUMNS];
    struct table table;
    if (tui->atoms.state != ASK_READY)
        return false;
    make_table(tui, &table, shown);
    table_scroll(&table, rect.height);
    long row = table.top + y - rect.y - 1;
    if (y > rect.y) {
        if (row < 0 || row >= tui->atoms.n)
            return false;
        snprintf(command, size, "goto atom=%lld", (long long)tui->atoms.a->id[tui->atoms.row[row]]);
        return true;
    }
    int column = table_column_at(&table, rect.width, x - rect.x);
    if (column < 0)
        return false;
    if (column == table.sorted)
        snprintf(command, size, "sort reverse");
    else
        snprintf(command, size, "sort %s desc", atom_column_name[column_at(tui, column)]);
    return true;
}

static bool wheel(const struct tui *tui, struct rect rect, int x, int y, int down, char *command, size_t size)
{
    (void)tui;
    (void)rect;
    (void)x;
    (void)y;
    snprintf(command, size, "step atom %+d", 3 * down);
    return true;
}

/* p(u) at this atom's displacement. */
static bool dive(const struct tui *tui, char *command, size_t size)
{
    const struct atom_rows *atoms = &tui->atoms;
    if (atoms->state == ASK_READY && atoms->cursor >= 0 && atoms->cursor < atoms->n)
        snprintf(command, size, "goto atom=%lld; view pu", (long long)atoms->a->id[atoms->row[atoms->cursor]]);
    else
        snprintf(command, size, "view pu");
    return true;
}

bool table_row_command(const struct tui *tui, char *out, size_t size)
{
    const struct sight *sight = &tui->sight;
    const struct atom_rows *atoms = &tui->atoms;
    if (atoms->state != ASK_READY || atoms->cursor < 0 || atoms->cursor >= atoms->n)
        return false;
    snprintf(out, size, "atoms %d:%d of=%s species=%s filter='id == %lld'", sight->pair.a, sight->pair.b, sight->look.raw ? "raw" : "is",
             sight->look.blind ? "blind" : "resolved", (long long)atoms->a->id[atoms->row[atoms->cursor]]);
    return true;
}

static bool print_atoms(const struct tui *tui, char *command, size_t size)
{
    const struct sight *sight = &tui->sight;
    const struct look *look = &sight->look;
    int used = snprintf(command, size, "atoms %d:%d of=%s species=%s", sight->pair.a, sight->pair.b, look->raw ? "raw" : "is",
                        look->blind ? "blind" : "resolved");
    if (look->sort[0] && (size_t)used < size)
        used += snprintf(command + used, size - (size_t)used, " sort=%s", look->sort);
    if (look->filter[0] && (size_t)used < size)
        snprintf(command + used, size - (size_t)used, " filter='%s'", look->filter);
    return true;
}

/* --- which columns --- */

void table_columns_text(const struct look *look, char *out, size_t size)
{
    size_t used = 0;
    snprintf(out, size, "all");
    for (int k = 0; k < look->n_columns && used < size; k++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", k ? " " : "", atom_column_name[look->column[k]]);
}

static bool is_among(const struct look *look, enum atom_column column)
{
    for (int k = 0; k < look->n_columns; k++)
        if (look->column[k] == column)
            return true;
    return look->n_columns == 0;
}

static void say_columns(struct tui *tui)
{
    const struct look *look = &tui->sight.look;
    struct look rest = {.n_columns = 0};
    char shown[120], hidden[120];
    for (int k = 0; k < ATOM_COLUMNS; k++)
        if (!is_among(look, order[k]))
            rest.column[rest.n_columns++] = (unsigned char)order[k];
    table_columns_text(look, shown, sizeof shown);
    table_columns_text(&rest, hidden, sizeof hidden);
    tui_say(tui, ROLE_NORMAL, rest.n_columns > 0 ? "columns %s; left out: %s" : "columns %s", shown, hidden);
}

/* Names are known: the table of commands has them. */
static bool read_columns(const struct command_call *call, struct look *look, isd_error *err)
{
    const char *word;
    bool unused;
    look->n_columns = 0;
    memset(look->column, 0, sizeof look->column);
    for (int k = 0; (word = call_word(call, k)) != NULL; k++) {
        const bool all = strcmp(word, "all") == 0;
        const int column = all ? -1 : atom_column_find(word, &unused);
        if (all && call_n_words(call) > 1)
            screen_refuse(err, ISD_USAGE, "all columns, or some by their names", "columns all");
        else if (!all && k > 0 && is_among(look, (enum atom_column)column))
            isd_error_set(err, ISD_USAGE, "column '%s' is named twice", word);
        else {
            if (!all)
                look->column[look->n_columns++] = (unsigned char)column;
            continue;
        }
        call_error_at_word(call, k, err);
        return false;
    }
    return true;
}

static enum sight_outcome command(struct tui *tui, const struct command_call *call, isd_error *err)
{
    struct look wanted = tui->sight.look;
    if (strcmp(call_spec(call)->name, "columns") != 0)
        return SIGHT_NOT_MINE;
    if (call_n_words(call) == 0) {
        say_columns(tui);
        return SIGHT_CHANGED;
    }
    if (!read_columns(call, &wanted, err))
        return SIGHT_REFUSED;
    tui->sight.look = wanted;
    tui->atoms.column = 0;
    return SIGHT_CHANGED;
}

static const struct key_hint hints[] = {{"j k", "row"},     {"s", "sort"},   {"S", "reverse"}, {"f", "filter"}, {"/", "find"}, {"?", "keys"},
                                        {"[ ]", "tw"},      {", .", "pair"}, {":", "command"}, {"h l", "columns"}, {"B", "blind"},
                                        {"Enter", "p(u) here"}, {"e", "export"},   {"q", "leave"}};

const struct screen screen_table = {
    .title = "table", .digit = '4', .needs_data = true, .draw = draw, .heading = heading, .footing = footing, .cursor = cursor,
    .click = click, .wheel = wheel, .dive = dive, .print = print_atoms, .command = command, .hints = hints, .n_hints = sizeof hints / sizeof *hints};
