/* Numbers in columns: averages and logs of LAMMPS, tables of others. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/columns.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/columns_cells.h"
#include "io/lines.h"
#include "io/words.h"

struct reading {
    struct lines lines;
    const char *path;
    int64_t line; /* number of the one at hand */
    isd_note_fn *note;
    void *note_arg;
    char separator; /* ' ' for blanks, else , ; or tab; NUL: not known yet */
    struct columns *now;  /* the table being read, or NULL */
    struct columns *best; /* of a log: the longest so far, or NULL */
    int32_t size;         /* rows there is room for in `now` */
    int tables;           /* with different columns */
    double timestep;      /* of a log: said last, or NaN */
    struct cells comment; /* names after the last # */
    char comment_text[4096];
};

void columns_free(struct columns *columns)
{
    if (columns == NULL)
        return;
    for (int c = 0; columns->value != NULL && c < columns->n_columns; c++)
        free(columns->value[c]);
    free(columns->value);
    free(columns->name);
    free(columns->word_at);
    free(columns->line);
    free(columns);
}

static isd_status begin_table(struct reading *r, const struct cells *names, int n_columns, isd_error *err)
{
    struct columns *made = calloc(1, sizeof *made);
    if (made == NULL)
        return isd_error_memory(err);
    made->n_columns = n_columns;
    made->timestep = r->timestep;
    made->name = calloc((size_t)n_columns, sizeof *made->name);
    made->value = calloc((size_t)n_columns, sizeof *made->value);
    made->word_at = calloc((size_t)n_columns, sizeof *made->word_at);
    if (made->name == NULL || made->value == NULL || made->word_at == NULL) {
        columns_free(made);
        return isd_error_memory(err);
    }
    for (int c = 0; names != NULL && c < n_columns; c++)
        text_escape(names->begin[c], (size_t)(names->end[c] - names->begin[c]), made->name[c], sizeof made->name[c]);
    r->now = made;
    r->size = 0;
    return ISD_OK;
}

static isd_status grow(struct reading *r, isd_error *err)
{
    struct columns *t = r->now;
    if (t->n_rows < r->size)
        return ISD_OK;
    if (r->size > INT32_MAX / 2)
        return isd_error_memory(err);
    int32_t size = r->size > 0 ? 2 * r->size : 256;
    int64_t *line = realloc(t->line, (size_t)size * sizeof *line);
    if (line == NULL)
        return isd_error_memory(err);
    t->line = line;
    for (int c = 0; c < t->n_columns; c++) {
        double *value = realloc(t->value[c], (size_t)size * sizeof *value);
        if (value == NULL)
            return isd_error_memory(err);
        t->value[c] = value;
    }
    r->size = size;
    return ISD_OK;
}

static isd_status refuse_cell(const struct reading *r, const struct cells *cells, int c, const char *text, int64_t line, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "%.*s is no number that can be used", word_shown(cells->begin[c], cells->end[c]), cells->begin[c]);
    isd_error_at(err, r->path, line, (long long)(cells->begin[c] - text) + 1);
    isd_error_hint(err, cells_has_comma(cells, c) ? "decimal commas are not read: 0,1 is written 0.1" : "take the row out, or leave the cell empty");
    return ISD_DATA;
}

static isd_status add_row(struct reading *r, const struct cells *cells, const char *text, int64_t line, isd_error *err)
{
    struct columns *t = r->now;
    if (cells->n != t->n_columns) {
        isd_error_set(err, ISD_DATA, "%d values in this row, expected %d as in the rows before", cells->n, t->n_columns);
        isd_error_at(err, r->path, line, 0);
        isd_error_hint(err, "averages in vector mode and tables of several kinds in one file are not read");
        return ISD_DATA;
    }
    isd_status status = grow(r, err);
    if (status != ISD_OK)
        return status;
    for (int c = 0; c < t->n_columns; c++) {
        double value = NAN;
        bool number = cells_number(cells, c, &value);
        if (!number && (cells_not_finite(cells, c) || cells_has_comma(cells, c)))
            return refuse_cell(r, cells, c, text, line, err);
        if (t->n_rows == 0 && !number)
            t->word_at[c] = (int)(cells->begin[c] - text) + 1;
        if (!number && !t->word_at[c])
            return refuse_cell(r, cells, c, text, line, err);
        t->value[c][t->n_rows] = t->word_at[c] ? NAN : value;
    }
    t->line[t->n_rows++] = line;
    return ISD_OK;
}

