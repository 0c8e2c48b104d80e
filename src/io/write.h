/* Snapshots to files, in the format that the name asks for. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_H
#define IO_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "io/draft.h"
#include "isdmin/snapshot.h"

/* A further column: n values of each frame; integers print without a point. */
struct dump_column {
    const char *name;
    const double *reals; /* one of these two */
    const int64_t *ints;
};

/* What the formats write to. */
struct write_file {
    struct draft draft;
    int32_t frames; /* written so far */
    char units[16]; /* said so far */
};

/* NAME.xyz and NAME.extxyz are extended XYZ, NAME.data and NAME.lmp a LAMMPS data file (one frame, no further columns: else ISD_USAGE),
 * all else is a LAMMPS dump. Frames are written to a temporary file beside `path`, which replaces it in frame_writer_close: never
 * half a file. .gz or .zst behind all that compresses it (zstd: ISD_UNSUPPORTED in a build without). */
struct frame_writer;
isd_status frame_writer_new(const char *path, struct frame_writer **ret_writer, isd_error *err);
isd_status frame_writer_frame(struct frame_writer *writer, const isd_snapshot *snapshot, const struct dump_column *columns,
                              int n_columns, isd_error *err);
isd_status frame_writer_close(struct frame_writer *writer, isd_error *err); /* frees it, whatever happens */
void frame_writer_abandon(struct frame_writer *writer);                     /* nothing is left behind */

/* Any bytes to a file, whole or not at all: temporary file, fsync, rename. */
isd_status write_whole_file(const char *path, const char *data, size_t length, isd_error *err);

#endif
