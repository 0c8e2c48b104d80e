/* How atoms of the current set move: averages over pairs of frames at each time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/waiting.h"
#include "app/derive.h"
#include "app/state.h"

/* A frame for a job: there already, or to be loaded. */
struct input_frame {
    const isd_snapshot *snapshot; /* a reference, or NULL */
    struct frame_want want;
};

static void input_frame_done(struct input_frame *frame)
{
    isd_snapshot_unref(frame->snapshot);
    frame_want_done(&frame->want);
}

/* A reference to it. Any thread. */
static isd_status input_frame_load(const struct input_frame *frame, const isd_snapshot **ret_snapshot, isd_error *err)
{
    if (!frame->snapshot)
        return frame_want_load(&frame->want, ret_snapshot, err);
    *ret_snapshot = isd_snapshot_ref(frame->snapshot);
    return ISD_OK;
}

static enum ask input_frame_ask(struct session *session, int32_t k, const struct structure *structure, struct input_frame *frame, isd_error *err)
{
    int unconverged = 0;
    const isd_snapshot *s = NULL;
    if (structure->is && !session_frames_are_is(session)) {
        enum ask known = session_structure(session, k, structure, ASK_BATCH, &s, &unconverged, err);
        if (known == ASK_READY)
            frame->snapshot = isd_snapshot_ref(s);
        return known;
    }
    return session_want_frame(session, k, &frame->want, err) == ISD_OK ? ASK_READY : ASK_FAILED;
}

/* All that says which frames these are and how they are seen, for keys. */
static void key_of_frames(struct session *session, const struct structure *structure, char *out, size_t size)
{
    snprintf(out, size, "set %d frames %" PRId32 " dt %.17g known %d dim %d is %d %s %.17g %.17g %" PRId64, session_current_set(session),
             session_frame_count(session), session_times(session)->dt, session_time_known(session), session_dimension(session), structure->is,
             structure->is ? structure->quench.method : "", structure->quench.ftol, structure->quench.etol,
             (int64_t)structure->quench.max_iterations);
}

/* --- moments over origins ---------------------------------------------------------------------------------------------------- */

struct lag {
    double t;
    struct frame_pair *pairs;
    int32_t n, overlap; /* pairs that begin before one of them ends */
};

struct moving {
    struct input_frame *frame; /* [n_frames] */
    int32_t n_frames;
    struct lag *lag;
    int32_t n_lags;
    struct dynamics_options options;
    bool drift_remove;
    /* While it runs: */
    isd_control *control;
    int32_t *lag_of, *pair_of; /* [n_pairs] */
    int32_t n_pairs;
    int n_types;
    struct dynamics_sample *sample; /* [n_pairs * (n_types + 1)] */
    bool *minimage;
    isd_error *trouble; /* [n_pairs] */
};

static void moving_free(void *arg)
{
    struct moving *m = arg;
    for (int32_t k = 0; k < m->n_frames; k++)
        input_frame_done(&m->frame[k]);
    for (int32_t k = 0; k < m->n_lags; k++)
        free(m->lag[k].pairs);
    free(m->frame);
    free(m->lag);
    free(m->lag_of);
    free(m->pair_of);
    free(m->sample);
    free(m->minimage);
    free(m->trouble);
    free(m);
}

static void motion_free(void *arg)
{
    struct motion *motion = arg;
    for (int32_t k = 0; k < motion->n; k++)
        free(motion->row[k].value);
    free(motion->row);
    free(motion);
}

static isd_status sample_pair(const struct moving *m, const isd_snapshot *a, const isd_snapshot *b, int32_t k, isd_error *err)
{
    struct match_options labels = {.drift_remove = m->drift_remove};
    struct match *match = NULL;
    struct dynamics_sample sample[ISD_MAX_TYPES + 1];
    isd_status status = match_labelled(a, b, &labels, &match, err);
    if (status == ISD_OK && !match->labelled)
        status = isd_error_set(err, ISD_DATA, "the frames do not have the same ids: how atoms moved is not known");
    if (status == ISD_OK && a->n_types > m->n_types)
        status = isd_error_set(err, ISD_DATA, "a frame has more types than the first one");
    if (status == ISD_OK)
        status = dynamics_between(a, match->vec_lab, &m->options, m->control, sample, err);
    if (status == ISD_OK) {
        struct dynamics_sample *out = m->sample + (size_t)k * (size_t)(m->n_types + 1);
        memcpy(out, sample, ((size_t)a->n_types + 1) * sizeof *out);
        m->minimage[k] = !match->unwrapped;
    }
    match_free(match);
    return status;
}

