/* What formats share: notes, places, growing, the last checks of a frame. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/format.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/memory.h"
#include "io/numbers.h"

/* Start with no more atoms than this where the data may claim what it does not hold. */
#define FIRST_ATOMS 65536
/* An atom hardly takes fewer bytes of compressed data: what is claimed with so many of them left is believed. */
#define COMPRESSED_PER_ATOM 4

const struct format *format_number(int k)
{
    /* by how surely they are known: magic numbers first, mere likeness last */
    static const struct format *const list[] = {&format_gsd,  &format_lammps_binary, &format_lammps_dump, &format_xdatcar,
                                                &format_poscar, &format_lammps_data, &format_xyz};
    return k >= 0 && k < (int)(sizeof list / sizeof *list) ? list[k] : NULL;
}

isd_status format_options_check(const struct format_options *options, isd_error *err)
{
    bool known = options->format == NULL;
    for (int k = 0; format_number(k) != NULL && !known; k++)
        known = strcmp(format_number(k)->key, options->format) == 0;
    if (!known)
        return isd_error_set(err, ISD_USAGE, "format=%s is not known", options->format);
    double value[10];
    struct file_cell cell;
    if (options->cell != NULL && !cell_from_numbers(&cell, value, numbers_parse(options->cell, strlen(options->cell), value, 10))) {
        isd_error_set(err, ISD_USAGE, "cell=%s: expected lx,ly,lz or lx,ly,lz,xy,xz,yz or nine numbers, the vectors a, b, c",
                      options->cell);
        return ISD_USAGE;
    }
    return ISD_OK;
}

isd_status format_refuse(const struct format_file *file, int64_t line, int64_t column, isd_error *err)
{
    isd_error_at(err, source_path(file->lines.source), line, column);
    return ISD_DATA;
}

isd_status format_refuse_byte(const struct format_file *file, int64_t byte, isd_error *err)
{
    isd_error_at_byte(err, source_path(file->lines.source), byte);
    return ISD_DATA;
}

int64_t format_byte(const struct format_file *file)
{
    return lines_offset(&file->lines);
}

void format_note(struct format_file *file, const isd_error *note)
{
    if (file->note != NULL)
        file->note(file->note_arg, note);
}

void format_note_turned(struct format_file *file, const struct file_cell *cell)
{
    if (!cell->turned || file->told_turned)
        return;
    file->told_turned = true;
    isd_error note;
    isd_error_set(&note, ISD_DATA, "the cell is turned%s so that a lies along x and b in the xy plane, and all atoms with it",
                  cell->mirrored ? " and mirrored (it is left-handed)" : "");
    isd_error_at(&note, source_path(file->lines.source), 0, 0);
    format_note(file, &note);
}

isd_status format_cut(struct format_file *file, const char *in_what, enum frame_end *ret_end, isd_error *err)
{
    *ret_end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", %s", file->frame, in_what);
    isd_error_at(err, source_path(file->lines.source), file->lines.number, 0);
    return ISD_OK;
}

static void copy_atoms(isd_snapshot *to, const isd_snapshot *from, size_t n)
{
    memcpy(to->id, from->id, n * sizeof *to->id);
    memcpy(to->type, from->type, n * sizeof *to->type);
    memcpy(to->position, from->position, 3 * n * sizeof *to->position);
    if (to->image != NULL)
        memcpy(to->image, from->image, 3 * n * sizeof *to->image);
    memcpy(to->element, from->element, sizeof to->element);
}

isd_status format_grow(struct format_file *file, int32_t claimed, int32_t filled, bool with_image,
                       isd_snapshot **snapshot, isd_error *err)
{
    isd_snapshot *old = *snapshot, *s = NULL;
    int32_t size = claimed;
    const struct source *source = file->lines.source;
    bool plausible = claimed <= (source_size(source) - source_used(source)) / COMPRESSED_PER_ATOM;
    if (source_coding(source) != NULL && !(old == NULL && plausible)) {
        int64_t want = old != NULL ? 2 * (int64_t)old->n : FIRST_ATOMS;
        size = want < claimed ? (int32_t)want : claimed;
    }
    if (size > FIRST_ATOMS && MEMORY_PER_ATOM * size > memory_for_frames()) { /* asking takes longer than reading a few atoms */
        isd_error_set(err, ISD_MEMORY, "frame %" PRId32 " of %" PRId32 " atoms does not fit this computer's memory", file->frame, claimed);
        isd_error_at(err, source_path(file->lines.source), 0, 0);
        return ISD_MEMORY;
    }
    isd_status status = isd_snapshot_new(size, with_image, &s, err);
    if (status != ISD_OK)
        return status;
    if (old != NULL)
        copy_atoms(s, old, (size_t)filled);
    isd_snapshot_unref(old);
    *snapshot = s;
    return ISD_OK;
}

static int find_dimension(const isd_snapshot *s)
{
    if (s->n < 2)
        return 3;
    for (int32_t i = 1; i < s->n; i++)
        if (s->position[3 * (size_t)i + 2] != s->position[2])
            return 3;
    return 2;
}

isd_status format_finish(isd_snapshot *s, const isd_box *box, isd_error *err)
{
    s->box = *box;
    for (size_t k = 0; k < 3 * (size_t)s->n; k++)
        if (!isfinite(s->position[k]))
            return isd_error_set(err, ISD_DATA, "a position overflows, that of atom %zu of the frame", k / 3 + 1);
    if (s->box.dim != 2)
        s->box.dim = find_dimension(s);
    isd_status status = isd_box_check(&s->box, err);
    return status == ISD_OK ? isd_snapshot_freeze(s, err) : status;
}
