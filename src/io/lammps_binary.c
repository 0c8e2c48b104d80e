/* LAMMPS binary dumps, revision 2 and before, of either byte order. Source: LAMMPS' binary2txt.cpp and dump_custom.cpp.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/dump_columns.h"
#include "io/format.h"
#include "io/words.h"

#define MAX_VALUES 4096   /* columns */
#define MAX_TEXT 65536    /* bytes of the columns' names */
#define BLOCK_VALUES 8192 /* numbers taken from the file at once */

struct binary {
    bool told_columns;
    char units[16]; /* written once a file */
};

/* A frame under construction. */
struct frame {
    struct binary *binary;
    struct format_file *file;
    enum frame_end end;
    bool swap; /* the other byte order */
    int revision;
    int64_t start; /* byte of its beginning */
    int64_t step, n;
    double time;
    bool has_time;
    struct file_cell cell;
    int32_t size_one;
    struct dump_columns columns;
    int32_t filled;
    isd_snapshot *snapshot;
};

/* --- bytes ----------------------------------------------------------------------------------------------------------- */

static uint64_t load(const unsigned char *p, int size, bool swap)
{
    uint64_t value = 0;
    for (int k = 0; k < size; k++) /* the file's order is little-endian unless swapped */
        value |= (uint64_t)p[k] << 8 * (swap ? size - 1 - k : k);
    return value;
}

