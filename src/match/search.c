/* The queue of a search, and what rows reach. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 2 * SOLVE_LIST, OPEN_BEST = 2, SPOT_SHARE = 16 };
/* A queue that is full gets a share more of room. Where more than a share of the columns are touched all are gone through. */
enum { ROOM_LEAST = 1024, ROOM_SHARE = 4, TOUCHED_SHARE = 16 };

void search_done(struct search *q)
{
    free(q->heap);
    free(q->touched);
    free(q->out);
    free(q->hidden);
    free(q->spot);
    free(q->spoken);
    free(q->goal);
    free(q->root_u);
}

/* Room for one more, of columns and rows at most. Searches are small, most of them. */
static bool reserve(struct search *q, void *array, size_t size, int32_t count, int32_t *room)
{
    if (count < *room)
        return true;
    size_t more = (size_t)*room + (size_t)*room / ROOM_SHARE + ROOM_LEAST, most = (size_t)q->n + (size_t)q->n_trees;
    more = more < most ? more : most;
    void *larger = more > (size_t)count && more <= INT32_MAX ? realloc(*(void **)array, more * size) : NULL;
    if (!larger) {
        q->failed = true;
        return false;
    }
    *(void **)array = larger;
    *room = (int32_t)more;
    return true;
}

static bool is_with(const struct solve *s, int32_t row, int32_t other)
{
    double r[3], x[3];
    cloud_point(&s->rows, row, r);
    cloud_point(&s->rows, other, x);
    return r[0] == x[0] && r[1] == x[1] && r[2] == x[2];
}

/* Rows that lie on one spot follow one another. */
static bool find_spots(struct search *q, const struct solve *s)
{
    int32_t together = 0;
    for (int32_t row = 1; row < s->n; row++)
        together += is_with(s, row, row - 1);
    if (together < s->n / SPOT_SHARE)
        return true;
    q->spot = malloc((size_t)s->n * sizeof *q->spot);
    q->spoken = calloc((size_t)s->n, sizeof *q->spoken);
    if (!q->spot || !q->spoken)
        return false;
    for (int32_t row = 0; row < s->n; row++)
        q->spot[row] = row > 0 && is_with(s, row, row - 1) ? q->spot[row - 1] : row;
    return true;
}

/* Whether a row that lies where this one does has said all there is to say. */
static bool is_spoken_for(struct search *q, int32_t row)
{
    if (!q->spot)
        return false;
    bool spoken = q->spoken[q->spot[row]] == q->number;
    q->spoken[q->spot[row]] = q->number;
    return spoken;
}

isd_status search_init(struct search *q, struct solve *s, isd_error *err)
{
    size_t m = (size_t)s->n;
    isd_status status = solve_open_lists(s, NULL, err);
    if (status != ISD_OK)
        return status;
    *q = (struct search){.n = s->n};
    q->key = solve_shared(s);
    q->place = (int32_t *)(q->key + m);
    q->previous = q->place + m;
    memset(q->place, 0, m * sizeof *q->place); /* SEARCH_ABSENT */
    if (!find_spots(q, s)) {
        search_done(q);
        return isd_error_memory(err);
    }
    return ISD_OK;
}

static void put(struct search *q, int32_t at, struct search_item item)
{
    q->heap[at] = item;
    if (item.item < q->n)
        q->place[item.item] = at + 1;
}

static void sift_up(struct search *q, int32_t at, struct search_item item)
{
    while (at > 0) {
        int32_t parent = (at - 1) / 4;
        if (q->heap[parent].key <= item.key)
            break;
        put(q, at, q->heap[parent]);
        at = parent;
    }
    put(q, at, item);
}

static void sift_down(struct search *q, int32_t at, struct search_item item)
{
    for (int32_t child; (child = 4 * at + 1) < q->n_heap; at = child) {
        int32_t last = child + 4 < q->n_heap ? child + 4 : q->n_heap, least = child;
        for (int32_t k = child + 1; k < last; k++)
            if (q->heap[k].key < q->heap[least].key)
                least = k;
        child = least;
        if (q->heap[child].key >= item.key)
            break;
        put(q, at, q->heap[child]);
    }
    put(q, at, item);
}

static void heap_pop(struct search *q)
{
    struct search_item last = q->heap[--q->n_heap];
    if (q->n_heap > 0)
        sift_down(q, 0, last);
}

/* A column that is to be reset: it may be among these. */
static void note_touched(struct search *q, int32_t column)
{
    q->many = q->many || q->n_touched > q->n / TOUCHED_SHARE + ROOM_LEAST;
    if (!q->many && reserve(q, &q->touched, sizeof *q->touched, q->n_touched, &q->touched_room))
        q->touched[q->n_touched++] = column;
}

/* Columns number 0 ... end - 1 are these. */
static int32_t touched_end(const struct search *q)
{
    return q->many ? q->n : q->n_touched;
}

