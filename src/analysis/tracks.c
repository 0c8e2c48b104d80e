/* Unwrapped positions of atoms over frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/tracks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/isa.h"

/* Doubles of a block, about: half a megabyte, as much as a core's own cache holds beside other things. */
enum { BLOCK_DOUBLES = 1 << 16, LEAST_WIDTH = 64, MOST_WIDTH = 4096 };

static int32_t block_width(int32_t frames, int dim)
{
    int64_t width = BLOCK_DOUBLES / ((int64_t)frames * dim) / TRACK_LANES * TRACK_LANES;
    return width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : (int32_t)width;
}

static track_kernel *kernel_best(void)
{
#if defined(__x86_64__)
    switch (isa_best()) {
    case ISA_AVX512:
        return track_kernel_avx512;
    case ISA_AVX2:
        return track_kernel_avx2;
    default:
        break;
    }
#endif
    return track_kernel_vector;
}

/* Atoms type by type, each type cut into blocks of its own. */
static void cut_blocks(struct tracks *tracks)
{
    int32_t width = block_width(tracks->frames, tracks->dim), at = 0;
    for (int type = 1; type <= tracks->n_types; type++) {
        int32_t first = at;
        for (int32_t i = 0; i < tracks->n; i++)
            if (tracks->type[i] == type) {
                tracks->place[i] = at;
                tracks->atom[at++] = i;
            }
        for (; first < at; first += width) {
            int32_t n = at - first < width ? at - first : width;
            int32_t k = tracks->n_blocks++;
            tracks->block[k] = (struct track_block){type, first, n, (n + TRACK_LANES - 1) / TRACK_LANES * TRACK_LANES};
            tracks->offset[k + 1] = tracks->offset[k] + (size_t)tracks->frames * (size_t)tracks->dim * (size_t)tracks->block[k].width;
        }
    }
}

isd_status tracks_init(struct tracks *tracks, const isd_snapshot *first, int32_t frames, enum unwrapping unwrapping, isd_error *err)
{
    size_t n = (size_t)first->n + 1, most = (size_t)(first->n / LEAST_WIDTH + first->n_types + 1);
    struct tracks made = {.frames = frames, .n = first->n, .dim = first->box.dim, .n_types = first->n_types, .unwrapping = unwrapping,
                          .box = first->box, .has_ids = first->has_ids,
                          .kernel = kernel_best()};
    made.id = malloc(n * sizeof *made.id);
    made.type = malloc(n * sizeof *made.type);
    made.atom = malloc(n * sizeof *made.atom);
    made.place = malloc(n * sizeof *made.place);
    made.block = malloc(most * sizeof *made.block);
    made.offset = calloc(most + 1, sizeof *made.offset);
    if (!made.id || !made.type || !made.atom || !made.place || !made.block || !made.offset) {
        tracks_done(&made);
        return isd_error_memory(err);
    }
    memcpy(made.id, first->id, (size_t)first->n * sizeof *made.id);
    memcpy(made.type, first->type, (size_t)first->n * sizeof *made.type);
    cut_blocks(&made);
    *tracks = made;
    return ISD_OK;
}

void tracks_done(struct tracks *tracks)
{
    free(tracks->id);
    free(tracks->type);
    free(tracks->atom);
    free(tracks->place);
    free(tracks->block);
    free(tracks->offset);
    free(tracks->r);
    *tracks = (struct tracks){0};
}

isd_status tracks_take(struct tracks *tracks, int32_t first, double bytes, int32_t *ret_last, isd_error *err)
{
    int32_t last = first + 1;
    while (last < tracks->n_blocks &&
           (!(bytes > 0) || (double)(tracks->offset[last + 1] - tracks->offset[first]) * sizeof *tracks->r <= bytes))
        last++;
    size_t size = (tracks->offset[last] - tracks->offset[first]) * sizeof *tracks->r;
    free(tracks->r);
    tracks->r = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!tracks->r)
        return isd_error_memory(err);
    tracks->first_block = first;
    tracks->last_block = *ret_last = last;
    return ISD_OK;
}

