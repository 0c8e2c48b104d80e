/* Shortest augmenting paths over lists that grow on demand (Jonker & Volgenant 1987; Dijkstra). SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search grows a tree of alternating paths from a free row. In the queue are columns, by their distance, and rows, by the least
 * distance that an edge outside their list could give: when such a row comes up its list is extended. The search ends at
 * the first free column that is nearer than all of them, so it is right over all pairs. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>

enum { ABSENT = -1, CLOSED = -2 };

struct search {
    int32_t n_heap;
    int32_t *heap;     /* [2n] items: column j as j, the end of row i's list as n + i; 4-ary */
    int32_t *place;    /* [2n] in the heap, ABSENT or CLOSED */
    double *key;       /* [2n] */
    int32_t *previous; /* [n] by column: the row it was reached from */
    double *edge;      /* [n] by column: cost of that edge */
    int32_t *touched;  /* [2n] items whose place must be reset */
    int32_t n_touched;
    int32_t goal;      /* nearest free column so far, or -1 */
    double goal_key;
};

static void search_done(struct search *q)
{
    free(q->heap);
    free(q->place);
    free(q->key);
    free(q->previous);
    free(q->edge);
    free(q->touched);
}

static isd_status search_init(struct search *q, int32_t n, isd_error *err)
{
    size_t m = (size_t)n;
    *q = (struct search){0};
    q->heap = malloc(2 * m * sizeof *q->heap);
    q->place = malloc(2 * m * sizeof *q->place);
    q->key = malloc(2 * m * sizeof *q->key);
    q->previous = malloc(m * sizeof *q->previous);
    q->edge = malloc(m * sizeof *q->edge);
    q->touched = malloc(2 * m * sizeof *q->touched);
    if (!q->heap || !q->place || !q->key || !q->previous || !q->edge || !q->touched) {
        search_done(q);
        return isd_error_memory(err);
    }
    for (size_t k = 0; k < 2 * m; k++)
        q->place[k] = ABSENT;
    return ISD_OK;
}

static void sift_up(struct search *q, int32_t at, int32_t item)
{
    double key = q->key[item];
    while (at > 0) {
        int32_t parent = (at - 1) / 4;
        if (q->key[q->heap[parent]] <= key)
            break;
        q->heap[at] = q->heap[parent];
        q->place[q->heap[at]] = at;
        at = parent;
    }
    q->heap[at] = item;
    q->place[item] = at;
}

static void sift_down(struct search *q, int32_t at, int32_t item)
{
    double key = q->key[item];
    for (int32_t child; (child = 4 * at + 1) < q->n_heap; at = child) {
        int32_t last = child + 4 < q->n_heap ? child + 4 : q->n_heap, least = child;
        for (int32_t k = child + 1; k < last; k++)
            if (q->key[q->heap[k]] < q->key[q->heap[least]])
                least = k;
        child = least;
        if (q->key[q->heap[child]] >= key)
            break;
        q->heap[at] = q->heap[child];
        q->place[q->heap[at]] = at;
    }
    q->heap[at] = item;
    q->place[item] = at;
}

/* Put an item in, or lower its key. */
static void heap_lower(struct search *q, int32_t item, double key)
{
    q->key[item] = key;
    if (q->place[item] >= 0) {
        sift_up(q, q->place[item], item);
        return;
    }
    if (q->place[item] == ABSENT) /* else the end of a list that has been extended */
        q->touched[q->n_touched++] = item;
    sift_up(q, q->n_heap++, item);
}

static int32_t heap_pop(struct search *q)
{
    int32_t item = q->heap[0], last = q->heap[--q->n_heap];
    if (q->n_heap > 0)
        sift_down(q, 0, last);
    q->place[item] = CLOSED;
    return item;
}

