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

static bool ends_with(const char *path, const char *suffix)
{
    size_t length = strlen(path), n = strlen(suffix);
    return length > n && strcmp(path + length - n, suffix) == 0;
}

static enum write_format format_of(const char *path)
{
    if (ends_with(path, ".xyz") || ends_with(path, ".extxyz"))
        return WRITE_XYZ;
    return ends_with(path, ".data") || ends_with(path, ".lmp") ? WRITE_DATA : WRITE_DUMP;
}

isd_status frame_writer_new(const char *path, struct frame_writer **ret_writer, isd_error *err)
{
    if (ends_with(path, ".gz") || ends_with(path, ".zst")) {
        isd_error_set(err, ISD_UNSUPPORTED, "compressed files are not written");
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "leave the last suffix out and run gzip or zstd afterwards");
        return ISD_UNSUPPORTED;
    }
    struct frame_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return isd_error_memory(err);
    isd_status status = draft_open(&writer->file.draft, path, err);
    if (status != ISD_OK) {
        free(writer);
        return status;
    }
    writer->format = format_of(path);
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
    isd_status status = draft_open(&draft, path, err);
    if (status != ISD_OK)
        return status;
    draft_put(&draft, data, length);
    return draft_commit(&draft, err);
}