static bool same_names(const struct columns *t, const struct cells *names)
{
    if (t->n_columns != names->n)
        return false;
    for (int c = 0; c < names->n; c++)
        if (!word_is(names->begin[c], names->end[c], t->name[c]))
            return false;
    return true;
}

static void tell(const struct reading *r, isd_error *note)
{
    isd_error_at(note, r->path, 0, 0);
    if (r->note != NULL)
        r->note(r->note_arg, note);
}

/* A log goes on with another table: keep the longer one. */
static void settle_table(struct reading *r)
{
    if (r->now != NULL && (r->best == NULL || r->now->n_rows > r->best->n_rows)) {
        struct columns *shorter = r->best;
        r->best = r->now;
        r->now = shorter;
    }
    columns_free(r->now);
    r->now = NULL;
}

/* --- logs -------------------------------------------------------------------------------------------------------- */

/* "timestep 0.005", "  Time step     : 0.005" */
static void keep_timestep(struct reading *r, const struct cells *cells)
{
    bool command = cells->n == 2 && word_is(cells->begin[0], cells->end[0], "timestep");
    bool setup = cells->n == 4 && word_is(cells->begin[0], cells->end[0], "Time") && word_is(cells->begin[1], cells->end[1], "step") &&
                 word_is(cells->begin[2], cells->end[2], ":");
    double value;
    if ((command || setup) && scan_double(cells->begin[cells->n - 1], cells->end[cells->n - 1], &value) == cells->end[cells->n - 1] && value > 0)
        r->timestep = value;
}

static isd_status log_line(struct reading *r, const char *text, size_t length, bool *in_table, isd_error *err)
{
    struct cells cells;
    int64_t line = r->line;
    if (!cells_cut(text, length, ' ', &cells) || cells.n == 0)
        return ISD_OK;
    if (word_is(cells.begin[0], cells.end[0], "Step") && cells.n > 1) {
        *in_table = true;
        if (r->now != NULL && same_names(r->now, &cells)) {
            r->now->timestep = r->now->timestep == r->timestep ? r->timestep : NAN;
            return ISD_OK;
        }
        settle_table(r);
        r->tables++;
        isd_status status = begin_table(r, &cells, cells.n, err);
        if (r->now != NULL)
            r->now->log = true;
        return status;
    }
    if (!*in_table)
        keep_timestep(r, &cells);
    if (*in_table && (cells.n != r->now->n_columns || !cells_all_numbers(&cells))) {
        for (int c = 0; c < cells.n && cells.n == r->now->n_columns; c++)
            if (c > 0 && cells_not_finite(&cells, c))
                return refuse_cell(r, &cells, c, text, line, err);
        bool warning = length >= 8 && memcmp(text, "WARNING:", 8) == 0;
        *in_table = warning;
        return ISD_OK;
    }
    return *in_table ? add_row(r, &cells, text, line, err) : ISD_OK;
}

/* --- averages and tables -------------------------------------------------------------------------------------------- */

static void keep_comment(struct reading *r, const char *text, size_t length)
{
    size_t skip = 0;
    while (skip < length && (text[skip] == '#' || word_blank(text[skip])))
        skip++;
    if (length - skip >= sizeof r->comment_text)
        return;
    memcpy(r->comment_text, text + skip, length - skip);
    r->comment_text[length - skip] = '\0';
    if (!cells_cut(r->comment_text, length - skip, cells_separator(r->comment_text, length - skip), &r->comment))
        r->comment.n = 0;
}

static isd_status table_line(struct reading *r, const char *text, size_t length, isd_error *err)
{
    struct cells cells;
    int64_t line = r->line;
    if (word_start(text, text + length) == text + length)
        return ISD_OK;
    if (*text == '#') {
        keep_comment(r, text, length);
        return ISD_OK;
    }
    if (r->separator == '\0')
        r->separator = cells_separator(text, length);
    if (!cells_cut(text, length, r->separator, &cells)) {
        isd_error_set(err, ISD_DATA, "more than %d columns", CELLS_MOST);
        isd_error_at(err, r->path, line, 0);
        return ISD_DATA;
    }
    if (r->now != NULL)
        return add_row(r, &cells, text, line, err);
    double ignored;
    bool named = false;
    for (int c = 0; c < cells.n; c++)
        named = named || (!cells_number(&cells, c, &ignored) && !cells_not_finite(&cells, c));
    if (named && r->comment.n != cells.n) /* words under a commented line of names are data */
        return begin_table(r, &cells, cells.n, err);
    isd_status status = begin_table(r, r->comment.n == cells.n ? &r->comment : NULL, cells.n, err);
    return status == ISD_OK ? add_row(r, &cells, text, line, err) : status;
}

