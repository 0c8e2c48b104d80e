/* Files to snapshots: finding the format, and what to say about files that end badly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/columns.h"
#include "io/foreign.h"
#include "io/lines.h"

struct isd_reader {
    struct format_file file;
    const struct format *format;
    void *state; /* the format's */
    struct element_table own_elements;
    bool marked, ended;
    bool hold_unfinished, last_whole;
    int n_bad_told;
};

static const char *path_of(const isd_reader *reader)
{
    return source_path(reader->file.lines.source);
}

static void tell(isd_reader *reader, const isd_error *note)
{
    if (reader->file.note != NULL)
        reader->file.note(reader->file.note_arg, note);
}

/* Compressed data that ends early: what is known about it. */
static void describe_fault(const isd_reader *reader, isd_error *ret)
{
    const struct source *source = reader->file.lines.source;
    int32_t frames = reader->file.frame;
    if (source_fault(source) == SOURCE_TOO_LARGE) {
        isd_error_set(ret, ISD_UNSUPPORTED, "the %s data needs %s to be unpacked", source_coding(source), source_fault_text(source));
        isd_error_at_byte(ret, path_of(reader), source_fault_byte(source));
        isd_error_hint(ret, "unpack it with: zstd -d --long=31 FILE, or pack it again without --long and --ultra");
        return;
    }
    if (source_fault(source) == SOURCE_CUT)
        isd_error_set(ret, ISD_DATA, "the %s data is cut, %" PRId32 " complete frame%s before that", source_coding(source), frames,
                      frames == 1 ? "" : "s");
    else
        isd_error_set(ret, ISD_DATA, "the %s data is damaged (%s), %" PRId32 " complete frame%s before that",
                      source_coding(source), source_fault_text(source), frames, frames == 1 ? "" : "s");
    isd_error_at_byte(ret, path_of(reader), source_fault_byte(source));
    isd_error_hint(ret, frames > 0 ? "no checksum vouches for these frames: copy the file again if you can"
                                   : "copy the file again, or let the simulation write it anew");
}

static isd_status refuse_checksum(const isd_reader *reader, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "checksum wrong: the %s that ends here can be read, but it is not what was written",
                  strcmp(source_coding(reader->file.lines.source), "gz") == 0 ? "gz member" : "zstd frame");
    isd_error_at_byte(err, path_of(reader), source_fault_byte(reader->file.lines.source));
    isd_error_hint(err, "copy the file again, or let the simulation write it anew");
    return ISD_DATA;
}

/* Said, but no mark: all members are whole. */
static void tell_garbage(isd_reader *reader)
{
    isd_error note;
    isd_error_set(&note, ISD_DATA, "bytes that are no %s data follow the last %s: ignored", source_coding(reader->file.lines.source),
                  strcmp(source_coding(reader->file.lines.source), "gz") == 0 ? "member" : "frame");
    isd_error_at_byte(&note, path_of(reader), source_fault_byte(reader->file.lines.source));
    isd_error_hint(&note, "the frames before it are sound");
    tell(reader, &note);
}

/* Frames end here with `reason`: a note if there were any, else the error. */
static isd_status end_early(isd_reader *reader, const isd_error *reason, isd_error *err)
{
    reader->ended = true;
    if (reader->file.frame == 0) {
        if (err != NULL)
            *err = *reason;
        return reason->status;
    }
    isd_error note = *reason;
    if (note.hint[0] == '\0')
        isd_error_hint(&note, "the %" PRId32 " complete frame%s before it can be used", reader->file.frame,
                       reader->file.frame == 1 ? "" : "s");
    reader->marked = true;
    tell(reader, &note);
    return ISD_OK;
}

/* Does the gz layer say why the text ends here? Then *ret_status is what follows from that. */
static bool gz_ends_it(isd_reader *reader, isd_status *ret_status, isd_error *err)
{
    isd_error reason;
    switch (source_fault(reader->file.lines.source)) {
    case SOURCE_CUT:
    case SOURCE_DAMAGED:
    case SOURCE_TOO_LARGE:
        describe_fault(reader, &reason);
        *ret_status = end_early(reader, &reason, err);
        return true;
    case SOURCE_CHECKSUM:
        *ret_status = refuse_checksum(reader, err);
        return true;
    case SOURCE_GARBAGE:
        tell_garbage(reader);
        break;
    case SOURCE_FINE:
        break;
    }
    return false;
}

/* The text stopped making sense or stopped: `reason` unless the gz layer knows a deeper one. `bad_text`: malformed, not
 * just at its end. */
