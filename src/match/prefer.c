/* Among equal optima, the one with most preferred partners within reach. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <stdlib.h>

/* A row looks for its preferred column along tight edges through at most this many others. */
enum { REACH = 256, LIST_MAX = 24 };
/* Such searches together may look at so many rows for each row there is; then the rest keeps what it has. */
enum { EFFORT = 20 };

struct chain {
    int32_t row[REACH], parent[REACH]; /* row[k] loses its column to row[parent[k]], at cost[k] */
    double cost[REACH];
    int32_t count;
};

/* Lists of tight edges must be complete: extend to beyond the row's own value. */
static isd_status complete(struct solve *s, int32_t row, double value, double tol, isd_error *err)
{
    while (s->list[row].beyond <= value + tol && s->list[row].count < LIST_MAX) {
        isd_status status = solve_list_extend(s, row, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

static bool in_chain(const struct chain *chain, int32_t row)
{
    for (int32_t k = 0; k < chain->count; k++)
        if (chain->row[k] == row)
            return true;
    return false;
}

/* Row `start` takes its preferred column; its old one must come to the row that loses it, over tight edges. Breadth
 * first from the loser; rows that have what they prefer are left alone. */
static isd_status exchange(struct solve *s, struct chain *chain, int32_t start, double start_cost, isd_error *err)
{
    int32_t wanted = s->column_of[start], loser = s->row_of[s->prefer[start]];
    chain->count = 1;
    chain->row[0] = loser;
    for (int32_t head = 0; head < chain->count; head++) {
        int32_t row = chain->row[head];
        double v = s->columns.w[s->column_of[row]], value = s->cost[row] - v, tol = SOLVE_TIE * s->cost[row];
        isd_status status = complete(s, row, value, tol, err);
        if (status != ISD_OK)
            return status;
        const struct edge_list *list = &s->list[row];
        double error = solve_listed_error(s, row);
        for (int32_t e = 0; e < list->count; e++) {
            int32_t column = s->edge_column[list_begin(list) + (size_t)e];
            if (s->edge_cost[list_begin(list) + (size_t)e] * s->unit - s->columns.w[column] > value + tol + error)
                continue;
            double cost = cloud_cost(&s->rows, row, &s->columns, column);
            if (cost - s->columns.w[column] > value + tol)
                continue;
            if (column == wanted) {
                int32_t at = head;
                for (double carry = cost; at >= 0;) {
                    int32_t give = s->column_of[chain->row[at]];
                    solve_match(s, chain->row[at], column, carry);
                    column = give;
                    carry = at > 0 ? chain->cost[at] : 0;
                    at = at > 0 ? chain->parent[at] : -1;
                }
                solve_match(s, start, s->prefer[start], start_cost);
                return ISD_OK;
            }
            int32_t holder = s->row_of[column];
            if (chain->count < REACH && holder != start && s->prefer[holder] != column && !in_chain(chain, holder)) {
                chain->row[chain->count] = holder;
                chain->parent[chain->count] = head;
                chain->cost[chain->count++] = cost;
            }
        }
    }
    return ISD_OK;
}

isd_status solve_prefer(struct solve *s, isd_error *err)
{
    if (!s->prefer)
        return ISD_OK;
    struct chain *chain = malloc(sizeof *chain);
    if (!chain)
        return isd_error_memory(err);
    isd_status status = ISD_OK;
    double effort = (double)EFFORT * s->n;
    for (int32_t row = 0; row < s->n && status == ISD_OK && effort > 0; row++) {
        int32_t column = s->prefer[row];
        if (column < 0 || s->column_of[row] == column)
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, column);
        double v = s->columns.w[s->column_of[row]], value = s->cost[row] - v;
        if (cost - s->columns.w[column] <= value + SOLVE_TIE * s->cost[row]) {
            status = exchange(s, chain, row, cost, err);
            effort -= chain->count;
            s->ticks += chain->count;
        }
        if (status == ISD_OK)
            status = solve_poll(s, err);
    }
    free(chain);
    return status;
}
