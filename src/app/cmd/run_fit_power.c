/* fit power: one law for all states, and whether it is one. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/scaling.h"
#include "app/cmd/common.h"
#include "app/cmd/fit.h"

/* Points of the table that can be drawn; the first n lie in the window, with the state each belongs to, and are fitted. */
struct chosen {
    double *x, *se_x, *y, *se_y;
    int *group, n, drawn;
    const struct point **from;
    struct state_list states;
    int groups; /* states with points that are fitted */
    int without_error;
};

struct window {
    struct value_range *x, *tw;
    int n_x, n_tw;
    double r0; /* where points do not say theirs */
};

static void chosen_done(struct chosen *chosen)
{
    free(chosen->x);
    free(chosen->group);
    free(chosen->from);
    state_list_done(&chosen->states);
    *chosen = (struct chosen){0};
}

static isd_status chosen_init(struct chosen *chosen, int most, isd_error *err)
{
    size_t n = most > 0 ? (size_t)most : 1;
    double *numbers = malloc(4 * n * sizeof *numbers);
    *chosen = (struct chosen){.x = numbers, .group = malloc(n * sizeof *chosen->group), .from = malloc(n * sizeof *chosen->from)};
    if (!numbers || !chosen->group || !chosen->from || state_list_init(&chosen->states, most, NULL) != ISD_OK) {
        chosen_done(chosen);
        return isd_error_memory(err);
    }
    chosen->se_x = numbers + n;
    chosen->y = numbers + 2 * n;
    chosen->se_y = numbers + 3 * n;
    return ISD_OK;
}

/* Lengths in units of r0. */
static double scale_of(const struct point *point, enum point_column x, const struct window *window)
{
    double r0 = isfinite(point->value[POINT_R0]) ? point->value[POINT_R0] : window->r0;
    return point_column_is_length(x) ? r0 : 1;
}

static bool is_inside(const struct window *window, double x, double t_w)
{
    return (!window->x || ranges_hold(window->x, window->n_x, x)) && (!window->tw || ranges_hold(window->tw, window->n_tw, t_w));
}

/* inside: those in the window, to be fitted; else those outside, to be shown. */
static void choose(const struct point_table *table, enum point_column x, enum point_column y, const struct window *window, bool inside,
                   struct chosen *chosen)
{
    for (int k = 0; k < table->n; k++) {
        const struct point *point = &table->point[k];
        double scale = scale_of(point, x, window), value = point->value[x] / scale;
        if (isnan(value) || isnan(point->value[y]))
            continue;
        bool fitted = point->se[y] > 0 && is_inside(window, value, point->t_w);
        chosen->without_error += inside && !(point->se[y] > 0);
        if (fitted != inside)
            continue;
        int n = chosen->drawn++;
        chosen->x[n] = value;
        chosen->se_x[n] = point->se[x] > 0 ? point->se[x] / scale : 0;
        chosen->y[n] = point->value[y];
        chosen->se_y[n] = point->se[y];
        chosen->group[n] = state_list_find(&chosen->states, point->T, point->p);
        chosen->from[n] = point;
    }
    if (inside) {
        chosen->n = chosen->drawn;
        chosen->groups = chosen->states.n;
    }
}

static const char *verdict_of(const struct scaling_fit *fit)
{
    if (fit->range < SCALING_MIN_RANGE)
        return "range too small for an exponent";
    if (fit->power.n > 2 && fit->power.chi_sq > 2.5 * (fit->power.n - 2))
        return "the points do not lie on this law within their errors";
    return "";
}

static void add_fit(struct result *result, const struct scaling_fit *fit)
{
    result_int(result, "n", fit->power.n);
    result_real(result, "A", "", fit->power.amplitude);
    result_real(result, "b", "", fit->power.exponent);
    result_real(result, "se_A", "", fit->power.se_amplitude);
    result_real(result, "se_b", "", fit->power.se_exponent);
    result_real(result, "b_low", "", fit->power.exponent_low);
    result_real(result, "b_high", "", fit->power.exponent_high);
    result_real(result, "Delta", "", fit->power.exponent - 2);
    result_real(result, "chi_sq", "", fit->power.chi_sq);
    result_int(result, "dof", fit->power.n - 2);
    result_real(result, "b_york", "", fit->york.b);
    result_real(result, "se_b_york", "", fit->york.se_b);
    result_real(result, "b_ols", "", fit->ordinary.b);
    result_real(result, "se_b_ols", "", fit->ordinary.se_b);
    result_real(result, "x_min", "r0", fit->x_low);
    result_real(result, "x_max", "r0", fit->x_high);
    result_real(result, "range", "", fit->range);
    result_text(result, "verdict", verdict_of(fit)[0] ? verdict_of(fit) : NULL);
}

