/* The state of one assignment being solved, and the steps that work on it. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are the points of a, columns those of b, both numbered in tree order. The prices v of the columns are the weights of their
 * cloud and, once there are lists, only ever fall. Each row keeps a list of candidate edges and a bound: no column outside the list has
 * cost - v below `beyond`. As v falls that stays true, so lists are never wrong, only short, and are made longer where a step
 * would need what lies beyond. Hence optima are over all pairs, whatever the length of the lists. What is listed is the cost rounded to a
 * float, good for bids with eps > 0; where the optimum is decided the cost itself is worked out.
 *
 * Steps: lists.c (lists, and matched edges made tight), offers.c (the two best of a list), auction.c and blocks.c (auctions,
 * one after the other or in blocks), falling.c (which follow on which), tight.c (paths over tight edges), augment.c and
 * search.c (shortest paths), start.c and poisson.c (prices to start with), prefer.c (ties); assign.c says in which order.
 * What is worked on side by side is cut in a way that does not depend on the number of threads, and no part reads what
 * another writes. */
#ifndef MATCH_SOLVE_H
#define MATCH_SOLVE_H

#include "isdmin/match.h"
#include "match/bid.h"
#include "match/cloud.h"

#include <stddef.h>

/* Which share of a longer computation a step reports, and where it notes what it took. */
struct progress {
    isd_control *control;
    double from, to;
    isd_assign_report *report; /* or NULL */
};
void progress_report(const struct progress *progress, double fraction);

struct edge_list {
    double beyond; /* -INFINITY: nothing known */
    int32_t count;
    int32_t place; /* of the first edge, in groups of SOLVE_GROUP */
};

/* Length that lists have at first, about and at least; rooms for edges come in groups, the first of which belong to the rows. */
enum { SOLVE_LIST = 12, SOLVE_LIST_LEAST = 6, SOLVE_GROUP = 16 };

static inline size_t list_begin(const struct edge_list *list)
{
    return (size_t)list->place * SOLVE_GROUP;
}

struct solve {
    const struct frame *frame;
    struct progress progress;
    int32_t n;
    struct cloud rows, columns;
    int32_t *column_of; /* by row, -1 for a free row */
    int32_t *row_of;    /* by column */
    double *cost;       /* by row: of its matched edge */
    int32_t *prefer;    /* by row: a column, or -1; NULL if no row has one */
    struct edge_list *list;
    bid_offer_fn *offer;
    int32_t *edge_column;
    float *edge_cost; /* rounded, in units: for bids, and to tell which edges to work out */
    double unit;      /* a power of two */
    int32_t n_groups, groups_size;
    double edges_made, bids, scans;
    double trust; /* auctions take it that columns outside the lists are no better than beyond + trust */
    struct cloud_hit *hits; /* room for hits_size */
    int32_t hits_size;
    int32_t *row_stack; /* [n] scratch */
    int64_t ticks;      /* since the last poll for cancel */
};

/* Costs that differ by less than this share count as equal where preferred partners and ties are concerned. It is
 * below the rounding that a certificate allows for. */
#define SOLVE_TIE 1e-13

/* A phase being measured. */
struct stretch {
    const char *name;
    double cpu, rows, bids, scans, edges;
};
struct stretch solve_begin(const struct solve *s, const char *name);
void solve_end(const struct solve *s, const struct stretch *stretch);

/* Polls the cancel flag now and then; call it for each small piece of work. */
isd_status solve_poll(struct solve *s, isd_error *err);

/* Lists of all rows afresh at present prices. Allows cloud_weigh to be left out before. */
isd_status solve_lists(struct solve *s, isd_error *err);
/* Make the list of a row afresh with the k best columns at present prices. */
isd_status solve_list(struct solve *s, int32_t row, int32_t k, isd_error *err);
/* Make a list reach further than it does: afresh if prices have moved, else longer. */
isd_status solve_list_extend(struct solve *s, int32_t row, isd_error *err);

void solve_match(struct solve *s, int32_t row, int32_t column, double cost);
void solve_free_row(struct solve *s, int32_t row);
int32_t solve_count_free(const struct solve *s);
/* Free rows into row_stack, in their order; returns how many. */
int32_t solve_collect_free(struct solve *s);

/* The two best columns of a row, in its list. */
struct offer {
    int32_t column;
    double first, second, cost;
};
/* By the rounded costs of the list. */
void solve_offer_listed(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer);
static inline struct bid_prices solve_prices(const struct solve *s)
{
    return (struct bid_prices){.own = s->columns.w, .other = s->columns.w, .count = (uint32_t)s->n};
}
/* To the last bit. */
void solve_offer(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer);
/* The least cost - v in the list of a row, at present prices and to the last bit; INFINITY if nothing is listed. */
double solve_least(const struct solve *s, int32_t row);
/* For a row whose offer is `offer`, a free column among those that `prices` calls own which is as good as its best. */
bool solve_offer_free(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *offer);
/* How far costs in the list of a row may be off. */
double solve_listed_error(const struct solve *s, int32_t row);

/* Forward auction: free rows bid, each raising the price of its best column (lowering v) to where its second best costs eps
 * less. With eps = 0 that is augmenting row reduction, which keeps all matched edges tight and may leave rows free. What
 * begins after max_bids is cut short. */
isd_status solve_auction(struct solve *s, double eps, double max_bids, isd_error *err);
/* Most of an auction, or of a reduction with eps = 0, where there are many rows; others stay free. */
isd_status solve_blocks(struct solve *s, double eps, isd_error *err);
/* Free every row whose edge is worse than its best by more than eps. */
isd_status solve_tighten(struct solve *s, double eps, isd_error *err);

/* Auctions from prices of some kind down to tight edges; few rows stay free. */
enum solve_prices_kind {
    SOLVE_NEAR, /* most rows were near what they want */
    SOLVE_EVEN, /* from densities */
    SOLVE_COARSE /* from a coarse problem */
};
isd_status solve_auctions(struct solve *s, enum solve_prices_kind kind, isd_error *err);

/* Shortest augmenting paths from every free row, until all are matched or more than max_scans lists have been gone through. All matched
 * edges must be tight. */
isd_status solve_augment(struct solve *s, double max_scans, isd_error *err);

/* Match free rows over edges that are tight at present prices, as many as there are paths for among what is listed. */
isd_status solve_tight(struct solve *s, isd_error *err);

/* Take prices and partners from a start, in the caller's order: pairs that are tight at its prices are matched, other rows left
 * free. *ret_used: false where the start does not fit; then nothing is matched and prices are 0. */
isd_status solve_start(struct solve *s, const isd_assign_start *start, bool *ret_used, isd_error *err);

/* Prices from densities. *ret_used: false where the points are not spread evenly enough, or the lattice is none for it; then nothing has
 * changed. */
isd_status solve_poisson(struct solve *s, bool *ret_used, isd_error *err);

/* Where optima tie, exchange along tight edges towards preferred partners. */
isd_status solve_prefer(struct solve *s, isd_error *err);

#endif
