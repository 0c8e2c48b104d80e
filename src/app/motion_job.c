/* The job behind session_motion: frames in, averages over origins out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/motion_run.h"
#include "io/memory.h"

enum { FRAMES_A_CHUNK = 4, PAIR_CHUNKS = 16, PAIRS_A_LOOK = 64, PEAK_FRAMES = 8 };

/* Steps longer than this share of the cell may have been longer than half of it. */
#define TOO_FAR 0.45

void moving_free(void *arg)
{
    struct moving *m = arg;
    for (int32_t k = 0; k < m->n_frames; k++)
        input_frame_done(&m->frame[k]);
    lags_free(m->lag, m->n_lags);
    lag_choice_done(&m->choice);
    free(m->frame);
    free(m->name);
    free(m);
}

void motion_free(void *arg)
{
    struct motion *motion = arg;
    for (int32_t k = 0; k < motion->n; k++)
        free(motion->row[k].value);
    free(motion->row);
    free(motion);
}

static void running_done(struct running *r)
{
    tracks_done(&r->tracks);
    free(r->pair);
    free(r->sums);
    free(r->close);
    free(r->by_origin);
    free(r->origin);
    free(r->near);
    free(r->trouble);
}

/* --- what only the first frame tells ----------------------------------------------------------------------------------------- */

/* The highest peak of S(k) below 1.6 times 2 pi/r0, of some frames together. */
static isd_status find_peak(struct running *r, double r0, double *ret_k, isd_error *err)
{
    struct structure_factor *s[PEAK_FRAMES] = {NULL}, *mean = NULL;
    int32_t all = r->in->n_frames, n = all < PEAK_FRAMES ? all : PEAK_FRAMES;
    double height;
    isd_status status = ISD_OK;
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        const isd_snapshot *frame = NULL;
        status = input_frame_load(&r->in->frame[(int64_t)k * all / n], &frame, err);
        if (status == ISD_OK)
            status = structure_factor_new(frame, 0, 1.6 * 2 * M_PI / r0, 60, r->control, &s[k], err);
        isd_snapshot_unref(frame);
    }
    if (status == ISD_OK)
        status = structure_factor_average(s, n, &mean, err);
    if (status == ISD_OK) {
        *ret_k = structure_factor_peak(mean, &height);
        if (isnan(*ret_k)) {
            status = isd_error_set(err, ISD_DATA, "S(k) has no peak");
            isd_error_hint(err, "k=7.2    says the wave number of F_s");
        }
    } else if (status == ISD_DATA) {
        isd_error_hint(err, "k=7.2    says the wave number of F_s, which is else at the peak of S(k)");
    }
    structure_factor_free(mean);
    for (int32_t k = 0; k < n; k++)
        structure_factor_free(s[k]);
    return status;
}

static isd_status settle(struct running *r, const isd_snapshot *first, isd_error *err)
{
    const struct motion_request *request = &r->in->request;
    struct motion *motion = r->motion;
    if (!first->has_ids && !request->order_is_id) {
        isd_error_set(err, ISD_DATA, "the files have no ids: how atoms moved is not known");
        isd_error_hint(err, "ids=order    if the order in the file is the identity");
        return ISD_DATA;
    }
    if (request->by_file && !isd_snapshot_can_unwrap(first)) {
        isd_error_set(err, ISD_DATA, "unwrap=file: the files have neither images nor unwrapped positions");
        isd_error_hint(err, "unwrap=nearest follows each atom from frame to frame");
        return ISD_DATA;
    }
    double r0 = isd_box_spacing(&first->box, first->n);
    motion->dim = first->box.dim;
    motion->n_types = r->n_types = first->n_types;
    for (int type = 1; type <= first->n_types; type++)
        r->atoms[type] = isd_snapshot_count(first, type);
    r->atoms[0] = first->n;
    motion->unwrapping = isd_snapshot_can_unwrap(first) && !request->nearest ? UNWRAP_FILE : UNWRAP_NEAREST;
    motion->span = r->in->span;
    motion->a = isnan(request->a) ? 0.3 * r0 : request->a;
    motion->jump = isnan(request->jump) ? 0.5 * r0 : request->jump;
    motion->cage = !isnan(request->cage) ? request->cage : first->box.dim == 2 ? fmin(1.5 * r0, 0.5 * isd_box_thickness(&first->box)) : 0;
    motion->delta = !request->strings ? NAN : isnan(request->delta) ? 0.6 * r0 : request->delta;
    motion->k = request->k;
    isd_status status = isnan(request->k) ? find_peak(r, r0, &motion->k, err) : ISD_OK;
    r->want = (struct track_request){motion->k, motion->a, motion->jump};
    return status;
}

