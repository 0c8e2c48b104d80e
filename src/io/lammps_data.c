/* LAMMPS data files (read_data, write_data). Source: the LAMMPS manual, "read_data command".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "io/lammps_data_style.h"
#include "io/words.h"

static const char *const sections[] = {
    "Atoms", "Velocities", "Masses", "Ellipsoids", "Lines", "Triangles", "Bodies", "Bonds", "Angles", "Dihedrals",
    "Impropers", "Pair Coeffs", "PairIJ Coeffs", "Bond Coeffs", "Angle Coeffs", "Dihedral Coeffs", "Improper Coeffs",
    "BondBond Coeffs", "BondAngle Coeffs", "MiddleBondTorsion Coeffs", "EndBondTorsion Coeffs", "AngleTorsion Coeffs",
    "AngleAngleTorsion Coeffs", "BondBond13 Coeffs", "AngleAngle Coeffs", "Atom Type Labels", "Bond Type Labels",
    "Angle Type Labels", "Dihedral Type Labels", "Improper Type Labels",
};

enum header_item {
    HAS_COUNT = 1,
    HAS_X = 2,
    HAS_Y = 4,
    HAS_Z = 8,
    HAS_A = 16,
    HAS_B = 32,
    HAS_C = 64
};

struct data {
    bool done;
};

/* The file under construction. */
struct frame {
    struct format_file *file;
    enum frame_end end;
    unsigned have; /* of enum header_item */
    int64_t n;
    struct data_hints hints;
    double bound[3][2], tilt[3], vector[3][3], origin[3];
    struct file_cell cell;
    char style[128]; /* "" where the file does not name it */
    bool by_lammps;  /* write_data made the file */
    bool has_step;
    int64_t step;
    int64_t atoms_line;
    isd_snapshot *snapshot;
};

static isd_status refuse(const struct frame *f, isd_error *err)
{
    return format_refuse(f->file, f->file->lines.number - 1, 0, err);
}

/* The next line that is not empty, without its comment (which is handed back too); *ret_p = NULL at the end. */
static isd_status next_line(struct frame *f, const char **ret_p, const char **ret_end, const char **ret_comment,
                            const char **ret_comment_end, isd_error *err)
{
    for (;;) {
        size_t length = 0;
        bool whole = true;
        isd_status status = lines_next(&f->file->lines, ret_p, &length, &whole, err);
        if (status != ISD_OK || *ret_p == NULL)
            return status;
        const char *end = *ret_p + length, *comment = memchr(*ret_p, '#', length);
        *ret_end = comment != NULL ? comment : end;
        *ret_comment = comment != NULL ? comment + 1 : end;
        *ret_comment_end = end;
        *ret_p = word_start(*ret_p, *ret_end);
        while (*ret_end > *ret_p && word_blank((*ret_end)[-1]))
            --*ret_end;
        if (*ret_p < *ret_end)
            return ISD_OK;
    }
}

static const char *find_section(const char *p, const char *end)
{
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++)
        if (word_is(p, end, sections[k]))
            return sections[k];
    return NULL;
}

/* --- the header ------------------------------------------------------------------------------------------------------ */

static bool ends_with(const char *p, const char *end, const char *words)
{
    size_t length = strlen(words);
    return (size_t)(end - p) > length && memcmp(end - length, words, length) == 0 && word_blank(*(end - length - 1));
}

/* `n` numbers before the keyword at the end of the line. */
static isd_status take_reals(struct frame *f, const char *p, const char *end, int n, const char *keyword, double *ret,
                             isd_error *err)
{
    const char *after = word_reals(p, end, n, ret);
    if (after != NULL && word_is(word_start(after, end), end, keyword))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "'%.*s', expected %d numbers before %s", word_shown(p, end), p, n, keyword);
    return refuse(f, err);
}

static isd_status take_count(struct frame *f, const char *p, const char *end, int64_t *ret_n, isd_error *err)
{
    int64_t n = 0;
    if (word_int(p, end, &n) == NULL || n < 0 || n > INT32_MAX) {
        isd_error_set(err, ISD_DATA, "'%.*s', expected a number from 0 to %d", word_shown(p, end), p, INT32_MAX);
        return refuse(f, err);
    }
    *ret_n = n;
    return ISD_OK;
}

