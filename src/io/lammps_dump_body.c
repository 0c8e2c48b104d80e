/* The rows of a frame of a LAMMPS text dump: columns by name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_dump_frame.h"

#include <inttypes.h>
#include <string.h>

#include "base/scan_word.h"
#include "io/words.h"

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

static isd_status cut_in_rows(struct dump_frame *f, isd_error *err)
{
    f->end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", which claims %" PRId32 " atom%s and has %" PRId32 " whole line%s",
                  f->file->frame, f->n, plural(f->n), f->filled, plural(f->filled));
    isd_error_at(err, source_path(f->lines->source), f->lines->number, 0);
    return ISD_OK;
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

/* What is wrong with a row, before it is known whether the row is just cut. */
struct complaint {
    const char *at; /* NULL: the row is short */
    const char *expected;
    int32_t columns;
};

static inline bool ends_word(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static const char *scan_bounded(const char *p, const char *end, int64_t low, int64_t high, int32_t *ret_value)
{
    int64_t value;
    const char *stop = scan_int64(p, end, &value);
    if (stop == NULL || value < low || value > high)
        return NULL;
    *ret_value = (int32_t)value;
    return stop;
}

/* The element of a row that has a type too: the first one met names the type. */
static void name_type(struct dump_frame *f, int32_t type, const char *p, size_t length)
{
    char *name = f->snapshot->element[type];
    if (length >= ISD_LABEL_SIZE)
        length = ISD_LABEL_SIZE - 1;
    if (name[0] == '\0') {
        memcpy(name, p, length);
        name[length] = '\0';
    } else if (strlen(name) != length || memcmp(name, p, length) != 0) {
        f->dump->two_elements = true;
    }
}

/* One used value at p; NULL and a complaint if it is wrong. */
static inline const char *parse_value(struct dump_frame *f, unsigned use, int32_t i, const char *p, const char *end,
                                      struct complaint *complaint)
{
    isd_snapshot *s = f->snapshot;
    const char *stop;
    switch (use) {
    case COLUMN_POSITION:
    case COLUMN_POSITION + 1:
    case COLUMN_POSITION + 2:
        complaint->expected = "a finite decimal number";
        return scan_double(p, end, &s->position[3 * (size_t)i + (use - COLUMN_POSITION)]);
    case COLUMN_IMAGE:
    case COLUMN_IMAGE + 1:
    case COLUMN_IMAGE + 2:
        complaint->expected = "an image count";
        return scan_bounded(p, end, INT32_MIN, INT32_MAX, &s->image[3 * (size_t)i + (use - COLUMN_IMAGE)]);
    case COLUMN_ID:
        complaint->expected = "an atom id, a whole number from 1";
        stop = scan_int64(p, end, &s->id[i]);
        return stop != NULL && s->id[i] > 0 ? stop : NULL;
    case COLUMN_TYPE:
        complaint->expected = "an atom type, a whole number from 1 to 64";
        return scan_bounded(p, end, 1, ISD_MAX_TYPES, &s->type[i]);
    default:
        complaint->expected = "an element name of at most 15 bytes, 64 different ones in all";
        stop = word_end(p, end);
        if (!f->columns.has_type) {
            s->type[i] = elements_find(f->file->elements, p, (size_t)(stop - p));
            return s->type[i] > 0 ? stop : NULL;
        }
        return stop;
    }
}

/* The row at p, which ends in a newline before `end`; returns what follows it, or NULL and a complaint. */
static const char *parse_row(struct dump_frame *f, int32_t i, const char *p, const char *end, struct complaint *complaint)
{
    const unsigned char *use = f->columns.use;
    const char *element = NULL;
    for (int32_t c = 0; c < f->columns.n; c++) {
        while (word_blank(*p))
            p++;
        if (*p == '\n') {
            *complaint = (struct complaint){.at = NULL, .columns = c};
            return NULL;
        }
        if (use[c] == COLUMN_SKIP) {
            while (!ends_word(*p))
                p++;
            continue;
        }
        if (use[c] == COLUMN_ELEMENT)
            element = p;
        const char *stop = parse_value(f, use[c], i, p, end, complaint);
        if (stop == NULL || !ends_word(*stop)) {
            complaint->at = p;
            return NULL;
        }
        p = stop;
    }
    while (word_blank(*p))
        p++;
    if (*p != '\n') {
        *complaint = (struct complaint){.at = p, .expected = "the end of the line", .columns = f->columns.n};
        return NULL;
    }
    if (element != NULL && f->columns.has_type)
        name_type(f, f->snapshot->type[i], element, (size_t)(word_end(element, p) - element));
    return p + 1;
}

static isd_status refuse_row(struct dump_frame *f, const char *row, const char *end, const struct complaint *complaint,
                             int64_t line, isd_error *err)
{
    if (complaint->at == NULL) { /* `row` may be gone: only blank lines were read since */
        isd_error_set(err, ISD_DATA, "row %" PRId32 " of %" PRId32 " has %" PRId32 " value%s, ITEM: ATOMS names %" PRId32 " columns",
                      f->filled + 1, f->n, complaint->columns, plural(complaint->columns), f->columns.n);
        isd_error_hint(err, "a frame of a damaged file: cut the file before its ITEM: TIMESTEP");
        return dump_refuse_at(f, line, 0, err);
    }
    if (end - row > 5 && memcmp(row, "ITEM:", 5) == 0) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId32 " atom%s and has %" PRId32 " line%s before the next ITEM:",
                      f->file->frame, f->n, plural(f->n), f->filled, plural(f->filled));
        isd_error_hint(err, "a run that was killed and started again appends like this: take the broken frame out");
        return dump_refuse_at(f, line, 0, err);
    }
    const char *at = complaint->at;
    isd_error_set(err, ISD_DATA, "'%.*s', expected %s", word_shown(at, word_end(at, end)), at, complaint->expected);
    if (complaint->columns == f->columns.n)
        isd_error_hint(err, "more values than the %" PRId32 " columns that ITEM: ATOMS names: which is which is not known", f->columns.n);
    return dump_refuse_at(f, line, at - row + 1, err);
}