/* Displacements by the files need only the frames of pairs. */
static void drop_unused(struct running *r, int32_t *row)
{
    struct moving *m = r->in;
    int32_t kept = 0;
    for (int32_t k = 0; k < m->n_frames; k++)
        row[k] = r->motion->unwrapping == UNWRAP_NEAREST;
    for (int32_t p = 0; p < r->n_pairs; p++)
        row[r->pair[p].a] = row[r->pair[p].b] = 1;
    for (int32_t k = 0; k < m->n_frames; k++) {
        if (!row[k]) {
            input_frame_done(&m->frame[k]);
            continue;
        }
        row[k] = kept;
        m->frame[kept] = m->frame[k];
        m->name[kept++] = m->name[k];
    }
    m->n_frames = kept;
    for (int32_t p = 0; p < r->n_pairs; p++)
        r->pair[p] = (struct frame_pair){row[r->pair[p].a], row[r->pair[p].b]};
    for (int32_t p = 0; p < r->n_close; p++)
        r->close[p] = (struct frame_pair){row[r->close[p].a], row[r->close[p].b]};
}

static isd_status list_pairs(struct running *r, isd_error *err)
{
    int64_t pairs = 0, close = 0;
    for (int32_t k = 0; k < r->in->n_lags; k++) {
        pairs += r->in->lag[k].n;
        close += r->in->lag[k].n_close;
    }
    if (pairs > INT32_MAX / 4)
        return isd_error_set(err, ISD_UNSUPPORTED, "%lld pairs of frames are too many: say origins= or tw=", (long long)pairs);
    if (!(r->motion->cage > 0) && !r->in->request.strings)
        close = 0;
    size_t types = (size_t)r->n_types + 1;
    r->pair = malloc(((size_t)pairs + 1) * sizeof *r->pair);
    r->sums = calloc(((size_t)pairs + 1) * types, sizeof *r->sums);
    r->close = malloc(((size_t)close + 1) * sizeof *r->close);
    r->near = calloc(((size_t)close + 1) * types, sizeof *r->near);
    r->trouble = calloc((size_t)r->in->n_frames + 1, sizeof *r->trouble);
    int32_t *row = malloc(((size_t)r->in->n_frames + 1) * sizeof *row);
    isd_status status = ISD_OK;
    if (r->pair && r->sums && r->close && r->near && r->trouble && row) {
        for (int32_t k = 0; k < r->in->n_lags; k++) {
            const struct lag *lag = &r->in->lag[k];
            memcpy(r->pair + r->n_pairs, lag->pairs, (size_t)lag->n * sizeof *r->pair);
            r->n_pairs += lag->n;
            if (close > 0) {
                memcpy(r->close + r->n_close, lag->close, (size_t)lag->n_close * sizeof *r->close);
                r->n_close += lag->n_close;
            }
        }
        drop_unused(r, row);
    } else {
        status = isd_error_memory(err);
    }
    free(row);
    return status;
}

/* --- frames in --------------------------------------------------------------------------------------------------------------------- */

