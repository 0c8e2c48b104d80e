/* LAMMPS data files out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_data.h"

#include <inttypes.h>

#include "io/cell.h"

static void put_box(struct draft *draft, const isd_box *box)
{
    const double length[3] = {box->lx, box->ly, box->lz};
    for (int d = 0; d < 3; d++) {
        bool none = !(length[d] > 0);
        double low = none ? box->origin[d] - 0.5 : box->origin[d];
        draft_real(draft, '\0', low);
        draft_real(draft, ' ', none ? low + 1 : cell_bound(length[d], low, 0));
        draft_text(draft, " %clo %chi\n", "xyz"[d], "xyz"[d]);
    }
    if (box->xy == 0 && box->xz == 0 && box->yz == 0)
        return;
    draft_real(draft, '\0', box->xy);
    draft_real(draft, ' ', box->xz);
    draft_real(draft, ' ', box->yz);
    draft_text(draft, " xy xz yz\n");
}

void data_put_frame(struct write_file *file, const isd_snapshot *s)
{
    struct draft *draft = &file->draft;
    bool images = s->image != NULL && !s->unwrapped;
    draft_text(draft, "LAMMPS data file, timestep = %" PRId64 "\n\n%" PRId32 " atoms\n%" PRId32 " atom types\n\n", s->has_step ? s->step : 0, s->n,
               s->n_types > 0 ? s->n_types : 1);
    put_box(draft, &s->box);
    draft_text(draft, "\nAtoms # atomic\n\n");
    for (int32_t i = 0; i < s->n && draft->failed == 0; i++) {
        draft_int(draft, '\0', s->id[i]);
        draft_int(draft, ' ', s->type[i]);
        for (int d = 0; d < 3; d++)
            draft_real(draft, ' ', s->position[3 * (size_t)i + d]);
        for (int d = 0; d < 3 && images; d++)
            draft_int(draft, ' ', s->image[3 * (size_t)i + d]);
        draft_put(draft, "\n", 1);
    }
}
