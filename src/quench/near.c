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

/* Wraps the atoms and sorts them by boxes: atom[k] is then the one at place k. */
static bool sort_atoms(struct boxes *b, const struct quench_state *state, int32_t *atom)
{
    const size_t n = state->n3 / 3;
    double *r = malloc((3 * n + 1) * sizeof *r), shift[3];
    int32_t *box = malloc((n + 1) * sizeof *box);
    bool good = r && box;
    for (size_t i = 0; i < n && good; i++) {
        good = cell_wrap(&b->cell, state->x + 3 * i, r + 3 * i, shift) && !quench_interrupted(state, i);
    }
    if (good) {
        size_boxes(b, r, n);
        const size_t boxes = (size_t)b->count[0] * (size_t)b->count[1] * (size_t)b->count[2];
        b->start = calloc(boxes + 2, sizeof *b->start);
        b->r = malloc((3 * n + 1) * sizeof *b->r);
        good = b->start && b->r;
        for (size_t i = 0; i < n && good; i++) {
            box[i] = box_of(b, r + 3 * i);
            b->start[box[i] + 2]++;
            good = !quench_interrupted(state, i);
        }
        for (size_t k = 0; k < boxes && good; k++) {
            b->start[k + 2] += b->start[k + 1];
        }
        for (size_t i = 0; i < n && good; i++) {
            const size_t k = (size_t)b->start[box[i] + 1]++;
            atom[k] = (int32_t)i;
            memcpy(b->r + 3 * k, r + 3 * i, 3 * sizeof *r);
            good = !quench_interrupted(state, i);
        }
    }
    free(r);
    free(box);
    return good;
}

/* Who wants to know of a pair. */
struct meeting {
    near_fn *each;
    void *arg;
    int32_t share;
};

/* The atom at place a against the earlier ones of a box. `shift`: what brings that box next to a, or NULL where there are
 * so few boxes that the shortest way must be looked for. */
static bool meet_box(const struct meeting *m, const struct boxes *b, int32_t a, int32_t box, const double *shift)
{
    const double reach_sq = b->reach * b->reach, *ra = b->r + 3 * (size_t)a;
    const int32_t end = b->start[box + 1] < a ? b->start[box + 1] : a;
    for (int32_t k = b->start[box]; k < end; k++) {
        const double *rb = b->r + 3 * (size_t)k;
        double d[3] = {ra[0] - rb[0], ra[1] - rb[1], ra[2] - rb[2]};
        if (shift) {
            for (int q = 0; q < 3; q++) {
                d[q] -= shift[q];
            }
        } else {
            isd_lattice_shortest(&b->lattice, d);
        }
        const double sq = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if (sq < reach_sq && sq > 0 && !m->each(m->arg, m->share, a, k, d, sqrt(sq))) {
            return false;
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
                for (int32_t a = b->start[here]; a < b->start[here + 1] && box <= here && good; a++) {
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

static void search_share(void *arg, int32_t share)
{
    const struct search *search = arg;
    const struct boxes *b = search->boxes;
    const struct meeting meeting = {search->each, search->arg, share};
    const int64_t rows = (int64_t)b->count[1] * b->count[2], last = rows * (share + 1) / search->shares;
    bool good = true;
    for (int64_t row = rows * share / search->shares; row < last && good; row++) {
        int32_t at[3] = {0, (int32_t)(row % b->count[1]), (int32_t)(row / b->count[1])};
        good = !isd_control_cancelled(search->state->control);
        for (; at[0] < b->count[0] && good; at[0]++) {
            good = meet_neighbours(&meeting, b, at);
        }
    }
    search->good[share] = good;
}

bool near_find(const struct quench_state *state, double reach, int32_t shares, int32_t *atom, near_fn *each, void *arg)
{
    struct boxes b = {.reach = reach};
    cell_init(&b.cell, state->box);
    isd_lattice_init(&b.lattice, state->box);
    struct search search = {.state = state, .boxes = &b, .each = each, .arg = arg, .shares = shares,
                            .good = calloc((size_t)shares, sizeof *search.good)};
    bool good = search.good && sort_atoms(&b, state, atom);
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
