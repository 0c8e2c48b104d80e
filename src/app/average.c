/* Averages over the pairs at one waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/average.h"

#include <math.h>
#include <stdlib.h>

/* rmsd of a labelled pair: unwrapped where possible. */
static double best_rmsd(const struct match *m, bool *minimage)
{
    if (!m->labelled)
        return NAN;
    if (isfinite(m->rmsd_unwrapped))
        return m->rmsd_unwrapped;
    *minimage = true;
    return m->rmsd;
}

static double or_nan(bool known, double value)
{
    return known ? value : NAN;
}

/* One pair: asks for all its matchings before it waits for any. */
static enum ask ask_pair(struct session *session, const struct match_request *wanted, bool direct_blind, struct average *row, int32_t k,
                         isd_error *err)
{
    struct match_request request = *wanted, blind, raw, raw_blind;
    request.a = row->pairs[k].a;
    request.b = row->pairs[k].b;
    request.numbers = true;
    blind = raw = request;
    blind.blind = true;
    structure_defaults(session, false, &raw.structure);
    raw_blind = raw;
    raw_blind.blind = true;
    bool is = request.structure.is;
    const struct match *m = NULL, *m_blind = NULL, *m_raw = NULL, *m_raw_blind = NULL;
    int unconverged = 0, ignored = 0;
    enum ask first = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    enum ask second = first == ASK_FAILED ? first : session_match(session, &blind, ASK_BATCH, &m_blind, &ignored, err);
    enum ask third = second == ASK_FAILED ? second : session_match(session, &raw, ASK_BATCH, &m_raw, &ignored, err);
    enum ask fourth = third == ASK_FAILED || !direct_blind ? third : session_match(session, &raw_blind, ASK_BATCH, &m_raw_blind, &ignored, err);
    if (fourth == ASK_FAILED)
        return fourth;
    if (first == ASK_PENDING || second == ASK_PENDING || third == ASK_PENDING || fourth == ASK_PENDING)
        return ASK_PENDING;
    row->x[D_MIN][k] = m->d_min;
    row->x[D_BLIND][k] = m_blind->d_min;
    bool has_raw = !(is && session_frames_are_is(session)); /* state=is: instantaneous frames are not there */
    row->x[D_DIRECT][k] = or_nan(has_raw, m_raw->d_min);
    row->x[D_DIRECT_BLIND][k] = or_nan(has_raw && m_raw_blind, m_raw_blind ? m_raw_blind->d_min : NAN);
    row->x[RMSD][k] = has_raw ? best_rmsd(m_raw, &row->minimage) : NAN;
    row->x[RMSD_IS][k] = is ? best_rmsd(m, &row->minimage) : NAN;
    row->x[JUMP][k] = or_nan(is && m->labelled, m->jump_fraction);
    row->x[JUMP_RAW][k] = or_nan(has_raw && m_raw->labelled, m_raw->jump_fraction);
    row->unconverged += unconverged;
    row->certified = row->certified && m->certified && m_blind->certified && (!has_raw || m_raw->certified);
    return ASK_READY;
}

enum ask average_fill(struct session *session, const struct match_request *wanted, bool direct_blind, struct average *average,
                      isd_error *err)
{
    for (int k = 0; k < AVERAGE_COLUMNS; k++)
        if (!average->x[k] && !(average->x[k] = malloc((size_t)average->n * sizeof(double)))) {
            isd_error_memory(err);
            return ASK_FAILED;
        }
    average->unconverged = 0;
    average->certified = true;
    enum ask answer = ASK_READY;
    for (int32_t k = 0; k < average->n; k++) {
        enum ask one = ask_pair(session, wanted, direct_blind, average, k, err);
        if (one == ASK_FAILED)
            return one;
        if (one == ASK_PENDING)
            answer = ASK_PENDING;
    }
    return answer;
}

void average_done(struct average *average)
{
    free(average->pairs);
    for (int k = 0; k < AVERAGE_COLUMNS; k++)
        free(average->x[k]);
}
