/* fit kww, fit beta: stretched relaxation, and its exponent beside that of the law. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/scaling.h"
#include "app/cmd/common.h"
#include "app/cmd/fit.h"
#include "app/cmd/law_points.h"
#include "io/columns.h"
#include "num/fit_kww.h"

/* --- the loss modulus of each state --- */

enum { LEAST_POINTS = 4 };

static bool has_loss(const struct point *point, double T, double p)
{
    return same_or_unknown(point->T, T) && same_or_unknown(point->p, p) && point->t_w > 0 && isfinite(point->value[POINT_G2]);
}

/* How many points of a state have a loss modulus, and how many of them its error. */
struct loss_count {
    int all, with_error;
    bool ordinary; /* too few errors for weights: all weigh the same, else those that have one count */
};

static struct loss_count count_loss(const struct point_table *table, double T, double p)
{
    struct loss_count count = {0};
    for (int k = 0; k < table->n; k++)
        if (has_loss(&table->point[k], T, p)) {
            count.all++;
            count.with_error += table->point[k].se[POINT_G2] > 0;
        }
    count.ordinary = count.with_error < LEAST_POINTS && count.with_error < count.all;
    return count;
}

/* NaN where there is no fit, and *ret_trouble says why. Points without a loss modulus do not count, nor do those without its error where others
 * have one. */
static isd_status kww_of_state(const struct point_table *table, double T, double p, struct kww_fit *ret_fit, isd_error *ret_trouble, isd_error *err)
{
    struct kww_fit fit = {.plateau = NAN, .tau = NAN, .beta = NAN, .se_plateau = NAN, .se_tau = NAN, .se_beta = NAN, .w_peak = NAN,
                          .t_w_peak = NAN, .chi_sq = NAN};
    size_t most = (size_t)table->n + 1;
    double *w = malloc(3 * most * sizeof *w);
    if (!w)
        return isd_error_memory(err);
    double *loss = w + most, *se = loss + most;
    bool ordinary = count_loss(table, T, p).ordinary;
    for (int k = 0; k < table->n; k++) {
        const struct point *point = &table->point[k];
        if (!has_loss(point, T, p) || !(ordinary || point->se[POINT_G2] > 0))
            continue;
        w[fit.n] = 2 * M_PI / point->t_w;
        loss[fit.n] = point->value[POINT_G2];
        se[fit.n++] = point->se[POINT_G2];
    }
    isd_status status = fit_kww(fit.n, w, loss, ordinary ? NULL : se, &fit, ret_trouble);
    free(w);
    if (status == ISD_OK)
        *ret_trouble = (isd_error){.status = ISD_OK};
    if (status != ISD_OK && status != ISD_DATA) {
        *err = *ret_trouble;
        return status;
    }
    *ret_fit = fit;
    return ISD_OK;
}

static void add_points(struct result *result, const struct point_table *table, double T, double p)
{
    bool ordinary = count_loss(table, T, p).ordinary;
    result_empty_list(result, "points");
    for (int k = 0; k < table->n; k++) {
        const struct point *point = &table->point[k];
        if (!has_loss(point, T, p) || !(ordinary || point->se[POINT_G2] > 0))
            continue;
        struct result *item = result_new(NULL, RESULT_RECORD);
        result_real(item, "t_w", "", point->t_w);
        result_real(item, "G2", "", point->value[POINT_G2]);
        result_real(item, "se_G2", "", point->se[POINT_G2]);
        result_append(result, "points", item);
    }
}

/* An error of a fifth covers half of all that beta may be; that of tau, of itself, all sizes down to nothing. */
#define LOOSE_BETA 0.2
#define LOOSE_TAU 1.0

static bool is_loose(const struct kww_fit *fit)
{
    return fit->se_beta > LOOSE_BETA || fit->se_tau > LOOSE_TAU * fit->tau;
}

