/* Pairs of atoms near each other, found afresh. SPDX-License-Identifier: GPL-3.0-or-later */
#include "quench/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neigh/cell.h"

/* Atoms sorted into boxes no smaller than the reach. */
struct boxes {
    struct cell cell;
    isd_lattice lattice;
    double reach, low[3], width[3]; /* of a box, in fractions */
    int32_t count[3], *start; /* [boxes + 1] into the order of the atoms */
    double *r;                /* [3 n] in that order, inside the cell */
};

/* How many boxes along each axis; in directions that are not periodic they cover the atoms there are. */
static void size_boxes(struct boxes *b, const double *r, size_t n)
{
    double high[3] = {0, 0, 0}, all = 1;
    for (int q = 0; q < 3; q++) {
        b->low[q] = 0;
        high[q] = 1;
        for (size_t i = 0; i < n && q >= b->cell.rank; i++) {
            const double s = cell_fraction(&b->cell, q, r + 3 * i);
            b->low[q] = i == 0 || s < b->low[q] ? s : b->low[q];
            high[q] = i == 0 || s > high[q] ? s : high[q];
        }
        const double width = b->cell.height[q] * (high[q] - b->low[q]) / b->reach;
        b->count[q] = width < 1 ? 1 : width < 1000 ? (int32_t)width : 1000;
        all *= b->count[q];
    }
    while (all > 4.0 * (double)n + 64) { /* mostly empty */
        const int q = b->count[0] >= b->count[1] && b->count[0] >= b->count[2] ? 0 : b->count[1] >= b->count[2] ? 1 : 2;
        all /= b->count[q];
        b->count[q] = (b->count[q] + 1) / 2;
        all *= b->count[q];
    }
    for (int q = b->cell.rank; q < 3; q++) {
        high[q] = high[q] > b->low[q] ? high[q] : b->low[q] + 1;
    }
    for (int q = 0; q < 3; q++) {
        b->width[q] = (high[q] - b->low[q]) / b->count[q];
    }
}

static int32_t box_of(const struct boxes *b, const double *r)
{
    int32_t at[3];
    for (int q = 0; q < 3; q++) {
        const double s = (cell_fraction(&b->cell, q, r) - b->low[q]) / b->width[q];
        at[q] = s > 0 ? (s < b->count[q] - 1 ? (int32_t)s : b->count[q] - 1) : 0;
    }
    return (at[2] * b->count[1] + at[1]) * b->count[0] + at[0];
}

/* The atoms as they come, before they are in order. */
struct unsorted {
    const struct quench_state *state;
    const struct boxes *boxes;
    double *r;    /* [3 n] inside the cell */
    int32_t *box; /* [n] */
};

/* The chunk's first sum of the state: 0 if an atom is lost. */
static void wrap_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct unsorted *u = arg;
    bool good = true;
    for (size_t k = first; k < last && good; k += 3) {
        double shift[3];
        good = cell_wrap(&u->boxes->cell, u->state->x + k, u->r + k, shift);
    }
    u->state->part[chunk * QUENCH_SUMS] = good;
}

static void number_part(void *arg, int32_t chunk, size_t first, size_t last)
{
    const struct unsorted *u = arg;
    (void)chunk;
    for (size_t k = first; k < last; k += 3) {
        u->box[k / 3] = box_of(u->boxes, u->r + k);
    }
}

/* Wraps the atoms and sorts them by boxes: atom[k] is then the one at place k. */
static bool sort_atoms(struct boxes *b, const struct quench_state *state, int32_t *atom)
{
    const size_t n = state->n3 / 3;
    const struct unsorted u = {state, b, malloc((3 * n + 1) * sizeof *u.r), malloc((n + 1) * sizeof *u.box)};
    bool good = u.r && u.box;
    if (good) {
        quench_each(state, wrap_part, (void *)&u);
        good = quench_total(state, 0) == state->chunks;
    }
    if (good) {
        size_boxes(b, u.r, n);
        quench_each(state, number_part, (void *)&u);
        const size_t boxes = (size_t)b->count[0] * (size_t)b->count[1] * (size_t)b->count[2];
        b->start = calloc(boxes + 2, sizeof *b->start);
        b->r = malloc((3 * n + 1) * sizeof *b->r);
        good = b->start && b->r;
        for (size_t i = 0; i < n && good; i++) {
            b->start[u.box[i] + 2]++;
        }
        for (size_t k = 0; k < boxes && good; k++) {
            b->start[k + 2] += b->start[k + 1];
        }
        for (size_t i = 0; i < n && good; i++) {
            const size_t k = (size_t)b->start[u.box[i] + 1]++;
            atom[k] = (int32_t)i;
            memcpy(b->r + 3 * k, u.r + 3 * i, 3 * sizeof *u.r);
            good = !quench_interrupted(state, i);
        }
    }
    free(u.r);
    free(u.box);
    return good;
}

enum { LOOK = 64 }; /* places looked at before any of them is told */

/* Who wants to know of a pair. */
struct meeting {
    near_fn *each;
    void *arg;
    int32_t share, end; /* its boxes end before this one */
};

/* Which of the places first ... last - 1 are within reach of ra, without a branch; returns how many. */
static int within(const struct boxes *b, const double *ra, int32_t first, int32_t last, const double *shift, int32_t *ret_place)
{
    const double reach_sq = b->reach * b->reach, x = ra[0] - shift[0], y = ra[1] - shift[1], z = ra[2] - shift[2];
    int n = 0;
    for (int32_t k = first; k < last; k++) {
        const double *rb = b->r + 3 * (size_t)k;
        const double d[3] = {x - rb[0], y - rb[1], z - rb[2]};
        const double sq = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        ret_place[n] = k;
        n += (sq < reach_sq) & (sq > 0);
    }
    return n;
}

