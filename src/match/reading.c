/* The two frames of a match: atoms chosen, brought into one cell. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/reading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- which atoms --- */

/* Atoms of both frames carry the same labels, in the same order. */
static bool same_labels(const isd_snapshot *a, const isd_snapshot *b, bool order_is_id)
{
    if (a->n != b->n || a->has_ids != b->has_ids || (!a->has_ids && !order_is_id))
        return false;
    return memcmp(a->id, b->id, (size_t)a->n * sizeof *a->id) == 0;
}

static bool is_chosen(const isd_snapshot *s, const struct match_options *options, int32_t i)
{
    return (options->type == 0 || s->type[i] == options->type) && (!options->select || options->select[i]);
}

/* The chosen atoms as a frame of their own, ids kept also where they only number the order of the file. */
static isd_status choose(const isd_snapshot *s, const struct match_options *options, const isd_snapshot **ret_chosen, isd_error *err)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->n; i++)
        n += is_chosen(s, options, i);
    isd_snapshot *part = NULL;
    isd_status status = isd_snapshot_new(n, s->image != NULL, &part, err);
    if (status != ISD_OK)
        return status;
    isd_snapshot arrays = *part;
    *part = *s;
    part->n = n;
    part->id = arrays.id;
    part->type = arrays.type;
    part->position = arrays.position;
    part->image = arrays.image;
    size_t k = 0;
    for (int32_t i = 0; i < s->n; i++) {
        if (!is_chosen(s, options, i))
            continue;
        part->id[k] = s->id[i];
        part->type[k] = s->type[i];
        memcpy(part->position + 3 * k, s->position + 3 * (size_t)i, 3 * sizeof *s->position);
        if (s->image)
            memcpy(part->image + 3 * k, s->image + 3 * (size_t)i, 3 * sizeof *s->image);
        k++;
    }
    *ret_chosen = part;
    return ISD_OK;
}

static isd_status choose_both(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, struct match *match,
                              isd_error *err)
{
    if (options->select && !same_labels(a, b, options->order_is_id)) {
        isd_error_set(err, ISD_DATA, "chosen atoms are found again by their ids, and the frames do not have the same ids");
        isd_error_hint(err, "type= chooses without ids; ids=order if the order in the file is the identity");
        return ISD_DATA;
    }
    isd_status status = ISD_OK;
    if (options->type == 0 && !options->select) {
        match->a = isd_snapshot_ref(a);
        match->b = isd_snapshot_ref(b);
    } else {
        status = choose(a, options, &match->a, err);
        if (status == ISD_OK)
            status = choose(b, options, &match->b, err);
    }
    if (status == ISD_OK)
        match->labelled = same_labels(match->a, match->b, options->order_is_id);
    return status;
}

/* The chosen frames must agree in numbers. */
static isd_status check_counts(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, isd_error *err)
{
    bool blind = options->blind || options->like == MATCH_LIKE_SCRIPT;
    if (a->n != b->n && options->type == 0)
        return isd_error_set(err, ISD_DATA, "the frames have %d and %d atoms", (int)a->n, (int)b->n);
    for (int type = 1; type <= ISD_MAX_TYPES && (!blind || options->type > 0); type++) {
        int32_t in_a = isd_snapshot_count(a, type), in_b = isd_snapshot_count(b, type);
        if (in_a == in_b)
            continue;
        const char *element = a->element[type][0] ? a->element[type] : b->element[type];
        isd_error_set(err, ISD_DATA, "the frames have %d and %d atoms of type %d%s%s%s", (int)in_a, (int)in_b, type,
                      element[0] ? " (" : "", element, element[0] ? ")" : "");
        if (options->type == 0)
            isd_error_hint(err, "species=blind matches atoms of all types together");
        return ISD_DATA;
    }
    return ISD_OK;
}

/* --- which cell --- */

/* The cell in a box: takes over `edge` (direction c of the cell) from another box. */
static void set_edge(isd_box *box, int c, const isd_box *from)
{
    if (c == 0) {
        box->lx = from->lx;
    } else if (c == 1) {
        box->ly = from->ly;
        box->xy = from->xy;
    } else {
        box->lz = from->lz;
        box->xz = from->xz;
        box->yz = from->yz;
    }
    box->origin[c] = from->origin[c];
}

/* b's box with the edges of a along open directions: they have no part in distances (LAMMPS' s and m boundaries move with
 * the atoms). */
static isd_box closed_edges(const isd_box *a, const isd_box *b)
{
    isd_box box = *b;
    for (int c = 0; c < 3; c++)
        if (c >= a->dim || !a->periodic[c])
            set_edge(&box, c, a);
    return box;
}

