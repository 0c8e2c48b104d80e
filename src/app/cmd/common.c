/* What several commands share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/choice.h"
#include "app/waiting.h"

void structure_from_call(struct session *session, const struct command_call *call, struct structure *ret_structure)
{
    structure_defaults(session, call_is(call, "of", "is"), ret_structure);
}

isd_status pairs_from_call(struct session *session, const struct command_call *call, struct frame_pair **ret_pairs, int32_t *ret_n,
                           double *ret_tw, isd_error *err)
{
    const char *tw = call_option(call, "tw");
    struct frame_pair pair, *pairs;
    if (tw)
        return waiting_pairs(session, tw, ret_pairs, ret_n, ret_tw, err);
    isd_status status = call_pair(session, call_word(call, 0), &pair.a, &pair.b, err);
    if (status != ISD_OK)
        return status;
    pairs = malloc(sizeof *pairs);
    if (!pairs)
        return isd_error_memory(err);
    *pairs = pair;
    *ret_pairs = pairs;
    *ret_n = 1;
    *ret_tw = session_tw(session, pair.a, pair.b);
    return ISD_OK;
}

void request_from_call(struct session *session, const struct command_call *call, int32_t a, int32_t b,
                       struct match_request *ret_request)
{
    *ret_request = (struct match_request){.a = a, .b = b};
    structure_from_call(session, call, &ret_request->structure);
    ret_request->blind = call_is(call, "species", "blind");
    ret_request->order_is_id = call_is(call, "ids", "order");
    ret_request->drift_remove = call_is(call, "drift", "remove");
}

isd_status type_from_call(struct session *session, const struct command_call *call, int *ret_type, isd_error *err)
{
    const char *word = call_option(call, "type");
    bool all = !word || strcmp(word, "all") == 0;
    int type = all ? 0 : session_find_type(session, word);
    if (all || type > 0) {
        *ret_type = type;
        return ISD_OK;
    }
    isd_error_set(err, ISD_USAGE, "type=%s: there is no such type", word);
    isd_error_hint(err, "info    lists types and labels");
    return ISD_USAGE;
}

isd_status readings_from_call(struct session *session, const struct command_call *call, struct match_request *request,
                              isd_error *err)
{
    request->like_script = call_is(call, "like", "script");
    request->affine = call_is(call, "boxes", "affine");
    request->align = call_is(call, "align", "on");
    request->atoms = call_option(call, "atoms");
    request->filter = call_option(call, "filter");
    request->alternatives = call_has(call, "eps");
    request->eps = call_real(call, "eps", 0);
    if (request->like_script && (request->affine || request->align || request->drift_remove || request->alternatives)) {
        isd_error_set(err, ISD_USAGE, "like=script knows neither drift=, align=, boxes= nor eps=");
        isd_error_hint(err, "%s like=script    alone, or with of=, type=, atoms= or filter=", call_spec(call)->name);
        return ISD_USAGE;
    }
    if (request->like_script && call_has(call, "species") && !request->blind) {
        isd_error_set(err, ISD_USAGE, "like=script matches atoms of all types together");
        isd_error_hint(err, "%s like=script type=1    as the script does for one type", call_spec(call)->name);
        return ISD_USAGE;
    }
    request->blind = request->blind || request->like_script;
    isd_status status = type_from_call(session, call, &request->type, err);
    return status == ISD_OK ? choice_check(session, request->atoms, request->filter, err) : status;
}

static const char *const cell_name[] = {
    [MATCH_CELL_EQUAL] = "equal", [MATCH_CELL_AFFINE] = "affine", [MATCH_CELL_SCRIPT] = "script"};

static void give_like_and_choice(struct result *result, const struct match_request *request, enum match_cell cell)
{
    result_text(result, "like", request->like_script ? "script" : "exact");
    result_text(result, "boxes", cell_name[cell]);
    if (request->type > 0)
        result_int(result, "type", request->type);
    else
        result_null(result, "type");
}

void give_pair(struct session *session, struct result *result, const struct match_request *request)
{
    result_int(result, "from", request->a);
    result_int(result, "to", request->b);
    result_real(result, "t_w", session_time_unit(session), session_tw(session, request->a, request->b));
    result_text(result, "of", request->structure.is ? "is" : "raw");
    result_text(result, "species", request->blind ? "blind" : "resolved");
}

void give_chosen(struct result *result, const struct match_request *request, const struct match *match)
{
    give_like_and_choice(result, request, match->cell);
    result_text(result, "atoms", request->atoms);
    result_text(result, "filter", request->filter);
    result_int(result, "n_frame", match->n_frame);
}

void give_wanted(struct result *result, const struct match_request *request)
{
    give_like_and_choice(result, request,
                         request->like_script ? MATCH_CELL_SCRIPT
                         : request->affine    ? MATCH_CELL_AFFINE
                                              : MATCH_CELL_EQUAL);
    result_bool(result, "align", request->align);
}

isd_status check_can_quench(struct session *session, const struct structure *structure, isd_error *err)
{
    if (!structure->is || session_frames_are_is(session) || system_has_potential(session_system(session)))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "inherent structures need a system, and none is set");
    isd_error_hint(err, "system ka3d    (or pair_style and pair_coeff lines; of=raw takes the frames as they are)");
    return ISD_DATA;
}

isd_status check_has_potential(struct session *session, isd_error *err)
{
    if (system_has_potential(session_system(session)))
        return ISD_OK;
    isd_error_set(err, ISD_DATA, "no potential is set");
    isd_error_hint(err, "system ka3d    (or pair_style and pair_coeff lines)");
    return ISD_DATA;
}

void pair_name(const struct session *session, int a, int b, char *out, size_t size)
{
    if (session_type_has_label(session, a) && session_type_has_label(session, b))
        snprintf(out, size, "%s-%s", session_type_label(session, a), session_type_label(session, b));
    else
        snprintf(out, size, "%d-%d", a, b);
}

struct result *counts_object(const int32_t *count, int32_t longest, int32_t from)
{
    struct result *object = result_new(NULL, RESULT_RECORD);
    for (int32_t length = from; length <= longest; length++)
        if (count[length] > 0) {
            char name[16];
            snprintf(name, sizeof name, "%d", (int)length);
            result_int(object, name, count[length]);
        }
    return object;
}

enum ask give(const struct command_sink *sink, struct result *result, isd_error *err)
{
    if (result_failed(result)) {
        result_free(result);
        isd_error_memory(err);
        return ASK_FAILED;
    }
    sink->result(sink->arg, result);
    return ASK_READY;
}
