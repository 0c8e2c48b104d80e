/* Auctions one after the other, with falling eps. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK_ROWS = 8192 };

/* Bids a row in auctions; how often eps rises while more than a few rows are free, or falls further while more than
 * one of so many is. */
enum { BIDS_FIRST = 20, BIDS = 60, BIDS_WAR = 16, BIDS_REDUCTION = 4, RISES = 5, FEW_FREE = 96, FINER = 8, MANY_FREE = 64 };

/* How far apart the values in lists are: in the mean, and where they are close (the harmonic mean). */
struct widths {
    double mean, close;
};

struct width_sums {
    const struct solve *s;
    struct widths *sum; /* by chunk: of the widths, of their inverses */
};

static void chunk_widths(void *arg, int32_t chunk)
{
    struct width_sums *sums = arg;
    const struct solve *s = sums->s;
    int32_t first = chunk * CHUNK_ROWS, last = first + CHUNK_ROWS < s->n ? first + CHUNK_ROWS : s->n;
    for (int32_t row = first; row < last; row++) {
        const struct bid_list edges = solve_edges(s, row);
        double best = INFINITY, worst = -INFINITY;
        for (int32_t e = 0; e < edges.count; e++) {
            double value = bid_cost(&edges, e) - s->columns.w[bid_column(&edges, e)];
            best = fmin(best, value);
            worst = fmax(worst, value);
        }
        sums->sum[chunk].mean += worst - best;
        bool differ = worst - best > 2 * solve_listed_error(&edges, best); /* else they tie, but for rounding */
        sums->sum[chunk].close += differ ? 1 / (worst - best) : 0;
    }
}

static isd_status list_widths(const struct solve *s, struct widths *ret_width, isd_error *err)
{
    int32_t chunks = (s->n - 1) / CHUNK_ROWS + 1;
    struct width_sums sums = {s, calloc((size_t)chunks, sizeof *sums.sum)};
    struct widths total = {0, 0};
    if (!sums.sum)
        return isd_error_memory(err);
    isd_control_for(s->progress.control, chunks, chunk_widths, &sums);
    for (int32_t k = 0; k < chunks; k++) {
        total.mean += sums.sum[k].mean;
        total.close += sums.sum[k].close;
    }
    free(sums.sum);
    *ret_width = (struct widths){total.mean / s->n, total.close > 0 ? s->n / total.close : 0};
    return isd_control_cancelled(s->progress.control) ? isd_error_set(err, ISD_CANCELLED, "cancelled") : ISD_OK;
}

/* Auctions: the first eps, as a share of the width of lists, how much it falls at a time, how many there are, and whether lists
 * are made afresh after the first. */
struct schedule {
    double eps, ratio;
    int steps;
    bool lists;
};

/* Prices from densities are better than those of a coarse problem; if most points are near, prices are good as they are. */
static const struct schedule schedules[] = {
    [SOLVE_NEAR] = {0.02, 5, 2, false},
    [SOLVE_EVEN] = {0.1, 10, 3, true},
    [SOLVE_COARSE] = {0.15, 5, 4, false},
};
static const double rise = 5;

/* One auction of so many bids a row: that keeps wars of prices from going on. Rows that are left then wait: matched at
 * once by shortest paths, they would leave prices behind that start the next war. Beyond their lists rows expect nothing
 * better by more than `trust`. */
static isd_status auction(struct solve *s, double eps, double trust, double bids, isd_error *err)
{
    s->trust = trust;
    isd_status status = solve_tighten(s, eps, err);
    if (status == ISD_OK)
        status = solve_blocks(s, eps, err);
    if (status == ISD_OK)
        status = solve_auction(s, eps, bids * s->n, err);
    s->trust = 0;
    cloud_weigh(&s->columns);
    return status;
}

static isd_status lists_afresh(struct solve *s, isd_error *err)
{
    struct stretch stretch = solve_begin(s, "lists");
    isd_status status = solve_lists(s, err);
    solve_end(s, &stretch);
    return status;
}

/* The first auction. Where it ends in a war, others with an eps on the scale of what is fought over, which is not known
 * before. */
static isd_status first_auction(struct solve *s, double *eps, double trust, isd_error *err)
{
    isd_status status = auction(s, *eps, trust, BIDS_FIRST, err);
    for (int k = 0; k < RISES && status == ISD_OK && solve_count_free(s) > FEW_FREE; k++) {
        *eps *= rise;
        status = lists_afresh(s, err);
        if (status == ISD_OK)
            status = auction(s, *eps, fmax(trust, *eps), BIDS_FIRST, err);
    }
    return status;
}

/* Auctions with falling eps, the last with none: then matched edges are tight. Where that frees many rows (what they
 * choose from differs by less than the eps before, as in a crystal with a little noise) eps falls further. */
isd_status solve_auctions(struct solve *s, enum solve_prices_kind kind, isd_error *err)
{
    const struct schedule *schedule = &schedules[kind];
    struct widths width = {0, 0};
    isd_status status = list_widths(s, &width, err);
    if (status != ISD_OK)
        return status;
    double close = fmin(width.mean, 3 * width.close), first = schedule->eps * width.mean, eps = first, trust = 2 * width.mean;
    double last = 1.01 * schedule->eps * close * pow(schedule->ratio, 1 - schedule->steps);
    if (width.mean > 0)
        status = first_auction(s, &eps, trust, err);
    progress_report(&s->progress, 0.35);
    for (bool lists = schedule->lists; eps > last && status == ISD_OK; lists = false) {
        if (eps > first || close < width.mean || lists)
            status = lists_afresh(s, err);
        eps /= schedule->ratio;
        trust = 2 * close;
        progress_report(&s->progress, 0.45);
        if (status == ISD_OK)
            status = auction(s, eps, fmax(trust, eps), solve_count_free(s) > 0 ? BIDS_WAR : BIDS, err);
    }
    progress_report(&s->progress, 0.6);
    if (status == ISD_OK)
        status = auction(s, 0, 0, BIDS_REDUCTION, err);
    for (int k = 0; k < FINER && status == ISD_OK && solve_count_free(s) > s->n / MANY_FREE; k++) {
        eps /= schedule->ratio;
        status = auction(s, eps, trust, BIDS, err);
        if (solve_count_free(s) > s->n / MANY_FREE) /* that was a war */
            k = FINER;
        if (status == ISD_OK)
            status = auction(s, 0, 0, BIDS_REDUCTION, err);
    }
    return status;
}
