/* Files to snapshots: finding the format, and what to say about files that end badly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "io/lines.h"

struct isd_reader {
    struct lines lines;
    struct lammps_dump dump;
    struct element_table own_elements;
    isd_note_fn *note;
    void *note_arg;
    bool marked, ended;
    int n_bad_told;
};

static const char *path_of(const isd_reader *reader)
{
    return source_path(reader->lines.source);
}

static void tell(isd_reader *reader, const isd_error *note)
{
    if (reader->note != NULL)
        reader->note(reader->note_arg, note);
}

/* gz data that ends early: what is known about it. */
static void describe_fault(const isd_reader *reader, isd_error *ret)
{
    const struct source *source = reader->lines.source;
    int32_t frames = reader->dump.frame;
    if (source_fault(source) == SOURCE_CUT)
        isd_error_set(ret, ISD_DATA, "the gz data is cut, %" PRId32 " complete frame%s before that", frames, frames == 1 ? "" : "s");
    else
        isd_error_set(ret, ISD_DATA, "the gz data is damaged (%s), %" PRId32 " complete frame%s before that",
                      source_fault_text(source), frames, frames == 1 ? "" : "s");
    isd_error_at_byte(ret, path_of(reader), source_fault_byte(source));
    isd_error_hint(ret, frames > 0 ? "no checksum vouches for these frames: copy the file again if you can"
                                   : "copy the file again, or let the simulation write it anew");
}

static isd_status refuse_checksum(const isd_reader *reader, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "checksum wrong: the gz member that ends here can be read, but it is not what was written");
    isd_error_at_byte(err, path_of(reader), source_fault_byte(reader->lines.source));
    isd_error_hint(err, "copy the file again, or let the simulation write it anew");
    return ISD_DATA;
}

/* Said, but no mark: all members are whole. */
static void tell_garbage(isd_reader *reader)
{
    isd_error note;
    isd_error_set(&note, ISD_DATA, "bytes that are no gz data follow the last member: ignored");
    isd_error_at_byte(&note, path_of(reader), source_fault_byte(reader->lines.source));
    isd_error_hint(&note, "the frames before it are sound");
    tell(reader, &note);
}

/* Frames end here with `reason`: a note if there were any, else the error. */
static isd_status end_early(isd_reader *reader, const isd_error *reason, isd_error *err)
{
    reader->ended = true;
    if (reader->dump.frame == 0) {
        if (err != NULL)
            *err = *reason;
        return reason->status;
    }
    isd_error note = *reason;
    if (note.hint[0] == '\0')
        isd_error_hint(&note, "the %" PRId32 " complete frame%s before it can be used", reader->dump.frame,
                       reader->dump.frame == 1 ? "" : "s");
    reader->marked = true;
    tell(reader, &note);
    return ISD_OK;
}

/* The text stopped making sense or stopped: `reason` unless the gz layer knows a deeper one. `bad_text`: malformed, not
 * just at its end. */
static isd_status judge_end(isd_reader *reader, bool bad_text, const isd_error *reason, isd_error *err)
{
    isd_status status = lines_drain(&reader->lines, err);
    if (status != ISD_OK)
        return status;
    isd_error deeper;
    switch (source_fault(reader->lines.source)) {
    case SOURCE_CUT:
    case SOURCE_DAMAGED:
        describe_fault(reader, &deeper);
        return end_early(reader, &deeper, err);
    case SOURCE_CHECKSUM:
        return refuse_checksum(reader, err);
    case SOURCE_GARBAGE:
        tell_garbage(reader);
        break;
    case SOURCE_FINE:
        break;
    }
    if (!bad_text)
        return end_early(reader, reason, err);
    if (err != NULL)
        *err = *reason;
    return reason->status;
}

/* No frame follows: does the gz layer agree that this is the end? */
static isd_status judge_clean_end(isd_reader *reader, isd_error *err)
{
    reader->ended = true;
    isd_error reason;
    switch (source_fault(reader->lines.source)) {
    case SOURCE_CUT:
    case SOURCE_DAMAGED:
        describe_fault(reader, &reason);
        return end_early(reader, &reason, err);
    case SOURCE_CHECKSUM:
        return refuse_checksum(reader, err);
    case SOURCE_GARBAGE:
        tell_garbage(reader);
        break;
    case SOURCE_FINE:
        break;
    }
    if (reader->dump.frame > 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no frame in it");
    return isd_error_at(err, path_of(reader), 0, 0);
}

/* Members that were let through with a wrong checksum are named once each. */
static void tell_bad_members(isd_reader *reader)
{
    int n;
    source_bad(reader->lines.source, &n);
    for (; reader->n_bad_told < n; reader->n_bad_told++) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "checksum wrong: gz member number %d is not what was written", reader->n_bad_told + 1);
        isd_error_at(&note, path_of(reader), 0, 0);
        isd_error_hint(&note, "its frames are shown, do not trust them");
        reader->marked = true;
        tell(reader, &note);
    }
}

static void tell_two_elements(isd_reader *reader)
{
    if (!reader->dump.two_elements)
        return;
    reader->dump.two_elements = false;
    isd_error note;
    isd_error_set(&note, ISD_DATA, "atoms of one type have different elements: the first one names the type");
    isd_error_at(&note, path_of(reader), 0, 0);
    tell(reader, &note);
}

