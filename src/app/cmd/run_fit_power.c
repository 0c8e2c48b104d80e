/* fit power: one law for all states, and whether it is one. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/scaling.h"
#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/law_points.h"

static const char *verdict_of(const struct scaling_fit *fit)
{
    if (fit->range < SCALING_MIN_RANGE)
        return "range too small for an exponent";
    if (scaling_is_unlikely(fit->power.chi_sq, fit->power.n - 2))
        return "the points do not lie on this law within their errors";
    return "";
}

static void add_fit(struct result *result, const struct law_points *chosen, enum point_column x, const struct scaling_fit *fit)
{
    const char *unit = chosen->in_r0 ? "r0" : "";
    result_text(result, "method", chosen->ordinary ? "ordinary" : "weighted");
    result_text(result, "x_unit", chosen->in_r0 ? "r0" : point_column_is_length(x) ? "as given" : NULL);
    result_int(result, "n", fit->power.n);
    result_real(result, "A", "", fit->power.amplitude);
    result_real(result, "b", "", fit->power.exponent);
    result_real(result, "se_A", "", fit->power.se_amplitude);
    result_real(result, "se_b", "", fit->power.se_exponent);
    result_real(result, "b_low", "", fit->power.exponent_low);
    result_real(result, "b_high", "", fit->power.exponent_high);
    result_real(result, "widen", "", fit->widen);
    result_real(result, "Delta", "", fit->power.exponent - 2);
    result_real(result, "chi_sq", "", fit->power.chi_sq);
    result_int(result, "dof", fit->power.n - 2);
    result_real(result, "b_york", "", fit->york.b);
    result_real(result, "se_b_york", "", fit->york.se_b);
    result_real(result, "b_ols", "", fit->ordinary.b);
    result_real(result, "se_b_ols", "", fit->ordinary.se_b);
    result_real(result, "x_min", unit, fit->x_low);
    result_real(result, "x_max", unit, fit->x_high);
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

/* Each state by itself; those with fewer than three points are passed over. */
static enum ask give_states(const struct law_points *chosen, enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct scaling_points points = law_points_fitted(chosen);
    enum ask answer = ASK_READY;
    for (int g = 0; g < chosen->groups && answer == ASK_READY; g++) {
        struct scaling_fit fit;
        isd_status status = scaling_fit_group(&points, g, &fit, err);
        if (status != ISD_OK && status != ISD_DATA)
            return ASK_FAILED;
        if (status != ISD_OK)
            continue;
        struct result *result = begin(x, y, chosen->states.T[g], chosen->states.p[g]);
        add_fit(result, chosen, x, &fit);
        answer = give(sink, result, err);
    }
    return answer;
}

/* The same resamples whenever asked. */
enum { COLLAPSE_SEED = 20240101 };

/* All states of one temperature go together; of a single temperature those of one pressure. Returns the first state of each. */
static int part_of(const struct law_points *c, int state)
{
    const double *T = c->states.T, *p = c->states.p;
    bool one_temperature = true;
    for (int g = 1; g < c->groups; g++)
        one_temperature = one_temperature && same_or_unknown(T[g], T[0]);
    for (int g = 0; g < state; g++)
        if (one_temperature ? same_or_unknown(p[g], p[state]) : same_or_unknown(T[g], T[state]))
            return g;
    return state;
}

/* p is null where states of several pressures are left out together. */
static void add_part(struct result *result, const struct law_points *c, const struct scaling_points *parts, int part, const struct left_out *out)
{
    double p = c->states.p[part];
    int states = 0, n = 0;
    for (int g = 0; g < c->groups; g++)
        if (part_of(c, g) == part) {
            states++;
            p = same_or_unknown(c->states.p[g], p) ? p : NAN;
        }
    for (int k = 0; k < parts->n; k++)
        n += parts->group[k] == part;
    struct result *item = result_new(NULL, RESULT_RECORD);
    result_real(item, "T", "", c->states.T[part]);
    result_real(item, "p", "", p);
    result_int(item, "states", states);
    result_int(item, "n", n);
    result_real(item, "b", "", out->exponent);
    result_real(item, "se_b", "", out->se_exponent);
    result_real(item, "misfit", "", out->misfit);
    result_append(result, "left_out", item);
}

/* Leave one temperature out: the law of all others, and how it predicts that one. */
static isd_status add_left_out(struct result *result, const struct law_points *c, const struct scaling_points *points, isd_error *err)
{
    int *group = malloc(((size_t)points->n + 1) * sizeof *group);
    if (!group)
        return isd_error_memory(err);
    struct scaling_points parts = *points;
    isd_status status = ISD_OK;
    parts.group = group;
    for (int k = 0; k < points->n; k++)
        group[k] = part_of(c, points->group[k]);
    result_empty_list(result, "left_out");
    for (int g = 0; g < c->groups && c->groups > 1 && status == ISD_OK; g++) {
        struct left_out out;
        if (part_of(c, g) != g)
            continue;
        status = scaling_leave_out(&parts, g, &out, err);
        if (status == ISD_OK)
            add_part(result, c, &parts, g, &out);
    }
    free(group);
    return status;
}

