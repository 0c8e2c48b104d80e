/* Cycles of a permutation, and the chains left of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/reading.h"

#include <stdlib.h>

static isd_status check_next(const int32_t *next, int32_t n, unsigned char *seen, isd_error *err)
{
    for (int32_t i = 0; i < n; i++) {
        if (next[i] < 0 || next[i] >= n || seen[next[i]])
            return isd_error_set(err, ISD_USAGE, "cycles: entry %d is no part of a permutation", (int)i + 1);
        seen[next[i]] = 1;
    }
    for (int32_t i = 0; i < n; i++)
        seen[i] = 0;
    return ISD_OK;
}

static bool is_cut(const double *u, double cut, int32_t i)
{
    return cut >= 0 && u && u[i] > cut;
}

/* Chains of the cycle through `start`, of which some edge is cut: runs of edges between two cuts. */
static void count_chains(const int32_t *next, const double *u, double cut, int32_t start, struct cycle_stats *stats)
{
    int32_t first = start;
    while (!is_cut(u, cut, first))
        first = next[first];
    int32_t run = 0, i = first;
    do {
        i = next[i];
        if (!is_cut(u, cut, i)) {
            run++;
            continue;
        }
        if (run > 0) {
            stats->n_chains++;
            stats->chain_count[run]++;
            stats->longest_chain = run > stats->longest_chain ? run : stats->longest_chain;
        }
        run = 0;
    } while (i != first);
}

isd_status cycle_stats(const int32_t *next, const double *u, int32_t n, double cut, struct cycle_stats *ret_stats, isd_error *err)
{
    struct cycle_stats stats = {0};
    isd_status status = ISD_OK;
    size_t m = (size_t)(n < 0 ? 0 : n) + 1;
    unsigned char *seen = calloc(m, 1);
    stats.length_count = calloc(m, sizeof *stats.length_count);
    stats.chain_count = calloc(m, sizeof *stats.chain_count);
    if (!seen || !stats.length_count || !stats.chain_count)
        status = isd_error_memory(err);
    else
        status = check_next(next, n, seen, err);
    for (int32_t i = 0; i < n && status == ISD_OK; i++) {
        if (seen[i])
            continue;
        int32_t length = 0;
        bool broken = false;
        for (int32_t k = i; !seen[k]; k = next[k]) {
            seen[k] = 1;
            length++;
            broken = broken || is_cut(u, cut, k);
        }
        if (length == 1) {
            stats.fixed++;
        } else if (broken) {
            count_chains(next, u, cut, i, &stats);
        } else {
            stats.n_cycles++;
            stats.length_count[length]++;
            stats.longest = length > stats.longest ? length : stats.longest;
        }
    }
    free(seen);
    if (status == ISD_OK)
        *ret_stats = stats;
    else
        cycle_stats_done(&stats);
    return status;
}

void cycle_stats_done(struct cycle_stats *stats)
{
    if (!stats)
        return;
    free(stats->length_count);
    free(stats->chain_count);
    *stats = (struct cycle_stats){0};
}

isd_status match_next(const struct match *match, const isd_snapshot *a, const isd_snapshot *b, int32_t **ret_next, isd_error *err)
{
    if (!match->labelled || !match->partner)
        return isd_error_set(err, ISD_USAGE, "cycles need the ids of the atoms");
    int32_t *next = malloc(((size_t)match->n + 1) * sizeof *next);
    if (!next)
        return isd_error_memory(err);
    /* Both frames are sorted by id and have the same ids, so an index is a label. */
    for (int32_t i = 0; i < match->n; i++)
        next[i] = match->partner[i];
    *ret_next = next;
    return ISD_OK;
}

struct cycle {
    int32_t start, length;
};

static int by_length(const void *p, const void *q)
{
    const struct cycle *a = p, *b = q;
    if (a->length != b->length)
        return a->length < b->length ? 1 : -1;
    return (a->start > b->start) - (a->start < b->start);
}

/* Cycles of partner[], which between equal labels is a permutation of them. Starts are the smallest ids. */
isd_status cycles_number(struct match *match, isd_error *err)
{
    size_t n = (size_t)match->n + 1;
    match->cycle = malloc(n * sizeof *match->cycle);
    match->cycle_length = calloc(n, sizeof *match->cycle_length);
    struct cycle *cycles = malloc((n / 2 + 1) * sizeof *cycles);
    if (!match->cycle || !match->cycle_length || !cycles) {
        free(cycles);
        return isd_error_memory(err);
    }
    for (int32_t i = 0; i < match->n; i++) {
        if (match->cycle_length[i] > 0)
            continue;
        int32_t length = 0, k = i;
        do {
            length++;
            k = match->partner[k];
        } while (k != i);
        do {
            match->cycle_length[k] = length;
            match->cycle[k] = 0;
            k = match->partner[k];
        } while (k != i);
        if (length == 1)
            match->fixed++;
        else
            cycles[match->n_cycles++] = (struct cycle){i, length};
    }
    qsort(cycles, (size_t)match->n_cycles, sizeof *cycles, by_length);
    for (int32_t c = 0; c < match->n_cycles; c++) {
        int32_t k = cycles[c].start;
        do {
            match->cycle[k] = c + 1;
            k = match->partner[k];
        } while (k != cycles[c].start);
    }
    match->longest = match->n_cycles > 0 ? cycles[0].length : 0;
    free(cycles);
    return ISD_OK;
}
