/* fit: moduli of traces, relaxation times. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd/common.h"
#include "app/cmd/groups.h"
#include "app/trace.h"
#include "num/fit_kww.h"

/* Traces that the options and words choose, in the order of opening; freed by the caller. */
static isd_status choose_traces(const struct session *session, const struct command_call *call, const struct trace ***ret_traces, int *ret_n,
                                isd_error *err)
{
    int all = session_trace_count(session), n = 0, n_words = call_n_words(call);
    double T = call_real(call, "T", NAN), p = call_real(call, "p", NAN);
    if (all == 0) {
        isd_error_set(err, ISD_DATA, "no trace is open");
        isd_error_hint(err, "trace FILE tw=20 T=0.6    opens one");
        return ISD_DATA;
    }
    const struct trace **traces = malloc((size_t)(all + n_words) * sizeof *traces);
    if (!traces)
        return isd_error_memory(err);
    for (int k = 1; k < n_words; k++) {
        traces[n] = session_trace_find(session, call_word(call, k), err);
        if (!traces[n++]) {
            call_error_at_word(call, k, err);
            free(traces);
            return ISD_USAGE;
        }
    }
    for (int k = 0; n_words < 2 && k < all; k++) {
        const struct trace *trace = session_trace(session, k);
        if ((isnan(T) || trace->T == T) && (isnan(p) || trace->p == p))
            traces[n++] = trace;
    }
    if (n == 0) {
        free(traces);
        isd_error_set(err, ISD_DATA, "no trace has this temperature and pressure");
        isd_error_hint(err, "trace    lists the open ones");
        return ISD_DATA;
    }
    *ret_traces = traces;
    *ret_n = n;
    return ISD_OK;
}

/* What a referee would ask about. */
static void mark_sine(struct result *result, const struct trace *trace, const struct oscillation *fit)
{
    double period = oscillation_period(&trace->rows);
    if (fit->strain_misfit > 0.05)
        result_mark(result, "fit sine %s: the strain is not a sine of period %g (it looks like %g)", trace->name, trace->t_w, period);
    else if (isfinite(trace->amplitude) && trace->strain_column[0] && fabs(fit->strain_amplitude / trace->amplitude - 1) > 0.01)
        result_mark(result, "fit sine %s: the strain has the amplitude %g, not %g as said", trace->name, fit->strain_amplitude, trace->amplitude);
    else if (trace->strain_column[0] && fabs(fit->strain_phase) > 0.02)
        result_mark(result, "fit sine %s: the strain is %.3f rad off a sine that starts at 0 (are the stamps those of window ends?)", trace->name,
                    fit->strain_phase);
}

static enum ask give_sine(const struct session *session, const struct trace *trace, const struct oscillation *fit, int skip, const struct command_sink *sink,
                          isd_error *err)
{
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "sine");
    result_text(result, "trace", trace->name);
    result_real(result, "T", "", trace->T);
    result_real(result, "p", "", trace->p);
    result_real(result, "t_w", session_time_unit(session), trace->t_w);
    result_int(result, "rows", fit->rows);
    result_int(result, "skip", skip);
    result_int(result, "cycles", fit->cycles);
    result_real(result, "G1", "", fit->storage);
    result_real(result, "G2", "", fit->loss);
    result_real(result, "G_abs", "", fit->modulus);
    result_real(result, "delta", "rad", fit->delta);
    result_real(result, "se_G1", "", fit->se_storage);
    result_real(result, "se_G2", "", fit->se_loss);
    result_real(result, "se_delta", "rad", fit->se_delta);
    result_real(result, "se_G_formula", "", fit->se_formula);
    result_real(result, "se_delta_formula", "rad", fit->se_formula_delta);
    result_real(result, "sigma0", "", fit->sigma0);
    result_real(result, "sigma_A", "", fit->sigma_amplitude);
    result_real(result, "drift", "", fit->sigma_slope);
    result_real(result, "strain_A", "", fit->strain_amplitude);
    result_real(result, "strain_phase", "rad", fit->strain_phase);
    result_real(result, "strain_misfit", "", fit->strain_misfit);
    result_real(result, "noise", "", fit->noise);
    result_reals(result, "harmonics", "", fit->harmonic, OSCILLATION_HARMONICS);
    result_reals(result, "harmonics_se", "", fit->se_harmonic, OSCILLATION_HARMONICS);
    result_real(result, "work", "", fit->work);
    result_real(result, "work_fit", "", fit->work_fit);
    result_real(result, "temperature", "", trace->temperature);
    result_reals(result, "cycle_G1", "", fit->cycle_storage, (size_t)fit->cycles);
    result_reals(result, "cycle_G2", "", fit->cycle_loss, (size_t)fit->cycles);
    mark_sine(result, trace, fit);
    return give(sink, result, err);
}