static int32_t load_int(const unsigned char *p, bool swap)
{
    uint32_t bits = (uint32_t)load(p, 4, swap);
    int32_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int64_t load_bigint(const unsigned char *p, bool swap)
{
    uint64_t bits = load(p, 8, swap);
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double load_double(const unsigned char *p, bool swap)
{
    uint64_t bits = load(p, 8, swap);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Exactly `size` bytes, or FRAME_CUT. */
static isd_status take(struct frame *f, void *out, size_t size, isd_error *err)
{
    size_t got = 0;
    isd_status status = lines_take(&f->file->lines, out, size, &got, err);
    if (status != ISD_OK || got == size)
        return status;
    f->end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 "%s", f->file->frame, f->snapshot != NULL ? ", among its atoms" : ", inside its header");
    isd_error_at_byte(err, source_path(f->file->lines.source), format_byte(f->file));
    return ISD_OK;
}

static isd_status take_int(struct frame *f, int32_t *ret_value, isd_error *err)
{
    unsigned char bytes[4];
    isd_status status = take(f, bytes, sizeof bytes, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        *ret_value = load_int(bytes, f->swap);
    return status;
}

static isd_status refuse(const struct frame *f, int64_t back, isd_error *err)
{
    return format_refuse_byte(f->file, format_byte(f->file) - back, err);
}

/* --- the header ------------------------------------------------------------------------------------------------------ */

/* Is this the beginning of a frame as written before revision 2? Nothing marks it: its numbers must make sense. */
static bool plausible_old(const unsigned char *p, size_t length, bool swap)
{
    size_t fixed = 16 + 4 + 24;
    if (length < fixed)
        return false;
    int64_t step = load_bigint(p, swap), n = load_bigint(p + 8, swap);
    int32_t triclinic = load_int(p + 16, swap);
    if (step < 0 || n < 0 || n > INT32_MAX || triclinic < 0 || triclinic > 2)
        return false;
    for (int k = 0; k < 6; k++) {
        int32_t flag = load_int(p + 20 + 4 * k, swap);
        if (flag < 0 || flag > 3)
            return false;
    }
    int reals = triclinic == 0 ? 6 : triclinic == 1 ? 9 : 12;
    size_t size = fixed + 8 * (size_t)reals + 8;
    if (length < size)
        return false;
    for (int k = 0; k < reals; k++)
        if (!isfinite(load_double(p + fixed + 8 * k, swap)))
            return false;
    for (int d = 0; d < 3 && triclinic < 2; d++)
        if (!(load_double(p + fixed + 16 * d, swap) <= load_double(p + fixed + 16 * d + 8, swap)))
            return false;
    int32_t columns = load_int(p + size - 8, swap), chunks = load_int(p + size - 4, swap);
    return columns > 0 && columns <= MAX_VALUES && chunks >= 0 && (n == 0 || chunks > 0);
}

/* A negative length and a word. */
static bool begins_new(const unsigned char *p, size_t length, bool swap)
{
    int64_t magic = length >= 16 ? load_bigint(p, swap) : 0;
    return magic < -3 && magic >= -64 && memcmp(p + 8, "DUMP", 4) == 0;
}

static bool matches(const char *head, size_t length, bool all)
{
    unsigned char p[256];
    size_t kept = length < sizeof p ? length : sizeof p;
    (void)all;
    memcpy(p, head, kept);
    return begins_new(p, kept, false) || begins_new(p, kept, true) || plausible_old(p, kept, false) || plausible_old(p, kept, true);
}

/* The step; from revision 2 on, a magic word, the byte order and the revision stand before it. */
static isd_status read_step(struct frame *f, isd_error *err)
{
    const char *head = NULL;
    size_t length = 0;
    unsigned char bytes[64];
    isd_status status = lines_peek(&f->file->lines, 256, &head, &length, err);
    if (status != ISD_OK)
        return status;
    unsigned char p[256];
    memcpy(p, head, length);
    bool new_plain = begins_new(p, length, false), new_swapped = begins_new(p, length, true);
    f->swap = new_swapped || (!new_plain && !plausible_old(p, length, false) && plausible_old(p, length, true));
    status = take(f, bytes, 8, err);
    if (status == ISD_OK && f->end != FRAME_CUT && (new_plain || new_swapped)) {
        int32_t order = 0;
        status = take(f, bytes, (size_t)-load_bigint(bytes, f->swap), err);
        if (status == ISD_OK && f->end != FRAME_CUT)
            status = take_int(f, &order, err);
        if (status == ISD_OK && f->end != FRAME_CUT)
            status = take_int(f, &f->revision, err);
        if (status == ISD_OK && f->end != FRAME_CUT && (order != 1 || f->revision < 1 || f->revision > 2)) {
            isd_error_set(err, ISD_UNSUPPORTED, "binary dump of revision %" PRId32 " (byte order %" PRId32 "), expected 1 or 2", f->revision, order);
            refuse(f, 8, err);
            return ISD_UNSUPPORTED;
        }
        if (status == ISD_OK && f->end != FRAME_CUT)
            status = take(f, bytes, 8, err);
    }
    if (status == ISD_OK && f->end != FRAME_CUT)
        f->step = load_bigint(bytes, f->swap);
    return status;
}

/* Reals as they follow the flags: bounds, bounds and tilts, or vectors and origin. */
static bool set_cell(struct frame *f, int32_t triclinic, const double *v)
{
    double row[3][3];
    if (triclinic == 2)
        return cell_from_vectors(&f->cell, v, v + 3, v + 6, v + 9) && !f->cell.mirrored;
    for (int d = 0; d < 3; d++) {
        row[d][0] = v[2 * d];
        row[d][1] = v[2 * d + 1];
        row[d][2] = triclinic == 1 ? v[6 + d] : 0;
    }
    cell_from_bounds(&f->cell, row);
    isd_box flat = f->cell.box;
    flat.dim = 2; /* z is judged when the atoms are known */
    return isd_box_check(&flat, NULL) == ISD_OK;
}

static isd_status read_box(struct frame *f, isd_error *err)
{
    unsigned char bytes[12 * 8];
    int32_t triclinic, flag[6];
    isd_status status = take(f, bytes, 8 + 4 + 24, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    f->n = load_bigint(bytes, f->swap);
    triclinic = load_int(bytes + 8, f->swap);
    bool good = f->n >= 0 && f->n <= INT32_MAX && triclinic >= 0 && triclinic <= 2;
    for (int k = 0; k < 6; k++) {
        flag[k] = load_int(bytes + 12 + 4 * k, f->swap);
        good = good && flag[k] >= 0 && flag[k] <= 3;
    }
    if (!good) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId64 " atoms and triclinic %" PRId32 ": no header of a binary dump", f->file->frame,
                      f->n, triclinic);
        isd_error_hint(err, "dumps of a LAMMPS built with SMALLSMALL are not read; write a text dump");
        return refuse(f, 36, err);
    }
    int reals = triclinic == 0 ? 6 : triclinic == 1 ? 9 : 12;
    status = take(f, bytes, 8 * (size_t)reals, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    double v[12];
    for (int k = 0; k < reals; k++)
        v[k] = load_double(bytes + 8 * k, f->swap);
    if (!set_cell(f, triclinic, v)) {
        isd_error_set(err, ISD_DATA, "the box of frame %" PRId32 " has no volume or is not finite", f->file->frame);
        return refuse(f, 8 * reals, err);
    }
    for (int d = 0; d < 3; d++)
        f->cell.box.periodic[d] = flag[2 * d] == 0;
    return ISD_OK;
}

/* A length and so many bytes; the text is terminated and must be freed. */
static isd_status take_text(struct frame *f, char **ret_text, isd_error *err)
{
    int32_t length = 0;
    isd_status status = take_int(f, &length, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (length < 0 || length > MAX_TEXT) {
        isd_error_set(err, ISD_DATA, "a text of %" PRId32 " bytes, expected 0 to %d", length, MAX_TEXT);
        return refuse(f, 4, err);
    }
    char *text = calloc((size_t)length + 1, 1);
    if (text == NULL)
        return isd_error_memory(err);
    status = take(f, text, (size_t)length, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        *ret_text = text;
    else
        free(text);
    return status;
}

/* Units and time, in revision 2. */
static isd_status read_facts(struct frame *f, isd_error *err)
{
    char *units = NULL;
    unsigned char flag = 0, bytes[8];
    isd_status status = take_text(f, &units, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    size_t length = strlen(units);
    if (length > 0 && length < sizeof f->binary->units && word_end(units, units + length) == units + length)
        memcpy(f->binary->units, units, length + 1); /* only a word can be written as text again */
    free(units);
    status = take(f, &flag, 1, err);
    if (status == ISD_OK && f->end != FRAME_CUT && flag != 0) {
        status = take(f, bytes, 8, err);
        f->has_time = true;
        f->time = load_double(bytes, f->swap);
    }
    if (status == ISD_OK && f->end != FRAME_CUT && !isfinite(f->time)) {
        isd_error_set(err, ISD_DATA, "the time of frame %" PRId32 " is no finite number", f->file->frame);
        return refuse(f, 8, err);
    }
    return status;
}

/* --- columns --------------------------------------------------------------------------------------------------------- */

/* What the columns of a file without names are: as the user says, else as dump atom writes them. */
static isd_status unnamed_columns(struct frame *f, char *out, size_t size, isd_error *err)
{
    const char *given = f->file->options.columns;
    if (given == NULL)
        given = f->size_one == 5 ? "id,type,xs,ys,zs" : f->size_one == 8 ? "id,type,xs,ys,zs,ix,iy,iz" : NULL;
    if (given == NULL || strlen(given) >= size) {
        isd_error_set(err, ISD_DATA, "the file does not name its %" PRId32 " columns", f->size_one);
        isd_error_hint(err, "say what they are when opening, as in columns=id,type,x,y,z,vx,vy,vz");
        return refuse(f, 4, err);
    }
    for (size_t k = 0; k <= strlen(given); k++)
        out[k] = given[k] == ',' ? ' ' : given[k];
    if (f->file->options.columns == NULL && !f->binary->told_columns) {
        isd_error note;
        f->binary->told_columns = true;
        isd_error_set(&note, ISD_DATA, "the file does not name its columns: taken as %s", out);
        isd_error_at(&note, source_path(f->file->lines.source), 0, 0);
        isd_error_hint(&note, "columns= of open says otherwise");
        format_note(f->file, &note);
    }
    return ISD_OK;
}

static isd_status read_columns(struct frame *f, isd_error *err)
{
    char *names = NULL, guess[512];
    isd_status status = ISD_OK;
    if (f->revision > 1)
        status = take_text(f, &names, err);
    else
        status = unnamed_columns(f, guess, sizeof guess, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    const char *text = names != NULL ? names : guess;
    status = dump_columns_init(&f->columns, text, strlen(text), &f->cell, false, err);
    free(names);
    if (status == ISD_OK && f->columns.n != f->size_one)
        status = isd_error_set(err, ISD_DATA, "%" PRId32 " columns are named, each atom has %" PRId32 " numbers", f->columns.n, f->size_one);
    if (status == ISD_DATA)
        return refuse(f, 0, err);
    return status;
}

/* --- atoms ----------------------------------------------------------------------------------------------------------- */

static bool whole_between(double value, double low, double high)
{
    return value >= low && value <= high && value == floor(value);
}

static bool take_value(struct frame *f, unsigned use, int32_t i, double value)
{
    isd_snapshot *s = f->snapshot;
    switch (use) {
    case COLUMN_POSITION:
    case COLUMN_POSITION + 1:
    case COLUMN_POSITION + 2:
        s->position[3 * (size_t)i + (use - COLUMN_POSITION)] = value;
        return isfinite(value);
    case COLUMN_IMAGE:
    case COLUMN_IMAGE + 1:
    case COLUMN_IMAGE + 2:
        if (!whole_between(value, INT32_MIN, INT32_MAX))
            return false;
        s->image[3 * (size_t)i + (use - COLUMN_IMAGE)] = (int32_t)value;
        return true;
    case COLUMN_ID:
        if (!whole_between(value, 1, 9007199254740992.0))
            return false;
        s->id[i] = (int64_t)value;
        return true;
    case COLUMN_TYPE:
    case COLUMN_ELEMENT: /* binary dumps write the type for it */
        if (!whole_between(value, 1, ISD_MAX_TYPES))
            return false;
        s->type[i] = (int32_t)value;
        return true;
    default:
        return true;
    }
}

static isd_status take_rows(struct frame *f, const unsigned char *bytes, int32_t rows, isd_error *err)
{
    for (int32_t r = 0; r < rows; r++, f->filled++) {
        for (int32_t c = 0; c < f->size_one; c++) {
            double value = load_double(bytes + 8 * ((size_t)r * (size_t)f->size_one + (size_t)c), f->swap);
            if (take_value(f, f->columns.use[c], f->filled, value))
                continue;
            isd_error_set(err, ISD_DATA, "atom %" PRId32 " of frame %" PRId32 " has %g in column %" PRId32 ", which cannot be", f->filled + 1,
                          f->file->frame, value, c + 1);
            if (f->revision < 2)
                isd_error_hint(err, "are the columns right? columns= of open names them");
            return refuse(f, 8 * (((int64_t)rows - r) * f->size_one - c), err);
        }
    }
    return ISD_OK;
}

static isd_status read_chunk(struct frame *f, unsigned char *buffer, isd_error *err)
{
    int32_t values = 0;
    isd_status status = take_int(f, &values, err);
    if (status != ISD_OK || f->end == FRAME_CUT)
        return status;
    if (values < 0 || values % f->size_one != 0 || values / f->size_one > f->n - f->filled) {
        isd_error_set(err, ISD_DATA, "a piece of %" PRId32 " numbers where %" PRId64 " atoms of %" PRId32 " are missing", values,
                      f->n - f->filled, f->size_one);
        return refuse(f, 4, err);
    }
    int32_t most = BLOCK_VALUES / f->size_one;
    for (int32_t left = values / f->size_one; left > 0 && status == ISD_OK;) {
        int32_t rows = left < most ? left : most;
        while (f->filled + rows > f->snapshot->n && status == ISD_OK)
            status = format_grow(f->file, (int32_t)f->n, f->filled, f->columns.has_image, &f->snapshot, err);
        if (status == ISD_OK)
            status = take(f, buffer, 8 * (size_t)rows * (size_t)f->size_one, err);
        if (status != ISD_OK || f->end == FRAME_CUT)
            return status;
        status = take_rows(f, buffer, rows, err);
        left -= rows;
    }
    return status;
}

static isd_status read_atoms(struct frame *f, isd_error *err)
{
    int32_t chunks = 0;
    unsigned char *buffer = malloc(8 * (size_t)BLOCK_VALUES);
    isd_status status = buffer != NULL ? take_int(f, &chunks, err) : isd_error_memory(err);
    if (status == ISD_OK && f->end != FRAME_CUT && 8.0 * f->size_one * (double)f->n > (double)lines_left(&f->file->lines)) {
        f->end = FRAME_CUT;
        isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", which claims %" PRId64 " atoms", f->file->frame, f->n);
        refuse(f, 0, err);
    }
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = format_grow(f->file, (int32_t)f->n, 0, f->columns.has_image, &f->snapshot, err);
    for (int32_t k = 0; k < chunks && status == ISD_OK && f->end != FRAME_CUT; k++)
        status = read_chunk(f, buffer, err);
    free(buffer);
    if (status == ISD_OK && f->end != FRAME_CUT && f->filled != f->n) {
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId64 " atoms and has %" PRId32, f->file->frame, f->n, f->filled);
        return refuse(f, 0, err);
    }
    return status;
}

static isd_status finish(struct frame *f, isd_error *err)
{
    isd_snapshot *s = f->snapshot;
    dump_columns_place(&f->columns, &f->cell, s);
    if (!f->columns.has_z)
        f->cell.box.dim = 2;
    s->step = f->step;
    s->has_step = true;
    s->time = f->time;
    s->has_time = f->has_time;
    s->has_ids = f->columns.has_id;
    s->unwrapped = f->columns.unwrapped;
    memcpy(s->units, f->binary->units, sizeof s->units);
    for (int32_t i = 0; i < s->n && !f->columns.has_type && !f->columns.has_element; i++)
        s->type[i] = 1;
    isd_status status = format_finish(s, &f->cell.box, err);
    if (status == ISD_DATA)
        return format_refuse_byte(f->file, f->start, err);
    if (status == ISD_OK)
        format_note_turned(f->file, &f->cell);
    return status;
}

static isd_status read_frame(struct frame *f, isd_error *err)
{
    const char *bytes = NULL;
    size_t length = 0;
    f->start = format_byte(f->file);
    isd_status status = lines_peek(&f->file->lines, 1, &bytes, &length, err);
    if (status == ISD_OK && length == 0) {
        f->end = FRAME_NONE;
        return ISD_OK;
    }
    if (status == ISD_OK)
        status = read_step(f, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = read_box(f, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = take_int(f, &f->size_one, err);
    if (status == ISD_OK && f->end != FRAME_CUT && (f->size_one < 1 || f->size_one > MAX_VALUES)) {
        isd_error_set(err, ISD_DATA, "%" PRId32 " numbers for each atom, expected 1 to %d", f->size_one, MAX_VALUES);
        return refuse(f, 4, err);
    }
    if (status == ISD_OK && f->end != FRAME_CUT && f->revision > 1)
        status = read_facts(f, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = read_columns(f, err);
    if (status == ISD_OK && f->end != FRAME_CUT)
        status = read_atoms(f, err);
    return status == ISD_OK && f->end != FRAME_CUT ? finish(f, err) : status;
}

/* --- the format ------------------------------------------------------------------------------------------------------ */

static isd_status open_binary(struct format_file *file, void **ret_state, isd_error *err)
{
    (void)file;
    struct binary *binary = calloc(1, sizeof *binary);
    if (binary == NULL)
        return isd_error_memory(err);
    *ret_state = binary;
    return ISD_OK;
}

static isd_status next_frame(void *state, struct format_file *file, isd_snapshot **ret_snapshot,
                             enum frame_end *ret_end, isd_error *err)
{
    struct frame f = {.binary = state, .file = file, .end = FRAME_WHOLE};
    isd_error trouble = {.status = ISD_OK};
    isd_status status = read_frame(&f, &trouble);
    dump_columns_done(&f.columns);
    if (status == ISD_OK && f.end == FRAME_WHOLE)
        *ret_snapshot = f.snapshot;
    else
        isd_snapshot_unref(f.snapshot);
    if (status == ISD_OK)
        *ret_end = f.end;
    if (err != NULL)
        *err = trouble;
    return status;
}

const struct format format_lammps_binary = {
    .key = "binary",
    .name = "LAMMPS binary dump",
    .binary = true,
    .state_size = sizeof(struct binary),
    .matches = matches,
    .open = open_binary,
    .next = next_frame,
    .close = free,
};
