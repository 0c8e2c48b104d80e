/* How atoms of the current set move: what is asked for, and of which pairs of frames. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/motion.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "app/derive.h"
#include "app/keep_derived.h"
#include "app/motion_job.h"
#include "app/motion_key.h"
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
static isd_status order_frames(struct moving *m, isd_error *err)
{
    const struct frame_times *times = &m->choice.times;
    int32_t n = 0, *row = m->choice.row;
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
    m->choice.middle = n > 0 ? moment[0].time + 0.5 * m->span : NAN;
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

/* Structures to be quenched are those of pairs, which must be known first; else the job finds the pairs. */
static enum ask prepare(struct session *session, const struct motion_request *request, struct moving *m, isd_error *err)
{
    isd_status status = lag_choice_init(session_times(session), request->tw, request->origins, &m->choice, err);
    if (status == ISD_OK)
        status = order_frames(m, err);
    if (status == ISD_OK && request->structure.is && !session_frames_are_is(session)) {
        status = lags_new(&m->choice, NULL, &m->lag, &m->n_lags, err);
        if (status == ISD_OK)
            status = keep_those_of_pairs(m, err);
    }
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