/* Row of a frame in a block of the portion: [dim][width]. */
static double *row_of(const struct tracks *tracks, int32_t block, int32_t frame)
{
    return tracks->r + (tracks->offset[block] - tracks->offset[tracks->first_block]) +
           (size_t)frame * (size_t)tracks->dim * (size_t)tracks->block[block].width;
}

static isd_status check_frame(const struct tracks *tracks, const isd_snapshot *s, int32_t name, isd_error *err)
{
    if (s->n != tracks->n)
        return isd_error_set(err, ISD_DATA, "frame %d has %d atoms and the first one %d: which atoms moved where is not known", (int)name,
                             (int)s->n, (int)tracks->n);
    if (s->has_ids != tracks->has_ids || memcmp(s->id, tracks->id, (size_t)s->n * sizeof *s->id) != 0)
        return isd_error_set(err, ISD_DATA, "frame %d does not have the ids of the first one: how atoms moved is not known", (int)name);
    if (memcmp(s->type, tracks->type, (size_t)s->n * sizeof *s->type) != 0)
        return isd_error_set(err, ISD_DATA, "in frame %d some atoms have other types than in the first one", (int)name);
    if (!isd_box_equal(&s->box, &tracks->box)) {
        isd_error_set(err, ISD_DATA, "frame %d has another box than the first one", (int)name);
        isd_error_hint(err, "motion is followed in one cell (NVT, NVE); match and series with boxes=affine take pairs of frames of NPT");
        return ISD_DATA;
    }
    if (tracks->unwrapping == UNWRAP_FILE && !isd_snapshot_can_unwrap(s)) {
        isd_error_set(err, ISD_DATA, "frame %d has neither images nor unwrapped positions, and the first one has", (int)name);
        isd_error_hint(err, "unwrap=nearest takes each atom where it is nearest to where it was");
        return ISD_DATA;
    }
    return ISD_OK;
}

isd_status tracks_fill(struct tracks *tracks, int32_t frame, const isd_snapshot *snapshot, int32_t name, isd_error *err)
{
    isd_status status = check_frame(tracks, snapshot, name, err);
    if (status != ISD_OK)
        return status;
    bool turns = tracks->unwrapping == UNWRAP_FILE && !snapshot->unwrapped;
    for (int32_t k = tracks->first_block; k < tracks->last_block; k++) {
        const struct track_block *block = &tracks->block[k];
        const int32_t *atom = tracks->atom + block->first;
        double *row = row_of(tracks, k, frame);
        size_t width = (size_t)block->width;
        for (size_t j = 0; j < width; j++) {
            double r[3] = {0, 0, 0};
            if (j < (size_t)block->n && turns)
                isd_snapshot_unwrapped(snapshot, atom[j], r);
            else if (j < (size_t)block->n)
                memcpy(r, snapshot->position + 3 * (size_t)atom[j], sizeof r);
            row[j] = r[0];
            row[width + j] = r[1];
            if (tracks->dim == 3)
                row[2 * width + j] = r[2];
        }
    }
    return ISD_OK;
}

/* --- from frame to frame ------------------------------------------------------------------------------------------------- */

struct unwrapping_work {
    struct tracks *tracks;
    isd_lattice lattice;
    isd_control *control;
    double *farthest; /* [blocks of the portion] */
    int32_t *frame;
};

static double largest_share(const isd_lattice *lattice, const double d[3])
{
    double most = 0;
    for (int k = 0; k < lattice->rank; k++)
        most = fmax(most, fabs(lattice->dual[k][0] * d[0] + lattice->dual[k][1] * d[1] + lattice->dual[k][2] * d[2]));
    return most;
}

static void unwrap_block(void *arg, int32_t chunk)
{
    struct unwrapping_work *work = arg;
    const struct tracks *tracks = work->tracks;
    int32_t k = tracks->first_block + chunk;
    size_t width = (size_t)tracks->block[k].width;
    for (int32_t frame = 1; frame < tracks->frames && !isd_control_cancelled(work->control); frame++) {
        const double *before = row_of(tracks, k, frame - 1);
        double *row = row_of(tracks, k, frame);
        for (size_t j = 0; j < (size_t)tracks->block[k].n; j++) {
            double d[3] = {0};
            for (size_t c = 0; c < (size_t)tracks->dim; c++)
                d[c] = row[c * width + j] - before[c * width + j];
            isd_lattice_shortest(&work->lattice, d);
            double share = largest_share(&work->lattice, d);
            for (size_t c = 0; c < (size_t)tracks->dim; c++)
                row[c * width + j] = before[c * width + j] + d[c];
            if (share > work->farthest[chunk]) {
                work->farthest[chunk] = share;
                work->frame[chunk] = frame;
            }
        }
    }
}

