/* Candidate edges of rows, and small steps on the matching. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { CHUNK_LEAVES = 64, APART = 2 };

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

_Static_assert(SOLVE_GROUP % (BID_LANES / 2) == 0, "a half load of a bid kernel stays within the rooms of its list");

/* Room for so many more groups of edges. */
static isd_status groups_reserve(struct solve *s, int32_t groups, isd_error *err)
{
    if (s->n_groups + groups <= s->groups_size)
        return ISD_OK;
    int64_t size = (int64_t)s->groups_size + s->groups_size / 16 + groups;
    if (size > INT32_MAX)
        return isd_error_memory(err);
    size_t edges = (size_t)size * SOLVE_GROUP + BID_LANES;
    int32_t *column = realloc(s->edge_column, edges * sizeof *column);
    if (column)
        s->edge_column = column;
    uint16_t *cost = realloc(s->edge_cost, edges * sizeof *cost);
    if (cost)
        s->edge_cost = cost;
    if (!column || !cost)
        return isd_error_memory(err);
    s->groups_size = (int32_t)size;
    return ISD_OK;
}

/* The first groups belong to the rows. */
static isd_status groups_begin(struct solve *s, isd_error *err)
{
    if (s->n_groups > 0)
        return ISD_OK;
    isd_status status = groups_reserve(s, s->n, err);
    if (status != ISD_OK)
        return status;
    s->n_groups = s->n;
    return ISD_OK;
}

/* How many edges the list of a row may have where it is. */
static int32_t list_room(const struct edge_list *list)
{
    return list->count <= SOLVE_GROUP ? SOLVE_GROUP : (list->count + SOLVE_GROUP - 1) / SOLVE_GROUP * SOLVE_GROUP;
}

static float round_down(double x)
{
    float near = (float)x;
    return near > x ? nextafterf(near, -INFINITY) : near;
}

/* What is between the least and the largest cost, in sixteen bits; costs that differ by rounding are to be equal. */
static void round_costs(const struct solve *s, struct edge_list *list, const struct cloud_hit *hits, uint16_t *cost)
{
    const double per_unit = 1 / s->unit;
    double least = list->count > 0 ? INFINITY : 0, most = 0;
    int exponent;
    for (int32_t e = 0; e < list->count; e++) {
        least = hits[e].cost < least ? hits[e].cost : least;
        most = hits[e].cost > most ? hits[e].cost : most;
    }
    list->base = round_down(least * per_unit);
    double range = fmax(most * per_unit - list->base, most * per_unit * 0x1p-14);
    frexp(range / UINT16_MAX, &exponent);
    list->exponent = (int16_t)(exponent > -256 ? exponent : -256);
    const double per_step = solve_power(-list->exponent);
    for (int32_t e = 0; e < list->count; e++)
        cost[e] = (uint16_t)((hits[e].cost * per_unit - list->base) * per_step + 0.5);
}

/* What hits tell, as the list of a row, no column left out having less than `beyond`. */
static void list_fill(struct solve *s, int32_t row, struct cloud_hit *hits, int32_t count, double beyond)
{
    struct edge_list *list = &s->list[row];
    int32_t room = list_room(list);
    if (count > room) {
        beyond = cloud_select(hits, count, room);
        count = room;
    }
    list->count = (uint8_t)count;
    list->beyond = count == s->n ? INFINITY : beyond;
    size_t at = (size_t)(solve_edges(s, row).column - s->edge_column);
    for (int32_t e = 0; e < count; e++)
        s->edge_column[at + (size_t)e] = hits[e].point;
    round_costs(s, list, hits, s->edge_cost + at);
}

/* At least what the worst of the first k listed columns costs at present prices. */
static double listed_worst(const struct solve *s, int32_t row, int32_t k)
{
    const struct bid_list edges = solve_edges(s, row);
    double worst = -INFINITY;
    for (int32_t e = 0; e < k; e++)
        worst = fmax(worst, bid_cost(&edges, e) - s->columns.w[edges.column[e]]);
    return nextafter(worst + solve_listed_error(&edges, worst), INFINITY);
}

