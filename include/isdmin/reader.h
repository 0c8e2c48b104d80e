/* isdmin: snapshot files to snapshots. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ISDMIN_READER_H
#define ISDMIN_READER_H

#include "isdmin/control.h"
#include "isdmin/snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A warning about a file: everything in it up to here is usable. */
typedef void isd_note_fn(void *arg, const isd_error *note);

typedef struct isd_reader isd_reader;

/* Opens one file, plain, gz or (where the library was built with it) zstd, and finds its format by content: LAMMPS dumps and data
 * files, extended XYZ, GSD, POSCAR and XDATCAR (isdmin-formats(5)). Refuses what is no regular file without blocking. `note` (may be
 * NULL) is called, on the thread that reads, for warnings: a file cut short, a last number that may be cut. Errors carry path and line. */
isd_status isd_reader_open(const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                           isd_reader **ret_reader, isd_error *err);

/* The next frame, a reference of the caller's (isd_snapshot_unref); *ret_snapshot = NULL at the end. A damaged gz or a cut file
 * ends the frames with a note if at least one was complete, with an error otherwise; a gz member whose checksum alone is wrong is
 * an error (ISD_DATA). */
isd_status isd_reader_next(isd_reader *reader, const isd_snapshot **ret_snapshot, isd_error *err);

/* True once a note said that the file is cut short or damaged. */
bool isd_reader_marked(const isd_reader *reader);
const char *isd_reader_format(const isd_reader *reader); /* "LAMMPS text dump"; lives as long as the reader */
void isd_reader_close(isd_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
