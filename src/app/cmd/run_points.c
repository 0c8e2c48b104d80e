/* points: what is known of every state and waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/groups.h"

static enum ask give_point(const struct session *session, const struct point *point, const struct command_sink *sink, isd_error *err)
{
    struct result *result = result_new("points", RESULT_RECORD);
    result_real(result, "T", "", point->T);
    result_real(result, "p", "", point->p);
    result_real(result, "t_w", points_time_unit(session), point->t_w);
    result_text(result, "source", point->name);
    result_int(result, "cycles", point->cycles);
    result_int(result, "pairs", point->pairs);
    for (int c = 0; c < POINT_COLUMNS; c++) {
        char name[40];
        result_real(result, point_column_name(c), "", point->value[c]);
        if (c == POINT_R0)
            continue;
        snprintf(name, sizeof name, "se_%s", point_column_name(c));
        result_real(result, name, "", point->se[c]);
    }
    return give(sink, result, err);
}

enum ask run_points(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct point_table table;
    for (int k = 0; k < call_n_words(call); k++)
        if (session_points_open(session, call_word(call, k), err) != ISD_OK)
            return ASK_FAILED;
    if (call_n_words(call) > 0)
        return ASK_READY;
    struct points_request request = points_from_call(call, true);
    enum ask answer = session_points(session, &request, &table, err);
    if (answer != ASK_READY)
        return answer;
    if (table.n == 0)
        session_message(session, "no points: open traces (trace), sets with T= and tw= (open), or a table (points FILE)");
    for (int k = 0; k < table.n && answer == ASK_READY; k++)
        answer = give_point(session, &table.point[k], sink, err);
    point_table_done(&table);
    return answer;
}