static void load_chunk(void *arg, int32_t chunk)
{
    struct running *r = arg;
    int32_t last = (chunk + 1) * FRAMES_A_CHUNK < r->in->n_frames ? (chunk + 1) * FRAMES_A_CHUNK : r->in->n_frames;
    for (int32_t k = chunk * FRAMES_A_CHUNK; k < last; k++) {
        const isd_snapshot *s = NULL;
        isd_error *err = &r->trouble[k];
        isd_status status = isd_control_cancelled(r->control) ? isd_error_set(err, ISD_CANCELLED, "cancelled") : ISD_OK;
        if (status == ISD_OK)
            status = input_frame_load(&r->in->frame[k], &s, err);
        if (status == ISD_OK)
            status = tracks_fill(&r->tracks, k, s, r->in->name[k], err);
        err->status = status;
        isd_snapshot_unref(s);
        isd_control_report(r->control, atomic_fetch_add(&r->loaded, 1) + 1, atomic_load(&r->to_load));
    }
}

/* All frames into the portion of the tracks that is there. */
static isd_status load_all(struct running *r, isd_error *err)
{
    isd_control_for(r->control, (r->in->n_frames + FRAMES_A_CHUNK - 1) / FRAMES_A_CHUNK, load_chunk, r);
    for (int32_t k = 0; k < r->in->n_frames; k++)
        if (r->trouble[k].status != ISD_OK) {
            *err = r->trouble[k];
            return err->status;
        }
    isd_status status = tracks_unwrap(&r->tracks, r->control, err);
    if (status == ISD_OK && isd_control_cancelled(r->control))
        status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    if (status != ISD_OK || r->tracks.farthest < TOO_FAR)
        return status;
    int32_t to = r->tracks.farthest_frame;
    isd_error_set(err, ISD_DATA, "an atom moved by %.2f of the cell between frames %d and %d: it may as well have gone the other way round",
                  r->tracks.farthest, (int)r->in->name[to - 1], (int)r->in->name[to]);
    isd_error_hint(err, "dump xu yu zu, or images ix iy iz, or frames closer in time");
    return ISD_DATA;
}

/* --- sums over pairs ----------------------------------------------------------------------------------------------------------------- */

static void sum_chunk(void *arg, int32_t chunk)
{
    struct running *r = arg;
    int32_t first = (int32_t)((int64_t)chunk * r->n_pairs / PAIR_CHUNKS), last = (int32_t)((int64_t)(chunk + 1) * r->n_pairs / PAIR_CHUNKS);
    for (int32_t block = r->tracks.first_block; block < r->tracks.last_block; block++) {
        int type = r->tracks.block[block].type;
        for (int32_t p = first; p < last; p++) {
            if ((p - first) % PAIRS_A_LOOK == 0 && isd_control_cancelled(r->control))
                return;
            tracks_add(&r->tracks, block, r->pair[p].a, r->pair[p].b, &r->want, r->sums + (size_t)p * ((size_t)r->n_types + 1) + type);
        }
    }
}

/* Portion by portion. The centre of mass is that of all atoms: it takes a round of its own where they do not fit. */
static isd_status sum_pairs(struct running *r, isd_error *err)
{
    double *centre = calloc(3 * (size_t)r->in->n_frames + 3, sizeof *centre), mass = 0;
    isd_status status = centre ? ISD_OK : isd_error_memory(err);
    bool drift = r->in->request.drift_remove, whole = false;
    for (int type = 1; type <= r->n_types; type++)
        mass += r->atoms[type] * r->in->mass[type];
    for (int round = drift ? 0 : 1; round < 2 && status == ISD_OK; round++)
        for (int32_t first = 0, last = 0; first < r->tracks.n_blocks && status == ISD_OK; first = last) {
            if (whole) {
                last = r->tracks.n_blocks;
            } else {
                status = tracks_take(&r->tracks, first, r->in->memory, &last, err);
                whole = status == ISD_OK && first == 0 && last == r->tracks.n_blocks;
                atomic_store(&r->to_load, r->in->n_frames * (r->tracks.n_blocks + last - first - 1) / (last - first) * (drift && !whole ? 2 : 1));
                if (status == ISD_OK)
                    status = load_all(r, err);
            }
            if (status == ISD_OK && round == 0)
                tracks_add_centre(&r->tracks, r->in->mass, centre);
            if (status != ISD_OK || round == 0)
                continue;
            for (int32_t k = 0; k < 3 * r->in->n_frames && drift && first == 0; k++)
                centre[k] /= mass;
            if (drift)
                tracks_shift(&r->tracks, centre);
            isd_control_for(r->control, PAIR_CHUNKS, sum_chunk, r);
            if (isd_control_cancelled(r->control))
                status = isd_error_set(err, ISD_CANCELLED, "cancelled");
        }
    free(centre);
    return status;
}