static isd_status header_line(struct frame *f, const char *p, const char *end, isd_error *err)
{
    static const struct {
        const char *keyword;
        unsigned item;
    } bounds[] = {{"xlo xhi", HAS_X}, {"ylo yhi", HAS_Y}, {"zlo zhi", HAS_Z}}, vectors[] = {{"avec", HAS_A}, {"bvec", HAS_B}, {"cvec", HAS_C}};
    for (int d = 0; d < 3; d++) {
        if (ends_with(p, end, bounds[d].keyword)) {
            f->have |= bounds[d].item;
            return take_reals(f, p, end, 2, bounds[d].keyword, f->bound[d], err);
        }
        if (ends_with(p, end, vectors[d].keyword)) {
            f->have |= vectors[d].item;
            return take_reals(f, p, end, 3, vectors[d].keyword, f->vector[d], err);
        }
    }
    if (ends_with(p, end, "xy xz yz"))
        return take_reals(f, p, end, 3, "xy xz yz", f->tilt, err);
    if (ends_with(p, end, "abc origin"))
        return take_reals(f, p, end, 3, "abc origin", f->origin, err);
    if (ends_with(p, end, "atom types"))
        return take_count(f, p, end, &f->hints.n_types, err);
    int64_t bonds = 0;
    if (ends_with(p, end, "bonds") && word_int(p, end, &bonds) != NULL)
        f->hints.bonds = bonds > 0;
    if (!ends_with(p, end, "atoms"))
        return ISD_OK;
    f->have |= HAS_COUNT;
    return take_count(f, p, end, &f->n, err);
}

static isd_status settle_cell(struct frame *f, isd_error *err)
{
    const unsigned restricted = HAS_X | HAS_Y | HAS_Z, general = HAS_A | HAS_B | HAS_C;
    bool good = true;
    if ((f->have & general) == general) {
        good = cell_from_vectors(&f->cell, f->vector[0], f->vector[1], f->vector[2], f->origin) && !f->cell.mirrored;
    } else if ((f->have & restricted) == restricted) {
        double v[6];
        for (int d = 0; d < 3; d++)
            v[d] = f->bound[d][1] - f->bound[d][0];
        memcpy(v + 3, f->tilt, sizeof f->tilt);
        good = cell_from_numbers(&f->cell, v, 6);
        for (int d = 0; d < 3; d++)
            f->cell.box.origin[d] = f->bound[d][0];
    } else {
        isd_error_set(err, ISD_DATA, "no box before the section Atoms: xlo xhi, ylo yhi, zlo zhi, or avec, bvec, cvec");
        return refuse(f, err);
    }
    if (good)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "the box has no volume or is left-handed");
    return refuse(f, err);
}

/* --- atom styles ----------------------------------------------------------------------------------------------------- */

static void note_guess(struct frame *f, const struct data_style *style, int words, bool sure)
{
    isd_error note;
    isd_error_set(&note, ISD_DATA, "no atom style is said behind Atoms: taken as %s from its %d columns%s%s", style->name, words,
                  f->hints.bonds ? " and its bonds" : "", sure ? "" : ", others fit too");
    isd_error_at(&note, source_path(f->file->lines.source), f->atoms_line, 0);
    if (!sure)
        isd_error_hint(&note, "columns= of open says otherwise, as in columns=id,type,q,x,y,z");
    format_note(f->file, &note);
}

/* --- hybrid styles --------------------------------------------------------------------------------------------------- */

/* What follows x y z is of the styles it is made of, and then perhaps images: by the number of columns where the styles are named, and
 * always where LAMMPS wrote the file. */
