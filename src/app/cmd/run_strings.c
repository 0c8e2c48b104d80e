/* strings: who moved into whose place, beside the cycles of the matching. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "match/strings.h"

static void add_cycles(struct result *result, const struct match *m, const struct cycle_stats *stats)
{
    struct result *cycles = result_new(NULL, RESULT_RECORD);
    result_object(cycles, "lengths", counts_object(stats->length_count, stats->longest, 2));
    result_int(cycles, "count", m->n_cycles);
    result_int(cycles, "longest", m->longest);
    result_object(result, "cycles", cycles);
}

static enum ask give_strings(struct session *session, const struct match_request *request, const struct match *m, int unconverged,
                             const struct strings *strings, const struct cycle_stats *stats, const struct command_sink *sink,
                             isd_error *err)
{
    const char *unit = session_length_unit(session);
    struct result *result = result_new("strings", RESULT_RECORD);
    give_pair(session, result, request);
    give_chosen(result, request, m);
    result_real(result, "delta", unit, strings->delta);
    result_real(result, "u_min", unit, strings->u_min);
    result_int(result, "mobile", strings->mobile);
    result_int(result, "count", strings->n_strings);
    result_object(result, "lengths", counts_object(strings->count, strings->longest, 1));
    result_real(result, "mean", "", strings->mean);
    result_int(result, "longest", strings->longest);
    result_int(result, "on_cycles", strings->on_cycles);
    add_cycles(result, m, stats);
    result_int(result, "unconverged", unconverged);
    if (!m->certified || unconverged > 0)
        result_mark(result, "strings %d:%d: %s", (int)request->a, (int)request->b,
                    m->certified ? "a structure did not converge" : "the matching is not certified");
    return give(sink, result, err);
}

enum ask run_strings(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct match_request request;
    int32_t a = 0, b = 0;
    if (call_pair(session, call_word(call, 0), &a, &b, err) != ISD_OK)
        return ASK_FAILED;
    request_from_call(session, call, a, b, &request);
    if (readings_from_call(session, call, &request, err) != ISD_OK || check_can_quench(session, &request.structure, err) != ISD_OK)
        return ASK_FAILED;
    /* type= is that of the mobile atoms: all atoms are matched. */
    struct string_options options = {.type = request.type,
                                     .share = call_real(call, "share", 0.05),
                                     .u_min = call_real(call, "u", 0),
                                     .delta = call_real(call, "delta", 0)};
    request.type = 0;
    if (call_has(call, "share") && call_has(call, "u")) {
        isd_error_set(err, ISD_USAGE, "share= and u= are two ways to say which atoms are mobile: one of them is expected");
        isd_error_hint(err, "strings %d:%d share=0.05", (int)a, (int)b);
        return ASK_FAILED;
    }
    const struct match *m = NULL;
    int unconverged = 0;
    enum ask known = session_match(session, &request, ASK_BATCH, &m, &unconverged, err);
    if (known != ASK_READY)
        return known;
    struct strings strings = {0};
    struct cycle_stats stats = {0};
    if (strings_find(m, &options, NULL, &strings, err) != ISD_OK) {
        isd_error_hint(err, "strings %d:%d ids=order    if the order in the file is the identity", (int)a, (int)b);
        return ASK_FAILED;
    }
    enum ask answer = ASK_FAILED;
    if (cycle_stats(m->partner, NULL, m->n, -1, &stats, err) == ISD_OK)
        answer = give_strings(session, &request, m, unconverged, &strings, &stats, sink, err);
    cycle_stats_done(&stats);
    strings_done(&strings);
    return answer;
}