/* What cannot be said of these points is null. */
static isd_status add_states(struct session *session, struct result *result, const struct law_points *chosen,
                             const struct scaling_points *points, int resamples, isd_error *err)
{
    struct collapse collapse = {.score = NAN, .score_low = NAN, .score_high = NAN, .p_value = NAN};
    isd_status status = scaling_collapse(points, resamples, COLLAPSE_SEED, &collapse, err);
    if (status == ISD_DATA && chosen->groups > 1 && err)
        session_message(session, "fit power: no collapse score: %s", err->what);
    result_int(result, "states", chosen->groups);
    result_real(result, "collapse", "", collapse.score);
    result_real(result, "collapse_low", "", collapse.score_low);
    result_real(result, "collapse_high", "", collapse.score_high);
    result_real(result, "collapse_p", "", collapse.p_value);
    if (status == ISD_OK || status == ISD_DATA)
        status = add_left_out(result, chosen, points, err);
    return status;
}

/* What a picture of it shows: every point, those outside the window marked. */
static void add_points(struct result *result, const struct law_points *c)
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

/* What a law rests on: structures, matchings, errors. */
static void mark_law(struct result *result, const struct point_table *table, bool ordinary, enum point_column y)
{
    if (!table->certified || table->unconverged > 0)
        result_mark(result, "fit power: %s", table->certified ? "structures did not converge" : "a matching is not certified");
    else if (ordinary)
        result_mark(result, "fit power: %s has no errors (se_%s): a line of ordinary least squares through the logarithms, whose errors are those "
                    "of the scatter", point_column_name(y), point_column_name(y));
}

/* Too few points: of the window, where there is one. */
static void explain_refusal(const struct command_call *call, const struct law_points *chosen, isd_error *err)
{
    const char *x = call_option(call, "range"), *tw = call_option(call, "tw");
    for (int k = 0; k < chosen->n; k++)
        if (!(chosen->x[k] > 0)) {
            isd_error_hint(err, "range= leaves points out, as in range=0.01..1");
            return;
        }
    if (chosen->n >= 3) {
        isd_error_hint(err, "points    (what there is: an exponent needs abscissae that differ, and two ordinates above 0)");
        return;
    }
    if ((!x && !tw) || chosen->drawn == chosen->n) {
        isd_error_hint(err, "points    (what there is; help points tells of sets, traces and tables that make points)");
        return;
    }
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < chosen->drawn; k++) {
        low = fmin(low, tw ? chosen->from[k]->t_w : chosen->x[k]);
        high = fmax(high, tw ? chosen->from[k]->t_w : chosen->x[k]);
    }
    isd_error_set(err, ISD_DATA, "%d of %d points lie in the window%s%s%s%s: an exponent with an error needs three", chosen->n, chosen->drawn,
                  x ? " range=" : "", x ? x : "", tw ? " tw=" : "", tw ? tw : "");
    isd_error_hint(err, "%s of the points goes from %.3g to %.3g", tw ? "t_w" : "x", low, high);
}

/* Errors of b to be widened by more than this are worth a line. */
#define WORTH_SAYING 1.1

static enum ask give_all(struct session *session, const struct command_call *call, const struct law_points *chosen, const struct point_table *table,
                         enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct scaling_points points = law_points_fitted(chosen);
    struct scaling_fit fit;
    if (scaling_fit(&points, &fit, err) != ISD_OK) {
        explain_refusal(call, chosen, err);
        return ASK_FAILED;
    }
    if (verdict_of(&fit)[0])
        session_message(session, "fit power x=%s: %s (largest over smallest %.3g, chi2 %.3g for %d)", point_column_name(x), verdict_of(&fit), fit.range,
                        fit.power.chi_sq, fit.power.n - 2);
    if (fit.widen > WORTH_SAYING)
        session_message(session, "fit power x=%s: errors of %s come from few cycles: for 68 %% those of b are to be multiplied by %.2f (widen)",
                        point_column_name(x), point_column_name(y), fit.widen);
    struct result *result = begin(x, y, NAN, NAN);
    add_fit(result, chosen, x, &fit);
    if (add_states(session, result, chosen, &points, (int)call_count(call, "resamples", 200), err) != ISD_OK) {
        result_free(result);
        return ASK_FAILED;
    }
    add_points(result, chosen);
    mark_law(result, table, chosen->ordinary, y);
    return give(sink, result, err);
}

