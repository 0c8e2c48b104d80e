/* XYZ, extended and in the dialects of atooms and RUMD; plain where the user gives a cell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "io/numbers.h"
#include "io/words.h"
#include "io/xyz_comment.h"

/* A frame under construction. */
struct frame {
    struct format_file *file;
    struct xyz_comment comment;
    struct element_table found; /* species as the file has them */
    int64_t first_line;
    int32_t n;
    enum frame_end end;
    isd_snapshot *snapshot;
};

static bool next_line(const char **p, const char *end, const char **ret_line, const char **ret_line_end)
{
    if (*p >= end)
        return false;
    const char *stop = memchr(*p, '\n', (size_t)(end - *p));
    *ret_line = *p;
    *ret_line_end = stop != NULL ? stop : end;
    *p = stop != NULL ? stop + 1 : end;
    return true;
}

/* A number alone, a comment, and then a row of a name and three numbers. Where there are no atoms, or where the first row does
 * not fit the head, the comment must look extended. */
static bool matches(const char *head, size_t length, bool all)
{
    const char *p = head, *end = head + length, *line, *stop, *after;
    int64_t n;
    double v;
    do {
        if (!next_line(&p, end, &line, &stop))
            return false;
        line = word_start(line, stop);
    } while (line == stop);
    after = word_int(line, stop, &n);
    if (after == NULL || word_start(after, stop) < stop || n < 0 || !next_line(&p, end, &line, &stop))
        return false;
    static const char *const keys[] = {"Lattice=", "Properties=", "columns:", "columns=", "cell:"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (memmem(line, (size_t)(stop - line), keys[k], strlen(keys[k])) != NULL)
            return true;
    if (!next_line(&p, end, &line, &stop))
        return n == 0 && all;
    line = word_start(line, stop);
    after = word_end(line, stop);
    return after > line && word_reals(after, stop, 2, (double[2]){0}) != NULL && word_count(line, stop) >= 3 &&
           (word_real(line, stop, &v) == NULL || word_count(line, stop) >= 4 || n == 0);
}

static isd_status read_count(struct frame *f, isd_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    bool whole = true;
    isd_status status = lines_next(&f->file->lines, &line, &length, &whole, err);
    if (status != ISD_OK)
        return status;
    f->first_line = f->file->lines.number - whole;
    int64_t n = 0;
    const char *end = line + length, *after = word_int(line, end, &n);
    if (after == NULL || word_start(after, end) < end || n < 0 || n > INT32_MAX) {
        if (!whole)
            return format_cut(f->file, "in its first line", &f->end, err);
        isd_error_set(err, ISD_DATA, "'%.*s', expected the number of atoms of frame %" PRId32 ", 0 to %d", word_shown(line, end), line,
                      f->file->frame, INT32_MAX);
        if (f->file->frame > 0)
            isd_error_hint(err, "does the frame before have more atoms than it claims?");
        return format_refuse(f->file, f->first_line, 0, err);
    }
    f->n = (int32_t)n;
    return whole ? ISD_OK : format_cut(f->file, "behind its first line", &f->end, err);
}

/* The cell the user gave, for a frame that has none. */
static isd_status take_given_cell(struct frame *f, isd_error *err)
{
    const char *given = f->file->options.cell;
    double v[10];
    if (given == NULL) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " has no cell: there is no Lattice=\"...\" in its comment", f->file->frame);
        f->file->incomplete = true;
        isd_error_hint(err, "give it when opening: cell=lx,ly,lz or cell=lx,ly,lz,xy,xz,yz or the nine numbers of a, b, c");
        return format_refuse(f->file, f->first_line + 1, 0, err);
    }
    if (!cell_from_numbers(&f->comment.cell, v, numbers_parse(given, strlen(given), v, 10)))
        return isd_error_set(err, ISD_USAGE, "cell=%s is no cell", given);
    return ISD_OK;
}

static isd_status read_comment(struct frame *f, isd_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    bool whole = true;
    isd_status status = lines_next(&f->file->lines, &line, &length, &whole, err);
    if (status != ISD_OK)
        return status;
    if (line == NULL || (!whole && f->n > 0))
        return format_cut(f->file, "behind its first line", &f->end, err);
    status = xyz_comment_parse(line, length, &f->comment, err);
    if (status != ISD_OK)
        return format_refuse(f->file, f->first_line + 1, 0, err);
    return f->comment.has_cell ? ISD_OK : take_given_cell(f, err);
}

static isd_status finish(struct frame *f, isd_error *err)
{
    const struct xyz_comment *c = &f->comment;
    struct file_cell cell = c->cell;
    isd_snapshot *s = f->snapshot;
    isd_status status = ISD_OK;
    s->has_ids = c->has_id;
    s->has_step = c->has_step;
    s->step = c->has_step ? c->step : 0;
    s->has_time = c->has_time;
    s->time = c->has_time ? c->time : 0;
    cell.box.dim = c->flat ? 2 : 3;
    for (int32_t i = 0; i < s->n && cell.turned; i++)
        cell_turn(&cell, s->position + 3 * (size_t)i);
    if (c->has_species)
        status = elements_settle(f->file->elements, &f->found, c->from_0, s, err);
    for (int32_t i = 0; i < s->n && !c->has_species; i++)
        s->type[i] = 1;
    if (status == ISD_OK)
        status = format_finish(s, &cell.box, err);
    if (status == ISD_DATA)
        return format_refuse(f->file, f->first_line, 0, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &cell);
    return status;
}

static isd_status read_frame(struct frame *f, isd_error *err)
{
    bool blank = false;
    isd_status status = lines_rest_blank(&f->file->lines, &blank, err);
    if (status == ISD_OK && blank) {
        f->end = FRAME_NONE;
        return ISD_OK;
    }
    if (status == ISD_OK)
        status = read_count(f, err);
    if (status == ISD_OK && f->end == FRAME_WHOLE)
        status = read_comment(f, err);
    if (status != ISD_OK || f->end != FRAME_WHOLE)
        return status;
    f->comment.plan.names = &f->found;
    status = rows_read(f->file, &f->comment.plan, f->n, &f->snapshot, &f->end, err);
    return status == ISD_OK && f->end != FRAME_CUT ? finish(f, err) : status;
}

static isd_status open_xyz(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    (void)err;
    *ret_state = NULL; /* nothing carries over from frame to frame */
    return ISD_OK;
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct frame f = {.file = file, .end = FRAME_WHOLE};
    (void)state;
    isd_error trouble = {.status = ISD_OK};
    isd_status status = read_frame(&f, &trouble);
    if (status == ISD_OK && (f.end == FRAME_WHOLE || f.end == FRAME_WHOLE_NO_NEWLINE))
        *ret_snapshot = f.snapshot;
    else
        isd_snapshot_unref(f.snapshot);
    if (status == ISD_OK)
        *ret_end = f.end;
    if (err != NULL)
        *err = trouble;
    return status;
}

static void close_xyz(void *state)
{
    (void)state;
}

const struct format format_xyz = {
    .key = "xyz",
    .name = "XYZ",
    .matches = matches,
    .open = open_xyz,
    .next = next_frame,
    .close = close_xyz,
};
