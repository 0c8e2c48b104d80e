/* fit power: one law for all states, and whether it is one. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/scaling.h"
#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/points.h"

/* Points in the window, with the state each belongs to. */
struct chosen {
    double *x, *se_x, *y, *se_y;
    int *group, n, groups;
    double *T, *p; /* [groups] */
    int without_error;
};

struct window {
    struct value_range *x, *tw;
    int n_x, n_tw;
    double T, p, r0;
};

static void chosen_done(struct chosen *chosen)
{
    free(chosen->x);
    free(chosen->group);
    *chosen = (struct chosen){0};
}

static isd_status chosen_init(struct chosen *chosen, int most, isd_error *err)
{
    size_t n = most > 0 ? (size_t)most : 1;
    double *numbers = malloc(6 * n * sizeof *numbers);
    *chosen = (struct chosen){.group = malloc(n * sizeof *chosen->group), .x = numbers};
    if (!numbers || !chosen->group) {
        chosen_done(chosen);
        return isd_error_memory(err);
    }
    chosen->se_x = numbers + n;
    chosen->y = numbers + 2 * n;
    chosen->se_y = numbers + 3 * n;
    chosen->T = numbers + 4 * n;
    chosen->p = numbers + 5 * n;
    return ISD_OK;
}

static int group_of(struct chosen *chosen, double T, double p)
{
    for (int g = 0; g < chosen->groups; g++)
        if (same_or_unknown(chosen->T[g], T) && same_or_unknown(chosen->p[g], p))
            return g;
    chosen->T[chosen->groups] = T;
    chosen->p[chosen->groups] = p;
    return chosen->groups++;
}

static void choose(const struct point_table *table, enum point_column x, enum point_column y, const struct window *window, struct chosen *chosen)
{
    for (int k = 0; k < table->n; k++) {
        const struct point *point = &table->point[k];
        double r0 = isfinite(point->value[POINT_R0]) ? point->value[POINT_R0] : window->r0;
        double scale = point_column_is_length(x) ? r0 : 1, value = point->value[x] / scale;
        if (isnan(value) || isnan(point->value[y]) || (isfinite(window->T) && point->T != window->T) || (isfinite(window->p) && point->p != window->p))
            continue;
        if ((window->x && !ranges_hold(window->x, window->n_x, value)) || (window->tw && !ranges_hold(window->tw, window->n_tw, point->t_w)))
            continue;
        if (!(point->se[y] > 0)) {
            chosen->without_error++;
            continue;
        }
        int n = chosen->n++;
        chosen->x[n] = value;
        chosen->se_x[n] = point->se[x] > 0 ? point->se[x] / scale : 0;
        chosen->y[n] = point->value[y];
        chosen->se_y[n] = point->se[y];
        chosen->group[n] = group_of(chosen, point->T, point->p);
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
        if (scaling_fit_group(&points, 1, g, &fit, NULL) != ISD_OK)
            continue;
        struct result *result = begin(x, y, chosen->T[g], chosen->p[g]);
        add_fit(result, &fit);
        answer = give(sink, result, err);
    }
    return answer;
}

static void add_states(struct result *result, const struct chosen *chosen, const struct scaling_points *points, int resamples)
{
    struct collapse collapse;
    bool several = scaling_collapse(points, 1, resamples, 20240101, &collapse, NULL) == ISD_OK;
    result_int(result, "states", chosen->groups);
    result_real(result, "collapse", "", several ? collapse.score : NAN);
    result_real(result, "collapse_low", "", several ? collapse.score_low : NAN);
    result_real(result, "collapse_high", "", several ? collapse.score_high : NAN);
    result_empty_list(result, "left_out");
    for (int g = 0; g < chosen->groups && chosen->groups > 1; g++) {
        struct left_out out;
        if (scaling_leave_out(points, 1, g, &out, NULL) != ISD_OK)
            continue;
        struct result *state = result_new(NULL, RESULT_RECORD);
        result_real(state, "T", "", chosen->T[g]);
        result_real(state, "p", "", chosen->p[g]);
        result_real(state, "b", "", out.exponent);
        result_real(state, "se_b", "", out.se_exponent);
        result_real(state, "misfit", "", out.misfit);
        result_append(result, "left_out", state);
    }
}

static enum ask give_all(struct session *session, const struct command_call *call, const struct chosen *chosen, const struct point_table *table,
                         enum point_column x, enum point_column y, const struct command_sink *sink, isd_error *err)
{
    struct scaling_points points = points_of(chosen);
    struct scaling_fit fit;
    if (scaling_fit(&points, 1, &fit, err) != ISD_OK)
        return ASK_FAILED;
    if (verdict_of(&fit)[0])
        session_message(session, "fit power x=%s: %s (largest over smallest %.3g, chi2 %.3g for %d)", point_column_name(x), verdict_of(&fit), fit.range,
                        fit.power.chi_sq, fit.power.n - 2);
    struct result *result = begin(x, y, NAN, NAN);
    add_fit(result, &fit);
    add_states(result, chosen, &points, (int)call_count(call, "resamples", 200));
    if (!table->certified || table->unconverged > 0)
        result_mark(result, "fit power: %s", table->certified ? "structures did not converge" : "a matching is not certified");
    return give(sink, result, err);
}

static isd_status window_from_call(const struct command_call *call, struct window *window, isd_error *err)
{
    const char *x = call_option(call, "range"), *tw = call_option(call, "tw");
    *window = (struct window){.T = call_real(call, "T", NAN), .p = call_real(call, "p", NAN), .r0 = call_real(call, "r0", NAN)};
    isd_status status = x ? ranges_parse(x, &window->x, &window->n_x, err) : ISD_OK;
    return status == ISD_OK && tw ? ranges_parse(tw, &window->tw, &window->n_tw, err) : status;
}

static enum ask fit_column(struct session *session, const struct command_call *call, const struct point_table *table, const struct window *window,
                           enum point_column x, enum point_column y, bool all_alone, const struct command_sink *sink, isd_error *err)
{
    struct chosen chosen;
    if (chosen_init(&chosen, table->n, err) != ISD_OK)
        return ASK_FAILED;
    choose(table, x, y, window, &chosen);
    if (chosen.without_error > 0)
        session_message(session, "fit power x=%s: %d point%s without an error of %s left out", point_column_name(x), chosen.without_error,
                        chosen.without_error == 1 ? "" : "s", point_column_name(y));
    enum ask answer = all_alone ? ASK_READY : give_states(&chosen, x, y, sink, err);
    if (answer == ASK_READY && (!all_alone || chosen.n >= 3))
        answer = give_all(session, call, &chosen, table, x, y, sink, err);
    chosen_done(&chosen);
    return answer;
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
    const char *wanted_y = call_option(call, "y");
    enum point_column x = POINT_D_MIN;
    enum point_column y = wanted_y ? (enum point_column)point_column_find(wanted_y) : POINT_DELTA;
    enum ask answer = ASK_FAILED;
    if (abscissa_of(call, &x, err) == ISD_OK && window_from_call(call, &window, err) == ISD_OK)
        answer = session_points(session, (int)call_count(call, "skip", 1), &table, err);
    if (answer == ASK_READY && call_has(call, "table") && call_is(call, "table", "on")) {
        for (int each = POINT_D_MIN; each < POINT_R0 && answer == ASK_READY; each++)
            answer = fit_column(session, call, &table, &window, (enum point_column)each, y, true, sink, err);
    } else if (answer == ASK_READY) {
        answer = fit_column(session, call, &table, &window, x, y, false, sink, err);
    }
    point_table_done(&table);
    free(window.x);
    free(window.tw);
    return answer;
}
