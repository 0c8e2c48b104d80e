/* Forward auction and augmenting row reduction (Bertsekas 1988; Jonker & Volgenant 1987). SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>

/* After so many bids that follow from one free row the last loser is left free: a small share of all bids allowed in an auction, and less when
 * these are used up; in a reduction shortest paths are quicker soon. */
enum { WAR_SHARE = 40, WAR_LEAST = 1000, WAR_LITTLE = 100 };

static void offer_of(const struct solve *s, int32_t row, bool exact, struct offer *ret_offer)
{
    struct bid_prices prices = solve_prices(s);
    if (exact)
        solve_offer(s, row, &prices, ret_offer);
    else
        solve_offer_listed(s, row, &prices, ret_offer);
}

/* The end of the list stands in for the second best where the bid is still worth making. */
static isd_status find_offer(struct solve *s, int32_t row, double worth, struct offer *ret_offer, isd_error *err)
{
    bool exact = worth == 0;
    struct offer o;
    offer_of(s, row, exact, &o);
    double beyond = solve_beyond(s, row);
    if (o.second > beyond + s->trust && o.first + worth > beyond + s->trust) {
        int32_t k = solve_count(s, row) > SOLVE_LIST ? solve_count(s, row) : SOLVE_LIST;
        isd_status status = solve_list(s, row, k, err);
        if (status != ISD_OK)
            return status;
        offer_of(s, row, exact, &o);
        beyond = solve_beyond(s, row);
    }
    if (o.second > beyond + s->trust)
        o.second = beyond + s->trust;
    *ret_offer = o;
    return ISD_OK;
}

static isd_status auction(struct solve *s, double eps, double max_bids, isd_error *err)
{
    int32_t depth = 0;
    for (int32_t i = s->n - 1; i >= 0; i--)
        if (s->column_of[i] < 0)
            s->row_stack[depth++] = i;
    int64_t bids = 0, weigh = s->n;
    int32_t least_depth = depth;
    double war = 0, max_war = eps > 0 ? max_bids / WAR_SHARE + WAR_LEAST : WAR_LITTLE;
    while (depth > 0 && (eps > 0 || (double)bids < max_bids)) {
        int32_t row = s->row_stack[--depth];
        if (depth < least_depth) {
            least_depth = depth;
            war = 0;
        }
        struct offer o;
        isd_status status = find_offer(s, row, eps, &o, err);
        if (status == ISD_OK)
            status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
        double raise = o.second < INFINITY ? fmax(o.second - o.first, 0) : 0; /* ends of lists are rounded down */
        if (raise + eps <= 0 && s->row_of[o.column] >= 0) {
            /* A tie: no price would move. Another column if one is free, else left to the shortest paths. */
            struct bid_prices prices = solve_prices(s);
            if (!solve_offer_free(s, row, &prices, &o))
                continue;
        }
        int32_t loser = s->row_of[o.column];
        if (loser >= 0) {
            s->column_of[loser] = -1;
            if (++war < ((double)bids < max_bids ? max_war : WAR_LITTLE))
                s->row_stack[depth++] = loser;
        }
        solve_match(s, row, o.column);
        s->columns.w[o.column] -= raise + eps;
        s->bids++;
        if (++bids == weigh) {
            weigh += s->n;
            cloud_weigh(&s->columns);
        }
    }
    return ISD_OK;
}

isd_status solve_auction(struct solve *s, double eps, double max_bids, isd_error *err)
{
    struct stretch stretch = solve_begin(s, eps > 0 ? "auction" : "reduction");
    isd_status status = solve_count_free(s) > 0 ? solve_open_lists(s, NULL, err) : ISD_OK;
    if (status == ISD_OK)
        status = auction(s, eps, max_bids, err);
    solve_end(s, &stretch);
    return status;
}
