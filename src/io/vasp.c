/* POSCAR (CONTCAR) and XDATCAR. Source: the VASP wiki, "POSCAR" and "XDATCAR". SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "io/rows.h"
#include "io/words.h"

#define MAX_GROUPS 256

/* What stands before the positions. */
struct header {
    struct file_cell cell;
    double scale[3]; /* of Cartesian positions */
    int n_groups;
    bool named;
    int32_t count[MAX_GROUPS], type[MAX_GROUPS];
    int32_t n;
};

struct vasp {
    bool trajectory;
    bool done; /* a POSCAR has one frame */
    bool has_header;
    struct header header;
};

/* A frame under construction. */
struct frame {
    struct vasp *vasp;
    struct format_file *file;
    enum frame_end end;
    bool direct;
    int64_t rows_line;
    isd_snapshot *snapshot;
};

static const char *const in_header = "inside its header";

static isd_status refuse(const struct frame *f, isd_error *err)
{
    return format_refuse(f->file, f->file->lines.number - 1, 0, err);
}

static isd_status header_line(struct frame *f, const char **ret_p, const char **ret_end, isd_error *err)
{
    size_t length = 0;
    bool whole = true;
    isd_status status = lines_next(&f->file->lines, ret_p, &length, &whole, err);
    if (status != ISD_OK)
        return status;
    if (*ret_p == NULL || !whole)
        return format_cut(f->file, in_header, &f->end, err);
    *ret_end = *ret_p + length;
    return ISD_OK;
}

/* --- the header ------------------------------------------------------------------------------------------------------ */

/* One number for all or one for each axis; a negative one is the volume wanted. */
static isd_status read_scale(struct frame *f, const char *p, const char *end, double scale[3], isd_error *err)
{
    const char *after = word_real(p, end, &scale[0]);
    if (after == NULL || scale[0] == 0) {
        isd_error_set(err, ISD_DATA, "'%.*s', expected the scale of the cell", word_shown(p, end), p);
        return refuse(f, err);
    }
    if (word_reals(after, end, 2, scale + 1) != NULL && scale[0] > 0 && scale[1] > 0 && scale[2] > 0)
        return ISD_OK;
    scale[1] = scale[2] = scale[0];
    return ISD_OK;
}

static double volume(double v[3][3])
{
    return fabs(v[0][0] * (v[1][1] * v[2][2] - v[1][2] * v[2][1]) - v[0][1] * (v[1][0] * v[2][2] - v[1][2] * v[2][0]) +
                v[0][2] * (v[1][0] * v[2][1] - v[1][1] * v[2][0]));
}