isd_status solve_list(struct solve *s, int32_t row, int32_t k, isd_error *err)
{
    k = k < SOLVE_LIST_MOST ? k : SOLVE_LIST_MOST;
    k = k < s->n ? k : s->n;
    if (cloud_room(k) > s->hits_size) {
        struct cloud_hit *hits = realloc(s->hits, (size_t)cloud_room(k) * sizeof *hits);
        if (!hits)
            return isd_error_memory(err);
        s->hits = hits;
        s->hits_size = cloud_room(k);
    }
    struct edge_list *list = &s->list[row];
    double beyond, limit = INFINITY;
    isd_status status = groups_begin(s, err);
    if (status != ISD_OK)
        return status;
    if (list->count == k) { /* what is listed now is k columns, so the best k are no worse than its worst */
        limit = listed_worst(s, row, k);
    } else if (row > 0 && k <= SOLVE_LIST && s->list[row - 1].count >= k) { /* so are k columns of a row near by */
        const int32_t *near = solve_edges(s, row - 1).column;
        limit = -INFINITY;
        for (int32_t e = 0; e < k; e++)
            limit = fmax(limit, cloud_cost(&s->rows, row, &s->columns, near[e]) - s->columns.w[near[e]]);
        limit = nextafter(limit, INFINITY);
    }
    if (k > list_room(list)) {
        int32_t groups = (k + SOLVE_GROUP - 1) / SOLVE_GROUP;
        if ((status = groups_reserve(s, groups, err)) != ISD_OK)
            return status;
        s->edge_column[(size_t)row * SOLVE_GROUP] = s->n_groups;
        list->moved = true;
        list->count = (uint8_t)k;
        s->n_groups += groups;
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

/* Lists of a chunk of rows being made. */
struct listing {
    struct cloud_patch patch;
    struct cloud_sight sight;
    int32_t rows, found; /* lists made for the leaf at hand, columns found for them */
};

static void listing_begin(const struct solve *s, int32_t row, struct listing *listing)
{
    listing->sight.margin = list_width(s, row);
    listing->sight.most = SOLVE_GROUP;
    listing->patch.first = -1;
    listing->patch.most = -INFINITY;
    listing->rows = listing->found = 0;
}

/* What rows need so that their lists are about as long as they should be; it goes after the lists of the leaf before. */
static void margin_adapt(struct listing *listing)
{
    double ratio = (double)SOLVE_LIST * listing->rows / (listing->found + 1);
    if (listing->rows > 0)
        listing->sight.margin *= ratio > 1.1 ? 1.1 : ratio < 0.8 ? 0.8 : ratio;
    listing->rows = listing->found = 0;
}

/* The list of a row, of what costs up to the margin more than the best. */
static void listing_add(struct solve *s, struct listing *listing, int32_t row)
{
    struct cloud_patch *patch = &listing->patch;
    struct cloud_sight *sight = &listing->sight;
    int32_t first = row / CLOUD_LANES / PATCH_LEAVES * PATCH_LEAVES;
    if (patch->first != first)
        cloud_patch_begin(patch, &s->columns, &s->rows, first, patch->most + 0.6 * sight->margin);
    sight->limit = INFINITY;
    cloud_patch_see(patch, row, sight);
    if (sight->count >= 0 && sight->count < SOLVE_LIST_LEAST) { /* it lies apart */
        double margin = sight->margin;
        sight->margin *= APART;
        sight->limit = INFINITY;
        cloud_patch_see(patch, row, sight);
        sight->margin = margin;
    }
    int32_t count = sight->count;
    listing->rows++;
    listing->found += count < 0 ? PATCH_ROOM : sight->n_met;
    if (count >= SOLVE_LIST_LEAST || count == s->n) {
        list_fill(s, row, sight->hits, count, sight->limit);
    } else {
        struct cloud_hit hit[2 * SOLVE_LIST + 2 * CLOUD_LANES];
        double beyond;
        count = cloud_best(&s->columns, &s->rows, row, INFINITY, SOLVE_LIST, hit, &beyond);
        list_fill(s, row, hit, count, beyond);
    }
}

/* The leaves of a chunk. */
static void chunk_leaves(const struct solve *s, int32_t chunk, int32_t *ret_first, int32_t *ret_last)
{
    *ret_first = chunk * CHUNK_LEAVES;
    *ret_last = *ret_first + CHUNK_LEAVES < s->rows.n_leaves ? *ret_first + CHUNK_LEAVES : s->rows.n_leaves;
}

static int32_t chunk_count(const struct solve *s)
{
    return (s->rows.n_leaves - 1) / CHUNK_LEAVES + 1;
}

static void chunk_lists(void *arg, int32_t chunk)
{
    struct solve *s = arg;
    struct listing listing;
    int32_t first, last;
    chunk_leaves(s, chunk, &first, &last);
    listing_begin(s, first * CLOUD_LANES, &listing);
    for (int32_t leaf = first; leaf < last && !isd_control_cancelled(s->progress.control); leaf++) {
        for (int32_t row = leaf * CLOUD_LANES; row < (leaf + 1) * CLOUD_LANES && row < s->n; row++)
            listing_add(s, &listing, row);
        margin_adapt(&listing);
    }
}

/* One chunk of rows made tight within eps; what they owe to the others is nothing, so chunks can be worked on side by side. */
struct tightening {
    struct solve *s;
    double eps;
    double *edges; /* by chunk: made */
};

/* Whether the edge of a row is as good as eps asks for; *ret_short: its list does not tell. */
static bool is_tight(const struct solve *s, int32_t row, double eps, bool *ret_short)
{
    double mine = solve_cost(s, row) - s->columns.w[s->column_of[row]], beyond = s->list[row].beyond + s->trust;
    struct offer o;
    struct bid_prices prices = solve_prices(s);
    if (eps == 0)
        solve_offer(s, row, &prices, &o);
    else
        solve_offer_listed(s, row, &prices, &o);
    *ret_short = o.first > beyond || (beyond < mine - eps && o.first >= mine - eps);
    return o.first >= mine - eps;
}

static void chunk_tighten(void *arg, int32_t chunk)
{
    struct tightening *t = arg;
    struct solve *s = t->s;
    struct listing listing;
    int32_t first, last;
    bool begun = false;
    chunk_leaves(s, chunk, &first, &last);
    for (int32_t leaf = first; leaf < last && !isd_control_cancelled(s->progress.control); leaf++) {
        for (int32_t row = leaf * CLOUD_LANES; row < (leaf + 1) * CLOUD_LANES && row < s->n; row++) {
            bool again;
            cloud_expect(&s->rows, row + 2 * CLOUD_LANES);
            if (s->column_of[row] < 0)
                continue;
            bool tight = is_tight(s, row, t->eps, &again);
            if (again) {
                if (!begun)
                    listing_begin(s, row, &listing);
                begun = true;
                listing_add(s, &listing, row);
                t->edges[chunk] += s->list[row].count;
                tight = is_tight(s, row, t->eps, &again);
            }
            if (!tight)
                solve_free_row(s, row);
        }
        if (begun)
            margin_adapt(&listing);
    }
}

isd_status solve_tighten(struct solve *s, double eps, isd_error *err)
{
    struct tightening tightening = {s, eps, calloc((size_t)chunk_count(s), sizeof(double))};
    if (!tightening.edges)
        return isd_error_memory(err);
    struct stretch stretch = solve_begin(s, "tighten");
    cloud_weigh(&s->columns);
    isd_status status = groups_begin(s, err);
    if (status == ISD_OK)
        isd_control_for(s->progress.control, chunk_count(s), chunk_tighten, &tightening);
    for (int32_t k = 0; k < chunk_count(s); k++)
        s->edges_made += tightening.edges[k];
    free(tightening.edges);
    solve_end(s, &stretch);
    if (status == ISD_OK && isd_control_cancelled(s->progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    return status;
}

isd_status solve_lists(struct solve *s, isd_error *err)
{
    cloud_weigh(&s->columns);
    isd_status status = groups_begin(s, err);
    if (status != ISD_OK)
        return status;
    s->n_groups = s->n;
    for (int32_t i = 0; i < s->n; i++)
        s->list[i] = (struct edge_list){0};
    isd_control_for(s->progress.control, chunk_count(s), chunk_lists, s);
    if (isd_control_cancelled(s->progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    for (int32_t i = 0; i < s->n; i++)
        s->edges_made += s->list[i].count;
    return ISD_OK;
}

isd_status solve_list_extend(struct solve *s, int32_t row, isd_error *err)
{
    struct edge_list *list = &s->list[row];
    double old = s->list[row].beyond;
    int32_t k = list->count;
    if (k == 0)
        return solve_list(s, row, SOLVE_LIST, err);
    isd_status status = solve_list(s, row, k, err);
    if (status != ISD_OK || list->beyond == INFINITY)
        return status;
    int32_t gained = 0;
    const struct bid_list edges = solve_edges(s, row);
    double more = old + solve_listed_error(&edges, old);
    for (int32_t e = 0; e < edges.count; e++)
        gained += bid_cost(&edges, e) - s->columns.w[edges.column[e]] > more;
    return gained > k / 4 && list->beyond > old ? ISD_OK : solve_list(s, row, 2 * k, err);
}

void solve_match(struct solve *s, int32_t row, int32_t column)
{
    s->column_of[row] = column;
    s->row_of[column] = row;
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

int32_t solve_collect_free(struct solve *s)
{
    int32_t count = 0;
    for (int32_t row = 0; row < s->n; row++)
        if (s->column_of[row] < 0)
            s->row_stack[count++] = row;
    return count;
}
