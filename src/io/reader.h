/* What the library's own modules may ask of a reader beyond isdmin/reader.h. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_READER_H
#define IO_READER_H

#include "io/format.h"
#include "io/source.h"
#include "isdmin/reader.h"

struct reader_options {
    size_t chunk;                         /* bytes read and decoded at once; 0: default. Never changes a result */
    struct element_table *elements;       /* shared by the files of a set, or NULL */
    double progress_from, progress_total; /* of all files, in bytes on disk; 0: this file alone */
    struct format_options format;         /* what only the user knows */
    bool *ret_foreign;                    /* or NULL: set when opening fails because this is sound but no snapshot */
};

/* As isd_reader_open, over an open source, which is taken over (closed on failure too). Whether wrong checksums end the data is the source's choice. */
isd_status reader_open_source(struct source *source, const struct reader_options *options, isd_note_fn *note,
                              void *note_arg, isd_control *control, isd_reader **ret_reader, isd_error *err);

/* As isd_reader_next, before the snapshot is shared; *ret_range (may be NULL) is where its bytes lie in the decoded data. */
isd_status reader_next(isd_reader *reader, isd_snapshot **ret_snapshot, struct source_range *ret_range, isd_error *err);

/* Members with a wrong checksum that were let through so far: borrowed. */
const struct source_range *reader_bad(const isd_reader *reader, int *ret_count);

#endif
