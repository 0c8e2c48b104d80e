/* The distances of the authors' script: one wrap, whatever the distance. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One wrap gives the shortest of the images -1, 0, 1 along each axis. So no cost is below the periodic one, the periodic
 * duals stay feasible, and the periodic optimum is the script's where all its pairs are within one wrap. Those that are not
 * are freed and matched again by shortest augmenting paths over all pairs. */
#include "match/reading.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

double script_wrap(const isd_box *box, double d[3])
{
    const double edge[3] = {box->lx, box->ly, box->lz};
    if (box->dim == 2)
        d[2] = 0;
    for (int c = 0; c < box->dim; c++) {
        if (d[c] > edge[c] / 2)
            d[c] -= edge[c];
        else if (d[c] < -edge[c] / 2)
            d[c] += edge[c];
    }
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

struct script {
    const isd_box *box;
    const double *a, *b;
    int32_t n;
    int32_t *row_of;  /* [n] row of a column, -1: free */
    double *u, *v;    /* feasible for the script's costs */
    double *least;    /* [n] of the search under way */
    int32_t *way;     /* [n] the column before */
    bool *used;
};

static double cost(const struct script *s, int32_t i, int32_t j)
{
    const double *a = s->a + 3 * (size_t)i, *b = s->b + 3 * (size_t)j;
    double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    return script_wrap(s->box, d);
}

static void script_done(struct script *s)
{
    free(s->row_of);
    free(s->least);
    free(s->way);
    free(s->used);
}

static isd_status script_init(struct script *s, const isd_box *box, const double *a, const double *b, const isd_assignment *x,
                              isd_error *err)
{
    size_t n = (size_t)x->n + 1;
    *s = (struct script){.box = box, .a = a, .b = b, .n = x->n, .u = x->u, .v = x->v};
    s->row_of = malloc(n * sizeof *s->row_of);
    s->least = malloc(n * sizeof *s->least);
    s->way = malloc(n * sizeof *s->way);
    s->used = malloc(n * sizeof *s->used);
    return s->row_of && s->least && s->way && s->used ? ISD_OK : isd_error_memory(err);
}

/* Keeps the pairs that one wrap reaches; returns how many rows are left without. u becomes what is tight on the rest. */
static int32_t keep_reached(struct script *s, const isd_assignment *x)
{
    isd_lattice lattice;
    int32_t left = 0;
    isd_lattice_init(&lattice, s->box);
    for (int32_t i = 0; i < s->n; i++) {
        const double *a = s->a + 3 * (size_t)i, *b = s->b + 3 * (size_t)x->partner[i];
        double d[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]}, shortest = isd_lattice_shortest(&lattice, d);
        bool reached = cost(s, i, x->partner[i]) <= shortest * (1 + 1e-12) + 1e-14 * s->box->lx * s->box->lx;
        s->row_of[x->partner[i]] = reached ? i : -1;
        s->u[i] = shortest - s->v[x->partner[i]];
        left += !reached;
    }
    return left;
}

/* The free column that is nearest to row i by reduced costs; the prices are made tight along the way (Crouse 2016). -1 when
 * cancelled. */
static int32_t search(struct script *s, int32_t i, const isd_control *control)
{
    int32_t n = s->n, row = i, column = -1;
    double reach = 0;
    for (int32_t j = 0; j < n; j++) {
        s->least[j] = INFINITY;
        s->used[j] = false;
    }
    do {
        int32_t next = -1;
        if (isd_control_cancelled(control))
            return -1;
        for (int32_t j = 0; j < n; j++) {
            if (s->used[j])
                continue;
            double value = reach + cost(s, row, j) - s->u[row] - s->v[j];
            if (value < s->least[j]) {
                s->least[j] = value;
                s->way[j] = column;
            }
            if (next < 0 || s->least[j] < s->least[next])
                next = j;
        }
        reach = s->least[next];
        column = next;
        s->used[column] = true;
        row = s->row_of[column];
    } while (row >= 0);
    s->u[i] += reach;
    for (int32_t j = 0; j < n; j++)
        if (s->used[j] && s->row_of[j] >= 0) {
            s->u[s->row_of[j]] += reach - s->least[j];
            s->v[j] -= reach - s->least[j];
        }
    return column;
}

static isd_status rematch(struct script *s, isd_assignment *x, isd_control *control, isd_error *err)
{
    for (int32_t i = 0; i < s->n; i++) {
        if (s->row_of[x->partner[i]] == i)
            continue;
        int32_t column = search(s, i, control);
        if (column < 0)
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        while (column >= 0) {
            int32_t before = s->way[column];
            s->row_of[column] = before >= 0 ? s->row_of[before] : i;
            column = before;
        }
        for (int32_t j = 0; j < s->n; j++)
            if (s->row_of[j] >= 0)
                x->partner[s->row_of[j]] = j;
    }
    x->sum_sq = 0;
    for (int32_t i = 0; i < s->n; i++)
        x->sum_sq += cost(s, i, x->partner[i]);
    return ISD_OK;
}

/* Slacks over all pairs, anew from positions, partner and v. */
static isd_status prove(const struct script *s, const isd_assignment *x, isd_control *control, isd_certificate *ret, isd_error *err)
{
    isd_certificate proof = {0};
    double c_max = 0, v_max = 0;
    for (int32_t i = 0; i < s->n; i++) {
        double least = INFINITY, own = cost(s, i, x->partner[i]);
        if (isd_control_cancelled(control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
        for (int32_t j = 0; j < s->n; j++)
            least = fmin(least, cost(s, i, j) - x->v[j]);
        proof.sum_sq += own;
        proof.gap_abs += own - x->v[x->partner[i]] - least;
        c_max = fmax(c_max, own);
        v_max = fmax(v_max, fabs(x->v[i]));
    }
    proof.dual = proof.sum_sq - proof.gap_abs;
    proof.bound = s->n * 8 * DBL_EPSILON * (c_max + v_max) + 1e-12 * proof.sum_sq;
    proof.certified = proof.gap_abs <= proof.bound;
    *ret = proof;
    return ISD_OK;
}

isd_status script_assign(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *prefer,
                         struct progress progress, isd_assignment *ret_assignment, isd_certificate *ret_certificate,
                         isd_error *err)
{
    isd_assignment x = {0};
    isd_certificate proof = {0};
    struct script s = {0};
    isd_status status = assign_part(box, a, b, n, prefer, progress, &x, err);
    if (status == ISD_OK)
        status = script_init(&s, box, a, b, &x, err);
    if (status == ISD_OK && keep_reached(&s, &x) > 0) {
        status = rematch(&s, &x, progress.control, err);
        if (status == ISD_OK)
            status = prove(&s, &x, progress.control, &proof, err);
    } else if (status == ISD_OK) {
        status = isd_assignment_check(box, a, b, n, x.partner, x.v, progress.control, &proof, err);
    }
    script_done(&s);
    if (status != ISD_OK) {
        isd_assignment_done(&x);
        return status;
    }
    *ret_assignment = x;
    *ret_certificate = proof;
    return ISD_OK;
}