static bool begins_log(const char *text, size_t length)
{
    return length >= 8 && memcmp(text, "LAMMPS (", 8) == 0;
}

/* --- is it one? ---------------------------------------------------------------------------------------------------------- */

/* Two rows of as many numbers, after comments and perhaps a line of names. */
bool columns_seem(const char *head, size_t length)
{
    struct cells cells;
    const char *end = head + length, *p = head;
    int n = 0, rows = 0, words = 0;
    char separator = '\0';
    if (begins_log(head, length))
        return true;
    while (p < end && rows < 2) {
        const char *stop = memchr(p, '\n', (size_t)(end - p)), *line = p;
        if (stop == NULL)
            break; /* the rest may be cut */
        p = stop + 1;
        if (*line == '#' || word_start(line, stop) == stop)
            continue;
        separator = separator != '\0' ? separator : cells_separator(line, (size_t)(stop - line));
        if (!cells_cut(line, (size_t)(stop - line), separator, &cells) || cells.n < 2 || (n > 0 && cells.n != n))
            return false;
        n = cells.n;
        if (cells_all_numbers(&cells))
            rows++;
        else if (rows > 0 || words++ > 0)
            return false;
    }
    return rows > 0;
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

/* A last line without a newline that begins with a number and has fewer cells than the rows before: cut. */
static bool is_stump(struct reading *r, const char *text, size_t length)
{
    struct cells cells;
    double ignored;
    return r->now != NULL && r->now->n_rows > 0 && cells_cut(text, length, r->separator != '\0' ? r->separator : ' ', &cells) && cells.n > 0 &&
           cells.n < r->now->n_columns && (cells.n == 1 || cells_number(&cells, 0, &ignored));
}

static void leave_out_stump(struct reading *r)
{
    isd_error note;
    isd_error_set(&note, ISD_DATA, "the file ends inside a row, which is left out");
    r->now->marked = true;
    tell(r, &note);
}

/* The last row has no newline: what LAMMPS writes was cut there, a table of others may be whole. */
static void doubt_last_row(struct reading *r)
{
    if (r->now == NULL || r->now->n_rows == 0 || r->now->line[r->now->n_rows - 1] != r->line)
        return;
    bool cut_short = r->now->log || r->comment.n > 0;
    isd_error note;
    if (cut_short) {
        r->now->n_rows--;
        leave_out_stump(r);
    } else {
        isd_error_set(&note, ISD_DATA, "the last row ends without a newline: its last number may be cut");
        tell(r, &note);
    }
}

static isd_status read_lines(struct reading *r, isd_error *err)
{
    bool first = true, log = false, in_table = false;
    for (;;) {
        const char *text;
        size_t length;
        bool whole;
        r->line = r->lines.number;
        isd_status status = lines_next(&r->lines, &text, &length, &whole, err);
        if (status != ISD_OK)
            return status;
        if (text == NULL)
            break;
        if (first)
            log = begins_log(text, length);
        first = false;
        if (!whole && is_stump(r, text, length)) {
            if (!log || in_table)
                leave_out_stump(r);
            continue;
        }
        status = log ? log_line(r, text, length, &in_table, err) : table_line(r, text, length, err);
        if (status != ISD_OK)
            return status;
        if (!whole)
            doubt_last_row(r);
    }
    if (source_fault(r->lines.source) != SOURCE_FINE && source_fault(r->lines.source) != SOURCE_GARBAGE) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "the compressed file is cut short or damaged (%s): %" PRId32 " rows are used",
                      source_fault_text(r->lines.source), r->now != NULL ? r->now->n_rows : 0);
        tell(r, &note);
        if (r->now != NULL)
            r->now->marked = true;
    }
    settle_table(r);
    return ISD_OK;
}

