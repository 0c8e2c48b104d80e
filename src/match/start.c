/* Prices and partners of a problem much like this one, as far as they fit. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/solve.h"

#include <float.h>
#include <math.h>

/* Rows that are looked at to see whether a start fits: so many runs along the curve, of so many neighbours. */
enum { RUNS = 32, RUN = 8 };

/* Prices in tree order, about their mean. false: there is one that is no number, or larger than differences of distances give. */
static bool place_prices(struct solve *s, const double *v)
{
    double mean = 0, most = 4 * s->frame->size * s->frame->size;
    bool good = true;
    for (int32_t j = 0; j < s->n; j++)
        mean += v[j] / s->n;
    for (int32_t j = 0; j < s->n; j++) {
        s->columns.w[j] = v[s->columns.index[j]] - mean;
        good = good && fabs(s->columns.w[j]) <= most;
    }
    if (good)
        cloud_weigh(&s->columns);
    return good;
}

/* The partners as columns, in row_stack, each at most once; -1 for none. row_of is used on the way. */
static void place_partners(struct solve *s, const int32_t *partner)
{
    int32_t *column_at = s->row_of, *wanted = s->row_stack;
    for (int32_t j = 0; j < s->n; j++)
        column_at[s->columns.index[j]] = j;
    for (int32_t i = 0; i < s->n; i++) {
        int32_t j = partner[s->rows.index[i]];
        wanted[i] = j < 0 || j >= s->n ? -1 : column_at[j];
    }
    for (int32_t j = 0; j < s->n; j++)
        s->row_of[j] = -1;
    for (int32_t i = 0; i < s->n; i++) {
        if (wanted[i] >= 0 && s->row_of[wanted[i]] >= 0)
            wanted[i] = -1;
        if (wanted[i] >= 0)
            s->row_of[wanted[i]] = i;
    }
    for (int32_t j = 0; j < s->n; j++)
        s->row_of[j] = -1;
}

/* Whether a column is as good as any for a row at present prices, to their rounding. *ret_limit: no column has less. */
static bool is_tight(const struct solve *s, int32_t row, int32_t column, double *ret_limit)
{
    struct cloud_hit hit[2 + 2 * CLOUD_LANES];
    double cost = cloud_cost(&s->rows, row, &s->columns, column), beyond;
    double w = s->columns.w[column], limit = cost - w - SOLVE_TIE * cost - 4 * DBL_EPSILON * fabs(w);
    *ret_limit = limit;
    return cloud_best(&s->columns, &s->rows, row, limit, 1, hit, &beyond) == 0;
}

/* Prices fit if rows that are neighbours do not all want the same few columns. */
static bool prices_fit(const struct solve *s)
{
    int32_t step = s->n / RUNS + 1, seen = 0, distinct = 0;
    for (int32_t first = 0; first < s->n; first += step) {
        int32_t best[RUN];
        for (int32_t k = 0; k < RUN && first + k < s->n; k++, seen++) {
            struct cloud_hit hit[2 + 2 * CLOUD_LANES];
            double beyond;
            cloud_best(&s->columns, &s->rows, first + k, INFINITY, 1, hit, &beyond);
            best[k] = hit[0].point;
            bool again = false;
            for (int32_t l = 0; l < k; l++)
                again = again || best[l] == best[k];
            distinct += !again;
        }
    }
    return distinct >= seen / 2;
}

/* Partners fit if most pairs are tight. */
static bool partners_fit(const struct solve *s, const int32_t *wanted)
{
    int32_t step = s->n / (RUNS * RUN) + 1, seen = 0, good = 0;
    for (int32_t row = 0; row < s->n; row += step, seen++) {
        double limit;
        good += wanted[row] >= 0 && is_tight(s, row, wanted[row], &limit);
    }
    return good >= seen / 2;
}

/* wanted: in row_stack. */
static isd_status match_tight(struct solve *s, const int32_t *wanted, isd_error *err)
{
    double *bound = solve_shared(s);
    for (int32_t row = 0; row < s->n; row++) {
        double limit;
        bound[row] = -INFINITY;
        if (wanted[row] >= 0 && is_tight(s, row, wanted[row], &limit)) {
            solve_match(s, row, wanted[row]);
            bound[row] = limit;
        }
        isd_status status = solve_poll(s, err);
        if (status != ISD_OK)
            return status;
    }
    return solve_count_free(s) > 0 ? solve_open_lists(s, bound, err) : ISD_OK;
}

isd_status solve_start(struct solve *s, const isd_assign_start *start, bool *ret_used, isd_error *err)
{
    struct stretch stretch = solve_begin(s, "start");
    isd_status status = ISD_OK;
    bool used = start->v && place_prices(s, start->v) && prices_fit(s);
    if (!used) {
        for (int32_t j = 0; j < s->n; j++)
            s->columns.w[j] = 0;
        cloud_weigh(&s->columns);
    }
    if (start->partner) {
        place_partners(s, start->partner);
        if (partners_fit(s, s->row_stack)) {
            used = true;
            status = match_tight(s, s->row_stack, err);
        }
    }
    solve_end(s, &stretch);
    if (status == ISD_OK)
        *ret_used = used;
    return status;
}
