/* Shortest augmenting paths, one by one and many at a time. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A search from one free row ends at the first free column (Jonker & Volgenant 1987). Where it would go through much of
 * the problem, searches from all free rows are one: each column comes out in the tree of the free row that is nearest to
 * it. Trees share no point, so all those that hold a free column are augmented at once, over edges that the new prices
 * make tight. */
#include "match/search.h"

#include <math.h>
#include <stdlib.h>

/* Searches from one row may go through so many lists for each row there is, all together. Searches from many go on for half
 * of what it took to the last column found, and a little, and not much farther. */
enum { ALONE_SHARE = 8, ON_LEAST = 200, ON_FARTHER = 4 };

/* Match over the path that ends in a column. */
static void turn_over(struct solve *s, const struct search *q, int32_t column)
{
    for (int32_t next; column >= 0; column = next) {
        int32_t row = q->previous[column];
        next = s->column_of[row];
        solve_match(s, row, column);
    }
}

/* What has come out is passed on, that in trees which still look for a column first: `done` trees last. */
static isd_status pass_out(struct solve *s, struct search *q, bool done, isd_error *err)
{
    q->out_at = 0;
    while (q->out_at < q->n_out) { /* passing on may let others come out */
        int32_t *at = &q->out[q->out_at++], item = *at;
        if (item == SEARCH_PASSED || (!done && q->goal[search_tree(s, q, item)] >= 0))
            continue;
        *at = SEARCH_PASSED;
        q->n_passed++;
        isd_status status = search_pass(s, q, item, err);
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

/* Grow trees until all that is worth while have a free column, or max_scans lists have been gone through with none found. */
static isd_status grow(struct solve *s, struct search *q, double max_scans, double *ret_radius, isd_error *err)
{
    double begin = s->scans, last = 0;
    int32_t goals = 0;
    do {
        isd_status status = pass_out(s, q, false, err);
        if (status != ISD_OK)
            return status;
        double work = s->scans - begin;
        if (q->n_goals > goals) {
            goals = q->n_goals;
            last = work;
            *ret_radius = q->at;
        }
        bool on = goals > 0 ? work <= 1.5 * last + ON_LEAST && q->at <= ON_FARTHER * *ret_radius : work <= max_scans;
        if (goals == q->n_trees || !on)
            return ISD_OK;
        status = pass_out(s, q, true, err);
        if (status != ISD_OK)
            return status;
    } while (search_next(s, q));
    return ISD_OK;
}

/* From these free rows; returns how many have been matched, in *ret_matched. */
static isd_status augment_from(struct solve *s, struct search *q, const int32_t *roots, int32_t n_roots, double max_scans,
                               int32_t *ret_matched, isd_error *err)
{
    isd_status status = search_begin(s, q, roots, n_roots, err);
    double radius = 0;
    if (status == ISD_OK)
        status = grow(s, q, max_scans, &radius, err);
    if (status == ISD_OK && q->failed)
        status = isd_error_memory(err);
    if (status != ISD_OK)
        return status;
    *ret_matched = q->n_goals;
    search_settle(s, q, radius);
    for (int32_t k = 0; k < q->n_trees; k++)
        if (q->goal[k] >= 0)
            turn_over(s, q, q->goal[k]);
    return ISD_OK;
}

static isd_status augment_alone(struct solve *s, struct search *q, int32_t *roots, double max_scans, isd_error *err)
{
    int32_t left = solve_collect_free(s, roots), n_free = left;
    double most = s->scans + fmin(max_scans, (double)ALONE_SHARE * s->n);
    for (int32_t k = 0; k < n_free && s->scans <= most; k++) {
        int32_t matched;
        isd_status status = augment_from(s, q, roots + k, 1, most - s->scans, &matched, err);
        if (status != ISD_OK)
            return status;
        left -= matched;
        progress_report(&s->progress, 1 - (double)left / n_free);
    }
    return ISD_OK;
}

static isd_status augment_together(struct solve *s, struct search *q, int32_t *roots, double max_scans, isd_error *err)
{
    max_scans += s->scans;
    for (int32_t n_free; (n_free = solve_collect_free(s, roots)) > 0 && s->scans <= max_scans;) {
        int32_t matched;
        isd_status status = augment_from(s, q, roots, n_free, INFINITY, &matched, err);
        if (status == ISD_OK && matched == 0)
            status = isd_error_set(err, ISD_INTERNAL, "matching: no free point was reached");
        if (status != ISD_OK)
            return status;
    }
    return ISD_OK;
}

isd_status solve_augment(struct solve *s, double max_scans, isd_error *err)
{
    struct search q;
    if (solve_count_free(s) == 0)
        return ISD_OK;
    struct stretch stretch = solve_begin(s, "paths");
    isd_status status = solve_tight(s, err);
    int32_t *roots = malloc(((size_t)solve_count_free(s) + 1) * sizeof *roots);
    if (status == ISD_OK && !roots)
        status = isd_error_memory(err);
    if (status == ISD_OK)
        status = search_init(&q, s, err);
    if (status == ISD_OK) {
        double begin = s->scans;
        status = augment_alone(s, &q, roots, max_scans, err);
        if (status == ISD_OK)
            status = augment_together(s, &q, roots, max_scans - (s->scans - begin), err);
        search_done(&q);
    }
    free(roots);
    solve_end(s, &stretch);
    return status;
}
