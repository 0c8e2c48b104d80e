/* Rows of atoms in text: each value checked, nothing allocated that the file cannot hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/rows.h"

#include <inttypes.h>
#include <limits.h>

#include "io/words.h"

/* What is wrong with a row, before it is known whether the row is just cut. */
struct complaint {
    const char *at; /* NULL: the row is short */
    const char *expected;
    int columns;
};

static bool bounded(const char *p, const char *stop, int64_t low, int64_t high, int32_t *ret_value)
{
    int64_t value;
    if (scan_int64(p, stop, &value) != stop || value < low || value > high)
        return false;
    *ret_value = (int32_t)value;
    return true;
}

static bool find_label(const struct element_table *labels, const char *p, const char *stop, int32_t *ret_type)
{
    for (int t = 1; labels != NULL && t <= ISD_MAX_TYPES; t++) {
        if (labels->name[t][0] != '\0' && word_is(p, stop, labels->name[t])) {
            *ret_type = t;
            return true;
        }
    }
    return false;
}

/* The word p ... stop as what its column is. */
static bool take_word(const struct row_plan *plan, unsigned use, const char *p, const char *stop, isd_snapshot *s,
                      int32_t i, const char **ret_expected)
{
    switch (use) {
    case COLUMN_POSITION:
    case COLUMN_POSITION + 1:
    case COLUMN_POSITION + 2:
        *ret_expected = "a finite decimal number";
        return scan_double(p, stop, &s->position[3 * (size_t)i + (use - COLUMN_POSITION)]) == stop;
    case COLUMN_IMAGE:
    case COLUMN_IMAGE + 1:
    case COLUMN_IMAGE + 2:
        *ret_expected = "an image count";
        return bounded(p, stop, INT32_MIN, INT32_MAX, &s->image[3 * (size_t)i + (use - COLUMN_IMAGE)]);
    case COLUMN_ID:
        *ret_expected = "an atom id, a whole number from 1";
        return scan_int64(p, stop, &s->id[i]) == stop && s->id[i] > 0;
    case COLUMN_TYPE:
        *ret_expected = plan->labels != NULL ? "an atom type, a label or a whole number from 1 to 64" : "an atom type, a whole number from 1 to 64";
        return bounded(p, stop, 1, ISD_MAX_TYPES, &s->type[i]) || find_label(plan->labels, p, stop, &s->type[i]);
    case COLUMN_ELEMENT:
        *ret_expected = "a species name of at most 15 bytes, 64 different ones in all";
        s->type[i] = elements_find(plan->names, p, (size_t)(stop - p));
        return s->type[i] > 0;
    default:
        return true;
    }
}

/* Row i from the words p ... end. */
static bool take_row(const struct row_plan *plan, const char *p, const char *end, isd_snapshot *s, int32_t i,
                     struct complaint *complaint)
{
    for (int c = 0; c < plan->n; c++) {
        p = word_start(p, end);
        if (p == end) {
            *complaint = (struct complaint){.at = NULL, .columns = c};
            return false;
        }
        const char *stop = word_end(p, end);
        if (!take_word(plan, plan->use[c], p, stop, s, i, &complaint->expected)) {
            complaint->at = p;
            return false;
        }
        p = stop;
    }
    p = word_start(p, end);
    if (p < end && !plan->more_allowed) {
        *complaint = (struct complaint){.at = p, .expected = "the end of the line", .columns = plan->n};
        return false;
    }
    return true;
}

static isd_status refuse_row(const struct format_file *file, const char *line, const char *end, int32_t i, int32_t n,
                             const struct row_plan *plan, const struct complaint *complaint, isd_error *err)
{
    int64_t number = file->lines.number - 1;
    if (complaint->at == NULL) {
        isd_error_set(err, ISD_DATA, "row %" PRId32 " of the %" PRId32 " of frame %" PRId32 " has %d value%s, expected %d%s", i + 1, n,
                      file->frame, complaint->columns, complaint->columns == 1 ? "" : "s", plan->n,
                      plan->more_allowed ? " or more" : "");
        isd_error_hint(err, "does the frame have fewer atoms than it claims?");
        return format_refuse(file, number, 0, err);
    }
    isd_error_set(err, ISD_DATA, "'%.*s', expected %s", word_shown(complaint->at, word_end(complaint->at, end)), complaint->at,
                  complaint->expected);
    return format_refuse(file, number, complaint->at - line + 1, err);
}

