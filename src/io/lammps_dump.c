/* LAMMPS text dumps: header items in any order, columns by name, bounding boxes undone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "base/scan_word.h"
#include "io/dump_columns.h"
#include "io/format.h"
#include "io/lammps_dump_rows.h"
#include "io/words.h"

/* What carries over from frame to frame of one file. */
struct lammps_dump {
    char units[16];    /* ITEM: UNITS is written once a file */
    bool two_elements; /* some type was met with two element names */
    dump_rows_fn *take_rows;
};

enum header_item {
    HAS_STEP = 1,
    HAS_TIME = 2,
    HAS_COUNT = 4,
    HAS_BOX = 8
};

/* A frame under construction. */
struct frame {
    struct lammps_dump *dump;
    struct format_file *file;
    struct lines *lines; /* the file's */
    unsigned have; /* of enum header_item */
    int64_t step;
    double time;
    int32_t n, filled;
    bool periodic[3];
    struct file_cell cell; /* turned: ITEM: BOX BOUNDS abc origin with a cell that is not in LAMMPS' form */
    int64_t box_line, atoms_line;
    struct dump_columns columns;
    isd_snapshot *snapshot;
    enum frame_end end;
};

/* --- words and lines --------------------------------------------------------------------------------------------- */

/* Does the text begin with this word, and does the word end there? */
static bool begins(const char *p, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - p) >= length && memcmp(p, word, length) == 0 &&
           ((size_t)(end - p) == length || word_blank(p[length]));
}

static isd_status refuse_at(struct frame *f, int64_t line, int64_t column, isd_error *err)
{
    isd_error_at(err, source_path(f->lines->source), line, column);
    return ISD_DATA;
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* The data ends here: not an error yet, the reader decides. */
static isd_status cut(struct frame *f, const char *in_what, isd_error *err)
{
    f->end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", %s", f->file->frame, in_what);
    isd_error_at(err, source_path(f->lines->source), f->lines->number, 0);
    return ISD_OK;
}

static isd_status cut_in_rows(struct frame *f, isd_error *err)
{
    f->end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", which claims %" PRId32 " atom%s and has %" PRId32 " whole line%s",
                  f->file->frame, f->n, plural(f->n), f->filled, plural(f->filled));
    isd_error_at(err, source_path(f->lines->source), f->lines->number, 0);
    return ISD_OK;
}

/* A whole line of the header; anything else ends in FRAME_CUT. */
static isd_status header_line(struct frame *f, const char **ret_p, const char **ret_end, isd_error *err)
{
    size_t length;
    bool whole;
    isd_status status = lines_next(f->lines, ret_p, &length, &whole, err);
    if (status != ISD_OK)
        return status;
    *ret_end = length > 0 ? *ret_p + length : *ret_p;
    return *ret_p != NULL && whole ? ISD_OK : cut(f, "inside its header", err);
}

/* --- header items -------------------------------------------------------------------------------------------------- */