static struct result *begin(enum point_column x, enum point_column y, double T, double p)
{
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "power");
    result_text(result, "x", point_column_name(x));
    result_text(result, "y", point_column_name(y));
    result_real(result, "T", "", T);
    result_real(result, "p", "", p);
    return result;
}

static struct scaling_points points_of(const struct chosen *c)
{
    return (struct scaling_points){c->n, c->x, c->se_x, c->y, c->se_y, c->group};
}

/* Each state by itself; those with fewer than three points are passed over. */
static enum ask give_states(const struct chosen *chosen, enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct scaling_points points = points_of(chosen);
    enum ask answer = ASK_READY;
    for (int g = 0; g < chosen->groups && answer == ASK_READY; g++) {
        struct scaling_fit fit;
        isd_status status = scaling_fit_group(&points, 1, g, &fit, err);
        if (status != ISD_OK && status != ISD_DATA)
            return ASK_FAILED;
        if (status != ISD_OK)
            continue;
        struct result *result = begin(x, y, chosen->states.T[g], chosen->states.p[g]);
        add_fit(result, &fit);
        answer = give(sink, result, err);
    }
    return answer;
}

/* The same resamples whenever asked. */
enum { COLLAPSE_SEED = 20240101 };

/* What cannot be said of these points is null. */
static isd_status add_states(struct result *result, const struct chosen *chosen, const struct scaling_points *points, int resamples, isd_error *err)
{
    struct collapse collapse = {.score = NAN, .score_low = NAN, .score_high = NAN};
    isd_status status = scaling_collapse(points, 1, resamples, COLLAPSE_SEED, &collapse, err);
    result_int(result, "states", chosen->groups);
    result_real(result, "collapse", "", collapse.score);
    result_real(result, "collapse_low", "", collapse.score_low);
    result_real(result, "collapse_high", "", collapse.score_high);
    result_empty_list(result, "left_out");
    for (int g = 0; g < chosen->groups && chosen->groups > 1 && (status == ISD_OK || status == ISD_DATA); g++) {
        struct left_out out;
        status = scaling_leave_out(points, 1, g, &out, err);
        if (status != ISD_OK)
            continue;
        struct result *state = result_new(NULL, RESULT_RECORD);
        result_real(state, "T", "", chosen->states.T[g]);
        result_real(state, "p", "", chosen->states.p[g]);
        result_real(state, "b", "", out.exponent);
        result_real(state, "se_b", "", out.se_exponent);
        result_real(state, "misfit", "", out.misfit);
        result_append(result, "left_out", state);
    }
    return status == ISD_DATA ? ISD_OK : status;
}

/* What a picture of it shows: every point, those outside the window marked. */
static void add_points(struct result *result, const struct chosen *c)
{
    result_empty_list(result, "points");
    for (int k = 0; k < c->drawn; k++) {
        struct result *point = result_new(NULL, RESULT_RECORD);
        result_real(point, "T", "", c->from[k]->T);
        result_real(point, "p", "", c->from[k]->p);
        result_real(point, "t_w", "", c->from[k]->t_w);
        result_real(point, "x", "", c->x[k]);
        result_real(point, "se_x", "", c->se_x[k]);
        result_real(point, "y", "", c->y[k]);
        result_real(point, "se_y", "", c->se_y[k]);
        result_bool(point, "fitted", k < c->n);
        result_append(result, "points", point);
    }
}

static enum ask give_all(struct session *session, const struct command_call *call, const struct chosen *chosen, const struct point_table *table,
                         enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct scaling_points points = points_of(chosen);
    struct scaling_fit fit;
    if (scaling_fit(&points, 1, &fit, err) != ISD_OK) {
        if (points.n < 3)
            isd_error_hint(err, "points    (what there is; help points tells of sets, traces and tables that make points)");
        return ASK_FAILED;
    }
    if (verdict_of(&fit)[0])
        session_message(session, "fit power x=%s: %s (largest over smallest %.3g, chi2 %.3g for %d)", point_column_name(x), verdict_of(&fit), fit.range,
                        fit.power.chi_sq, fit.power.n - 2);
    struct result *result = begin(x, y, NAN, NAN);
    add_fit(result, &fit);
    if (add_states(result, chosen, &points, (int)call_count(call, "resamples", 200), err) != ISD_OK) {
        result_free(result);
        return ASK_FAILED;
    }
    add_points(result, chosen);
    if (!table->certified || table->unconverged > 0)
        result_mark(result, "fit power: %s", table->certified ? "structures did not converge" : "a matching is not certified");
    return give(sink, result, err);
}

