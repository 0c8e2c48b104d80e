/* The state of one assignment being solved, and the steps that work on it. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows are the points of a, columns those of b, both numbered in tree order. The prices v of the columns are the weights of their
 * cloud and, once there are lists, only ever fall. Each row keeps a list of candidate edges and a bound: no column outside the list has
 * cost - v below `beyond`. As v falls that stays true, so lists are never wrong, only short, and are made longer where a step
 * would need what lies beyond. Hence optima are over all pairs, whatever the length of the lists. What is listed is the cost to sixteen
 * bits of the range of its list, good for bids with eps > 0; where the optimum is decided the cost itself is worked out.
 *
 * Steps: lists.c (lists, and matched edges made tight), edges.c (how they are kept), offers.c (the two best of a list), auction.c and blocks.c (auctions,
 * one after the other or in blocks), falling.c (which follow on which), tight.c (paths over tight edges), augment.c and
 * search.c (shortest paths), start.c and poisson.c (prices to start with), prefer.c (ties); assign.c says in which order.
 * What is worked on side by side is cut in a way that does not depend on the number of threads, and no part reads what
 * another writes.
 *
 * Bytes a point beyond the positions, which the caller holds, less than 150 together (tests/prop/t_match_memory.c):
 *   44  columns: positions in tree order 24, prices 8, nodes 8, the caller's numbers 4
 *    4  rows: the caller's numbers
 *    8  partners, by row and by column
 *   64  lists: eleven edges of five bytes, a cost and a column; how many there are, what lies beyond, base and unit of the costs
 *   16  `shared`: in auctions prices seen, rows that wait, and a stack, 12; in searches distances, places in the queue and rows before, 16
 *   12  at most: the queue of a search that goes through all (search.h); else little
 * Before there are lists, prices from densities take a grid of at most 64 (poisson.c). After them the answer takes 20. Where clusters are far
 * apart longer lists, hidden prices and what comes out of the queue at once may take 16 more. */
#ifndef MATCH_SOLVE_H
#define MATCH_SOLVE_H

#include "isdmin/match.h"
#include "match/bid.h"
#include "match/cloud.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* Which share of a longer computation a step reports, and where it notes what it took. */
struct progress {
    isd_control *control;
    double from, to;
    isd_assign_report *report; /* or NULL */
};
void progress_report(const struct progress *progress, double fraction);

/* Length that lists have at first, about and at least, and at most. */
enum { SOLVE_LIST = 11, SOLVE_LIST_LEAST = 6, SOLVE_LIST_MOST = 240 };

/* Rooms for edges, in bytes: of a row, and one of those that a longer list has elsewhere, with columns of three bytes or (wide) four;
 * how many edges they hold. */
enum { SOLVE_ROOM = 64, SOLVE_ROOM_WIDE = 76, SOLVE_OWN = 11, SOLVE_GROUP = 12 };

/* The lowest byte is the exponent less SOLVE_EXPONENT_LEAST, the others are those of the base. */
union edge_scale {
    uint32_t bits;
    float base;
};
enum { SOLVE_EXPONENT_LEAST = -128 };

/* The end of the room of a row. Edge k costs base + cost[k] * 2^exponent, in units. */
struct edge_head {
    uint8_t edge[3]; /* the last bytes of the edges: uint16_t costs, then columns (bid.h) */
    uint8_t count;   /* above SOLVE_OWN: the edges are elsewhere, and the room begins with the number of their group */
    float beyond;    /* in units, rounded down; -INFINITY: nothing known */
    union edge_scale scale;
};

struct solve {
    const struct frame *frame;
    struct progress progress;
    int32_t n;
    struct cloud rows, columns;
    int32_t *column_of; /* by row, negative for a free row */
    int32_t *row_of;    /* by column, -1 for a free one */
    const int32_t *wanted; /* preferred partners in the caller's order, or NULL */
    int32_t *prefer;       /* by row: a column, or -1; in `shared`, NULL while that is used otherwise or if no row has one */
    bid_offer_fn *offer;
    int32_t room;    /* SOLVE_ROOM, or SOLVE_ROOM_WIDE */
    uint8_t *lists;  /* [n] rooms of the rows; NULL: closed */
    uint8_t *groups; /* [groups_size] rooms elsewhere, n_groups of them taken */
    double unit;     /* a power of two */
    int32_t n_groups, groups_size;
    double edges_made, bids, scans;
    double trust; /* auctions take it that columns outside the lists are no better than beyond + trust */
    struct cloud_hit *hits; /* room for hits_size */
    int32_t hits_size;
    void *shared;       /* [SOLVE_SHARED n] bytes, for one step at a time */
    int32_t *row_stack; /* [n] scratch: the last quarter of `shared` */
    int64_t ticks;      /* since the last poll for cancel */
};

/* 2^exponent, of what is a number in a double. */
static inline double solve_power(int exponent)
{
    const union {
        uint64_t bits;
        double value;
    } power = {(uint64_t)(1023 + exponent) << 52};
    return power.value;
}

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

