/* Work of a session's jobs, on any thread. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct work *work_new(isd_error *err)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        isd_error_memory(err);
    return work;
}

static void blobs_done(struct work *work)
{
    store_blob_done(&work->structure_arrays.positions);
    store_blob_done(&work->structure_arrays.images);
    store_blob_done(&work->matching_arrays.partner);
    store_blob_done(&work->matching_arrays.duals);
}

static void work_free_one(struct work *work)
{
    keep_tag_done(&work->tag);
    blobs_done(work);
    for (int k = 0; k < 2; k++)
        frame_want_done(&work->want[k]);
    isd_potential_unref(work->potential);
    isd_snapshot_unref(work->a);
    isd_snapshot_unref(work->b);
    isd_checkpoint_done(&work->checkpoint);
    isd_snapshot_unref(work->made_quench.snapshot);
    match_free(work->made_match);
    gr_free(work->made_gr);
    free(work->made_energy.force);
    free(work->select);
    free(work);
}

void work_free(void *arg)
{
    for (struct work *work = arg, *next; work; work = next) {
        next = work->next;
        work_free_one(work);
    }
}

/* Frames that are still to be loaded. */
static isd_status load_frames(struct work *work, isd_error *err)
{
    isd_status status = frame_want_load(&work->want[0], &work->a, err);
    return status == ISD_OK ? frame_want_load(&work->want[1], &work->b, err) : status;
}

/* Copy of the positions, wrapped nowhere: a quench leaves each atom in its image. */
static double *copy_positions(const isd_snapshot *s)
{
    size_t size = (s->n > 0 ? (size_t)s->n : 1) * 3 * sizeof(double);
    double *position = malloc(size);
    if (position)
        memcpy(position, s->position, (size_t)s->n * 3 * sizeof(double));
    return position;
}

/* What the store gets of a structure. Out of memory: nothing. */
static void pack_structure(struct work *work, const isd_snapshot *made)
{
    size_t n = (size_t)made->n;
    if (!work->tag.wanted || store_pack_doubles(made->position, 3 * n, &work->structure_arrays.positions, NULL) != ISD_OK)
        return;
    if (made->image)
        store_pack_int32(made->image, 3 * n, &work->structure_arrays.images, NULL);
}

static void plain_quench_zeros(isd_quench_result *r)
{
    double *single[] = {&r->energy_start, &r->energy, &r->fmax, &r->fnorm};
    keep_plain_zeros(r->virial, 6);
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
        keep_plain_zeros(single[k], 1);
}

/* Known from before: the positions are unpacked; else, or where they are damaged, it is computed. */
static isd_status find_minimum(struct work *work, double *position, isd_control *control, isd_error *err)
{
    size_t n = (size_t)work->a->n;
    if (work->known && store_unpack_doubles(&work->structure_arrays.positions, 3 * n, position, NULL) == ISD_OK)
        return ISD_OK;
    if (work->known)
        memcpy(position, work->a->position, 3 * n * sizeof *position);
    work->tag.replace = work->known;
    work->known = false;
    blobs_done(work);
    isd_status status = ISD_DATA;
    for (bool again = true; status == ISD_DATA && again;) {
        again = work->checkpoint.size > 0; /* one that does not fit, since the potential has changed, is no reason to fail */
        status = isd_quench_resume(work->potential, &work->a->box, work->a->type, work->a->n, &work->quench, control, position,
                                   &work->checkpoint, &work->made_quench.result, err);
        if (status == ISD_DATA)
            isd_checkpoint_done(&work->checkpoint);
    }
    plain_quench_zeros(&work->made_quench.result);
    return status;
}

isd_status work_quench(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    if (status != ISD_OK)
        return status;
    double *position = copy_positions(work->a);
    if (!position)
        return isd_error_memory(err);
    isd_snapshot *made = NULL;
    status = find_minimum(work, position, control, err);
    if (status == ISD_OK)
        status = isd_snapshot_with_positions(work->a, position, &made, err);
    if (status == ISD_OK && !work->known)
        pack_structure(work, made);
    free(position);
    work->made_quench.snapshot = made;
    return status;
}

static void plain_match_zeros(struct match *m)
{
    double *single[] = {&m->sum_sq, &m->d_min, &m->dual, &m->gap_abs, &m->bound, &m->max_u, &m->rmsd, &m->rmsd_unwrapped, &m->jump_fraction};
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
        keep_plain_zeros(single[k], 1);
    keep_plain_zeros(m->shift, 3);
    keep_plain_zeros(m->drift, 3);
}

