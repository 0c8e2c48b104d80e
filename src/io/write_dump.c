/* LAMMPS text dumps out, whole or not at all. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_dump.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/draft.h"

struct dump_writer {
    struct draft draft;
    int32_t frames;
    char units[16];
};

/* --- the box ----------------------------------------------------------------------------------------------------------- */

/* The number next to `guess` that gives `want` when a reader subtracts `a` and then `b` from it: rounding makes a + b + want
 * miss it now and then. The guess if there is none. */
static double survives(double want, double a, double b)
{
    double guess = want + b + a, low = guess, high = guess;
    for (int k = 0; k < 8; k++) {
        if ((low - a) - b == want)
            return low;
        if ((high - a) - b == want)
            return high;
        low = nextafter(low, -INFINITY);
        high = nextafter(high, INFINITY);
    }
    return guess;
}

static void put_bounds(struct draft *draft, double lo, double length, double below, double above)
{
    draft_real(draft, '\0', survives(lo, below, 0));
    draft_real(draft, ' ', survives(length, above, lo));
}

static void put_box(struct draft *draft, const isd_box *box)
{
    bool tilted = box->xy != 0 || box->xz != 0 || box->yz != 0;
    draft_text(draft, "ITEM: BOX BOUNDS%s", tilted ? " xy xz yz" : "");
    for (int d = 0; d < 3; d++)
        draft_text(draft, box->periodic[d] ? " pp" : " ff");
    draft_text(draft, "\n");
    double x[4] = {0, box->xy, box->xz, box->xy + box->xz}, low = 0, high = 0;
    for (int k = 1; k < 4; k++) {
        low = x[k] < low ? x[k] : low;
        high = x[k] > high ? x[k] : high;
    }
    const double tilt[3] = {box->xy, box->xz, box->yz};
    const double below[3] = {low, box->yz < 0 ? box->yz : 0, 0}, above[3] = {high, box->yz > 0 ? box->yz : 0, 0};
    const double length[3] = {box->lx, box->ly, box->lz};
    for (int d = 0; d < 3; d++) {
        put_bounds(draft, box->origin[d], length[d], below[d], above[d]);
        if (tilted)
            draft_real(draft, ' ', tilt[d]);
        draft_text(draft, "\n");
    }
}

/* --- frames ------------------------------------------------------------------------------------------------------------ */

isd_status dump_writer_new(const char *path, struct dump_writer **ret_writer, isd_error *err)
{
    size_t length = strlen(path);
    if (length >= 3 && strcmp(path + length - 3, ".gz") == 0) {
        isd_error_set(err, ISD_UNSUPPORTED, "gz files are not written");
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "leave .gz out and run gzip afterwards");
        return ISD_UNSUPPORTED;
    }
    struct dump_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return isd_error_memory(err);
    isd_status status = draft_open(&writer->draft, path, err);
    if (status != ISD_OK) {
        free(writer);
        return status;
    }
    *ret_writer = writer;
    return ISD_OK;
}

static void put_header(struct dump_writer *writer, const isd_snapshot *s, const struct dump_column *columns,
                       int n_columns)
{
    struct draft *draft = &writer->draft;
    if (strcmp(writer->units, s->units) != 0) { /* LAMMPS writes it once a file, too */
        memcpy(writer->units, s->units, sizeof writer->units);
        draft_text(draft, "ITEM: UNITS\n%s\n", s->units);
    }
    if (s->has_time) {
        draft_text(draft, "ITEM: TIME\n");
        draft_real(draft, '\0', s->time);
        draft_text(draft, "\n");
    }
    draft_text(draft, "ITEM: TIMESTEP\n%" PRId64 "\nITEM: NUMBER OF ATOMS\n%" PRId32 "\n",
             s->has_step ? s->step : writer->frames, s->n);
    put_box(draft, &s->box);
    draft_text(draft, "ITEM: ATOMS%s type %s%s", s->has_ids ? " id" : "", s->unwrapped ? "xu yu zu" : "x y z",
             s->image != NULL && !s->unwrapped ? " ix iy iz" : "");
    for (int c = 0; c < n_columns; c++) {
        draft_put(draft, " ", 1);
        draft_put(draft, columns[c].name, strlen(columns[c].name));
    }
    draft_put(draft, "\n", 1);
}

isd_status dump_writer_frame(struct dump_writer *writer, const isd_snapshot *s, const struct dump_column *columns,
                             int n_columns, isd_error *err)
{
    struct draft *draft = &writer->draft;
    put_header(writer, s, columns, n_columns);
    writer->frames++;
    for (int32_t i = 0; i < s->n && draft->failed == 0; i++) {
        if (s->has_ids)
            draft_int(draft, '\0', s->id[i]);
        draft_int(draft, s->has_ids ? ' ' : '\0', s->type[i]);
        for (int d = 0; d < 3; d++)
            draft_real(draft, ' ', s->position[3 * (size_t)i + d]);
        for (int d = 0; d < 3 && s->image != NULL && !s->unwrapped; d++)
            draft_int(draft, ' ', s->image[3 * (size_t)i + d]);
        for (int c = 0; c < n_columns; c++) {
            if (columns[c].ints != NULL)
                draft_int(draft, ' ', columns[c].ints[i]);
            else
                draft_real(draft, ' ', columns[c].reals[i]);
        }
        draft_put(draft, "\n", 1);
    }
    return draft_state(draft, err);
}

isd_status dump_writer_close(struct dump_writer *writer, isd_error *err)
{
    isd_status status = draft_commit(&writer->draft, err);
    free(writer);
    return status;
}

void dump_writer_abandon(struct dump_writer *writer)
{
    if (writer == NULL)
        return;
    draft_drop(&writer->draft);
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
