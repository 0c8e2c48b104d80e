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

/* Columns in a block; after the first rounds, when few rows wait still, there are but so many blocks if that makes them
 * larger. Bids a row, in all. */
enum { BLOCK = 8192, FIRST_ROUNDS = 6, WIDE_BLOCKS = 4, ROUNDS = 100, REDUCTION_ROUNDS = 4, BIDS_ALL = 20 };
static const double waiting_few = 0.0001; /* this share of the rows is left to the auction over all */

struct segment {
    int32_t begin, end; /* rows of a block, in row_stack */
    int32_t depth;      /* those that may still bid, from the begin on */
    int32_t left;       /* those that want something of another block, up to the end */
    double bids;
};

struct round {
    struct solve *s;
    double eps;
    int32_t size, blocks;
    float *seen;      /* [n] prices of the beginning, in units and rounded up: what is second best may seem better, never worse */
    int32_t *waiting; /* [n] rows between rounds */
    int32_t n_waiting;
    struct segment *segment; /* by block */
};

/* What a row wants that waits is noted in column_of. */
static int32_t wish(int32_t column)
{
    return -2 - column;
}

static int32_t wished_block(const struct round *round, int32_t row)
{
    return wish(round->s->column_of[row]) / round->size;
}

static void run_block(void *arg, int32_t block)
{
    struct round *round = arg;
    struct solve *s = round->s;
    struct segment *segment = &round->segment[block];
    int32_t first = block * round->size, count = s->n - first < round->size ? s->n - first : round->size;
    int32_t *stack = s->row_stack + segment->begin, depth = segment->end - segment->begin, *left = s->row_stack + segment->end;
    struct bid_prices prices = {.own = s->columns.w, .other = round->seen, .unit = s->unit, .first = first, .count = (uint32_t)count};
    int64_t bids = 0, most = (round->eps > 0 ? 20 : 2) * (int64_t)count;
    while (depth > 0 && bids < most) {
        int32_t row = stack[--depth];
        struct offer o;
        if (round->eps > 0)
            solve_offer_listed(s, row, &prices, &o);
        else
            solve_offer(s, row, &prices, &o);
        double beyond = solve_beyond(s, row) + s->trust;
        s->column_of[row] = -1;
        if (o.second > beyond && o.first + round->eps > beyond)
            continue; /* left to the auction over all */
        s->column_of[row] = wish(o.column);
        if (o.column < first || o.column >= first + count) {
            *--left = row; /* no more rows are in hand than there were, so there is room */
            continue;
        }
        double raise = fmin(o.second, beyond) - o.first;
        if (raise + round->eps <= 0 && s->row_of[o.column] >= 0 && !solve_offer_free(s, row, &prices, &o)) {
            s->column_of[row] = -1;
            continue; /* a tie */
        }
        int32_t loser = s->row_of[o.column];
        if (loser >= 0) {
            s->column_of[loser] = wish(o.column);
            stack[depth++] = loser;
        }
        solve_match(s, row, o.column);
        s->columns.w[o.column] -= (raise < INFINITY ? raise : 0) + round->eps;
        if (++bids % 1024 == 0 && isd_control_cancelled(s->progress.control))
            break;
    }
    segment->depth = depth;
    segment->left = (int32_t)(s->row_stack + segment->end - left);
    segment->bids += (double)bids;
}

/* What the next round sees of other blocks. */
static void look_block(void *arg, int32_t block)
{
    const struct round *round = arg;
    size_t first = (size_t)block * (size_t)round->size, n = (size_t)round->s->n;
    size_t count = n - first < (size_t)round->size ? n - first : (size_t)round->size;
    double per_unit = 1 / round->s->unit;
    for (size_t j = first; j < first + count; j++) {
        double v = round->s->columns.w[j] * per_unit;
        round->seen[j] = (float)(v + fabs(v) * 0x1p-23);
    }
}

/* Rows that wait to the blocks they want something of, the last of each to bid first. */
static void hand_out(struct round *round)
{
    struct segment *segment = round->segment;
    for (int32_t block = 0; block < round->blocks; block++)
        segment[block].end = 0;
    for (int32_t k = 0; k < round->n_waiting; k++)
        segment[wished_block(round, round->waiting[k])].end++;
    for (int32_t block = 0, begin = 0; block < round->blocks; block++) {
        int32_t count = segment[block].end;
        segment[block].begin = segment[block].end = begin;
        begin += count;
    }
    for (int32_t k = 0; k < round->n_waiting; k++)
        round->s->row_stack[segment[wished_block(round, round->waiting[k])].end++] = round->waiting[k];
}

/* Those that wait after a round, block by block. */
static void gather(struct round *round)
{
    const int32_t *stack = round->s->row_stack;
    round->n_waiting = 0;
    for (int32_t block = 0; block < round->blocks; block++) {
        const struct segment *segment = &round->segment[block];
        for (int32_t k = segment->begin; k < segment->begin + segment->depth; k++)
            round->waiting[round->n_waiting++] = stack[k];
        for (int32_t k = segment->end - segment->left; k < segment->end; k++)
            round->waiting[round->n_waiting++] = stack[k];
    }
}

/* All free rows wait; what is near is in the same block, most likely. */
static void begin_waiting(struct round *round)
{
    for (int32_t row = round->s->n - 1; row >= 0; row--)
        if (round->s->column_of[row] < 0) {
            round->waiting[round->n_waiting++] = row;
            round->s->column_of[row] = wish(row);
        }
}

static double all_bids(const struct round *round)
{
    double bids = 0;
    for (int32_t block = 0; block < (round->s->n - 1) / BLOCK + 1; block++)
        bids += round->segment[block].bids;
    return bids;
}

static isd_status run_rounds(struct round *round, isd_error *err)
{
    struct solve *s = round->s;
    int32_t rounds = round->eps > 0 ? ROUNDS : REDUCTION_ROUNDS;
    begin_waiting(round);
    for (int32_t k = 0; k < rounds && round->n_waiting > waiting_few * s->n && all_bids(round) < (double)BIDS_ALL * s->n; k++) {
        round->size = k < FIRST_ROUNDS || s->n / WIDE_BLOCKS < BLOCK ? BLOCK : s->n / WIDE_BLOCKS + 1;
        round->blocks = (s->n - 1) / round->size + 1;
        isd_control_for(s->progress.control, round->blocks, look_block, round);
        hand_out(round);
        isd_control_for(s->progress.control, round->blocks, run_block, round);
        if (isd_control_cancelled(s->progress.control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        gather(round);
    }
    for (int32_t k = 0; k < round->n_waiting; k++)
        s->column_of[round->waiting[k]] = -1;
    return ISD_OK;
}

isd_status solve_blocks(struct solve *s, double eps, isd_error *err)
{
    size_t n = (size_t)s->n;
    int32_t blocks = (s->n - 1) / BLOCK + 1;
    if (blocks < 3)
        return ISD_OK;
    struct stretch stretch = solve_begin(s, eps > 0 ? "blocks" : "reduction");
    struct round round = {.s = s, .eps = eps};
    round.seen = solve_shared(s);
    round.waiting = (int32_t *)(round.seen + n);
    round.segment = calloc((size_t)blocks, sizeof *round.segment);
    isd_status status = round.segment ? run_rounds(&round, err) : isd_error_memory(err);
    if (round.segment)
        s->bids += all_bids(&round);
    free(round.segment);
    solve_end(s, &stretch);
    return status;
}