static isd_status judge_end(isd_reader *reader, bool bad_text, const isd_error *reason, isd_error *err)
{
    isd_status status = lines_drain(&reader->file.lines, err);
    if (status != ISD_OK || gz_ends_it(reader, &status, err))
        return status;
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
    isd_status status = ISD_OK;
    if (gz_ends_it(reader, &status, err))
        return status;
    if (reader->file.frame > 0)
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no frame in it");
    isd_error_at(err, path_of(reader), 0, 0);
    return ISD_DATA;
}

/* Members that were let through with a wrong checksum are named once each. */
static void tell_bad_members(isd_reader *reader)
{
    int n;
    source_bad(reader->file.lines.source, &n);
    for (; reader->n_bad_told < n; reader->n_bad_told++) {
        isd_error note;
        isd_error_set(&note, ISD_DATA, "checksum wrong: gz member number %d is not what was written", reader->n_bad_told + 1);
        isd_error_at(&note, path_of(reader), 0, 0);
        isd_error_hint(&note, "its frames are shown, do not trust them");
        reader->marked = true;
        tell(reader, &note);
    }
}

/* The format that these first bytes look like, or NULL. */
static const struct format *find_format(const char *head, size_t length)
{
    const struct format *format;
    size_t mark = length >= strlen(LINES_MARK) && memcmp(head, LINES_MARK, strlen(LINES_MARK)) == 0 ? strlen(LINES_MARK) : 0;
    for (int k = 0; (format = format_number(k)) != NULL; k++) {
        size_t skip = format->binary ? 0 : mark;
        if (format->matches(head + skip, length - skip, length < FORMAT_HEAD))
            break;
    }
    return format;
}

/* What the first bytes look like: a format, or NULL; *ret_blank if they are white space all through. */
static isd_status look(isd_reader *reader, const struct format **ret_format, bool *ret_blank, isd_error *err)
{
    struct lines *lines = &reader->file.lines;
    for (;;) {
        const char *head = NULL;
        size_t length = 0, blank = 0;
        isd_status status = lines_peek(lines, FORMAT_HEAD, &head, &length, err);
        if (status != ISD_OK)
            return status;
        const struct format *format = find_format(head, length);
        while (blank < length && strchr(" \t\r\n", head[blank]) != NULL && head[blank] != '\0')
            blank++;
        *ret_format = format;
        *ret_blank = format == NULL && blank == length;
        if (format != NULL || blank < length || length < FORMAT_HEAD)
            return ISD_OK;
        lines_consume(lines, length, 0); /* a dump after very much white space */
    }
}

/* No snapshot in a format that is read: what else, as far as it is known. */
static void describe_unknown(struct lines *lines, bool format_said, isd_error *reason)
{
    const char *head = NULL;
    size_t length = 0;
    if (lines_peek(lines, FORMAT_HEAD, &head, &length, NULL) != ISD_OK)
        length = 0;
    const struct foreign *foreign = foreign_find(head, length);
    bool table = foreign == NULL && columns_seem(head, length);
    if (foreign != NULL)
        isd_error_set(reason, ISD_DATA, "this is %s, which is not read", foreign->name);
    else
        isd_error_set(reason, ISD_DATA, "this is no snapshot in a format that is read");
    if (table)
        isd_error_hint(reason, "it seems a table or log: points FILE takes a table of delta, D_min, T, p, t_w; trace FILE tw=20 a stress-strain trace");
    else if (foreign != NULL && foreign->way != NULL)
        isd_error_hint(reason, "%s", foreign->way);
    else
        isd_error_hint(reason, "read are LAMMPS dumps (text, binary) and data files, extended XYZ, GSD, POSCAR and XDATCAR%s",
                       foreign != NULL || format_said ? "" : "; format= of open says which one it is");
}

static isd_status refuse_unknown(isd_reader *reader, bool blank, bool *ret_foreign, isd_error *err)
{
    struct lines *lines = &reader->file.lines;
    isd_error reason;
    if (blank && source_used(lines->source) == 0)
        isd_error_set(&reason, ISD_DATA, "the file is empty");
    else if (blank)
        isd_error_set(&reason, ISD_DATA, "nothing but white space in it");
    else
        describe_unknown(lines, reader->file.options.format != NULL, &reason);
    isd_error_at(&reason, path_of(reader), 0, 0);
    isd_status status = judge_end(reader, false, &reason, err);
    if (ret_foreign != NULL && status == ISD_DATA && source_fault(lines->source) == SOURCE_FINE)
        *ret_foreign = true;
    return status;
}

