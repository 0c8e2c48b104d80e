/* sk, vanhove. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/motion.h"

static enum ask give_sk(struct session *session, const int32_t *frames, int32_t n, const struct structure *structure, int type,
                        const struct structure_factor *s, const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new("sk", RESULT_CURVES);
    double height = NAN, peak = structure_factor_peak(s, &height);
    int64_t *list = malloc(((size_t)n + 1) * sizeof *list);
    if (!list) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (int32_t k = 0; k < n; k++)
        list[k] = frames[k];
    result_ints(result, "frames", list, (size_t)n);
    free(list);
    result_text(result, "type", type > 0 ? session_type_label(session, type) : "all");
    result_text(result, "of", structure->is ? "is" : "raw");
    result_real(result, "peak", "", peak);
    result_real(result, "peak_height", "", height);
    result_reals(result, "k", "", s->k, (size_t)s->n);
    result_reals(result, "s", "", s->s, (size_t)s->n);
    result_reals(result, "se_s", "", s->se, (size_t)s->n);
    return give(sink, result, err);
}

enum ask run_sk(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    int32_t *frames = NULL, n = 0;
    int type = 0;
    struct structure structure;
    isd_box box;
    const struct structure_factor *s = NULL;
    structure_from_call(session, call, &structure);
    if (type_from_call(session, call, &type, err) != ISD_OK || check_can_quench(session, &structure, err) != ISD_OK ||
        call_frames(session, call_word(call, 0), &frames, &n, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = session_frame_box(session, frames[0], &box, err) == ISD_OK ? ASK_READY : ASK_FAILED;
    if (answer == ASK_READY) {
        double most = call_real(call, "kmax", 3 * 2 * M_PI / isd_box_spacing(&box, session_frame_info(session, frames[0])->n));
        answer = session_structure_factor(session, frames, n, &structure, type, most, &s, err);
    }
    if (answer == ASK_READY)
        answer = give_sk(session, frames, n, &structure, type, s, sink, err);
    free(frames);
    return answer;
}

static enum ask give_van_hove(struct session *session, const struct van_hove_request *request, double t, const struct van_hove *v,
                              const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_length_unit(session);
    size_t bins = (size_t)v->bins;
    double *r = malloc((bins + 1) * sizeof *r);
    if (!r) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    for (size_t k = 0; k < bins; k++)
        r[k] = ((double)k + 0.5) * v->max / v->bins;
    struct result *result = result_new("vanhove", RESULT_CURVES);
    if (request->n_pairs == 1) {
        result_int(result, "from", request->pairs[0].a);
        result_int(result, "to", request->pairs[0].b);
    }
    result_real(result, "t", session_time_unit(session), t);
    result_int(result, "pairs", request->n_pairs);
    result_text(result, "type", request->type > 0 ? session_type_label(session, request->type) : "all");
    result_text(result, "of", request->structure.is ? "is" : "raw");
    result_text(result, "unwrapped", v->unwrapped ? "file" : "shortest");
    result_reals(result, "r", unit, r, bins);
    result_reals(result, "gs", "", v->gs, bins);
    result_reals(result, "se_gs", "", v->se_gs, bins);
    result_reals(result, "gd", "", v->gd, bins);
    result_reals(result, "se_gd", "", v->se_gd, bins);
    free(r);
    return give(sink, result, err);
}

enum ask run_van_hove(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct van_hove_request request = {.bins = (int)call_count(call, "bins", 100), .max = call_real(call, "max", NAN)};
    const struct van_hove *v = NULL;
    struct frame_pair *pairs = NULL;
    double t = NAN;
    structure_from_call(session, call, &request.structure);
    request.drift_remove = call_is(call, "drift", "remove");
    request.order_is_id = call_is(call, "ids", "order");
    enum ask answer = ASK_FAILED;
    if (type_from_call(session, call, &request.type, err) == ISD_OK && check_can_quench(session, &request.structure, err) == ISD_OK &&
        pairs_from_call(session, call, &pairs, &request.n_pairs, &t, err) == ISD_OK) {
        request.pairs = pairs;
        request.overlap = motion_overlap(pairs, request.n_pairs);
        answer = session_van_hove(session, &request, &v, err);
    }
    if (answer == ASK_READY)
        answer = give_van_hove(session, &request, t, v, sink, err);
    free(pairs);
    return answer;
}