static isd_box mean_box(const isd_box *a, const isd_box *b)
{
    isd_box box = *a;
    for (int c = 0; c < 3; c++)
        box.origin[c] = (a->origin[c] + b->origin[c]) / 2;
    box.lx = (a->lx + b->lx) / 2;
    box.ly = (a->ly + b->ly) / 2;
    box.lz = (a->lz + b->lz) / 2;
    box.xy = (a->xy + b->xy) / 2;
    box.xz = (a->xz + b->xz) / 2;
    box.yz = (a->yz + b->yz) / 2;
    return box;
}

/* *frame replaced by the same atoms in another box: `from` (its cell) is mapped onto `to` by fractional coordinates, or
 * positions are kept where from is NULL. */
static isd_status put_in_box(const isd_snapshot **frame, const isd_box *from, const isd_box *to, isd_error *err)
{
    isd_snapshot *made = NULL;
    isd_status status = isd_snapshot_with_positions(*frame, (*frame)->position, &made, err);
    if (status != ISD_OK)
        return status;
    made->box = *to;
    for (int32_t i = 0; i < made->n && from; i++) {
        double s[3], *r = made->position + 3 * (size_t)i;
        isd_box_to_fraction(from, r, s);
        isd_box_from_fraction(to, s, r);
    }
    isd_snapshot_unref(*frame);
    *frame = made;
    return ISD_OK;
}

static isd_status refuse_boxes(const isd_box *a, const isd_box *b, isd_error *err)
{
    isd_error_set(err, ISD_DATA,
                  "the boxes of the frames differ: edges %.10g %.10g %.10g and %.10g %.10g %.10g, "
                  "tilts %.10g %.10g %.10g and %.10g %.10g %.10g",
                  a->lx, a->ly, a->lz, b->lx, b->ly, b->lz, a->xy, a->xz, a->yz, b->xy, b->xz, b->yz);
    isd_error_hint(err, "boxes=affine maps both to the mean cell");
    return ISD_DATA;
}

/* The script: edges of the current frame alone, periodic all round. */
static isd_status script_cell(struct match *match, isd_error *err)
{
    isd_box box = match->b->box;
    if (match->a->box.xy != 0 || match->a->box.xz != 0 || match->a->box.yz != 0 || box.xy != 0 || box.xz != 0 || box.yz != 0)
        return isd_error_set(err, ISD_DATA, "like=script: the script reads orthogonal boxes only, and this one is tilted");
    for (int c = 0; c < 3; c++)
        box.periodic[c] = true;
    match->cell = MATCH_CELL_SCRIPT;
    isd_status status = put_in_box(&match->a, NULL, &box, err);
    return status == ISD_OK ? put_in_box(&match->b, NULL, &box, err) : status;
}

static isd_status common_cell(struct match *match, const struct match_options *options, isd_error *err)
{
    const isd_box *a = &match->a->box, *b = &match->b->box;
    if (a->dim != b->dim)
        return isd_error_set(err, ISD_DATA, "the frames differ in dimension: %d and %d", a->dim, b->dim);
    isd_status status = isd_box_check(a, err);
    if (status == ISD_OK)
        status = isd_box_check(b, err);
    if (status != ISD_OK)
        return status;
    if (options->like == MATCH_LIKE_SCRIPT)
        return script_cell(match, err);
    for (int c = 0; c < a->dim; c++)
        if (a->periodic[c] != b->periodic[c])
            return isd_error_set(err, ISD_DATA, "the boxes of the frames differ in which directions are periodic");
    isd_box closed = closed_edges(a, b);
    match->cell = MATCH_CELL_EQUAL;
    if (isd_box_equal(a, &closed))
        return ISD_OK;
    if (!options->affine)
        return refuse_boxes(a, b, err);
    isd_box from = *a, mean = mean_box(a, &closed);
    match->cell = MATCH_CELL_AFFINE;
    status = put_in_box(&match->a, &from, &mean, err);
    return status == ISD_OK ? put_in_box(&match->b, &closed, &mean, err) : status;
}

isd_status reading_prepare(const isd_snapshot *a, const isd_snapshot *b, const struct match_options *options, struct match *match,
                           isd_error *err)
{
    isd_status status = choose_both(a, b, options, match, err);
    if (status == ISD_OK)
        status = check_counts(match->a, match->b, options, err);
    if (status == ISD_OK)
        status = common_cell(match, options, err);
    if (status == ISD_OK) {
        match->n = match->a->n;
        match->n_frame = a->n;
        match->r0 = isd_box_spacing(&match->a->box, a->n);
    }
    return status;
}