/* Empty lists for all rows if there are none yet, from [n] bounds on what is not listed or (NULL) none. Whatever reads lists must know
 * that they are open. */
isd_status solve_open_lists(struct solve *s, const double *beyond, isd_error *err);
void solve_close_lists(struct solve *s);
/* Open, and all empty. */
isd_status solve_clear_lists(struct solve *s, isd_error *err);
/* Hits as the list of a row, no column left out having less than `beyond`; the best of them, where there is no room for all. */
void solve_list_fill(struct solve *s, int32_t row, struct cloud_hit *hits, int32_t count, double beyond);
/* Room elsewhere for more than SOLVE_OWN edges of a row; solve_list_fill must follow. */
isd_status solve_list_move(struct solve *s, int32_t row, int32_t count, isd_error *err);

static inline uint8_t *solve_room(const struct solve *s, int32_t row)
{
    return s->lists + (size_t)row * (size_t)s->room;
}
static inline struct edge_head *solve_head(const struct solve *s, int32_t row)
{
    return (struct edge_head *)(void *)(solve_room(s, row) + s->room) - 1;
}
static inline int32_t solve_count(const struct solve *s, int32_t row)
{
    return solve_head(s, row)->count;
}
static inline double solve_beyond(const struct solve *s, int32_t row)
{
    return solve_head(s, row)->beyond * s->unit;
}
/* Rooms that so many edges take elsewhere. */
static inline int32_t solve_groups(int32_t count)
{
    return (count + SOLVE_GROUP - 1) / SOLVE_GROUP;
}
/* How many edges the list of a row may have where it is. */
static inline int32_t solve_list_room(const struct solve *s, int32_t row)
{
    const int32_t count = solve_count(s, row);
    return count <= SOLVE_OWN ? SOLVE_OWN : solve_groups(count) * SOLVE_GROUP;
}
/* Where that is. */
static inline uint8_t *solve_edges_at(const struct solve *s, int32_t row)
{
    uint8_t *room = solve_room(s, row);
    int32_t group;
    if (solve_count(s, row) <= SOLVE_OWN)
        return room;
    memcpy(&group, room, sizeof group);
    return s->groups + (size_t)group * (size_t)s->room;
}
/* What is listed of a row. */
static inline struct bid_list solve_edges(const struct solve *s, int32_t row)
{
    const uint8_t *at = solve_edges_at(s, row);
    const union edge_scale scale = solve_head(s, row)->scale, base = {.bits = scale.bits & ~(uint32_t)UINT8_MAX};
    return (struct bid_list){.column = at + sizeof(uint16_t) * (size_t)solve_list_room(s, row),
                             .cost = (const uint16_t *)(const void *)at,
                             .count = solve_count(s, row),
                             .wide = s->room > SOLVE_ROOM,
                             .base = base.base * s->unit,
                             .unit = solve_power((int)(scale.bits & UINT8_MAX) + SOLVE_EXPONENT_LEAST) * s->unit};
}
/* How far listed cost - v that are about `value` may be off. */
static inline double solve_listed_error(const struct bid_list *edges, double value)
{
    return edges->unit * 0.50001 + 0x1p-50 * (edges->base + 0x1p16 * edges->unit + fabs(value));
}
/* Preferred partners in tree order into prefer, if they are not there; numbers out of range mean none. row_stack is used up. */
void solve_place_prefer(struct solve *s);

/* The room that steps share, taken from whoever had it. Large arrays made and freed one after the other would leave holes in memory. */
enum { SOLVE_SHARED = 16 };
static inline void *solve_shared(struct solve *s)
{
    s->prefer = NULL;
    return s->shared;
}

/* Of the matched edge of a row. */
static inline double solve_cost(const struct solve *s, int32_t row)
{
    return cloud_cost(&s->rows, row, &s->columns, s->column_of[row]);
}

void solve_match(struct solve *s, int32_t row, int32_t column);
int32_t solve_count_free(const struct solve *s);
/* Free rows, in their order, into `ret_rows`, which has room for them; returns how many. */
int32_t solve_collect_free(const struct solve *s, int32_t *ret_rows);

/* The two best columns of a row, in its list; -1 where there are none. */
struct offer {
    int32_t column;
    double first, second;
    double cost; /* of the first, where it is worked out to the last bit */
};
/* By the rounded costs of the list. */
void solve_offer_listed(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer);
static inline struct bid_prices solve_prices(const struct solve *s)
{
    return (struct bid_prices){.own = s->columns.w, .count = (uint32_t)s->n};
}
/* To the last bit. */
void solve_offer(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *ret_offer);
/* The least cost - v in the list of a row, at present prices and to the last bit; INFINITY if nothing is listed. */
double solve_least(const struct solve *s, int32_t row);
/* For a row whose offer is `offer`, a free column among those that `prices` calls own which is as good as its best. */
bool solve_offer_free(const struct solve *s, int32_t row, const struct bid_prices *prices, struct offer *offer);

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
