/* How atoms of the current set move: what is asked for, and of which pairs of frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/derive.h"
#include "app/keep_derived.h"
#include "app/motion_job.h"
#include "app/motion_key.h"
#include "app/waiting.h"
#include "io/frame_cache.h"

void motion_request_defaults(const struct session *session, struct motion_request *ret_request)
{
    *ret_request = (struct motion_request){.k = NAN, .a = NAN, .jump = NAN, .cage = NAN, .share = 0.05, .delta = NAN};
    structure_defaults(session, false, &ret_request->structure);
}

/* --- keys ----------------------------------------------------------------------------------------------------------------------------- */

void key_of_frames(struct print_buffer *key, struct session *session, const struct structure *structure)
{
    print_text(key, "frames %" PRId32 " dt %.17g known %d dim %d is %d", session_frame_count(session), session_times(session)->dt,
               session_time_known(session), session_dimension(session), structure->is);
    if (structure->is)
        print_text(key, " %s %.17g %.17g %" PRId64, structure->quench.method, structure->quench.ftol, structure->quench.etol,
                   (int64_t)structure->quench.max_iterations);
}

void key_of_masses(struct print_buffer *key, struct session *session)
{
    const struct system_settings *system = session_system(session);
    for (int type = 1; type <= ISD_MAX_TYPES; type++)
        if (system->has_mass[type])
            print_text(key, " mass %d %.17g", type, system->mass[type]);
}

void masses_of(struct session *session, double *ret_mass)
{
    const struct system_settings *system = session_system(session);
    for (int type = 0; type <= ISD_MAX_TYPES; type++)
        ret_mass[type] = system->has_mass[type] ? system->mass[type] : 1.0;
}

static void key_of_motion(struct print_buffer *key, struct session *session, const struct motion_request *request)
{
    print_text(key, "motion ");
    key_of_frames(key, session, &request->structure);
    print_text(key, " k %.17g a %.17g jump %.17g cage %.17g origins %d order %d file %d nearest %d tw %s", request->k, request->a, request->jump,
               request->cage, request->origins, request->order_is_id, request->by_file, request->nearest, request->tw ? request->tw : "");
    if (request->strings)
        print_text(key, " share %.17g delta %.17g", request->share, request->delta);
    if (request->drift_remove) {
        print_text(key, " drift");
        key_of_masses(key, session);
    }
}

/* --- pairs ------------------------------------------------------------------------------------------------------------------------------- */

int32_t motion_overlap(const struct frame_pair *pairs, int32_t n)
{
    int32_t most = 1;
    for (int32_t k = 0, end = 0; k < n; k++) {
        while (end < n && pairs[end].a < pairs[k].b)
            end++;
        most = end - k > most ? end - k : most;
    }
    return most;
}

/* At most `most` of the pairs, evenly; in place. */
static int32_t thin_pairs(struct frame_pair *pairs, int32_t n, int32_t most)
{
    if (n <= most)
        return n;
    for (int32_t k = 0; k < most; k++)
        pairs[k] = pairs[(int64_t)k * n / most];
    return most;
}

/* Pairs of a time as rows in order of time; and those looked at closely, and those of either half. */
static isd_status fill_lag(struct lag *lag, const struct frame_times *times, const int32_t *row, double middle, int32_t most, int32_t most_close,
                           isd_error *err)
{
    lag->n = thin_pairs(lag->pairs, lag->n, most);
    while (lag->first_half < lag->n && times->time[lag->pairs[lag->first_half].b] <= middle)
        lag->first_half++;
    while (lag->second_half < lag->n && times->time[lag->pairs[lag->n - 1 - lag->second_half].a] >= middle)
        lag->second_half++;
    for (int32_t k = 0; k < lag->n; k++)
        lag->pairs[k] = (struct frame_pair){row[lag->pairs[k].a], row[lag->pairs[k].b]};
    lag->overlap = motion_overlap(lag->pairs, lag->n);
    lag->close = malloc(((size_t)lag->n + 1) * sizeof *lag->close);
    if (!lag->close)
        return isd_error_memory(err);
    memcpy(lag->close, lag->pairs, (size_t)lag->n * sizeof *lag->close);
    lag->n_close = thin_pairs(lag->close, lag->n, most_close);
    lag->overlap_close = motion_overlap(lag->close, lag->n_close);
    return ISD_OK;
}

