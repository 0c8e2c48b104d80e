/* The two best columns of a row, by its list. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>

/* Listed costs are off by at most this share. */
static const double listed_share = 0x1p-23;

void solve_offer_listed(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer)
{
    const struct edge_list *list = &s->list[row];
    if (list->count == 0) {
        *ret_offer = (struct offer){-1, INFINITY, INFINITY, 0};
        return;
    }
    const int32_t *column = s->edge_column + list_begin(list);
    const float *cost = s->edge_cost + list_begin(list);
    struct bid_offer o;
    s->offer(column, cost, s->unit, (list->count + BID_LANES - 1) / BID_LANES * BID_LANES, prices, &o);
    *ret_offer = (struct offer){column[o.edge], o.first, o.second, cost[o.edge] * s->unit};
}

double solve_listed_error(const struct solve *s, int32_t row)
{
    const struct edge_list *list = &s->list[row];
    const float *cost = s->edge_cost + list_begin(list);
    float most = 0;
    for (int32_t e = 0; e < list->count; e++)
        most = cost[e] > most ? cost[e] : most;
    return most * s->unit * listed_share + s->unit * 0x1p-149;
}

/* What is listed tells which edges may be the two best; their costs are worked out. */
void solve_offer(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer)
{
    struct offer o;
    solve_offer_listed(s, row, prices, &o);
    const struct edge_list *list = &s->list[row];
    const int32_t *column = s->edge_column + list_begin(list);
    const float *listed = s->edge_cost + list_begin(list);
    double limit = o.second + 2 * solve_listed_error(s, row), first = INFINITY, second = INFINITY;
    for (int32_t e = 0; e < list->count; e++) {
        double v = bid_price(prices, column[e]);
        if (listed[e] * s->unit - v > limit)
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, column[e]), value = cost - v;
        if (value < first) {
            second = first;
            first = value;
            o.column = column[e];
            o.cost = cost;
        } else if (value < second) {
            second = value;
        }
    }
    o.first = first;
    o.second = second;
    *ret_offer = o;
}

double solve_least(const struct solve *s, int32_t row)
{
    struct bid_prices prices = solve_prices(s);
    struct offer o;
    solve_offer(s, row, &prices, &o);
    return o.first;
}

bool solve_offer_free(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *offer)
{
    const struct edge_list *list = &s->list[row];
    double limit = offer->first + solve_listed_error(s, row);
    for (int32_t e = 0; e < list->count; e++) {
        size_t at = list_begin(list) + (size_t)e;
        int32_t column = s->edge_column[at];
        double v = bid_price(prices, column);
        if ((uint32_t)(column - prices->first) >= prices->count || s->row_of[column] >= 0 || s->edge_cost[at] * s->unit - v > limit)
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, column);
        if (cost - v <= offer->first) {
            offer->column = column;
            offer->cost = cost;
            return true;
        }
    }
    return false;
}