static isd_status window_from_call(const struct command_call *call, struct window *window, isd_error *err)
{
    const char *x = call_option(call, "range"), *tw = call_option(call, "tw");
    *window = (struct window){.r0 = call_real(call, "r0", NAN)};
    isd_status status = x ? ranges_parse(x, &window->x, &window->n_x, err) : ISD_OK;
    return status == ISD_OK && tw ? ranges_parse(tw, &window->tw, &window->n_tw, err) : status;
}

static enum ask fit_column(struct session *session, const struct command_call *call, const struct point_table *table, const struct window *window,
                           enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct chosen chosen;
    if (chosen_init(&chosen, table->n, err) != ISD_OK)
        return ASK_FAILED;
    choose(table, x, y, window, true, &chosen);
    choose(table, x, y, window, false, &chosen);
    if (chosen.without_error > 0)
        session_message(session, "fit power x=%s: %d point%s without an error of %s left out", point_column_name(x), chosen.without_error,
                        chosen.without_error == 1 ? "" : "s", point_column_name(y));
    enum ask answer = give_states(&chosen, x, y, sink, err);
    if (answer == ASK_READY)
        answer = give_all(session, call, &chosen, table, x, y, sink, err);
    chosen_done(&chosen);
    return answer;
}

/* --- b of every abscissa (Figs. S6, S7) --- */

enum { ABSCISSAE = POINT_R0 - POINT_D_MIN };
static const struct {
    const char *structures, *atoms, *species;
} readings[ABSCISSAE] = {
    [POINT_D_MIN - POINT_D_MIN] = {"is", "matched", "resolved"},      [POINT_BLIND - POINT_D_MIN] = {"is", "matched", "blind"},
    [POINT_DIRECT - POINT_D_MIN] = {"raw", "matched", "resolved"},    [POINT_DIRECT_BLIND - POINT_D_MIN] = {"raw", "matched", "blind"},
    [POINT_RMSD_IS - POINT_D_MIN] = {"is", "labelled", NULL},         [POINT_RMSD - POINT_D_MIN] = {"raw", "labelled", NULL},
    [POINT_JUMP - POINT_D_MIN] = {"is", "jump fraction", NULL},       [POINT_JUMP_RAW - POINT_D_MIN] = {"raw", "jump fraction", NULL},
};

/* One row of the table for each column. */
enum { TABLE_B, TABLE_SE_B, TABLE_LOW, TABLE_HIGH, TABLE_DELTA, TABLE_CHI_SQ, TABLE_YORK, TABLE_OLS, TABLE_RANGE, TABLE_SCORE, TABLE_SCORE_LOW,
       TABLE_SCORE_HIGH, TABLE_REALS };
static const char *const table_names[TABLE_REALS] = {"b", "se_b", "b_low", "b_high", "Delta", "chi_sq", "b_york", "b_ols", "range", "collapse",
                                                     "collapse_low", "collapse_high"};
struct law_table {
    const char *x[ABSCISSAE], *structures[ABSCISSAE], *atoms[ABSCISSAE], *species[ABSCISSAE], *verdict[ABSCISSAE];
    int64_t n[ABSCISSAE];
    double real[TABLE_REALS][ABSCISSAE];
    int rows;
};

static isd_status add_row(struct law_table *t, enum point_column x, const struct chosen *chosen, int resamples, isd_error *err)
{
    struct scaling_points points = points_of(chosen);
    struct scaling_fit fit;
    struct collapse collapse;
    int k = t->rows++;
    t->x[k] = point_column_name(x);
    t->structures[k] = readings[x - POINT_D_MIN].structures;
    t->atoms[k] = readings[x - POINT_D_MIN].atoms;
    t->species[k] = readings[x - POINT_D_MIN].species;
    t->n[k] = chosen->n;
    t->verdict[k] = "no law";
    for (int c = 0; c < TABLE_REALS; c++)
        t->real[c][k] = NAN;
    isd_status status = scaling_fit(&points, 1, &fit, err);
    if (status != ISD_OK)
        return status == ISD_DATA ? ISD_OK : status;
    const double law[] = {fit.power.exponent, fit.power.se_exponent, fit.power.exponent_low, fit.power.exponent_high, fit.power.exponent - 2,
                          fit.power.chi_sq,   fit.york.b,            fit.ordinary.b,         fit.range};
    for (int c = 0; c < TABLE_SCORE; c++)
        t->real[c][k] = law[c];
    t->verdict[k] = verdict_of(&fit)[0] ? verdict_of(&fit) : NULL;
    status = scaling_collapse(&points, 1, resamples, COLLAPSE_SEED, &collapse, err);
    if (status == ISD_OK) {
        t->real[TABLE_SCORE][k] = collapse.score;
        t->real[TABLE_SCORE_LOW][k] = collapse.score_low;
        t->real[TABLE_SCORE_HIGH][k] = collapse.score_high;
    }
    return status == ISD_DATA ? ISD_OK : status;
}

