/* Points that a law is fitted to. SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cmd/law_points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEAST_POINTS = 3, LEAST_CYCLES = 3 }; /* of fewer cycles the error is that of the closed form */

isd_status law_window_from_call(const struct command_call *call, struct law_window *window, isd_error *err)
{
    const char *x = call_option(call, "range"), *tw = call_option(call, "tw");
    *window = (struct law_window){.r0 = call_real(call, "r0", NAN)};
    isd_status status = x ? ranges_parse(x, &window->x, &window->n_x, err) : ISD_OK;
    return status == ISD_OK && tw ? ranges_parse(tw, &window->tw, &window->n_tw, err) : status;
}

void law_window_done(struct law_window *window)
{
    free(window->x);
    free(window->tw);
}

void law_points_done(struct law_points *points)
{
    free(points->x);
    free(points->group);
    free(points->from);
    state_list_done(&points->states);
    *points = (struct law_points){0};
}

static isd_status make_room(struct law_points *points, int most, isd_error *err)
{
    size_t n = most > 0 ? (size_t)most : 1;
    double *numbers = malloc(5 * n * sizeof *numbers);
    *points = (struct law_points){.x = numbers, .group = malloc(n * sizeof *points->group), .from = malloc(n * sizeof *points->from)};
    if (!numbers || !points->group || !points->from || state_list_init(&points->states, most, NULL) != ISD_OK) {
        law_points_done(points);
        return isd_error_memory(err);
    }
    points->se_x = numbers + n;
    points->y = numbers + 2 * n;
    points->se_y = numbers + 3 * n;
    points->dof_y = numbers + 4 * n;
    return ISD_OK;
}

/* What points are looked for. */
struct choosing {
    const struct point_table *table;
    enum point_column x, y;
    const struct law_window *window;
};

static double r0_of(const struct choosing *c, const struct point *point)
{
    return isfinite(point->value[POINT_R0]) ? point->value[POINT_R0] : c->window->r0;
}

static bool has_both(const struct choosing *c, const struct point *point)
{
    return !isnan(point->value[c->x]) && !isnan(point->value[c->y]);
}

static bool any_r0(const struct choosing *c)
{
    for (int k = 0; k < c->table->n; k++)
        if (has_both(c, &c->table->point[k]) && isfinite(r0_of(c, &c->table->point[k])))
            return true;
    return false;
}

static bool is_inside(const struct law_window *window, double x, double t_w)
{
    return (!window->x || ranges_hold(window->x, window->n_x, x)) && (!window->tw || ranges_hold(window->tw, window->n_tw, t_w));
}

/* Are there too few errors for weights? */
static bool lacks_errors(const struct choosing *c, const struct law_points *points)
{
    int with = 0, all = 0;
    for (int k = 0; k < c->table->n; k++) {
        const struct point *point = &c->table->point[k];
        double x = point->value[c->x] / (points->in_r0 ? r0_of(c, point) : 1);
        if (!has_both(c, point) || isnan(x) || !is_inside(c->window, x, point->t_w))
            continue;
        all++;
        with += point->se[c->y] > 0;
    }
    return with < LEAST_POINTS && with < all;
}

/* inside: those in the window, to be fitted; else those outside, to be shown. */
static void choose(const struct choosing *c, bool inside, struct law_points *points)
{
    for (int k = 0; k < c->table->n; k++) {
        const struct point *point = &c->table->point[k];
        double scale = points->in_r0 ? r0_of(c, point) : 1, x = point->value[c->x] / scale, y = point->value[c->y];
        if (!has_both(c, point))
            continue;
        points->without_r0 += inside && isnan(x);
        if (isnan(x))
            continue;
        bool in_window = is_inside(c->window, x, point->t_w), usable = points->ordinary ? y > 0 : point->se[c->y] > 0;
        points->without_error += inside && in_window && !points->ordinary && !usable;
        points->not_positive += inside && in_window && points->ordinary && !usable;
        if ((in_window && usable) != inside)
            continue;
        points->exact_x += inside && !(point->se[c->x] >= 0);
        int n = points->drawn++;
        points->x[n] = x;
        points->se_x[n] = point->se[c->x] > 0 ? point->se[c->x] / scale : 0;
        points->y[n] = y;
        points->se_y[n] = point->se[c->y];
        points->dof_y[n] = point->weight[c->y] < LEAST_CYCLES ? 0 : point->weight[c->y] - 1;
        points->group[n] = state_list_find(&points->states, point->T, point->p);
        points->from[n] = point;
    }
    if (inside) {
        points->n = points->drawn;
        points->groups = points->states.n;
    }
}

isd_status law_points_init(const struct point_table *table, enum point_column x, enum point_column y, const struct law_window *window,
                           struct law_points *ret_points, isd_error *err)
{
    const struct choosing c = {table, x, y, window};
    struct law_points points;
    isd_status status = make_room(&points, table->n, err);
    if (status != ISD_OK)
        return status;
    points.in_r0 = point_column_is_length(x) && any_r0(&c);
    points.ordinary = lacks_errors(&c, &points);
    choose(&c, true, &points);
    choose(&c, false, &points);
    *ret_points = points;
    return ISD_OK;
}

struct scaling_points law_points_fitted(const struct law_points *p)
{
    return (struct scaling_points){p->n, p->x, p->se_x, p->y, p->se_y, p->group, p->ordinary, p->dof_y};
}

static void tell_left_out(struct session *session, int n, const char *why, enum point_column x)
{
    if (n > 0)
        session_message(session, "fit power x=%s: %d point%s %s left out", point_column_name(x), n, n == 1 ? "" : "s", why);
}

void law_points_tell(struct session *session, const struct law_points *points, enum point_column x, enum point_column y)
{
    char why[64];
    snprintf(why, sizeof why, "without an error of %s", point_column_name(y));
    tell_left_out(session, points->without_error, why, x);
    tell_left_out(session, points->without_r0, "without r0 (r0= says it)", x);
    snprintf(why, sizeof why, "with %s at or below 0, which has no logarithm,", point_column_name(y));
    tell_left_out(session, points->not_positive, why, x);
    if (points->exact_x > 0 && !points->ordinary)
        session_message(session, "fit power x=%s: the error of %s is not known at %d of %d points and taken for 0: the errors of the law are too small",
                        point_column_name(x), point_column_name(x), points->exact_x, points->n);
    if (points->n > 0 && point_column_is_length(x) && !points->in_r0)
        session_message(session, "fit power x=%s: r0 is not known, x stays in its own units: b needs none, A is y at x = 1 (r0= says it)",
                        point_column_name(x));
}
