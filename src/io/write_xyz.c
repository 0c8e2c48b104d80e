/* Extended XYZ out, as OVITO and ASE read it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_xyz.h"

#include <inttypes.h>
#include <string.h>

static void put_numbers(struct draft *draft, const char *key, const double *value, int n)
{
    draft_text(draft, "%s=\"", key);
    for (int k = 0; k < n; k++)
        draft_real(draft, k > 0 ? ' ' : '\0', value[k]);
    draft_text(draft, "\" ");
}

static void put_comment(struct draft *draft, const isd_snapshot *s, const struct dump_column *columns, int n_columns)
{
    const isd_box *box = &s->box;
    const double lattice[9] = {box->lx, 0, 0, box->xy, box->ly, 0, box->xz, box->yz, box->lz};
    put_numbers(draft, "Lattice", lattice, 9);
    put_numbers(draft, "Origin", box->origin, 3);
    draft_text(draft, "pbc=\"%c %c %c\" ", box->periodic[0] ? 'T' : 'F', box->periodic[1] ? 'T' : 'F', box->periodic[2] ? 'T' : 'F');
    if (s->has_step)
        draft_text(draft, "Timestep=%" PRId64 " ", s->step);
    if (s->has_time) {
        draft_text(draft, "Time=");
        draft_real(draft, '\0', s->time);
        draft_put(draft, " ", 1);
    }
    draft_text(draft, "Properties=species:S:1%s:pos:R:3", s->has_ids ? ":id:I:1" : "");
    for (int c = 0; c < n_columns; c++)
        draft_text(draft, ":%s:%c:1", columns[c].name, columns[c].ints != NULL ? 'I' : 'R');
    draft_put(draft, "\n", 1);
}

/* A word in any case: names of binary formats may hold blanks. */
static void put_species(struct draft *draft, const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        draft_put(draft, (unsigned char)*p > ' ' && *p != 0x7f ? p : "_", 1);
}

void xyz_put_frame(struct write_file *file, const isd_snapshot *s, const struct dump_column *columns, int n_columns)
{
    struct draft *draft = &file->draft;
    draft_int(draft, '\0', s->n);
    draft_put(draft, "\n", 1);
    put_comment(draft, s, columns, n_columns);
    for (int32_t i = 0; i < s->n && draft->failed == 0; i++) {
        const char *element = s->element[s->type[i]];
        if (element[0] != '\0')
            put_species(draft, element);
        else
            draft_int(draft, '\0', s->type[i]);
        if (s->has_ids)
            draft_int(draft, ' ', s->id[i]);
        for (int d = 0; d < 3; d++)
            draft_real(draft, ' ', s->position[3 * (size_t)i + d]);
        for (int c = 0; c < n_columns; c++) {
            if (columns[c].ints != NULL)
                draft_int(draft, ' ', columns[c].ints[i]);
            else
                draft_real(draft, ' ', columns[c].reals[i]);
        }
        draft_put(draft, "\n", 1);
    }
}
