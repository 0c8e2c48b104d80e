/* What several commands share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/common.h"

#include <stdio.h>
#include <string.h>

bool call_wants_is(const struct command_call *call)
{
    const char *of = call_option(call, "of");
    return !of || strcmp(of, "is") == 0;
}

void request_from_call(struct session *session, const struct command_call *call, int32_t a, int32_t b,
                       struct match_request *ret_request)
{
    *ret_request = (struct match_request){.a = a, .b = b};
    structure_defaults(session, call_wants_is(call), &ret_request->structure);
    ret_request->blind = call_has(call, "species") && call_is(call, "species", "blind");
    ret_request->order_is_id = call_has(call, "ids") && call_is(call, "ids", "order");
    ret_request->drift_remove = call_has(call, "drift") && call_is(call, "drift", "remove");
}

isd_status check_can_quench(struct session *session, const struct structure *structure, isd_error *err)
{
    if (!structure->is || session_frames_are_is(session) || system_has_potential(session_system(session)))
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "inherent structures need a system, and none is set");
    isd_error_hint(err, "system ka3d    (or pair_style and pair_coeff lines; of=raw takes the frames as they are)");
    return ISD_USAGE;
}

isd_status check_has_potential(struct session *session, isd_error *err)
{
    if (system_has_potential(session_system(session)))
        return ISD_OK;
    isd_error_set(err, ISD_USAGE, "no potential is set");
    isd_error_hint(err, "system ka3d    (or pair_style and pair_coeff lines)");
    return ISD_USAGE;
}

double pressure_unit(const struct session *session)
{
    return strcmp(session_units(session), "metal") == 0 ? 1.6021765e6 : 1.0;
}

void pair_name(const struct session *session, int a, int b, char *out, size_t size)
{
    if (session_type_has_label(session, a) && session_type_has_label(session, b))
        snprintf(out, size, "%s-%s", session_type_label(session, a), session_type_label(session, b));
    else
        snprintf(out, size, "%d-%d", a, b);
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