static isd_status cut_in_rows(struct format_file *file, int32_t n, int32_t filled, enum frame_end *ret_end, isd_error *err)
{
    *ret_end = FRAME_CUT;
    isd_error_set(err, ISD_DATA, "the file ends in frame %" PRId32 ", which claims %" PRId32 " atom%s and has %" PRId32 " whole line%s",
                  file->frame, n, n == 1 ? "" : "s", filled, filled == 1 ? "" : "s");
    isd_error_at(err, source_path(file->lines.source), file->lines.number, 0);
    return ISD_OK;
}

static void tell_no_newline(const struct format_file *file, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "the last line of frame %" PRId32 " does not end in a newline: its last number may be cut", file->frame);
    isd_error_at(err, source_path(file->lines.source), file->lines.number, 0);
    isd_error_hint(err, "add the newline if the file is complete");
}

/* No atom takes less than a digit and a separator for each column. */
static bool claim_fits(struct format_file *file, const struct row_plan *plan, int32_t n)
{
    return 2.0 * plan->n * n - 1 <= (double)lines_left(&file->lines);
}

/* The next line that is a row; *ret_line = NULL at the end of the data. */
static isd_status next_row(struct format_file *file, const struct row_plan *plan, const char **ret_line,
                           const char **ret_end, bool *ret_whole, isd_error *err)
{
    for (;;) {
        size_t length;
        isd_status status = lines_next(&file->lines, ret_line, &length, ret_whole, err);
        if (status != ISD_OK || *ret_line == NULL)
            return status;
        *ret_end = *ret_line + length;
        if (!plan->loose)
            return ISD_OK;
        const char *comment = memchr(*ret_line, '#', length);
        if (comment != NULL)
            *ret_end = comment;
        if (word_start(*ret_line, *ret_end) < *ret_end)
            return ISD_OK;
    }
}

static isd_status read_into(struct format_file *file, const struct row_plan *plan, int32_t n, isd_snapshot **snapshot,
                            enum frame_end *ret_end, isd_error *err)
{
    isd_status status = format_grow(file, n, 0, plan->images, snapshot, err);
    for (int32_t i = 0; i < n && status == ISD_OK; i++) {
        const char *line = NULL, *end = NULL;
        bool whole = true;
        struct complaint complaint = {.at = NULL};
        if (i == (*snapshot)->n)
            status = format_grow(file, n, i, plan->images, snapshot, err);
        if (status == ISD_OK)
            status = next_row(file, plan, &line, &end, &whole, err);
        if (status != ISD_OK)
            break;
        if (line == NULL)
            return cut_in_rows(file, n, i, ret_end, err);
        bool good = take_row(plan, line, end, *snapshot, i, &complaint);
        if (!whole && (!good || i + 1 < n))
            return cut_in_rows(file, n, i, ret_end, err);
        if (!good)
            return refuse_row(file, line, end, i, n, plan, &complaint, err);
        if (!whole) {
            *ret_end = FRAME_WHOLE_NO_NEWLINE;
            tell_no_newline(file, err);
        }
    }
    return status;
}

isd_status rows_read(struct format_file *file, const struct row_plan *plan, int32_t n, isd_snapshot **ret_snapshot,
                     enum frame_end *ret_end, isd_error *err)
{
    isd_snapshot *s = NULL;
    if (!claim_fits(file, plan, n)) {
        *ret_end = FRAME_CUT;
        isd_error_set(err, ISD_DATA, "frame %" PRId32 " claims %" PRId32 " atom%s, more than the rest of the file can hold", file->frame, n,
                      n == 1 ? "" : "s");
        isd_error_at(err, source_path(file->lines.source), file->lines.number, 0);
        return ISD_OK;
    }
    *ret_end = FRAME_WHOLE;
    isd_status status = read_into(file, plan, n, &s, ret_end, err);
    if (status == ISD_OK && *ret_end != FRAME_CUT)
        *ret_snapshot = s;
    else
        isd_snapshot_unref(s);
    return status;
}
