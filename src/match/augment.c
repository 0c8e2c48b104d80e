/* Shortest augmenting paths over lists that grow on demand (Jonker & Volgenant 1987; Dijkstra). SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search grows a tree of alternating paths from a free row. In the queue are columns, by their distance, and rows, by the least
 * distance that an edge outside their list could give: when such a row comes up its list is extended. The search ends at
 * the first free column that is nearer than all of them, so it is right over all pairs.
 *
 * Where paths are long compared with the distances between columns (clusters far apart, many points on one spot) lists would grow to
 * all columns, nearly all of them reached already. So lists have a longest length: beyond it a row looks for the best columns
 * among those that are still open, the others being hidden by a weight of -INFINITY, and keeps none of them. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>

enum { ABSENT = -1, CLOSED = -2 };
enum { LIST_MAX = 2 * SOLVE_LIST, OPEN_BEST = 4 };

struct search {
    int32_t n_heap;
    int32_t *heap;     /* [2n] items: column j as j, the end of row i's list as n + i; 4-ary */
    int32_t *place;    /* [2n] in the heap, ABSENT or CLOSED */
    double *key;       /* [2n] */
    int32_t *previous; /* [n] by column: the row it was reached from */
    double *edge;      /* [n] by column: cost of that edge */
    int32_t *touched;  /* [2n] items whose place must be reset */
    int32_t n_touched;
    double *hidden;    /* [n] by column: price of a closed column that is hidden; NULL until one is */
    bool hiding;       /* closed columns of this search are hidden */
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
    free(q->hidden);
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

static double column_price(const struct solve *s, const struct search *q, int32_t column)
{
    return q->hiding && q->place[column] == CLOSED ? q->hidden[column] : s->columns.w[column];
}

/* Of a row that the search has reached, through its closed column. */
static double matched_value(const struct solve *s, const struct search *q, int32_t row)
{
    return s->cost[row] - column_price(s, q, s->column_of[row]);
}

static void hide(struct solve *s, struct search *q, int32_t column)
{
    q->hidden[column] = s->columns.w[column];
    cloud_set_weight(&s->columns, column, -INFINITY);
}

/* From here on closed columns are hidden in this search. */
static isd_status start_hiding(struct solve *s, struct search *q, isd_error *err)
{
    if (q->hiding)
        return ISD_OK;
    if (!q->hidden && !(q->hidden = malloc((size_t)s->n * sizeof *q->hidden)))
        return isd_error_memory(err);
    q->hiding = true;
    for (int32_t k = 0; k < q->n_touched; k++)
        if (q->touched[k] < s->n && q->place[q->touched[k]] == CLOSED)
            hide(s, q, q->touched[k]);
    return ISD_OK;
}

/* A column at distance `key`, by an edge of the row. */
static void reach(struct solve *s, struct search *q, int32_t row, int32_t column, double cost, double key)
{
    if (key >= q->goal_key || (q->place[column] >= 0 && q->key[column] <= key))
        return;
    q->previous[column] = row;
    q->edge[column] = cost;
    if (s->row_of[column] < 0) {
        q->goal = column;
        q->goal_key = key;
    } else {
        heap_lower(q, column, key);
    }
}

/* The row has something to say again where what lies beyond could be reached; after the columns that are as far. */
static void come_back(struct solve *s, struct search *q, int32_t row, double d, double u, double beyond)
{
    double key = d + (beyond - u);
    key = nextafter(key < d ? d : key, INFINITY);
    if (key < q->goal_key)
        heap_lower(q, s->n + row, key);
}

/* Relax the listed edges of a row at distance d, whose matched edge has cost - v = u. Costs are worked out where what is listed
 * does not tell that the edge leads nowhere. */
static void scan(struct solve *s, struct search *q, int32_t row, double d, double u)
{
    const struct edge_list *list = &s->list[row];
    const int32_t *column = s->edge_column + list_begin(list);
    const float *listed = s->edge_cost + list_begin(list);
    const double *v = s->columns.w;
    double sure = solve_listed_error(s, row);
    s->scans++;
    for (int32_t e = 0; e < list->count; e++) {
        int32_t j = column[e];
        if (q->place[j] == CLOSED)
            continue;
        double least = d + (listed[e] * s->unit - v[j] - u - sure);
        if (least >= q->goal_key || (q->place[j] >= 0 && q->key[j] <= least))
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, j), rise = cost - v[j] - u;
        reach(s, q, row, j, cost, rise <= SOLVE_TIE * cost ? d : d + rise);
    }
    come_back(s, q, row, d, u, list->beyond);
}

