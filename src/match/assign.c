/* Exact assignment: identity certificate, coarse prices, auction, shortest paths. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps, each of which may end it:
 *  1. at v = 0, rows whose preferred partner is their nearest column are matched to it; few others: shortest paths;
 *  2. at v = 0, all rows are matched to their nearest column where that is free (the same frame in another order, ties of
 *     crystals); few left: shortest paths;
 *  3. where most rows are near what they want prices are good as they are. Else, if the points are spread evenly, they come from the
 *     densities (poisson.c); if not, from a coarse problem: the two trees have the same shape, so their leaves, taken as points at their
 *     centroids, are two sets of equal number and nearly equal weights. It is solved in the same way, and its
 *     dual is carried over, v(y) = min over coarse rows X of |MI(y - X)|^2 - u(X) (Merigot 2011 does so for densities).
 *     Whatever the prices, they are a start only. Then auctions with falling eps, then shortest paths. */
#include "match/assign.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COARSE_FROM = 256, CARRY = 4, SAMPLE = 200, TRY_SCANS = 20, CHUNK_LEAVES = 64, FAR = 8 };

static const double reach_max = 1e150; /* squares must not overflow */

/* What only the solution needs. */
static void steps_done(struct solve *s)
{
    solve_close_lists(s);
    free(s->shared);
    s->shared = s->row_stack = NULL;
}

static void solve_done(struct solve *s)
{
    cloud_done(&s->rows);
    cloud_done(&s->columns);
    free(s->column_of);
    free(s->row_of);
    steps_done(s);
    free(s->hits);
    *s = (struct solve){0};
}

static isd_status solve_allocate(struct solve *s, isd_error *err)
{
    size_t n = (size_t)s->n;
    s->hits_size = cloud_room(SOLVE_LIST);
    s->offer = bid_kernel();
    int exponent;
    frexp(s->frame->size, &exponent);
    s->unit = ldexp(1, 2 * exponent - 60);
    s->column_of = malloc(n * sizeof *s->column_of);
    s->row_of = malloc(n * sizeof *s->row_of);
    s->shared = malloc(n * SOLVE_SHARED);
    s->hits = malloc((size_t)s->hits_size * sizeof *s->hits);
    if (!s->column_of || !s->row_of || !s->shared || !s->hits)
        return isd_error_memory(err);
    s->row_stack = (int32_t *)s->shared + 3 * n;
    for (size_t i = 0; i < n; i++)
        s->column_of[i] = s->row_of[i] = -1;
    return ISD_OK;
}

/* The two clouds, made side by side. */
struct pair {
    struct cloud *cloud[2];
    const double *r[2];
    const struct frame *frame;
    int32_t n;
    isd_control *control;
    bool with_rows;
    isd_status status[2];
    isd_error err[2];
};

static void make_cloud(void *arg, int32_t k)
{
    struct pair *pair = arg;
    pair->status[k] = (k == 0 && !pair->with_rows ? cloud_init_bare : cloud_init)(pair->cloud[k], pair->frame, pair->r[k], pair->n,
                                                                                   pair->control, &pair->err[k]);
}

static isd_status make_clouds(struct solve *s, const double *a, const double *b, bool with_rows, isd_error *err)
{
    struct pair pair = {{&s->rows, &s->columns}, {a, b}, s->frame, s->n, s->progress.control, with_rows, {ISD_OK, ISD_OK}, {{0}}};
    isd_control_for(s->progress.control, 2, make_cloud, &pair);
    for (int k = 0; k < 2; k++)
        if (pair.status[k] != ISD_OK) {
            if (err)
                *err = pair.err[k];
            return pair.status[k];
        }
    return ISD_OK;
}

/* with_rows: these are to be found by others; else they lie where a says, and that alone. */
static isd_status solve_init(struct solve *s, const struct frame *frame, const double *a, const double *b, int32_t n,
                             const int32_t *prefer, bool with_rows, struct progress progress, isd_error *err)
{
    *s = (struct solve){.frame = frame, .progress = progress, .room = n <= BID_NARROW_MAX ? SOLVE_ROOM : SOLVE_ROOM_WIDE};
    struct stretch stretch = solve_begin(s, "order");
    s->n = n;
    isd_status status = make_clouds(s, a, b, with_rows, err);
    if (status == ISD_OK)
        status = solve_allocate(s, err);
    s->wanted = prefer;
    if (status != ISD_OK) {
        solve_done(s);
        return status;
    }
    solve_end(s, &stretch);
    progress_report(&s->progress, 0.05);
    return ISD_OK;
}