static void plan_hybrid(struct frame *f, struct row_plan *plan, int words)
{
    int own = data_style_count_hybrid(f->style);
    bool counted = own >= 0 && (words == 5 + own || words == 8 + own), known = (counted || f->by_lammps) && words >= 5 && words <= ROWS_MAX_COLUMNS;
    plan->n = known ? words : 5;
    plan->more_allowed = !known;
    memset(plan->use + 5, COLUMN_SKIP, sizeof plan->use - 5);
    plan->images = known && words >= 8 && (!counted || words == 8 + own);
    for (int d = 0; d < 3 && plan->images; d++)
        plan->use[words - 3 + d] = (unsigned char)(COLUMN_IMAGE + d);
    if (known || words < 8)
        return;
    isd_error note;
    isd_error_set(&note, ISD_DATA, "atom style %s: which of the %d columns are images is not known, none are read", f->style, words);
    isd_error_at(&note, source_path(f->file->lines.source), f->atoms_line, 0);
    isd_error_hint(&note, "columns= of open names them, as in columns=id,type,x,y,z,q,ix,iy,iz");
    format_note(f->file, &note);
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

/* Columns as the user names them. */
static isd_status plan_given(struct frame *f, struct row_plan *plan, isd_error *err)
{
    struct dump_columns columns = {.n = 0};
    char text[512];
    size_t length = strlen(f->file->options.columns);
    if (length >= sizeof text)
        return isd_error_set(err, ISD_USAGE, "columns= is too long");
    for (size_t k = 0; k <= length; k++)
        text[k] = f->file->options.columns[k] == ',' ? ' ' : f->file->options.columns[k];
    isd_status status = dump_columns_init(&columns, text, length, NULL, false, err);
    if (status != ISD_OK)
        return ISD_USAGE;
    bool scaled = columns.scaled[0] || columns.scaled[1] || columns.scaled[2];
    if (scaled || columns.unwrapped || !columns.has_id || !columns.has_type || columns.n > ROWS_MAX_COLUMNS)
        status = isd_error_set(err, ISD_USAGE, "columns=%s: data files have id, type, x, y, z among them", f->file->options.columns);
    for (int c = 0; c < columns.n && status == ISD_OK; c++)
        plan->use[c] = columns.use[c];
    plan->n = columns.n;
    plan->images = columns.has_image;
    dump_columns_done(&columns);
    return status;
}

/* From the first row, p ... end. */
static isd_status plan_rows(struct frame *f, const char *p, const char *end, struct row_plan *plan, isd_error *err)
{
    bool sure = true;
    int words = word_count(p, end);
    if (f->file->options.columns != NULL)
        return plan_given(f, plan, err);
    const char *style_end = f->style + strcspn(f->style, " \t");
    const struct data_style *style = f->style[0] != '\0' ? data_style_find(f->style, style_end) : data_style_guess(&f->hints, p, end, &sure);
    if (style == NULL && f->style[0] != '\0') {
        isd_error_set(err, ISD_UNSUPPORTED, "atom style %s is not known", f->style);
        f->file->incomplete = true;
        isd_error_hint(err, "columns= of open names the columns, as in columns=id,type,q,x,y,z");
        format_refuse(f->file, f->atoms_line, 0, err);
        return ISD_UNSUPPORTED;
    }
    bool hybrid = style != NULL && strcmp(style->name, "hybrid") == 0;
    if (style == NULL || (!hybrid && !data_style_fits(style, &f->hints, p, end))) {
        isd_error_set(err, ISD_DATA, "'%.*s' is no row of atom style %s", word_shown(p, end), p,
                      style != NULL ? style->name : "atomic, charge, molecular, full or sphere");
        isd_error_hint(err, "columns= of open names the columns, as in columns=id,type,q,x,y,z");
        return format_refuse(f->file, f->file->lines.number, 0, err);
    }
    if (f->style[0] == '\0')
        note_guess(f, style, words, sure);
    data_style_plan(style, words, plan);
    if (hybrid)
        plan_hybrid(f, plan, words);
    return ISD_OK;
}

/* The first row stays unread: it tells the columns. */
static isd_status peek_row(struct frame *f, const char **ret_p, const char **ret_end, isd_error *err)
{
    for (;;) {
        const char *text = NULL;
        size_t length = 0;
        bool whole = true;
        isd_status status = lines_block(&f->file->lines, &text, &length, &whole, err);
        if (status != ISD_OK)
            return status;
        if (length == 0)
            return format_cut(f->file, "before its first atom", &f->end, err);
        const char *stop = memchr(text, '\n', length + 1), *comment = memchr(text, '#', (size_t)(stop - text));
        *ret_end = comment != NULL ? comment : stop;
        *ret_p = word_start(text, *ret_end);
        if (*ret_p < *ret_end)
            return ISD_OK;
        lines_consume(&f->file->lines, (size_t)(stop - text) + whole, whole);
    }
}

static isd_status finish(struct frame *f, isd_error *err)
{
    isd_snapshot *s = f->snapshot;
    s->has_ids = true;
    s->has_step = f->has_step;
    s->step = f->has_step ? f->step : 0;
    for (int32_t i = 0; i < s->n && f->cell.turned; i++)
        cell_turn(&f->cell, s->position + 3 * (size_t)i);
    memcpy(s->element, f->hints.labels.name, sizeof s->element);
    isd_status status = format_finish(s, &f->cell.box, err);
    if (status == ISD_DATA)
        return format_refuse(f->file, f->atoms_line, 0, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &f->cell);
    return status;
}

static isd_status read_atoms(struct frame *f, isd_error *err)
{
    struct row_plan plan = {.loose = true, .labels = &f->hints.labels};
    const char *p = NULL, *end = NULL;
    f->atoms_line = f->file->lines.number - 1;
    if (!(f->have & HAS_COUNT)) {
        isd_error_set(err, ISD_DATA, "the header does not say how many atoms there are");
        return refuse(f, err);
    }
    isd_status status = settle_cell(f, err);
    if (status == ISD_OK && f->n > 0)
        status = peek_row(f, &p, &end, err);
    if (status == ISD_OK && f->n > 0 && f->end != FRAME_CUT)
        status = plan_rows(f, p, end, &plan, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = rows_read(f->file, &plan, (int32_t)f->n, &f->snapshot, &f->end, err);
    return status == ISD_OK && f->end != FRAME_CUT ? finish(f, err) : status;
}

/* --- sections -------------------------------------------------------------------------------------------------------- */

/* "1 Ti" */
static isd_status read_label(struct frame *f, const char *p, const char *end, isd_error *err)
{
    int64_t type = 0;
    const char *after = word_int(p, end, &type), *word = after != NULL ? word_start(after, end) : end, *stop = word_end(word, end);
    if (word == stop || type < 1 || type > ISD_MAX_TYPES || stop - word >= ISD_LABEL_SIZE) {
        isd_error_set(err, ISD_DATA, "'%.*s', expected a type from 1 to %d and its label of at most %d bytes", word_shown(p, end), p,
                      ISD_MAX_TYPES, ISD_LABEL_SIZE - 1);
        return refuse(f, err);
    }
    char *name = f->hints.labels.name[type];
    memset(name, 0, ISD_LABEL_SIZE);
    memcpy(name, word, (size_t)(stop - word));
    return ISD_OK;
}

/* "Atoms # full": the style as the comment says it. */
static void take_style(struct frame *f, const char *p, const char *end)
{
    p = word_start(p, end);
    size_t length = (size_t)(end - p);
    while (length > 0 && word_blank(p[length - 1]))
        length--;
    if (length >= sizeof f->style)
        length = sizeof f->style - 1;
    memcpy(f->style, p, length);
    f->style[length] = '\0';
}

/* The first line is a comment, whatever it says; LAMMPS' write_data ends its own with the time step. */
static void take_step(struct frame *f, const char *p, const char *end)
{
    static const char said[] = "timestep = ";
    f->by_lammps = end - p > 18 && memcmp(p, "LAMMPS data file v", 18) == 0;
    const char *at = f->by_lammps ? memmem(p, (size_t)(end - p), said, strlen(said)) : NULL;
    f->has_step = at != NULL && scan_int64(at + strlen(said), end, &f->step) != NULL; /* ", units = lj" may follow */
}

static isd_status read_file(struct frame *f, isd_error *err)
{
    const char *p = NULL, *end = NULL, *comment = NULL, *comment_end = NULL, *section = NULL;
    size_t length;
    bool whole;
    isd_status status = lines_next(&f->file->lines, &p, &length, &whole, err);
    if (status == ISD_OK && p != NULL)
        take_step(f, p, p + length);
    while (status == ISD_OK) {
        status = next_line(f, &p, &end, &comment, &comment_end, err);
        if (status != ISD_OK)
            break;
        if (p == NULL)
            return format_cut(f->file, "before its section Atoms", &f->end, err);
        const char *found = find_section(p, end);
        if (found != NULL && strcmp(found, "Atoms") == 0) {
            take_style(f, comment, comment_end);
            return read_atoms(f, err);
        }
        if (found != NULL)
            section = found;
        else if (section == NULL)
            status = header_line(f, p, end, err);
        else if (strcmp(section, "Atom Type Labels") == 0)
            status = read_label(f, p, end, err);
    }
    return status;
}

/* --- the format ------------------------------------------------------------------------------------------------------ */

/* Below the first line all lines of the header begin with numbers, and some line says how many atoms there are or how wide the
 * box is. (Logs of LAMMPS say the number of atoms, too, among words.) */
static bool matches(const char *head, size_t length, bool all)
{
    const char *p = head, *end = head + length;
    bool first = true;
    (void)all;
    for (; p < end; first = false) {
        const char *stop = memchr(p, '\n', (size_t)(end - p)), *line_end = stop != NULL ? stop : end;
        const char *comment = memchr(p, '#', (size_t)(line_end - p));
        double v[3];
        const char *q = comment != NULL ? comment : line_end, *after;
        while (q > p && word_blank(q[-1]))
            q--;
        after = word_reals(p, q, 1, v);
        if (!first && after != NULL && (ends_with(p, q, "atoms") || ends_with(p, q, "xlo xhi") || ends_with(p, q, "avec")))
            return memchr(head, '\0', length) == NULL;
        if (!first && after == NULL && word_start(p, q) < q)
            return false;
        p = stop != NULL ? stop + 1 : end;
    }
    return false;
}

static isd_status open_data(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    struct data *data = calloc(1, sizeof *data);
    if (data == NULL)
        return isd_error_memory(err);
    *ret_state = data;
    return ISD_OK;
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct data *data = state;
    struct frame f = {.file = file, .end = FRAME_WHOLE};
    isd_error trouble = {.status = ISD_OK};
    isd_status status;
    if (data->done) { /* velocities, bonds and what else follows */
        f.end = FRAME_NONE;
        status = lines_drain(&file->lines, &trouble);
    } else {
        data->done = true;
        status = read_file(&f, &trouble);
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

const struct format format_lammps_data = {
    .key = "data",
    .name = "LAMMPS data",
    .state_size = sizeof(struct data),
    .matches = matches,
    .open = open_data,
    .next = next_frame,
    .close = free,
};