static int32_t touched(const struct search *q, int32_t k)
{
    return q->many ? k : q->touched[k];
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
    for (int32_t k = 0, column; k < touched_end(q); k++)
        if (q->place[column = touched(q, k)] < SEARCH_ABSENT)
            hide(s, q, column);
    return ISD_OK;
}

/* That of its column, which is closed; that of a root by bisection. */
static int32_t tree_of_row(const struct solve *s, const struct search *q, int32_t row)
{
    if (q->n_trees == 1)
        return 0;
    if (s->column_of[row] >= 0)
        return SEARCH_CLOSED - q->place[s->column_of[row]];
    int32_t lo = 0, hi = q->n_trees;
    while (hi - lo > 1) {
        int32_t middle = lo + (hi - lo) / 2;
        if (q->root[middle] <= row)
            lo = middle;
        else
            hi = middle;
    }
    return lo;
}

int32_t search_tree(const struct solve *s, const struct search *q, int32_t item)
{
    return tree_of_row(s, q, item < q->n ? q->previous[item] : item - q->n);
}

/* Items that were passed on make room. */
static void drop_passed(struct search *q)
{
    int32_t kept = 0, before = 0;
    for (int32_t k = 0; k < q->n_out; k++) {
        before += k < q->out_at && q->out[k] != SEARCH_PASSED;
        if (q->out[k] != SEARCH_PASSED)
            q->out[kept++] = q->out[k];
    }
    q->n_out = kept;
    q->out_at = before;
    q->n_passed = 0;
}

/* An item comes out: its distance is final. */
static void close_item(struct solve *s, struct search *q, int32_t item)
{
    if (q->n_out == q->out_room && q->n_passed > q->n_out / 2)
        drop_passed(q);
    if (!reserve(q, &q->out, sizeof *q->out, q->n_out, &q->out_room))
        return;
    q->out[q->n_out++] = item;
    if (item >= s->n)
        return;
    int32_t tree = search_tree(s, q, item);
    q->place[item] = SEARCH_CLOSED - tree;
    if (q->hiding)
        hide(s, q, item);
    if (s->row_of[item] < 0 && q->goal[tree] < 0) {
        q->goal[tree] = item;
        q->n_goals++;
    }
}

static void push(struct search *q, int32_t item, double key)
{
    if (reserve(q, &q->heap, sizeof *q->heap, q->n_heap, &q->heap_room))
        sift_up(q, q->n_heap++, (struct search_item){key, item});
}

/* Put a column in, or lower its key. */
static void lower(struct solve *s, struct search *q, int32_t column, double key)
{
    q->key[column] = key;
    if (q->place[column] > SEARCH_ABSENT) {
        sift_up(q, q->place[column] - 1, (struct search_item){key, column});
        return;
    }
    note_touched(q, column);
    if (key <= q->at)
        close_item(s, q, column);
    else
        push(q, column, key);
}

bool search_next(struct solve *s, struct search *q)
{
    if (q->n_heap == 0 || q->heap[0].key > q->bound)
        return false;
    q->at = fmax(q->at, q->heap[0].key);
    q->n_out = q->n_passed = 0;
    while (q->n_heap > 0 && q->heap[0].key <= q->at) {
        int32_t item = q->heap[0].item;
        heap_pop(q);
        close_item(s, q, item);
    }
    return true;
}

static double column_price(const struct solve *s, const struct search *q, int32_t column)
{
    return q->hiding && q->place[column] < SEARCH_ABSENT ? q->hidden[column] : s->columns.w[column];
}

/* A column at distance `key`, by an edge of the row. */
static void reach(struct solve *s, struct search *q, int32_t row, int32_t column, double key)
{
    if (key >= q->bound || (q->place[column] > SEARCH_ABSENT && q->key[column] <= key))
        return;
    q->previous[column] = row;
    lower(s, q, column, key);
    if (q->n_trees == 1 && s->row_of[column] < 0)
        q->bound = key;
}

/* The row has something to say again where what lies beyond could be reached; after the columns that are as far. */
static void come_back(struct search *q, int32_t row, double d, double u, double beyond)
{
    double key = d + (beyond - u);
    key = nextafter(key < d ? d : key, INFINITY);
    if (key < q->bound)
        push(q, q->n + row, key);
}

/* Go through the listed edges of a row at distance d, whose best edge has cost - v = u. Costs are worked out where what is listed
 * does not tell that the edge leads nowhere. */