/* Relax the listed edges of a row at distance d, whose matched edge has cost - v = u. */
static void scan(struct solve *s, struct search *q, int32_t row, double d, double u)
{
    const struct edge_list *list = &s->list[row];
    const int32_t *column = s->edge_column + list->begin;
    const double *cost = s->edge_cost + list->begin, *v = s->columns.w;
    for (int32_t e = 0; e < list->count; e++) {
        int32_t j = column[e];
        if (q->place[j] == CLOSED)
            continue;
        double rise = cost[e] - v[j] - u, key = rise <= SOLVE_TIE * cost[e] ? d : d + rise;
        if (key >= q->goal_key || (q->place[j] >= 0 && q->key[j] <= key))
            continue;
        q->previous[j] = row;
        q->edge[j] = cost[e];
        if (s->row_of[j] < 0) {
            q->goal = j;
            q->goal_key = key;
        } else {
            heap_lower(q, j, key);
        }
    }
    double key = d + (list->beyond - u);
    key = key < d ? d : key;
    if (key < q->goal_key)
        heap_lower(q, s->n + row, key);
}

static double matched_value(const struct solve *s, int32_t row)
{
    return s->cost[row] - s->columns.w[s->column_of[row]];
}

static double least_value(const struct solve *s, int32_t row)
{
    const struct edge_list *list = &s->list[row];
    double least = INFINITY;
    for (int32_t e = 0; e < list->count; e++) {
        size_t at = list->begin + (size_t)e;
        least = fmin(least, s->edge_cost[at] - s->columns.w[s->edge_column[at]]);
    }
    return least;
}

static isd_status grow(struct solve *s, struct search *q, int32_t root, isd_error *err)
{
    isd_status status = ISD_OK;
    double u_root = least_value(s, root);
    if (u_root > s->list[root].beyond || s->list[root].count == 0) {
        if ((status = solve_list_extend(s, root, err)) != ISD_OK)
            return status;
        u_root = least_value(s, root);
    }
    q->goal = -1;
    q->goal_key = INFINITY;
    scan(s, q, root, 0, u_root);
    while (q->n_heap > 0 && q->key[q->heap[0]] < q->goal_key) {
        int32_t item = heap_pop(q);
        if ((status = solve_poll(s, err)) != ISD_OK)
            return status;
        if (item < s->n) {
            int32_t row = s->row_of[item];
            scan(s, q, row, q->key[item], matched_value(s, row));
            continue;
        }
        int32_t row = item - s->n;
        if ((status = solve_list_extend(s, row, err)) != ISD_OK)
            return status;
        if (row == root)
            scan(s, q, row, 0, u_root);
        else
            scan(s, q, row, q->key[s->column_of[row]], matched_value(s, row));
    }
    return ISD_OK;
}

/* New prices, the path turned over, the queue emptied. */
static void finish(struct solve *s, struct search *q, int32_t root)
{
    for (int32_t k = 0; k < q->n_touched; k++) {
        int32_t item = q->touched[k];
        if (item < s->n && q->place[item] == CLOSED && q->key[item] < q->goal_key)
            s->columns.w[item] -= q->goal_key - q->key[item];
        q->place[item] = ABSENT;
    }
    q->n_touched = q->n_heap = 0;
    for (int32_t column = q->goal, next; column >= 0; column = next) {
        int32_t row = q->previous[column];
        next = row == root ? -1 : s->column_of[row];
        solve_match(s, row, column, q->edge[column]);
    }
}

isd_status solve_augment(struct solve *s, isd_error *err)
{
    struct search q;
    isd_status status = search_init(&q, s->n, err);
    if (status != ISD_OK)
        return status;
    int32_t n_free = solve_count_free(s), left = n_free;
    for (int32_t row = 0; row < s->n && status == ISD_OK; row++) {
        if (s->column_of[row] >= 0)
            continue;
        status = grow(s, &q, row, err);
        if (status == ISD_OK && q.goal < 0)
            status = isd_error_set(err, ISD_INTERNAL, "matching: no free point was reached");
        if (status != ISD_OK)
            break;
        finish(s, &q, row);
        left--;
        progress_report(&s->progress, 1 - (double)left / n_free);
    }
    search_done(&q);
    return status;
}