static isd_status recognise(isd_reader *reader, bool *ret_foreign, isd_error *err)
{
    struct lines *lines = &reader->lines;
    bool matches = false, blank = false;
    isd_status status = lammps_dump_matches(lines, &matches, err);
    if (status == ISD_OK && !matches)
        status = lines_rest_blank(lines, &blank, err);
    bool binary = status == ISD_DATA; /* a NUL or no newline for many megabytes, before any sign of a dump */
    if ((status != ISD_OK && !binary) || matches)
        return status;
    isd_error reason;
    if (binary)
        isd_error_set(&reason, ISD_DATA, "this is no LAMMPS text dump: it is no text");
    else if (blank && source_used(lines->source) == 0)
        isd_error_set(&reason, ISD_DATA, "the file is empty");
    else if (blank)
        isd_error_set(&reason, ISD_DATA, "nothing but white space in it");
    else
        isd_error_set(&reason, ISD_DATA, "this is no LAMMPS text dump: it does not begin with ITEM:");
    isd_error_at(&reason, path_of(reader), blank ? 0 : lines->number, 0);
    isd_error_hint(&reason, "dumps are written by LAMMPS' dump atom or dump custom");
    status = judge_end(reader, false, &reason, err);
    if (ret_foreign != NULL && status == ISD_DATA && source_fault(lines->source) == SOURCE_FINE)
        *ret_foreign = true;
    return status;
}

isd_status reader_open_source(struct source *source, const struct reader_options *options, isd_note_fn *note,
                              void *note_arg, isd_control *control, isd_reader **ret_reader, isd_error *err)
{
    isd_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        source_close(source);
        return isd_error_memory(err);
    }
    reader->note = note;
    reader->note_arg = note_arg;
    reader->dump.elements = options->elements != NULL ? options->elements : &reader->own_elements;
    isd_status status = lines_init(&reader->lines, source, options->chunk, control, err);
    reader->lines.progress_from = options->progress_from;
    reader->lines.progress_total =
        options->progress_total > 0 ? options->progress_total : (double)source_size(source);
    if (status == ISD_OK)
        status = recognise(reader, options->ret_foreign, err);
    if (status != ISD_OK) {
        isd_reader_close(reader);
        return status;
    }
    *ret_reader = reader;
    return ISD_OK;
}

isd_status isd_reader_open(const char *path, isd_note_fn *note, void *note_arg, isd_control *control,
                           isd_reader **ret_reader, isd_error *err)
{
    struct source *source = NULL;
    const struct reader_options options = {0};
    isd_status status = source_open(path, 0, false, &source, err);
    if (status != ISD_OK)
        return status;
    return reader_open_source(source, &options, note, note_arg, control, ret_reader, err);
}

isd_status reader_next(isd_reader *reader, isd_snapshot **ret_snapshot, struct source_range *ret_range, isd_error *err)
{
    isd_snapshot *snapshot = NULL;
    if (reader->ended) {
        *ret_snapshot = NULL;
        return ISD_OK;
    }
    enum frame_end end = FRAME_NONE;
    isd_error reason = {.status = ISD_OK};
    int64_t from = lines_offset(&reader->lines);
    isd_status status = lammps_dump_next(&reader->dump, &reader->lines, &snapshot, &end, &reason);
    tell_two_elements(reader);
    if (status == ISD_OK && end == FRAME_WHOLE_NO_NEWLINE) {
        /* in a cut gz the last line is surely cut too */
        enum source_fault fault = source_fault(reader->lines.source);
        if (fault == SOURCE_CUT || fault == SOURCE_DAMAGED) {
            isd_snapshot_unref(snapshot);
            snapshot = NULL;
            reader->dump.frame--;
            end = FRAME_CUT;
        } else if (fault != SOURCE_CHECKSUM) { /* said, but no mark: most such files are whole */
            tell(reader, &reason);
        }
    }
    if (status == ISD_OK && end == FRAME_CUT) {
        status = judge_end(reader, false, &reason, err);
    } else if (status == ISD_OK && end == FRAME_NONE) {
        status = judge_clean_end(reader, err);
    } else if (status == ISD_DATA) {
        status = judge_end(reader, true, &reason, err);
    } else if (status != ISD_OK && err != NULL) {
        *err = reason;
    }
    tell_bad_members(reader);
    if (status != ISD_OK) {
        reader->ended = true;
        return status;
    }
    if (ret_range != NULL)
        *ret_range = (struct source_range){from, lines_offset(&reader->lines)};
    *ret_snapshot = snapshot;
    return ISD_OK;
}

isd_status isd_reader_next(isd_reader *reader, const isd_snapshot **ret_snapshot, isd_error *err)
{
    isd_snapshot *snapshot = NULL;
    isd_status status = reader_next(reader, &snapshot, NULL, err);
    if (status == ISD_OK)
        *ret_snapshot = snapshot;
    return status;
}

const struct source_range *reader_bad(const isd_reader *reader, int *ret_count)
{
    return source_bad(reader->lines.source, ret_count);
}

bool isd_reader_marked(const isd_reader *reader)
{
    return reader->marked;
}

const char *isd_reader_format(const isd_reader *reader)
{
    (void)reader;
    return "LAMMPS text dump";
}

void isd_reader_close(isd_reader *reader)
{
    if (reader == NULL)
        return;
    lines_done(&reader->lines);
    free(reader);
}