static const char *verdict_of(const struct kww_fit *fit)
{
    return scaling_is_unlikely(fit->chi_sq, fit->n - 3) ? "the points do not lie on this curve within their errors"
           : is_loose(fit)                              ? "the points hardly say what tau and beta are"
                                                        : NULL;
}

/* Where the points cannot carry a fit the others still get theirs: a mark says why. */
static enum ask give_kww(struct session *session, const struct point_table *table, double T, double p, const struct command_sink *sink,
                         isd_error *err)
{
    const char *unit = points_time_unit(session);
    struct kww_fit fit;
    isd_error trouble;
    if (kww_of_state(table, T, p, &fit, &trouble, err) != ISD_OK)
        return ASK_FAILED;
    const struct loss_count count = count_loss(table, T, p);
    char state[64];
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "kww");
    result_real(result, "T", "", T);
    result_real(result, "p", "", p);
    result_text(result, "method", count.ordinary ? "ordinary" : "weighted");
    result_int(result, "n", fit.n);
    result_real(result, "plateau", "", fit.plateau);
    result_real(result, "tau", unit, fit.tau);
    result_real(result, "beta", "", fit.beta);
    result_real(result, "se_plateau", "", fit.se_plateau);
    result_real(result, "se_tau", unit, fit.se_tau);
    result_real(result, "se_beta", "", fit.se_beta);
    result_real(result, "one_minus_beta", "", 1 - fit.beta);
    result_real(result, "w_peak", "", fit.w_peak);
    result_real(result, "t_w_peak", unit, fit.t_w_peak);
    result_real(result, "chi_sq", "", fit.chi_sq);
    result_int(result, "dof", fit.n - 3);
    result_text(result, "verdict", verdict_of(&fit));
    add_points(result, table, T, p);
    point_state_words(T, p, state);
    if (!count.ordinary && count.with_error < count.all)
        session_message(session, "fit kww, %s: %d point%s without an error of G2 left out", state, count.all - count.with_error,
                        count.all - count.with_error == 1 ? "" : "s");
    if (trouble.status == ISD_OK && is_loose(&fit))
        session_message(session, "fit kww, %s: the points hardly say what tau and beta are (beta %.2g +- %.2g, tau %.2g +- %.2g)", state, fit.beta,
                        fit.se_beta, fit.tau, fit.se_tau);
    if (trouble.status != ISD_OK)
        result_mark(result, "fit kww, %s: %s", state, trouble.what);
    else if (scaling_is_unlikely(fit.chi_sq, fit.n - 3))
        result_mark(result, "fit kww, %s: chi2 %.3g for %d degrees of freedom: the points do not lie on this curve within their errors", state, fit.chi_sq,
                    fit.n - 3);
    else if (count.ordinary)
        result_mark(result, "fit kww, %s: G2 has no errors (se_G2): all points weigh the same, and errors are those of the scatter", state);
    return give(sink, result, err);
}

static isd_status no_points(const char *what, const char *hint, isd_error *err)
{
    isd_error_set(err, ISD_DATA, "no points: %s", what);
    isd_error_hint(err, "%s", hint);
    return ISD_DATA;
}

enum ask run_fit_kww(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct points_request request = points_from_call(call, false);
    struct point_table table = {0};
    struct state_list states = {0};
    enum ask answer = session_points(session, &request, &table, err);
    if (answer == ASK_READY && state_list_init(&states, table.n, err) != ISD_OK)
        answer = ASK_FAILED;
    for (int k = 0; k < table.n && answer == ASK_READY; k++)
        if (has_loss(&table.point[k], table.point[k].T, table.point[k].p))
            state_list_find(&states, table.point[k].T, table.point[k].p);
    if (answer == ASK_READY && states.n == 0) {
        no_points("a loss modulus at several t_w is needed", "trace FILE tw=20 T=0.6    opens a trace", err);
        answer = ASK_FAILED;
    }
    for (int k = 0; k < states.n && answer == ASK_READY; k++)
        answer = give_kww(session, &table, states.T[k], states.p[k], sink, err);
    state_list_done(&states);
    point_table_done(&table);
    return answer;
}

