/* LAMMPS text dumps out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_dump.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/cell.h"

/* --- the box ----------------------------------------------------------------------------------------------------------- */

static void put_bounds(struct draft *draft, double lo, double length, double below, double above)
{
    draft_real(draft, '\0', cell_bound(lo, below, 0));
    draft_real(draft, ' ', cell_bound(length, above, lo));
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

static void put_header(struct write_file *file, const isd_snapshot *s, const struct dump_column *columns,
                       int n_columns)
{
    struct draft *draft = &file->draft;
    if (strcmp(file->units, s->units) != 0) { /* LAMMPS writes it once a file, too */
        memcpy(file->units, s->units, sizeof file->units);
        draft_text(draft, "ITEM: UNITS\n%s\n", s->units);
    }
    if (s->has_time) {
        draft_text(draft, "ITEM: TIME\n");
        draft_real(draft, '\0', s->time);
        draft_text(draft, "\n");
    }
    draft_text(draft, "ITEM: TIMESTEP\n%" PRId64 "\nITEM: NUMBER OF ATOMS\n%" PRId32 "\n",
             s->has_step ? s->step : file->frames, s->n);
    put_box(draft, &s->box);
    draft_text(draft, "ITEM: ATOMS%s type %s%s", s->has_ids ? " id" : "", "x y z",
             isd_snapshot_can_unwrap(s) ? " ix iy iz" : "");
    for (int c = 0; c < n_columns; c++) {
        draft_put(draft, " ", 1);
        draft_put(draft, columns[c].name, strlen(columns[c].name));
    }
    draft_put(draft, "\n", 1);
}

/* Where atom i is written: as it is, an unwrapped one in the cell with its image counts. */
static void place_of(const isd_snapshot *s, int32_t i, double ret_r[3], int64_t ret_image[3])
{
    const double *r = s->position + 3 * (size_t)i;
    memcpy(ret_r, r, 3 * sizeof *r);
    for (int d = 0; d < 3; d++)
        ret_image[d] = s->image != NULL ? s->image[3 * (size_t)i + d] : 0;
    if (!s->unwrapped)
        return;
    double far[3], near[3];
    isd_box_wrap(&s->box, r, ret_r);
    isd_box_to_fraction(&s->box, r, far);
    isd_box_to_fraction(&s->box, ret_r, near);
    for (int d = 0; d < 3; d++)
        ret_image[d] = d < s->box.dim && s->box.periodic[d] ? llround(far[d] - near[d]) : 0;
}

void dump_put_frame(struct write_file *file, const isd_snapshot *s, const struct dump_column *columns, int n_columns)
{
    struct draft *draft = &file->draft;
    put_header(file, s, columns, n_columns);
    for (int32_t i = 0; i < s->n && draft->failed == 0; i++) {
        if (s->has_ids)
            draft_int(draft, '\0', s->id[i]);
        draft_int(draft, s->has_ids ? ' ' : '\0', s->type[i]);
        double r[3];
        int64_t image[3];
        place_of(s, i, r, image);
        for (int d = 0; d < 3; d++)
            draft_real(draft, ' ', r[d]);
        for (int d = 0; d < 3 && isd_snapshot_can_unwrap(s); d++)
            draft_int(draft, ' ', image[d]);
        for (int c = 0; c < n_columns; c++) {
            if (columns[c].ints != NULL)
                draft_int(draft, ' ', columns[c].ints[i]);
            else
                draft_real(draft, ' ', columns[c].reals[i]);
        }
        draft_put(draft, "\n", 1);
    }
}
