/* The auction of a large problem in blocks that are worked on side by side. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A block owns the columns of a stretch of the curve. In a round it lets those rows bid that want one of its columns. The prices of
 * others are looked at as they were when the round began: since then they can only have become worse for the bidder, so what is best
 * among the block's own is best, and what is second best is no better than it seems: bids keep to eps whatever the others do. A row
 * that comes to want a column of another block waits for the next round, in that block. What blocks find does not depend on
 * the order in which they are worked on. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8192, ROUNDS = 24, REDUCTION_ROUNDS = 4 };
static const double waiting_few = 0.0005; /* this share of the rows is left to the auction over all */

struct round {
    struct solve *s;
    double eps;
    double *seen;   /* [n] prices of the beginning */
    int32_t *wants; /* by free row: a column, or -1 for a row that must be left to the auction over all */
    int32_t *begin; /* by block: its rows, in row_stack */
    double *bids;   /* by block */
};

static void run_block(void *arg, int32_t block)
{
    struct round *round = arg;
    struct solve *s = round->s;
    int32_t first = block * BLOCK, count = s->n - first < BLOCK ? s->n - first : BLOCK;
    int32_t *stack = s->row_stack + round->begin[block], depth = round->begin[block + 1] - round->begin[block];
    struct bid_prices prices = {.own = s->columns.w, .other = round->seen, .first = first, .count = (uint32_t)count};
    int64_t bids = 0, most = (round->eps > 0 ? 20 : 2) * (int64_t)count;
    while (depth > 0 && bids < most) {
        int32_t row = stack[--depth];
        struct offer o;
        if (round->eps > 0)
            solve_offer_listed(s, row, &prices, &o);
        else
            solve_offer(s, row, &prices, &o);
        double beyond = s->list[row].beyond + s->trust;
        bool is_short = o.second > beyond && o.first + round->eps > beyond;
        round->wants[row] = is_short ? -1 : o.column;
        if (is_short || o.column < first || o.column >= first + count)
            continue;
        double raise = fmin(o.second, beyond) - o.first;
        if (raise + round->eps <= 0 && s->row_of[o.column] >= 0 && !solve_offer_free(s, row, &prices, &o)) {
            round->wants[row] = -1; /* a tie */
            continue;
        }
        int32_t loser = s->row_of[o.column];
        if (loser >= 0) {
            s->column_of[loser] = -1;
            round->wants[loser] = o.column;
            stack[depth++] = loser;
        }
        solve_match(s, row, o.column, o.cost);
        s->columns.w[o.column] -= (raise < INFINITY ? raise : 0) + round->eps;
        if (++bids % 1024 == 0 && isd_control_cancelled(s->progress.control))
            break;
    }
    round->bids[block] += (double)bids;
}

/* Free rows to the blocks they want something of; returns how many there are. */
static int32_t hand_out(struct round *round, int32_t blocks)
{
    const struct solve *s = round->s;
    memset(round->begin, 0, ((size_t)blocks + 2) * sizeof *round->begin);
    int32_t *next = round->begin + 1; /* counts, then where the next row goes, then where the next block begins */
    for (int32_t row = 0; row < s->n; row++)
        if (s->column_of[row] < 0 && round->wants[row] >= 0)
            next[round->wants[row] / BLOCK + 1]++;
    for (int32_t block = 0; block < blocks; block++)
        next[block + 1] += next[block];
    int32_t total = next[blocks];
    for (int32_t row = s->n - 1; row >= 0; row--)
        if (s->column_of[row] < 0 && round->wants[row] >= 0)
            s->row_stack[next[round->wants[row] / BLOCK]++] = row;
    return total;
}

isd_status solve_blocks(struct solve *s, double eps, isd_error *err)
{
    size_t n = (size_t)s->n;
    int32_t blocks = (s->n - 1) / BLOCK + 1, rounds = eps > 0 ? ROUNDS : REDUCTION_ROUNDS;
    if (blocks < 3)
        return ISD_OK;
    struct stretch stretch = solve_begin(s, eps > 0 ? "blocks" : "reduction");
    struct round round = {.s = s, .eps = eps};
    round.seen = malloc(n * sizeof *round.seen);
    round.wants = malloc(n * sizeof *round.wants);
    round.begin = malloc(((size_t)blocks + 2) * sizeof *round.begin);
    round.bids = calloc((size_t)blocks, sizeof *round.bids);
    isd_status status = round.seen && round.wants && round.begin && round.bids ? ISD_OK : isd_error_memory(err);
    for (int32_t row = 0; row < s->n && status == ISD_OK; row++)
        round.wants[row] = row; /* what is near is in the same block, most likely */
    for (int k = 0; k < rounds && status == ISD_OK && hand_out(&round, blocks) > waiting_few * s->n; k++) {
        memcpy(round.seen, s->columns.w, n * sizeof *round.seen);
        isd_control_for(s->progress.control, blocks, run_block, &round);
        if (isd_control_cancelled(s->progress.control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (int32_t k = 0; k < blocks && round.bids; k++)
        s->bids += round.bids[k];
    free(round.seen);
    free(round.wants);
    free(round.begin);
    free(round.bids);
    solve_end(s, &stretch);
    return status;
}