/* --- beta beside b --- */

struct exponents {
    double *T, *p, *beta, *se_beta, *b, *se_b; /* [n] */
    int n, most;
    bool ordinary, kww_ordinary; /* b, beta without weights */
};

static isd_status exponents_grow(struct exponents *e, int more, isd_error *err)
{
    double **columns[] = {&e->T, &e->p, &e->beta, &e->se_beta, &e->b, &e->se_b};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        double *grown = realloc(*columns[c], ((size_t)e->most + (size_t)more + 1) * sizeof *grown);
        if (!grown)
            return isd_error_memory(err);
        *columns[c] = grown;
    }
    e->most += more;
    return ISD_OK;
}

static void exponents_done(struct exponents *e)
{
    free(e->T);
    free(e->p);
    free(e->beta);
    free(e->se_beta);
    free(e->b);
    free(e->se_b);
}

/* What is not there is NaN; without beta or b a row does not count. */
static void exponents_add(struct exponents *e, double T, double p, double beta, double se_beta, double b, double se_b)
{
    if (isnan(beta) || isnan(b))
        return;
    int k = e->n++;
    e->T[k] = T;
    e->p[k] = p;
    e->beta[k] = beta;
    e->se_beta[k] = se_beta;
    e->b[k] = b;
    e->se_b[k] = se_b;
}

/* A table of systems or states: columns beta and b, their errors as se_NAME. */
static isd_status take_table(struct session *session, const char *path, struct exponents *e, isd_error *err)
{
    static const char *const names[] = {"T", "p", "beta", "se_beta", "b", "se_b"};
    struct columns *columns = NULL;
    int found[6];
    isd_status status = columns_read(path, session_note, session, NULL, &columns, err);
    if (status != ISD_OK)
        return status;
    for (int c = 0; c < 6 && status == ISD_OK; c++)
        status = columns_find_one(columns, path, names[c], &found[c], err);
    if (status != ISD_OK) {
        columns_free(columns);
        return status;
    }
    if (found[2] < 0 || found[4] < 0) {
        isd_error_set(err, ISD_DATA, "columns beta and b are expected");
        isd_error_at(err, path, 0, 0);
        isd_error_hint(err, "a first line beta,se_beta,b,se_b names the columns");
        status = ISD_DATA;
    }
    if (status == ISD_OK)
        status = exponents_grow(e, columns->n_rows, err);
    for (int32_t k = 0; status == ISD_OK && k < columns->n_rows; k++) {
        double value[6];
        for (int c = 0; c < 6; c++)
            value[c] = found[c] >= 0 ? columns->value[found[c]][k] : NAN;
        exponents_add(e, value[0], value[1], value[2], value[3], value[4], value[5]);
    }
    columns_free(columns);
    return status;
}

/* b of one state through its delta against D_min, as in `fit power`. */
static isd_status law_of_state(const struct law_points *points, double T, double p, struct power_fit *ret_law, isd_error *err)
{
    const struct scaling_points fitted = law_points_fitted(points);
    struct scaling_fit fit;
    int g = 0;
    while (g < points->groups && !(same_or_unknown(points->states.T[g], T) && same_or_unknown(points->states.p[g], p)))
        g++;
    isd_status status = scaling_fit_group(&fitted, g, &fit, err);
    if (status == ISD_OK)
        *ret_law = fit.power;
    return status;
}