/* The atom at place a against those of a box: the earlier ones, or all where its pairs are told to both. `shift`: what brings
 * that box next to a, or NULL where there are so few boxes that the shortest way must be looked for. */
static bool meet_box(const struct meeting *m, const struct boxes *b, int32_t a, int32_t box, const double *shift)
{
    const double reach_sq = b->reach * b->reach, *ra = b->r + 3 * (size_t)a;
    const int32_t last = box < m->end && b->start[box + 1] > a ? a : b->start[box + 1];
    for (int32_t first = b->start[box]; first < last; first += LOOK) {
        int32_t place[LOOK];
        const int32_t few = last - first < LOOK ? last - first : LOOK;
        const int found = shift ? within(b, ra, first, first + few, shift, place) : few;
        for (int k = 0; k < found; k++) {
            const int32_t other = shift ? place[k] : first + k;
            const double *rb = b->r + 3 * (size_t)other;
            double d[3] = {ra[0] - rb[0], ra[1] - rb[1], ra[2] - rb[2]};
            if (shift) {
                for (int q = 0; q < 3; q++) {
                    d[q] -= shift[q];
                }
            } else {
                isd_lattice_shortest(&b->lattice, d);
            }
            const double sq = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            if (sq < reach_sq && sq > 0 && !m->each(m->arg, m->share, a, other, d, sqrt(sq))) {
                return false;
            }
        }
    }
    return true;
}

/* Neighbouring boxes along one axis, each once: steps from..to; false in *ret_plain where boxes meet themselves. */
static void steps(const struct boxes *b, int axis, int32_t at, int *ret_from, int *ret_to, bool *plain)
{
    const int32_t count = b->count[axis];
    const bool around = axis < b->cell.rank;
    *ret_from = (around ? count > 2 : at > 0) ? -1 : 0;
    *ret_to = (around ? count > 1 : at + 1 < count) ? 1 : 0;
    *plain = *plain && (!around || count > 2);
}

static bool meet_neighbours(const struct meeting *meeting, const struct boxes *b, const int32_t at[3])
{
    int from[3], to[3], m[3];
    bool plain = true, good = true;
    for (int q = 0; q < 3; q++) {
        steps(b, q, at[q], &from[q], &to[q], &plain);
    }
    const int32_t here = (at[2] * b->count[1] + at[1]) * b->count[0] + at[0];
    for (m[2] = from[2]; m[2] <= to[2]; m[2]++) {
        for (m[1] = from[1]; m[1] <= to[1]; m[1]++) {
            for (m[0] = from[0]; m[0] <= to[0]; m[0]++) {
                int32_t there[3];
                double shift[3] = {0, 0, 0};
                for (int q = 0; q < 3; q++) {
                    there[q] = at[q] + m[q];
                    const int turn = there[q] < 0 ? -1 : there[q] >= b->count[q] ? 1 : 0;
                    there[q] -= turn * b->count[q];
                    for (int x = 0; x < 3; x++) {
                        shift[x] += turn * b->cell.basis[q][x];
                    }
                }
                const int32_t box = (there[2] * b->count[1] + there[1]) * b->count[0] + there[0];
                const bool mine = box <= here || box >= meeting->end; /* other boxes of the share tell of it themselves */
                for (int32_t a = b->start[here]; a < b->start[here + 1] && mine && good; a++) {
                    good = meet_box(meeting, b, a, box, plain ? shift : NULL);
                }
            }
        }
    }
    return good;
}

/* The boxes in rows along the first axis, a run of rows for each share. */
struct search {
    const struct quench_state *state;
    const struct boxes *boxes;
    near_fn *each;
    void *arg;
    int32_t shares;
    bool *good; /* [shares] */
};

/* The row with which a share begins. */
static int64_t row_of(const struct search *search, int32_t share)
{
    return (int64_t)search->boxes->count[1] * search->boxes->count[2] * share / search->shares;
}

static void search_share(void *arg, int32_t share)
{
    const struct search *search = arg;
    const struct boxes *b = search->boxes;
    const int64_t last = row_of(search, share + 1);
    const struct meeting meeting = {search->each, search->arg, share, (int32_t)(last * b->count[0])};
    bool good = true;
    for (int64_t row = row_of(search, share); row < last && good; row++) {
        int32_t at[3] = {0, (int32_t)(row % b->count[1]), (int32_t)(row / b->count[1])};
        good = !isd_control_cancelled(search->state->control);
        for (; at[0] < b->count[0] && good; at[0]++) {
            good = meet_neighbours(&meeting, b, at);
        }
    }
    search->good[share] = good;
}

bool near_find(const struct quench_state *state, double reach, int32_t shares, int32_t *ret_atom, int32_t *ret_first, near_fn *each,
               void *arg)
{
    struct boxes b = {.reach = reach};
    cell_init(&b.cell, state->box);
    isd_lattice_init(&b.lattice, state->box);
    struct search search = {.state = state, .boxes = &b, .each = each, .arg = arg, .shares = shares,
                            .good = calloc((size_t)shares, sizeof *search.good)};
    bool good = search.good && sort_atoms(&b, state, ret_atom);
    for (int32_t k = 0; k <= shares && good; k++) {
        ret_first[k] = b.start[row_of(&search, k) * b.count[0]];
    }
    if (good) {
        isd_control_for(state->control, shares, search_share, &search);
    }
    for (int32_t k = 0; k < shares && good; k++) {
        good = search.good[k];
    }
    free(search.good);
    free(b.start);
    free(b.r);
    return good;
}
