/* Atoms that took each other's places. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/rings.h"

#include <math.h>
#include <stdlib.h>

void rings_done(struct rings *rings)
{
    if (!rings)
        return;
    free(rings->ring);
    free(rings->member);
    free(rings->seen);
    free(rings->cycle_count);
    free(rings->chain_count);
    *rings = (struct rings){0};
}

static int longest_first(const void *p, const void *q)
{
    const struct ring *a = p, *b = q;
    if (a->length != b->length)
        return a->length < b->length ? 1 : -1;
    if (a->closed != b->closed)
        return a->closed ? -1 : 1;
    return a->cycle != b->cycle ? (a->cycle > b->cycle) - (a->cycle < b->cycle) : (a->first > b->first) - (a->first < b->first);
}

static bool is_cut(const struct match *match, int32_t place, double cut)
{
    return match->u_mat[place] > cut; /* false for NaN */
}

/* The numbers of the stretch of `length` members behind `first`; the edge to a place is told by the place. */
static struct ring measure(const struct match *match, const int32_t *member, int32_t first, int32_t length, bool closed)
{
    struct ring ring = {.first = first, .length = length, .closed = closed, .cycle = match->cycle[member[first]]};
    double lab = 0, mat = 0;
    for (int32_t k = 0; k < length; k++) {
        int32_t atom = member[first + k];
        lab += match->u_lab ? match->u_lab[atom] : NAN;
        if (k == 0 && !closed)
            continue;
        mat += match->u_mat[atom];
        ring.longest = fmax(ring.longest, match->u_mat[atom]);
    }
    ring.u_lab = lab / length;
    ring.u_mat = mat / (closed ? length : length - 1);
    return ring;
}

/* The cycle through `start` into member[length] in the order of motion: partner[] says which atom comes to a place, so it is followed
 * backwards. It begins at a place whose edge is cut, if there is one, so that chains are stretches. True: none is cut. */
static bool unroll(const struct match *match, int32_t start, int32_t length, double cut, int32_t *member)
{
    int32_t place = start;
    bool closed = true;
    for (int32_t k = 0; k < length && closed; k++) {
        closed = !is_cut(match, place, cut);
        start = closed ? start : place;
        place = match->partner[place];
    }
    place = match->partner[start];
    for (int32_t k = length; k-- > 0; place = match->partner[place])
        member[k] = place;
    return closed;
}

/* What is left of a cycle that is cut: its stretches of at least one edge. */
static void add_chains(const struct match *match, int32_t first, int32_t length, double cut, struct rings *rings)
{
    int32_t begin = 0;
    for (int32_t k = 1; k <= length; k++) {
        if (k < length && !is_cut(match, rings->member[first + k], cut))
            continue;
        if (k - begin > 1) {
            rings->ring[rings->n++] = measure(match, rings->member, first + begin, k - begin, false);
            rings->chain_count[k - begin - 1]++;
            rings->n_chains++;
        }
        begin = k;
    }
}

static void add_all(const struct match *match, double cut, struct rings *rings)
{
    int32_t used = 0;
    for (int32_t i = 0; i < match->n; i++) {
        int32_t length = match->cycle_length[i];
        if (length == 1)
            rings->fixed++;
        if (length == 1 || rings->seen[match->cycle[i]])
            continue;
        rings->seen[match->cycle[i]] = 1;
        if (unroll(match, i, length, cut, rings->member + used)) {
            rings->ring[rings->n++] = measure(match, rings->member, used, length, true);
            rings->cycle_count[length]++;
            rings->n_cycles++;
        } else {
            add_chains(match, used, length, cut, rings);
        }
        used += length;
    }
    rings->exchanged = used;
}

isd_status rings_make(const struct match *match, double cut, struct rings *ret_rings, isd_error *err)
{
    if (!match->labelled || !match->cycle)
        return isd_error_set(err, ISD_USAGE, "cycles need the ids of the atoms");
    size_t n = (size_t)match->n + 2;
    struct rings rings = {.ring = malloc(n * sizeof *rings.ring),
                          .member = malloc(n * sizeof *rings.member),
                          .seen = calloc(n, sizeof *rings.seen),
                          .cycle_count = calloc(n, sizeof *rings.cycle_count),
                          .chain_count = calloc(n, sizeof *rings.chain_count)};
    if (!rings.ring || !rings.member || !rings.seen || !rings.cycle_count || !rings.chain_count) {
        rings_done(&rings);
        return isd_error_memory(err);
    }
    add_all(match, cut, &rings);
    qsort(rings.ring, (size_t)rings.n, sizeof *rings.ring, longest_first);
    for (int32_t length = 0; length <= match->longest; length++)
        if (rings.cycle_count[length] > 0 || rings.chain_count[length] > 0)
            rings.longest = length;
    *ret_rings = rings;
    return ISD_OK;
}

int32_t rings_of(const struct rings *rings, int32_t atom)
{
    for (int32_t k = 0; k < rings->n; k++)
        for (int32_t m = 0; m < rings->ring[k].length; m++)
            if (rings->member[rings->ring[k].first + m] == atom)
                return k;
    return -1;
}
