/* The header of a frame of a LAMMPS text dump: items in any order, bounding boxes undone. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lammps_dump_frame.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/scan.h"
#include "io/words.h"

/* --- words and lines --------------------------------------------------------------------------------------------- */

/* Does the text begin with this word, and does the word end there? */
static bool begins(const char *p, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - p) >= length && memcmp(p, word, length) == 0 &&
           ((size_t)(end - p) == length || word_blank(p[length]));
}

/* The data ends here: not an error yet, the reader decides. */
static isd_status cut(struct dump_frame *f, const char *in_what, isd_error *err)
{
    f->end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", %s", f->file->frame, in_what);
    isd_error_at(err, source_path(f->lines->source), f->lines->number, 0);
    return ISD_OK;
}

/* A whole line of the header; anything else ends in FRAME_CUT. */
static isd_status header_line(struct dump_frame *f, const char **ret_p, const char **ret_end, isd_error *err)
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
static isd_status read_integer(struct dump_frame *f, const char *item, int64_t *ret_value, isd_error *err)
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
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    *ret_value = value;
    return ISD_OK;
}

static isd_status read_count(struct dump_frame *f, isd_error *err)
{
    int64_t n = 0;
    isd_status status = read_integer(f, "NUMBER OF ATOMS", &n, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (n < 0 || n > INT32_MAX) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId64 " atoms, expected 0 to %d", f->file->frame, n, INT32_MAX);
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    f->n = (int32_t)n;
    return ISD_OK;
}

static isd_status read_time(struct dump_frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    p = word_start(p, end);
    const char *stop = scan_double(p, end, &f->time);
    if (stop == NULL || word_start(stop, end) != end) {
        isd_error_set(err, ISD_DATA, "ITEM: TIME is '%.*s', expected a number", word_shown(p, end), p);
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    return ISD_OK;
}

static isd_status read_units(struct dump_frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    p = word_start(p, end);
    size_t length = (size_t)(word_end(p, end) - p);
    if (length == 0 || length >= sizeof f->dump->units) {
        isd_error_set(err, ISD_DATA, "ITEM: UNITS is '%.*s', expected a name such as lj or metal", word_shown(p, end), p);
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    memcpy(f->dump->units, p, length);
    f->dump->units[length] = '\0';
    return ISD_OK;
}

/* --- the box ------------------------------------------------------------------------------------------------------- */

/* One line of `n` numbers. */
static isd_status read_row(struct dump_frame *f, int n, double *ret_row, isd_error *err)
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
            return dump_refuse_at(f, f->lines->number - 1, p - line + 1, err);
        }
        p = word_start(stop, end);
    }
    if (p != end) {
        isd_error_set(err, ISD_DATA, "a line of the box has more than %d numbers", n);
        return dump_refuse_at(f, f->lines->number - 1, p - line + 1, err);
    }
    return ISD_OK;
}

/* "pp pp ff"; none at all (old files) means periodic. */
static isd_status read_flags(struct dump_frame *f, const char *line, const char *p, const char *end, isd_error *err)
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
            return dump_refuse_at(f, f->lines->number - 1, p - line + 1, err);
        }
        f->periodic[d] = *p == 'p';
        p = word_start(stop, end);
    }
    return ISD_OK;
}

/* Rows lo hi tilt, or (four wide) a, b, c with the origin at their ends. */
static bool set_cell(struct dump_frame *f, int width, double row[3][4])
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

static isd_status read_box(struct dump_frame *f, const char *line, const char *p, const char *end, isd_error *err)
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
            return dump_refuse_at(f, f->lines->number - 1, 0, err);
        }
    }
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (!set_cell(f, width, row)) {
        isd_error_set(err, ISD_DATA, "a, b, c do not span a right-handed cell");
        return dump_refuse_at(f, f->box_line, 0, err);
    }
    /* A flat cell may turn out two-dimensional: z is judged when the atoms are known. */
    isd_box flat = f->cell.box;
    flat.dim = 2;
    status = isd_box_check(&flat, err);
    if (status != ISD_OK)
        return dump_refuse_at(f, f->box_line, 0, err);
    return ISD_OK;
}

/* --- which item it is ---------------------------------------------------------------------------------------------- */

/* An item that means nothing to us: skip its lines. */
static isd_status skip_item(struct dump_frame *f, isd_error *err)
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

static isd_status once(struct dump_frame *f, enum dump_item item, const char *name, isd_error *err)
{
    if (f->have & item) {
        isd_error_set(err, ISD_DATA, "ITEM: %s twice in the header of frame %" PRId32, name, f->file->frame);
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    f->have |= item;
    return ISD_OK;
}

/* One item, the line of which is `line`, its name beginning at p. */
static isd_status read_item(struct dump_frame *f, const char *line, const char *p, const char *end, isd_error *err)
{
    isd_status status;
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
        return dump_refuse_at(f, f->lines->number - 1, 0, err);
    }
    return skip_item(f, err);
}

isd_status dump_read_header(struct dump_frame *f, const char **ret_columns, const char **ret_end, isd_error *err)
{
    bool blank = false;
    isd_status status = lines_rest_blank(f->lines, &blank, err);
    if (status == ISD_OK && blank) {
        f->end = FRAME_NONE;
        return ISD_OK;
    }
    while (status == ISD_OK && f->end == FRAME_WHOLE) {
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
            return dump_refuse_at(f, f->lines->number - 1, 1, err);
        }
        const char *p = word_start(line + 5, end);
        if (begins(p, end, "ATOMS")) {
            *ret_columns = p + 5;
            *ret_end = end;
            return ISD_OK;
        }
        status = read_item(f, line, p, end, err);
    }
    return status;
}
