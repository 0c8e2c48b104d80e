/* Shortest alternating paths under way: the queue, and what rows reach. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search grows trees of alternating paths from free rows. In the queue are columns, by their distance, and rows, by the least
 * distance that an edge outside their list could give: when such a row comes up its list is extended. What comes out of the queue has
 * its final distance, over all pairs.
 *
 * Where paths are long compared with the distances between columns (clusters far apart, many points on one spot) lists would grow to
 * all columns, nearly all of them reached already. So lists have a longest length: beyond it a row looks for the best columns
 * among those that are still open, the others being hidden by a weight of -INFINITY, and keeps none of them. And of rows on one
 * spot, to which all columns are the same, only the one that is reached first is gone through. */
#ifndef MATCH_SEARCH_H
#define MATCH_SEARCH_H

#include "match/solve.h"

#include <stdbool.h>

/* Of columns that have not been reached, and that came out of the queue (in tree 0, less the number of the tree in another); of
 * items passed on. */
enum { SEARCH_ABSENT = 0, SEARCH_CLOSED = -1, SEARCH_PASSED = -1 };

/* In the queue: column j as j, the end of row i's list as n + i. No closed column is in it, and of rows only roots and those that have
 * a closed column: so it holds no more items than there are columns and roots. */
struct __attribute__((packed, aligned(4))) search_item {
    double key;
    int32_t item;
};

struct search {
    int32_t n;
    int32_t n_heap, heap_room;
    struct search_item *heap; /* 4-ary */
    int32_t *place;    /* [n] by column: 1 + the one in the heap, or SEARCH_ABSENT, SEARCH_CLOSED and below */
    double *key;       /* [n] by column */
    int32_t *previous; /* [n] by column: the row it was reached from */
    int32_t *touched;  /* columns whose place must be reset, if they are few */
    int32_t *out;      /* items that came out last, all of one key, SEARCH_PASSED once they have been passed on; columns found to be
                          as near are added at once */
    int32_t n_passed, out_at; /* of n_out; the next to be looked at */
    int32_t n_touched, touched_room, n_out, out_room;
    double at;         /* their key */
    double bound;      /* nothing that is farther matters */
    bool many;         /* more columns must be reset than have been noted */
    bool failed;       /* no memory for more of them */
    bool hiding;       /* closed columns of this search are hidden */
    double *hidden;    /* [n] by column: price of a closed column that is hidden; NULL until one is */
    int32_t *spot;     /* [n] by row: the first one that lies where it does; NULL where hardly any lie together */
    int32_t *spoken;   /* [n] by spot: the last search in which a row there was gone through */
    int32_t number;    /* of this search */
    int32_t n_trees, n_goals;
    const int32_t *root; /* [n_trees] rows, rising */
    int32_t *goal;     /* [n_trees] the first free column of each that came out, or -1 */
    double *root_u;    /* [n_trees] least cost - v of the root */
};

isd_status search_init(struct search *q, struct solve *s, isd_error *err);
void search_done(struct search *q);

/* Begin with these free rows, rising, as roots; held by the caller. */
isd_status search_begin(struct solve *s, struct search *q, const int32_t *roots, int32_t n_roots, isd_error *err);

/* Whether there is anything more within the bound; then all that is nearest has come out. */
bool search_next(struct solve *s, struct search *q);

/* Reach what can be reached from an item that came out, once. */
isd_status search_pass(struct solve *s, struct search *q, int32_t item, isd_error *err);

/* The tree that an item belongs to. */
int32_t search_tree(const struct solve *s, const struct search *q, int32_t item);

/* New prices, so that all that is no farther than `radius` is reached over tight edges, and the queue emptied. */
void search_settle(struct solve *s, struct search *q, double radius);

#endif