static enum ask give_table(const struct law_table *t, enum point_column y, const struct point_table *points, const struct command_sink *sink,
                           isd_error *err)
{
    size_t n = (size_t)t->rows;
    struct result *result = result_new("fit", RESULT_ROWS);
    result_text(result, "what", "table");
    result_text(result, "y", point_column_name(y));
    result_texts(result, "x", t->x, n);
    result_texts(result, "of", t->structures, n);
    result_texts(result, "atoms", t->atoms, n);
    result_texts(result, "species", t->species, n);
    result_ints(result, "n", t->n, n);
    for (int c = 0; c < TABLE_REALS; c++)
        result_reals(result, table_names[c], "", t->real[c], n);
    result_texts(result, "verdict", t->verdict, n);
    if (!points->certified || points->unconverged > 0)
        result_mark(result, "fit power: %s", points->certified ? "structures did not converge" : "a matching is not certified");
    return give(sink, result, err);
}

static enum ask tabulate(const struct command_call *call, const struct point_table *table, const struct window *window, enum point_column y,
                         const struct command_sink *sink, isd_error *err)
{
    struct law_table laws = {.rows = 0};
    for (int x = POINT_D_MIN; x < POINT_R0; x++) {
        struct chosen chosen;
        if (chosen_init(&chosen, table->n, err) != ISD_OK)
            return ASK_FAILED;
        choose(table, (enum point_column)x, y, window, true, &chosen);
        isd_status status = chosen.n > 0 ? add_row(&laws, (enum point_column)x, &chosen, (int)call_count(call, "resamples", 200), err) : ISD_OK;
        chosen_done(&chosen);
        if (status != ISD_OK)
            return ASK_FAILED;
    }
    if (laws.rows > 0)
        return give_table(&laws, y, table, sink, err);
    isd_error_set(err, ISD_DATA, "no points: %s and a distance of the same state and t_w are needed", point_column_name(y));
    isd_error_hint(err, "points    lists what there is");
    return ASK_FAILED;
}

/* x=: a distance or a share of those that jumped. */
static isd_status abscissa_of(const struct command_call *call, enum point_column *ret_x, isd_error *err)
{
    const char *wanted = call_option(call, "x");
    int found = wanted ? point_column_find(wanted) : POINT_D_MIN;
    if (found >= POINT_D_MIN && found < POINT_R0) {
        *ret_x = (enum point_column)found;
        return ISD_OK;
    }
    isd_error_set(err, ISD_USAGE, "x=%s: d_min, d_min_blind, d_direct, d_direct_blind, rmsd_is, rmsd, jump_fraction or jump_fraction_raw is expected", wanted);
    isd_error_hint(err, "fit power x=rmsd_is");
    return ISD_USAGE;
}

enum ask run_fit_power(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct point_table table = {0};
    struct window window = {0};
    struct points_request request = points_from_call(call, true);
    const char *wanted_y = call_option(call, "y");
    enum point_column x = POINT_D_MIN;
    enum point_column y = wanted_y ? (enum point_column)point_column_find(wanted_y) : POINT_DELTA;
    enum ask answer = ASK_FAILED;
    if (abscissa_of(call, &x, err) == ISD_OK && window_from_call(call, &window, err) == ISD_OK)
        answer = session_points(session, &request, &table, err);
    if (answer == ASK_READY)
        answer = call_has(call, "table") && call_is(call, "table", "on") ? tabulate(call, &table, &window, y, sink, err)
                                                                         : fit_column(session, call, &table, &window, x, y, sink, err);
    point_table_done(&table);
    free(window.x);
    free(window.tw);
    return answer;
}
