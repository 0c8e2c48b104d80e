/* LAMMPS text dumps: frames one after the other. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "io/lammps_dump_frame.h"
#include "io/words.h"

isd_status dump_refuse_at(const struct dump_frame *f, int64_t line, int64_t column, isd_error *err)
{
    isd_error_at(err, source_path(f->lines->source), line, column);
    return ISD_DATA;
}

static isd_status read_frame(struct dump_frame *f, isd_error *err)
{
    const char *columns = NULL, *end = NULL;
    isd_status status = dump_read_header(f, &columns, &end, err);
    return status == ISD_OK && f->end == FRAME_WHOLE ? dump_read_atoms(f, columns, end, err) : status;
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
    struct dump_frame f = {.dump = state, .file = file, .lines = &file->lines, .end = FRAME_WHOLE};
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