static isd_status recognise(isd_reader *reader, const struct format *known, bool *ret_foreign, isd_error *err)
{
    const struct format *format = NULL;
    bool blank = false;
    isd_status status = ISD_OK;
    if (known != NULL)
        format = known;
    else
        status = look(reader, &format, &blank, err);
    for (int k = 0; status == ISD_OK && !blank && reader->file.options.format != NULL && format_number(k) != NULL; k++)
        if (strcmp(format_number(k)->key, reader->file.options.format) == 0)
            format = format_number(k);
    if (status != ISD_OK)
        return status;
    if (format == NULL)
        return refuse_unknown(reader, blank, ret_foreign, err);
    reader->format = format;
    if (!format->binary && known == NULL) /* else reading goes on elsewhere: nothing is read here */
        status = lines_skip_mark(&reader->file.lines, err);
    return status != ISD_OK ? status : format->open(&reader->file, &reader->state, err);
}

isd_status reader_open_source(struct source *source, const struct reader_options *options, isd_note_fn *note,
                              void *note_arg, isd_control *control, isd_reader **ret_reader, isd_error *err)
{
    isd_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        source_close(source);
        return isd_error_memory(err);
    }
    reader->file.note = note;
    reader->file.note_arg = note_arg;
    reader->file.options = options->format;
    reader->hold_unfinished = options->hold_unfinished;
    reader->file.elements = options->elements != NULL ? options->elements : &reader->own_elements;
    isd_status status = lines_init(&reader->file.lines, source, options->chunk, control, err);
    reader->file.lines.progress_from = options->progress_from;
    reader->file.lines.progress_total =
        options->progress_total > 0 ? options->progress_total : (double)source_size(source);
    if (status == ISD_OK)
        status = recognise(reader, options->known, options->ret_foreign, err);
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
    if (isd_control_cancelled(reader->file.lines.control)) /* frames may come out of what is read already */
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    enum frame_end end = FRAME_NONE;
    isd_error reason = {.status = ISD_OK};
    int64_t from = lines_offset(&reader->file.lines);
    isd_status status = reader->format->next(reader->state, &reader->file, &snapshot, &end, &reason);
    if (status == ISD_OK && snapshot != NULL)
        reader->file.frame++;
    reader->last_whole = end != FRAME_WHOLE_NO_NEWLINE;
    if (status == ISD_OK && end == FRAME_WHOLE_NO_NEWLINE) {
        /* in a cut gz the last line is surely cut too */
        enum source_fault fault = source_fault(reader->file.lines.source);
        if (fault == SOURCE_CUT || fault == SOURCE_DAMAGED || fault == SOURCE_TOO_LARGE || reader->hold_unfinished) {
            isd_snapshot_unref(snapshot);
            snapshot = NULL;
            reader->file.frame--;
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
        *ret_range = (struct source_range){from, lines_offset(&reader->file.lines)};
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

void reader_where(const isd_reader *reader, struct reader_place *ret_place)
{
    const struct lines *lines = &reader->file.lines;
    *ret_place = (struct reader_place){.offset = lines_offset(lines), .line = lines->number, .frame = reader->file.frame};
}

const void *reader_state(const isd_reader *reader)
{
    return reader->state;
}

size_t reader_state_size(const isd_reader *reader)
{
    return reader->format->state_size;
}

const struct format *reader_format(const isd_reader *reader)
{
    return reader->format;
}

isd_status reader_go(isd_reader *reader, const struct reader_place *place, const void *state,
                     const struct source_index *index, isd_error *err)
{
    isd_status status = ISD_OK;
    if (!reader->format->by_number)
        status = lines_go(&reader->file.lines, index, place->offset, place->line, err);
    if (status != ISD_OK)
        return status;
    if (state != NULL && reader->format->state_size > 0)
        memcpy(reader->state, state, reader->format->state_size);
    reader->file.frame = place->frame;
    reader->ended = false;
    return ISD_OK;
}

void reader_use(isd_reader *reader, isd_note_fn *note, void *note_arg, isd_control *control)
{
    reader->file.note = note;
    reader->file.note_arg = note_arg;
    reader->file.lines.control = control;
}

int64_t reader_used(const isd_reader *reader)
{
    return source_used(reader->file.lines.source);
}

int64_t reader_inflated(const isd_reader *reader)
{
    return source_inflated(reader->file.lines.source);
}

bool reader_last_whole(const isd_reader *reader)
{
    return reader->last_whole;
}

bool reader_incomplete(const isd_reader *reader)
{
    return reader->file.incomplete;
}

const struct source_range *reader_bad(const isd_reader *reader, int *ret_count)
{
    return source_bad(reader->file.lines.source, ret_count);
}

bool isd_reader_marked(const isd_reader *reader)
{
    return reader->marked;
}

const char *isd_reader_format(const isd_reader *reader)
{
    return reader->format->name;
}

void isd_reader_close(isd_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->format != NULL)
        reader->format->close(reader->state);
    lines_done(&reader->file.lines);
    free(reader);
}