static isd_status make_lags(struct session *session, const struct motion_request *request, const int32_t *row, double middle, struct moving *m,
                            isd_error *err)
{
    const struct frame_times *times = session_times(session);
    double *tw = NULL;
    int32_t n = 0;
    isd_status status = waiting_times(session, request->tw, &tw, &n, err);
    if (status != ISD_OK)
        return status;
    int32_t most = request->origins > 0 ? request->origins : MOTION_PAIRS / n > 1 ? MOTION_PAIRS / n : 1;
    int32_t most_close = request->origins > 0 ? request->origins : MOTION_CLOSE;
    m->lag = calloc((size_t)n + 1, sizeof *m->lag);
    if (!m->lag)
        status = isd_error_memory(err);
    for (int32_t k = 0; k < n && status == ISD_OK; k++) {
        struct lag *lag = &m->lag[m->n_lags++];
        lag->t = tw[k];
        status = series_pairs(times, tw[k], true, &lag->pairs, &lag->n, err);
        if (status == ISD_OK)
            status = fill_lag(lag, times, row, middle, most, most_close, err);
    }
    free(tw);
    return status;
}

/* --- frames ------------------------------------------------------------------------------------------------------------------------------ */

struct moment {
    double time;
    int64_t step;
    int32_t frame;
};

static int by_time(const void *p, const void *q)
{
    const struct moment *a = p, *b = q;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->frame > b->frame) - (a->frame < b->frame);
}

/* Frames in order of time, a row each: row[frame], -1 where the time is not known. */
static isd_status order_frames(struct session *session, int32_t *row, struct moving *m, double *ret_middle, isd_error *err)
{
    const struct frame_times *times = session_times(session);
    int32_t n = 0;
    struct moment *moment = malloc(((size_t)times->n + 1) * sizeof *moment);
    m->name = malloc(((size_t)times->n + 1) * sizeof *m->name);
    if (!moment || !m->name) {
        free(moment);
        return isd_error_memory(err);
    }
    for (int32_t k = 0; k < times->n; k++) {
        row[k] = -1;
        if (isfinite(times->time[k]))
            moment[n++] = (struct moment){times->time[k], times->step ? times->step[k] : 0, k};
    }
    qsort(moment, (size_t)n, sizeof *moment, by_time);
    for (int32_t k = 0; k < n; k++) {
        m->name[k] = moment[k].frame;
        row[moment[k].frame] = k;
    }
    m->n_frames = n;
    m->span = n > 0 ? moment[n - 1].time - moment[0].time : NAN;
    *ret_middle = n > 0 ? moment[0].time + 0.5 * m->span : NAN;
    free(moment);
    return ISD_OK;
}

/* Only those of pairs, where each costs a quench: pairs in other rows then. */
static isd_status keep_those_of_pairs(struct moving *m, isd_error *err)
{
    int32_t *row = calloc((size_t)m->n_frames + 1, sizeof *row), kept = 0;
    if (!row)
        return isd_error_memory(err);
    for (int32_t k = 0; k < m->n_lags; k++)
        for (int32_t p = 0; p < m->lag[k].n; p++)
            row[m->lag[k].pairs[p].a] = row[m->lag[k].pairs[p].b] = 1;
    for (int32_t k = 0; k < m->n_frames; k++)
        if (row[k]) {
            row[k] = kept;
            m->name[kept++] = m->name[k];
        }
    m->n_frames = kept;
    for (int32_t k = 0; k < m->n_lags; k++) {
        struct lag *lag = &m->lag[k];
        for (int32_t p = 0; p < lag->n; p++)
            lag->pairs[p] = (struct frame_pair){row[lag->pairs[p].a], row[lag->pairs[p].b]};
        for (int32_t p = 0; p < lag->n_close; p++)
            lag->close[p] = (struct frame_pair){row[lag->close[p].a], row[lag->close[p].b]};
    }
    free(row);
    return ISD_OK;
}