static enum ask fit_sine(struct session *session, const struct command_call *call, const struct trace *const *traces, int n,
                         const struct command_sink *sink, isd_error *err)
{
    int skip = (int)call_count(call, "skip", 1);
    for (int k = 0; k < n; k++) {
        struct oscillation fit;
        if (trace_fit(session, traces[k], skip, call_is(call, "slope", "on"), &fit, err) != ISD_OK)
            return ASK_FAILED;
        enum ask answer = give_sine(session, traces[k], &fit, skip, sink, err);
        oscillation_done(&fit);
        if (answer != ASK_READY)
            return answer;
    }
    return ASK_READY;
}

/* `trouble`: why there is no fit, or NULL. */
static enum ask give_kww(const struct session *session, double T, double p, const struct kww_fit *fit, const isd_error *trouble,
                         const struct command_sink *sink, isd_error *err)
{
    const char *unit = session_time_unit(session);
    struct result *result = result_new("fit", RESULT_RECORD);
    result_text(result, "what", "kww");
    result_real(result, "T", "", T);
    result_real(result, "p", "", p);
    result_int(result, "n", fit->n);
    result_real(result, "plateau", "", fit->plateau);
    result_real(result, "tau", unit, fit->tau);
    result_real(result, "beta", "", fit->beta);
    result_real(result, "se_plateau", "", fit->se_plateau);
    result_real(result, "se_tau", unit, fit->se_tau);
    result_real(result, "se_beta", "", fit->se_beta);
    result_real(result, "one_minus_beta", "", 1 - fit->beta);
    result_real(result, "w_peak", "", fit->w_peak);
    result_real(result, "t_w_peak", unit, fit->t_w_peak);
    result_real(result, "chi_sq", "", fit->chi_sq);
    result_int(result, "dof", fit->n - 3);
    if (trouble != NULL)
        result_mark(result, "fit kww T=%g: %s", T, trouble->what);
    return give(sink, result, err);
}

/* Where the points cannot carry a fit the others still get theirs: a mark says why. */
static enum ask give_kww_of(const struct session *session, double T, double p, int n, const double *w, const double *loss, const double *se,
                            const struct command_sink *sink, isd_error *err)
{
    struct kww_fit fit = {.plateau = NAN, .tau = NAN, .beta = NAN, .se_plateau = NAN, .se_tau = NAN, .se_beta = NAN, .w_peak = NAN,
                          .t_w_peak = NAN, .chi_sq = NAN, .n = n};
    isd_error trouble;
    isd_status status = fit_kww(n, w, loss, se, &fit, &trouble);
    if (status == ISD_OK || status == ISD_DATA)
        return give_kww(session, T, p, &fit, status == ISD_OK ? NULL : &trouble, sink, err);
    *err = trouble;
    return ASK_FAILED;
}

/* One fit for each temperature and pressure among the traces. */
static enum ask fit_relaxation(struct session *session, const struct command_call *call, const struct trace *const *traces, int n,
                               const struct command_sink *sink, isd_error *err)
{
    double *w = malloc(3 * (size_t)n * sizeof *w), *loss = w + n, *se = w + 2 * n;
    bool *done = calloc((size_t)n, sizeof *done);
    enum ask answer = w && done ? ASK_READY : ASK_FAILED;
    if (answer == ASK_FAILED)
        isd_error_memory(err);
    for (int first = 0; first < n && answer == ASK_READY; first++) {
        int used = 0;
        double T = traces[first]->T, p = traces[first]->p;
        for (int k = first; k < n && answer == ASK_READY && !done[first]; k++) {
            bool same = (traces[k]->T == T || (isnan(T) && isnan(traces[k]->T))) && (traces[k]->p == p || (isnan(p) && isnan(traces[k]->p)));
            struct oscillation fit;
            if (!same || done[k])
                continue;
            if (trace_fit(session, traces[k], (int)call_count(call, "skip", 1), call_is(call, "slope", "on"), &fit, err) != ISD_OK) {
                answer = ASK_FAILED;
                break;
            }
            w[used] = 2 * M_PI / traces[k]->t_w;
            loss[used] = fit.loss;
            se[used++] = isfinite(fit.se_loss) ? fit.se_loss : fit.se_formula;
            oscillation_done(&fit);
            done[k] = k > first;
        }
        if (answer == ASK_READY && used > 0 && !done[first])
            answer = give_kww_of(session, T, p, used, w, loss, se, sink, err);
    }
    free(w);
    free(done);
    return answer;
}

enum ask run_fit(struct session *session, const struct command_call *call, const struct command_sink *sink, isd_error *err)
{
    const struct trace **traces = NULL;
    int n = 0;
    if (strcmp(call_word(call, 0), "power") == 0)
        return run_fit_power(session, call, sink, err);
    if (choose_traces(session, call, &traces, &n, err) != ISD_OK)
        return ASK_FAILED;
    enum ask answer = strcmp(call_word(call, 0), "sine") == 0 ? fit_sine(session, call, traces, n, sink, err)
                                                               : fit_relaxation(session, call, traces, n, sink, err);
    free(traces);
    return answer;
}
