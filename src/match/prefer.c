/* Among equal optima, the one with most preferred partners within reach. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <stdlib.h>

/* A row looks for its preferred column along tight edges through at most this many others. */
enum { REACH = 256, LIST_MAX = 24 };
/* Such searches together may look at so many rows for each row there is; then the rest keeps what it has. */
enum { EFFORT = 20 };

struct chain {
    int32_t row[REACH], parent[REACH]; /* row[k] loses its column to row[parent[k]] */
    int32_t count;
};

/* Lists of tight edges must be complete: extend to beyond the row's own value. */
static isd_status complete(struct solve *s, int32_t row, double value, double tol, isd_error *err)
{
    while (solve_beyond(s, row) <= value + tol && solve_count(s, row) < LIST_MAX) {
        isd_status status = solve_list_extend(s, row, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

void solve_place_prefer(struct solve *s)
{
    if (s->prefer || !s->wanted)
        return;
    s->prefer = s->shared;
    int32_t *column_at = s->row_stack;
    for (int32_t j = 0; j < s->n; j++)
        column_at[s->columns.index[j]] = j;
    for (int32_t i = 0; i < s->n; i++) {
        int32_t wanted = s->wanted[s->rows.index[i]];
        s->prefer[i] = wanted < 0 || wanted >= s->n ? -1 : column_at[wanted];
    }
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
static isd_status exchange(struct solve *s, struct chain *chain, int32_t start, isd_error *err)
{
    int32_t wanted = s->column_of[start], loser = s->row_of[s->prefer[start]];
    isd_status status = solve_open_lists(s, NULL, err);
    if (status != ISD_OK)
        return status;
    chain->count = 1;
    chain->row[0] = loser;
    for (int32_t head = 0; head < chain->count; head++) {
        int32_t row = chain->row[head];
        double now = solve_cost(s, row), value = now - s->columns.w[s->column_of[row]], tol = SOLVE_TIE * now;
        status = complete(s, row, value, tol, err);
        if (status != ISD_OK)
            return status;
        const struct bid_list edges = solve_edges(s, row);
        double error = solve_listed_error(&edges, value);
        for (int32_t e = 0; e < edges.count; e++) {
            int32_t column = bid_column(&edges, e);
            if (bid_cost(&edges, e) - s->columns.w[column] > value + tol + error)
                continue;
            if (cloud_cost(&s->rows, row, &s->columns, column) - s->columns.w[column] > value + tol)
                continue;
            if (column == wanted) {
                for (int32_t at = head; at >= 0; at = at > 0 ? chain->parent[at] : -1) {
                    int32_t give = s->column_of[chain->row[at]];
                    solve_match(s, chain->row[at], column);
                    column = give;
                }
                solve_match(s, start, s->prefer[start]);
                return ISD_OK;
            }
            int32_t holder = s->row_of[column];
            if (chain->count < REACH && holder != start && s->prefer[holder] != column && !in_chain(chain, holder)) {
                chain->row[chain->count] = holder;
                chain->parent[chain->count++] = head;
            }
        }
    }
    return ISD_OK;
}

isd_status solve_prefer(struct solve *s, isd_error *err)
{
    if (!s->wanted)
        return ISD_OK;
    struct chain *chain = malloc(sizeof *chain);
    isd_status status = ISD_OK;
    if (!chain)
        return isd_error_memory(err);
    solve_place_prefer(s);
    double effort = (double)EFFORT * s->n;
    for (int32_t row = 0; row < s->n && status == ISD_OK && effort > 0; row++) {
        int32_t column = s->prefer[row];
        if (column < 0 || s->column_of[row] == column)
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, column), now = solve_cost(s, row);
        if (cost - s->columns.w[column] <= now - s->columns.w[s->column_of[row]] + SOLVE_TIE * now) {
            status = exchange(s, chain, row, err);
            effort -= chain->count;
            s->ticks += chain->count;
        }
        if (status == ISD_OK)
            status = solve_poll(s, err);
    }
    free(chain);
    return status;
}
