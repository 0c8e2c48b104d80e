/* Candidate edges of rows, and small steps on the matching. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { CHUNK_LEAVES = 64 };

void progress_report(const struct progress *progress, double fraction)
{
    isd_control_report(progress->control, progress->from + (progress->to - progress->from) * fraction, 1);
}

struct stretch solve_begin(const struct solve *s, const char *name)
{
    if (!s->progress.report)
        return (struct stretch){0};
    return (struct stretch){name, clock_thread_cpu(), solve_count_free(s), s->bids, s->scans, s->edges_made};
}

void solve_end(const struct solve *s, const struct stretch *stretch)
{
    isd_assign_report *report = s->progress.report;
    if (!report)
        return;
    int k = 0;
    while (k < report->n_phases && strcmp(report->phase[k].name, stretch->name) != 0)
        k++;
    if (k == ISD_ASSIGN_PHASES)
        return;
    isd_assign_phase *phase = &report->phase[k];
    if (k == report->n_phases)
        report->phase[report->n_phases++] = (isd_assign_phase){.name = stretch->name};
    phase->seconds += clock_thread_cpu() - stretch->cpu;
    phase->rows += stretch->rows;
    phase->bids += s->bids - stretch->bids;
    phase->scans += s->scans - stretch->scans;
    phase->edges += s->edges_made - stretch->edges;
}

isd_status solve_poll(struct solve *s, isd_error *err)
{
    if (++s->ticks < 1024)
        return ISD_OK;
    s->ticks = 0;
    if (isd_control_cancelled(s->progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    return ISD_OK;
}

/* Room for `capacity` edges at the end of the store. */
static isd_status edges_reserve(struct solve *s, size_t capacity, isd_error *err)
{
    if (s->n_edges + capacity <= s->edge_size)
        return ISD_OK;
    size_t size = s->edge_size + s->edge_size / 16 + capacity;
    int32_t *column = realloc(s->edge_column, size * sizeof *column);
    if (column)
        s->edge_column = column;
    double *cost = realloc(s->edge_cost, size * sizeof *cost);
    if (cost)
        s->edge_cost = cost;
    if (!column || !cost)
        return isd_error_memory(err);
    s->edge_size = size;
    return ISD_OK;
}

/* What hits tell, as the list of a row, no column left out having less than `beyond`. */
static void list_fill(struct solve *s, int32_t row, struct cloud_hit *hits, int32_t count, double beyond)
{
    struct edge_list *list = &s->list[row];
    if (count > list->capacity) {
        beyond = cloud_select(hits, count, list->capacity);
        count = list->capacity;
    }
    list->count = count;
    list->beyond = count == s->n ? INFINITY : beyond;
    int32_t *column = s->edge_column + list->begin;
    double *cost = s->edge_cost + list->begin;
    for (int32_t e = 0; e < count; e++) {
        column[e] = hits[e].point;
        cost[e] = hits[e].cost;
    }
    for (int32_t e = count; e % BID_LANES != 0; e++) {
        column[e] = 0;
        cost[e] = INFINITY;
    }
}

isd_status solve_list(struct solve *s, int32_t row, int32_t k, isd_error *err)
{
    if (k > s->n)
        k = s->n;
    if (cloud_room(k) > s->hits_size) {
        struct cloud_hit *hits = realloc(s->hits, (size_t)cloud_room(k) * sizeof *hits);
        if (!hits)
            return isd_error_memory(err);
        s->hits = hits;
        s->hits_size = cloud_room(k);
    }
    struct edge_list *list = &s->list[row];
    if (k > list->capacity) {
        int32_t padded = (k + BID_LANES - 1) / BID_LANES * BID_LANES;
        isd_status status = edges_reserve(s, (size_t)padded, err);
        if (status != ISD_OK)
            return status;
        list->begin = s->n_edges;
        list->capacity = padded;
        s->n_edges += (size_t)padded;
    }
    double beyond, limit = INFINITY;
    if (list->count == k) { /* what is listed now is k columns, so the best k are no worse than its worst */
        limit = -INFINITY;
        for (int32_t e = 0; e < k; e++) {
            size_t at = list->begin + (size_t)e;
            limit = fmax(limit, s->edge_cost[at] - s->columns.w[s->edge_column[at]]);
        }
        limit = nextafter(limit, INFINITY);
    } else if (row > 0 && k <= SOLVE_LIST && s->list[row - 1].count >= k) { /* so are k columns of a row near by */
        const struct edge_list *near = &s->list[row - 1];
        limit = -INFINITY;
        for (int32_t e = 0; e < k; e++) {
            int32_t column = s->edge_column[near->begin + (size_t)e];
            limit = fmax(limit, cloud_cost(&s->rows, row, &s->columns, column) - s->columns.w[column]);
        }
        limit = nextafter(limit, INFINITY);
    }
    int32_t count = cloud_best(&s->columns, &s->rows, row, limit, k, s->hits, &beyond);
    list_fill(s, row, s->hits, count, beyond);
    s->edges_made += list->count;
    s->ticks += k; /* a long list is not a small piece of work */
    return solve_poll(s, err);
}

