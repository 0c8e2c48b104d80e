/* Snapshots to files: the format by the name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write.h"

#include <stdlib.h>
#include <string.h>

#include "io/write_data.h"
#include "io/write_dump.h"
#include "io/write_xyz.h"

enum write_format {
    WRITE_DUMP,
    WRITE_XYZ,
    WRITE_DATA
};

struct frame_writer {
    struct write_file file;
    enum write_format format;
};

/* Do the first `length` characters end so? */
static bool ends_with(const char *path, size_t length, const char *suffix)
{
    size_t n = strlen(suffix);
    return length > n && memcmp(path + length - n, suffix, n) == 0;
}

/* What the last suffix says; *length is then that of the name without it. */
static enum draft_coding coding_of(const char *path, size_t *length)
{
    enum draft_coding coding = ends_with(path, *length, ".gz")    ? DRAFT_GZ
                               : ends_with(path, *length, ".zst") ? DRAFT_ZSTD
                                                                  : DRAFT_PLAIN;
    *length -= coding == DRAFT_GZ ? 3 : coding == DRAFT_ZSTD ? 4 : 0;
    return coding;
}

static enum write_format format_of(const char *path, size_t length)
{
    if (ends_with(path, length, ".xyz") || ends_with(path, length, ".extxyz"))
        return WRITE_XYZ;
    return ends_with(path, length, ".data") || ends_with(path, length, ".lmp") ? WRITE_DATA : WRITE_DUMP;
}

isd_status frame_writer_new(const char *path, struct frame_writer **ret_writer, isd_error *err)
{
    size_t length = strlen(path);
    enum draft_coding coding = coding_of(path, &length);
    struct frame_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return isd_error_memory(err);
    isd_status status = draft_open(&writer->file.draft, path, coding, err);
    if (status != ISD_OK) {
        free(writer);
        return status;
    }
    writer->format = format_of(path, length);
    *ret_writer = writer;
    return ISD_OK;
}

/* What a data file has no place for. */
static isd_status check_data(const struct frame_writer *writer, int n_columns, isd_error *err)
{
    if (writer->file.frames == 0 && n_columns == 0)
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "a LAMMPS data file holds one frame%s", n_columns > 0 ? " and no columns but id, type, positions and images" : "");
    isd_error_at(err, writer->file.draft.path, 0, 0);
    isd_error_hint(err, "write a dump (NAME.dump) or extended XYZ (NAME.xyz)");
    return ISD_USAGE;
}

isd_status frame_writer_frame(struct frame_writer *writer, const isd_snapshot *snapshot, const struct dump_column *columns,
                              int n_columns, isd_error *err)
{
    struct write_file *file = &writer->file;
    if (writer->format == WRITE_DATA && check_data(writer, n_columns, err) != ISD_OK)
        return ISD_USAGE;
    if (writer->format == WRITE_XYZ)
        xyz_put_frame(file, snapshot, columns, n_columns);
    else if (writer->format == WRITE_DATA)
        data_put_frame(file, snapshot);
    else
        dump_put_frame(file, snapshot, columns, n_columns);
    file->frames++;
    return draft_state(&file->draft, err);
}

isd_status frame_writer_close(struct frame_writer *writer, isd_error *err)
{
    isd_status status = draft_commit(&writer->file.draft, err);
    free(writer);
    return status;
}

void frame_writer_abandon(struct frame_writer *writer)
{
    if (writer == NULL)
        return;
    draft_drop(&writer->file.draft);
    free(writer);
}

isd_status write_whole_file(const char *path, const char *data, size_t length, isd_error *err)
{
    struct draft draft;
    isd_status status = draft_open(&draft, path, DRAFT_PLAIN, err);
    if (status != ISD_OK)
        return status;
    draft_put(&draft, data, length);
    return draft_commit(&draft, err);
}
