/* The auction of a large problem in blocks that are worked on side by side. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A block owns a stretch of the curve, rows and columns. Its rows bid for its own columns only. The prices of others are looked at as
 * they were when the round began: since then they can only have become worse for the bidder, so what is best among its own is best,
 * and what is second best is no better than it seems: bids keep to eps whatever the others do. Rows that want what is not the block's
 * wait, as do rows whose lists are too short. The next round cuts the curve elsewhere. What blocks find does not depend on the
 * order in which they are worked on. */
#include "match/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8192, ROUNDS = 8 };
static const double waiting_few = 0.002; /* this share of the rows is left to the auction over all */

struct round {
    struct solve *s;
    double eps;
    int32_t shift;      /* where the curve is cut first */
    const double *seen; /* [n] prices of the beginning */
    int32_t *waiting;   /* by block: free rows, in row_stack from where the block begins */
    double *bids;       /* by block */
};

static int32_t block_begin(const struct round *round, int32_t block)
{
    int64_t begin = (int64_t)block * BLOCK - (block > 0 ? round->shift : 0);
    return begin > round->s->n ? round->s->n : (int32_t)begin;
}

static void run_block(void *arg, int32_t block)
{
    struct round *round = arg;
    struct solve *s = round->s;
    int32_t begin = block_begin(round, block), end = block_begin(round, block + 1), depth = round->waiting[block];
    int32_t *stack = s->row_stack + begin;
    struct bid_prices prices = {.own = s->columns.w, .other = round->seen, .first = begin, .count = (uint32_t)(end - begin)};
    int64_t bids = 0, most = 20 * (int64_t)(end - begin);
    while (depth > 0 && bids < most) {
        int32_t row = stack[--depth];
        struct offer o;
        solve_offer_listed(s, row, &prices, &o);
        double beyond = s->list[row].beyond + s->trust;
        if (o.column < begin || o.column >= end || (o.second > beyond && o.first + round->eps > beyond))
            continue;
        double raise = fmin(o.second, beyond) - o.first;
        int32_t loser = s->row_of[o.column];
        if (loser >= 0) {
            s->column_of[loser] = -1;
            stack[depth++] = loser;
        }
        solve_match(s, row, o.column, o.cost);
        s->columns.w[o.column] -= (raise < INFINITY ? raise : 0) + round->eps;
        if (++bids % 1024 == 0 && isd_control_cancelled(s->progress.control))
            break;
    }
    round->bids[block] += (double)bids;
}

/* Free rows to the blocks; returns how many there are. */
static int32_t hand_out(struct round *round, int32_t blocks)
{
    const struct solve *s = round->s;
    int32_t total = 0;
    for (int32_t block = 0; block < blocks; block++) {
        int32_t begin = block_begin(round, block), end = block_begin(round, block + 1), count = 0;
        for (int32_t row = end - 1; row >= begin; row--)
            if (s->column_of[row] < 0)
                s->row_stack[begin + count++] = row;
        round->waiting[block] = count;
        total += count;
    }
    return total;
}

isd_status solve_blocks(struct solve *s, double eps, isd_error *err)
{
    int32_t blocks = s->n / BLOCK + 2;
    if (s->n < 2 * BLOCK)
        return ISD_OK;
    struct stretch stretch = solve_begin(s, "blocks");
    double *seen = malloc((size_t)s->n * sizeof *seen), *bids = calloc((size_t)blocks, sizeof *bids);
    int32_t *waiting = malloc((size_t)blocks * sizeof *waiting);
    isd_status status = seen && bids && waiting ? ISD_OK : isd_error_memory(err);
    for (int k = 0; k < ROUNDS && status == ISD_OK; k++) {
        struct round round = {.s = s, .eps = eps, .shift = k % 2 ? BLOCK / 2 : 0, .seen = seen, .waiting = waiting, .bids = bids};
        if (hand_out(&round, blocks) <= waiting_few * s->n)
            break;
        memcpy(seen, s->columns.w, (size_t)s->n * sizeof *seen);
        isd_control_for(s->progress.control, blocks, run_block, &round);
        if (isd_control_cancelled(s->progress.control))
            status = isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    for (int32_t k = 0; k < blocks && bids; k++)
        s->bids += bids[k];
    free(seen);
    free(bids);
    free(waiting);
    solve_end(s, &stretch);
    return status;
}