/* By row, as solve_open_lists takes them; in `shared`, behind what rows prefer. */
static double *bounds(const struct solve *s)
{
    return (double *)s->shared + s->n;
}

/* Step 1, for the rows of some leaves: the bound of a row whose preferred partner is its nearest column says that nothing is better; so
 * nothing need be listed. */
static void patch_preferred(struct solve *s, int32_t first, struct cloud_patch *patch)
{
    double *bound = bounds(s);
    double limit[PATCH_LEAVES][CLOUD_LANES], most = -INFINITY, sum = 0;
    int32_t begin = first * CLOUD_LANES, end = begin;
    for (int k = 0; k < PATCH_LEAVES * CLOUD_LANES; k++) {
        int32_t column = begin + k < s->n ? s->prefer[begin + k] : -1;
        double cost = column >= 0 ? cloud_cost(&s->rows, begin + k, &s->columns, column) * (1 - SOLVE_TIE) : -INFINITY;
        limit[k / CLOUD_LANES][k % CLOUD_LANES] = cost;
        most = cost > most ? cost : most;
        sum += column >= 0 ? cost : 0;
        end += begin + k < s->n;
    }
    /* A few may want what is far away: in most cases something nearer is seen at once. */
    cloud_patch_begin(patch, &s->columns, &s->rows, first, fmin(most, FAR * sum / (PATCH_LEAVES * CLOUD_LANES)));
    for (int32_t leaf = first; leaf < first + PATCH_LEAVES && leaf < s->rows.n_leaves; leaf++) {
        unsigned known, found = cloud_patch_any(patch, leaf, limit[leaf - first], &known), alone = known & ~found;
        for (int32_t row = leaf * CLOUD_LANES; row < (leaf + 1) * CLOUD_LANES && row < end; row++)
            bound[row] = alone >> row % CLOUD_LANES & 1 ? limit[leaf - first][row % CLOUD_LANES] : -INFINITY;
    }
}

static void chunk_preferred(void *arg, int32_t chunk)
{
    struct solve *s = arg;
    struct cloud_patch patch;
    int32_t first = chunk * CHUNK_LEAVES, last = first + CHUNK_LEAVES < s->rows.n_leaves ? first + CHUNK_LEAVES : s->rows.n_leaves;
    for (int32_t leaf = first; leaf < last && !isd_control_cancelled(s->progress.control); leaf += PATCH_LEAVES)
        patch_preferred(s, leaf, &patch);
}