/* The best open columns beyond the list of a row at distance d. */
static isd_status look_beyond(struct solve *s, struct search *q, int32_t row, double d, double u, isd_error *err)
{
    struct cloud_hit hit[2 * OPEN_BEST + 2 * CLOUD_LANES];
    double beyond;
    isd_status status = start_hiding(s, q, err);
    if (status != ISD_OK)
        return status;
    int32_t count = cloud_best(&s->columns, &s->rows, row, q->goal_key - d + u, OPEN_BEST, hit, &beyond);
    s->edges_made += count;
    for (int32_t e = 0; e < count; e++) {
        double rise = hit[e].value - u;
        reach(s, q, row, hit[e].point, hit[e].cost, rise <= SOLVE_TIE * hit[e].cost ? d : d + rise);
    }
    if (count == OPEN_BEST)
        come_back(s, q, row, d, u, beyond);
    return ISD_OK;
}

static double least_value(const struct solve *s, int32_t row)
{
    struct bid_prices prices = solve_prices(s);
    struct offer o;
    solve_offer(s, row, &prices, &o);
    return o.first;
}

/* What lies behind the end of the list of a row: a longer list, or a look at what is open. */
static isd_status pass_end(struct solve *s, struct search *q, int32_t row, double d, double u, isd_error *err)
{
    if (q->hiding || s->list[row].count >= LIST_MAX)
        return look_beyond(s, q, row, d, u, err);
    isd_status status = solve_list_extend(s, row, err);
    if (status == ISD_OK)
        scan(s, q, row, d, u);
    return status;
}

static isd_status grow(struct solve *s, struct search *q, int32_t root, isd_error *err)
{
    isd_status status = ISD_OK;
    double u_root = least_value(s, root);
    if (u_root > s->list[root].beyond || s->list[root].count == 0) {
        if ((status = solve_list(s, root, s->list[root].count > SOLVE_LIST ? s->list[root].count : SOLVE_LIST, err)) != ISD_OK)
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
            if (q->hiding)
                hide(s, q, item);
            scan(s, q, row, q->key[item], matched_value(s, q, row));
            continue;
        }
        int32_t row = item - s->n;
        double d = row == root ? 0 : q->key[s->column_of[row]], u = row == root ? u_root : matched_value(s, q, row);
        if ((status = pass_end(s, q, row, d, u, err)) != ISD_OK)
            return status;
    }
    return ISD_OK;
}

/* New prices, the path turned over, the queue emptied. */
static void finish(struct solve *s, struct search *q, int32_t root)
{
    for (int32_t k = 0; k < q->n_touched; k++) {
        int32_t item = q->touched[k];
        if (item < s->n && q->place[item] == CLOSED) {
            double price = column_price(s, q, item);
            if (q->key[item] < q->goal_key)
                price -= q->goal_key - q->key[item];
            if (q->hiding)
                cloud_set_weight(&s->columns, item, price);
            else
                s->columns.w[item] = price;
        }
        q->place[item] = ABSENT;
    }
    q->hiding = false;
    q->n_touched = q->n_heap = 0;
    for (int32_t column = q->goal, next; column >= 0; column = next) {
        int32_t row = q->previous[column];
        next = row == root ? -1 : s->column_of[row];
        solve_match(s, row, column, q->edge[column]);
    }
}

static isd_status augment(struct solve *s, double max_scans, isd_error *err)
{
    struct search q;
    int32_t n_free = solve_count_free(s), left = n_free;
    if (n_free == 0)
        return ISD_OK;
    isd_status status = search_init(&q, s->n, err);
    if (status != ISD_OK)
        return status;
    max_scans += s->scans;
    for (int32_t row = 0; row < s->n && status == ISD_OK && s->scans <= max_scans; row++) {
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

isd_status solve_augment(struct solve *s, double max_scans, isd_error *err)
{
    struct stretch stretch = solve_begin(s, "paths");
    isd_status status = augment(s, max_scans, err);
    solve_end(s, &stretch);
    return status;
}