static void scan(struct solve *s, struct search *q, int32_t row, double d, double u)
{
    const struct bid_list edges = solve_edges(s, row);
    const double *v = s->columns.w;
    double sure = solve_listed_error(&edges, u);
    s->scans++;
    for (int32_t e = 0; e < edges.count; e++) {
        int32_t j = bid_column(&edges, e);
        if (q->place[j] < SEARCH_ABSENT)
            continue;
        double least = d + (bid_cost(&edges, e) - v[j] - u - sure);
        if (least >= q->bound || (q->place[j] > SEARCH_ABSENT && q->key[j] <= least))
            continue;
        double cost = cloud_cost(&s->rows, row, &s->columns, j), rise = cost - v[j] - u;
        reach(s, q, row, j, rise <= SOLVE_TIE * cost ? d : d + rise);
    }
    come_back(q, row, d, u, solve_beyond(s, row));
}

/* The best open columns beyond the list of a row at distance d. */
static isd_status look_beyond(struct solve *s, struct search *q, int32_t row, double d, double u, isd_error *err)
{
    struct cloud_hit hit[2 * OPEN_BEST + 2 * CLOUD_LANES];
    double beyond;
    isd_status status = start_hiding(s, q, err);
    if (status != ISD_OK)
        return status;
    int32_t count = cloud_best(&s->columns, &s->rows, row, q->bound - d + u, OPEN_BEST, hit, &beyond);
    s->edges_made += count;
    for (int32_t e = 0; e < count; e++) {
        double rise = hit[e].value - u;
        reach(s, q, row, hit[e].point, rise <= SOLVE_TIE * hit[e].cost ? d : d + rise);
    }
    if (count == OPEN_BEST)
        come_back(q, row, d, u, beyond);
    return ISD_OK;
}

/* Least cost - v of a free row, over all columns. */
static isd_status root_value(struct solve *s, int32_t row, double *ret_u, isd_error *err)
{
    *ret_u = solve_least(s, row);
    if (*ret_u <= solve_beyond(s, row) && solve_count(s, row) > 0)
        return ISD_OK;
    isd_status status = solve_list(s, row, solve_count(s, row) > SOLVE_LIST ? solve_count(s, row) : SOLVE_LIST, err);
    if (status == ISD_OK)
        *ret_u = solve_least(s, row);
    return status;
}

isd_status search_begin(struct solve *s, struct search *q, const int32_t *roots, int32_t n_roots, isd_error *err)
{
    int32_t *goal = realloc(q->goal, (size_t)n_roots * sizeof *goal);
    double *root_u = realloc(q->root_u, (size_t)n_roots * sizeof *root_u);
    if (goal)
        q->goal = goal;
    if (root_u)
        q->root_u = root_u;
    if (!goal || !root_u)
        return isd_error_memory(err);
    q->root = roots;
    q->n_trees = n_roots;
    q->n_goals = q->n_out = q->n_passed = 0;
    q->at = 0;
    q->number++;
    q->bound = INFINITY;
    for (int32_t k = 0; k < n_roots; k++) { /* before any column is hidden */
        isd_status status = root_value(s, roots[k], &root_u[k], err);
        if (status != ISD_OK)
            return status;
        goal[k] = -1;
    }
    for (int32_t k = 0; k < n_roots; k++)
        if (!is_spoken_for(q, roots[k]))
            scan(s, q, roots[k], 0, root_u[k]);
    return q->failed ? isd_error_memory(err) : ISD_OK;
}

isd_status search_pass(struct solve *s, struct search *q, int32_t item, isd_error *err)
{
    int32_t row = item < s->n ? s->row_of[item] : item - s->n, column;
    isd_status status = ISD_OK;
    if (row < 0 || (item < s->n && is_spoken_for(q, row)))
        return ISD_OK;
    column = s->column_of[row];
    double d = column < 0 ? 0 : q->key[column];
    double u = column < 0 ? q->root_u[tree_of_row(s, q, row)] : solve_cost(s, row) - column_price(s, q, column);
    if (item < s->n) {
        scan(s, q, row, d, u);
    } else if (q->hiding || solve_count(s, row) >= LIST_MAX) {
        status = look_beyond(s, q, row, d, u, err);
    } else {
        status = solve_list_extend(s, row, err);
        if (status == ISD_OK)
            scan(s, q, row, d, u);
    }
    if (status == ISD_OK && q->failed)
        status = isd_error_memory(err);
    return status == ISD_OK ? solve_poll(s, err) : status;
}

void search_settle(struct solve *s, struct search *q, double radius)
{
    for (int32_t k = 0; k < touched_end(q); k++) {
        int32_t item = touched(q, k);
        if (q->place[item] < SEARCH_ABSENT) {
            double price = column_price(s, q, item);
            if (q->key[item] < radius)
                price -= radius - q->key[item];
            if (q->hiding)
                cloud_set_weight(&s->columns, item, price);
            else
                s->columns.w[item] = price;
        }
        q->place[item] = SEARCH_ABSENT;
    }
    q->hiding = q->many = false;
    q->n_touched = q->n_heap = q->n_out = q->n_passed = 0;
}