static void run_pair(void *arg, int32_t k)
{
    struct moving *m = arg;
    const struct frame_pair *pair = &m->lag[m->lag_of[k]].pairs[m->pair_of[k]];
    const isd_snapshot *a = NULL, *b = NULL;
    isd_error *err = &m->trouble[k];
    isd_status status = isd_control_cancelled(m->control) ? isd_error_set(err, ISD_CANCELLED, "cancelled") : ISD_OK;
    if (status == ISD_OK)
        status = input_frame_load(&m->frame[pair->a], &a, err);
    if (status == ISD_OK)
        status = input_frame_load(&m->frame[pair->b], &b, err);
    if (status == ISD_OK)
        status = sample_pair(m, a, b, k, err);
    err->status = status;
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
}

/* The mean over origins of one member of the samples, and its error. */
static double mean_over(const struct moving *m, const struct lag *lag, int32_t first, int type, size_t member, double *scratch, double *ret_se)
{
    double sum = 0;
    for (int32_t k = 0; k < lag->n; k++) {
        const char *sample = (const char *)(m->sample + (size_t)(first + k) * (size_t)(m->n_types + 1) + type);
        memcpy(&scratch[k], sample + member, sizeof scratch[k]);
        sum += scratch[k];
    }
    *ret_se = dynamics_block_error(scratch, lag->n, lag->overlap);
    return sum / lag->n;
}

static struct motion_value average(const struct moving *m, const struct lag *lag, int32_t first, int type, int dim, double *scratch)
{
    struct motion_value v = {.atoms = m->sample[(size_t)first * (size_t)(m->n_types + 1) + (size_t)type].n};
    double ignored, square = 0;
    v.msd = mean_over(m, lag, first, type, offsetof(struct dynamics_sample, msd), scratch, &v.se_msd);
    v.u4 = mean_over(m, lag, first, type, offsetof(struct dynamics_sample, u4), scratch, &ignored);
    v.fs = mean_over(m, lag, first, type, offsetof(struct dynamics_sample, fs), scratch, &v.se_fs);
    v.msd_cage = mean_over(m, lag, first, type, offsetof(struct dynamics_sample, msd_cage), scratch, &v.se_msd_cage);
    v.q = mean_over(m, lag, first, type, offsetof(struct dynamics_sample, q), scratch, &v.se_q);
    for (int32_t k = 0; k < lag->n; k++)
        square += (scratch[k] - v.q) * (scratch[k] - v.q) / lag->n;
    v.chi4 = lag->n > 1 ? v.atoms * square : NAN;
    v.alpha2 = dynamics_alpha2(v.msd, v.u4, dim);
    for (int32_t k = 0; k < lag->n; k++) { /* of each origin by itself, for the error alone */
        const struct dynamics_sample *s = m->sample + (size_t)(first + k) * (size_t)(m->n_types + 1) + type;
        scratch[k] = dynamics_alpha2(s->msd, s->u4, dim);
    }
    v.se_alpha2 = dynamics_block_error(scratch, lag->n, lag->overlap);
    return v;
}

static isd_status average_all(const struct moving *m, struct motion *motion, isd_error *err)
{
    double *scratch = malloc(((size_t)m->n_pairs + 1) * sizeof *scratch);
    motion->row = calloc((size_t)m->n_lags + 1, sizeof *motion->row);
    isd_status status = scratch && motion->row ? ISD_OK : isd_error_memory(err);
    int32_t first = 0;
    for (int32_t k = 0; k < m->n_lags && status == ISD_OK; k++) {
        struct motion_row *row = &motion->row[motion->n];
        *row = (struct motion_row){.t = m->lag[k].t, .pairs = m->lag[k].n};
        row->value = calloc((size_t)m->n_types + 1, sizeof *row->value);
        if (!row->value) {
            status = isd_error_memory(err);
            break;
        }
        motion->n++;
        for (int type = 0; type <= m->n_types; type++)
            row->value[type] = average(m, &m->lag[k], first, type, motion->dim, scratch);
        first += m->lag[k].n;
    }
    free(scratch);
    return status;
}