/* Sums by type to averages, and those of all. */
static void finish_sums(struct running *r)
{
    for (int32_t p = 0; p < r->n_pairs; p++) {
        struct track_sums *of = r->sums + (size_t)p * ((size_t)r->n_types + 1);
        for (int type = 1; type <= r->n_types; type++) {
            of[0].sq += of[type].sq;
            of[0].u4 += of[type].u4;
            of[0].fs += of[type].fs;
            of[0].q += of[type].q;
            of[0].jumps += of[type].jumps;
        }
        for (int type = 0; type <= r->n_types; type++) {
            double n = r->atoms[type] > 0 ? r->atoms[type] : NAN;
            of[type].sq /= n;
            of[type].u4 /= n;
            of[type].fs = r->want.k > 0 ? of[type].fs / n : NAN;
            of[type].q /= n;
            of[type].jumps /= n;
        }
    }
}

/* Neighbours need all atoms at once. */
static isd_status check_room(struct running *r, isd_error *err)
{
    if (r->n_close == 0)
        return ISD_OK;
    double bytes = (double)r->tracks.offset[r->tracks.n_blocks] * sizeof *r->tracks.r, most = fmax(r->in->memory, memory_for_cache());
    if (bytes <= most) {
        r->in->memory = fmax(r->in->memory, bytes);
        return ISD_OK;
    }
    if (isnan(r->in->request.cage) && !r->in->request.strings) {
        r->motion->cage = 0;
        r->n_close = 0;
        return ISD_OK;
    }
    isd_error_set(err, ISD_DATA, "neighbours need all frames in memory at once: %.3g GB, and no more than %.3g are used", bytes / 1e9, most / 1e9);
    isd_error_hint(err, "tw= or origins= take fewer frames, where files have images");
    return ISD_DATA;
}

static isd_status run(struct running *r, isd_error *err)
{
    const isd_snapshot *first = NULL;
    isd_status status = r->in->lag ? ISD_OK : lags_new(&r->in->choice, r->control, &r->in->lag, &r->in->n_lags, err);
    if (status == ISD_OK)
        status = input_frame_load(&r->in->frame[0], &first, err);
    if (status == ISD_OK)
        status = settle(r, first, err);
    if (status == ISD_OK)
        status = list_pairs(r, err);
    if (status == ISD_OK)
        status = tracks_init(&r->tracks, first, r->in->n_frames, r->motion->unwrapping, err);
    isd_snapshot_unref(first);
    if (status == ISD_OK)
        status = check_room(r, err);
    if (status == ISD_OK)
        status = sum_pairs(r, err);
    if (status == ISD_OK && r->n_close > 0)
        status = motion_look_closely(r, err);
    if (status != ISD_OK)
        return status;
    finish_sums(r);
    r->motion->farthest = r->tracks.farthest;
    return motion_average(r, err);
}

isd_status moving_run(void *input, isd_control *control, void **ret_motion, isd_error *err)
{
    struct running r = {.in = input, .control = control, .motion = calloc(1, sizeof *r.motion)};
    isd_status status = r.motion ? run(&r, err) : isd_error_memory(err);
    running_done(&r);
    if (status == ISD_OK)
        *ret_motion = r.motion;
    else if (r.motion)
        motion_free(r.motion);
    return status;
}
