/* points: what is known of every state and waiting time. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/groups.h"

/* Numbers of all points, one a row. */
struct point_numbers {
    double *real;
    int64_t *cycles, *pairs;
    const char **source;
};

static void numbers_done(struct point_numbers *numbers)
{
    free(numbers->real);
    free(numbers->cycles);
    free(numbers->source);
}

static isd_status numbers_init(struct point_numbers *numbers, const struct point_table *table, isd_error *err)
{
    size_t n = (size_t)table->n;
    *numbers = (struct point_numbers){malloc(n * sizeof *numbers->real), malloc(2 * n * sizeof *numbers->cycles), NULL,
                                      malloc(n * sizeof *numbers->source)};
    if (!numbers->real || !numbers->cycles || !numbers->source) {
        numbers_done(numbers);
        return isd_error_memory(err);
    }
    numbers->pairs = numbers->cycles + n;
    for (size_t k = 0; k < n; k++) {
        numbers->cycles[k] = table->point[k].cycles;
        numbers->pairs[k] = table->point[k].pairs;
        numbers->source[k] = table->point[k].name;
    }
    return ISD_OK;
}

static void add_reals(struct result *result, const char *name, const char *unit, const struct point_table *table, size_t member, double *scratch)
{
    for (int k = 0; k < table->n; k++)
        memcpy(&scratch[k], (const char *)&table->point[k] + member, sizeof *scratch);
    result_reals(result, name, unit, scratch, (size_t)table->n);
}

static enum ask give_points(const struct session *session, const struct point_table *table, const struct command_sink *sink, isd_error *err)
{
    struct point_numbers numbers;
    if (numbers_init(&numbers, table, err) != ISD_OK)
        return ASK_FAILED;
    struct result *result = result_new("points", RESULT_ROWS);
    result_fold(result, 3);
    add_reals(result, "T", "", table, offsetof(struct point, T), numbers.real);
    add_reals(result, "p", "", table, offsetof(struct point, p), numbers.real);
    add_reals(result, "t_w", points_time_unit(session), table, offsetof(struct point, t_w), numbers.real);
    result_texts(result, "source", numbers.source, (size_t)table->n);
    result_ints(result, "cycles", numbers.cycles, (size_t)table->n);
    result_ints(result, "pairs", numbers.pairs, (size_t)table->n);
    for (int c = 0; c < POINT_COLUMNS; c++) {
        char name[40];
        add_reals(result, point_column_name(c), "", table, offsetof(struct point, value) + (size_t)c * sizeof(double), numbers.real);
        snprintf(name, sizeof name, "se_%s", point_column_name(c));
        if (c != POINT_R0)
            add_reals(result, name, "", table, offsetof(struct point, se) + (size_t)c * sizeof(double), numbers.real);
    }
    if (!table->certified || table->unconverged > 0)
        result_mark(result, "points: %s", table->certified ? "structures did not converge" : "a matching is not certified");
    numbers_done(&numbers);
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
    else
        answer = give_points(session, &table, sink, err);
    point_table_done(&table);
    return answer;
}
