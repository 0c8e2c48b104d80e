/* Forward auction and augmenting row reduction (Bertsekas 1988; Jonker & Volgenant 1987). SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>

/* The two best columns of a row. second <= the least cost - v of all columns but `column`. */
struct offer {
    int32_t column, column_2; /* column_2: -1 if `second` is only a bound */
    double first, second, cost, cost_2;
};

static struct offer best_two(const struct solve *s, int32_t row)
{
    const struct edge_list *list = &s->list[row];
    const int32_t *column = s->edge_column + list->begin;
    const double *cost = s->edge_cost + list->begin, *v = s->columns.w;
    struct offer o = {-1, -1, INFINITY, INFINITY, 0, 0};
    for (int32_t e = 0; e < list->count; e++) {
        double value = cost[e] - v[column[e]];
        if (value < o.first) {
            o.second = o.first;
            o.column_2 = o.column;
            o.cost_2 = o.cost;
            o.first = value;
            o.column = column[e];
            o.cost = cost[e];
        } else if (value < o.second) {
            o.second = value;
            o.column_2 = column[e];
            o.cost_2 = cost[e];
        }
    }
    return o;
}

/* The end of the list stands in for the second best where the bid is still worth making. */
static isd_status find_offer(struct solve *s, int32_t row, double worth, struct offer *ret_offer, isd_error *err)
{
    struct offer o = best_two(s, row);
    double beyond = s->list[row].beyond;
    if (o.second > beyond + s->trust && o.first + worth > beyond + s->trust) {
        int32_t k = s->list[row].count > SOLVE_LIST ? s->list[row].count : SOLVE_LIST;
        isd_status status = solve_list(s, row, k, err);
        if (status != ISD_OK)
            return status;
        o = best_two(s, row);
        beyond = s->list[row].beyond;
    }
    if (o.second > beyond + s->trust) {
        o.second = beyond + s->trust;
        o.column_2 = -1;
    }
    *ret_offer = o;
    return ISD_OK;
}

isd_status solve_auction(struct solve *s, double eps, double max_bids, isd_error *err)
{
    int32_t depth = 0;
    for (int32_t i = s->n - 1; i >= 0; i--)
        if (s->column_of[i] < 0)
            s->row_stack[depth++] = i;
    double bids = 0;
    while (depth > 0 && bids < max_bids) {
        int32_t row = s->row_stack[--depth];
        struct offer o;
        isd_status status = find_offer(s, row, eps, &o, err);
        if (status == ISD_OK)
            status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
        double raise = o.second < INFINITY ? o.second - o.first : 0;
        if (raise + eps <= 0 && s->row_of[o.column] >= 0) {
            /* A tie: no price would move. The other column if it is free, else left to the shortest paths. */
            if (o.column_2 < 0 || s->row_of[o.column_2] >= 0)
                continue;
            o.column = o.column_2;
            o.cost = o.cost_2;
        }
        int32_t loser = s->row_of[o.column];
        if (loser >= 0) {
            s->column_of[loser] = -1;
            s->row_stack[depth++] = loser;
        }
        solve_match(s, row, o.column, o.cost);
        s->columns.w[o.column] -= raise + eps;
        bids++;
        if (fmod(bids, s->n) == 0)
            cloud_weigh(&s->columns);
    }
    return ISD_OK;
}

isd_status solve_tighten(struct solve *s, double eps, isd_error *err)
{
    for (int32_t row = 0; row < s->n; row++) {
        if (s->column_of[row] < 0)
            continue;
        struct edge_list *list = &s->list[row];
        double mine = s->cost[row] - s->columns.w[s->column_of[row]];
        struct offer o = best_two(s, row);
        if (o.first > list->beyond + s->trust || (list->beyond + s->trust < mine - eps && o.first >= mine - eps)) {
            isd_status status = solve_list(s, row, list->count > SOLVE_LIST ? list->count : SOLVE_LIST, err);
            if (status != ISD_OK)
                return status;
            o = best_two(s, row);
        }
        if (o.first < mine - eps)
            solve_free_row(s, row);
    }
    return ISD_OK;
}