static enum ask fit_column(struct session *session, const struct command_call *call, const struct point_table *table, const struct law_window *window,
                           enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct law_points chosen;
    if (law_points_init(table, x, y, window, &chosen, err) != ISD_OK)
        return ASK_FAILED;
    law_points_tell(session, &chosen, x, y);
    enum ask answer = give_states(&chosen, x, y, sink, err);
    if (answer == ASK_READY)
        answer = give_all(session, call, &chosen, table, x, y, sink, err);
    law_points_done(&chosen);
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
enum { TABLE_B, TABLE_SE_B, TABLE_LOW, TABLE_HIGH, TABLE_WIDEN, TABLE_DELTA, TABLE_CHI_SQ, TABLE_YORK, TABLE_OLS, TABLE_RANGE, TABLE_SCORE, TABLE_SCORE_LOW,
       TABLE_SCORE_HIGH, TABLE_SCORE_P, TABLE_REALS };
static const char *const table_names[TABLE_REALS] = {"b", "se_b", "b_low", "b_high", "widen", "Delta", "chi_sq", "b_york", "b_ols", "range", "collapse",
                                                     "collapse_low", "collapse_high", "collapse_p"};
struct law_table {
    const char *x[ABSCISSAE], *structures[ABSCISSAE], *atoms[ABSCISSAE], *species[ABSCISSAE], *method[ABSCISSAE], *verdict[ABSCISSAE];
    int64_t n[ABSCISSAE];
    double real[TABLE_REALS][ABSCISSAE];
    int rows;
    bool ordinary; /* any of them */
};

static isd_status add_row(struct law_table *t, enum point_column x, const struct law_points *chosen, int resamples, isd_error *err)
{
    struct scaling_points points = law_points_fitted(chosen);
    struct scaling_fit fit;
    struct collapse collapse;
    int k = t->rows++;
    t->x[k] = point_column_name(x);
    t->structures[k] = readings[x - POINT_D_MIN].structures;
    t->atoms[k] = readings[x - POINT_D_MIN].atoms;
    t->species[k] = readings[x - POINT_D_MIN].species;
    t->n[k] = chosen->n;
    t->method[k] = chosen->ordinary ? "ordinary" : "weighted";
    t->ordinary = t->ordinary || chosen->ordinary;
    t->verdict[k] = "no law";
    for (int c = 0; c < TABLE_REALS; c++)
        t->real[c][k] = NAN;
    isd_status status = scaling_fit(&points, &fit, err);
    if (status != ISD_OK)
        return status == ISD_DATA ? ISD_OK : status;
    const double law[] = {fit.power.exponent, fit.power.se_exponent, fit.power.exponent_low, fit.power.exponent_high, fit.widen, fit.power.exponent - 2,
                          fit.power.chi_sq,   fit.york.b,            fit.ordinary.b,         fit.range};
    for (int c = 0; c < TABLE_SCORE; c++)
        t->real[c][k] = law[c];
    t->verdict[k] = verdict_of(&fit)[0] ? verdict_of(&fit) : NULL;
    status = scaling_collapse(&points, resamples, COLLAPSE_SEED, &collapse, err);
    if (status == ISD_OK) {
        t->real[TABLE_SCORE][k] = collapse.score;
        t->real[TABLE_SCORE_LOW][k] = collapse.score_low;
        t->real[TABLE_SCORE_HIGH][k] = collapse.score_high;
        t->real[TABLE_SCORE_P][k] = collapse.p_value;
    }
    return status == ISD_DATA ? ISD_OK : status;
}

static enum ask give_table(const struct law_table *t, enum point_column y, const struct point_table *points, const struct command_sink *sink,
                           isd_error *err)
{
    size_t n = (size_t)t->rows;
    struct result *result = result_new("fit", RESULT_ROWS);
    result_fold(result, 3);
    result_text(result, "what", "table");
    result_text(result, "y", point_column_name(y));
    result_texts(result, "x", t->x, n);
    result_texts(result, "of", t->structures, n);
    result_texts(result, "atoms", t->atoms, n);
    result_texts(result, "species", t->species, n);
    result_texts(result, "method", t->method, n);
    result_ints(result, "n", t->n, n);
    for (int c = 0; c < TABLE_REALS; c++)
        result_reals(result, table_names[c], "", t->real[c], n);
    result_texts(result, "verdict", t->verdict, n);
    mark_law(result, points, t->ordinary, y);
    return give(sink, result, err);
}

static enum ask tabulate(const struct command_call *call, const struct point_table *table, const struct law_window *window, enum point_column y,
                         const struct command_sink *sink, isd_error *err)
{
    struct law_table laws = {.rows = 0};
    for (int x = POINT_D_MIN; x < POINT_R0; x++) {
        struct law_points chosen;
        if (law_points_init(table, (enum point_column)x, y, window, &chosen, err) != ISD_OK)
            return ASK_FAILED;
        isd_status status = chosen.n > 0 ? add_row(&laws, (enum point_column)x, &chosen, (int)call_count(call, "resamples", 200), err) : ISD_OK;
        law_points_done(&chosen);
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
    struct law_window window = {0};
    struct points_request request = points_from_call(call, true);
    const char *wanted_y = call_option(call, "y");
    enum point_column x = POINT_D_MIN;
    enum point_column y = wanted_y ? (enum point_column)point_column_find(wanted_y) : POINT_DELTA;
    enum ask answer = ASK_FAILED;
    if (abscissa_of(call, &x, err) == ISD_OK && law_window_from_call(call, &window, err) == ISD_OK)
        answer = session_points(session, &request, &table, err);
    if (answer == ASK_READY)
        answer = call_is(call, "table", "on") ? tabulate(call, &table, &window, y, sink, err)
                                                                         : fit_column(session, call, &table, &window, x, y, sink, err);
    point_table_done(&table);
    law_window_done(&window);
    return answer;
}