static isd_status read_vectors(struct frame *f, struct header *h, isd_error *err)
{
    static const double origin[3] = {0, 0, 0};
    double v[3][3];
    for (int k = 0; k < 3; k++) {
        const char *p = NULL, *end = NULL;
        isd_status status = header_line(f, &p, &end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
        if (word_reals(p, end, 3, v[k]) == NULL) {
            isd_error_set(err, ISD_DATA, "'%.*s', expected the three numbers of cell vector %c", word_shown(p, end), p, "abc"[k]);
            return refuse(f, err);
        }
    }
    if (h->scale[0] < 0)
        h->scale[0] = h->scale[1] = h->scale[2] = cbrt(-h->scale[0] / volume(v));
    for (int k = 0; k < 3; k++)
        for (int d = 0; d < 3; d++)
            v[k][d] *= h->scale[d];
    if (!cell_from_vectors(&h->cell, v[0], v[1], v[2], origin)) {
        isd_error_set(err, ISD_DATA, "the cell vectors span no volume");
        return refuse(f, err);
    }
    return ISD_OK;
}

/* "Fe_pv", "Si/hash": what stands before a slash counts. */
static isd_status read_names(struct frame *f, struct header *h, const char *p, const char *end, isd_error *err)
{
    int n = 0;
    for (p = word_start(p, end); p < end && *p != '!' && *p != '#'; p = word_start(p, end)) {
        const char *stop = word_end(p, end), *slash = memchr(p, '/', (size_t)(stop - p));
        int32_t type = n < MAX_GROUPS ? elements_find(f->file->elements, p, (size_t)((slash != NULL ? slash : stop) - p)) : 0;
        if (type == 0) {
            isd_error_set(err, ISD_DATA, "'%.*s', expected a species name of at most 15 bytes, 64 different ones in all", word_shown(p, stop), p);
            return refuse(f, err);
        }
        h->type[n++] = type;
        p = stop;
    }
    h->named = true;
    h->n_groups = n;
    return ISD_OK;
}

static isd_status read_counts(struct frame *f, struct header *h, const char *p, const char *end, isd_error *err)
{
    int n = 0;
    int64_t total = 0, count;
    for (const char *after; (after = word_int(p, end, &count)) != NULL; p = after) {
        total += count >= 0 && count <= INT32_MAX ? count : INT32_MAX;
        if (n == (h->named ? MAX_GROUPS : ISD_MAX_TYPES) || count < 0 || total > INT32_MAX) {
            isd_error_set(err, ISD_DATA, "'%.*s', expected numbers of atoms, 0 to %d in all", word_shown(p, end), p, INT32_MAX);
            return refuse(f, err);
        }
        if (!h->named)
            h->type[n] = n + 1;
        h->count[n++] = (int32_t)count;
    }
    p = word_start(p, end);
    if (n == 0 || (h->named && n != h->n_groups) || (p < end && *p != '!' && *p != '#')) {
        isd_error_set(err, ISD_DATA, "'%.*s', expected the numbers of atoms of %s species", word_shown(p, end), p, h->named ? "all" : "the");
        return refuse(f, err);
    }
    h->n_groups = n;
    h->n = (int32_t)total;
    return ISD_OK;
}

/* From the scale, which is p ... end, to the counts. */
static isd_status read_header(struct frame *f, const char *p, const char *end, isd_error *err)
{
    struct header *h = &f->vasp->header;
    memset(h, 0, sizeof *h);
    f->vasp->has_header = false;
    isd_status status = read_scale(f, p, end, h->scale, err);
    if (status == ISD_OK)
        status = read_vectors(f, h, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = header_line(f, &p, &end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    int64_t number;
    if (word_int(p, end, &number) == NULL) {
        status = read_names(f, h, p, end, err);
        if (status == ISD_OK)
            status = header_line(f, &p, &end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
    }
    f->vasp->has_header = true;
    return read_counts(f, h, p, end, err);
}

/* --- positions ------------------------------------------------------------------------------------------------------- */

static void place(struct frame *f)
{
    const struct header *h = &f->vasp->header;
    isd_snapshot *s = f->snapshot;
    for (int32_t i = 0; i < s->n; i++) {
        double *r = s->position + 3 * (size_t)i;
        if (f->direct) {
            const double fraction[3] = {r[0], r[1], r[2]};
            cell_place(&h->cell, fraction, r);
        } else {
            for (int d = 0; d < 3; d++)
                r[d] *= h->scale[d];
            cell_turn(&h->cell, r);
        }
    }
    int32_t i = 0;
    for (int g = 0; g < h->n_groups; g++)
        for (int32_t k = 0; k < h->count[g]; k++)
            s->type[i++] = h->type[g];
    if (h->named)
        memcpy(s->element, f->file->elements->name, sizeof s->element);
}

static isd_status read_positions(struct frame *f, isd_error *err)
{
    const struct header *h = &f->vasp->header;
    struct row_plan plan = {.n = 3, .use = {COLUMN_POSITION, COLUMN_POSITION + 1, COLUMN_POSITION + 2}, .more_allowed = true};
    f->rows_line = f->file->lines.number - 1;
    isd_status status = rows_read(f->file, &plan, h->n, &f->snapshot, &f->end, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    place(f);
    status = format_finish(f->snapshot, &h->cell.box, err);
    if (status == ISD_DATA)
        return format_refuse(f->file, f->rows_line, 0, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &h->cell);
    return status;
}

static bool is_cartesian(const char *p, const char *end)
{
    p = word_start(p, end);
    return p < end && strchr("CcKk", *p) != NULL && *p != '\0';
}

static isd_status read_poscar(struct frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL;
    isd_status status = ISD_OK;
    for (int k = 0; k < 2 && status == ISD_OK && f->end != FRAME_CUT; k++) /* the comment, then the scale */
        status = header_line(f, &p, &end, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = read_header(f, p, end, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = header_line(f, &p, &end, err);
    if (status == ISD_OK && f->end != FRAME_CUT) {
        const char *word = word_start(p, end);
        if (word < end && (*word == 'S' || *word == 's')) /* Selective dynamics */
            status = header_line(f, &p, &end, err);
    }
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    f->direct = !is_cartesian(p, end);
    return read_positions(f, err);
}

static bool is_configuration(const char *p, const char *end)
{
    size_t length = (size_t)(end - p);
    return memmem(p, length, "configuration", 13) != NULL || memmem(p, length, "Konfig", 6) != NULL;
}

/* Headers may stand before any configuration, and more than one: the last counts. */
static isd_status read_configuration(struct frame *f, isd_error *err)
{
    for (;;) {
        const char *p = NULL, *end = NULL;
        bool blank = false;
        double scale;
        int64_t before = f->file->lines.number;
        isd_status status = lines_rest_blank(&f->file->lines, &blank, err);
        bool skipped = f->file->lines.number > before; /* the comment, if it was blank */
        if (status == ISD_OK && blank) {
            f->end = FRAME_NONE;
            return ISD_OK;
        }
        if (status == ISD_OK)
            status = header_line(f, &p, &end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
        if (is_configuration(p, end) && f->vasp->has_header) {
            f->direct = !is_cartesian(p, end);
            return read_positions(f, err);
        }
        const char *after = word_real(p, end, &scale);
        bool comment_was_blank = skipped && after != NULL && word_start(after, end) == end;
        if (!comment_was_blank)
            status = header_line(f, &p, &end, err);
        if (status == ISD_OK && f->end != FRAME_CUT)
            status = read_header(f, p, end, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
    }
}

/* --- the format ------------------------------------------------------------------------------------------------------ */

static bool take_line(const char **p, const char *end, const char **ret_line, const char **ret_end)
{
    const char *stop = *p < end ? memchr(*p, '\n', (size_t)(end - *p)) : NULL;
    if (stop == NULL)
        return false;
    *ret_line = *p;
    *ret_end = stop;
    *p = stop + 1;
    return true;
}

/* Numbers and nothing behind them but a comment. */
static bool only_reals(const char *p, const char *end, int n)
{
    double v[3];
    p = word_reals(p, end, n, v);
    p = p != NULL ? word_start(p, end) : NULL;
    return p != NULL && (p == end || *p == '!' || *p == '#');
}

/* A comment, the scale, three lines of three numbers, and numbers of atoms with or without names before them. */
static bool looks_like_header(const char *head, size_t length)
{
    const char *p = head, *end = head + length, *line, *stop, *after;
    int64_t count;
    if (!take_line(&p, end, &line, &stop) || !take_line(&p, end, &line, &stop))
        return false;
    if (!only_reals(line, stop, 1) && !only_reals(line, stop, 3))
        return false;
    for (int k = 0; k < 3; k++)
        if (!take_line(&p, end, &line, &stop) || !only_reals(line, stop, 3))
            return false;
    if (!take_line(&p, end, &line, &stop))
        return false;
    after = word_int(line, stop, &count);
    if (after == NULL && (word_start(line, stop) == stop || !take_line(&p, end, &line, &stop)))
        return false;
    return word_int(line, stop, &count) != NULL && memchr(head, '\0', length) == NULL;
}

static bool says_configuration(const char *head, size_t length)
{
    return memmem(head, length, "t configuration", 15) != NULL || memmem(head, length, "n configuration", 15) != NULL ||
           memmem(head, length, "Konfig", 6) != NULL;
}

static bool matches_poscar(const char *head, size_t length, bool all)
{
    (void)all;
    return looks_like_header(head, length) && !says_configuration(head, length);
}

static bool matches_xdatcar(const char *head, size_t length, bool all)
{
    (void)all;
    return looks_like_header(head, length) && says_configuration(head, length);
}

static isd_status open_any(bool trajectory, void **ret_state, isd_error *err)
{
    struct vasp *vasp = calloc(1, sizeof *vasp);
    if (vasp == NULL)
        return isd_error_memory(err);
    vasp->trajectory = trajectory;
    *ret_state = vasp;
    return ISD_OK;
}

static isd_status open_poscar(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    return open_any(false, ret_state, err);
}

static isd_status open_xdatcar(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    return open_any(true, ret_state, err);
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct frame f = {.vasp = state, .file = file, .end = FRAME_WHOLE};
    isd_error trouble = {.status = ISD_OK};
    isd_status status;
    if (f.vasp->done) { /* velocities and what else may follow */
        f.end = FRAME_NONE;
        status = lines_drain(&file->lines, &trouble);
    } else {
        status = f.vasp->trajectory ? read_configuration(&f, &trouble) : read_poscar(&f, &trouble);
        f.vasp->done = !f.vasp->trajectory;
    }
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

const struct format format_poscar = {
    .key = "poscar",
    .name = "POSCAR",
    .state_size = sizeof(struct vasp),
    .matches = matches_poscar,
    .open = open_poscar,
    .next = next_frame,
    .close = free,
};

const struct format format_xdatcar = {
    .key = "xdatcar",
    .name = "XDATCAR",
    .state_size = sizeof(struct vasp),
    .matches = matches_xdatcar,
    .open = open_xdatcar,
    .next = next_frame,
    .close = free,
};