isd_status tracks_unwrap(struct tracks *tracks, isd_control *control, isd_error *err)
{
    int32_t blocks = tracks->last_block - tracks->first_block;
    struct unwrapping_work work = {.tracks = tracks, .control = control};
    if (tracks->unwrapping == UNWRAP_FILE)
        return ISD_OK;
    work.farthest = calloc((size_t)blocks + 1, sizeof *work.farthest);
    work.frame = calloc((size_t)blocks + 1, sizeof *work.frame);
    isd_status status = work.farthest && work.frame ? ISD_OK : isd_error_memory(err);
    if (status == ISD_OK) {
        isd_lattice_init(&work.lattice, &tracks->box);
        isd_control_for(control, blocks, unwrap_block, &work);
        for (int32_t k = 0; k < blocks; k++)
            if (work.farthest[k] > tracks->farthest) {
                tracks->farthest = work.farthest[k];
                tracks->farthest_frame = work.frame[k];
            }
    }
    free(work.farthest);
    free(work.frame);
    return status;
}

/* --- the centre of mass -------------------------------------------------------------------------------------------------------- */

void tracks_add_centre(const struct tracks *tracks, const double *mass, double *sum)
{
    for (int32_t k = tracks->first_block; k < tracks->last_block; k++) {
        const struct track_block *block = &tracks->block[k];
        double m = mass ? mass[block->type] : 1;
        for (int32_t frame = 0; frame < tracks->frames; frame++)
            for (int c = 0; c < tracks->dim; c++) {
                const double *row = row_of(tracks, k, frame) + (size_t)c * (size_t)block->width;
                double part = 0;
                for (int32_t j = 0; j < block->n; j++)
                    part += row[j];
                sum[3 * (size_t)frame + (size_t)c] += m * part;
            }
    }
}

void tracks_shift(struct tracks *tracks, const double *centre)
{
    for (int32_t k = tracks->first_block; k < tracks->last_block; k++)
        for (int32_t frame = 0; frame < tracks->frames; frame++)
            for (int c = 0; c < tracks->dim; c++) {
                double *row = row_of(tracks, k, frame) + (size_t)c * (size_t)tracks->block[k].width;
                for (int32_t j = 0; j < tracks->block[k].n; j++)
                    row[j] -= centre[3 * (size_t)frame + (size_t)c];
            }
}

/* --- pairs of frames ------------------------------------------------------------------------------------------------------------- */

void tracks_displacements(const struct tracks *tracks, int32_t a, int32_t b, double *ret_vector)
{
    for (int32_t k = tracks->first_block; k < tracks->last_block; k++) {
        const struct track_block *block = &tracks->block[k];
        const double *from = row_of(tracks, k, a), *to = row_of(tracks, k, b);
        for (int32_t j = 0; j < block->n; j++)
            for (int c = 0; c < 3; c++) {
                size_t at = (size_t)c * (size_t)block->width + (size_t)j;
                ret_vector[3 * (size_t)tracks->atom[block->first + j] + (size_t)c] = c < tracks->dim ? to[at] - from[at] : 0;
            }
    }
}

void tracks_add(const struct tracks *tracks, int32_t block, int32_t a, int32_t b, const struct track_request *request,
                struct track_sums *add)
{
    const struct track_block *own = &tracks->block[block];
    double still = own->width - own->n; /* atoms that are none: they stand still */
    tracks->kernel(row_of(tracks, block, a), row_of(tracks, block, b), own->width, tracks->dim, request, add);
    add->q -= request->a > 0 ? still : 0;
    add->fs -= request->k > 0 ? still : 0;
}