static isd_status prepare_pairs(struct moving *m, isd_error *err)
{
    for (int32_t k = 0; k < m->n_lags; k++)
        m->n_pairs += m->lag[k].n;
    size_t n = (size_t)m->n_pairs + 1;
    m->lag_of = malloc(n * sizeof *m->lag_of);
    m->pair_of = malloc(n * sizeof *m->pair_of);
    m->sample = calloc(n * (size_t)(m->n_types + 1), sizeof *m->sample);
    m->minimage = calloc(n, sizeof *m->minimage);
    m->trouble = calloc(n, sizeof *m->trouble);
    if (!m->lag_of || !m->pair_of || !m->sample || !m->minimage || !m->trouble)
        return isd_error_memory(err);
    for (int32_t k = 0, next = 0; k < m->n_lags; k++)
        for (int32_t j = 0; j < m->lag[k].n; j++, next++) {
            m->lag_of[next] = k;
            m->pair_of[next] = j;
        }
    return ISD_OK;
}

/* What only the first frame tells: types, and k and a where they were left open. */
static isd_status settle(struct moving *m, struct motion *motion, isd_error *err)
{
    const isd_snapshot *first = NULL;
    struct structure_factor *s = NULL;
    isd_status status = input_frame_load(&m->frame[0], &first, err);
    if (status != ISD_OK)
        return status;
    double r0 = isd_box_spacing(&first->box, first->n), height;
    m->n_types = first->n_types;
    motion->dim = first->box.dim;
    if (isnan(m->options.a))
        m->options.a = 0.3 * r0;
    if (isnan(m->options.k))
        status = structure_factor_new(first, 0, 1.6 * 2 * M_PI / r0, 60, m->control, &s, err);
    if (status == ISD_OK && s)
        m->options.k = structure_factor_peak(s, &height);
    structure_factor_free(s);
    isd_snapshot_unref(first);
    if (status == ISD_OK && isnan(m->options.k))
        status = isd_error_set(err, ISD_DATA, "S(k) has no peak: say k=");
    motion->n_types = m->n_types;
    motion->k = m->options.k;
    motion->a = m->options.a;
    return status;
}

static isd_status run_moving(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    struct moving *m = input;
    struct motion *motion = calloc(1, sizeof *motion);
    m->control = control;
    isd_status status = motion ? settle(m, motion, err) : isd_error_memory(err);
    if (status == ISD_OK)
        status = prepare_pairs(m, err);
    for (int32_t from = 0, portion = 64; status == ISD_OK && from < m->n_pairs; from += portion) {
        struct moving part = *m;
        int32_t n = m->n_pairs - from < portion ? m->n_pairs - from : portion;
        part.lag_of += from;
        part.pair_of += from;
        part.sample += (size_t)from * (size_t)(m->n_types + 1);
        part.minimage += from;
        part.trouble += from;
        isd_control_for(control, n, run_pair, &part);
        isd_control_report(control, from + n, m->n_pairs);
        for (int32_t k = from; k < from + n && status == ISD_OK; k++) {
            status = m->trouble[k].status;
            motion->minimage = motion->minimage || m->minimage[k];
            if (status != ISD_OK)
                *err = m->trouble[k];
        }
    }
    if (status == ISD_OK)
        status = average_all(m, motion, err);
    if (status == ISD_OK)
        *ret_output = motion;
    else if (motion)
        motion_free(motion);
    return status;
}

/* At most `most` of the pairs, evenly. */
static void thin_pairs(struct lag *lag, int most)
{
    if (lag->n <= most)
        return;
    for (int32_t k = 0; k < most; k++)
        lag->pairs[k] = lag->pairs[(int64_t)k * lag->n / most];
    lag->n = most;
}

static int32_t overlap_of(const struct lag *lag)
{
    int32_t most = 1;
    for (int32_t k = 0, end = 0; k < lag->n; k++) {
        while (end < lag->n && lag->pairs[end].a < lag->pairs[k].b)
            end++;
        most = end - k > most ? end - k : most;
    }
    return most;
}