/* A row that is wrong may only be short because the data ends there. */
static isd_status judge_row(struct dump_frame *f, const char *row, const char *end, bool whole,
                            const struct complaint *complaint, isd_error *err)
{
    if (!whole)
        return cut_in_rows(f, err);
    if (complaint->at == NULL && complaint->columns == 0) {
        int64_t line = f->lines->number;
        bool blank = false;
        isd_status status = lines_rest_blank(f->lines, &blank, err);
        if (status != ISD_OK)
            return status;
        return blank ? cut_in_rows(f, err) : refuse_row(f, row, end, complaint, line, err);
    }
    return refuse_row(f, row, end, complaint, f->lines->number, err);
}

static isd_status grow(struct dump_frame *f, isd_error *err)
{
    return format_grow(f->file, f->n, f->filled, f->columns.has_image, &f->snapshot, err);
}

/* Looking for rows to take fast costs as much as some rows do: not where that gave fewer than FRUITFUL too often. */
#define FRUITFUL 64
#define MOST_FRUITLESS 4

/* Rows of one block, which ends with a newline in any case. */
static isd_status parse_block(struct dump_frame *f, const char *text, size_t length, bool whole, isd_error *err)
{
    const char *p = text, *end = text + length + !whole;
    int32_t first = f->filled;
    int fruitless = 0;
    while (p < end && f->filled < f->snapshot->n) {
        if (fruitless < MOST_FRUITLESS && whole && p - text >= SCAN_WORD_BEFORE) {
            size_t bytes;
            int32_t taken = f->dump->take_rows(&f->columns, p, (size_t)(end - p), f->filled, f->snapshot->n - f->filled,
                                               f->snapshot, &bytes);
            f->filled += taken;
            p += bytes;
            fruitless += taken < FRUITFUL;
            if (taken > 0)
                continue;
        }
        struct complaint complaint = {.at = NULL};
        const char *next = parse_row(f, f->filled, p, end, &complaint);
        if (next == NULL) {
            lines_consume(f->lines, (size_t)(p - text), f->filled - first);
            return judge_row(f, p, end, whole, &complaint, err);
        }
        p = next;
        f->filled++;
    }
    lines_consume(f->lines, (size_t)(p - text) - !whole, whole ? f->filled - first : 0);
    if (!whole && f->filled < f->n)
        return cut_in_rows(f, err);
    if (!whole) {
        f->end = FRAME_WHOLE_NO_NEWLINE;
        isd_error_set(err, ISD_DATA, "the last line of frame %" PRId32 " does not end in a newline: its last number may be cut", f->file->frame);
        isd_error_at(err, source_path(f->lines->source), f->lines->number, 0);
        isd_error_hint(err, "add the newline if the file is complete");
    }
    return ISD_OK;
}