/* Width of the list of one row, for a first guess. */
static double list_width(const struct solve *s, int32_t row)
{
    struct cloud_hit hit[2 * SOLVE_LIST + 2 * CLOUD_LANES];
    double beyond, least = INFINITY, most = -INFINITY;
    int32_t count = cloud_best(&s->columns, &s->rows, row, INFINITY, SOLVE_LIST, hit, &beyond);
    for (int32_t e = 0; e < count; e++) {
        least = fmin(least, hit[e].value);
        most = fmax(most, hit[e].value);
    }
    return most - least;
}

/* The lists of the rows of one chunk. Lists hold what costs up to a margin more than the best; it goes after the length of the lists before. */
static void chunk_lists(void *arg, int32_t chunk)
{
    struct solve *s = arg;
    struct cloud_crowd crowd;
    int32_t first = chunk * CHUNK_LEAVES, last = first + CHUNK_LEAVES < s->rows.n_leaves ? first + CHUNK_LEAVES : s->rows.n_leaves;
    crowd.margin = 0.5 * (list_width(s, first * CLOUD_LANES) + list_width(s, (last - 1) * CLOUD_LANES));
    for (int32_t leaf = first; leaf < last && !isd_control_cancelled(s->progress.control); leaf++) {
        int32_t begin = leaf * CLOUD_LANES, rows = s->n - begin < CLOUD_LANES ? s->n - begin : CLOUD_LANES, found = 0;
        for (int lane = 0; lane < CLOUD_LANES; lane++)
            crowd.limit[lane] = lane < rows ? INFINITY : -INFINITY;
        cloud_see(&s->columns, &s->rows, leaf, &crowd);
        for (int lane = 0; lane < rows; lane++) {
            int32_t count = crowd.count[lane];
            found += count < 0 ? CROWD_ROOM : count;
            if (count >= SOLVE_LIST_LEAST || count == s->n) {
                list_fill(s, begin + lane, crowd.hits[lane], count, crowd.limit[lane]);
            } else {
                struct cloud_hit hit[2 * SOLVE_LIST + 2 * CLOUD_LANES];
                double beyond;
                count = cloud_best(&s->columns, &s->rows, begin + lane, INFINITY, SOLVE_LIST, hit, &beyond);
                list_fill(s, begin + lane, hit, count, beyond);
            }
        }
        double ratio = (double)SOLVE_LIST * rows / (found + 1);
        crowd.margin *= ratio > 1.1 ? 1.1 : ratio < 0.8 ? 0.8 : ratio;
    }
}

isd_status solve_lists(struct solve *s, isd_error *err)
{
    cloud_weigh(&s->columns);
    size_t size = (size_t)s->n * SOLVE_LIST_MOST;
    s->n_edges = 0;
    if (s->edge_size < size) {
        isd_status status = edges_reserve(s, size, err);
        if (status != ISD_OK)
            return status;
    }
    s->n_edges = size;
    for (int32_t i = 0; i < s->n; i++)
        s->list[i] = (struct edge_list){.begin = (size_t)i * SOLVE_LIST_MOST, .capacity = SOLVE_LIST_MOST};
    isd_control_for(s->progress.control, (s->rows.n_leaves - 1) / CHUNK_LEAVES + 1, chunk_lists, s);
    if (isd_control_cancelled(s->progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    for (int32_t i = 0; i < s->n; i++)
        s->edges_made += s->list[i].count;
    return ISD_OK;
}

isd_status solve_list_extend(struct solve *s, int32_t row, isd_error *err)
{
    struct edge_list *list = &s->list[row];
    double old = list->beyond;
    int32_t k = list->count;
    if (k == 0)
        return solve_list(s, row, SOLVE_LIST, err);
    isd_status status = solve_list(s, row, k, err);
    if (status != ISD_OK || list->beyond == INFINITY)
        return status;
    int32_t gained = 0;
    for (int32_t e = 0; e < list->count; e++) {
        size_t at = list->begin + (size_t)e;
        gained += s->edge_cost[at] - s->columns.w[s->edge_column[at]] > old;
    }
    return gained > k / 4 ? ISD_OK : solve_list(s, row, k > s->n / 2 ? s->n : 2 * k, err);
}

void solve_match(struct solve *s, int32_t row, int32_t column, double cost)
{
    s->column_of[row] = column;
    s->row_of[column] = row;
    s->cost[row] = cost;
}

void solve_free_row(struct solve *s, int32_t row)
{
    if (s->column_of[row] >= 0)
        s->row_of[s->column_of[row]] = -1;
    s->column_of[row] = -1;
}

int32_t solve_count_free(const struct solve *s)
{
    int32_t count = 0;
    for (int32_t i = 0; i < s->n; i++)
        count += s->column_of[i] < 0;
    return count;
}
