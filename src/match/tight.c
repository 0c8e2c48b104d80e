/* Augmenting paths over tight edges alone, where optima tie. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prices stay as they are, so this is a largest matching of a graph: depth first from all free rows, each column visited
 * once in a round, a row looking for a free column among its own before it goes on (Pothen & Fan 1990). Rounds follow
 * until one finds nothing. What is not listed is not seen: the last paths are left to searches over all pairs. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 32 }; /* for so few searches are as quick */

struct visit {
    int32_t row, edge;
    double value; /* of the row's tight edges */
};

struct walk {
    struct solve *s;
    int32_t *seen;        /* [n] by column: the round in which it was visited */
    uint8_t *own;         /* [n] by row: edges before this one lead to no free column */
    struct visit *stack;
    int32_t depth, room, round;
};

static bool is_tight(const struct solve *s, const struct visit *at, const struct bid_list *edges, int32_t edge)
{
    int32_t column = bid_column(edges, edge);
    double v = s->columns.w[column];
    if (bid_cost(edges, edge) - v > at->value + solve_listed_error(edges, at->value))
        return false;
    double cost = cloud_cost(&s->rows, at->row, &s->columns, column);
    return cost - v <= at->value + SOLVE_TIE * cost;
}

static bool push(struct walk *w, int32_t row, double value)
{
    if (w->depth == w->room) {
        int32_t room = 2 * w->room + 1024;
        struct visit *stack = realloc(w->stack, (size_t)room * sizeof *stack);
        if (!stack)
            return false;
        w->stack = stack;
        w->room = room;
    }
    w->stack[w->depth++] = (struct visit){row, 0, value};
    w->s->scans++;
    return true;
}

/* A free column over a tight edge of the row, or -1. Columns that are taken stay taken, so none is looked at twice. */
static int32_t look_ahead(struct walk *w, const struct visit *at)
{
    const struct solve *s = w->s;
    const struct bid_list edges = solve_edges(s, at->row);
    for (int32_t e = w->own[at->row]; e < edges.count; e++) {
        w->own[at->row] = (uint8_t)e;
        if (s->row_of[bid_column(&edges, e)] < 0 && is_tight(s, at, &edges, e))
            return bid_column(&edges, e);
    }
    w->own[at->row] = (uint8_t)edges.count;
    return -1;
}

/* The rows on the stack each take the column over which the next was visited, the last one `column`. */
static void turn_over(struct walk *w, int32_t column)
{
    struct solve *s = w->s;
    for (int32_t k = w->depth - 1; k >= 0; k--) {
        int32_t row = w->stack[k].row, given = s->column_of[row];
        solve_match(s, row, column);
        column = given;
    }
}

/* Depth first from a free row; *ret_found: it is matched now. */
static isd_status walk_from(struct walk *w, int32_t root, double value, bool *ret_found, isd_error *err)
{
    struct solve *s = w->s;
    w->depth = 0;
    *ret_found = false;
    if (!push(w, root, value))
        return isd_error_memory(err);
    bool fresh = true;
    while (w->depth > 0) {
        struct visit *at = &w->stack[w->depth - 1];
        const struct bid_list edges = solve_edges(s, at->row);
        int32_t column = fresh ? look_ahead(w, at) : -1;
        if (column >= 0) {
            turn_over(w, column);
            *ret_found = true;
            return ISD_OK;
        }
        fresh = false;
        for (; at->edge < edges.count && !fresh; at->edge++) {
            column = bid_column(&edges, at->edge);
            if (w->seen[column] == w->round || s->row_of[column] < 0 || !is_tight(s, at, &edges, at->edge))
                continue;
            w->seen[column] = w->round;
            fresh = true;
        }
        if (!fresh) {
            w->depth--;
            continue;
        }
        int32_t row = s->row_of[column];
        if (!push(w, row, solve_cost(s, row) - s->columns.w[column]))
            return isd_error_memory(err);
        isd_status status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

static isd_status walk(struct walk *w, int32_t n_free, isd_error *err)
{
    struct solve *s = w->s;
    int32_t *root = s->row_stack;
    for (int32_t found = 1; found > 0;) {
        int32_t left = 0;
        found = 0;
        w->round++;
        for (int32_t k = 0; k < n_free; k++) {
            bool matched = false;
            double value = solve_least(s, root[k]);
            isd_status status = value <= solve_beyond(s, root[k]) ? walk_from(w, root[k], value, &matched, err) : ISD_OK;
            if (status != ISD_OK)
                return status;
            found += matched;
            if (!matched)
                root[left++] = root[k];
        }
        n_free = left;
    }
    return ISD_OK;
}

isd_status solve_tight(struct solve *s, isd_error *err)
{
    int32_t n_free = solve_count_free(s);
    if (n_free <= FEW)
        return ISD_OK;
    isd_status status = solve_open_lists(s, NULL, err);
    if (status != ISD_OK)
        return status;
    struct walk w = {.s = s, .seen = solve_shared(s)};
    w.own = (uint8_t *)(w.seen + s->n);
    memset(w.seen, 0, (size_t)s->n * (sizeof *w.seen + sizeof *w.own));
    status = walk(&w, solve_collect_free(s, s->row_stack), err);
    free(w.stack);
    return status;
}
