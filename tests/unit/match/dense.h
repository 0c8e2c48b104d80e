/* For the tests of matching: random boxes and points, and a dense solver to compare with. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_MATCH_DENSE_H
#define TEST_MATCH_DENSE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "isdmin/box.h"

static inline double cost_of(const isd_lattice *lattice, const double *a, const double *b)
{
    double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    return isd_lattice_shortest(lattice, d);
}

/* The optimum by dense shortest augmenting paths, O(n^3): rows are inserted one by one (Crouse 2016). INFINITY where a cost
 * is no edge; the answer is INFINITY if there is no matching then. partner [n] and ret_v [n] may be NULL. */
static inline double dense_optimum(const double *cost, int n, int32_t *partner, double *ret_v)
{
    double *u = calloc((size_t)n + 1, sizeof *u), *v = calloc((size_t)n + 1, sizeof *v);
    double *least = malloc(((size_t)n + 1) * sizeof *least);
    int *row_of = calloc((size_t)n + 1, sizeof *row_of), *way = calloc((size_t)n + 1, sizeof *way);
    char *used = malloc((size_t)n + 1);
    double sum = 0;
    bool impossible = false;
    for (int i = 1; i <= n; i++) {
        row_of[0] = i;
        int column = 0;
        for (int j = 0; j <= n; j++)
            least[j] = INFINITY;
        memset(used, 0, (size_t)n + 1);
        do {
            used[column] = 1;
            int row = row_of[column], next = 0;
            double delta = INFINITY;
            for (int j = 1; j <= n; j++) {
                if (used[j])
                    continue;
                double c = cost[(row - 1) * n + j - 1] - u[row] - v[j];
                if (c < least[j]) {
                    least[j] = c;
                    way[j] = column;
                }
                if (least[j] < delta) {
                    delta = least[j];
                    next = j;
                }
            }
            if (!(delta < INFINITY)) {
                impossible = true;
                goto done;
            }
            for (int j = 0; j <= n; j++) {
                if (used[j]) {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
        } while (row_of[column] != 0);
        for (; column != 0; column = way[column])
            row_of[column] = row_of[way[column]];
    }
    for (int j = 1; j <= n; j++) {
        sum += cost[(row_of[j] - 1) * n + j - 1];
        if (partner)
            partner[row_of[j] - 1] = j - 1;
        if (ret_v)
            ret_v[j - 1] = v[j];
    }
done:
    free(u);
    free(v);
    free(least);
    free(row_of);
    free(way);
    free(used);
    return impossible ? INFINITY : sum;
}

static inline isd_box random_box(struct rng *rng)
{
    isd_box box = {.dim = rng_below(rng, 3) ? 3 : 2};
    box.lx = 1 + 5 * rng_double(rng);
    box.ly = 1 + 5 * rng_double(rng);
    box.lz = 1 + 5 * rng_double(rng);
    for (int c = 0; c < 3; c++) {
        box.periodic[c] = rng_below(rng, 4) != 0;
        box.origin[c] = rng_double(rng);
    }
    if (rng_below(rng, 2)) {
        box.xy = 6 * (rng_double(rng) - 0.5);
        box.xz = box.dim == 3 ? 6 * (rng_double(rng) - 0.5) : 0;
        box.yz = box.dim == 3 ? 6 * (rng_double(rng) - 0.5) : 0;
    }
    return box;
}

/* Points of one of several kinds: anywhere (outside the box too), on a coarse grid (ties and duplicates), on a line. */
static inline void random_points(struct rng *rng, const isd_box *box, int kind, double *r, int n)
{
    for (int i = 0; i < n; i++) {
        double s[3];
        for (int c = 0; c < 3; c++)
            s[c] = kind == 1 ? rng_below(rng, 4) / 4.0 : kind == 2 && c > 0 ? 0.5 : 3 * rng_double(rng) - 1;
        isd_box_from_fraction(box, s, r + 3 * i);
    }
}

#endif
