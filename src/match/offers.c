/* The two best columns of a row, by its list. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>

void solve_offer_listed(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer)
{
    const struct bid_list edges = solve_edges(s, row);
    if (edges.count == 0) {
        *ret_offer = (struct offer){-1, INFINITY, INFINITY, 0};
        return;
    }
    struct bid_offer o;
    s->offer(&edges, prices, &o);
    *ret_offer = (struct offer){bid_column(&edges, o.edge), o.first, o.second, 0};
}

/* What is listed tells which edges may be the two best; their costs are worked out. */
void solve_offer(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer)
{
    struct offer o;
    solve_offer_listed(s, row, prices, &o);
    const struct bid_list edges = solve_edges(s, row);
    double limit = o.second + 2 * solve_listed_error(&edges, o.second), first = INFINITY, second = INFINITY;
    for (int32_t e = 0; e < edges.count; e++) {
        double v = bid_price(prices, bid_column(&edges, e));
        if (bid_cost(&edges, e) - v > limit)
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, bid_column(&edges, e)), value = cost - v;
        if (value < first) {
            second = first;
            first = value;
            o.column = bid_column(&edges, e);
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
    const struct bid_list edges = solve_edges(s, row);
    double limit = offer->first + solve_listed_error(&edges, offer->first);
    for (int32_t e = 0; e < edges.count; e++) {
        int32_t column = bid_column(&edges, e);
        if ((uint32_t)(column - prices->first) >= prices->count || s->row_of[column] >= 0)
            continue;
        double v = bid_price(prices, column);
        if (bid_cost(&edges, e) - v > limit)
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