/* No atom takes less than a digit and a separator for each column. */
static bool claim_fits(struct dump_frame *f)
{
    double least_bytes = 2.0 * f->columns.n * f->n - 1;
    return least_bytes <= (double)lines_left(f->lines);
}

static isd_status read_rows(struct dump_frame *f, isd_error *err)
{
    if (!claim_fits(f))
        return cut_in_rows(f, err);
    isd_status status = grow(f, err);
    while (status == ISD_OK && f->filled < f->n && f->end == FRAME_WHOLE) {
        const char *text;
        size_t length;
        bool whole;
        if (f->filled == f->snapshot->n)
            status = grow(f, err);
        if (status == ISD_OK)
            status = lines_block(f->lines, &text, &length, &whole, err);
        if (status == ISD_OK)
            status = length == 0 ? cut_in_rows(f, err) : parse_block(f, text, length, whole, err);
    }
    return status;
}

/* --- after the rows ------------------------------------------------------------------------------------------------ */

static isd_status finish(struct dump_frame *f, isd_error *err)
{
    isd_snapshot *s = f->snapshot;
    dump_columns_place(&f->columns, &f->cell, s);
    if (!f->columns.has_z)
        f->cell.box.dim = 2;
    s->step = f->step;
    s->has_step = f->have & HAS_STEP;
    s->time = f->time;
    s->has_time = f->have & HAS_TIME;
    s->has_ids = f->columns.has_id;
    s->unwrapped = f->columns.unwrapped;
    memcpy(s->units, f->dump->units, sizeof s->units);
    if (!f->columns.has_type && f->columns.has_element)
        memcpy(s->element, f->file->elements->name, sizeof s->element);
    else if (!f->columns.has_type)
        for (int32_t i = 0; i < f->n; i++)
            s->type[i] = 1;
    isd_status status = format_finish(s, &f->cell.box, err);
    if (status == ISD_DATA)
        return dump_refuse_at(f, isd_box_check(&s->box, NULL) == ISD_OK ? f->atoms_line : f->box_line, 0, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &f->cell);
    return status;
}

isd_status dump_read_atoms(struct dump_frame *f, const char *columns, const char *end, isd_error *err)
{
    f->atoms_line = f->lines->number - 1;
    if (!(f->have & HAS_COUNT) || !(f->have & HAS_BOX)) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " has no ITEM: %s before its ITEM: ATOMS", f->file->frame,
                      f->have & HAS_COUNT ? "BOX BOUNDS" : "NUMBER OF ATOMS");
        return dump_refuse_at(f, f->atoms_line, 0, err);
    }
    isd_status status = dump_columns_init(&f->columns, columns, (size_t)(end - columns), &f->cell,
                                          f->file->options.by_element, err);
    if (status != ISD_OK) {
        isd_error_at(err, source_path(f->lines->source), f->atoms_line, 0);
        return status;
    }
    status = read_rows(f, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = finish(f, err);
    return status;
}