/* The one integer on the next line. */
static isd_status read_integer(struct frame *f, const char *item, int64_t *ret_value, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    p = word_start(p, end);
    int64_t value;
    const char *stop = scan_int64(p, end, &value);
    if (stop == NULL || word_start(stop, end) != end) {
        isd_error_set(err, ISD_DATA, "ITEM: %s is '%.*s', expected a whole number that fits 64 bits", item, word_shown(p, end), p);
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    *ret_value = value;
    return ISD_OK;
}

static isd_status read_count(struct frame *f, isd_error *err)
{
    int64_t n = 0;
    isd_status status = read_integer(f, "NUMBER OF ATOMS", &n, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (n < 0 || n > INT32_MAX) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId64 " atoms, expected 0 to %d", f->file->frame, n, INT32_MAX);
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    f->n = (int32_t)n;
    return ISD_OK;
}

static isd_status read_time(struct frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    p = word_start(p, end);
    const char *stop = scan_double(p, end, &f->time);
    if (stop == NULL || word_start(stop, end) != end) {
        isd_error_set(err, ISD_DATA, "ITEM: TIME is '%.*s', expected a number", word_shown(p, end), p);
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    return ISD_OK;
}

static isd_status read_units(struct frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    p = word_start(p, end);
    size_t length = (size_t)(word_end(p, end) - p);
    if (length == 0 || length >= sizeof f->dump->units) {
        isd_error_set(err, ISD_DATA, "ITEM: UNITS is '%.*s', expected a name such as lj or metal", word_shown(p, end), p);
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    memcpy(f->dump->units, p, length);
    f->dump->units[length] = '\0';
    return ISD_OK;
}

/* --- the box ------------------------------------------------------------------------------------------------------- */

/* One line of `n` numbers. */
static isd_status read_row(struct frame *f, int n, double *ret_row, isd_error *err)
{
    const char *line, *end;
    isd_status status = header_line(f, &line, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    const char *p = word_start(line, end);
    for (int k = 0; k < n; k++) {
        const char *stop = scan_double(p, end, &ret_row[k]);
        if (stop == NULL || (stop < end && !word_blank(*stop))) {
            isd_error_set(err, ISD_DATA, "a line of the box has '%.*s' where number %d of %d was expected",
                          word_shown(p, word_end(p, end)), p, k + 1, n);
            return refuse_at(f, f->lines->number - 1, p - line + 1, err);
        }
        p = word_start(stop, end);
    }
    if (p != end) {
        isd_error_set(err, ISD_DATA, "a line of the box has more than %d numbers", n);
        return refuse_at(f, f->lines->number - 1, p - line + 1, err);
    }
    return ISD_OK;
}

/* "pp pp ff"; none at all (old files) means periodic. */
static isd_status read_flags(struct frame *f, const char *line, const char *p, const char *end, isd_error *err)
{
    for (int d = 0; d < 3; d++)
        f->periodic[d] = true;
    p = word_start(p, end);
    if (p == end)
        return ISD_OK;
    for (int d = 0; d < 3; d++) {
        const char *stop = word_end(p, end);
        bool good = stop - p >= 1 && stop - p <= 2;
        for (const char *c = p; good && c < stop; c++)
            good = strchr("pfsm", *c) != NULL;
        if (!good) {
            isd_error_set(err, ISD_DATA, "boundary flag '%.*s', expected two letters of p, f, s, m for each axis",
                          word_shown(p, stop), p);
            return refuse_at(f, f->lines->number - 1, p - line + 1, err);
        }
        f->periodic[d] = *p == 'p';
        p = word_start(stop, end);
    }
    return ISD_OK;
}

/* Rows lo hi tilt, or (four wide) a, b, c with the origin at their ends. */
static bool set_cell(struct frame *f, int width, double row[3][4])
{
    bool good = true;
    if (width == 4) {
        const double origin[3] = {row[0][3], row[1][3], row[2][3]};
        good = cell_from_vectors(&f->cell, row[0], row[1], row[2], origin) && !f->cell.mirrored;
    } else {
        double bounds[3][3];
        for (int d = 0; d < 3; d++)
            memcpy(bounds[d], row[d], sizeof bounds[d]);
        cell_from_bounds(&f->cell, bounds);
    }
    memcpy(f->cell.box.periodic, f->periodic, sizeof f->periodic);
    return good;
}

static isd_status read_box(struct frame *f, const char *line, const char *p, const char *end, isd_error *err)
{
    f->box_line = f->lines->number;
    int width = 2;
    p = word_start(p, end);
    if (begins(p, end, "abc origin"))
        width = 4;
    else if (begins(p, end, "xy xz yz"))
        width = 3;
    if (width > 2)
        p += width == 4 ? strlen("abc origin") : strlen("xy xz yz");
    isd_status status = read_flags(f, line, p, end, err);
    double row[3][4] = {{0}};
    for (int d = 0; d < 3 && status == ISD_OK && f->end != FRAME_CUT; d++) {
        status = read_row(f, width, row[d], err);
        if (status == ISD_OK && f->end != FRAME_CUT && width < 4 && !(row[d][1] >= row[d][0])) {
            isd_error_set(err, ISD_DATA, "the box runs from %.17g to %.17g along %c, expected a positive size",
                          row[d][0], row[d][1], "xyz"[d]);
            return refuse_at(f, f->lines->number - 1, 0, err);
        }
    }
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (!set_cell(f, width, row)) {
        isd_error_set(err, ISD_DATA, "a, b, c do not span a right-handed cell");
        return refuse_at(f, f->box_line, 0, err);
    }
    /* A flat cell may turn out two-dimensional: z is judged when the atoms are known. */
    isd_box flat = f->cell.box;
    flat.dim = 2;
    status = isd_box_check(&flat, err);
    if (status != ISD_OK)
        return refuse_at(f, f->box_line, 0, err);
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
static void name_type(struct frame *f, int32_t type, const char *p, size_t length)
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
static inline const char *parse_value(struct frame *f, unsigned use, int32_t i, const char *p, const char *end,
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
static const char *parse_row(struct frame *f, int32_t i, const char *p, const char *end, struct complaint *complaint)
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

static isd_status refuse_row(struct frame *f, const char *row, const char *end, const struct complaint *complaint,
                             int64_t line, isd_error *err)
{
    if (complaint->at == NULL) { /* `row` may be gone: only blank lines were read since */
        isd_error_set(err, ISD_DATA, "row %" PRId32 " of %" PRId32 " has %" PRId32 " value%s, ITEM: ATOMS names %" PRId32 " columns",
                      f->filled + 1, f->n, complaint->columns, plural(complaint->columns), f->columns.n);
        isd_error_hint(err, "a frame of a damaged file: cut the file before its ITEM: TIMESTEP");
        return refuse_at(f, line, 0, err);
    }
    if (end - row > 5 && memcmp(row, "ITEM:", 5) == 0) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId32 " atom%s and has %" PRId32 " line%s before the next ITEM:",
                      f->file->frame, f->n, plural(f->n), f->filled, plural(f->filled));
        isd_error_hint(err, "a run that was killed and started again appends like this: take the broken frame out");
        return refuse_at(f, line, 0, err);
    }
    const char *at = complaint->at;
    isd_error_set(err, ISD_DATA, "'%.*s', expected %s", word_shown(at, word_end(at, end)), at, complaint->expected);
    if (complaint->columns == f->columns.n)
        isd_error_hint(err, "more values than the %" PRId32 " columns that ITEM: ATOMS names: which is which is not known", f->columns.n);
    return refuse_at(f, line, at - row + 1, err);
}

/* A row that is wrong may only be short because the data ends there. */
static isd_status judge_row(struct frame *f, const char *row, const char *end, bool whole,
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

static isd_status grow(struct frame *f, isd_error *err)
{
    return format_grow(f->file, f->n, f->filled, f->columns.has_image, &f->snapshot, err);
}

/* Looking for rows to take fast costs as much as some rows do: not where that gave fewer than FRUITFUL too often. */
#define FRUITFUL 64
#define MOST_FRUITLESS 4

/* Rows of one block, which ends with a newline in any case. */
static isd_status parse_block(struct frame *f, const char *text, size_t length, bool whole, isd_error *err)
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
static bool claim_fits(struct frame *f)
{
    double least_bytes = 2.0 * f->columns.n * f->n - 1;
    return least_bytes <= (double)lines_left(f->lines);
}

static isd_status read_rows(struct frame *f, isd_error *err)
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

static bool is_orthogonal(const struct frame *f)
{
    return f->cell.box.xy == 0 && f->cell.box.xz == 0 && f->cell.box.yz == 0 && !f->cell.turned;
}

static isd_status finish(struct frame *f, isd_error *err)
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
        return refuse_at(f, isd_box_check(&s->box, NULL) == ISD_OK ? f->atoms_line : f->box_line, 0, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &f->cell);
    return status;
}

/* --- a frame ------------------------------------------------------------------------------------------------------- */

static isd_status read_atoms(struct frame *f, const char *p, const char *end, isd_error *err)
{
    f->atoms_line = f->lines->number - 1;
    if (!(f->have & HAS_COUNT) || !(f->have & HAS_BOX)) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " has no ITEM: %s before its ITEM: ATOMS", f->file->frame,
                      f->have & HAS_COUNT ? "BOX BOUNDS" : "NUMBER OF ATOMS");
        return refuse_at(f, f->atoms_line, 0, err);
    }
    isd_status status = dump_columns_init(&f->columns, p, (size_t)(end - p), is_orthogonal(f),
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

/* An item that means nothing to us: skip its lines. */
static isd_status skip_item(struct frame *f, isd_error *err)
{
    for (;;) {
        const char *p, *end;
        size_t length;
        bool whole;
        isd_status status = lines_block(f->lines, &p, &length, &whole, err);
        if (status != ISD_OK || (length >= 5 && memcmp(p, "ITEM:", 5) == 0))
            return status;
        status = header_line(f, &p, &end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
    }
}

static isd_status once(struct frame *f, enum header_item item, const char *name, isd_error *err)
{
    if (f->have & item) {
        isd_error_set(err, ISD_DATA, "ITEM: %s twice in the header of frame %" PRId32, name, f->file->frame);
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    f->have |= item;
    return ISD_OK;
}

/* One item of the header, the line of which is `line`; *ret_done after the atoms. */
static isd_status read_item(struct frame *f, const char *line, const char *end, bool *ret_done, isd_error *err)
{
    const char *p = word_start(line + 5, end);
    isd_status status;
    if (begins(p, end, "ATOMS")) {
        *ret_done = true;
        return read_atoms(f, p + 5, end, err);
    }
    if (begins(p, end, "BOX BOUNDS")) {
        status = once(f, HAS_BOX, "BOX BOUNDS", err);
        return status == ISD_OK ? read_box(f, line, p + 10, end, err) : status;
    }
    if (begins(p, end, "TIMESTEP")) {
        status = once(f, HAS_STEP, "TIMESTEP", err);
        return status == ISD_OK ? read_integer(f, "TIMESTEP", &f->step, err) : status;
    }
    if (begins(p, end, "NUMBER OF ATOMS")) {
        status = once(f, HAS_COUNT, "NUMBER OF ATOMS", err);
        return status == ISD_OK ? read_count(f, err) : status;
    }
    if (begins(p, end, "TIME")) {
        status = once(f, HAS_TIME, "TIME", err);
        return status == ISD_OK ? read_time(f, err) : status;
    }
    if (begins(p, end, "UNITS"))
        return read_units(f, err);
    if (begins(p, end, "ENTRIES")) {
        isd_error_set(err, ISD_DATA, "a dump of local entries: it holds no atoms");
        isd_error_hint(err, "use LAMMPS' dump custom with id type x y z");
        return refuse_at(f, f->lines->number - 1, 0, err);
    }
    return skip_item(f, err);
}

static isd_status read_frame(struct frame *f, isd_error *err)
{
    bool blank = false, done = false;
    isd_status status = lines_rest_blank(f->lines, &blank, err);
    if (status == ISD_OK && blank) {
        f->end = FRAME_NONE;
        return ISD_OK;
    }
    while (status == ISD_OK && !done && f->end == FRAME_WHOLE) {
        const char *line = NULL, *end = NULL;
        status = header_line(f, &line, &end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
        if (word_start(line, end) == end)
            continue;
        if (end - line < 5 || memcmp(line, "ITEM:", 5) != 0) {
            isd_error_set(err, ISD_DATA, "'%.*s', expected a line that begins with ITEM:", word_shown(line, end), line);
            if (f->file->frame > 0)
                isd_error_hint(err, "does the frame before have more atoms than it claims?");
            return refuse_at(f, f->lines->number - 1, 1, err);
        }
        status = read_item(f, line, end, &done, err);
    }
    return status;
}

static bool matches(const char *head, size_t length, bool all)
{
    size_t k = 0;
    (void)all;
    while (k < length && (word_blank(head[k]) || head[k] == '\n'))
        k++;
    return length - k >= 5 && memcmp(head + k, "ITEM:", 5) == 0;
}

static isd_status open_dump(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    struct lammps_dump *dump = calloc(1, sizeof *dump);
    if (dump == NULL)
        return isd_error_memory(err);
    dump->take_rows = dump_rows_best();
    *ret_state = dump;
    return ISD_OK;
}

static void tell_two_elements(struct lammps_dump *dump, struct format_file *file)
{
    if (!dump->two_elements)
        return;
    dump->two_elements = false;
    isd_error note;
    isd_error_set(&note, ISD_DATA, "atoms of one type have different elements: the first one names the type");
    isd_error_at(&note, source_path(file->lines.source), 0, 0);
    format_note(file, &note);
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct frame f = {.dump = state, .file = file, .lines = &file->lines, .end = FRAME_WHOLE};
    isd_error trouble = {.status = ISD_OK};
    isd_status status = read_frame(&f, &trouble);
    dump_columns_done(&f.columns);
    if (status == ISD_OK && (f.end == FRAME_WHOLE || f.end == FRAME_WHOLE_NO_NEWLINE))
        *ret_snapshot = f.snapshot;
    else
        isd_snapshot_unref(f.snapshot);
    if (status == ISD_OK)
        *ret_end = f.end;
    if (err != NULL && (status != ISD_OK || f.end == FRAME_CUT || f.end == FRAME_WHOLE_NO_NEWLINE))
        *err = trouble;
    tell_two_elements(f.dump, file);
    return status;
}

const struct format format_lammps_dump = {
    .key = "dump",
    .name = "LAMMPS text dump",
    .state_size = sizeof(struct lammps_dump),
    .matches = matches,
    .open = open_dump,
    .next = next_frame,
    .close = free,
};