/* What the store gets of a matching: of brief ones the numbers alone. */
static void pack_match(struct work *work)
{
    const struct match *m = work->made_match;
    size_t n = (size_t)m->n;
    int32_t *shift = work->tag.wanted && !work->brief ? malloc((n + 1) * sizeof *shift) : NULL;
    if (!shift)
        return;
    for (int32_t i = 0; i < m->n; i++)
        shift[i] = m->partner[i] - i; /* mostly 0 */
    if (store_pack_int32(shift, n, &work->matching_arrays.partner, NULL) == ISD_OK)
        store_pack_doubles(m->v, n, &work->matching_arrays.duals, NULL);
    free(shift);
}

/* The arrays of a match whose numbers, in made_match, and partners are known. */
static isd_status restore_match(struct work *work, isd_error *err)
{
    struct match *numbers = work->made_match, *whole = NULL;
    size_t n = (size_t)numbers->n;
    int32_t *partner = malloc((n + 1) * sizeof *partner);
    double *duals = malloc((n + 1) * sizeof *duals);
    isd_status status = partner && duals ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK)
        status = store_unpack_int32(&work->matching_arrays.partner, n, partner, err);
    if (status == ISD_OK && work->matching_arrays.duals.bytes)
        status = store_unpack_doubles(&work->matching_arrays.duals, n, duals, err);
    for (int32_t i = 0; i < numbers->n && status == ISD_OK; i++)
        partner[i] = (int32_t)((uint32_t)partner[i] + (uint32_t)i);
    if (status == ISD_OK)
        status = match_restore(work->a, work->b, &work->match, numbers, partner, work->matching_arrays.duals.bytes ? duals : NULL, &whole, err);
    free(partner);
    free(duals);
    if (status == ISD_OK) {
        match_free(numbers);
        work->made_match = whole;
    }
    return status;
}

static isd_status make_one_match(struct work *work, isd_control *control, isd_error *err)
{
    isd_status status = load_frames(work, err);
    if (status != ISD_OK || (work->known && restore_match(work, err) == ISD_OK))
        return status;
    work->tag.replace = work->known; /* what is kept is damaged */
    work->known = false;
    blobs_done(work);
    match_free(work->made_match);
    work->made_match = NULL;
    status = match_snapshots(work->a, work->b, &work->match, control, &work->made_match, err);
    if (status != ISD_OK)
        return status;
    plain_match_zeros(work->made_match);
    pack_match(work);
    return ISD_OK;
}

/* The arrays of each are kept until the next is made. */
isd_status work_match(void *arg, isd_control *control, isd_error *err)
{
    struct work *before = NULL;
    int count = 0;
    for (const struct work *work = arg; work; work = work->next)
        count++;
    for (struct work *work = arg; work; before = work, work = work->next) {
        isd_control *part = isd_control_part(control, 1.0 / count);
        work->match.start = before && before->status == ISD_OK ? before->made_match : NULL;
        work->status = part ? make_one_match(work, part, &work->err) : isd_error_memory(&work->err);
        isd_control_free(part);
        if (before && before->brief && before->made_match)
            match_trim(before->made_match);
        if (isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    if (before && before->brief && before->made_match)
        match_trim(before->made_match);
    return ISD_OK;
}

isd_status work_gr(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    return status != ISD_OK ? status : gr_count(work->a, work->bins, work->max, control, &work->made_gr, err);
}

isd_status work_energy(void *arg, isd_control *control, isd_error *err)
{
    struct work *work = arg;
    isd_status status = load_frames(work, err);
    if (status != ISD_OK)
        return status;
    const isd_snapshot *s = work->a;
    struct frame_energy *made = &work->made_energy;
    isd_evaluator *evaluator = NULL;
    made->force = calloc(s->n > 0 ? (size_t)s->n : 1, 3 * sizeof *made->force);
    if (!made->force)
        return isd_error_memory(err);
    status = isd_evaluator_new(work->potential, &s->box, s->type, s->n, &evaluator, err);
    if (status == ISD_OK)
        status = isd_evaluator_compute(evaluator, s->position, control, made->force, &made->energy, err);
    isd_evaluator_free(evaluator);
    double sum = 0;
    for (size_t k = 0; k < 3 * (size_t)s->n; k++) {
        made->fmax = fmax(made->fmax, fabs(made->force[k]));
        sum += made->force[k] * made->force[k];
    }
    made->fnorm = sqrt(sum);
    if (!work->forces) {
        free(made->force);
        made->force = NULL;
    }
    return status;
}