static isd_status make_lags(struct session *session, const struct motion_request *request, struct moving *m, isd_error *err)
{
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times(session, request->tw, &tw, &n, err);
    if (status != ISD_OK)
        return status;
    m->lag = calloc((size_t)n + 1, sizeof *m->lag);
    if (!m->lag)
        status = isd_error_memory(err);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        struct lag *lag = &m->lag[m->n_lags++];
        lag->t = tw[k];
        status = series_pairs(session_times(session), tw[k], true, &lag->pairs, &lag->n, err);
        thin_pairs(lag, request->origins);
        lag->overlap = overlap_of(lag);
    }
    free(tw);
    if (status == ISD_OK && m->n_lags == 0)
        status = isd_error_set(err, ISD_DATA, "no two frames are a positive time apart");
    return status;
}

/* The frames that pairs need; the others stay empty. */
static enum ask make_frames(struct session *session, const struct structure *structure, struct moving *m, isd_error *err)
{
    m->n_frames = session_frame_count(session);
    m->frame = calloc((size_t)m->n_frames, sizeof *m->frame);
    bool *used = calloc((size_t)m->n_frames, sizeof *used);
    enum ask answer = m->frame && used ? ASK_READY : ASK_FAILED;
    if (answer == ASK_FAILED)
        isd_error_memory(err);
    if (answer == ASK_READY)
        used[0] = true;
    for (int32_t k = 0; k < m->n_lags && answer == ASK_READY; k++)
        for (int32_t j = 0; j < m->lag[k].n; j++)
            used[m->lag[k].pairs[j].a] = used[m->lag[k].pairs[j].b] = true;
    for (int32_t k = 0; k < m->n_frames && answer != ASK_FAILED; k++)
        if (used[k]) {
            enum ask one = input_frame_ask(session, k, structure, &m->frame[k], err);
            answer = one == ASK_READY ? answer : one;
        }
    free(used);
    return answer;
}

enum ask session_motion(struct session *session, const struct motion_request *request, const struct motion **ret_motion, isd_error *err)
{
    char frames[200], key[600];
    bool asked = false;
    const void *output = NULL;
    key_of_frames(session, &request->structure, frames, sizeof frames);
    snprintf(key, sizeof key, "motion %s drift %d origins %d k %.17g a %.17g cage %.17g tw %.300s", frames, request->drift_remove, request->origins,
             request->options.k, request->options.a, request->options.cage, request->tw ? request->tw : "");
    enum ask known = derived_find(session, key, &output, &asked, err);
    *ret_motion = output;
    if (asked)
        return known;
    struct moving *m = calloc(1, sizeof *m);
    if (!m) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    m->options = request->options;
    m->drift_remove = request->drift_remove;
    known = make_lags(session, request, m, err) == ISD_OK ? make_frames(session, &request->structure, m, err) : ASK_FAILED;
    if (known != ASK_READY) {
        moving_free(m);
        return known;
    }
    struct derivation derivation = {key, "dynamics", run_moving, moving_free, motion_free};
    return derived_ask(session, &derivation, m, err);
}

/* --- one or two frames ---------------------------------------------------------------------------------------------------------- */

struct looking {
    struct input_frame frame[2];
    int type[2], bins;
    double max;
};

static void looking_free(void *arg)
{
    struct looking *l = arg;
    input_frame_done(&l->frame[0]);
    input_frame_done(&l->frame[1]);
    free(l);
}

/* The job that looks at frame a, and at b unless that is -1. */
static enum ask look(struct session *session, int32_t a, int32_t b, const struct structure *structure, const struct looking *what,
                     const struct derivation *derivation, isd_error *err)
{
    struct looking *l = malloc(sizeof *l);
    if (!l) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    *l = *what;
    enum ask known = input_frame_ask(session, a, structure, &l->frame[0], err);
    if (known != ASK_FAILED && b >= 0) {
        enum ask other = input_frame_ask(session, b, structure, &l->frame[1], err);
        known = other == ASK_READY ? known : other;
    }
    if (known == ASK_READY)
        return derived_ask(session, derivation, l, err);
    looking_free(l);
    return known;
}