static isd_status check_result(struct reading *r, isd_error *err)
{
    if (r->best == NULL || r->best->n_rows == 0) {
        isd_error_set(err, ISD_DATA, "no rows of numbers");
        isd_error_at(err, r->path, 0, 0);
        isd_error_hint(err, "output of fix ave/time, a log with thermodynamic output, or a table of columns is read");
        return ISD_DATA;
    }
    if (r->tables > 1) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "the log holds %d tables of different columns: the longest is used, %" PRId32 " rows from line %" PRId64 " on",
                      r->tables, r->best->n_rows, r->best->line[0]);
        tell(r, &note);
    }
    return ISD_OK;
}

/* Takes over the source. */
static isd_status read_source(struct source *source, const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                              struct columns **ret_columns, isd_error *err)
{
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL) {
        source_close(source);
        return isd_error_memory(err);
    }
    r->path = path;
    r->timestep = NAN;
    r->note = note;
    r->note_arg = note_arg;
    isd_status status = lines_init(&r->lines, source, 0, control, err);
    if (status == ISD_OK)
        status = lines_skip_mark(&r->lines, err);
    if (status == ISD_OK)
        status = read_lines(r, err);
    if (status == ISD_OK)
        status = check_result(r, err);
    if (status == ISD_OK) {
        *ret_columns = r->best;
        r->best = NULL;
    }
    lines_done(&r->lines);
    columns_free(r->now);
    columns_free(r->best);
    free(r);
    return status;
}

isd_status columns_read(const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                        struct columns **ret_columns, isd_error *err)
{
    struct source *source = NULL;
    isd_status status = source_open(path, 0, false, &source, err);
    return status == ISD_OK ? read_source(source, path, note, note_arg, control, ret_columns, err) : status;
}

isd_status columns_read_memory(const char *name, const void *data, size_t size, isd_note_fn *note, void *note_arg,
                               struct columns **ret_columns, isd_error *err)
{
    struct source *source = NULL;
    isd_status status = source_open_memory(name, data, size, 0, false, &source, err);
    return status == ISD_OK ? read_source(source, name, note, note_arg, NULL, ret_columns, err) : status;
}

/* Past v_, c_ or f_, as LAMMPS writes variables, computes and fixes. */
static const char *bare(const char *name)
{
    bool reference = (name[0] == 'v' || name[0] == 'c' || name[0] == 'f') && name[1] == '_';
    return reference ? name + 2 : name;
}

/* pass 0: to the letter. */
static bool is_called(const char *have, const char *name, int pass)
{
    return have[0] != '\0' && (pass == 0 ? strcmp(have, name) == 0 : strlen(name) > 1 && strcasecmp(bare(have), bare(name)) == 0);
}

isd_status columns_need_numbers(const struct columns *columns, const char *path, int column, isd_error *err)
{
    if (columns->word_at[column] == 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "column %s holds words where numbers are expected", columns->name[column]);
    isd_error_at(err, path, columns->line[0], columns->word_at[column]);
    isd_error_hint(err, "cells without a number are left empty");
    return ISD_DATA;
}

isd_status columns_find_one(const struct columns *columns, const char *path, const char *name, int *ret_column, isd_error *err)
{
    int found = -1;
    for (int pass = 0; pass < 2 && found < 0; pass++)
        for (int c = 0; c < columns->n_columns; c++) {
            if (!is_called(columns->name[c], name, pass))
                continue;
            if (found >= 0) {
                isd_error_set(err, ISD_DATA, "columns %d and %d are both named %s", found + 1, c + 1, columns->name[c]);
                isd_error_at(err, path, 0, 0);
                isd_error_hint(err, "give the one that is not meant another name");
                return ISD_DATA;
            }
            found = c;
        }
    isd_status status = found >= 0 ? columns_need_numbers(columns, path, found, err) : ISD_OK;
    if (status == ISD_OK)
        *ret_column = found;
    return status;
}

int columns_find(const struct columns *columns, const char *name)
{
    for (int pass = 0; pass < 2; pass++)
        for (int c = 0; c < columns->n_columns; c++)
            if (is_called(columns->name[c], name, pass))
                return c;
    int64_t number;
    return scan_whole_int64(name, &number) && number >= 1 && number <= columns->n_columns ? (int)number - 1 : -1;
}
