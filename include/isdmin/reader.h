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

/* Opens one file, plain or gz, and finds its format by content. Refuses what is no regular file without blocking.
 * `note` (may be NULL) is called for warnings while reading: a file cut short, a last number that may be cut. */
isd_status isd_reader_open(const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                           isd_reader **ret_reader, isd_error *err);

/* The next frame; *ret_snapshot = NULL at the end. A damaged gz or a cut file ends the frames with a note if at least
 * one was complete, with an error otherwise; a gz member whose checksum alone is wrong is an error (ISD_DATA). */
isd_status isd_reader_next(isd_reader *reader, const isd_snapshot **ret_snapshot, isd_error *err);

/* True once a note said that the file is cut short or damaged. */
bool isd_reader_marked(const isd_reader *reader);
const char *isd_reader_format(const isd_reader *reader); /* "LAMMPS text dump" */
void isd_reader_close(isd_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