static isd_status run_structure_factor(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    struct looking *l = input;
    const isd_snapshot *s = NULL;
    struct structure_factor *made = NULL;
    isd_status status = input_frame_load(&l->frame[0], &s, err);
    if (status == ISD_OK)
        status = structure_factor_new(s, l->type[0], l->max, l->bins, control, &made, err);
    isd_snapshot_unref(s);
    if (status == ISD_OK)
        *ret_output = made;
    return status;
}

static void structure_factor_release(void *arg)
{
    structure_factor_free(arg);
}

enum ask session_structure_factor(struct session *session, int32_t frame, const struct structure *structure, int type, double k_max,
                                  const struct structure_factor **ret_s, isd_error *err)
{
    char frames[200], key[400];
    bool asked = false;
    const void *output = NULL;
    key_of_frames(session, structure, frames, sizeof frames);
    snprintf(key, sizeof key, "sk %s frame %" PRId32 " type %d k %.17g", frames, frame, type, k_max);
    enum ask known = derived_find(session, key, &output, &asked, err);
    *ret_s = output;
    if (asked)
        return known;
    struct looking what = {.type = {type}, .max = k_max, .bins = 200};
    struct derivation derivation = {key, "S(k)", run_structure_factor, looking_free, structure_factor_release};
    return look(session, frame, -1, structure, &what, &derivation, err);
}

static void distinct_release(void *arg)
{
    struct distinct_counts *d = arg;
    free(d->counts);
    free(d);
}

static isd_status count_distinct(struct looking *l, const isd_snapshot *a, const isd_snapshot *b, struct distinct_counts *made,
                                 isd_control *control, isd_error *err)
{
    double half = 0.5 * isd_box_thickness(&a->box);
    bool same = a->n == b->n && a->has_ids && b->has_ids && memcmp(a->id, b->id, (size_t)a->n * sizeof *a->id) == 0;
    if (!same || !isd_box_equal(&a->box, &b->box))
        return isd_error_set(err, ISD_DATA, "the frames do not have the same ids and the same box");
    made->max = isnan(l->max) ? half : l->max;
    if (made->max > half * (1 + 1e-12))
        return isd_error_set(err, ISD_DATA, "max=%g is beyond half the cell (%g)", made->max, half);
    made->bins = l->bins;
    made->dim = a->box.dim;
    made->volume = isd_box_volume(&a->box);
    made->counts = calloc((size_t)l->bins, sizeof *made->counts);
    if (!made->counts)
        return isd_error_memory(err);
    return dynamics_distinct(a, b, l->type[0], l->type[1], l->bins, made->max, control, made->counts, &made->pairs, err);
}

static isd_status run_distinct(void *input, isd_control *control, void **ret_output, isd_error *err)
{
    struct looking *l = input;
    const isd_snapshot *a = NULL, *b = NULL;
    struct distinct_counts *made = calloc(1, sizeof *made);
    isd_status status = made ? input_frame_load(&l->frame[0], &a, err) : isd_error_memory(err);
    if (status == ISD_OK)
        status = input_frame_load(&l->frame[1], &b, err);
    if (status == ISD_OK)
        status = count_distinct(l, a, b, made, control, err);
    isd_snapshot_unref(a);
    isd_snapshot_unref(b);
    if (status == ISD_OK)
        *ret_output = made;
    else if (made)
        distinct_release(made);
    return status;
}

enum ask session_distinct(struct session *session, int32_t a, int32_t b, const struct structure *structure, int type_a, int type_b, int bins,
                          double max, const struct distinct_counts **ret_counts, isd_error *err)
{
    char frames[200], key[400];
    bool asked = false;
    const void *output = NULL;
    key_of_frames(session, structure, frames, sizeof frames);
    snprintf(key, sizeof key, "distinct %s %" PRId32 ":%" PRId32 " types %d %d bins %d max %.17g", frames, a, b, type_a, type_b, bins, max);
    enum ask known = derived_find(session, key, &output, &asked, err);
    *ret_counts = output;
    if (asked)
        return known;
    struct looking what = {.type = {type_a, type_b}, .max = max, .bins = bins};
    struct derivation derivation = {key, "van Hove", run_distinct, looking_free, distinct_release};
    return look(session, a, b, structure, &what, &derivation, err);
}