static isd_status take_states(struct session *session, const struct command_call *call, const struct point_table *table, struct exponents *e,
                              isd_error *err)
{
    const struct law_window window = {.r0 = call_real(call, "r0", NAN)};
    struct law_points points = {0};
    struct state_list states = {0};
    isd_status status = exponents_grow(e, table->n, err);
    if (status == ISD_OK)
        status = law_points_init(table, POINT_D_MIN, POINT_DELTA, &window, &points, err);
    if (status == ISD_OK)
        status = state_list_init(&states, table->n, err);
    for (int k = 0; k < table->n && status == ISD_OK; k++)
        state_list_find(&states, table->point[k].T, table->point[k].p);
    for (int k = 0; k < states.n && status == ISD_OK; k++) {
        struct kww_fit kww;
        struct power_fit law = {.exponent = NAN, .se_exponent = NAN};
        isd_error trouble;
        char state[64];
        status = kww_of_state(table, states.T[k], states.p[k], &kww, &trouble, err);
        if (status == ISD_OK && trouble.status == ISD_OK)
            status = law_of_state(&points, states.T[k], states.p[k], &law, &trouble);
        if (status == ISD_MEMORY)
            isd_error_memory(err);
        else if (trouble.status != ISD_OK)
            status = ISD_OK;
        if (status == ISD_OK && trouble.status != ISD_OK)
            session_message(session, "fit beta: %s left out: %s", point_state_words(states.T[k], states.p[k], state), trouble.what);
        if (status == ISD_OK && trouble.status == ISD_OK)
            e->kww_ordinary = e->kww_ordinary || count_loss(table, states.T[k], states.p[k]).ordinary;
        if (status == ISD_OK)
            exponents_add(e, states.T[k], states.p[k], kww.beta, kww.se_beta, law.exponent, law.se_exponent);
    }
    e->ordinary = points.ordinary && e->n > 0;
    state_list_done(&states);
    law_points_done(&points);
    return status;
}

static enum ask give_exponents(const struct exponents *e, const struct command_sink *sink, isd_error *err)
{
    struct correlation c = scaling_correlation(e->n, e->beta, e->b);
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "beta");
    result_int(result, "n", e->n);
    result_real(result, "r", "", c.r);
    result_real(result, "r_low", "", c.low);
    result_real(result, "r_high", "", c.high);
    result_real(result, "p_value", "", c.p_value);
    result_text(result, "verdict", e->n < 3               ? "too few for a correlation"
                                   : e->n < 4             ? "too few for an interval of the correlation"
                                   : c.low * c.high <= 0 ? "no correlation is shown"
                                                          : NULL);
    result_empty_list(result, "points");
    for (int k = 0; k < e->n; k++) {
        struct result *point = result_new(NULL, RESULT_RECORD);
        result_real(point, "T", "", e->T[k]);
        result_real(point, "p", "", e->p[k]);
        result_real(point, "beta", "", e->beta[k]);
        result_real(point, "se_beta", "", e->se_beta[k]);
        result_real(point, "one_minus_beta", "", 1 - e->beta[k]);
        result_real(point, "b", "", e->b[k]);
        result_real(point, "se_b", "", e->se_b[k]);
        result_real(point, "Delta", "", e->b[k] - 2);
        result_append(result, "points", point);
    }
    if (e->kww_ordinary)
        result_mark(result, "fit beta: G2 has no errors: beta of points that weigh the same%s", e->ordinary ? ", b by ordinary least squares" : "");
    else if (e->ordinary)
        result_mark(result, "fit beta: delta has no errors: b by ordinary least squares through the logarithms");
    return give(sink, result, err);
}

enum ask run_fit_beta(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    struct points_request request = points_from_call(call, true);
    struct point_table table = {0};
    struct exponents e = {0};
    enum ask answer = session_points(session, &request, &table, err);
    if (answer == ASK_READY && take_states(session, call, &table, &e, err) != ISD_OK)
        answer = ASK_FAILED;
    for (int k = 1; k < call_n_words(call) && answer == ASK_READY; k++)
        if (take_table(session, call_word(call, k), &e, err) != ISD_OK)
            answer = ASK_FAILED;
    if (answer == ASK_READY && e.n == 0) {
        no_points("a state needs beta (fit kww) and b (fit power)", "fit beta systems.csv    takes columns beta and b of a table", err);
        answer = ASK_FAILED;
    }
    if (answer == ASK_READY)
        answer = give_exponents(&e, sink, err);
    exponents_done(&e);
    point_table_done(&table);
    return answer;
}
