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
    const struct format *known;           /* or NULL: found by content. Then nothing is read before reader_go */
    bool hold_unfinished;                 /* a last frame whose last line has no newline is none: it is being written */
    bool *ret_foreign;                    /* or NULL: set when opening fails because this is sound but no snapshot */
};

/* As isd_reader_open, over an open source, which is taken over (closed on failure too). Whether wrong checksums end the data is the source's choice. */
isd_status reader_open_source(struct source *source, const struct reader_options *options, isd_note_fn *note,
                              void *note_arg, isd_control *control, isd_reader **ret_reader, isd_error *err);

/* As isd_reader_next, before the snapshot is shared; *ret_range (may be NULL) is where its bytes lie in the decoded data. */
isd_status reader_next(isd_reader *reader, isd_snapshot **ret_snapshot, struct source_range *ret_range, isd_error *err);

/* Where a frame begins. */
struct reader_place {
    int64_t offset; /* decoded bytes before it */
    int64_t line;
    int32_t frame;  /* its number in the file */
};

/* The place of the next frame; with reader_state (reader_state_size bytes, borrowed until the next call, 0: none) all that is
 * needed to go on there later, in another reader of the same file, too. */
void reader_where(const isd_reader *reader, struct reader_place *ret_place);
const void *reader_state(const isd_reader *reader);
size_t reader_state_size(const isd_reader *reader);
const struct format *reader_format(const isd_reader *reader);
/* Go on at a place and with the state of then; index: of the source, or NULL. Whatever ended the reading before is forgotten. */
isd_status reader_go(isd_reader *reader, const struct reader_place *place, const void *state,
                     const struct source_index *index, isd_error *err);
/* Notes, cancel and progress go here from now on. */
void reader_use(isd_reader *reader, isd_note_fn *note, void *note_arg, isd_control *control);
int64_t reader_used(const isd_reader *reader); /* bytes on disk */
int64_t reader_inflated(const isd_reader *reader); /* bytes that were decoded, see source_inflated */
/* Did the last line of the frame read last end in a newline? */
bool reader_last_whole(const isd_reader *reader);
/* After an error: is the file sound, only that what it lacks must be said on opening? */
bool reader_incomplete(const isd_reader *reader);

/* Members with a wrong checksum that were let through so far: borrowed. */
const struct source_range *reader_bad(const isd_reader *reader, int *ret_count);

#endif