static isd_status match_preferred(struct solve *s, isd_error *err)
{
    isd_control_for(s->progress.control, (s->rows.n_leaves - 1) / CHUNK_LEAVES + 1, chunk_preferred, s);
    if (isd_control_cancelled(s->progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    for (int32_t row = 0; row < s->n; row++) {
        int32_t column = s->prefer[row];
        if (column >= 0 && s->row_of[column] < 0 && bounds(s)[row] > -INFINITY)
            solve_match(s, row, column);
    }
    return solve_count_free(s) > 0 ? solve_open_lists(s, bounds(s), err) : ISD_OK;
}

/* Match a free row to a column among its best, the preferred one or the first that is free. */
static void match_best(struct solve *s, int32_t row)
{
    const struct bid_list edges = solve_edges(s, row);
    struct bid_prices prices = solve_prices(s);
    struct offer o;
    solve_offer(s, row, &prices, &o);
    double best = o.first + SOLVE_TIE * o.cost, error = solve_listed_error(&edges, o.first);
    int32_t at = -1;
    for (int32_t e = 0; e < edges.count; e++) {
        int32_t j = bid_column(&edges, e);
        double v = s->columns.w[j];
        if (s->row_of[j] >= 0 || bid_cost(&edges, e) - v - error > best || (at >= 0 && !(s->prefer && j == s->prefer[row])))
            continue;
        if (cloud_cost(&s->rows, row, &s->columns, j) - v <= best)
            at = j;
    }
    if (at >= 0)
        solve_match(s, row, at);
}

/* Lists for all rows, each matched to its best column if that is free. */
static isd_status match_nearest(struct solve *s, isd_error *err)
{
    isd_status status = solve_lists(s, err);
    solve_place_prefer(s);
    for (int32_t row = 0; row < s->n && status == ISD_OK; row++) {
        if (s->column_of[row] < 0)
            match_best(s, row);
        status = solve_poll(s, err);
    }
    return status;
}

static void free_all(struct solve *s)
{
    for (int32_t i = 0; i < s->n; i++)
        s->column_of[i] = s->row_of[i] = -1;
}

/* u of the rows by their matched edges. */
static double row_price(const struct solve *s, int32_t row)
{
    return solve_cost(s, row) - s->columns.w[s->column_of[row]];
}

static isd_status run(struct solve *s, const isd_assign_start *start, isd_error *err);

/* v(y) = min over coarse rows X of |y - X|^2 - u(X). The X that are best seen from the centroid of y's leaf give a bound. */
static isd_status carry_prices(struct solve *s, const struct solve *coarse, const double *centroid, isd_error *err)
{
    struct cloud_hit hit[2 * CARRY + 2 * CLOUD_LANES];
    double *v = s->columns.w, sum = 0;
    for (int32_t k = 0; k < coarse->n; k++) {
        int32_t leaf = coarse->columns.index[k];
        const double *c = centroid + 3 * (size_t)leaf;
        double to[CARRY][3], beyond;
        int32_t count = cloud_best(&coarse->rows, &coarse->columns, k, INFINITY, CARRY, hit, &beyond);
        for (int32_t e = 0; e < count; e++) {
            cloud_point(&coarse->rows, hit[e].point, to[e]);
            for (int i = 0; i < 3; i++)
                to[e][i] -= c[i];
            isd_lattice_shortest(&s->frame->lattice, to[e]);
        }
        for (int32_t j = leaf * CLOUD_LANES; j < s->n && j < (leaf + 1) * CLOUD_LANES; j++) {
            double r[3], y[3], least = INFINITY;
            cloud_point(&s->columns, j, r);
            frame_wrap(s->frame, r, y);
            for (int32_t e = 0; e < count; e++) {
                double d[3] = {to[e][0] - (y[0] - c[0]), to[e][1] - (y[1] - c[1]), to[e][2] - (y[2] - c[2])};
                least = fmin(least, d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - coarse->rows.w[hit[e].point]);
            }
            struct cloud_hit better[2 + 2 * CLOUD_LANES];
            v[j] = cloud_best(&coarse->rows, &s->columns, j, least, 1, better, &beyond) > 0 ? better[0].value : least;
            sum += v[j];
        }
        isd_status status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
    }
    for (int32_t j = 0; j < s->n; j++)
        v[j] -= sum / s->n;
    return ISD_OK;
}

/* Step 3: prices of the columns from the problem of the leaves. */
static isd_status coarse_prices(struct solve *s, isd_error *err)
{
    int32_t m = s->rows.n_leaves;
    double *r = malloc(6 * (size_t)m * sizeof *r);
    if (!r)
        return isd_error_memory(err);
    cloud_centroids(&s->rows, r);
    cloud_centroids(&s->columns, r + 3 * (size_t)m);
    struct solve coarse;
    struct progress quiet = s->progress;
    quiet.to = quiet.from;
    isd_status status = solve_init(&coarse, s->frame, r, r + 3 * (size_t)m, m, NULL, true, quiet, err);
    if (status != ISD_OK) {
        free(r);
        return status;
    }
    status = run(&coarse, NULL, err);
    if (s->progress.report)
        s->progress.report->levels++;
    if (status == ISD_OK) {
        for (int32_t i = 0; i < m; i++)
            coarse.rows.w[i] = row_price(&coarse, i);
        cloud_weigh(&coarse.rows);
        status = carry_prices(s, &coarse, r + 3 * (size_t)m, err);
    }
    free(r);
    solve_done(&coarse);
    return status;
}

/* Whether step 1 would leave few rows free, judged by some rows. */
static bool preferred_are_near(const struct solve *s)
{
    int32_t step = s->n / SAMPLE + 1, seen = 0, good = 0;
    for (int32_t row = 0; row < s->n; row += step, seen++) {
        int32_t column = s->prefer[row];
        if (column < 0)
            continue;
        struct cloud_hit hit[2 + 2 * CLOUD_LANES];
        double beyond, cost = cloud_cost(&s->rows, row, &s->columns, column);
        good += cloud_best(&s->columns, &s->rows, row, cost * (1 - SOLVE_TIE), 1, hit, &beyond) == 0;
    }
    return good >= seen / 2;
}

/* Whether step 2 would: the nearest column stands out, or there are ties. */
static bool nearest_stand_out(const struct solve *s)
{
    int32_t step = s->n / SAMPLE + 1, seen = 0, good = 0;
    for (int32_t row = 0; row < s->n; row += step, seen++) {
        struct cloud_hit hit[4 + 2 * CLOUD_LANES];
        double beyond;
        int32_t count = cloud_best(&s->columns, &s->rows, row, INFINITY, 2, hit, &beyond);
        double least = count == 2 ? fmin(hit[0].value, hit[1].value) : 0, second = count == 2 ? fmax(hit[0].value, hit[1].value) : 0;
        good += 6 * least <= second || second - least <= SOLVE_TIE * second;
    }
    return good >= seen / 2;
}

/* From what a start has left; an optimum, or where that would take too long rows are left free. */
static isd_status run_started(struct solve *s, isd_error *err)
{
    int32_t n_free = solve_count_free(s);
    isd_status status = ISD_OK;
    if (n_free > s->n / 5) {
        struct stretch stretch = solve_begin(s, "lists");
        status = match_nearest(s, err);
        solve_end(s, &stretch);
        return status == ISD_OK ? solve_auctions(s, SOLVE_NEAR, err) : status;
    }
    status = solve_auction(s, 0, 4.0 * s->n, err);
    return status == ISD_OK ? solve_augment(s, TRY_SCANS * s->n, err) : status;
}

/* From nothing to few free rows. */
static isd_status run_cold(struct solve *s, isd_error *err)
{
    isd_status status = ISD_OK;
    bool small = s->n < COARSE_FROM;
    struct stretch stretch = solve_begin(s, "preferred");
    solve_place_prefer(s);
    if (s->prefer && (small || preferred_are_near(s)))
        status = match_preferred(s, err);
    solve_end(s, &stretch);
    if (status != ISD_OK)
        return status;
    int32_t n_free = solve_count_free(s);
    stretch = solve_begin(s, "nearest");
    if (n_free > s->n / 10 && (small || nearest_stand_out(s))) {
        status = match_nearest(s, err);
        n_free = solve_count_free(s);
    }
    solve_end(s, &stretch);
    if (status != ISD_OK)
        return status;
    if (small || n_free <= s->n / 5) {
        status = solve_auction(s, 0, 4.0 * s->n, err);
        if (small || status != ISD_OK)
            return status;
        status = solve_augment(s, TRY_SCANS * s->n, err);
        n_free = solve_count_free(s);
        if (status != ISD_OK || n_free == 0)
            return status;
    }
    /* Where more than half is near, the rest will not be far. */
    enum solve_prices_kind kind = SOLVE_NEAR;
    if (n_free >= 0.65 * s->n) {
        free_all(s);
        solve_close_lists(s);
        stretch = solve_begin(s, "prices");
        bool even = false;
        status = solve_poisson(s, &even, err);
        solve_end(s, &stretch);
        kind = even ? SOLVE_EVEN : SOLVE_COARSE;
        if (status == ISD_OK && !even)
            status = coarse_prices(s, err);
    }
    stretch = solve_begin(s, "lists");
    if (status == ISD_OK)
        status = match_nearest(s, err);
    solve_end(s, &stretch);
    progress_report(&s->progress, 0.15);
    return status == ISD_OK ? solve_auctions(s, kind, err) : status;
}

/* To an optimum; start may be NULL. */
static isd_status run(struct solve *s, const isd_assign_start *start, isd_error *err)
{
    bool started = false;
    isd_status status = start ? solve_start(s, start, &started, err) : ISD_OK;
    if (status == ISD_OK)
        status = started ? run_started(s, err) : run_cold(s, err);
    progress_report(&s->progress, 0.7);
    s->progress.from += 0.7 * (s->progress.to - s->progress.from);
    return status == ISD_OK ? solve_augment(s, INFINITY, err) : status;
}

static isd_status check_input(const isd_box *box, const double *a, const double *b, int32_t n, double *ret_reach, isd_error *err)
{
    if (n < 0)
        return isd_error_set(err, ISD_USAGE, "matching: %d points", (int)n);
    isd_status status = isd_box_check(box, err);
    if (status != ISD_OK)
        return status;
    double reach = 0;
    for (size_t k = 0; k < 3 * (size_t)n; k++) {
        if (box->dim == 2 && k % 3 == 2)
            continue;
        if (!(fabs(a[k]) < reach_max) || !(fabs(b[k]) < reach_max))
            return isd_error_set(err, ISD_DATA, "matching: point %zu has a coordinate that is not a usable number", k / 3 + 1);
        reach = fabs(a[k]) > reach ? fabs(a[k]) : reach;
        reach = fabs(b[k]) > reach ? fabs(b[k]) : reach;
    }
    *ret_reach = reach;
    return ISD_OK;
}

/* The answer in the caller's order; the lists are given back first. */
static isd_status extract(struct solve *s, isd_assignment *ret, isd_error *err)
{
    steps_done(s);
    size_t n = (size_t)s->n;
    isd_assignment out = {.n = s->n, .edges = s->edges_made};
    out.partner = malloc((n + 1) * sizeof *out.partner);
    out.u = malloc((n + 1) * sizeof *out.u);
    out.v = malloc((n + 1) * sizeof *out.v);
    if (!out.partner || !out.u || !out.v) {
        isd_assignment_done(&out);
        return isd_error_memory(err);
    }
    for (int32_t i = 0; i < s->n; i++) {
        out.partner[s->rows.index[i]] = s->columns.index[s->column_of[i]];
        out.u[s->rows.index[i]] = row_price(s, i);
        out.v[s->columns.index[i]] = s->columns.w[i];
        out.sum_sq += solve_cost(s, i);
    }
    *ret = out;
    return ISD_OK;
}

static isd_status assign(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                         const isd_assign_start *start, bool wide, struct progress progress, isd_assignment *ret_assignment, isd_error *err)
{
    double reach = 0;
    isd_status status = check_input(box, a, b, n, &reach, err);
    if (status != ISD_OK)
        return status;
    if (isd_control_cancelled(progress.control))
        return isd_error_set(err, ISD_CANCELLED, "cancelled");
    struct solve s = {0};
    if (n == 0)
        return extract(&s, ret_assignment, err);
    struct frame frame;
    frame_init(&frame, box, reach);
    status = solve_init(&s, &frame, a, b, n, prefer, false, progress, err);
    if (status != ISD_OK)
        return status;
    s.room = wide ? SOLVE_ROOM_WIDE : s.room;
    status = run(&s, start, err);
    struct stretch stretch = solve_begin(&s, "ties");
    if (status == ISD_OK)
        status = solve_prefer(&s, err);
    solve_end(&s, &stretch);
    if (status == ISD_OK)
        status = extract(&s, ret_assignment, err);
    solve_done(&s);
    return status;
}

isd_status assign_part(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                       struct progress progress, isd_assignment *ret_assignment, isd_error *err)
{
    return assign_part_from(box, a, b, n, prefer, NULL, progress, ret_assignment, err);
}

isd_status assign_part_from(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                            const isd_assign_start *start, struct progress progress, isd_assignment *ret_assignment, isd_error *err)
{
    return assign(box, a, b, n, prefer, start, false, progress, ret_assignment, err);
}

isd_status assign_part_wide(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                            struct progress progress, isd_assignment *ret_assignment, isd_error *err)
{
    return assign(box, a, b, n, prefer, NULL, true, progress, ret_assignment, err);
}

isd_status isd_assign(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                      isd_control *control, isd_assignment *ret_assignment, isd_error *err)
{
    return isd_assign_reported(box, a, b, n, prefer, control, ret_assignment, NULL, err);
}

isd_status isd_assign_reported(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                               isd_control *control, isd_assignment *ret_assignment, isd_assign_report *ret_report, isd_error *err)
{
    return isd_assign_from(box, a, b, n, prefer, NULL, control, ret_assignment, ret_report, err);
}

isd_status isd_assign_from(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                           const isd_assign_start *start, isd_control *control, isd_assignment *ret_assignment,
                           isd_assign_report *ret_report, isd_error *err)
{
    struct progress progress = {control, 0, 1, ret_report};
    if (ret_report)
        *ret_report = (isd_assign_report){0};
    return assign_part_from(box, a, b, n, prefer, start, progress, ret_assignment, err);
}

void isd_assignment_done(isd_assignment *assignment)
{
    if (!assignment)
        return;
    free(assignment->partner);
    free(assignment->u);
    free(assignment->v);
    *assignment = (isd_assignment){0};
}
