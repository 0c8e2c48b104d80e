/* Independent check of an assignment: a tree of balls and the triangle inequality. SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Distances come from isd_lattice_shortest alone, which makes a metric of the periodic box: no point in a ball about c of
 * radius R is nearer to a than |c - a| - R. With the largest price in a ball that bounds C_ij - v_j from below for any
 * lattice, any dimension, and any arrangement of points. Shares no other code with the solver. */
#include "isdmin/match.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { BALL_POINTS = 6, POLL_POINTS = 256 };

struct ball {
    double center[3], radius, v_max;
    int32_t begin, end;
    int32_t child; /* the first of two, or 0 for a leaf */
};

struct point {
    double r[3];  /* as given */
    double at[3]; /* an image near the first point, for parting */
    double v;
};

struct forest {
    isd_lattice lattice;
    struct point *point; /* [n] */
    struct ball *ball;
    int32_t n_balls;
    double slack; /* rounding of positions */
    isd_control *control;
};

static double distance_sq(const isd_lattice *lattice, const double from[3], const double to[3])
{
    double d[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
    return isd_lattice_shortest(lattice, d);
}

static void swap_points(struct point *a, struct point *b)
{
    struct point t = *a;
    *a = *b;
    *b = t;
}

/* Parts the points so that the n/2 lower ones along c come first (quickselect). */
static void halve(struct point *point, int32_t n, int c)
{
    int32_t lo = 0, hi = n - 1, middle = n / 2;
    while (lo < hi) {
        double pivot = point[lo + (hi - lo) / 2].at[c];
        int32_t i = lo, j = hi;
        while (i <= j) {
            while (point[i].at[c] < pivot)
                i++;
            while (point[j].at[c] > pivot)
                j--;
            if (i <= j)
                swap_points(&point[i++], &point[j--]);
        }
        if (middle <= j)
            hi = j;
        else if (middle >= i)
            lo = i;
        else
            return;
    }
}

/* The ball about the middle of the points; returns their widest direction. */
static int surround(struct forest *forest, struct ball *ball)
{
    double lo[3], hi[3];
    const struct point *first = &forest->point[ball->begin];
    for (int c = 0; c < 3; c++)
        lo[c] = hi[c] = first->at[c];
    ball->v_max = first->v;
    for (int32_t k = ball->begin; k < ball->end; k++) {
        const struct point *p = &forest->point[k];
        ball->v_max = fmax(ball->v_max, p->v);
        for (int c = 0; c < 3; c++) {
            lo[c] = fmin(lo[c], p->at[c]);
            hi[c] = fmax(hi[c], p->at[c]);
        }
    }
    int widest = 0;
    for (int c = 0; c < 3; c++) {
        ball->center[c] = (lo[c] + hi[c]) / 2;
        if (hi[c] - lo[c] > hi[widest] - lo[widest])
            widest = c;
    }
    double far_sq = 0;
    for (int32_t k = ball->begin; k < ball->end; k++) {
        const double *at = forest->point[k].at, *o = ball->center;
        double x = at[0] - o[0], y = at[1] - o[1], z = at[2] - o[2];
        far_sq = fmax(far_sq, x * x + y * y + z * z);
    }
    ball->radius = sqrt(far_sq) * (1 + 8 * DBL_EPSILON) + forest->slack;
    return widest;
}

static isd_status plant(struct forest *forest, int32_t n)
{
    forest->n_balls = 1;
    forest->ball[0].begin = 0;
    forest->ball[0].end = n;
    for (int32_t k = 0; k < forest->n_balls; k++) {
        struct ball *ball = &forest->ball[k];
        int widest = surround(forest, ball);
        int32_t count = ball->end - ball->begin;
        ball->child = 0;
        if (isd_control_cancelled(forest->control))
            return ISD_CANCELLED;
        if (count <= BALL_POINTS)
            continue;
        halve(forest->point + ball->begin, count, widest);
        ball->child = forest->n_balls;
        forest->ball[forest->n_balls].begin = ball->begin;
        forest->ball[forest->n_balls++].end = ball->begin + count / 2;
        forest->ball[forest->n_balls].begin = ball->begin + count / 2;
        forest->ball[forest->n_balls++].end = ball->end;
    }
    return ISD_OK;
}

/* No C - v in the ball is less, seen from r. */
static double ball_bound(const struct forest *forest, const struct ball *ball, const double r[3])
{
    double gap = sqrt(distance_sq(&forest->lattice, r, ball->center)) * (1 - 8 * DBL_EPSILON) - ball->radius;
    return (gap > 0 ? gap * gap : 0) - ball->v_max;
}

/* The least C - v over all points, seen from r, if it is less than `least`; else `least`. */
static double least_value(const struct forest *forest, const double r[3], double least)
{
    int32_t stack[96];
    double bound[96];
    int depth = 0;
    bound[depth] = ball_bound(forest, &forest->ball[0], r);
    stack[depth++] = 0;
    while (depth > 0) {
        depth--;
        if (bound[depth] >= least)
            continue;
        const struct ball *ball = &forest->ball[stack[depth]];
        if (ball->child == 0) {
            for (int32_t k = ball->begin; k < ball->end; k++)
                least = fmin(least, distance_sq(&forest->lattice, r, forest->point[k].r) - forest->point[k].v);
            continue;
        }
        int32_t left = ball->child, right = left + 1;
        double bound_left = ball_bound(forest, &forest->ball[left], r), bound_right = ball_bound(forest, &forest->ball[right], r);
        bool left_first = bound_left < bound_right;
        stack[depth] = left_first ? right : left;
        bound[depth++] = left_first ? bound_right : bound_left;
        stack[depth] = left_first ? left : right;
        bound[depth++] = left_first ? bound_left : bound_right;
    }
    return least;
}

static bool is_permutation(const int32_t *partner, int32_t n, unsigned char *seen)
{
    for (int32_t i = 0; i < n; i++) {
        if (partner[i] < 0 || partner[i] >= n || seen[partner[i]])
            return false;
        seen[partner[i]] = 1;
    }
    return true;
}

/* false: something is not finite. */
static bool gather(struct forest *forest, const double *a, const double *b, const double *v, int32_t n)
{
    double reach = 0;
    bool flat = forest->lattice.dim == 2;
    for (int32_t j = 0; j < n; j++) {
        struct point *p = &forest->point[j];
        double d[3];
        for (int c = 0; c < 3; c++) {
            bool ignored = flat && c == 2;
            double ra = ignored ? 0 : a[3 * (size_t)j + (size_t)c];
            p->r[c] = ignored ? 0 : b[3 * (size_t)j + (size_t)c];
            d[c] = p->r[c] - forest->point[0].r[c];
            if (!isfinite(p->r[c]) || !isfinite(ra))
                return false;
            reach = fmax(reach, fmax(fabs(ra), fabs(p->r[c])));
        }
        isd_lattice_shortest(&forest->lattice, d);
        for (int c = 0; c < 3; c++)
            p->at[c] = forest->point[0].r[c] + d[c];
        p->v = v[j];
        if (!isfinite(p->v))
            return false;
    }
    forest->slack = 64 * DBL_EPSILON * reach;
    for (int k = 0; k < forest->lattice.rank; k++)
        for (int c = 0; c < 3; c++)
            forest->slack += 64 * DBL_EPSILON * fabs(forest->lattice.basis[k][c]);
    return true;
}

static isd_status add_slacks(const struct forest *forest, const double *a, const double *b, int32_t n, const int32_t *partner,
                             const double *v, isd_certificate *certificate, isd_error *err)
{
    double sum = 0, gap = 0, c_max = 0, v_max = 0;
    for (int32_t i = 0; i < n; i++) {
        const double *r = a + 3 * (size_t)i;
        double cost = distance_sq(&forest->lattice, r, b + 3 * (size_t)partner[i]), mine = cost - v[partner[i]];
        sum += cost;
        gap += mine - least_value(forest, r, mine);
        c_max = fmax(c_max, cost);
        v_max = fmax(v_max, fabs(v[i]));
        if (i % POLL_POINTS == 0 && isd_control_cancelled(forest->control))
            return isd_error_set(err, ISD_CANCELLED, "cancelled");
    }
    certificate->sum_sq = sum;
    certificate->gap_abs = gap;
    certificate->dual = sum - gap;
    certificate->bound = n * 8 * DBL_EPSILON * (c_max + v_max) + 1e-12 * sum;
    certificate->certified = gap <= certificate->bound;
    return ISD_OK;
}

isd_status isd_assignment_check(const isd_box *box, const double *a, const double *b, int32_t n, const int32_t *partner,
                                const double *v, isd_control *control, isd_certificate *ret_certificate, isd_error *err)
{
    isd_certificate certificate = {.gap_abs = INFINITY, .dual = -INFINITY};
    struct forest forest = {.control = control};
    isd_status status = ISD_OK;
    if (n < 0)
        return isd_error_set(err, ISD_USAGE, "check of a matching: %d points", (int)n);
    size_t m = (size_t)n + 1;
    unsigned char *seen = calloc(m, 1);
    forest.point = malloc(m * sizeof *forest.point);
    forest.ball = malloc(2 * m * sizeof *forest.ball);
    if (!seen || !forest.point || !forest.ball) {
        status = isd_error_memory(err);
        goto done;
    }
    isd_lattice_init(&forest.lattice, box);
    if (n == 0) {
        certificate = (isd_certificate){.certified = true};
    } else if (is_permutation(partner, n, seen) && gather(&forest, a, b, v, n)) {
        status = plant(&forest, n);
        if (status != ISD_OK)
            isd_error_set(err, status, "cancelled");
        else
            status = add_slacks(&forest, a, b, n, partner, v, &certificate, err);
    }
    if (status == ISD_OK)
        *ret_certificate = certificate;
done:
    free(seen);
    free(forest.point);
    free(forest.ball);
    return status;
}