static enum ask ask_frames(struct session *session, const struct structure *structure, struct moving *m, isd_error *err)
{
    int32_t n = m->n_frames;
    enum ask answer = ASK_READY;
    m->frame = calloc((size_t)n + 1, sizeof *m->frame);
    if (!m->frame) {
        m->n_frames = 0;
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (int32_t k = 0; k < n && answer != ASK_FAILED; k++) {
        enum ask one = input_frame_ask(session, m->name[k], structure, &m->frame[k], err);
        answer = one == ASK_READY ? answer : one;
    }
    return answer;
}

static enum ask prepare(struct session *session, const struct motion_request *request, struct moving *m, isd_error *err)
{
    double middle = NAN;
    int32_t *row = malloc(((size_t)session_frame_count(session) + 1) * sizeof *row);
    isd_status status = row ? order_frames(session, row, m, &middle, err) : isd_error_memory(err);
    if (status == ISD_OK)
        status = make_lags(session, request, row, middle, m, err);
    if (status == ISD_OK && request->structure.is && !session_frames_are_is(session))
        status = keep_those_of_pairs(m, err);
    free(row);
    if (status != ISD_OK) {
        m->n_frames = 0;
        return ASK_FAILED;
    }
    return ask_frames(session, &request->structure, m, err);
}

enum ask session_motion(struct session *session, const struct motion_request *request, const struct motion **ret_motion, isd_error *err)
{
    struct print_buffer key = {0};
    bool asked = false;
    const void *output = NULL;
    key_of_motion(&key, session, request);
    struct moving *m = calloc(1, sizeof *m);
    if (key.failed || !m) {
        print_buffer_done(&key);
        free(m);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    const struct derivation derivation = {key.data,         "dynamics",  moving_run,          moving_free,      motion_free,
                                          request->priority, KEEP_MOTION, &request->structure, keep_pack_motion, keep_unpack_motion};
    enum ask known = derived_find(session, &derivation, &output, &asked, err);
    *ret_motion = output;
    if (!asked) {
        m->request = *request;
        m->request.tw = NULL;
        m->memory = frame_cache_budget(session->cache);
        masses_of(session, m->mass);
        known = prepare(session, request, m, err);
    }
    if (!asked && known == ASK_READY)
        known = derived_ask(session, &derivation, m, err);
    else
        moving_free(m);
    print_buffer_done(&key);
    return known;
}

/* --- the relaxation time ------------------------------------------------------------------------------------------------------------------- */

struct relaxation motion_relaxation(const struct motion *motion, int type)
{
    struct relaxation found = {NAN, NAN, NAN, NAN};
    double level = exp(-1);
    int32_t k = 0;
    while (k < motion->n && motion->row[k].value[type].fs > level)
        k++;
    if (motion->n == 0 || isnan(motion->row[0].value[type].fs))
        return found;
    if (k == motion->n || k == 0) {
        *(k == 0 ? &found.below : &found.above) = motion->row[k == 0 ? 0 : k - 1].t;
        return found;
    }
    const struct motion_value *before = &motion->row[k - 1].value[type], *now = &motion->row[k].value[type];
    double low = log(motion->row[k - 1].t), step = log(motion->row[k].t) - low, fall = before->fs - now->fs;
    double share = (before->fs - level) / fall;
    found.tau = exp(low + share * step);
    found.se = found.tau * step / fall * hypot((1 - share) * before->se_fs, share * now->se_fs);
    return found;
}
