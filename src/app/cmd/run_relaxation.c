/* relaxation: moduli, delta and D_min over temperature and t_w. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/groups.h"

/* The columns of a map, in the order of the words of the call. */
struct chosen {
    enum point_column column[4];
    int n;
    bool distances;
};

static struct chosen columns_from_call(const struct command_call *call)
{
    static const enum point_column all[] = {POINT_G1, POINT_G2, POINT_DELTA, POINT_D_MIN};
    struct chosen chosen = {.n = 0};
    for (int k = 0; k < 4; k++) {
        bool named = call_n_words(call) == 0;
        for (int w = 0; w < call_n_words(call); w++)
            named = named || strcmp(call_word(call, w), point_column_name(all[k])) == 0;
        if (!named)
            continue;
        chosen.column[chosen.n++] = all[k];
        chosen.distances = chosen.distances || all[k] == POINT_D_MIN;
    }
    return chosen;
}

static bool is_on_map(const struct point *point, double p, const struct chosen *chosen)
{
    bool any = false;
    for (int c = 0; c < chosen->n; c++)
        any = any || !isnan(point->value[chosen->column[c]]);
    return any && isfinite(point->T) && point->t_w > 0 && same_or_unknown(point->p, p);
}

/* One row a state and t_w that is known: nothing in between. */
static enum ask give_map(const struct session *session, const struct point_table *table, double p, const struct chosen *chosen,
                         const struct command_sink *sink, isd_error *err)
{
    size_t n = 0;
    double *number = malloc(((size_t)table->n + 1) * sizeof *number);
    if (!number) {
        isd_error_memory(err);
        return ASK_FAILED;
    }
    struct result *result = result_new("relaxation", RESULT_ROWS);
    result_fold(result, 3);
    result_real(result, "p", "", p);
    for (int part = 0; part < 2 + 2 * chosen->n; part++) {
        enum point_column column = chosen->column[part < 2 ? 0 : (part - 2) / 2];
        char name[40];
        n = 0;
        for (int k = 0; k < table->n; k++) {
            const struct point *point = &table->point[k];
            if (is_on_map(point, p, chosen))
                number[n++] = part == 0 ? point->T : part == 1 ? point->t_w : part % 2 == 0 ? point->value[column] : point->se[column];
        }
        snprintf(name, sizeof name, "%s%s", part % 2 == 0 ? "" : "se_", point_column_name(column));
        result_reals(result, part == 0 ? "T" : part == 1 ? "t_w" : name, part == 1 ? points_time_unit(session) : "", number, n);
    }
    free(number);
    if (chosen->distances && (!table->certified || table->unconverged > 0))
        result_mark(result, "relaxation: %s", table->certified ? "structures did not converge" : "a matching is not certified");
    return give(sink, result, err);
}

enum ask run_relaxation(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct chosen chosen = columns_from_call(call);
    struct points_request request = points_from_call(call, chosen.distances);
    struct point_table table = {0};
    struct state_list pressures = {0};
    enum ask answer = session_points(session, &request, &table, err);
    if (answer == ASK_READY && state_list_init(&pressures, table.n, err) != ISD_OK)
        answer = ASK_FAILED;
    for (int k = 0; k < table.n && answer == ASK_READY; k++)
        if (is_on_map(&table.point[k], table.point[k].p, &chosen))
            state_list_find(&pressures, NAN, table.point[k].p);
    if (answer == ASK_READY && pressures.n == 0) {
        isd_error_set(err, ISD_DATA, "no points with a temperature and t_w");
        isd_error_hint(err, "points    lists what there is; T= and tw= say them where names do not");
        answer = ASK_FAILED;
    }
    for (int k = 0; k < pressures.n && answer == ASK_READY; k++)
        answer = give_map(session, &table, pressures.p[k], &chosen, sink, err);
    state_list_done(&pressures);
    point_table_done(&table);
    return answer;
}
